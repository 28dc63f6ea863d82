"""Draws the rows of the list of installed models, and the heads of its columns."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.core.local_model import ModelEntry
from desktop.core.text_format import NOT_AVAILABLE
from desktop.ui.icon import icon
from desktop.ui.library.library_items import ENTRY_ROLE, LibraryRow
from desktop.ui.library.library_text import about_text, kind_of
from desktop.ui.models.model_text import memory_text, speed_text
from desktop.ui.theme import SECONDARY_PX, SPACE_L, SPACE_M, SPACE_S, Tokens, text_font, tokens_for
from desktop.ui.widgets.row_painting import RIGHT, Ink, paint_ground, write_line

ROW_PX, HEADS_PX = 54, 28
_MARK_PX = 16
_END = Qt.TextElideMode.ElideRight


@dataclass(frozen=True, slots=True)
class _Cells:
    """Where the parts of a line stand."""

    words: QRect
    speed: QRect
    memory: QRect
    last_used: QRect


class LibraryDelegate(QStyledItemDelegate):
    """Two lines a model: name and figures; below, what it is and how each figure is known."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._text = text_font()
        self._strong = text_font(strong=True)
        self._small = text_font(SECONDARY_PX)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Rows are as wide as the list."""
        return QSize(0, ROW_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a model."""
        row: LibraryRow = index.data(ENTRY_ROLE)
        tokens = tokens_for(option.palette)
        rect: QRect = option.rect
        inner = rect.adjusted(SPACE_M, SPACE_S, -SPACE_M, -SPACE_S)
        middle = inner.height() // 2
        painter.save()
        paint_ground(painter, option, tokens)
        self._draw_upper(painter, inner.adjusted(0, 0, 0, -middle), row, tokens)
        self._draw_lower(painter, inner.adjusted(0, middle, 0, 0), row.entry, tokens)
        painter.restore()

    def _draw_upper(self, painter: QPainter, rect: QRect, row: LibraryRow, tokens: Tokens) -> None:
        entry, cells = row.entry, _cells(rect)
        words = cells.words
        quiet, text = Ink(self._small, tokens.secondary), Ink(self._text, tokens.text)
        if row.is_current:
            mark = QRect(words.left(), words.center().y() - _MARK_PX // 2, _MARK_PX, _MARK_PX)
            icon("check", tokens.accent, _MARK_PX).paint(painter, mark)
            words.setLeft(mark.right() + SPACE_S)
        is_usable = entry.model.problem is None
        color = tokens.text if is_usable else tokens.secondary
        write_line(painter, words, entry.model.name, Ink(self._strong, color))
        write_line(painter, cells.last_used, row.last_used, quiet, alignment=RIGHT)
        if is_usable:
            for cell, figure in (
                (cells.speed, speed_text(entry)),
                (cells.memory, memory_text(entry)),
            ):
                ink = text if figure else quiet
                write_line(painter, cell, figure or NOT_AVAILABLE, ink, alignment=RIGHT)

    def _draw_lower(
        self, painter: QPainter, rect: QRect, entry: ModelEntry, tokens: Tokens
    ) -> None:
        cells = _cells(rect)
        quiet = Ink(self._small, tokens.secondary)
        if entry.model.problem is not None:
            write_line(painter, rect, entry.model.problem.title, Ink(self._small, tokens.bad))
            return
        # The kinds of the figures end where they do; what a model is may go on below the days.
        write_line(painter, cells.words, about_text(entry), quiet, mode=_END)
        write_line(painter, cells.speed, kind_of(entry.tokens_per_s), quiet, alignment=RIGHT)
        write_line(painter, cells.memory, kind_of(entry.resident_bytes), quiet, alignment=RIGHT)


class LibraryHeads(QWidget):
    """The names of the columns, above the list and as wide as its rows."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the names."""
        painter = QPainter(self)
        ink = Ink(text_font(SECONDARY_PX), tokens_for(self.palette()).secondary)
        cells = _cells(self.rect().adjusted(SPACE_M, 0, -SPACE_M, 0))
        write_line(painter, cells.words, "model", ink)
        for cell, name in (
            (cells.speed, "speed"),
            (cells.memory, "memory"),
            (cells.last_used, "last used"),
        ):
            write_line(painter, cell, name, ink, alignment=RIGHT)
        painter.end()


def _cells(rect: QRect) -> _Cells:
    """Share out a line: the figures have the room of the longest, the words have the rest."""
    text, small = Ink(text_font(), ""), Ink(text_font(SECONDARY_PX), "")
    widths = (
        small.width_of("13 months ago"),
        max(text.width_of("≈ 10.00 GB"), small.width_of(NOT_AVAILABLE)),
        text.width_of("≈ 1,000 tokens/s"),
    )
    right = rect.right() + 1
    cells = []
    for width in widths:
        cells.append(QRect(right - width, rect.top(), width, rect.height()))
        right -= width + SPACE_L
    last_used, memory, speed = cells
    words = QRect(rect.left(), rect.top(), max(0, right - rect.left()), rect.height())
    return _Cells(words, speed, memory, last_used)
