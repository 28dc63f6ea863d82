"""The files of a repository as rows: models to choose from, and projectors set apart."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.core.hub_model import HubFile
from desktop.core.memory_fit import Fit
from desktop.core.text_format import format_bytes

FILE_ROLE = int(Qt.ItemDataRole.UserRole)
"""Gives the FileRow of an index."""
PROJECTORS = "Vision projectors: no models by themselves"
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: a heading when there is no file.

    Attributes:
        fit: Estimated by the size alone; None for what is no model, or while not known.
        is_chosen: Whether it is the file that is weighed.
    """

    heading: str = ""
    file: HubFile | None = None
    fit: Fit | None = None
    is_chosen: bool = False
    is_projector: bool = False

    @property
    def packing(self) -> str:
        """Quantisation, or the file's name where that does not tell it."""
        if self.file is None:
            return ""
        return self.file.file_name if self.is_projector else self.file.quantization or "not stated"

    @property
    def bits(self) -> str:
        """Size of a weight: ``4.85 bits per weight``; empty if not known."""
        bits = self.file.bits_per_weight if self.file is not None else None
        return "" if bits is None else f"{bits:.2f} bits per weight"

    @property
    def size(self) -> str:
        """Size of all parts: ``808 MB``."""
        return format_bytes(self.file.size_bytes) if self.file is not None else ""

    @property
    def parts(self) -> str:
        """Number of parts of a split model; empty for one file."""
        count = len(self.file.parts) if self.file is not None else 1
        return f"{count} parts" if count > 1 else ""


class FileItems(QAbstractListModel):
    """A list of files, fed whole."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[FileRow, ...] = ()

    def show_rows(self, rows: tuple[FileRow, ...]) -> None:
        """Show these rows instead of the ones before."""
        if [row.file for row in rows] == [row.file for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rows(self) -> tuple[FileRow, ...]:
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
        """Return the packing, the row, the whole name or what a screen reader says."""
        row = self._rows[index.row()]
        if role == FILE_ROLE:
            return row
        if role == int(Qt.ItemDataRole.DisplayRole):
            return row.heading or row.packing
        if row.file is None:
            return None
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return row.file.path
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            fit = f"{row.fit.value}, estimated by its size" if row.fit else ""
            state = "chosen" if row.is_chosen else ""
            parts = (row.packing, row.bits, row.size, row.parts, fit, state)
            return ", ".join(part for part in parts if part)
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Only models can be chosen."""
        row = self._rows[index.row()]
        if row.file is None or row.is_projector:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
