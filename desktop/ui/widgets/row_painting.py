"""How the rows of lists are painted: their ground, and lines of text."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from desktop.ui.theme import RADIUS_CONTROL, Tokens

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FOCUS_PX = 2.0


@dataclass(frozen=True, slots=True)
class Ink:
    """What a line of text is written with; `color` is such as ``#0F6E6E``."""

    font: QFont
    color: str

    def width_of(self, text: str) -> int:
        """Return the width of a text in pixels."""
        return QFontMetrics(self.font).horizontalAdvance(text)


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, tokens: Tokens) -> None:
    """Mark the row that is selected or under the pointer, and frame the one with the focus."""
    state, flag = option.state, QStyle.StateFlag
    if not state & (flag.State_Selected | flag.State_MouseOver):
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    has_focus = bool(state & flag.State_HasFocus and state & flag.State_Active)
    pen = QPen(QColor(tokens.accent), _FOCUS_PX) if has_focus else QPen(Qt.PenStyle.NoPen)
    painter.setPen(pen)
    painter.setBrush(QColor(tokens.selection))
    inset = _FOCUS_PX / 2
    area = QRectF(option.rect).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(area, RADIUS_CONTROL, RADIUS_CONTROL)


def write_line(
    painter: QPainter,
    rect: QRect,
    text: str,
    ink: Ink,
    *,
    alignment: Qt.AlignmentFlag = LEFT,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
) -> int:
    """Write one line, shortened if it must be; return the width it took, in pixels."""
    painter.setFont(ink.font)
    painter.setPen(QColor(ink.color))
    fitting = QFontMetrics(ink.font).elidedText(text, mode, rect.width())
    painter.drawText(rect, int(alignment), fitting)
    return ink.width_of(fitting)
