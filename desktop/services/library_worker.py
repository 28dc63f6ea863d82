"""The process that looks into model files, as long as there is something for it to do."""

from collections import deque

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.worker_exit import WorkerExit
from desktop.services.worker_process import WorkerProcess
from desktop.wire.inspect_messages import InspectEvent, InspectRequest, WorkProgress
from desktop.wire.message import Cancel, Heartbeat


class LibraryWorker(QObject):
    """Carries out requests one after the other in a process that ends when there are no more.

    Signals:
        event_received: Progress, or the answer to a request that is off the list by then.
            wire.inspect_messages.InspectEvent.
        request_lost: The process died over a request, which is not tried again. InspectRequest.
    """

    event_received = Signal(object)
    request_lost = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: WorkerProcess | None = None
        self._requests: deque[InspectRequest] = deque()

    @property
    def requests(self) -> tuple[InspectRequest, ...]:
        """What is under way and what waits."""
        return tuple(self._requests)

    def ask(self, request: InspectRequest) -> None:
        """Have a request carried out, unless it waits already."""
        if request in self._requests:
            return
        self._requests.append(request)
        if self._process is None:
            self._start()
        else:
            self._process.send(request)

    def cancel(self) -> None:
        """Give up what is under way and what waits, where that is possible."""
        if self._process is not None:
            self._process.send(Cancel())

    def shut_down(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.blockSignals(True)
            self._process.stop()
            self._process = None

    def _start(self) -> None:
        self._process = WorkerProcess(self)
        self._process.event_received.connect(self._on_process_event_received)
        self._process.exited.connect(self._on_process_exited)
        self._process.start_role("inspect")
        for request in self._requests:
            self._process.send(request)

    @Slot(object)
    def _on_process_event_received(self, event: InspectEvent) -> None:
        if isinstance(event, Heartbeat):
            return
        if not isinstance(event, WorkProgress):
            self._requests.popleft()
        self.event_received.emit(event)
        if not self._requests and self._process is not None:
            self._process.finish()

    @Slot(object)
    def _on_process_exited(self, worker_exit: WorkerExit) -> None:
        if self._process is not None:
            self._process.deleteLater()
        self._process = None
        if self._requests and worker_exit.exit_code != 0:
            # What it was busy with may be what ended it: go on without.
            self.request_lost.emit(self._requests.popleft())
        if self._requests and self._process is None:
            self._start()
