"""The rows of the conversation list: conversations under the day they were last used."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from itertools import groupby
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from desktop.core.conversation import ConversationSummary, Renaming

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_LAST_DAYS = 7


class ItemRole(IntEnum):
    """What the delegate and the list ask for beside the title."""

    SUMMARY = Qt.ItemDataRole.UserRole
    """The ConversationSummary; None for a day."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """The heading of a group."""

    name: str


class ConversationItems(QAbstractListModel):
    """Takes whole lists, newest conversation first, and never changes them itself.

    Signals:
        rename_requested(object: Renaming): A title was edited.
    """

    rename_requested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[DayRow | ConversationSummary, ...] = ()

    def show_conversations(
        self, conversations: tuple[ConversationSummary, ...], today: date
    ) -> None:
        """Take a list of conversations, newest first."""
        rows = tuple(_grouped(conversations, today))
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def index_of(self, conversation_id: int | None) -> QModelIndex:
        """Return where a conversation stands; an invalid index if it is not in the list."""
        for row, item in enumerate(self._rows):
            if isinstance(item, ConversationSummary) and item.id == conversation_id:
                return self.index(row)
        return QModelIndex()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Return the number of conversations and days."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a title, the name of a day, or the whole summary."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if isinstance(row, DayRow):
            names = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
            return row.name if role in names else None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return row.title
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{row.title}, {row.model_name}" if row.model_name else row.title
        return row if role == ItemRole.SUMMARY else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a new title; the list changes when it is told to."""
        row = self._rows[index.row()]
        title = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or isinstance(row, DayRow):
            return False
        if title and title != row.title:
            self.rename_requested.emit(Renaming(row.id, title))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let conversations be chosen and renamed, and days be read."""
        if index.isValid() and isinstance(self._rows[index.row()], ConversationSummary):
            flag = Qt.ItemFlag
            return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable
        return Qt.ItemFlag.NoItemFlags


def day_name(moment: datetime, today: date) -> str:
    """Name the group of a conversation: by the day, then by the month.

    >>> day_name(datetime(2024, 2, 3), date(2025, 1, 1))
    'February 2024'
    """
    day = moment.astimezone().date() if moment.tzinfo else moment.date()
    age_days = (today - day).days
    if age_days <= 0:
        return "Today"
    if age_days == 1:
        return "Yesterday"
    if age_days <= _LAST_DAYS:
        return f"Previous {_LAST_DAYS} days"
    return f"{day:%B}" if day.year == today.year else f"{day:%B %Y}"


def _grouped(
    conversations: tuple[ConversationSummary, ...], today: date
) -> Iterator[DayRow | ConversationSummary]:
    groups = groupby(conversations, key=lambda summary: day_name(summary.updated_at, today))
    for name, members in groups:
        yield DayRow(name)
        yield from members
