"""The button that copies a text and says so."""

from PySide6.QtCore import QSize, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.ui.widgets.icon_button import IconButton

_CONFIRMED_MS = 1500
_ICON_PX = 16


class CopyButton(IconButton):
    """Copies the text it was given; for a moment its icon turns into a tick."""

    def __init__(self, name: str, shortcut: str = "", parent: QWidget | None = None) -> None:
        super().__init__("copy", name, shortcut, parent)
        self.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self._name = name
        self._shortcut = shortcut
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CONFIRMED_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.clicked.connect(self._on_self_clicked)

    def set_text(self, text: str) -> None:
        """Say what is to be copied."""
        self._text = text

    @Slot()
    def _on_self_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.set_icon("check")
        self.set_name("Copied")
        self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self.set_icon("copy")
        self.set_name(self._name, self._shortcut)
