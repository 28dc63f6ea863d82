"""The buttons of a download: those that make sense in its state."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.hub_model import HubFault
from desktop.ui.theme import SPACE_S


class DownloadAction(Enum):
    """What can be done with a download; the value is the text of the button."""

    RAISE = "Up"
    LOWER = "Down"
    PAUSE = "Pause"
    RESUME = "Resume"
    RETRY = "Try again"
    ACCESS = "Get access"
    OPEN = "Open in Chat"
    CANCEL = "Cancel"
    REMOVE = "Remove"


@dataclass(frozen=True, slots=True)
class DownloadWish:
    """What is to be done with which download."""

    id: int
    action: DownloadAction


_ORDERING = {DownloadAction.RAISE, DownloadAction.LOWER}
_TURNS = (DownloadAction.PAUSE, DownloadAction.RESUME)
_ACTIONS = {
    DownloadState.QUEUED: {DownloadAction.PAUSE, DownloadAction.CANCEL},
    DownloadState.CONNECTING: {DownloadAction.PAUSE, DownloadAction.CANCEL},
    DownloadState.RUNNING: {DownloadAction.PAUSE, DownloadAction.CANCEL},
    DownloadState.VERIFYING: {DownloadAction.PAUSE, DownloadAction.CANCEL},
    DownloadState.PAUSED: {DownloadAction.RESUME, DownloadAction.CANCEL},
    DownloadState.FAILED: {DownloadAction.RETRY, DownloadAction.CANCEL},
    DownloadState.DONE: {DownloadAction.OPEN, DownloadAction.REMOVE},
}
_HINTS = {
    DownloadAction.RAISE: "Fetch it before the one above it",
    DownloadAction.LOWER: "Fetch it after the one below it",
    DownloadAction.PAUSE: "What is fetched stays, and it goes on from there",
    DownloadAction.CANCEL: "Gives it up; what is fetched so far is deleted",
    DownloadAction.REMOVE: "Takes it off this list; the model stays",
    DownloadAction.ACCESS: "Accept the licence and add an access token",
}


class DownloadButtons(QWidget):
    """A row of buttons that changes with the state of its download.

    Signals:
        chosen(object: DownloadAction): A button was pressed.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[DownloadAction, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for index, action in enumerate(DownloadAction):
            button = _button(action)
            self._buttons[action] = button
            self._group.addButton(button, index)
            layout.addWidget(button)
        layout.setSpacing(SPACE_S)
        # Pause and Resume take turns in one place, which keeps its width.
        width = max(self._buttons[action].sizeHint().width() for action in _TURNS)
        for action in _TURNS:
            self._buttons[action].setMinimumWidth(width)
        self._group.idClicked.connect(self._on_group_clicked)

    def show_entry(self, entry: DownloadEntry, *, is_first: bool, is_last: bool) -> None:
        """Offer what can be done with a download.

        Args:
            entry: The download.
            is_first: Whether none waits before it.
            is_last: Whether none waits behind it.
        """
        shown = set(_ACTIONS[entry.state])
        if entry.state is DownloadState.QUEUED and not (is_first and is_last):
            shown |= _ORDERING
        if entry.fault is HubFault.GATED:
            shown.add(DownloadAction.ACCESS)
        if entry.path is None:
            shown.discard(DownloadAction.OPEN)
        focused = next((one for one, button in self._buttons.items() if button.hasFocus()), None)
        for action, button in self._buttons.items():
            button.setVisible(action in shown)
            button.setAccessibleName(f"{action.value}: {entry.name}")
        if focused is not None and focused not in shown:
            self._hand_on_focus(shown)
        self._buttons[DownloadAction.RAISE].setEnabled(not is_first)
        self._buttons[DownloadAction.LOWER].setEnabled(not is_last)

    def _hand_on_focus(self, shown: set[DownloadAction]) -> None:
        """Give the focus to what takes the place of a button that went, never to Cancel first."""
        offered = [action for action in DownloadAction if action in shown - _ORDERING]
        self._buttons[offered[0]].setFocus(Qt.FocusReason.OtherFocusReason)

    def button(self, action: DownloadAction) -> QPushButton:
        """Return the button of an action."""
        return self._buttons[action]

    @Slot(int)
    def _on_group_clicked(self, index: int) -> None:
        self.chosen.emit(tuple(DownloadAction)[index])


def _button(action: DownloadAction) -> QPushButton:
    button = QPushButton(action.value)
    button.setProperty("variant", "small")
    button.setAutoDefault(False)
    button.setToolTip(_HINTS.get(action, ""))
    return button
