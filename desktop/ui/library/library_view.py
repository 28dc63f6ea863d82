"""The tab Installed: the models of this machine, the space they take, and the chosen one."""

from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.core.library import DiskUse, LibraryWork, Relocation
from desktop.core.local_model import ModelEntry
from desktop.core.text_format import format_bytes
from desktop.ui.library.file_dialogs import ask_for_file, ask_for_files, ask_for_folder
from desktop.ui.library.library_card import LibraryCard
from desktop.ui.library.library_items import LibraryOrder, LibraryRow, arrange, rows_of
from desktop.ui.library.library_list import LibraryList
from desktop.ui.library.library_text import disk_text
from desktop.ui.library.network_panel import NetworkPanel
from desktop.ui.library.work_bar import WorkBar
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from desktop.ui.widgets.choice_button import ChoiceButton
from desktop.ui.widgets.elided_label import ElidedLabel
from desktop.ui.widgets.hairline import Hairline
from desktop.ui.widgets.plain_widgets import styled_button
from desktop.ui.widgets.question_bar import QuestionBar

_BESIDE_FROM_PX, _CARD_PX = 900, 320
_FLAT_CARD_PX, _FLAT_CARD_SHARE = 292, 0.4
"""Below the list the card has the same height for all models, so that nothing jumps."""
_NO_MODELS = "No models yet. Find one, or drop a .gguf here."
_ORDERS = tuple(LibraryOrder)


