"""Draws the rows of the model list in aligned columns."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.core.local_model import LocalModel
from desktop.core.memory_fit import Fit
from desktop.ui.icon import icon
from desktop.ui.models.model_items import ROW_ROLE, ModelRow
from desktop.ui.models.model_text import (
    memory_text,
    parameters_text,
    quantization_text,
    size_text,
    speed_text,
)
from desktop.ui.theme import (
    RADIUS_CONTROL,
    SECONDARY_PX,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    Tokens,
    text_font,
    tokens_for,
)

_ROW_PX, _HEADING_PX = 52, 32
_CHECK_PX = 16
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FIT_ROLES = {
    Fit.EASY.value: "good",
    Fit.TIGHT.value: "warning",
    Fit.SWAP.value: "bad",
    Fit.NO.value: "bad",
}


@dataclass(frozen=True, slots=True)
class _Widths:
    """Column widths in pixels, by the longest text each is to hold."""

    speed: int
    memory: int
    fit: int
    parameters: int
    quantization: int


class ModelDelegate(QStyledItemDelegate):
    """Two lines a model: name, speed, memory and fit; below, parameters, quantisation, size."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._font = text_font()
        self._strong = text_font(strong=True)
        self._small = text_font(SECONDARY_PX)
        self._small_strong = text_font(SECONDARY_PX, strong=True)
        text, small = QFontMetrics(self._font), QFontMetrics(self._small)
        self._widths = _Widths(
            speed=text.horizontalAdvance("≈ 1,000 tokens/s"),
            memory=text.horizontalAdvance("≈ 10.00 GB"),
            fit=max(small.horizontalAdvance(fit.value) for fit in Fit),
            parameters=small.horizontalAdvance("100.0B") + SPACE_S,
            quantization=small.horizontalAdvance("MXFP4_MOE") + SPACE_M,
        )

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Rows are as wide as the list."""
        row: ModelRow = index.data(ROW_ROLE)
        return QSize(0, _HEADING_PX if row.entry is None else _ROW_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a heading or a model."""
        row: ModelRow = index.data(ROW_ROLE)
        rect: QRect = option.rect
        tokens = tokens_for(option.palette)
        inner = rect.adjusted(SPACE_M, 0, -SPACE_M, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.entry is None:
            self._draw_heading(painter, inner, index, tokens)
        else:
            if row.can_be_chosen:
                _draw_ground(painter, option, tokens)
            self._draw_model(painter, inner, row, tokens)
        painter.restore()

    def _draw_heading(
        self,
        painter: QPainter,
        rect: QRect,
        index: QModelIndex | QPersistentModelIndex,
        tokens: Tokens,
    ) -> None:
        color = tokens.secondary
        _write(painter, rect, index.data(), self._small_strong, color)
        if index.row() == 0:
            speed, memory, fit = self._columns(rect)
            _write(painter, speed, "speed", self._small, color, alignment=_RIGHT)
            _write(painter, memory, "memory", self._small, color, alignment=_RIGHT)
            _write(painter, fit, "fit", self._small, color)

    def _draw_model(self, painter: QPainter, rect: QRect, row: ModelRow, tokens: Tokens) -> None:
        entry = row.entry
        if entry is None:
            return
        indented = rect.adjusted(_CHECK_PX + SPACE_S, SPACE_S, 0, -SPACE_S)
        upper = indented.adjusted(0, 0, 0, -indented.height() // 2)
        lower = indented.adjusted(0, indented.height() // 2, 0, 0)
        if row.is_current:
            check = QRect(rect.left(), upper.center().y() - _CHECK_PX // 2, _CHECK_PX, _CHECK_PX)
            icon("check", tokens.accent, _CHECK_PX).paint(painter, check)
        name_font = self._strong if row.is_current else self._font
        if entry.model.problem is not None:
            _write(painter, upper, entry.model.name, name_font, tokens.secondary)
            _write(painter, lower, entry.model.problem.title, self._small, tokens.bad)
            return
        speed, memory, fit = self._columns(upper)
        upper.setRight(speed.left() - SPACE_S)
        _write(painter, upper, entry.model.name, name_font, tokens.text)
        _write(painter, speed, speed_text(entry), self._font, tokens.text, alignment=_RIGHT)
        _write(painter, memory, memory_text(entry), self._font, tokens.text, alignment=_RIGHT)
        fit_color = getattr(tokens, _FIT_ROLES.get(entry.fit, "secondary"))
        _write(painter, fit, entry.fit, self._small, fit_color)
        self._draw_file(painter, lower, entry.model, tokens)

    def _draw_file(self, painter: QPainter, rect: QRect, model: LocalModel, tokens: Tokens) -> None:
        columns = (
            (parameters_text(model), self._widths.parameters),
            (quantization_text(model), self._widths.quantization),
            (size_text(model), rect.width()),
        )
        left = rect.left()
        for text, width in columns:
            if text:
                column = QRect(left, rect.top(), width, rect.height())
                _write(painter, column, text, self._small, tokens.secondary)
                left += width

    def _columns(self, rect: QRect) -> tuple[QRect, QRect, QRect]:
        """Return where speed, memory and fit stand, from the right end."""
        widths = self._widths
        fit_left = rect.right() - widths.fit
        memory_left = fit_left - SPACE_L - widths.memory
        speed_left = memory_left - SPACE_L - widths.speed
        top, height = rect.top(), rect.height()
        return (
            QRect(speed_left, top, widths.speed, height),
            QRect(memory_left, top, widths.memory, height),
            QRect(fit_left, top, widths.fit + 1, height),
        )


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem, tokens: Tokens) -> None:
    is_marked = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver
    if option.state & is_marked:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.selection))
        painter.drawRoundedRect(option.rect.adjusted(0, 1, 0, -1), RADIUS_CONTROL, RADIUS_CONTROL)


def _write(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    color: str,
    *,
    alignment: Qt.AlignmentFlag = _LEFT,
) -> None:
    """Write one line, shortened in the middle if it must be."""
    painter.setFont(font)
    painter.setPen(QColor(color))
    fitting = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
    painter.drawText(rect, int(alignment), fitting)
