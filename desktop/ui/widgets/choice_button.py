"""A small button that shows what is chosen and drops down the other choices."""

from PySide6.QtCore import QRect, QSize, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop.ui.icon import icon
from desktop.ui.theme import tokens_for

_CHEVRON_PX, _EDGE_PX = 14, 5


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
        hint = super().sizeHint()
        measure = self.fontMetrics().horizontalAdvance
        spare = max(map(measure, self._words)) - measure(self.text())
        return QSize(hint.width() + spare, hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button, then the sign that it drops down."""
        super().paintEvent(event)
        painter = QPainter(self)
        color = tokens_for(self.palette()).secondary
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
