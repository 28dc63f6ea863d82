"""A small curve of the last minute."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.ui.theme import Tokens, tokens_for

HISTORY_S = 60.0
_HEIGHT_PX = 48
_GAP_S = 2.5
"""Samples further apart than this are not joined."""
_HEADROOM = 1.15
_GROUND_ALPHA = 36
_DOT_PX = 3.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A value at a time of a monotonic clock; None is a gap."""

    at_s: float
    value: float | None


class Sparkline(QWidget):
    """The values of the last 60 seconds; the newest is at the right, hovering tells one.

    Args:
        name: What the curve shows, for screen readers.
        describe: Writes a value with its unit.
    """

    def __init__(
        self, name: str, describe: Callable[[float], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._describe = describe
        self._samples: deque[Sample] = deque()
        self._top = 1.0
        self._hover_x: float | None = None
        self.setAccessibleName(name)
        self.setFixedHeight(_HEIGHT_PX)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, at_s: float, value: float | None) -> None:
        """Take a further value; what is older than a minute is forgotten."""
        self._samples.append(Sample(at_s, value))
        while self._samples[0].at_s < at_s - HISTORY_S:
            self._samples.popleft()
        known = self.values()
        self._top = max(known, default=0.0) * _HEADROOM or 1.0
        self.setAccessibleDescription(
            f"Last minute: {self._describe(min(known))} to {self._describe(max(known))}"
            if known
            else "Nothing in the last minute"
        )
        self.update()

    def values(self) -> tuple[float, ...]:
        """Return the values of the last minute, oldest first, without the gaps."""
        return tuple(sample.value for sample in self._samples if sample.value is not None)

    def text_at(self, x: float) -> str:
        """Return what hovering tells at a distance from the left edge; empty in a gap."""
        sample = self._sample_at(x)
        if sample is None or sample.value is None:
            return ""
        ago_s = round(self._samples[-1].at_s - sample.at_s)
        return f"{self._describe(sample.value)}, {f'{ago_s} s ago' if ago_s else 'now'}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the value under the pointer."""
        self._hover_x = event.position().x()
        QToolTip.showText(event.globalPosition().toPoint(), self.text_at(self._hover_x), self)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        self._hover_x = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the base line, the curve over a tinted ground, and the dot under the pointer."""
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.line))
        ground = QColor(tokens.accent)
        ground.setAlpha(_GROUND_ALPHA)
        for run in self._runs():
            self._draw_run(painter, run, tokens, ground)
        self._draw_dot(painter, tokens)
        painter.end()

    def _draw_run(
        self, painter: QPainter, run: list[QPointF], tokens: Tokens, ground: QColor
    ) -> None:
        floor = float(self.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        area = [QPointF(run[0].x(), floor), *run, QPointF(run[-1].x(), floor)]
        painter.drawPolygon(QPolygonF(area))
        painter.setPen(QPen(QColor(tokens.accent), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(run))

    def _draw_dot(self, painter: QPainter, tokens: Tokens) -> None:
        sample = None if self._hover_x is None else self._sample_at(self._hover_x)
        if sample is None or sample.value is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent))
        painter.drawEllipse(self._point(sample.at_s, sample.value), _DOT_PX, _DOT_PX)

    def _runs(self) -> Iterator[list[QPointF]]:
        """Yield the points of each unbroken stretch of at least two values."""
        run: list[QPointF] = []
        before_s = 0.0
        for sample in self._samples:
            if run and (sample.value is None or sample.at_s - before_s > _GAP_S):
                if len(run) > 1:
                    yield run
                run = []
            if sample.value is not None:
                run.append(self._point(sample.at_s, sample.value))
            before_s = sample.at_s
        if len(run) > 1:
            yield run

    def _point(self, at_s: float, value: float) -> QPointF:
        left_s = self._samples[-1].at_s - HISTORY_S
        x = (at_s - left_s) / HISTORY_S * (self.width() - 1)
        return QPointF(x, 1 + (self.height() - 2) * (1 - value / self._top))

    def _sample_at(self, x: float) -> Sample | None:
        """Return the sample nearest to a place; None if none is near."""
        if not self._samples or self.width() < 2:
            return None
        at_s = self._samples[-1].at_s - HISTORY_S * (1 - x / (self.width() - 1))
        times = [sample.at_s for sample in self._samples]
        index = bisect_left(times, at_s)
        near = list(self._samples)[max(0, index - 1) : index + 1]
        nearest = min(near, key=lambda sample: abs(sample.at_s - at_s))
        return nearest if abs(nearest.at_s - at_s) <= _GAP_S else None
