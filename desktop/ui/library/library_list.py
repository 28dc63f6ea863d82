"""The list of installed models with the heads of its columns."""

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.ui.library.library_delegate import HEADS_PX, LibraryDelegate, LibraryHeads
from desktop.ui.library.library_items import ENTRY_ROLE, LibraryItems, LibraryRow

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class LibraryList(QListView):
    """Rows of models; the chosen one stays chosen when the list changes.

    Signals:
        row_chosen(object: LibraryRow | None): Another row is selected, or its figures changed.
        model_chosen(object: Path): Enter or two clicks: it is to be loaded.
        removal_requested(object: Path): Delete was pressed.
        rename_requested(): F2 was pressed.
    """

    row_chosen = Signal(object)
    model_chosen = Signal(object)
    removal_requested = Signal(object)
    rename_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = LibraryItems(self)
        self._heads = LibraryHeads(self)
        self._chosen: Path | None = None
        self.setModel(self._items)
        self.setItemDelegate(LibraryDelegate(self))
        self.setAccessibleName("Models on this machine")
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(0, HEADS_PX, 0, 0)
        self.selectionModel().currentChanged.connect(self._on_selection_current_changed)
        self.doubleClicked.connect(self._on_self_double_clicked)

    def show_rows(self, rows: tuple[LibraryRow, ...]) -> None:
        """Show these rows; where the chosen one is gone, the one in its place is chosen."""
        place = max(0, self.currentIndex().row())
        chosen, is_first = self._chosen, self._chosen is None
        self._items.show_rows(rows)
        row = self._items.row_of(chosen)
        if row is None and is_first:
            row = next((index for index, one in enumerate(rows) if one.is_current), 0)
        if row is None:
            row = min(place, len(rows) - 1)
        self._select(row)
        self._announce()

    def chosen_row(self) -> LibraryRow | None:
        """Return the selected row; None for none."""
        row = self.currentIndex().data(ENTRY_ROLE)
        return row if isinstance(row, LibraryRow) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter loads, Delete removes, F2 renames."""
        row = self.chosen_row()
        if row is None:
            super().keyPressEvent(event)
        elif event.key() in _ENTER:
            self._load(row)
        elif event.key() == Qt.Key.Key_Delete:
            self.removal_requested.emit(row.path)
        elif event.key() == Qt.Key.Key_F2:
            self.rename_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the heads above the rows, and the chosen row in sight."""
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())
        viewport = self.viewport().geometry()
        self._heads.setGeometry(viewport.left(), 0, viewport.width(), HEADS_PX)

    def _select(self, row: int) -> None:
        index = self._items.index(row) if row >= 0 else QModelIndex()
        if index == self.currentIndex() and self.selectionModel().isSelected(index):
            return
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def _load(self, row: LibraryRow) -> None:
        if row.entry.model.problem is None:
            self.model_chosen.emit(row.path)

    def _announce(self) -> None:
        row = self.chosen_row()
        self._chosen = None if row is None else row.path
        self.row_chosen.emit(row)

    @Slot(QModelIndex, QModelIndex)
    def _on_selection_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        # A list that is filled anew has no current row for a moment, which is no choice.
        if current.isValid():
            self._announce()

    @Slot(QModelIndex)
    def _on_self_double_clicked(self, _index: QModelIndex) -> None:
        row = self.chosen_row()
        if row is not None:
            self._load(row)
