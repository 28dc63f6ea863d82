"""The window's side of the Hub: searches, opens repositories, keeps the access token."""

from collections import deque
from collections.abc import Callable, Mapping

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from desktop.core.errors import Problem
from desktop.core.hub_model import HubFault, HubQuery, HubRefusal
from desktop.core.worker_exit import KEPT_LINES, WorkerExit
from desktop.services.worker_process import WorkerProcess
from desktop.wire.hub_messages import (
    AccessChecked,
    CheckAccess,
    HubRefused,
    HubRequest,
    HubSearched,
    OpenRepository,
    RepositoryOpened,
    SaveAccessToken,
    SearchHub,
)
from desktop.wire.message import Failed, Heartbeat
from desktop.wire.messages import Event

IDLE_MS = 60_000
"""A process without work for so long is ended."""
ANSWER_LIMIT_MS = 45_000
"""A process that gives no answer for so long is ended."""
PATIENCE_MS = 1_500
"""A request that is no longer wanted may take so long before its process is ended."""


class HubClient(QObject):
    """Owns the process that talks to the Hub: started when needed, ended when idle.

    Requests are answered one after the other. A newer request takes the place of an older one of
    its kind, whose answer is then dropped.

    Signals:
        page_found: The answer to the last search. HubPage.
        repository_opened: The answer to the last `open_repository`. HubRepository.
        access_checked: Whose access token is kept. HubAccess.
        refused: A request failed; the next works if its cause is gone. HubRefusal.
        busy_changed: Whether there is a request without an answer. bool.
    """

    page_found = Signal(object)
    repository_opened = Signal(object)
    access_checked = Signal(object)
    refused = Signal(object)
    busy_changed = Signal(object)

    def __init__(
        self, variables: Callable[[], Mapping[str, str]], parent: QObject | None = None
    ) -> None:
        """Take what returns the environment variables of `core.hub_environment` as of now."""
        super().__init__(parent)
        self._variables = variables
        self._process: WorkerProcess | None = None
        self._is_ending = False
        self._requests: deque[HubRequest] = deque()  # the first one is at work
        self._sent = QElapsedTimer()
        self._is_busy = False
        self._idle_timer = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle_timer.timeout.connect(self._on_idle_timer_timeout)
        self._limit_timer = QTimer(self, singleShot=True, interval=ANSWER_LIMIT_MS)
        self._limit_timer.timeout.connect(self._on_limit_timer_timeout)

    @property
    def is_busy(self) -> bool:
        """Whether there is a request without an answer."""
        return self._is_busy

    @Slot(object)
    def search(self, query: HubQuery) -> None:
        """Search the Hub; page_found or refused follows, unless a newer search comes first."""
        self._ask(SearchHub(query))

    @Slot(object)
    def open_repository(self, repo: str) -> None:
        """List the files of a repository; repository_opened or refused follows."""
        self._ask(OpenRepository(repo))

    @Slot(object)
    def save_token(self, access_token: str) -> None:
        """Check and keep an access token, or forget it if empty; access_checked or refused."""
        self._ask(SaveAccessToken(access_token))

    @Slot()
    def forget_token(self) -> None:
        """Delete the access token that is kept."""
        self.save_token("")

    @Slot()
    def check_access(self) -> None:
        """Ask whose access token is kept; access_checked or refused follows."""
        self._ask(CheckAccess())

    @Slot()
    def renew(self) -> None:
        """Take over changed variables; what is without an answer is asked again with them."""
        if self._process is not None:
            self._end_process()

    def shut_down(self) -> None:
        """End the process, if there is one, and drop what it was asked."""
        self._requests.clear()
        self._idle_timer.stop()
        self._limit_timer.stop()
        if self._process is not None:
            self._process.blockSignals(True)
            self._process.stop()
            self._process = None

    def _ask(self, request: HubRequest) -> None:
        first = self._requests[0] if self._requests else None
        kept = [one for one in self._requests if type(one) is not type(request)]
        if first is None or first in kept:
            self._requests = deque([*kept, request])
        else:
            # The one at work comes first until it has an answer, or takes too long.
            self._requests = deque([first, *kept, request])
            if self._sent.hasExpired(PATIENCE_MS):
                self._give_up_first()
        self._work()

    def _work(self) -> None:
        """See to it that the first request is at work, or the process at rest."""
        if self._requests and self._process is None:
            self._start()
        elif self._requests and not self._limit_timer.isActive() and not self._is_ending:
            self._send_first()
        if not self._requests and self._process is not None and not self._is_ending:
            self._idle_timer.start()
        self._announce(is_busy=bool(self._requests))

    def _start(self) -> None:
        process = WorkerProcess(self)
        process.event_received.connect(self._on_process_event_received)
        process.exited.connect(self._on_process_exited)
        self._process, self._is_ending = process, False
        process.start_role("hub", self._variables())
        if process is self._process:  # it may have failed to start
            self._send_first()

    def _send_first(self) -> None:
        self._idle_timer.stop()
        self._limit_timer.start()
        self._sent.start()
        if self._process is not None:
            self._process.send(self._requests[0])

    def _give_up_first(self) -> None:
        """Drop the request at work with its process, which cannot be interrupted."""
        self._requests.popleft()
        self._end_process()

    def _end_process(self) -> None:
        """End the process; its end is expected, and what is left is asked of a new one."""
        self._limit_timer.stop()
        self._idle_timer.stop()
        if self._process is not None:
            self._is_ending = True
            self._process.kill()

    def _is_wanted(self, request: HubRequest) -> bool:
        """Whether no newer request took the place of one."""
        return not any(type(one) is type(request) for one in self._requests)

    @Slot(object)
    def _on_process_event_received(self, event: Event) -> None:
        if isinstance(event, Heartbeat) or not self._requests or self._is_ending:
            return
        answered = self._requests.popleft()
        self._limit_timer.stop()
        if self._is_wanted(answered):
            self._report(event)
        self._work()

    def _report(self, event: Event) -> None:
        match event:
            case HubSearched(page=page):
                self.page_found.emit(page)
            case RepositoryOpened(repository=repository):
                self.repository_opened.emit(repository)
            case AccessChecked(access=access):
                self.access_checked.emit(access)
            case HubRefused(refusal=refusal):
                self.refused.emit(refusal)
            case Failed(problem=problem):
                self.refused.emit(HubRefusal(HubFault.SERVER, problem))
            case _:
                return

    @Slot(object)
    def _on_process_exited(self, worker_exit: WorkerExit) -> None:
        if self._process is not None:
            self._process.deleteLater()
        self._process = None
        self._limit_timer.stop()
        self._idle_timer.stop()
        if self._requests and not self._is_ending:
            lost = self._requests.popleft()
            if self._is_wanted(lost):
                self.refused.emit(_refusal_of_exit(worker_exit))
        self._work()

    @Slot()
    def _on_idle_timer_timeout(self) -> None:
        self._end_process()

    @Slot()
    def _on_limit_timer_timeout(self) -> None:
        refusal = HubRefusal(
            HubFault.NO_NETWORK,
            Problem(
                "The Hub takes too long",
                f"It gave no answer for {ANSWER_LIMIT_MS // 1000} seconds.",
                "Check your network, then try again.",
            ),
        )
        lost = self._requests[0]
        self._give_up_first()
        if self._is_wanted(lost):
            self.refused.emit(refusal)
        self._work()

    def _announce(self, *, is_busy: bool) -> None:
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            self.busy_changed.emit(is_busy)


def _refusal_of_exit(worker_exit: WorkerExit) -> HubRefusal:
    return HubRefusal(
        HubFault.SERVER,
        Problem(
            "The Hub could not be asked",
            "The part of Heft that talks to it ended without an answer.",
            "Try again. If it happens again, the details say why.",
            tuple(worker_exit.last_words.splitlines()[-KEPT_LINES:]),
        ),
    )
