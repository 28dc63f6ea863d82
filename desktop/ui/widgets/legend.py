"""What the colours of a chart mean, each with its figure, side by side."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from desktop.ui.theme import SPACE_S, SPACE_XS
from desktop.ui.widgets.color_swatch import ColorSwatch
from desktop.ui.widgets.elided_label import ElidedLabel


class Legend(QWidget):
    """Columns of equal width: a colour with its name, and the figure below.

    Args:
        entries: Colour roles of `theme.Tokens` with the names that they stand for.
    """

    def __init__(self, entries: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: list[QLabel] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_S)
        grid.setVerticalSpacing(2)
        for column, (role, name) in enumerate(entries):
            label = ElidedLabel(name)
            label.setProperty("role", "secondary")
            head = QHBoxLayout()
            head.setSpacing(SPACE_XS + 2)
            head.addWidget(ColorSwatch(role), 0, Qt.AlignmentFlag.AlignVCenter)
            head.addWidget(label, 1)
            head.addStretch()
            figure = QLabel()
            figure.setAccessibleName(name)
            grid.addLayout(head, 0, column)
            grid.addWidget(figure, 1, column)
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 1)
            self._figures.append(figure)

    def show_figures(self, figures: tuple[str, ...]) -> None:
        """Show the figures, in the order of the entries."""
        for label, figure in zip(self._figures, figures, strict=True):
            label.setText(figure)

    def figures(self) -> tuple[str, ...]:
        """Return the figures as shown."""
        return tuple(label.text() for label in self._figures)
