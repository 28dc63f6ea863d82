"""The models of this machine, with what each takes and how fast it is here."""

from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import AppError
from desktop.core.generation import GenerationResult
from desktop.core.local_model import LocalModel, ModelEntry, preferred_model
from desktop.core.model_entry import Surroundings, measurement_of, model_entry
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
        self._bandwidth_bytes_per_s: float | None = None
        self._inspector: WorkerProcess | None = None
        self._requests: deque[InspectRequest] = deque()
        engine.model_loaded.connect(self._on_engine_model_loaded)
        engine.answer_finished.connect(self._on_engine_answer_finished)

    @property
    def models(self) -> tuple[LocalModel, ...]:
        """All models, by name."""
        return self._models

    @Slot()
    def rescan(self) -> None:
        """Look at the folders again, and into the files that are new or have changed."""
        if not self._scan():
            return
        for model in self._models:
            if model.facts is None and model.problem is None:
                self._ask_inspector(InspectFile(str(model.path)))
        if self._bandwidth_bytes_per_s is None:
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
        """Return the model to load at start: the one used last, else the smallest usable one.

        Only what was looked into counts, and as long as there are files that were not, the
        smallest is not known.
        """
        preferred = preferred_model(self._models, last_path)
        is_last = preferred is not None and preferred.path == last_path
        is_settled = not any(isinstance(request, InspectFile) for request in self._requests)
        return preferred if is_last or is_settled else None

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
        )

    def _returning_bytes(self) -> int:
        """Return what the loaded model would give back if another took its place."""
        memory = process_memory(self._engine.pid) if self._engine.pid else None
        return memory.rss_bytes if memory is not None else 0

    def _scan(self) -> bool:
        try:
            self._models = self._store.scan()
            self._bandwidth_bytes_per_s = self._store.bandwidth_bytes_per_s()
        except AppError as error:
            self.failed.emit(error.problem)
            return False
        return True

    def _ask_inspector(self, request: InspectRequest) -> None:
        if request in self._requests:
            return
        self._requests.append(request)
        if self._inspector is None:
            self._start_inspector()
        else:
            self._inspector.send(request)

    def _start_inspector(self) -> None:
        self._inspector = WorkerProcess(self)
        self._inspector.event_received.connect(self._on_inspector_event_received)
        self._inspector.exited.connect(self._on_inspector_exited)
        self._inspector.start_role("inspect")
        for request in self._requests:
            self._inspector.send(request)

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
        self._requests.popleft()
        if not self._requests and self._inspector is not None:
            self._inspector.finish()
        if self._scan():
            self._publish()

    @Slot(object)
    def _on_inspector_exited(self, worker_exit: WorkerExit) -> None:
        if self._inspector is not None:
            self._inspector.deleteLater()
        self._inspector = None
        if self._requests and worker_exit.exit_code != 0:
            # What it was busy with may be what ended it: go on without.
            self._requests.popleft()
        if self._requests:
            self._start_inspector()

    @Slot(object)
    def _on_engine_model_loaded(self, _status: EngineStatus) -> None:
        self._publish()

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
        self._publish()
