"""Where an access token of the Hub is put in, and forgotten again."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core.hub_model import HubAccess
from desktop.ui.theme import SPACE_S

_KEPT = "Kept by huggingface_hub in a file that only you can read; sent only to huggingface.co."
_CHECKING = "Asking the Hub whose token this is."


class TokenField(QWidget):
    """A password field and what is known of the token; the field never keeps what was saved.

    Signals:
        submitted(object: str): This token is to be checked and kept.
        forgotten(): The one that is kept is to be deleted.
    """

    submitted = Signal(object)
    forgotten = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._access = HubAccess()
        self._is_checking = False
        self._field = QLineEdit()
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText("hf_…")
        self._field.setAccessibleName("Access token")
        self._save = QPushButton("Save")
        self._save.setAccessibleName("Save the token")
        self._forget = QPushButton("Forget the token")
        for button in (self._save, self._forget):
            button.setProperty("variant", "quiet")
            button.setAutoDefault(False)
        self._state = QLabel()
        self._state.setProperty("role", "secondary")
        self._state.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(SPACE_S)
        line.addWidget(self._field, 1)
        line.addWidget(self._save)
        line.addWidget(self._forget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(line)
        layout.addWidget(self._state)
        self._field.textChanged.connect(self._refresh)
        self._field.returnPressed.connect(self._on_save_clicked)
        self._save.clicked.connect(self._on_save_clicked)
        self._forget.clicked.connect(self.forgotten)
        self._refresh()

    def show_access(self, access: HubAccess) -> None:
        """Show whether a token is kept, and whose."""
        self._access = access
        self.stop_checking()

    def stop_checking(self) -> None:
        """There is an answer about the token."""
        self._is_checking = False
        self._refresh()

    def state_text(self) -> str:
        """Return what is said of the token."""
        return self._state.text()

    def focus_field(self) -> None:
        """Go to where the token is pasted."""
        self._field.setFocus()

    @Slot()
    def _refresh(self) -> None:
        self._save.setEnabled(bool(self._field.text().strip()) and not self._is_checking)
        self._forget.setVisible(self._access.has_token)
        self._state.setText(self._sentence())

    def _sentence(self) -> str:
        if self._is_checking:
            return _CHECKING
        if not self._access.has_token:
            return _KEPT
        owner = f"The Hub knows you as {self._access.user}." if self._access.user else ""
        return f"{owner or 'A token is saved.'} {_KEPT}"

    @Slot()
    def _on_save_clicked(self) -> None:
        token = self._field.text().strip()
        if not token or self._is_checking:
            return
        self._is_checking = True
        self._field.clear()
        self._refresh()
        self.submitted.emit(token)
