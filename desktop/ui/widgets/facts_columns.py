"""Facts in two columns, where there is room for two."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop.ui.theme import SPACE_XXL
from desktop.ui.widgets.facts_grid import Fact, FactsGrid

_BESIDE_FROM_PX = 540
_ROW_GAP_PX = 6


class FactsColumns(QWidget):
    """Two grids of facts, side by side or one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left, self._right = FactsGrid(), FactsGrid()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.addWidget(self._left, 1, Qt.AlignmentFlag.AlignTop)
        self._columns.addWidget(self._right, 1, Qt.AlignmentFlag.AlignTop)

    def show_facts(self, left: tuple[Fact, ...], right: tuple[Fact, ...]) -> None:
        """Show these facts instead of the ones before."""
        self._left.show_facts(left)
        self._right.show_facts(right)

    def value_of(self, name: str) -> str:
        """Return the value shown for a name; raises KeyError for an unknown one."""
        try:
            return self._left.value_of(name)
        except KeyError:
            return self._right.value_of(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put one column below the other where there is no room beside it."""
        super().resizeEvent(event)
        is_wide = self.width() >= _BESIDE_FROM_PX
        direction = QBoxLayout.Direction
        self._columns.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)
        self._columns.setSpacing(SPACE_XXL if is_wide else _ROW_GAP_PX)
