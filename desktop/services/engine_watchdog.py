"""Notices an engine that lives but does not answer."""

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.system.memory_probe import ProcessState, process_state

CHECK_INTERVAL_MS = 250
QUIET_S = 0.7
"""A busy engine sends a heartbeat every 0.25 s; after this long it is worth a look."""
HUNG_S = 20.0
"""After this long it is given up, even if the machine is swapping."""


class EngineWatchdog(QObject):
    """Watches one process while it works on a request; lives in the window's process.

    Signals:
        hung: The process is stopped by a signal, or silent for too long. bool: whether it was
            stopped from outside.
    """

    hung = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pid = 0
        self._heard_s = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(CHECK_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def watch(self, pid: int) -> None:
        """Begin to expect signs of life."""
        self._pid = pid
        self.heard()
        self._timer.start()

    def heard(self) -> None:
        """Take note of a sign of life."""
        self._heard_s = time.monotonic()

    def rest(self) -> None:
        """Expect nothing until the next `watch`."""
        self._timer.stop()

    @Slot()
    def _on_timer_timeout(self) -> None:
        quiet_s = time.monotonic() - self._heard_s
        if quiet_s < QUIET_S:
            return
        was_stopped = process_state(self._pid) is ProcessState.STOPPED
        if was_stopped or quiet_s > HUNG_S:
            self.rest()
            self.hung.emit(was_stopped)
