"""The page "Small or large?": what the two are each good for, and which the known ones are."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from desktop.core.catalogue import NAMED_SYSTEMS, CatalogueEntry
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from desktop.ui.trade_off.named_system_row import NamedSystemRow
from desktop.ui.trade_off.trade_off_table import TradeOffTable
from desktop.ui.widgets.hairline import Hairline
from desktop.ui.widgets.plain_widgets import tall_area, words_label

_COLUMN_PX = 880
_MEANING = (
    "A language model is a file of numbers, its parameters, learned from text. How many there are "
    "decides most of what it can do and what it weighs on your machine."
)
_BORDER = (
    "No standard draws the line. Here small ends where the 7B class begins (7B: 7 thousand million "
    "parameters), unless the makers of a model call it small. Start small, and step up when the "
    "answers are not good enough."
)


class TradeOffPage(QWidget):
    """Explains the trade-off, then places the systems that people know by name.

    Signals:
        entry_chosen(object: str): The id of a catalogue entry that is to be shown.
    """

    entry_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen_ids: list[str] = []
        self._group = QButtonGroup(self)
        self._heading = words_label("heading", "NAMES YOU MAY KNOW")
        self._systems = QWidget()
        self._systems_layout = QVBoxLayout(self._systems)
        self._systems_layout.setContentsMargins(0, 0, 0, 0)
        self._systems_layout.setSpacing(0)
        self._heading.hide()
        self._build()
        self._group.idClicked.connect(self._on_group_clicked)

    @Slot(object)
    def show_catalogue(self, entries: tuple[CatalogueEntry, ...]) -> None:
        """Take the catalogue; the known systems in it are listed."""
        self._clear_systems()
        by_id = {entry.id: entry for entry in entries}
        known = [by_id[id_] for id_ in NAMED_SYSTEMS if id_ in by_id]
        for entry in known:
            if entry is not known[0]:
                self._systems_layout.addWidget(Hairline())
            alternatives = tuple(by_id[id_] for id_ in entry.alternatives if id_ in by_id)
            self._add_row(entry, (entry,) if entry.is_installable else alternatives)
        self._heading.setVisible(bool(known))

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL)
        column.setSpacing(SPACE_M)
        column.addWidget(words_label("figure", "Small or large?"))
        column.addWidget(words_label("", _MEANING))
        column.addWidget(TradeOffTable())
        column.addWidget(words_label("secondary", _BORDER))
        column.addSpacing(SPACE_S)
        column.addWidget(self._heading)
        column.addWidget(self._systems)
        column.addStretch()
        inside = QWidget()
        inside.setMaximumWidth(_COLUMN_PX)
        inside.setLayout(column)
        ground = QWidget()
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inside, 100)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(tall_area(ground))

    def _add_row(self, entry: CatalogueEntry, choices: tuple[CatalogueEntry, ...]) -> None:
        row = NamedSystemRow(entry, choices)
        for button, choice in zip(row.buttons(), choices, strict=True):
            self._group.addButton(button, len(self._chosen_ids))
            self._chosen_ids.append(choice.id)
        self._systems_layout.addWidget(row)

    def _clear_systems(self) -> None:
        self._chosen_ids = []
        for button in self._group.buttons():
            self._group.removeButton(button)
        while (item := self._systems_layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    @Slot(int)
    def _on_group_clicked(self, index: int) -> None:
        self.entry_chosen.emit(self._chosen_ids[index])
