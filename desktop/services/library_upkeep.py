"""Looking after the models: checking them, moving their folder, emptying the trash."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import AppError, Problem
from desktop.core.library import Integrity
from desktop.core.model_problem import changed_file
from desktop.core.text_format import format_bytes
from desktop.services.engine_client import EngineClient
from desktop.services.long_work import LongWork
from desktop.services.model_library import ModelLibrary
from desktop.storage.model_removal import forget_unrestorable, has_old_trash
from desktop.storage.model_store import ModelStore
from desktop.wire.inspect_messages import (
    CopyFolder,
    DeleteFiles,
    EmptyTrash,
    FilesDeleted,
    FolderCopied,
    HashModel,
    InspectEvent,
    ModelHashed,
    TrashEmptied,
)


class LibraryUpkeep(QObject):
    """Does the long work on the model folder; lives in the window's process.

    Signals:
        work_changed: What is being done now; None when there is nothing. LibraryWork, or None.
        folder_copied: All models lie in this folder too; once that is saved in the settings,
            `use_folder` completes the move. Path.
        reload_needed: The loaded model lies here now and is to be loaded from there. Path.
        notice_given: A quiet sentence. str.
        failed: Something could not be done, or a model is damaged. Problem.
    """

    work_changed = Signal(object)
    folder_copied = Signal(object)
    reload_needed = Signal(object)
    notice_given = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        store: ModelStore,
        library: ModelLibrary,
        engine: EngineClient,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._library = library
        self._engine = engine
        self._copied: FolderCopied | None = None
        self._work = LongWork(self)
        self._work.work_changed.connect(self.work_changed)
        self._work.failed.connect(self.failed)
        self._work.answered.connect(self._on_work_answered)

    @Slot()
    def tidy_up(self) -> None:
        """Delete for good what has been in the trash for long; for the start of the app."""
        if has_old_trash(self._store.models_folder):
            self._empty_trash(keeps_recent=True)

    @Slot()
    def empty_trash(self) -> None:
        """Delete all removed models for good."""
        self._empty_trash(keeps_recent=False)

    @Slot(object)
    def verify(self, path: Path) -> None:
        """Compare a model's SHA-256 with the one that is known, or record it."""
        model = self._library.find(path)
        if model is not None:
            self._work.start(HashModel(str(path)), f"Checking {model.name}")

    @Slot(object)
    def move_folder(self, target: Path) -> None:
        """Move all models to another folder: copied first, deleted when all else is done."""
        source = self._store.models_folder
        self._work.start(CopyFolder(str(source), str(target)), f"Copying the models to {target}")

    @Slot(object)
    def use_folder(self, folder: Path) -> None:
        """Use the folder that the models were copied to, and delete the old copies."""
        copied, self._copied = self._copied, None
        if copied is None or Path(copied.target) != folder:
            return
        old, model = self._store.models_folder, self._engine.model
        try:
            self._store.use_folder(folder)
        except AppError as error:
            self.failed.emit(error.problem)
            return
        self._library.rescan()
        if model is not None and model.path.is_relative_to(old):
            self.reload_needed.emit(self._store.models_folder / model.path.relative_to(old))
        self._work.start(DeleteFiles(str(old), copied.names), "Deleting the old copies")

    @Slot()
    def cancel_work(self) -> None:
        """Give up checking or copying; what was copied by then is deleted."""
        self._work.cancel()

    def shut_down(self) -> None:
        """End the working process, if there is one."""
        self._work.shut_down()

    def _empty_trash(self, *, keeps_recent: bool) -> None:
        folder = str(self._store.models_folder)
        self._work.start(EmptyTrash(folder, keeps_recent), "Emptying the trash")

    @Slot(object)
    def _on_work_answered(self, event: InspectEvent) -> None:
        try:
            match event:
                case ModelHashed(path=path, sha256=sha256):
                    self._take_hashes(Path(path), sha256)
                case FolderCopied(target=target):
                    self._copied = event
                    self.folder_copied.emit(Path(target))
                case FilesDeleted(folder=folder, left=left):
                    self._tell_of_move(folder, left)
                case TrashEmptied(freed_bytes=freed_bytes):
                    forget_unrestorable(self._store)
                    self.notice_given.emit(
                        f"The trash is empty: {format_bytes(freed_bytes)} came back."
                    )
                    self._library.refresh()
                case _:
                    pass
        except AppError as error:
            self.failed.emit(error.problem)

    def _take_hashes(self, path: Path, sha256: tuple[str, ...]) -> None:
        model = self._library.find(path)
        if model is None:
            return
        verification = self._store.record_verification(model, sha256)
        if verification.integrity is Integrity.CHANGED:
            self.failed.emit(changed_file(path.name))
        else:
            self.notice_given.emit(verification.sentence())
        self._library.refresh()

    def _tell_of_move(self, folder: str, left: tuple[str, ...]) -> None:
        if not left:
            self.notice_given.emit(f"The models lie in {self._store.models_folder} now.")
            return
        self.failed.emit(
            Problem(
                "The old copies could not all be deleted",
                f"The models were moved, but {left[0]} is still in {folder}.",
                "Delete what is left there yourself.",
            )
        )
