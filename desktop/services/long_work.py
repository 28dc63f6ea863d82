"""Work on models that takes its time, told as it goes on."""

from collections import deque

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import Problem
from desktop.core.library import LibraryWork
from desktop.services.library_worker import LibraryWorker
from desktop.wire.inspect_messages import (
    CopyFolder,
    HashModel,
    InspectEvent,
    InspectRequest,
    WorkCancelled,
    WorkProgress,
)
from desktop.wire.message import Failed


class LongWork(QObject):
    """A queue of long requests, each with the words that tell what is being done.

    Signals:
        work_changed: What is being done now; None when there is nothing. LibraryWork, or None.
        answered: What a piece of work came to. wire.inspect_messages.InspectEvent.
        failed: A piece of work failed. Problem.
    """

    work_changed = Signal(object)
    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: deque[tuple[InspectRequest, str]] = deque()
        self._worker = LibraryWorker(self)
        self._worker.event_received.connect(self._on_worker_event_received)
        self._worker.request_lost.connect(self._on_worker_request_lost)

    def start(self, request: InspectRequest, text: str) -> None:
        """Have a request carried out after those that wait; once is enough."""
        if any(request == waiting for waiting, _ in self._jobs):
            return
        self._jobs.append((request, text))
        self._worker.ask(request)
        if len(self._jobs) == 1:
            self._tell(None)

    def cancel(self) -> None:
        """Give up what is under way and what waits."""
        self._worker.cancel()

    def shut_down(self) -> None:
        """End the process, if there is one."""
        self._worker.shut_down()

    def _tell(self, fraction: float | None) -> None:
        if not self._jobs:
            self.work_changed.emit(None)
            return
        request, text = self._jobs[0]
        can_cancel = isinstance(request, HashModel | CopyFolder)
        self.work_changed.emit(LibraryWork(text, fraction, can_cancel))

    @Slot(object)
    def _on_worker_event_received(self, event: InspectEvent) -> None:
        if isinstance(event, WorkProgress):
            self._tell(event.done_bytes / event.total_bytes if event.total_bytes else None)
            return
        self._jobs.popleft()
        match event:
            case Failed(problem=problem):
                self.failed.emit(problem)
            case WorkCancelled():
                pass
            case _:
                self.answered.emit(event)
        self._tell(None)

    @Slot(object)
    def _on_worker_request_lost(self, _request: InspectRequest) -> None:
        _, text = self._jobs.popleft()
        self.failed.emit(
            Problem(
                f"{text}: this was broken off",
                "The process that did it ended unexpectedly.",
                "Try again; nothing was changed.",
            )
        )
        self._tell(None)
