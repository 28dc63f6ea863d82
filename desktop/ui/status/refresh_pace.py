"""Keeps figures readable: they change at most four times a second."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

INTERVAL_MS = 250


class RefreshPace(QObject):
    """Turns any number of requests into at most four refreshes a second; the last one counts.

    Signals:
        due(): It is time to show what is known.
    """

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._since_last = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)

    def request(self) -> None:
        """Ask for a refresh: now if the last one is long ago, else as soon as it may be."""
        if self._timer.isActive():
            return
        passed_ms = self._since_last.elapsed() if self._since_last.isValid() else INTERVAL_MS
        if passed_ms >= INTERVAL_MS:
            self.refresh()
        else:
            self._timer.start(INTERVAL_MS - passed_ms)

    @Slot()
    def refresh(self) -> None:
        """Refresh at once, as when the phase changes and waiting would show a stale word."""
        self._timer.stop()
        self._since_last.start()
        self.due.emit()
