"""The memory of a model over the length of its context, as a stacked area."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.core.text_format import format_count, format_memory
from desktop.core.weighing import Weighing
from desktop.ui.discover.context_scale import ContextScale
from desktop.ui.theme import SECONDARY_PX, Tokens, text_font, tokens_for

GUTTER_PX, EDGE_PX = 48, 8
"""Left of the areas stand the figures of the memory; right of them is half a slider's knob."""
LAYERS = ("weights", "context", "compute", "other")
"""Colour roles of `theme.Tokens`, from the bottom up."""
_HEIGHT_PX, _TOP_PX, _FOOT_PX = 188, 20, 22
_HEADROOM, _FAR = 1.08, 2.0
_MOST_TICKS = 4
_TICK_GAP_PX = 10
_BEYOND_ALPHA = 150
_DOT_PX = 4.0


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where the areas are drawn, and what their height stands for."""

    area: QRectF
    top_bytes: float

    def y_of(self, count: float) -> float:
        """Return the height of an amount of memory, in pixels from the top of the widget."""
        return self.area.bottom() - self.area.height() * count / self.top_bytes


class MemoryChart(QWidget):
    """Weights, context, compute and the engine itself, one upon the other.

    A dashed line is the memory that is available; what lies above it is pale. A mark stands at the
    context length that the slider below has chosen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weighing: Weighing | None = None
        self._scale = ContextScale((1,))
        self._context_tokens = 0
        self._available_bytes = 0
        self._small = text_font(SECONDARY_PX)
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Memory over context length")

    def show_weighing(
        self, weighing: Weighing | None, scale: ContextScale, available_bytes: int
    ) -> None:
        """Show a weighing on an axis of context lengths; None shows the empty chart."""
        self._weighing, self._scale = weighing, scale
        self._available_bytes = available_bytes
        self.setAccessibleDescription(self._in_words())
        self.update()

    def show_context(self, tokens: int) -> None:
        """Mark a context length."""
        self._context_tokens = tokens
        self.update()

    def is_line_within(self) -> bool:
        """Whether the line of the available memory lies within the chart."""
        return 0 < self._available_bytes <= self._most_bytes() * _FAR

    def layers_at(self, tokens: int) -> tuple[int, ...]:
        """Return the bytes of each layer at a context length, from the bottom up."""
        if self._weighing is None:
            return (0,) * len(LAYERS)
        memory = self._weighing.memory_at(tokens)
        return (
            memory.weights_bytes,
            memory.context_bytes,
            memory.compute_bytes,
            self._weighing.overhead_bytes,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the grid, the layers, the line and the mark."""
        tokens = tokens_for(self.palette())
        plot = self._plot()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small)
        if self._weighing is not None:
            self._draw_grid(painter, plot, tokens)
            self._draw_layers(painter, plot, tokens)
            self._draw_ticks(painter, plot, tokens)
            self._draw_available(painter, plot, tokens)
            self._draw_mark(painter, plot, tokens)
        painter.fillRect(
            QRectF(plot.area.left(), plot.area.bottom(), plot.area.width(), 1), QColor(tokens.line)
        )
        painter.end()

    def _plot(self) -> _Plot:
        area = QRectF(
            GUTTER_PX,
            _TOP_PX,
            max(1, self.width() - GUTTER_PX - EDGE_PX),
            self.height() - _TOP_PX - _FOOT_PX,
        )
        top = float(self._most_bytes())
        if self.is_line_within():
            top = max(top, float(self._available_bytes))
        return _Plot(area, max(1.0, top * _HEADROOM))

    def _most_bytes(self) -> int:
        return sum(self.layers_at(self._scale.stops[-1]))

    def _x_of(self, tokens: int, plot: _Plot) -> float:
        return plot.area.left() + plot.area.width() * self._scale.place_of(tokens)

    def _draw_grid(self, painter: QPainter, plot: _Plot, tokens: Tokens) -> None:
        step = tick_step(plot.top_bytes)
        for number in range(int(plot.top_bytes // step) + 1):
            y = plot.y_of(number * step)
            painter.fillRect(QRectF(plot.area.left(), y, plot.area.width(), 1), QColor(tokens.line))
            painter.setPen(QColor(tokens.secondary))
            label = QRectF(0, y - 8, GUTTER_PX - 6, 16)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(label, int(flags), tick_text(number * step))

    def _draw_layers(self, painter: QPainter, plot: _Plot, tokens: Tokens) -> None:
        stops = self._scale.stops if len(self._scale.stops) > 1 else self._scale.stops * 2
        xs = [self._x_of(stop, plot) for stop in stops]
        if len(self._scale.stops) == 1:
            xs = [plot.area.left(), plot.area.right()]
        columns = [self.layers_at(stop) for stop in stops]
        lower = [0.0] * len(xs)
        painter.setPen(Qt.PenStyle.NoPen)
        for layer, role in enumerate(LAYERS):
            upper = [low + column[layer] for low, column in zip(lower, columns, strict=True)]
            line = [QPointF(x, plot.y_of(high)) for x, high in zip(xs, upper, strict=True)]
            back = [QPointF(x, plot.y_of(low)) for x, low in zip(xs, lower, strict=True)]
            painter.setBrush(QColor(getattr(tokens, role)))
            painter.drawPolygon(QPolygonF([*line, *reversed(back)]))
            lower = upper
        if self.is_line_within():
            veil = QColor(tokens.background)
            veil.setAlpha(_BEYOND_ALPHA)
            y = plot.y_of(self._available_bytes)
            beyond = QRectF(plot.area.left(), plot.area.top(), plot.area.width(), y - _TOP_PX)
            painter.fillRect(beyond, veil)

    def _draw_ticks(self, painter: QPainter, plot: _Plot, tokens: Tokens) -> None:
        """Write the context lengths; one that would touch the one before is left out."""
        metrics = QFontMetrics(self._small)
        painter.setPen(QColor(tokens.secondary))
        free_until = float(self.width())
        for tick in reversed(self._scale.ticks()):
            text = context_text(tick)
            width = metrics.horizontalAdvance(text)
            left = self._x_of(tick, plot) - width / 2
            left = min(left, self.width() - width)
            if left + width + _TICK_GAP_PX > free_until and free_until < self.width():
                continue
            painter.drawText(QPointF(left, self.height() - 5), text)
            free_until = left

    def _draw_available(self, painter: QPainter, plot: _Plot, tokens: Tokens) -> None:
        text = f"{format_memory(self._available_bytes)} available"
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.setPen(QColor(tokens.text))
        right = plot.area.right()
        if not self.is_line_within():
            above = QRectF(0, 0, right, _TOP_PX - 4)
            painter.drawText(above, int(flags), f"{text}, above this chart")
            return
        y = plot.y_of(self._available_bytes)
        painter.setPen(QPen(QColor(tokens.text), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(plot.area.left(), y), QPointF(right, y))
        # The words stand at the left, where the areas are lowest, upon a ground of their own.
        width = QFontMetrics(self._small).horizontalAdvance(text) + 8
        place = QRectF(plot.area.left() + 4, max(0.0, y - 19), width, 16)
        ground = QColor(tokens.background)
        painter.fillRect(place, ground)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)

    def _draw_mark(self, painter: QPainter, plot: _Plot, tokens: Tokens) -> None:
        x = self._x_of(self._context_tokens, plot) if len(self._scale.stops) > 1 else 0.0
        if not x:
            return
        top = plot.y_of(sum(self.layers_at(self._context_tokens)))
        painter.setPen(QPen(QColor(tokens.text), 1.5))
        painter.drawLine(QPointF(x, plot.area.bottom()), QPointF(x, top))
        painter.setPen(QPen(QColor(tokens.card), 1.5))
        painter.setBrush(QColor(tokens.text))
        painter.drawEllipse(QPointF(x, top), _DOT_PX, _DOT_PX)

    def _in_words(self) -> str:
        if self._weighing is None:
            return "Not weighed yet"
        points = [
            f"{format_memory(self._weighing.total_bytes_at(tick))} at {format_count(tick)} tokens"
            for tick in (self._scale.stops[0], self._scale.stops[-1])
        ]
        available = format_memory(self._available_bytes)
        return f"From {' to '.join(dict.fromkeys(points))}; {available} is available"


def context_text(tokens: int) -> str:
    """Write a context length as short as on an axis: ``4k`` for 4,096."""
    if tokens < 1024:
        return format_count(tokens)
    return f"{tokens / 1024:.1f}".removesuffix(".0") + "k"


def tick_step(top_bytes: float) -> float:
    """Return a round distance between the lines of the grid, so that there are few."""
    unit = 1.0
    while True:
        for factor in (1, 2, 5):
            if top_bytes / (unit * factor) <= _MOST_TICKS:
                return unit * factor
        unit *= 10


def tick_text(count: float) -> str:
    """Write an amount of memory as short as on an axis: ``2 GB``, ``0.5 GB``."""
    if not count:
        return "0"
    return f"{count / 1e9:g} GB" if count >= 1e8 else f"{count / 1e6:g} MB"
