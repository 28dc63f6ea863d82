"""The scale in one line, for windows that have no room for the panel."""

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.core.telemetry import EngineStatus, MachineSnapshot
from desktop.ui.status import scale_text
from desktop.ui.status.refresh_pace import RefreshPace

_DIVIDER = " · "


class ScaleLine(QLabel):
    """The same figures as the panel; what does not fit is left out from the end.

    It emits nothing: the scale only shows.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = EngineStatus()
        self._snapshot: MachineSnapshot | None = None
        self._parts: tuple[str, ...] = ()
        self._pace = RefreshPace(self)
        self.setProperty("role", "secondary")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The scale: speed, memory, context and machine")
        self._pace.due.connect(self._on_pace_due)
        self._pace.refresh()

    @Slot(object)
    def show_status(self, status: EngineStatus) -> None:
        """Show what the engine is doing; a change of phase at once, figures when it is time."""
        is_new_phase = status.phase is not self._status.phase
        self._status = status
        if is_new_phase:
            self._pace.refresh()
        else:
            self._pace.request()

    @Slot(object)
    def show_snapshot(self, snapshot: MachineSnapshot) -> None:
        """Show what the machine is doing."""
        self._snapshot = snapshot
        self._pace.request()

    def minimumSizeHint(self) -> QSize:
        """The line gives way to any width."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the parts to the font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    @Slot()
    def _on_pace_due(self) -> None:
        self._parts = scale_text.line_parts(self._status, self._snapshot)
        self.setAccessibleDescription(", ".join(self._parts))
        self.setToolTip("\n".join(self._parts))
        self._fit()

    def _fit(self) -> None:
        """Show as many parts as have room; the first is shortened if even it has none."""
        metrics = self.fontMetrics()
        room = self.contentsRect().width()
        count = len(self._parts)
        while count > 1 and metrics.horizontalAdvance(_DIVIDER.join(self._parts[:count])) > room:
            count -= 1
        text = _DIVIDER.join(self._parts[:count])
        self.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
