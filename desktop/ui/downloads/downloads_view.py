"""The tab Downloads: what is being fetched, what waits, and what came of the others."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.core.download import DownloadEntry, DownloadState
from desktop.ui.downloads.download_buttons import DownloadAction, DownloadWish
from desktop.ui.downloads.download_row import DownloadRow
from desktop.ui.downloads.download_text import summary_text
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from desktop.ui.widgets.plain_widgets import tall_area

_COLUMN_PX = 880
_NOTHING = "No downloads. Find a model, and its download is shown here."


class DownloadsView(QWidget):
    """A card a download, in the order in which they are fetched.

    Signals:
        pause_requested(object: int): The download with this id is to wait.
        resume_requested(object: int): It is to go on.
        cancel_requested(object: int): It is to be given up, and what was fetched deleted.
        retry_requested(object: int): It is to be tried again.
        removal_requested(object: int): It is to be taken off the list.
        raise_requested(object: int): It is to be fetched sooner than the one before it.
        lower_requested(object: int): It is to be fetched later than the one behind it.
        model_chosen(object: Path): A complete model is to be loaded and talked to.
        access_requested(object: str): The user wants to accept the licence of this repository and
            add an access token.
        find_requested(): The user wants to find a model.
    """

    pause_requested = Signal(object)
    resume_requested = Signal(object)
    cancel_requested = Signal(object)
    retry_requested = Signal(object)
    removal_requested = Signal(object)
    raise_requested = Signal(object)
    lower_requested = Signal(object)
    model_chosen = Signal(object)
    access_requested = Signal(object)
    find_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[int, DownloadRow] = {}
        self._summary = QLabel()
        self._summary.setProperty("role", "secondary")
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_S)
        self._find = QPushButton("Find a model")
        self._pages = QStackedWidget()
        self._wishes = {
            DownloadAction.PAUSE: self.pause_requested,
            DownloadAction.RESUME: self.resume_requested,
            DownloadAction.CANCEL: self.cancel_requested,
            DownloadAction.RETRY: self.retry_requested,
            DownloadAction.REMOVE: self.removal_requested,
            DownloadAction.RAISE: self.raise_requested,
            DownloadAction.LOWER: self.lower_requested,
        }
        self._build()
        self._find.clicked.connect(self.find_requested)
        self.show_downloads(())

    @Slot(object)
    def show_downloads(self, entries: tuple[DownloadEntry, ...]) -> None:
        """Show these downloads; rows that stay are changed in place."""
        self._pages.setCurrentIndex(0 if entries else 1)
        self._summary.setText(summary_text(entries))
        if list(self._rows) != [entry.id for entry in entries]:
            self._arrange(entries)
        waiting = [entry.id for entry in entries if entry.state is DownloadState.QUEUED]
        for entry in entries:
            self._rows[entry.id].show_entry(
                entry,
                is_first=waiting[:1] == [entry.id],
                is_last=waiting[-1:] == [entry.id],
            )

    def rows(self) -> tuple[DownloadRow, ...]:
        """Return the rows, from the top."""
        return tuple(self._rows.values())

    def _arrange(self, entries: tuple[DownloadEntry, ...]) -> None:
        """Make, keep, order and drop rows; one that stays keeps its focus and its question."""
        rows = {
            entry.id: self._rows[entry.id] if entry.id in self._rows else self._row(entry)
            for entry in entries
        }
        for row in (row for id_, row in self._rows.items() if id_ not in rows):
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, row in enumerate(rows.values()):
            self._column.insertWidget(place, row)
        self._rows = rows

    def _row(self, entry: DownloadEntry) -> DownloadRow:
        row = DownloadRow(entry)
        row.wished.connect(self._on_row_wished)
        return row

    def _build(self) -> None:
        self._column.addStretch()
        inside = QWidget()
        inside.setMaximumWidth(_COLUMN_PX + 2 * SPACE_XL)
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE_XL, SPACE_M, SPACE_XL, SPACE_XL)
        column.setSpacing(SPACE_M)
        column.addWidget(self._summary)
        column.addLayout(self._column)
        ground = QWidget()
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inside, 100)
        row.addStretch(1)
        self._pages.addWidget(tall_area(ground))
        self._pages.addWidget(self._empty_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        words = QLabel(_NOTHING)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setWordWrap(True)
        self._find.setProperty("variant", "primary")
        self._find.setAutoDefault(False)
        column = QVBoxLayout(page)
        column.setSpacing(SPACE_L)
        column.addStretch(2)
        column.addWidget(words)
        column.addWidget(self._find, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page

    @Slot(object)
    def _on_row_wished(self, wish: DownloadWish) -> None:
        entry = self._rows[wish.id].entry
        if wish.action is DownloadAction.OPEN:
            self.model_chosen.emit(entry.path)
        elif wish.action is DownloadAction.ACCESS:
            self.access_requested.emit(entry.file.repo)
        else:
            self._wishes[wish.action].emit(wish.id)
