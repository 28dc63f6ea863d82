"""All that is known of one installed model, and all that can be done with it."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop.core.library import Rename
from desktop.core.text_format import NOT_AVAILABLE, format_count
from desktop.ui.library.library_items import LibraryRow
from desktop.ui.library.library_text import class_text, day_text, kind_of, removal_text
from desktop.ui.library.name_field import NameField
from desktop.ui.models.model_text import memory_text, quantization_text, size_text, speed_text
from desktop.ui.models.problem_note import ProblemNote
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from desktop.ui.widgets.facts_grid import Fact, FactsGrid
from desktop.ui.widgets.plain_widgets import styled_button, tall_area, words_label

_LOAD, _OPEN = "Load", "Open in Chat"


class LibraryCard(QFrame):
    """The chosen model: what it is, its figures, where it lies, and the buttons.

    Signals:
        model_chosen(object: Path): It is to be loaded, or to be talked to if it is.
        verification_requested(object: Path): Its SHA-256 is to be compared.
        folder_requested(object: Path): Its file is to be shown in its folder.
        rename_requested(object: Rename): It is to have another name.
        removal_requested(object: Path): It is to be removed.
        location_requested(object: Path): The user knows where its file is.
    """

    model_chosen = Signal(object)
    verification_requested = Signal(object)
    folder_requested = Signal(object)
    rename_requested = Signal(object)
    removal_requested = Signal(object)
    location_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._path = Path()
        self._name = NameField()
        self._class, self._reason = words_label("secondary"), words_label("secondary")
        self._problem = ProblemNote()
        self._load = styled_button(_LOAD, "primary")
        self._locate = styled_button("Locate…", "primary")
        self._verify = styled_button("Verify again", "small")
        self._folder = styled_button("Show in folder", "small")
        self._rename = styled_button("Rename", "small")
        self._remove = styled_button("Remove", "small")
        self._facts = FactsGrid()
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._build()
        self._load.clicked.connect(self._on_load_clicked)
        self._locate.clicked.connect(self._on_locate_clicked)
        self._verify.clicked.connect(self._on_verify_clicked)
        self._folder.clicked.connect(self._on_folder_clicked)
        self._rename.clicked.connect(self.start_renaming)
        self._remove.clicked.connect(self._on_remove_clicked)
        self._name.edited.connect(self._on_name_edited)

    def show_row(self, row: LibraryRow, today: date) -> None:
        """Show a model."""
        entry = row.entry
        model = entry.model
        if model.path != self._path:
            self._name.stop()
        self._path = model.path
        self._name.show_name(model.name)
        _write(self._class, class_text(entry))
        _write(self._reason, entry.class_verdict.reason if entry.class_verdict else "")
        self._problem.show_problem(model.problem)
        is_usable = model.problem is None
        self._load.setVisible(is_usable)
        self._load.setText(_OPEN if row.is_current else _LOAD)
        self._locate.setVisible(not is_usable)
        self._verify.setVisible(is_usable)
        self._verify.setText("Verify again" if entry.verified_at else "Verify")
        self._remove.setToolTip(f"{removal_text(entry)}  (Delete)")
        self._facts.show_facts(_facts(row, today))
        self.setAccessibleName(f"Model: {model.name}")

    @Slot()
    def start_renaming(self) -> None:
        """Let the user edit the name."""
        self._name.start()

    def set_flat(self, *, is_flat: bool) -> None:
        """Put the facts beside the words instead of below them."""
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.LeftToRight if is_flat else direction.TopToBottom)
        self._layout.setSpacing(SPACE_XL if is_flat else SPACE_L)
        # Beside each other both have half the width; below each other the facts take the rest.
        self._layout.setStretch(0, int(is_flat))

    def facts(self) -> FactsGrid:
        """Return the facts."""
        return self._facts

    def _build(self) -> None:
        self._verify.setToolTip("Compares the SHA-256 of the file with the one that is known")
        self._folder.setToolTip("Opens the folder where the file lies")
        self._rename.setToolTip("Gives it a name of your own; the file keeps its own  (F2)")
        self._locate.setToolTip("Choose the file where it lies now")
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        words.addWidget(self._name)
        words.addWidget(self._class)
        words.addSpacing(SPACE_XS)
        words.addWidget(self._problem)
        words.addSpacing(SPACE_XS)
        words.addWidget(self._load)
        words.addWidget(self._locate)
        words.addSpacing(SPACE_XS)
        words.addLayout(self._buttons())
        words.addSpacing(SPACE_XS)
        words.addWidget(self._reason)
        words.addStretch()
        facts = QVBoxLayout()
        facts.addWidget(self._facts)
        facts.addStretch()
        self._layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        self._layout.addLayout(words)
        self._layout.addLayout(facts, 1)
        ground = QWidget()
        ground.setLayout(self._layout)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(tall_area(ground))

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(SPACE_S)
        for place, button in enumerate((self._folder, self._rename, self._remove, self._verify)):
            grid.addWidget(button, place // 2, place % 2)
        for column in range(2):
            grid.setColumnStretch(column, 1)
        return grid

    @Slot()
    def _on_load_clicked(self) -> None:
        self.model_chosen.emit(self._path)

    @Slot()
    def _on_locate_clicked(self) -> None:
        self.location_requested.emit(self._path)

    @Slot()
    def _on_verify_clicked(self) -> None:
        self.verification_requested.emit(self._path)

    @Slot()
    def _on_folder_clicked(self) -> None:
        self.folder_requested.emit(self._path)

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.removal_requested.emit(self._path)

    @Slot(object)
    def _on_name_edited(self, name: str) -> None:
        self.rename_requested.emit(Rename(self._path, name))


def _facts(row: LibraryRow, today: date) -> tuple[Fact, ...]:
    entry = row.entry
    where = Fact("file", str(entry.model.path))
    origin = Fact("from", entry.model.origin.value)
    facts = entry.model.facts
    if facts is None:
        size = size_text(entry.model) if entry.model.file_bytes else NOT_AVAILABLE
        return (Fact("size", size), origin, where)
    limit = facts.context_limit_tokens
    return (
        Fact("speed", _known(speed_text(entry), kind_of(entry.tokens_per_s))),
        Fact("memory", _known(memory_text(entry), kind_of(entry.resident_bytes))),
        Fact("on this machine", entry.fit or NOT_AVAILABLE),
        Fact("size", size_text(entry.model)),
        Fact("packing", quantization_text(entry.model) or NOT_AVAILABLE, hint="Quantisation"),
        Fact("longest context", f"{format_count(limit)} tokens" if limit else NOT_AVAILABLE),
        Fact("licence", facts.license or NOT_AVAILABLE),
        Fact("last used", row.last_used),
        Fact("verified", day_text(entry.verified_at, today)),
        origin,
        where,
    )


def _known(figure: str, kind: str) -> str:
    return f"{figure}, {kind}" if figure else NOT_AVAILABLE


def _write(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
