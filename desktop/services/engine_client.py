"""The window's side of the engine: loads, swaps, answers, and survives the engine's death."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.core.answer_problem import LET_GO, NO_MODEL, STOPPED_EARLY, SWITCHED
from desktop.core.conversation import ChatMessage
from desktop.core.errors import Problem
from desktop.core.generation import SamplingSettings
from desktop.core.local_model import LocalModel
from desktop.core.sampling_preset import preset_for
from desktop.core.telemetry import EnginePhase, EngineStatus
from desktop.core.worker_exit import WorkerExit, describe_exit, describe_hang
from desktop.services.engine_status_tracker import EngineStatusTracker
from desktop.services.engine_watchdog import EngineWatchdog
from desktop.services.worker_process import WorkerProcess
from desktop.system.huge_pages import huge_page_variables
from desktop.system.memory_probe import process_memory
from desktop.wire.engine_messages import (
    EngineEvent,
    Finished,
    Generate,
    LoadCancelled,
    Loaded,
    LoadModel,
    LoadProgress,
    PromptProgress,
    TokenBatch,
)
from desktop.wire.message import Cancel, Failed, Heartbeat

STATUS_INTERVAL_MS = 250
STOP_LIMIT_MS = 5000


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A load that did not succeed.

    Attributes:
        model: What should have been loaded.
        problem: Why it was not; None if the user cancelled it.
        returns_to: The model before, which is being loaded again; None if there is none.
    """

    model: LocalModel
    problem: Problem | None
    returns_to: LocalModel | None


@dataclass(frozen=True, slots=True)
class _Question:
    """A conversation to be answered, with the sampling that was asked for, if any."""

    messages: tuple[ChatMessage, ...]
    sampling: SamplingSettings | None


