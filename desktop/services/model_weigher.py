"""The window's side of weighing: one model at a time, in a process that may crash."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.core.errors import AppError, Problem
from desktop.core.figure import Figure, FigureKind
from desktop.core.model_card import ModelCard
from desktop.core.model_entry import Surroundings
from desktop.core.speed_estimate import estimate_tokens_per_s
from desktop.core.weighing import KvType, ModelSource, TestDrive, Weighing, drive_key
from desktop.core.worker_exit import WorkerExit, describe_exit
from desktop.services.worker_process import WorkerProcess
from desktop.storage.model_store import ModelStore
from desktop.system.huge_pages import huge_page_variables
from desktop.wire.hub_messages import HubRefused
from desktop.wire.message import Cancel, Failed
from desktop.wire.messages import Event
from desktop.wire.weigh_messages import (
    DriveCancelled,
    DriveFinished,
    DriveModel,
    DriveProgress,
    Weighed,
    WeighModel,
)

IDLE_MS = 60_000
"""A process without work for so long is ended."""
CANCEL_LIMIT_MS = 3_000
"""A test drive that does not stop for so long is ended with its process."""

_WEIGHING = "Weighing"
_READING = "Reading the header"
_STARTING = "Starting the test drive"
_STOPPING = "Stopping"


class ModelWeigher(QObject):
    """Weighs and test-drives the chosen model, and keeps what it found.

    Signals:
        card_changed: What is known of the chosen model by now. ModelCard.
        refused: The Hub, or the way to it, refused; the card tells it too. HubRefusal.
        failed: The figures of a test drive could not be kept. Problem.
    """

    card_changed = Signal(object)
    refused = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        store: ModelStore,
        surroundings: Callable[[], Surroundings],
        variables: Callable[[], Mapping[str, str]],
        parent: QObject | None = None,
    ) -> None:
        """Take where figures are kept, and what tells surroundings and Hub variables as of now."""
        super().__init__(parent)
        self._store = store
        self._surroundings = surroundings
        self._variables = variables
        self._kv_type = KvType.F16
        self._card: ModelCard | None = None
        self._weighings: dict[tuple[ModelSource, KvType], Weighing] = {}
        self._process: WorkerProcess | None = None
        self._ending: list[WorkerProcess] = []
        self._requests: deque[WeighModel | DriveModel] = deque()  # the first one is at work
        self._idle_timer = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle_timer.timeout.connect(self._on_idle_timer_timeout)
        self._cancel_timer = QTimer(self, singleShot=True, interval=CANCEL_LIMIT_MS)
        self._cancel_timer.timeout.connect(self._on_cancel_timer_timeout)

    @Slot(object)
    def weigh(self, source: ModelSource) -> None:
        """Choose a model: card_changed follows at once, and again with each new figure."""
        if self._card is None or source != self._card.source:
            self._end_process()
            self._card = ModelCard(source, self._surroundings(), test_drive=self._known(source))
        self._weigh()

    @Slot(object)
    def choose_kv_type(self, kv_type: KvType) -> None:
        """Weigh with keys and values packed like that, from now on."""
        self._kv_type = kv_type
        self._weigh()

    @Slot(object)
    def drive(self, source: ModelSource) -> None:
        """Take a model for a test drive; card_changed follows with its progress and figures."""
        self.weigh(source)
        if not any(isinstance(request, DriveModel) for request in self._requests):
            self._ask(DriveModel(source), _STARTING)

    @Slot()
    def cancel(self) -> None:
        """Give up what is under way."""
        if any(isinstance(request, DriveModel) for request in self._requests):
            if self._process is not None:
                self._process.send(Cancel())
            self._cancel_timer.start()
            self._change(stage=_STOPPING, fraction=None)
        elif self._requests:
            self._end_process()
            self._change(stage="", fraction=None)

    def shut_down(self) -> None:
        """End the process, if there is one, and wait until it is gone."""
        self._end_process()
        for process in self._ending:
            process.stop()

    def _weigh(self) -> None:
        if self._card is None:
            return
        source = self._card.source
        self._change(surroundings=self._surroundings(), problem=None)
        weighing = self._weighings.get((source, self._kv_type))
        request = WeighModel(source, self._kv_type)
        if weighing is not None:
            self._show_weighing(weighing)
        elif request not in self._requests:
            self._ask(request, _WEIGHING if self._card.weighing is not None else _READING)

    def _ask(self, request: WeighModel | DriveModel, stage: str) -> None:
        self._requests.append(request)
        self._idle_timer.stop()
        self._change(stage=stage, fraction=None, problem=None)
        if self._process is None:
            self._process = WorkerProcess(self)
            self._process.event_received.connect(self._on_process_event_received)
            self._process.exited.connect(self._on_process_exited)
            self._process.start_role("weigh", {**huge_page_variables(), **self._variables()})
        if self._process is not None:  # it may have failed to start
            self._process.send(request)

    def _settle(self) -> None:
        """The first request has its answer."""
        if self._requests:
            self._requests.popleft()
        if not any(isinstance(request, DriveModel) for request in self._requests):
            self._cancel_timer.stop()
        if not self._requests:
            self._idle_timer.start()

    def _end_process(self) -> None:
        self._requests.clear()
        self._idle_timer.stop()
        self._cancel_timer.stop()
        if self._process is not None:
            self._process.event_received.disconnect(self._on_process_event_received)
            self._process.exited.disconnect(self._on_process_exited)
            self._process.exited.connect(self._on_ending_process_exited)
            # Giving gigabytes back takes a moment: nobody waits for it.
            self._ending.append(self._process)
            self._process.kill()
            self._process = None

    def _change(self, **changes: object) -> None:
        if self._card is not None:
            self._card = replace(self._card, **changes)  # type: ignore[arg-type]  # its own fields
            self.card_changed.emit(self._card)

    def _show_weighing(self, weighing: Weighing) -> None:
        if self._card is None:
            return
        surroundings = self._surroundings()
        self._change(
            surroundings=surroundings,
            weighing=weighing,
            tokens_per_s=_speed(weighing, self._card.test_drive, surroundings),
            speed_error=surroundings.speed_error,
            stage=self._stage_left(weighing),
        )

    def _stage_left(self, weighing: Weighing) -> str:
        """What is still to be done once a weighing is shown."""
        if weighing.kind is FigureKind.ESTIMATED:
            return _WEIGHING
        return self._card.stage if self._card is not None and self._requests else ""

    def _known(self, source: ModelSource) -> TestDrive | None:
        try:
            return self._store.test_drive(drive_key(source))
        except AppError as error:
            self.failed.emit(error.problem)
            return None

    @Slot(object)
    def _on_process_event_received(self, event: Event) -> None:
        match event:
            case Weighed(weighing=weighing):
                self._take_weighing(weighing)
            case DriveProgress(fraction=fraction, stage=stage):
                if not self._cancel_timer.isActive():
                    self._change(stage=stage, fraction=fraction)
            case DriveFinished(source=source, test_drive=test_drive):
                self._take_drive(source, test_drive)
            case DriveCancelled():
                self._settle()
                self._change(stage="", fraction=None)
            case HubRefused(refusal=refusal):
                self._settle()
                self._change(stage="", fraction=None, problem=refusal.problem)
                self.refused.emit(refusal)
            case Failed(problem=problem):
                self._settle()
                self._change(stage="", fraction=None, problem=problem)
            case _:
                return

    def _take_weighing(self, weighing: Weighing) -> None:
        if self._card is None:
            return
        if weighing.kind is FigureKind.WEIGHED:
            self._weighings[self._card.source, weighing.kv_type] = weighing
            self._settle()
        if weighing.kv_type is self._kv_type:
            self._show_weighing(weighing)

    def _take_drive(self, source: ModelSource, test_drive: TestDrive) -> None:
        self._settle()
        try:
            self._store.save_test_drive(drive_key(source), test_drive)
        except AppError as error:
            self.failed.emit(error.problem)
        self._change(test_drive=test_drive, stage="", fraction=None)
        if self._card is not None and self._card.weighing is not None:
            self._show_weighing(self._card.weighing)

    @Slot(object)
    def _on_process_exited(self, worker_exit: WorkerExit) -> None:
        if self._process is not None:
            self._process.deleteLater()
        self._process = None
        self._cancel_timer.stop()
        lost = self._requests[0] if self._requests else None
        self._requests.clear()
        if lost is not None:
            self._change(stage="", fraction=None, problem=_problem_of_exit(lost, worker_exit))

    @Slot(object)
    def _on_ending_process_exited(self, _worker_exit: WorkerExit) -> None:
        for process in [one for one in self._ending if not one.is_running]:
            self._ending.remove(process)
            process.deleteLater()

    @Slot()
    def _on_idle_timer_timeout(self) -> None:
        self._end_process()

    @Slot()
    def _on_cancel_timer_timeout(self) -> None:
        self._end_process()
        self._change(stage="", fraction=None)


def _speed(
    weighing: Weighing, test_drive: TestDrive | None, surroundings: Surroundings
) -> Figure | None:
    if test_drive is not None and test_drive.decode:
        return Figure(test_drive.decode[0].tokens_per_s, FigureKind.TEST_DRIVEN)
    bandwidth = surroundings.bandwidth_bytes_per_s
    if bandwidth is None:
        return None
    speed = estimate_tokens_per_s(weighing.facts, bandwidth, surroundings.calibration)
    return Figure(speed, FigureKind.ESTIMATED) if speed else None


def _problem_of_exit(lost: WeighModel | DriveModel, worker_exit: WorkerExit) -> Problem:
    problem = describe_exit(worker_exit)
    what = "weighed" if isinstance(lost, WeighModel) else "test-driven"
    return Problem(
        f"{lost.source.name} could not be {what}",
        f"The process that did it came to an end. {problem.detail}",
        "Try again. If it happens again, choose another file: this one may be damaged.",
        problem.log,
    )
