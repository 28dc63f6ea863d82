"""All messages between the window's process and its workers: two closed sets."""

from desktop.wire.download_messages import DownloadEvent, DownloadRequest
from desktop.wire.engine_messages import EngineEvent, EngineRequest
from desktop.wire.hub_messages import HubEvent, HubRequest
from desktop.wire.inspect_messages import InspectEvent, InspectRequest
from desktop.wire.weigh_messages import WeighEvent, WeighRequest

Request = EngineRequest | InspectRequest | HubRequest | WeighRequest | DownloadRequest

Event = EngineEvent | InspectEvent | HubEvent | WeighEvent | DownloadEvent
