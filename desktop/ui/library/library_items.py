"""The rows of the list of installed models, in the order the reader wants."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.core.figure import Figure
from desktop.core.local_model import ModelEntry
from desktop.ui.library.library_text import about_text, day_text
from desktop.ui.models.model_text import hint_text, spoken_text

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole)
"""Gives the LibraryRow of an index."""
_NO_PARENT = QModelIndex()


class LibraryOrder(Enum):
    """What the list is sorted by; the value is what the user reads."""

    LAST_USED = "last used first"
    NAME = "by name"
    SIZE = "largest file first"
    MEMORY = "most memory first"
    SPEED = "fastest first"


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """One model; `last_used` is in words."""

    entry: ModelEntry
    is_current: bool
    last_used: str

    @property
    def path(self) -> Path:
        """Its file."""
        return self.entry.model.path


def arrange(
    entries: tuple[ModelEntry, ...], order: LibraryOrder, words: str
) -> tuple[ModelEntry, ...]:
    """Return the models that have all the words, sorted; those of one rank by name."""
    wanted = words.lower().split()
    matching = [entry for entry in entries if _matches(entry, wanted)]
    matching.sort(key=_name)
    if order is not LibraryOrder.NAME:
        matching.sort(key=_RANKS[order], reverse=True)
    return tuple(matching)


def rows_of(
    entries: tuple[ModelEntry, ...], current: Path | None, today: date
) -> tuple[LibraryRow, ...]:
    """Return the rows of these models; `current` is the one in use."""
    return tuple(
        LibraryRow(entry, entry.model.path == current, day_text(entry.last_used_at, today))
        for entry in entries
    )


def _matches(entry: ModelEntry, wanted: list[str]) -> bool:
    text = f"{entry.model.name} {entry.model.path.name} {about_text(entry)}".lower()
    return all(word in text for word in wanted)


def _name(entry: ModelEntry) -> str:
    return entry.model.name.lower()


def _last_used_at(entry: ModelEntry) -> str:
    return entry.last_used_at


def _file_bytes(entry: ModelEntry) -> int:
    return entry.model.file_bytes


def _resident_bytes(entry: ModelEntry) -> float:
    return _value(entry.resident_bytes)


def _tokens_per_s(entry: ModelEntry) -> float:
    return _value(entry.tokens_per_s)


def _value(figure: Figure | None) -> float:
    """Rank what is not known below everything."""
    return figure.value if figure is not None else -1.0


_RANKS: dict[LibraryOrder, Callable[[ModelEntry], str | float]] = {
    LibraryOrder.LAST_USED: _last_used_at,
    LibraryOrder.SIZE: _file_bytes,
    LibraryOrder.MEMORY: _resident_bytes,
    LibraryOrder.SPEED: _tokens_per_s,
}


class LibraryItems(QAbstractListModel):
    """A list of installed models; it is fed whole, and rows that stay are not touched."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[LibraryRow, ...] = ()

    def show_rows(self, rows: tuple[LibraryRow, ...]) -> None:
        """Show these rows instead of the ones before."""
        before = self._rows
        if rows == before:
            return
        if [row.path for row in rows] == [row.path for row in before]:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def rows(self) -> tuple[LibraryRow, ...]:
        """Return the rows."""
        return self._rows

    def row_of(self, path: Path | None) -> int | None:
        """Return the row of a model; None if it is not listed."""
        return next((index for index, row in enumerate(self._rows) if row.path == path), None)

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
        if role == ENTRY_ROLE:
            return row
        if role == int(Qt.ItemDataRole.DisplayRole):
            return row.entry.model.name
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return hint_text(row.entry)
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return f"{spoken_text(row.entry)}, last used {row.last_used}"
        return None
