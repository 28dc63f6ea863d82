"""Messages of the worker that downloads a model."""

from desktop.core.download import DownloadState
from desktop.core.hub_model import HubFile
from desktop.wire.hub_messages import HubRefused
from desktop.wire.message import Cancel, Failed, Heartbeat, Message


class StartDownload(Message, frozen=True, tag=True):
    """Fetch a model into a folder; the process ends after Downloaded, HubRefused or Failed.

    Attributes:
        folder: Where the verified file is published, and its `.part` kept meanwhile.
        streams: Parallel requests for one file at most.
    """

    file: HubFile
    folder: str
    streams: int = 4


class DownloadProgress(Message, frozen=True, tag=True):
    """How far a download is; sent at most four times a second.

    Attributes:
        state: PAUSED once, when a Cancel was obeyed.
        done_bytes: Written so far, over all parts, those of earlier runs included.
        note: What it waits for or had to do, in words; empty if there is nothing to say.
    """

    state: DownloadState
    done_bytes: int
    note: str = ""


class Downloaded(Message, frozen=True, tag=True):
    """The model is complete, verified and published; `path` is its file or first part."""

    path: str


DownloadRequest = StartDownload | Cancel

DownloadEvent = DownloadProgress | Downloaded | HubRefused | Failed | Heartbeat
