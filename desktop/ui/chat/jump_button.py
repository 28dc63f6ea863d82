"""The round button that leads back to the newest words."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.ui.icon import icon_pixmap
from desktop.ui.theme import ICON_PX, tokens_for

_DIAMETER_PX = 36


class JumpButton(QAbstractButton):
    """An arrow downwards in a circle that floats above the transcript."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_DIAMETER_PX, _DIAMETER_PX)
        self.setAccessibleName("Jump to the newest")
        self.setToolTip("Jump to the newest  (End)")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the circle and the arrow."""
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line_px = 2.0 if self.hasFocus() else 1.0
        painter.setPen(QPen(QColor(tokens.accent if self.hasFocus() else tokens.line), line_px))
        painter.setBrush(QColor(tokens.selection if self.underMouse() else tokens.card))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        arrow = icon_pixmap("arrow-down", tokens.text, ICON_PX, self.devicePixelRatioF())
        offset = (_DIAMETER_PX - ICON_PX) // 2
        painter.drawPixmap(offset, offset, arrow)
        painter.end()
