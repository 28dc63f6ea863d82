"""Messages of the worker that weighs and test-drives models."""

from desktop.core.weighing import KvType, ModelSource, TestDrive, Weighing
from desktop.wire.hub_messages import HubRefused
from desktop.wire.message import Cancel, Failed, Heartbeat, Message


class WeighModel(Message, frozen=True, tag=True):
    """Weigh a model with llama.cpp's dry run.

    Weighed comes twice: estimated by formula once the header is there, then by the dry run.
    """

    source: ModelSource
    kv_type: KvType = KvType.F16


class DriveModel(Message, frozen=True, tag=True):
    """Run a weightless twin of a model; DriveProgress, then DriveFinished or DriveCancelled."""

    source: ModelSource


class Weighed(Message, frozen=True, tag=True):
    """What a model weighs."""

    source: ModelSource
    weighing: Weighing


class DriveProgress(Message, frozen=True, tag=True):
    """How far a test drive is, 0 to 1, and what it does, in words."""

    fraction: float
    stage: str


class DriveFinished(Message, frozen=True, tag=True):
    """What a test drive measured."""

    source: ModelSource
    test_drive: TestDrive


class DriveCancelled(Message, frozen=True, tag=True):
    """A test drive was given up; nothing of it is left."""


WeighRequest = WeighModel | DriveModel | Cancel

WeighEvent = (
    Weighed | DriveProgress | DriveFinished | DriveCancelled | HubRefused | Failed | Heartbeat
)
