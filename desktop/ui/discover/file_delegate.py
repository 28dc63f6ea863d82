"""Draws the files of a repository in aligned columns."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from desktop.core.memory_fit import Fit
from desktop.ui.discover.file_items import FILE_ROLE, FileRow
from desktop.ui.discover.fit_color import fit_color
from desktop.ui.theme import SECONDARY_PX, SPACE_L, SPACE_M, SPACE_S, Tokens, text_font, tokens_for
from desktop.ui.widgets.row_painting import RIGHT, Ink, paint_ground, write_line

FILE_ROW_PX = 32
_DOT_PX = 14
_BITS_FROM_PX = 420
"""Narrower rows have no room for the bits of a weight and the number of parts."""


class FileDelegate(QStyledItemDelegate):
    """One line a file: whether it is chosen, packing, bits, size, parts and fit."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._font = text_font()
        self._strong = text_font(strong=True)
        self._small = text_font(SECONDARY_PX)
        small = Ink(self._small, "")
        self._packing_px = Ink(self._strong, "").width_of("IQ3_XXS_L") + SPACE_S
        self._bits_px = small.width_of("16.00 bits per weight") + SPACE_L
        self._size_px = Ink(self._font, "").width_of("100.0 GB")
        self._parts_px = small.width_of("88 parts")
        self._fit_px = max(small.width_of(fit.value) for fit in Fit) + 1

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Rows are as wide as the list."""
        return QSize(0, FILE_ROW_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a heading or a file."""
        row: FileRow = index.data(FILE_ROLE)
        tokens = tokens_for(option.palette)
        rect: QRect = option.rect
        inner = rect.adjusted(SPACE_S, 0, -SPACE_S, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.file is None:
            write_line(painter, inner, row.heading, Ink(self._small, tokens.secondary))
        elif row.is_projector:
            self._draw_projector(painter, inner, row, tokens)
        else:
            paint_ground(painter, option, tokens)
            _draw_choice(painter, inner, tokens, is_chosen=row.is_chosen)
            inner.setLeft(inner.left() + _DOT_PX + SPACE_S)
            self._draw_file(painter, inner, row, tokens)
        painter.restore()

    def _draw_file(self, painter: QPainter, rect: QRect, row: FileRow, tokens: Tokens) -> None:
        quiet = Ink(self._small, tokens.secondary)
        is_wide = rect.width() >= _BITS_FROM_PX
        if row.fit is not None:
            fit = rect.adjusted(rect.width() - self._fit_px, 0, 0, 0)
            ink = Ink(self._small, fit_color(tokens, row.fit))
            write_line(painter, fit, row.fit.value, ink, alignment=RIGHT)
        size_right = rect.right() - self._fit_px - SPACE_M
        size = QRect(size_right - self._size_px, rect.top(), self._size_px, rect.height())
        write_line(painter, size, row.size, Ink(self._font, tokens.text), alignment=RIGHT)
        packing_px = self._packing_px if is_wide else size.left() - SPACE_S - rect.left()
        packing = QRect(rect.left(), rect.top(), packing_px, rect.height())
        font = self._strong if row.is_chosen else self._font
        write_line(painter, packing, row.packing, Ink(font, tokens.text))
        if is_wide:
            bits = packing.translated(self._packing_px, 0)
            bits.setWidth(self._bits_px)
            write_line(painter, bits, row.bits, quiet)
            parts = size.adjusted(-self._parts_px - SPACE_S, 0, 0, 0)
            parts.setWidth(self._parts_px)
            if parts.left() > bits.right() or not row.bits:
                write_line(painter, parts, row.parts, quiet, alignment=RIGHT)

    def _draw_projector(self, painter: QPainter, rect: QRect, row: FileRow, tokens: Tokens) -> None:
        quiet = Ink(self._small, tokens.secondary)
        size_right = rect.right() - self._fit_px - SPACE_M
        size = QRect(size_right - self._size_px, rect.top(), self._size_px, rect.height())
        write_line(painter, size, row.size, quiet, alignment=RIGHT)
        rect.setRight(size.left() - SPACE_S)
        rect.setLeft(rect.left() + _DOT_PX + SPACE_S)
        write_line(painter, rect, row.packing, quiet)


def _draw_choice(painter: QPainter, rect: QRect, tokens: Tokens, *, is_chosen: bool) -> None:
    """Draw the dot that says which file is chosen."""
    top = rect.center().y() + 1 - _DOT_PX / 2
    ring = QRectF(rect.left(), top, _DOT_PX, _DOT_PX).adjusted(1, 1, -1, -1)
    color = QColor(tokens.accent if is_chosen else tokens.secondary)
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(ring)
    if is_chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(ring.adjusted(3, 3, -3, -3))
