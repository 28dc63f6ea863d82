"""A child process of ours that speaks one JSON message per line."""

import sys
from collections.abc import Mapping

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal, Slot

from desktop.core.worker_exit import WorkerExit
from desktop.wire.codec import WireError, decode_event, encode
from desktop.wire.message import Message

KEPT_STDERR_BYTES = 8192


class WorkerProcess(QObject):
    """Starts, feeds and watches one worker; lives in the window's process.

    Signals:
        event_received: One decoded event of the worker. wire.messages.Event.
        exited: The worker is gone, for whatever reason; exactly once a start. WorkerExit.
    """

    event_received = Signal(object)
    exited = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._buffer = bytearray()
        self._stderr_tail = bytearray()
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._on_process_stdout)
        self._process.readyReadStandardError.connect(self._on_process_stderr)
        self._process.errorOccurred.connect(self._on_process_error)
        self._process.finished.connect(self._on_process_finished)

    @property
    def pid(self) -> int:
        """Process id; 0 while there is none."""
        return int(self._process.processId())

    @property
    def is_running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start_role(self, role: str, variables: Mapping[str, str] | None = None) -> None:
        """Start this program as a worker of the given role, with more environment variables."""
        self.start(sys.executable, ["-m", "desktop", "--worker", role], variables)

    def start(
        self, program: str, arguments: list[str], variables: Mapping[str, str] | None = None
    ) -> None:
        """Start any program that speaks the protocol."""
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        for name, value in (variables or {}).items():
            environment.insert(name, value)
        self._process.setProcessEnvironment(environment)
        self._process.start(program, arguments)

    def send(self, request: Message) -> None:
        """Write a request; one to a worker that is gone is dropped, its `exited` says the rest."""
        if self.is_running:
            self._process.write(encode(request))

    def kill(self) -> None:
        """End the worker at once; `exited` follows."""
        self._process.kill()

    def finish(self) -> None:
        """Let the worker end by itself once it has read what was sent; `exited` follows."""
        self._process.closeWriteChannel()

    def stop(self, grace_ms: int = 2000) -> None:
        """End the worker and wait until it is gone: by closing its stdin, then by force."""
        if not self.is_running:
            return
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(grace_ms):
            self._process.kill()
            self._process.waitForFinished(grace_ms)

    @Slot()
    def _on_process_stdout(self) -> None:
        self._buffer += bytes(self._process.readAllStandardOutput().data())
        *lines, rest = self._buffer.split(b"\n")
        self._buffer = bytearray(rest)
        for line in lines:
            try:
                event = decode_event(bytes(line))
            except WireError as error:
                self._keep_words(f"{error}\n".encode())
                continue
            self.event_received.emit(event)

    @Slot()
    def _on_process_stderr(self) -> None:
        self._keep_words(bytes(self._process.readAllStandardError().data()))

    def _keep_words(self, words: bytes) -> None:
        self._stderr_tail += words
        del self._stderr_tail[:-KEPT_STDERR_BYTES]

    @Slot(QProcess.ProcessError)
    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:  # `finished` will never come
            self._report(exit_code=None, crashed=True)

    @Slot(int, QProcess.ExitStatus)
    def _on_process_finished(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        self._on_process_stdout()
        self._report(exit_code, crashed=status != QProcess.ExitStatus.NormalExit)

    def _report(self, exit_code: int | None, *, crashed: bool) -> None:
        last_words = self._stderr_tail.decode(errors="replace").strip()
        self.exited.emit(WorkerExit(exit_code, crashed, last_words))
