"""The places of the window, and the row at the top of the sidebar that leads to them."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, QSize, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from desktop.ui.icon import icon
from desktop.ui.theme import ICON_PX, SPACE_XS, tokens_for


class Place(Enum):
    """What the middle of the window shows; the value is what the user reads."""

    CHAT = "Chat"
    MODELS = "Models"


@dataclass(frozen=True, slots=True)
class _Look:
    """The icon of a place and the keys that lead there."""

    icon_name: str
    shortcut: str


_LOOKS = {
    Place.CHAT: _Look("message-square", "Ctrl+1"),
    Place.MODELS: _Look("box", "Ctrl+2"),
}


class Navigation(QWidget):
    """One button a place; the arrow keys move between them.

    Signals:
        place_chosen(object: Place): The user wants to be there.
    """

    place_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Places")
        self._group = QButtonGroup(self)
        self._buttons = {place: self._button(place) for place in Place}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        for button in self._buttons.values():
            layout.addWidget(button, 1)
        self._group.buttonClicked.connect(self._on_group_button_clicked)
        self.show_place(Place.CHAT)

    @Slot(object)
    def show_place(self, place: Place) -> None:
        """Mark the place that is shown."""
        self._buttons[place].setChecked(True)
        self._tint()

    def place(self) -> Place:
        """Return the place that is marked."""
        return next(place for place, button in self._buttons.items() if button.isChecked())

    def button(self, place: Place) -> QPushButton:
        """Return the button of a place."""
        return self._buttons[place]

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._tint()

    def _button(self, place: Place) -> QPushButton:
        button = QPushButton(f" {place.value}")  # the icon comes close to the text otherwise
        button.setProperty("variant", "place")
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setAccessibleName(place.value)
        button.setToolTip(f"{place.value}  ({_LOOKS[place].shortcut})")
        self._group.addButton(button)
        return button

    def _tint(self) -> None:
        tokens = tokens_for(self.palette())
        for place, button in self._buttons.items():
            color = tokens.accent if button.isChecked() else tokens.secondary
            button.setIcon(icon(_LOOKS[place].icon_name, color))

    @Slot()
    def _on_group_button_clicked(self) -> None:
        self._tint()
        self.place_chosen.emit(self.place())
