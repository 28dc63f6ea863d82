"""A small button that shows what is chosen and drops down the other choices."""

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QColor, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from desktop.ui.icon import icon
from desktop.ui.theme import tokens_for

_CHEVRON_PX, _EDGE_PX, _TEXT_PX = 14, 5, 8


class ChoiceButton(QPushButton):
    """One of several words, the others in a menu; its width is that of the longest.

    Signals:
        chosen(object: int): The user chose another word, by its index.
    """

    chosen = Signal(object)

    def __init__(self, name: str, words: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._words = words
        self._index = 0
        self._group = QActionGroup(self)
        self._menu = QMenu(self)
        for index, word in enumerate(words):
            action = QAction(word, self._group)
            action.setCheckable(True)
            action.setData(index)
            self._menu.addAction(action)
        self.setProperty("variant", "choice")
        self.setAutoDefault(False)
        self.setMenu(self._menu)
        self.choose(0)
        self._group.triggered.connect(self._on_group_triggered)

    @property
    def index(self) -> int:
        """The word that is chosen."""
        return self._index

    def choose(self, index: int) -> None:
        """Show another word as chosen, without a signal."""
        self._index = index
        self.setText(self._words[index])
        self.setAccessibleName(f"{self._name}: {self._words[index]}")
        self.setToolTip(self._name)
        self._group.actions()[index].setChecked(True)

    def sizeHint(self) -> QSize:
        """Room for the longest word, so that nothing moves when another is chosen."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = max(self._words, key=self.fontMetrics().horizontalAdvance)
        words = self.fontMetrics().size(int(Qt.TextFlag.TextShowMnemonic), option.text)
        contents = QStyle.ContentsType.CT_PushButton
        return self.style().sizeFromContents(contents, option, words, self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button, its word at the left and the sign that it drops down at the right."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        tokens = tokens_for(self.palette())
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.secondary))
        words = self.rect().adjusted(_TEXT_PX, 0, -_CHEVRON_PX - _EDGE_PX, 0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, int(flags), self.text())
        color = tokens.secondary
        top = (self.height() - _CHEVRON_PX) // 2
        place = QRect(self.width() - _CHEVRON_PX - _EDGE_PX, top, _CHEVRON_PX, _CHEVRON_PX)
        icon("chevron-down", color, _CHEVRON_PX).paint(painter, place)
        painter.end()

    @Slot(QAction)
    def _on_group_triggered(self, action: QAction) -> None:
        index = action.data()
        if index != self._index:
            self.choose(index)
            self.chosen.emit(index)
