"""How far the load of a model is, with a way out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from desktop.ui.theme import SPACE_S

_STEPS = 1000
_BAR_PX = 140


class LoadProgressView(QWidget):
    """A bar, the percentage and Cancel.

    Signals:
        cancel_requested(): The load is to be given up.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar()
        self._bar.setRange(0, _STEPS)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_PX)
        self._bar.setAccessibleName("Loading the model")
        self._percent = QLabel()
        self._percent.setProperty("role", "secondary")
        cancel = QPushButton("Cancel")
        cancel.setProperty("variant", "small")
        cancel.setToolTip("Give up this load  (Esc)")
        cancel.clicked.connect(self.cancel_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._bar)
        layout.addWidget(self._percent)
        layout.addWidget(cancel)
        self.show_fraction(0.0)
        self._percent.setFixedWidth(self._percent.fontMetrics().horizontalAdvance("100 %"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def show_fraction(self, fraction: float) -> None:
        """Show how far the load is, from 0 to 1."""
        self._bar.setValue(round(fraction * _STEPS))
        self._percent.setText(f"{fraction * 100:.0f} %")

    def percent_text(self) -> str:
        """Return the percentage as shown."""
        return self._percent.text()
