"""What the library is busy with, how far it is, and a way out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from desktop.core.library import LibraryWork
from desktop.ui.theme import SPACE_S
from desktop.ui.widgets.elided_label import ElidedLabel

_STEPS, _BAR_PX = 1000, 140


class WorkBar(QWidget):
    """A sentence, a bar and Cancel; hidden while there is nothing to do.

    Signals:
        cancelled(): The work is to be given up.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ElidedLabel()
        self._text.setProperty("role", "secondary")
        self._bar = QProgressBar()
        self._bar.setRange(0, _STEPS)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_PX)
        self._percent = QLabel()
        self._percent.setProperty("role", "secondary")
        self._cancel = QPushButton("Cancel")
        self._cancel.setProperty("variant", "small")
        self._cancel.setAutoDefault(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._text)
        layout.addStretch()
        layout.addWidget(self._bar)
        layout.addWidget(self._percent)
        layout.addWidget(self._cancel)
        self._percent.setFixedWidth(self._percent.fontMetrics().horizontalAdvance("100 %"))
        self._cancel.clicked.connect(self.cancelled)
        self.hide()

    def show_work(self, work: LibraryWork | None) -> None:
        """Show what is being done; None hides the bar."""
        self.setVisible(work is not None)
        if work is None:
            return
        is_known = work.fraction is not None
        self._text.setText(work.text)
        self._bar.setAccessibleName(work.text)
        self._bar.setValue(round((work.fraction or 0.0) * _STEPS))
        self._percent.setText(f"{work.fraction * 100:.0f} %" if work.fraction is not None else "")
        self._bar.setVisible(is_known)
        self._percent.setVisible(is_known)
        self._cancel.setVisible(work.can_cancel)
        self._cancel.setAccessibleName(f"Cancel: {work.text}")
