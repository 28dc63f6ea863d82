"""Messages of the inspecting worker: what is in model files, and the care of their folders."""

from desktop.core.errors import Problem
from desktop.core.library import ForeignPlace, FoundModel
from desktop.core.local_model import ModelFacts
from desktop.wire.message import Cancel, Failed, Heartbeat, Message


class InspectFile(Message, frozen=True, tag=True):
    """Read the header of a model file; answered by FileInspected."""

    path: str


class MeasureBandwidth(Message, frozen=True, tag=True):
    """Measure how fast this machine reads memory; answered by BandwidthMeasured."""


class FindModels(Message, frozen=True, tag=True):
    """Look for other programs' models; answered by ModelsFound."""

    places: tuple[ForeignPlace, ...]


class SearchFolder(Message, frozen=True, tag=True):
    """Look for usable models below a folder; answered by FolderSearched."""

    folder: str


class HashModel(Message, frozen=True, tag=True):
    """Compute the SHA-256 of a model's files; WorkProgress, then ModelHashed or WorkCancelled."""

    path: str


class CopyFolder(Message, frozen=True, tag=True):
    """Copy all of a folder; WorkProgress, then FolderCopied or WorkCancelled."""

    source: str
    target: str


class DeleteFiles(Message, frozen=True, tag=True):
    """Delete files of a folder, and what folders they leave empty; answered by FilesDeleted."""

    folder: str
    names: tuple[str, ...]


class EmptyTrash(Message, frozen=True, tag=True):
    """Delete removed models for good; answered by TrashEmptied.

    Attributes:
        folder: The model folder.
        keeps_recent: Whether what was removed in the last 30 days stays.
    """

    folder: str
    keeps_recent: bool


class FileInspected(Message, frozen=True, tag=True):
    """What the header of a file says, or why it cannot be used; exactly one is given."""

    path: str
    facts: ModelFacts | None
    problem: Problem | None


class BandwidthMeasured(Message, frozen=True, tag=True):
    """Memory bandwidth in bytes per second."""

    bytes_per_s: float


class ModelsFound(Message, frozen=True, tag=True):
    """The models that other programs have."""

    models: tuple[FoundModel, ...]


class FolderSearched(Message, frozen=True, tag=True):
    """The usable models below a folder.

    Attributes:
        is_whole: Whether all of it was looked at, and not only the first thousands of folders.
    """

    folder: str
    paths: tuple[str, ...]
    is_whole: bool


class WorkProgress(Message, frozen=True, tag=True):
    """How far a long piece of work is; sent at most ten times a second."""

    done_bytes: int
    total_bytes: int


class WorkCancelled(Message, frozen=True, tag=True):
    """The work was given up; nothing of it is left behind."""


class ModelHashed(Message, frozen=True, tag=True):
    """The SHA-256 of each file of a model, the first part first."""

    path: str
    sha256: tuple[str, ...]


class FolderCopied(Message, frozen=True, tag=True):
    """A folder was copied, and the copies compared; the names are relative to both folders."""

    source: str
    target: str
    names: tuple[str, ...]


class FilesDeleted(Message, frozen=True, tag=True):
    """Files were deleted, but for those that are named."""

    folder: str
    left: tuple[str, ...]


class TrashEmptied(Message, frozen=True, tag=True):
    """So many bytes of removed models came back."""

    freed_bytes: int


InspectRequest = (
    InspectFile
    | MeasureBandwidth
    | FindModels
    | SearchFolder
    | HashModel
    | CopyFolder
    | DeleteFiles
    | EmptyTrash
    | Cancel
)

InspectEvent = (
    FileInspected
    | BandwidthMeasured
    | ModelsFound
    | FolderSearched
    | WorkProgress
    | WorkCancelled
    | ModelHashed
    | FolderCopied
    | FilesDeleted
    | TrashEmptied
    | Failed
    | Heartbeat
)
