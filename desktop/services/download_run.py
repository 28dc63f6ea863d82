"""One download at work: its process, and what came of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.errors import Problem
from desktop.core.hub_model import HubFault
from desktop.core.transfer_speed import TransferSpeed
from desktop.core.worker_exit import KEPT_LINES, WorkerExit
from desktop.services.worker_process import WorkerProcess
from desktop.wire.download_messages import Downloaded, DownloadProgress, StartDownload
from desktop.wire.hub_messages import HubRefused
from desktop.wire.message import Cancel, Failed
from desktop.wire.messages import Event

STOP_LIMIT_MS = 700
"""A process that was told to stop and has not done so by then is killed, which loses nothing."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a download is; speed and time are None while they are not known."""

    entry_id: int
    state: DownloadState
    done_bytes: int
    bytes_per_s: float | None
    remaining_s: float | None
    note: str


@dataclass(frozen=True, slots=True)
class RunEnd:
    """The end of a process.

    Attributes:
        path: What was published; None if it did not get there.
        problem: Why not; None if it was told to stop, or just died.
        fault: What kind of failure of the Hub that was; None for any other.
        log: The last lines of a process that died.
        done_bytes: On the disk by then.
        fetched_bytes: How much more that is than at the start.
    """

    entry_id: int
    path: Path | None
    problem: Problem | None
    fault: HubFault | None
    log: tuple[str, ...]
    done_bytes: int
    fetched_bytes: int


class DownloadRun(QObject):
    """Runs one process that fetches one model, until it ends.

    Signals:
        progressed: At most four times a second. RunProgress.
        ended: The process is gone; exactly once. RunEnd.
    """

    progressed = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        entry: DownloadEntry,
        folder: Path,
        variables: Mapping[str, str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.entry_id = entry.id
        self._size_bytes = entry.file.size_bytes
        self._request = StartDownload(entry.file, str(folder))
        self._variables = variables
        self._speed = TransferSpeed()
        self._first_bytes: int | None = None
        self._done_bytes = entry.done_bytes
        self._path: Path | None = None
        self._problem: Problem | None = None
        self._fault: HubFault | None = None
        self._worker = WorkerProcess(self)
        self._worker.event_received.connect(self._on_worker_event_received)
        self._worker.exited.connect(self._on_worker_exited)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(STOP_LIMIT_MS)
        self._limit.timeout.connect(self._worker.kill)

    def start(self) -> None:
        """Start the process."""
        self._worker.start_role("download", self._variables)
        self._worker.send(self._request)

    def stop(self) -> None:
        """End soon, keeping what has come; `ended` follows within a second."""
        self._worker.send(Cancel())
        self._limit.start()

    def shut_down(self) -> None:
        """End now and say nothing more; to be killed loses nothing."""
        self.blockSignals(True)
        self._limit.stop()
        self._worker.kill()
        self._worker.stop()

    @Slot(object)
    def _on_worker_event_received(self, event: Event) -> None:
        match event:
            case DownloadProgress(state=DownloadState.PAUSED):
                self._worker.finish()
            case DownloadProgress():
                self._take_progress(event)
            case Downloaded(path=path):
                self._path = Path(path)
                self._worker.finish()
            case HubRefused(refusal=refusal):
                self._problem, self._fault = refusal.problem, refusal.fault
                if refusal.fault is HubFault.WRONG_HASH:  # what had come was deleted
                    self._done_bytes = 0
                self._worker.finish()
            case Failed(problem=problem):
                self._problem = problem
                self._worker.finish()
            case _:
                return

    def _take_progress(self, event: DownloadProgress) -> None:
        if self._first_bytes is None:
            self._first_bytes = event.done_bytes
        self._done_bytes = event.done_bytes
        if event.state is DownloadState.RUNNING:
            self._speed.add(time.monotonic(), event.done_bytes)
        else:
            self._speed = TransferSpeed()
        self.progressed.emit(
            RunProgress(
                entry_id=self.entry_id,
                state=event.state,
                done_bytes=event.done_bytes,
                bytes_per_s=self._speed.bytes_per_s,
                remaining_s=self._speed.remaining_s(self._size_bytes - event.done_bytes),
                note=event.note,
            )
        )

    @Slot(object)
    def _on_worker_exited(self, worker_exit: WorkerExit) -> None:
        self._limit.stop()
        first_bytes = self._done_bytes if self._first_bytes is None else self._first_bytes
        self.ended.emit(
            RunEnd(
                entry_id=self.entry_id,
                path=self._path,
                problem=self._problem,
                fault=self._fault,
                log=tuple(worker_exit.last_words.splitlines()[-KEPT_LINES:]),
                done_bytes=self._done_bytes,
                fetched_bytes=self._done_bytes - first_bytes,
            )
        )
