"""Why a model cannot be installed, and what to take instead."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.catalogue import CatalogueEntry
from desktop.ui.theme import SPACE_S


class AlternativesSection(QWidget):
    """A sentence, and a button for each model that can be had.

    Signals:
        entry_chosen(object: str): The id of a catalogue entry that is to be shown.
    """

    entry_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ids: tuple[str, ...] = ()
        self._group = QButtonGroup(self)
        self._heading = QLabel("CANNOT BE INSTALLED")
        self._heading.setProperty("role", "heading")
        self._why = QLabel()
        self._why.setWordWrap(True)
        self._why.setTextFormat(Qt.TextFormat.PlainText)
        self._instead = QLabel("Take instead")
        self._instead.setProperty("role", "secondary")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE_S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        for widget in (self._heading, self._why, self._instead):
            layout.addWidget(widget)
        layout.addLayout(self._buttons)
        self._group.idClicked.connect(self._on_group_clicked)

    def show_entry(self, entry: CatalogueEntry, alternatives: tuple[CatalogueEntry, ...]) -> None:
        """Show why an entry cannot be had, and what can."""
        self._why.setText(entry.note)
        self._ids = tuple(one.id for one in alternatives)
        self._clear()
        self._instead.setVisible(bool(alternatives))
        for number, one in enumerate(alternatives):
            # The nearest one is the thing to do here.
            button = QPushButton(one.name)
            button.setProperty("variant", "quiet" if number else "primary")
            button.setAutoDefault(False)
            button.setAccessibleName(f"Show {one.name}")
            self._group.addButton(button, number)
            self._buttons.addWidget(button)
        self._buttons.addStretch()

    def buttons(self) -> tuple[str, ...]:
        """Return the names on the buttons."""
        return tuple(button.text() for button in self._group.buttons())

    def choose(self, number: int) -> None:
        """Press the button of an alternative."""
        self._group.button(number).click()

    def _clear(self) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        while self._buttons.takeAt(0) is not None:
            continue

    @Slot(int)
    def _on_group_clicked(self, number: int) -> None:
        self.entry_chosen.emit(self._ids[number])
