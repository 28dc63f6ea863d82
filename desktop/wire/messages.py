"""The closed sets of messages between the window's process and its workers.

A request goes to a worker, an event comes from it. Each is one JSON line, tagged with its type.
"""

import msgspec

from desktop.core.conversation import ChatMessage
from desktop.core.download import DownloadState
from desktop.core.errors import Problem
from desktop.core.generation import GenerationResult, SamplingSettings
from desktop.core.hub_model import HubAccess, HubFile, HubPage, HubQuery, HubRefusal, HubRepository
from desktop.core.library import ForeignPlace, FoundModel
from desktop.core.local_model import ModelFacts
from desktop.core.telemetry import EngineFacts
from desktop.core.weighing import KvType, ModelSource, TestDrive, Weighing


class _Message(msgspec.Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    """Tagged with the class name."""


class LoadModel(_Message, frozen=True, tag=True):
    """Load the model at `path`; answered by LoadProgress, then Loaded, LoadCancelled or Failed.

    Attributes:
        name: The display name, for EngineFacts and error texts.
        context_tokens: Size of the context; None for the default that fits.
        threads: For decoding; None for the number of physical cores.
        kv_type: How keys and values of the context are packed.
    """

    path: str
    name: str
    context_tokens: int | None = None
    threads: int | None = None
    kv_type: KvType = KvType.F16


class Generate(_Message, frozen=True, tag=True):
    """Answer a conversation; PromptProgress and TokenBatch follow, then Finished or Failed."""

    messages: tuple[ChatMessage, ...]
    sampling: SamplingSettings


class Cancel(_Message, frozen=True, tag=True):
    """Give up the load or the answer under way; harmless when there is none."""


class InspectFile(_Message, frozen=True, tag=True):
    """Read the header of a model file; answered by FileInspected."""

    path: str


class MeasureBandwidth(_Message, frozen=True, tag=True):
    """Measure how fast this machine reads memory; answered by BandwidthMeasured."""


class FindModels(_Message, frozen=True, tag=True):
    """Look for other programs' models; answered by ModelsFound."""

    places: tuple[ForeignPlace, ...]


class SearchFolder(_Message, frozen=True, tag=True):
    """Look for usable models below a folder; answered by FolderSearched."""

    folder: str


class HashModel(_Message, frozen=True, tag=True):
    """Compute the SHA-256 of a model's files; WorkProgress, then ModelHashed or WorkCancelled."""

    path: str


class CopyFolder(_Message, frozen=True, tag=True):
    """Copy all of a folder; WorkProgress, then FolderCopied or WorkCancelled."""

    source: str
    target: str


class DeleteFiles(_Message, frozen=True, tag=True):
    """Delete files of a folder, and what folders they leave empty; answered by FilesDeleted."""

    folder: str
    names: tuple[str, ...]


class EmptyTrash(_Message, frozen=True, tag=True):
    """Delete removed models for good; answered by TrashEmptied.

    Attributes:
        folder: The model folder.
        keeps_recent: Whether what was removed in the last 30 days stays.
    """

    folder: str
    keeps_recent: bool


class SearchHub(_Message, frozen=True, tag=True):
    """Search the Hub; answered by HubSearched or HubRefused."""

    query: HubQuery


class OpenRepository(_Message, frozen=True, tag=True):
    """List the files of a repository; answered by RepositoryOpened or HubRefused."""

    repo: str


class SaveAccessToken(_Message, frozen=True, tag=True):
    """Check an access token and keep it in huggingface_hub's own file; answered by AccessChecked.

    An empty one forgets the token that is kept.
    """

    access_token: str


class CheckAccess(_Message, frozen=True, tag=True):
    """Tell whether a token is kept and whose it is; answered by AccessChecked or HubRefused."""


class WeighModel(_Message, frozen=True, tag=True):
    """Weigh a model with llama.cpp's dry run.

    Weighed comes twice: estimated by formula once the header is there, then by the dry run.
    """

    source: ModelSource
    kv_type: KvType = KvType.F16


class DriveModel(_Message, frozen=True, tag=True):
    """Run a weightless twin of a model; DriveProgress, then DriveFinished or DriveCancelled."""

    source: ModelSource


class StartDownload(_Message, frozen=True, tag=True):
    """Fetch a model into a folder; the process ends after Downloaded, HubRefused or Failed.

    Attributes:
        folder: Where the verified file is published, and its `.part` kept meanwhile.
        streams: Parallel requests for one file at most.
    """

    file: HubFile
    folder: str
    streams: int = 4


class LoadProgress(_Message, frozen=True, tag=True):
    """How far a load is: `fraction` runs from 0 to 1 over reading the file."""

    fraction: float


class Loaded(_Message, frozen=True, tag=True):
    """The model is loaded and has decoded one token."""

    facts: EngineFacts


class LoadCancelled(_Message, frozen=True, tag=True):
    """The load was given up; no model is loaded."""


class PromptProgress(_Message, frozen=True, tag=True):
    """How much of the prompt is in the context.

    Attributes:
        done_tokens: In the context by now, of `total_tokens`.
        cached_tokens: Those of them that were there before.
        elapsed_s: Time spent on the others so far.
    """

    total_tokens: int
    done_tokens: int
    cached_tokens: int
    elapsed_s: float


class TokenBatch(_Message, frozen=True, tag=True):
    """Text that was generated since the last batch; sent at most every 33 ms.

    Attributes:
        text: May be empty while a character is incomplete or a stop string may be under way.
        stamps_s: One time stamp a token, in seconds of the worker's monotonic clock.
        context_used_tokens: Tokens in the context now.
    """

    text: str
    stamps_s: tuple[float, ...]
    context_used_tokens: int


class Finished(_Message, frozen=True, tag=True):
    """The answer is complete, also when it was cancelled."""

    result: GenerationResult


class Failed(_Message, frozen=True, tag=True):
    """The request failed; the worker lives on."""

    problem: Problem


class Heartbeat(_Message, frozen=True, tag=True):
    """The worker is alive; sent while it works on a request and says nothing else for 250 ms."""


class FileInspected(_Message, frozen=True, tag=True):
    """What the header of a file says, or why it cannot be used; exactly one is given."""

    path: str
    facts: ModelFacts | None
    problem: Problem | None


class BandwidthMeasured(_Message, frozen=True, tag=True):
    """Memory bandwidth in bytes per second."""

    bytes_per_s: float


class ModelsFound(_Message, frozen=True, tag=True):
    """The models that other programs have."""

    models: tuple[FoundModel, ...]


class FolderSearched(_Message, frozen=True, tag=True):
    """The usable models below a folder.

    Attributes:
        is_whole: Whether all of it was looked at, and not only the first thousands of folders.
    """

    folder: str
    paths: tuple[str, ...]
    is_whole: bool


class WorkProgress(_Message, frozen=True, tag=True):
    """How far a long piece of work is; sent at most ten times a second."""

    done_bytes: int
    total_bytes: int


class WorkCancelled(_Message, frozen=True, tag=True):
    """The work was given up; nothing of it is left behind."""


class ModelHashed(_Message, frozen=True, tag=True):
    """The SHA-256 of each file of a model, the first part first."""

    path: str
    sha256: tuple[str, ...]


class FolderCopied(_Message, frozen=True, tag=True):
    """A folder was copied, and the copies compared; the names are relative to both folders."""

    source: str
    target: str
    names: tuple[str, ...]


class FilesDeleted(_Message, frozen=True, tag=True):
    """Files were deleted, but for those that are named."""

    folder: str
    left: tuple[str, ...]


class TrashEmptied(_Message, frozen=True, tag=True):
    """So many bytes of removed models came back."""

    freed_bytes: int


class HubSearched(_Message, frozen=True, tag=True):
    """One page of a search."""

    page: HubPage


class RepositoryOpened(_Message, frozen=True, tag=True):
    """A repository and its files."""

    repository: HubRepository


class AccessChecked(_Message, frozen=True, tag=True):
    """Who the Hub takes the user for."""

    access: HubAccess


class HubRefused(_Message, frozen=True, tag=True):
    """The Hub, or the way to it, refused; the worker lives on unless it was a download."""

    refusal: HubRefusal


class Weighed(_Message, frozen=True, tag=True):
    """What a model weighs."""

    source: ModelSource
    weighing: Weighing


class DriveProgress(_Message, frozen=True, tag=True):
    """How far a test drive is, 0 to 1, and what it does, in words."""

    fraction: float
    stage: str


class DriveFinished(_Message, frozen=True, tag=True):
    """What a test drive measured."""

    source: ModelSource
    test_drive: TestDrive


class DriveCancelled(_Message, frozen=True, tag=True):
    """A test drive was given up; nothing of it is left."""


class DownloadProgress(_Message, frozen=True, tag=True):
    """How far a download is; sent at most four times a second.

    Attributes:
        state: PAUSED once, when a Cancel was obeyed.
        done_bytes: Written so far, over all parts, those of earlier runs included.
        note: What it waits for or had to do, in words; empty if there is nothing to say.
    """

    state: DownloadState
    done_bytes: int
    note: str = ""


class Downloaded(_Message, frozen=True, tag=True):
    """The model is complete, verified and published; `path` is its file or first part."""

    path: str


EngineRequest = LoadModel | Generate | Cancel
EngineEvent = (
    LoadProgress
    | Loaded
    | LoadCancelled
    | PromptProgress
    | TokenBatch
    | Finished
    | Failed
    | Heartbeat
)
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
HubRequest = SearchHub | OpenRepository | SaveAccessToken | CheckAccess
HubEvent = HubSearched | RepositoryOpened | AccessChecked | HubRefused | Failed
WeighRequest = WeighModel | DriveModel | Cancel
WeighEvent = (
    Weighed | DriveProgress | DriveFinished | DriveCancelled | HubRefused | Failed | Heartbeat
)
DownloadRequest = StartDownload | Cancel
DownloadEvent = DownloadProgress | Downloaded | HubRefused | Failed | Heartbeat

Request = EngineRequest | InspectRequest | HubRequest | WeighRequest | DownloadRequest
Event = EngineEvent | InspectEvent | HubEvent | WeighEvent | DownloadEvent
