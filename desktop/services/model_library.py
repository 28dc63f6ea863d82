"""The models of this machine, with what each takes and how fast it is here."""

import time
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import AppError, Problem
from desktop.core.generation import GenerationResult
from desktop.core.library import DiskUse, ForeignPlace, Relocation, Rename
from desktop.core.local_model import LocalModel, ModelEntry, preferred_model
from desktop.core.model_entry import Surroundings, measurement_of, model_entry
from desktop.core.speed_estimate import estimate_error, learn_calibration
from desktop.core.telemetry import EngineStatus
from desktop.services.engine_client import EngineClient
from desktop.services.library_worker import LibraryWorker
from desktop.storage.disk_use import disk_use
from desktop.storage.model_store import ModelStore
from desktop.system.memory_probe import machine_memory, process_memory
from desktop.wire.inspect_messages import (
    BandwidthMeasured,
    FileInspected,
    FindModels,
    FolderSearched,
    InspectEvent,
    InspectFile,
    MeasureBandwidth,
    ModelsFound,
    SearchFolder,
)
from desktop.wire.message import Failed

SEARCH_INTERVAL_S = 60.0
"""Other programs' models are looked for no more often than this."""


class ModelLibrary(QObject):
    """Knows every model; files that were not seen before are inspected in a process of their own.

    Signals:
        entries_changed: All models. tuple[ModelEntry, ...].
        disk_use_changed: What they take on disk. DiskUse.
        notice_given: A quiet sentence. str.
        failed: A file could not be added, or the list could not be read or changed. Problem.
    """

    entries_changed = Signal(object)
    disk_use_changed = Signal(object)
    notice_given = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        store: ModelStore,
        engine: EngineClient,
        parent: QObject | None = None,
        *,
        places: Iterable[ForeignPlace] = (),
    ) -> None:
        """Set up the library.

        Args:
            store: The list and the figures.
            engine: Says which model is loaded and how it does.
            parent: Owner of this object.
            places: Where other programs' models are looked for.
        """
        super().__init__(parent)
        self._store = store
        self._engine = engine
        self._places = tuple(places)
        self._searched_at_s: float | None = None
        self._models: tuple[LocalModel, ...] = ()
        self._disk_use: DiskUse | None = None
        self._bandwidth_bytes_per_s: float | None = None
        self._inspector = LibraryWorker(self)
        self._inspector.event_received.connect(self._on_inspector_event_received)
        engine.model_loaded.connect(self._on_engine_model_loaded)
        engine.answer_finished.connect(self._on_engine_answer_finished)

    @property
    def models(self) -> tuple[LocalModel, ...]:
        """All models, by name."""
        return self._models

    @Slot()
    def rescan(self) -> None:
        """Look at the folders again, and into the files that are new or have changed."""
        self.refresh()
        self._search_places()
        if self._bandwidth_bytes_per_s is None:
            self._inspector.ask(MeasureBandwidth())

    @Slot()
    def refresh(self) -> None:
        """Take over what has changed in the list and in the model folder."""
        if self._scan() and self._inspect_new():
            self._publish()

    @Slot(object)
    def add_file(self, path: Path) -> None:
        """Use a model file that lies elsewhere, in place."""
        self.add_files((path,))

    @Slot(object)
    def add_files(self, paths: tuple[Path, ...]) -> None:
        """Use model files that lie elsewhere, in place, and all models below folders.

        Each bad file is reported, and each folder without a model.
        """
        for path in paths:
            if path.is_dir():
                self._inspector.ask(SearchFolder(str(path)))
                continue
            try:
                self._store.add_file(path)
            except AppError as error:
                self.failed.emit(error.problem)
        self.rescan()

    @Slot(object)
    def rename(self, rename: Rename) -> None:
        """Give a model a name of the user's own; its file keeps its name."""
        try:
            self._store.rename(rename)
        except AppError as error:
            self.failed.emit(error.problem)
        self.refresh()

    @Slot(object)
    def relocate(self, move: Relocation) -> None:
        """Take note of where a missing model's file lies now, if it is the same model."""
        try:
            self._store.relocate(move)
        except AppError as error:
            self.failed.emit(error.problem)
        self.refresh()

    def find(self, path: Path) -> LocalModel | None:
        """Return the model of a file; None if it is not on the list."""
        return next((model for model in self._models if model.path == path), None)

    def first_choice(self, last_path: Path | None) -> LocalModel | None:
        """Return the model to load at start: the one used last, else the smallest usable one.

        Only what was looked into counts, and as long as there are files that were not, the
        smallest is not known.
        """
        preferred = preferred_model(self._models, last_path)
        is_last = preferred is not None and preferred.path == last_path
        is_settled = not any(
            isinstance(request, InspectFile) for request in self._inspector.requests
        )
        return preferred if is_last or is_settled else None

    def shut_down(self) -> None:
        """End the inspecting process, if there is one."""
        self._inspector.shut_down()

    def entry_of(self, model: LocalModel) -> ModelEntry:
        """Return what is known of a model on this machine."""
        return model_entry(model, self._store.record(model), self.surroundings())

    def surroundings(self) -> Surroundings:
        """Return what a model meets on this machine now; reads the memory and the list."""
        memory = machine_memory()
        bandwidth = self._bandwidth_bytes_per_s
        measured = [
            (model.facts, measurement.tokens_per_s)
            for model in self._models
            if model.facts is not None
            and (measurement := self._store.measurement(model)) is not None
            and measurement.tokens_per_s is not None
        ]
        return Surroundings(
            available_bytes=memory.available_bytes + self._returning_bytes(),
            total_bytes=memory.total_bytes,
            bandwidth_bytes_per_s=bandwidth,
            calibration=learn_calibration(measured, bandwidth or 0.0),
            speed_error=estimate_error(measured, bandwidth or 0.0),
        )

    def _returning_bytes(self) -> int:
        """Return what the loaded model would give back if another took its place."""
        memory = process_memory(self._engine.pid) if self._engine.pid else None
        return memory.rss_bytes if memory is not None else 0

    def _publish(self) -> None:
        surroundings = self.surroundings()
        self.entries_changed.emit(
            tuple(
                model_entry(model, self._store.record(model), surroundings)
                for model in self._models
            )
        )
        use = disk_use(self._store.models_folder, self._models)
        if use != self._disk_use:
            self._disk_use = use
            self.disk_use_changed.emit(use)

    def _scan(self) -> bool:
        try:
            self._models = self._store.scan()
            self._bandwidth_bytes_per_s = self._store.bandwidth_bytes_per_s()
        except AppError as error:
            self.failed.emit(error.problem)
            return False
        return True

    def _inspect_new(self) -> bool:
        try:
            uninspected = self._store.uninspected()
        except AppError as error:
            self.failed.emit(error.problem)
            return False
        for path in uninspected:
            self._inspector.ask(InspectFile(str(path)))
        return True

    def _search_places(self) -> None:
        now_s = time.monotonic()
        is_due = self._searched_at_s is None or now_s - self._searched_at_s > SEARCH_INTERVAL_S
        if self._places and is_due:
            self._searched_at_s = now_s
            self._inspector.ask(FindModels(self._places))

    @Slot(object)
    def _on_inspector_event_received(self, event: InspectEvent) -> None:
        has_new_files = False
        try:
            match event:
                case FileInspected(path=path, facts=facts, problem=problem):
                    self._store.remember_inspection(Path(path), facts, problem)
                case BandwidthMeasured(bytes_per_s=bytes_per_s):
                    self._store.save_bandwidth(bytes_per_s)
                case ModelsFound(models=models):
                    self._store.remember_found(models)
                    has_new_files = True
                case FolderSearched():
                    self._take_folder(event)
                    has_new_files = True
                case Failed(problem=problem):
                    self.failed.emit(problem)
                case _:
                    return
        except AppError as error:
            self.failed.emit(error.problem)
        if self._scan() and (not has_new_files or self._inspect_new()):
            self._publish()

    def _take_folder(self, searched: FolderSearched) -> None:
        """Add the models of a folder, and say so, also when there are none."""
        folder, count = searched.folder, len(searched.paths)
        if not count:
            self.failed.emit(
                Problem(
                    "There is no model in this folder",
                    f"Below {folder} lies no GGUF file that can chat.",
                    "Choose another folder, or find a model to download.",
                )
            )
            return
        self._store.add_unread(map(Path, searched.paths))
        models = "1 model" if count == 1 else f"{count} models"
        rest = "" if searched.is_whole else " The folder is too large to be searched to the end."
        self.notice_given.emit(f"Added {models} of {folder}.{rest}")

    @Slot(object)
    def _on_engine_model_loaded(self, _status: EngineStatus) -> None:
        self._note_use()

    @Slot(object)
    def _on_engine_answer_finished(self, result: GenerationResult) -> None:
        model, facts = self._engine.model, self._engine.status.facts
        if model is None or facts is None:
            return
        measurement = measurement_of(result.figures, facts.context_tokens)
        try:
            self._store.save_measurement(model, measurement)
        except AppError as error:
            self.failed.emit(error.problem)
        self._note_use()

    def _note_use(self) -> None:
        """Note that the loaded model is in use; this is shown with what it was measured at."""
        if self._engine.model is not None:
            try:
                self._store.remember_use(self._engine.model.path)
            except AppError as error:
                self.failed.emit(error.problem)
        self._publish()
