"""A question inside the window, with a button for each answer."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from desktop.ui.theme import SPACE_M, SPACE_S

_BESIDE_FROM_PX = 560


class QuestionBar(QFrame):
    """Asks one question at a time without stopping the rest of the window.

    Enter gives the first answer, which is the primary button; Esc gives the last.

    Signals:
        answered(object: int): The index of the answer; the bar is hidden by then.
    """

    answered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = QLabel()
        self._question.setWordWrap(True)
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self._group = QButtonGroup(self)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE_S)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        self._line.setSpacing(SPACE_M)
        self._line.addWidget(self._question, 1)
        self._line.addLayout(self._buttons)
        self._group.idClicked.connect(self._on_group_clicked)
        self.hide()

    def ask(self, text: str, answers: tuple[str, ...]) -> None:
        """Ask a question; it takes the place of one that is still open."""
        self._remove_buttons()
        self._question.setText(text)
        self.setAccessibleName(text)
        for index, answer in enumerate(answers):
            button = QPushButton(answer)
            button.setProperty("variant", "quiet" if index else "primary")
            self._group.addButton(button, index)
            self._buttons.addWidget(button)
            button.show()
        self.show()
        self._group.button(0).setFocus(Qt.FocusReason.OtherFocusReason)

    def withdraw(self) -> None:
        """Hide the question without an answer."""
        self._remove_buttons()
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the question where there is no room beside it."""
        super().resizeEvent(event)
        is_narrow = self.width() < _BESIDE_FROM_PX
        direction = QBoxLayout.Direction
        self._line.setDirection(direction.TopToBottom if is_narrow else direction.LeftToRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button with the focus, or the first; Esc the last."""
        buttons = self._group.buttons()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and buttons:
            focused = [button for button in buttons if button.hasFocus()]
            (focused or buttons)[0].click()
        elif event.key() == Qt.Key.Key_Escape and buttons:
            buttons[-1].click()
        else:
            super().keyPressEvent(event)

    def _remove_buttons(self) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._buttons.removeWidget(button)
            button.hide()
            button.deleteLater()

    @Slot(int)
    def _on_group_clicked(self, index: int) -> None:
        self.withdraw()
        self.answered.emit(index)
