"""A process that looks into model files, hashes and moves them, so that no window waits."""

import threading
import time
from pathlib import Path

from desktop.core.library import WorkCancelledError
from desktop.storage.folder_move import FolderCopy, delete_files
from desktop.storage.foreign_models import find_models, search_folder
from desktop.storage.model_file import inspect_file
from desktop.storage.model_hash import hash_model
from desktop.storage.model_removal import empty_trash
from desktop.system.hardware import measure_memory_bandwidth
from desktop.wire.inspect_messages import (
    BandwidthMeasured,
    CopyFolder,
    DeleteFiles,
    EmptyTrash,
    FileInspected,
    FilesDeleted,
    FindModels,
    FolderCopied,
    FolderSearched,
    HashModel,
    InspectFile,
    MeasureBandwidth,
    ModelHashed,
    ModelsFound,
    SearchFolder,
    TrashEmptied,
    WorkCancelled,
    WorkProgress,
)
from desktop.wire.messages import Event, Request
from desktop.workers.runtime import Send, run_worker

PROGRESS_INTERVAL_S = 0.1


class InspectRole:
    """Carries out requests about files and memory; hashing and copying can be cancelled."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._cancelled = threading.Event()
        self._told_at_s = 0.0

    def handle(self, request: Request) -> None:
        """Carry out one request."""
        self._told_at_s = 0.0
        try:
            self._send(self._answer(request))
        except WorkCancelledError:
            self._send(WorkCancelled())

    def cancel(self) -> None:
        """Give up hashing or copying; everything else takes no time to speak of."""
        self._cancelled.set()

    def forget_cancel(self) -> None:
        """Take back a cancel that came too late."""
        self._cancelled.clear()

    def _answer(self, request: Request) -> Event:
        match request:
            case InspectFile(path=path):
                facts, problem = inspect_file(Path(path))
                return FileInspected(path, facts, problem)
            case MeasureBandwidth():
                return BandwidthMeasured(measure_memory_bandwidth())
            case FindModels(places=places):
                return ModelsFound(find_models(places))
            case SearchFolder(folder=folder):
                found, is_whole = search_folder(Path(folder))
                return FolderSearched(folder, tuple(map(str, found)), is_whole)
            case _:
                return self._answer_slowly(request)

    def _answer_slowly(self, request: Request) -> Event:
        match request:
            case HashModel(path=path):
                sha256 = hash_model(Path(path), self._tell, self._cancelled.is_set)
                return ModelHashed(path, sha256)
            case CopyFolder(source=source, target=target):
                copy = FolderCopy(Path(source), Path(target), self._tell)
                return FolderCopied(source, target, copy.run(self._cancelled.is_set))
            case DeleteFiles(folder=folder, names=names):
                return FilesDeleted(folder, delete_files(Path(folder), names))
            case EmptyTrash(folder=folder, keeps_recent=keeps_recent):
                return TrashEmptied(empty_trash(Path(folder), keeps_recent=keeps_recent))
            case _:
                raise ValueError(f"not for inspection: {type(request).__name__}")

    def _tell(self, done_bytes: int, total_bytes: int) -> None:
        now_s = time.monotonic()
        if now_s - self._told_at_s >= PROGRESS_INTERVAL_S:
            self._told_at_s = now_s
            self._send(WorkProgress(done_bytes, total_bytes))


def main() -> None:
    """Run the process."""
    run_worker(InspectRole)
