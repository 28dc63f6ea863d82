"""A name that can be edited where it stands."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.widgets.elided_label import ElidedLabel


class NameField(QWidget):
    """Shows a name; while it is edited, Enter takes the new one and Esc keeps the old.

    Signals:
        edited(object: str): The name is to be another; empty for the file's own.
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidedLabel()
        self._label.setProperty("role", "strong")
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._edit = QLineEdit()
        self._edit.setAccessibleName("Name of the model")
        self._edit.setPlaceholderText("Empty: the file's own name")
        self._edit.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label)
        layout.addWidget(self._edit)
        self._edit.installEventFilter(self)
        self._edit.returnPressed.connect(self._on_edit_return_pressed)

    def show_name(self, name: str) -> None:
        """Show a name; one that is being edited is left alone."""
        self._label.setText(name)

    def start(self) -> None:
        """Let the user edit the name."""
        self._edit.setText(self._label.whole_text())
        self._label.hide()
        self._edit.show()
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._edit.selectAll()

    def stop(self) -> None:
        """Keep the name as it was."""
        self._edit.hide()
        self._label.show()

    def name(self) -> str:
        """Return the name that is shown."""
        return self._label.whole_text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc and going elsewhere keep the old name."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.KeyPress:
                self.stop()
            return True
        if event.type() is QEvent.Type.FocusOut:
            self.stop()
        return super().eventFilter(watched, event)

    @Slot()
    def _on_edit_return_pressed(self) -> None:
        name = self._edit.text().strip()
        is_new = name != self._label.whole_text()
        self.stop()
        if is_new:
            self.edited.emit(name)
