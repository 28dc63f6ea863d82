"""One of a few words side by side: the tabs of a page, or the parts of a switch."""

from enum import Enum

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.ui.theme import SPACE_XS

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class ChoiceLook(Enum):
    """How the words look; the value is the variant that the style sheet knows."""

    TABS = "tab"
    SEGMENTS = "segment"


class ChoiceRow(QWidget):
    """Exactly one word is chosen; Tab reaches it, the arrows choose another.

    Signals:
        chosen(object: int): The user chose another word, by its index.
    """

    chosen = Signal(object)

    def __init__(
        self,
        name: str,
        words: tuple[str, ...],
        look: ChoiceLook = ChoiceLook.SEGMENTS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons = [_button(word, look) for word in words]
        self._shown = 0
        self.setAccessibleName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        for index, button in enumerate(self._buttons):
            button.installEventFilter(self)
            self._group.addButton(button, index)
            layout.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.choose(0)
        self._group.idClicked.connect(self._on_group_clicked)

    @property
    def index(self) -> int:
        """The word that is chosen."""
        return self._shown

    def choose(self, index: int) -> None:
        """Show another word as chosen, without a signal."""
        self._shown = index
        for number, button in enumerate(self._buttons):
            button.setChecked(number == index)
            policy = Qt.FocusPolicy
            button.setFocusPolicy(policy.StrongFocus if number == index else policy.ClickFocus)

    def set_word(self, index: int, word: str) -> None:
        """Write another word in place of one."""
        self._buttons[index].setText(word)
        self._buttons[index].setAccessibleName(word)

    def words(self) -> tuple[str, ...]:
        """Return the words as they are shown."""
        return tuple(button.text() for button in self._buttons)

    def button(self, index: int) -> QPushButton:
        """Return the button of a word."""
        return self._buttons[index]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows choose the next word."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            return super().eventFilter(watched, event)
        index = (self._shown + step) % len(self._buttons)
        self._take(index)
        self._buttons[index].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _take(self, index: int) -> None:
        if index != self._shown:
            self.choose(index)
            self.chosen.emit(index)

    @Slot(int)
    def _on_group_clicked(self, index: int) -> None:
        self._take(index)


def _button(word: str, look: ChoiceLook) -> QPushButton:
    button = QPushButton(word)
    button.setProperty("variant", look.value)
    button.setCheckable(True)
    button.setAutoDefault(False)
    button.setAccessibleName(word)
    return button
