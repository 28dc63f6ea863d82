"""The rows of the model list: models in groups, each below its heading."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.core.local_model import ModelEntry
from desktop.ui.models.model_text import hint_text, quantization_text, spoken_text

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""Gives the ModelRow of an index."""
_NO_PARENT = QModelIndex()


class ModelGroup(Enum):
    """Where a model stands in the list; the value is the heading."""

    READY = "Ready"
    HEAVY = "Heavy for this machine"
    UNUSABLE = "Cannot be used"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One row: the heading of a group when there is no entry, else a model."""

    group: ModelGroup
    entry: ModelEntry | None = None
    is_current: bool = False

    @property
    def can_be_chosen(self) -> bool:
        """Whether it is a model that can be loaded."""
        return self.entry is not None and self.group is not ModelGroup.UNUSABLE


def group_of(entry: ModelEntry) -> ModelGroup:
    """Return the group of a model."""
    if entry.model.problem is not None:
        return ModelGroup.UNUSABLE
    return ModelGroup.HEAVY if entry.is_heavy else ModelGroup.READY


def rows_of(
    entries: tuple[ModelEntry, ...], current: Path | None, words: str
) -> Iterator[ModelRow]:
    """Yield headings and the models whose name or quantisation has all the words."""
    wanted = words.lower().split()
    for group in ModelGroup:
        members = [
            entry for entry in entries if group_of(entry) is group and _matches(entry, wanted)
        ]
        if members:
            yield ModelRow(group)
        for entry in members:
            yield ModelRow(group, entry, entry.model.path == current)


def _matches(entry: ModelEntry, wanted: list[str]) -> bool:
    text = f"{entry.model.name} {quantization_text(entry.model)} {entry.model.path.name}".lower()
    return all(word in text for word in wanted)


class ModelItems(QAbstractListModel):
    """A list of model rows; it is fed whole and holds no other state."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ModelRow, ...] = ()

    def show_rows(self, rows: tuple[ModelRow, ...]) -> None:
        """Show these rows instead of the ones before."""
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rows(self) -> tuple[ModelRow, ...]:
        """Return the rows, headings among them."""
        return self._rows

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
        if role == ROW_ROLE:
            return row
        entry = row.entry
        if role == int(Qt.ItemDataRole.DisplayRole):
            return row.group.value if entry is None else entry.model.name
        if entry is None:
            return None
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return hint_text(entry)
        return spoken_text(entry) if role == int(Qt.ItemDataRole.AccessibleTextRole) else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Only a model that can be loaded takes part."""
        if not self._rows[index.row()].can_be_chosen:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
