"""The quiet line below the composer: something was done, and may be undone."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.ui.theme import SPACE_S
from desktop.ui.widgets.elided_label import ElidedLabel

_HEIGHT_PX = 32
_NOTICE_MS, _UNDO_MS = 6_000, 12_000


class NoticeLine(QWidget):
    """Always takes its height, so that nothing moves when a notice comes and goes.

    A floating one lies over the others instead, and is there only while it has something to say.

    Signals:
        undo_requested(): What the notice tells of is to be undone.
    """

    undo_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, is_floating: bool = False) -> None:
        super().__init__(parent)
        self._is_floating = is_floating
        self.setAutoFillBackground(is_floating)
        self.setHidden(is_floating)
        self.setFixedHeight(_HEIGHT_PX)
        self._label = ElidedLabel()
        self._label.setProperty("role", "secondary")
        self._undo = QPushButton("Undo")
        self._undo.setProperty("variant", "quiet")
        self._undo.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self._label)
        layout.addWidget(self._undo)
        self._undo.clicked.connect(self._on_undo_clicked)
        self._timer.timeout.connect(self.clear)

    def show_notice(self, text: str, *, can_undo: bool = False) -> None:
        """Show a sentence for a few seconds."""
        self._label.setText(text)
        self._undo.setVisible(can_undo)
        self._timer.start(_UNDO_MS if can_undo else _NOTICE_MS)
        if self._is_floating:
            self.show()
            self.raise_()

    @Slot()
    def clear(self) -> None:
        """Take the sentence away."""
        self._timer.stop()
        self.setHidden(self._is_floating)
        self._label.setText("")
        self._undo.hide()

    def text(self) -> str:
        """Return the sentence that is shown; empty for none."""
        return self._label.whole_text()

    def undo_button(self) -> QPushButton:
        """Return the button that undoes."""
        return self._undo

    @Slot()
    def _on_undo_clicked(self) -> None:
        self.clear()
        self.undo_requested.emit()
