"""The rows of the list of models to find."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.ui.discover.offer import OfferRow
from desktop.ui.discover.offer_text import hint_text, spoken_text

OFFER_ROLE = int(Qt.ItemDataRole.UserRole)
"""Gives the OfferRow of an index."""
_NO_PARENT = QModelIndex()


class OfferItems(QAbstractListModel):
    """A list of offers; it is fed whole, and rows that stay are not touched."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[OfferRow, ...] = ()

    def show_rows(self, rows: tuple[OfferRow, ...]) -> None:
        """Show these rows instead of the ones before; further pages only add to the end."""
        before = self._rows
        if rows == before:
            return
        if len(rows) > len(before) > 0 and rows[: len(before)] == before:
            self.beginInsertRows(QModelIndex(), len(before), len(rows) - 1)
            self._rows = rows
            self.endInsertRows()
        elif _keys(rows) == _keys(before):
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def rows(self) -> tuple[OfferRow, ...]:
        """Return the rows, headings among them."""
        return self._rows

    def row_of(self, key: str) -> int | None:
        """Return the row of an offer; None if it is not listed."""
        for index, row in enumerate(self._rows):
            if row.offer is not None and row.offer.key == key:
                return index
        return None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        """Return the number of rows; a row has no rows below it."""
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> object:
        """Return the name of a row, its row, its tooltip or what a screen reader says."""
        row = self._rows[index.row()]
        if role == OFFER_ROLE:
            return row
        if role == int(Qt.ItemDataRole.DisplayRole):
            return row.heading if row.offer is None else row.offer.name
        if row.offer is None:
            return None
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return hint_text(row.offer)
        return spoken_text(row.offer) if role == int(Qt.ItemDataRole.AccessibleTextRole) else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Headings take no part."""
        if self._rows[index.row()].offer is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _keys(rows: tuple[OfferRow, ...]) -> list[str]:
    return [row.heading if row.offer is None else row.offer.key for row in rows]
