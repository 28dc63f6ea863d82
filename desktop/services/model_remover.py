"""Removing models from the list, and bringing them back."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import AppError
from desktop.core.local_model import LocalModel
from desktop.core.model_problem import missing_file
from desktop.services.engine_client import EngineClient
from desktop.services.model_library import ModelLibrary
from desktop.storage.model_removal import remove_model, restore_last
from desktop.storage.model_store import ModelStore


class ModelRemover(QObject):
    """Moves models to the trash, after the engine has let go of them.

    Signals:
        model_removed: A model is off the list. RemovedModel.
        model_restored: A model is on the list again. Path.
        failed: A model could not be removed or brought back. Problem.
    """

    model_removed = Signal(object)
    model_restored = Signal(object)
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
        self._waiting: list[LocalModel] = []
        engine.memory_returned.connect(self._on_engine_memory_returned)

    @Slot(object)
    def remove(self, path: Path) -> None:
        """Take a model off the list; if it is loaded, the engine ends first."""
        model = self._library.find(path)
        if model is None:
            self.failed.emit(missing_file(path.name))
            return
        if self._engine.model is not None and self._engine.model.path == path:
            self._engine.let_go()
        if self._engine.is_leaving:
            # Some systems move no file that a program holds open.
            self._waiting.append(model)
        else:
            self._remove(model)

    @Slot()
    def restore_last(self) -> None:
        """Bring back the model that was removed last."""
        try:
            path = restore_last(self._store)
        except AppError as error:
            self.failed.emit(error.problem)
            return
        self._library.refresh()
        self.model_restored.emit(path)

    def _remove(self, model: LocalModel) -> None:
        try:
            removed = remove_model(self._store, model)
        except AppError as error:
            self.failed.emit(error.problem)
            return
        self._library.refresh()
        self.model_removed.emit(removed)

    @Slot(object)
    def _on_engine_memory_returned(self, _freed_bytes: int) -> None:
        if not self._engine.is_leaving:
            waiting, self._waiting = self._waiting, []
            for model in waiting:
                self._remove(model)
