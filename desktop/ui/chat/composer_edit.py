"""The field that a message is written in."""

import math

from PySide6.QtCore import QEvent, QMimeData, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

_SEND_KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_LEAST_PX, _MARGIN_PX = 24, 2


class ComposerEdit(QPlainTextEdit):
    """Grows with its text up to a limit; takes plain text only.

    Signals:
        send_requested(): Enter was pressed without Shift.
        focus_changed(): The field has got or lost the focus.
    """

    send_requested = Signal()
    focus_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit_px = _LEAST_PX
        self.setProperty("role", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Message")
        self.document().setDocumentMargin(_MARGIN_PX)
        self.viewport().setAutoFillBackground(False)
        self.document().documentLayout().documentSizeChanged.connect(self._on_layout_size_changed)

    def set_limit(self, limit_px: int) -> None:
        """Say how tall the field may become; beyond that it scrolls."""
        self._limit_px = limit_px
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send on Enter, break the line on Shift+Enter."""
        is_break = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in _SEND_KEYS and not is_break:
            self.send_requested.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Leave files that are dropped here to the window."""
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste words without their looks."""
        self.insertPlainText(source.text())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the field has the focus."""
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the field has lost the focus."""
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the height to another font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for all lines, up to the limit."""
        return QSize(super().sizeHint().width(), min(self._needed_px(), self._limit_px))

    def minimumSizeHint(self) -> QSize:
        """One line, where the window has no room for more."""
        return QSize(super().minimumSizeHint().width(), _LEAST_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the scroll bar only where lines are out of sight."""
        super().resizeEvent(event)
        policy = Qt.ScrollBarPolicy
        fits = self._needed_px() <= self.height()
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded
        )

    def _needed_px(self) -> int:
        """A plain text document counts its height in lines."""
        lines = max(1.0, self.document().size().height())
        text_px = math.ceil(lines * self.fontMetrics().lineSpacing())
        return max(_LEAST_PX, text_px + 2 * _MARGIN_PX + 2)

    @Slot(QSizeF)
    def _on_layout_size_changed(self, _size: QSizeF) -> None:
        self.updateGeometry()
