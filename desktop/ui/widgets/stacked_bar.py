"""A bar of parts, such as what the memory of a model consists of."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.theme import tokens_for

_GAP_PX = 1.0
_LEAST_PX = 3.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar.

    Attributes:
        value: In the unit of the bar's total.
        role: The colour, by its name in `theme.Tokens`.
        label: In words with its figure, for screen readers: ``weights 92 MB``.
    """

    value: float
    role: str
    label: str = ""


class StackedBar(QWidget):
    """Parts side by side against a total; a part that is not zero is always visible."""

    def __init__(self, name: str, height: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: tuple[Segment, ...] = ()
        self._total = 0.0
        self.setAccessibleName(name)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_segments(self, segments: tuple[Segment, ...], total: float) -> None:
        """Show parts of a total; without a total the bar is empty."""
        if (segments, total) == (self._segments, self._total):
            return
        self._segments = segments
        self._total = total
        self.setAccessibleDescription(", ".join(part.label for part in segments if part.label))
        self.update()

    def segment_widths(self) -> tuple[float, ...]:
        """Return the width of each part in pixels."""
        whole = float(self.width())
        values = [max(0.0, part.value) for part in self._segments]
        scale = max(self._total, sum(values))
        if scale <= 0:
            return (0.0,) * len(values)
        widths = [max(_LEAST_PX, whole * value / scale) if value else 0.0 for value in values]
        excess = sum(widths) - whole
        if excess > 0:
            # The widest part pays for those that were widened to be seen.
            widest = widths.index(max(widths))
            widths[widest] = max(_LEAST_PX, widths[widest] - excess)
        return tuple(widths)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, then the parts, all within one rounded shape."""
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        radius = min(self.height() / 2, 6.0)
        shape.addRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), QColor(tokens.line))
        painter.setPen(Qt.PenStyle.NoPen)
        left = 0.0
        for part, width in zip(self._segments, self.segment_widths(), strict=True):
            color = QColor(getattr(tokens, part.role))
            painter.fillRect(QRectF(left, 0, max(0.0, width - _GAP_PX), self.height()), color)
            left += width
        painter.end()
