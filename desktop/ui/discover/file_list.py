"""The files of a repository, of which one is chosen; folded to that one until asked for all."""

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QPushButton, QVBoxLayout, QWidget

from desktop.core.hub_model import HubFile, HubRepository
from desktop.core.model_entry import Surroundings
from desktop.ui.discover.file_choice import file_fit
from desktop.ui.discover.file_delegate import FILE_ROW_PX, FileDelegate
from desktop.ui.discover.file_items import FILE_ROLE, PROJECTORS, FileItems, FileRow
from desktop.ui.theme import SPACE_S, SPACE_XS

_FOLDED_FROM = 2
"""As many files are shown without folding."""


class FileList(QWidget):
    """All sizes that a model comes in.

    Signals:
        file_chosen(object: HubFile): The user chose another file.
    """

    file_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._repository: HubRepository | None = None
        self._chosen: HubFile | None = None
        self._surroundings: Surroundings | None = None
        self._is_unfolded = False
        self._heading = QLabel("FILE")
        self._fold = QPushButton()
        self._note = QLabel()
        self._items = FileItems(self)
        self._list = QListView()
        self._build()
        self._fold.clicked.connect(self._on_fold_clicked)
        self._list.clicked.connect(self._on_list_activated)
        self._list.activated.connect(self._on_list_activated)

    def show_files(self, repository: HubRepository | None, chosen: HubFile | None) -> None:
        """Show the files of a repository, folded; None while they are not known."""
        if repository is not self._repository:
            self._is_unfolded = False
        self._repository, self._chosen = repository, chosen
        self._refresh()

    def show_surroundings(self, surroundings: Surroundings) -> None:
        """Take the memory that the files would meet."""
        self._surroundings = surroundings
        self._refresh()

    def show_note(self, text: str) -> None:
        """Say what stands in the place of the files while they are not known."""
        self._note.setText(text)
        self._refresh()

    def rows(self) -> tuple[FileRow, ...]:
        """Return the rows that are shown."""
        return self._items.rows()

    def fold_button(self) -> QPushButton:
        """Return the button that shows all files, or only the chosen one."""
        return self._fold

    def _build(self) -> None:
        self._heading.setProperty("role", "heading")
        self._note.setProperty("role", "secondary")
        self._note.setWordWrap(True)
        self._fold.setProperty("variant", "small")
        self._fold.setAutoDefault(False)
        self._list.setModel(self._items)
        self._list.setItemDelegate(FileDelegate(self._list))
        self._list.setAccessibleName("Files of the repository")
        self._list.setMouseTracking(True)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.addWidget(self._heading)
        head.addStretch()
        head.addWidget(self._fold)
        head.setSpacing(SPACE_S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(head)
        layout.addWidget(self._note)
        layout.addWidget(self._list)

    def _refresh(self) -> None:
        rows = self._rows()
        self._items.show_rows(rows)
        self._list.setFixedHeight(FILE_ROW_PX * len(rows))
        self._list.setVisible(bool(rows))
        self._note.setVisible(not rows)
        others = len(self._repository.files) - 1 if self._repository is not None else 0
        has_more = self._repository is not None and bool(self._repository.projectors)
        self._fold.setVisible(others >= _FOLDED_FROM or (others > 0 and has_more))
        words = "Show only the chosen file" if self._is_unfolded else f"Show {others} other files"
        self._fold.setText(words)
        self._fold.setAccessibleName(words)

    def _rows(self) -> tuple[FileRow, ...]:
        repository = self._repository
        if repository is None:
            return ()
        is_folded = not self._is_unfolded and len(repository.files) > _FOLDED_FROM
        if is_folded and self._chosen is not None:
            return (self._row(self._chosen),)
        rows = [self._row(file) for file in repository.files]
        if repository.projectors:
            rows.append(FileRow(PROJECTORS))
            rows += [FileRow(file=file, is_projector=True) for file in repository.projectors]
        return tuple(rows)

    def _row(self, file: HubFile) -> FileRow:
        fit = file_fit(file, self._surroundings) if self._surroundings is not None else None
        return FileRow(file=file, fit=fit, is_chosen=file == self._chosen)

    @Slot()
    def _on_fold_clicked(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self._refresh()

    @Slot(QModelIndex)
    def _on_list_activated(self, index: QModelIndex) -> None:
        row = index.data(FILE_ROLE)
        if not isinstance(row, FileRow) or row.file is None or row.is_projector:
            return
        if row.file != self._chosen:
            self._chosen = row.file
            self._refresh()
            self.file_chosen.emit(row.file)