class EngineClient(QObject):
    """Owns the engine's process: one process for one model, a new process for a new model.

    Signals:
        status_changed: What the engine does now; at once when the phase changes, else at most
            four times a second. EngineStatus.
        model_loaded: A model is ready. EngineStatus.
        load_failed: A load failed or was cancelled. LoadFailure.
        memory_returned: An engine ended on purpose and its memory is free again. int: bytes.
        tokens_received: New text of the answer. str.
        answer_finished: GenerationResult.
        answer_failed: The answer broke off; the next request works. Problem.
        model_let_go: There is no model any more, because `let_go` was asked for.
        engine_lost: The engine died while it had nothing to do; it is being restarted. Problem.
    """

    status_changed = Signal(object)
    model_loaded = Signal(object)
    load_failed = Signal(object)
    memory_returned = Signal(object)
    tokens_received = Signal(object)
    answer_finished = Signal(object)
    answer_failed = Signal(object)
    model_let_go = Signal()
    engine_lost = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tracker = EngineStatusTracker()
        self._process: WorkerProcess | None = None
        self._leaving: dict[WorkerProcess, int] = {}
        self._model: LocalModel | None = None
        self._last_good: LocalModel | None = None
        self._waiting: _Question | None = None
        self._is_load_sent = False
        self._hang: Problem | None = None
        self._watchdog = EngineWatchdog(self)
        self._watchdog.hung.connect(self._on_watchdog_hung)
        self._status_timer = _single_shot(self, STATUS_INTERVAL_MS)
        self._status_timer.timeout.connect(self._on_status_timer_timeout)
        self._stop_timer = _single_shot(self, STOP_LIMIT_MS)
        self._stop_timer.timeout.connect(self._on_stop_timer_timeout)

    @property
    def status(self) -> EngineStatus:
        """What the engine does now."""
        return self._tracker.status

    @property
    def model(self) -> LocalModel | None:
        """The model that is loaded or being loaded."""
        return self._model

    @property
    def pid(self) -> int:
        """The engine's process id; 0 while there is none."""
        return self._process.pid if self._process is not None else 0

    @property
    def is_leaving(self) -> bool:
        """Whether an engine that was dismissed is still there, with its model's file open."""
        return bool(self._leaving)

    @property
    def is_answering(self) -> bool:
        """Whether an answer is under way or waits for the model."""
        is_stopping = self.status.phase is EnginePhase.STOPPING
        return self._waiting is not None or self._is_speaking or is_stopping

    @property
    def _is_speaking(self) -> bool:
        return self.status.phase in {EnginePhase.READING, EnginePhase.ANSWERING}

    @Slot(object)
    def load(self, model: LocalModel) -> None:
        """Replace the model: the old engine ends, its memory returns, a new one loads.

        The new process starts up while the old one ends, and is asked to load only when the old
        one's memory is free. An answer under way breaks off; ask the user first.
        """
        was_answering = self.is_answering and self._waiting is None
        self._dismiss()
        self._model = model
        self._tracker.model_chosen(model.name)
        self._process = WorkerProcess(self)
        self._process.event_received.connect(self._on_process_event_received)
        self._process.exited.connect(self._on_process_exited)
        self._is_load_sent = False
        self._hang = None
        self._process.start_role("engine", huge_page_variables())
        self._send_load()
        if was_answering:
            self.answer_failed.emit(SWITCHED)
        self._publish()

    @Slot()
    def let_go(self) -> None:
        """End the engine and load nothing in its place; `memory_returned` tells when it is gone."""
        was_answering = self.is_answering
        self._dismiss()
        self._model = self._last_good = self._waiting = None
        self._tracker.model_gone()
        if was_answering:
            self.answer_failed.emit(LET_GO)
        self.model_let_go.emit()
        self._publish()

    @Slot()
    def cancel_load(self) -> None:
        """Give up the load under way; the model before is loaded again."""
        if self.status.phase is EnginePhase.LOADING:
            # The process is young and holds nothing worth saving: ending it is the quickest way.
            self._fall_back(None)

    def generate(
        self, messages: tuple[ChatMessage, ...], sampling: SamplingSettings | None = None
    ) -> None:
        """Answer a conversation; waits for a load that is under way.

        Args:
            messages: The turns; the last one is the user's.
            sampling: None for what suits the model that will answer.
        """
        question = _Question(messages, sampling)
        match self.status.phase:
            case EnginePhase.IDLE:
                self._send_question(question)
            case EnginePhase.LOADING:
                self._waiting = question
            case EnginePhase.EMPTY:
                self.answer_failed.emit(NO_MODEL)
            case EnginePhase.READING | EnginePhase.ANSWERING | EnginePhase.STOPPING:
                raise RuntimeError("one answer at a time")

    @Slot()
    def stop_answer(self) -> None:
        """End the answer under way; it is finished with what was said so far."""
        if self._waiting is not None:
            self._waiting = None
            self.answer_failed.emit(STOPPED_EARLY)
        elif self._process is not None and self._is_speaking:
            self._tracker.stop_requested()
            self._process.send(Cancel())
            self._stop_timer.start()
            self._publish()

    def shut_down(self) -> None:
        """End every engine and wait until it is gone."""
        self._rest()
        for process in [self._process, *self._leaving]:
            if process is not None:
                process.blockSignals(True)
                process.stop()
        self._process = None
        self._leaving.clear()

    def _send_load(self) -> None:
        if self._leaving or self._is_load_sent or self._process is None or self._model is None:
            return
        self._is_load_sent = True
        self._process.send(LoadModel(str(self._model.path), self._model.name))
        self._watchdog.watch(self._process.pid)

    def _send_question(self, question: _Question) -> None:
        if self._process is None or self._model is None:
            return
        sampling = question.sampling or preset_for(self._model.name)
        self._tracker.answer_requested()
        self._process.send(Generate(question.messages, sampling))
        self._watchdog.watch(self._process.pid)
        self._publish()

    def _dismiss(self) -> None:
        """End the current process; what it holds is counted when it is gone."""
        self._rest()
        process, self._process = self._process, None
        if process is None or not process.is_running:
            return
        memory = process_memory(process.pid)
        self._leaving[process] = memory.rss_bytes if memory is not None else 0
        process.event_received.disconnect(self._on_process_event_received)
        process.exited.disconnect(self._on_process_exited)
        process.exited.connect(self._on_leaving_exited)
        process.kill()

    def _fall_back(self, problem: Problem | None) -> None:
        """Report a failed load and return to the model before, if there was one."""
        failed, back = self._model, self._last_good
        waiting, self._waiting = self._waiting, None
        if failed is None:
            return
        self._dismiss()
        self._model = None
        self._tracker.model_gone()
        self._last_good = None
        if back is not None and back.path == failed.path:
            back = None
        self.load_failed.emit(LoadFailure(failed, problem, back))
        if waiting is not None:
            self.answer_failed.emit(problem or STOPPED_EARLY)
        if back is not None:
            self.load(back)
        else:
            self._publish()

    @Slot(object)
    def _on_process_event_received(self, event: EngineEvent) -> None:
        self._watchdog.heard()
        match event:
            case LoadProgress() | Loaded() | LoadCancelled():
                self._take_load_event(event)
            case PromptProgress():
                self._tracker.prompt_progressed(event)
                self._publish_soon()
            case TokenBatch():
                self._take_tokens(event)
            case Finished(result=result):
                self._rest()
                self._tracker.answer_finished(result)
                self.answer_finished.emit(result)
                self._publish()
            case Failed(problem=problem):
                self._take_failure(problem)
            case Heartbeat():
                pass

    def _take_load_event(self, event: LoadProgress | Loaded | LoadCancelled) -> None:
        match event:
            case LoadProgress(fraction=fraction):
                self._tracker.load_progressed(fraction)
                self._publish_soon()
            case Loaded(facts=facts):
                self._rest()
                self._last_good = self._model
                self._tracker.model_loaded(facts)
                self.model_loaded.emit(self.status)
                waiting, self._waiting = self._waiting, None
                self._publish()
                if waiting is not None:
                    self._send_question(waiting)
            case LoadCancelled():
                self._fall_back(None)

    def _take_tokens(self, event: TokenBatch) -> None:
        is_first = self.status.phase is EnginePhase.READING
        self._tracker.tokens_generated(event)
        if event.text:
            self.tokens_received.emit(event.text)
        if is_first:
            self._publish()
        else:
            self._publish_soon()

    def _take_failure(self, problem: Problem) -> None:
        if self.status.phase is EnginePhase.LOADING:
            self._fall_back(problem)
            return
        self._rest()
        self._tracker.answer_failed()
        self.answer_failed.emit(problem)
        self._publish()

    @Slot(object)
    def _on_process_exited(self, worker_exit: WorkerExit) -> None:
        problem = self._hang or describe_exit(worker_exit)
        was_answering = self.is_answering
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        if self.status.phase is EnginePhase.LOADING:
            self._fall_back(problem)
            return
        self._tracker.model_gone()
        if was_answering:
            self.answer_failed.emit(problem)
        else:
            self.engine_lost.emit(problem)
        # Whoever heard of it may have chosen another model by now.
        if self.status.phase is EnginePhase.EMPTY and self._model is not None:
            self.load(self._model)

    @Slot(object)
    def _on_leaving_exited(self, _worker_exit: WorkerExit) -> None:
        process = self.sender()
        if isinstance(process, WorkerProcess):
            freed_bytes = self._leaving.pop(process, 0)
            process.deleteLater()
            self.memory_returned.emit(freed_bytes)
        self._send_load()

    @Slot(object)
    def _on_watchdog_hung(self, was_stopped: bool) -> None:  # noqa: FBT001 (a signal's payload)
        self._end_hung(describe_hang(was_stopped=was_stopped))

    @Slot()
    def _on_stop_timer_timeout(self) -> None:
        self._end_hung(describe_hang(was_stopped=False))

    def _end_hung(self, problem: Problem) -> None:
        self._hang = problem
        if self._process is not None:
            self._process.kill()

    def _rest(self) -> None:
        self._watchdog.rest()
        self._stop_timer.stop()
        self._status_timer.stop()

    def _publish(self) -> None:
        self._status_timer.stop()
        self.status_changed.emit(self.status)

    def _publish_soon(self) -> None:
        if not self._status_timer.isActive():
            self._status_timer.start()

    @Slot()
    def _on_status_timer_timeout(self) -> None:
        self._publish()


def _single_shot(parent: QObject, interval_ms: int) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    return timer
