"""The rounded ground that words, code and the composer stand on."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.ui.theme import tokens_for


class RoundedBox(QWidget):
    """Paints a rounded ground in the colours of two roles; the line turns to accent on demand.

    Args:
        fill: The ground, by its name in `theme.Tokens`.
        line: The border, likewise; empty for none.
    """

    def __init__(self, fill: str, line: str, radius: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill = fill
        self._line = line
        self._radius = radius
        self._is_highlighted = False

    def set_highlighted(self, *, highlighted: bool) -> None:
        """Mark the box as the one with the focus."""
        self._is_highlighted = highlighted
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and its border."""
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line_px = 2.0 if self._is_highlighted else 1.0 if self._line else 0.0
        role = "accent" if self._is_highlighted else self._line or self._fill
        painter.setPen(QPen(QColor(getattr(tokens, role)), max(line_px, 1.0)))
        painter.setBrush(QColor(getattr(tokens, self._fill)))
        inset = max(line_px, 1.0) / 2
        area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(area, self._radius, self._radius)
        painter.end()
