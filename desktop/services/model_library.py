"""The models of this machine, with what each takes and how fast it is here."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import AppError
from desktop.core.generation import GenerationResult
from desktop.core.local_model import LocalModel, Measurement, ModelEntry
from desktop.core.model_entry import Surroundings, model_entry
from desktop.core.speed_estimate import learn_calibration
from desktop.core.telemetry import EngineStatus
from desktop.core.worker_exit import WorkerExit
from desktop.services.engine_client import EngineClient
from desktop.services.worker_process import WorkerProcess
from desktop.storage.model_store import ModelStore
from desktop.system.memory_probe import machine_memory, process_memory
from desktop.wire.messages import (
    BandwidthMeasured,
    Event,
    Failed,
    FileInspected,
    InspectFile,
    InspectRequest,
    MeasureBandwidth,
)

MEASURED_TOKENS = 16
"""An answer shorter than this says little about speed."""


class ModelLibrary(QObject):
    """Knows every model; files that were not seen before are inspected in a process of their own.

    Signals:
        entries_changed: All models. tuple[ModelEntry, ...].
        failed: A file could not be added, or the list could not be read. Problem.
    """

    entries_changed = Signal(object)
    failed = Signal(object)

    def __init__(
        self, store: ModelStore, engine: EngineClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._engine = engine
        self._models: tuple[LocalModel, ...] = ()
        self._inspector: WorkerProcess | None = None
        self._asked: set[Path] = set()
        self._is_bandwidth_asked = False
        self._unanswered = 0
        engine.model_loaded.connect(self._on_engine_model_loaded)
        engine.answer_finished.connect(self._on_engine_answer_finished)

    @property
    def models(self) -> tuple[LocalModel, ...]:
        """All models, by name."""
        return self._models

    @Slot()
    def rescan(self) -> None:
        """Look at the folders again."""
        try:
            self._models = self._store.scan()
            has_bandwidth = self._store.bandwidth_bytes_per_s() is not None
        except AppError as error:
            self.failed.emit(error.problem)
            return
        for model in self._models:
            if model.facts is None and model.problem is None and model.path not in self._asked:
                self._asked.add(model.path)
                self._ask_inspector(InspectFile(str(model.path)))
        if not has_bandwidth and not self._is_bandwidth_asked:
            self._is_bandwidth_asked = True
            self._ask_inspector(MeasureBandwidth())
        self._publish()

    @Slot(object)
    def add_file(self, path: Path) -> None:
        """Use a model file that lies elsewhere, in place."""
        self.add_files((path,))

    @Slot(object)
    def add_files(self, paths: tuple[Path, ...]) -> None:
        """Use several model files that lie elsewhere, in place; each bad one is reported."""
        for path in paths:
            try:
                self._store.add_file(path)
            except AppError as error:
                self.failed.emit(error.problem)
        self.rescan()

    def find(self, path: Path) -> LocalModel | None:
        """Return the model of a file; None if it is not on the list."""
        return next((model for model in self._models if model.path == path), None)

    def first_choice(self, last_path: Path | None) -> LocalModel | None:
        """Return the model to load at start: the one used last, else the smallest usable one."""
        usable = [model for model in self._models if model.problem is None]
        last = [model for model in usable if model.path == last_path]
        return next(iter(last or sorted(usable, key=_file_bytes)), None)

    def shut_down(self) -> None:
        """End the inspecting process, if there is one."""
        if self._inspector is not None:
            self._inspector.blockSignals(True)
            self._inspector.stop()
            self._inspector = None

    def entry_of(self, model: LocalModel) -> ModelEntry:
        """Return what is known of a model on this machine."""
        return model_entry(model, self._store.measurement(model), self._surroundings())

    def _publish(self) -> None:
        surroundings = self._surroundings()
        self.entries_changed.emit(
            tuple(
                model_entry(model, self._store.measurement(model), surroundings)
                for model in self._models
            )
        )

    def _surroundings(self) -> Surroundings:
        memory = machine_memory()
        bandwidth = self._store.bandwidth_bytes_per_s()
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
        )

    def _returning_bytes(self) -> int:
        """Return what the loaded model would give back if another took its place."""
        memory = process_memory(self._engine.pid) if self._engine.pid else None
        return memory.rss_bytes if memory is not None else 0

    def _inspect_process(self) -> WorkerProcess:
        if self._inspector is None:
            self._inspector = WorkerProcess(self)
            self._inspector.event_received.connect(self._on_inspector_event_received)
            self._inspector.exited.connect(self._on_inspector_exited)
            self._inspector.start_role("inspect")
        return self._inspector

    def _ask_inspector(self, request: InspectRequest) -> None:
        self._unanswered += 1
        self._inspect_process().send(request)

    @Slot(object)
    def _on_inspector_event_received(self, event: Event) -> None:
        try:
            match event:
                case FileInspected(path=path, facts=facts, problem=problem):
                    self._store.remember_inspection(Path(path), facts, problem)
                case BandwidthMeasured(bytes_per_s=bytes_per_s):
                    self._store.save_bandwidth(bytes_per_s)
                case Failed(problem=problem):
                    self.failed.emit(problem)
                case _:
                    return
        except AppError as error:
            self.failed.emit(error.problem)
        self._unanswered -= 1
        if not self._unanswered and self._inspector is not None:
            self._inspector.finish()
        self.rescan()

    @Slot(object)
    def _on_inspector_exited(self, _worker_exit: WorkerExit) -> None:
        if self._inspector is not None:
            self._inspector.deleteLater()
        self._inspector = None
        self._unanswered = 0

    @Slot(object)
    def _on_engine_model_loaded(self, _status: EngineStatus) -> None:
        self._publish()

    @Slot(object)
    def _on_engine_answer_finished(self, result: GenerationResult) -> None:
        model, facts, figures = self._engine.model, self._engine.status.facts, result.figures
        if model is None or facts is None:
            return
        is_telling = figures.completion_tokens >= MEASURED_TOKENS
        measurement = Measurement(
            resident_bytes=figures.peak_memory_bytes,
            context_tokens=facts.context_tokens,
            tokens_per_s=figures.tokens_per_s if is_telling else None,
        )
        try:
            self._store.save_measurement(model, measurement)
        except AppError as error:
            self.failed.emit(error.problem)
        self._publish()


def _file_bytes(model: LocalModel) -> int:
    return model.file_bytes