class LibraryView(QWidget):
    """List and card, with search, order and the work under way; `network` folds out below.

    Signals:
        model_chosen(object: Path): A model is to be loaded, or to be talked to if it is.
        verification_requested(object: Path): Its SHA-256 is to be compared.
        removal_requested(object: Path): It is to be removed.
        folder_requested(object: Path): Its file is to be shown in its folder.
        rename_requested(object: Rename): It is to have another name.
        file_located(object: Relocation): A missing file lies elsewhere now.
        files_added(object: tuple[Path, ...]): Files from elsewhere are to be used in place.
        folder_move_requested(object: Path): All models are to lie in this folder.
        trash_emptying_requested(): Removed models are to be deleted for good.
        find_requested(): The user wants to find a model.
        work_cancelled(): The work under way is to be given up.
        opened(): The list came into sight; files may have changed since.
    """

    model_chosen = Signal(object)
    verification_requested = Signal(object)
    removal_requested = Signal(object)
    folder_requested = Signal(object)
    rename_requested = Signal(object)
    file_located = Signal(object)
    files_added = Signal(object)
    folder_move_requested = Signal(object)
    trash_emptying_requested = Signal()
    find_requested = Signal()
    work_cancelled = Signal()
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[ModelEntry, ...] = ()
        self._use: DiskUse | None = None
        self._current: Path | None = None
        self._missing: Path | None = None
        self.network = NetworkPanel()
        self._disk = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._add = styled_button("Add a file…", "small")
        self._move = styled_button("Move the folder…", "small")
        self._search = QLineEdit()
        self._order = ChoiceButton("Order", tuple(order.value for order in _ORDERS))
        self._trash = styled_button("", "small")
        self._list = LibraryList()
        self._nothing = QLabel("No model has these words.")
        self._card = LibraryCard()
        self._find = QPushButton("Find a model")
        self._question = QuestionBar()
        self._work = WorkBar()
        self._content = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self._refresh()

    @Slot(object)
    def show_entries(self, entries: tuple[ModelEntry, ...]) -> None:
        """Show the models on this machine."""
        self._entries = entries
        self._refresh()

    @Slot(object)
    def show_current(self, path: Path | None) -> None:
        """Mark the model in use; None for none."""
        self._current = path
        self._refresh()

    @Slot(object)
    def show_disk_use(self, use: DiskUse) -> None:
        """Show what models take, and what is free."""
        self._use = use
        self._show_disk()

    @Slot(object)
    def show_work(self, work: LibraryWork | None) -> None:
        """Show what is being done; None for nothing."""
        self._work.show_work(work)

    def list_view(self) -> LibraryList:
        """Return the list."""
        return self._list

    def card(self) -> LibraryCard:
        """Return the card of the chosen model."""
        return self._card

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the search, Down leads to the list, and Esc ends the search."""
        if self._search.hasFocus() and event.key() == Qt.Key.Key_Down:
            self._list.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self._search.text():
            self._search.clear()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that the list came into sight."""
        super().showEvent(event)
        self.opened.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the card below the list where there is no room beside it."""
        super().resizeEvent(event)
        self._fit()

    def _build(self) -> None:
        self._search.setPlaceholderText("Search installed models")
        self._search.setAccessibleName("Search installed models")
        self._search.setClearButtonEnabled(True)
        self._nothing.setProperty("role", "secondary")
        self._disk.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._move.setToolTip("Moves the model folder, to another drive for example")
        self._content.setSpacing(SPACE_M)
        words = QVBoxLayout()
        words.addWidget(self._list, 1)
        words.addWidget(self._nothing, 1, Qt.AlignmentFlag.AlignCenter)
        self._content.addLayout(words, 1)
        self._content.addWidget(self._card)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(_row(self._search, self._order, self._trash))
        column.addLayout(self._content, 1)
        self._pages.addWidget(full)
        self._pages.addWidget(self._empty_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_M, SPACE_XL, SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addLayout(_row(self._disk, self._add, self._move))
        layout.addWidget(self._pages, 1)
        for widget in (self._question, self._work, Hairline(), self.network):
            layout.addWidget(widget)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        words = QLabel(_NO_MODELS)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._find.setProperty("variant", "primary")
        self._find.setAutoDefault(False)
        column = QVBoxLayout(page)
        column.setSpacing(SPACE_L)
        column.addStretch(2)
        column.addWidget(words)
        column.addWidget(self._find, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page

    def _connect(self) -> None:
        self._add.clicked.connect(self._on_add_clicked)
        self._move.clicked.connect(self._on_move_clicked)
        self._trash.clicked.connect(self._on_trash_clicked)
        self._find.clicked.connect(self.find_requested)
        self._search.textChanged.connect(self._on_search_text_changed)
        self._order.chosen.connect(self._on_order_chosen)
        self._question.answered.connect(self._on_question_answered)
        self._work.cancelled.connect(self.work_cancelled)
        self._list.row_chosen.connect(self._on_list_row_chosen)
        self._list.model_chosen.connect(self.model_chosen)
        self._list.removal_requested.connect(self.removal_requested)
        self._list.rename_requested.connect(self._card.start_renaming)
        self._card.model_chosen.connect(self.model_chosen)
        self._card.verification_requested.connect(self.verification_requested)
        self._card.folder_requested.connect(self.folder_requested)
        self._card.rename_requested.connect(self.rename_requested)
        self._card.removal_requested.connect(self.removal_requested)
        self._card.location_requested.connect(self._on_card_location_requested)

    def _refresh(self) -> None:
        arranged = arrange(self._entries, _ORDERS[self._order.index], self._search.text())
        self._pages.setCurrentIndex(0 if self._entries else 1)
        self._list.setVisible(bool(arranged))
        self._nothing.setVisible(not arranged)
        self._list.show_rows(rows_of(arranged, self._current, _today()))
        self._show_disk()

    def _show_disk(self) -> None:
        self._disk.setText(disk_text(len(self._entries), self._use))
        trash_bytes = self._use.trash_bytes if self._use is not None else 0
        self._trash.setVisible(bool(trash_bytes))
        self._trash.setText(f"Empty the trash ({format_bytes(trash_bytes)})")

    def _fit(self) -> None:
        is_flat = self.width() < _BESIDE_FROM_PX
        direction = QBoxLayout.Direction
        self._content.setDirection(direction.TopToBottom if is_flat else direction.LeftToRight)
        self._card.set_flat(is_flat=is_flat)
        if is_flat:
            height = min(_FLAT_CARD_PX, round(self.height() * _FLAT_CARD_SHARE))
            self._card.setMinimumSize(0, height)
            self._card.setMaximumSize(self.maximumWidth(), height)
        else:
            self._card.setMinimumSize(_CARD_PX, 0)
            self._card.setMaximumSize(_CARD_PX, self.maximumHeight())

    @Slot(object)
    def _on_list_row_chosen(self, row: LibraryRow | None) -> None:
        self._card.setVisible(row is not None)
        if row is not None:
            self._card.show_row(row, _today())

    @Slot()
    def _on_search_text_changed(self) -> None:
        self._refresh()

    @Slot(object)
    def _on_order_chosen(self, _index: int) -> None:
        self._refresh()

    @Slot()
    def _on_trash_clicked(self) -> None:
        trash_bytes = self._use.trash_bytes if self._use is not None else 0
        self._question.ask(
            "Empty the trash? The models in it cannot be brought back then; "
            f"{format_bytes(trash_bytes)} come free.",
            ("Empty the trash", "Keep them"),
        )

    @Slot(object)
    def _on_question_answered(self, index: int) -> None:
        if index == 0:
            self.trash_emptying_requested.emit()

    @Slot()
    def _on_add_clicked(self) -> None:
        ask_for_files(self, "Add model files", self._on_dialog_files_selected)

    @Slot()
    def _on_move_clicked(self) -> None:
        ask_for_folder(self, "Where the models shall lie", self._on_dialog_folder_selected)

    @Slot(object)
    def _on_card_location_requested(self, path: Path) -> None:
        self._missing = path
        ask_for_file(self, f"Where {path.name} lies now", self._on_dialog_file_selected)

    @Slot(list)
    def _on_dialog_files_selected(self, files: list[str]) -> None:
        self.files_added.emit(tuple(Path(file) for file in files))

    @Slot(str)
    def _on_dialog_folder_selected(self, folder: str) -> None:
        self.folder_move_requested.emit(Path(folder))

    @Slot(str)
    def _on_dialog_file_selected(self, file: str) -> None:
        if self._missing is not None:
            self.file_located.emit(Relocation(self._missing, Path(file)))


def _today() -> date:
    return datetime.now().astimezone().date()


def _row(first: QWidget, *others: QWidget) -> QHBoxLayout:
    """Put widgets beside each other; the first takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(SPACE_S)
    row.addWidget(first, 1)
    for widget in others:
        row.addWidget(widget)
    return row
