"""Whether anything goes over the network, and where models come from."""

import ipaddress
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.core.hub_environment import DEFAULT_ENDPOINT
from desktop.core.settings import Settings
from desktop.ui.theme import SPACE_S, SPACE_XS
from desktop.ui.widgets.elided_label import ElidedLabel

_UNSAFE = "A mirror needs an address that begins with https://, or http:// on this machine."
_MIRROR = "Leave it empty for the Hub itself. Your access token is never sent to a mirror."


def is_safe_endpoint(address: str) -> bool:
    """Whether models may be fetched from there: over https, or over http from this machine."""
    try:
        parts = urlsplit(address)
        host, has_user, _port = parts.hostname or "", parts.username is not None, parts.port
    except ValueError:
        return False
    if not host or has_user or parts.query or parts.fragment or any(map(str.isspace, address)):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


class NetworkPanel(QWidget):
    """One line that says how things are; unfolded, the switch and the address of a mirror.

    Signals:
        offline_chosen(object: bool): Whether nothing may go over the network.
        endpoint_chosen(object: str): The address of a mirror; empty for the Hub.
    """

    offline_chosen = Signal(object)
    endpoint_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = Settings()
        self._default_endpoint, self._is_kept_offline = DEFAULT_ENDPOINT, False
        self._fold = QPushButton("Network")
        self._fold.setCheckable(True)
        self._state = ElidedLabel()
        self._state.setProperty("role", "secondary")
        self._state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._inside = QWidget()
        self._offline = QCheckBox("Nothing goes over the network")
        self._address = QLineEdit()
        self._use = QPushButton("Use")
        self._hint = QLabel(_MIRROR)
        self._build()
        self._fold.toggled.connect(self._on_fold_toggled)
        self._offline.clicked.connect(self._on_offline_clicked)
        self._address.textChanged.connect(self._on_address_text_changed)
        self._address.returnPressed.connect(self._on_address_return_pressed)
        self._use.clicked.connect(self._on_address_return_pressed)
        self.show_settings(Settings())

    def show_environment(self, endpoint: str, *, is_offline: bool) -> None:
        """Take what the environment of the app says, which the user cannot change here.

        Args:
            endpoint: HF_ENDPOINT, used where no mirror is set; empty for none.
            is_offline: Whether HF_HUB_OFFLINE is on.
        """
        self._default_endpoint = endpoint or DEFAULT_ENDPOINT
        self._is_kept_offline = is_offline
        self._offline.setEnabled(not is_offline)
        self._offline.setToolTip("HF_HUB_OFFLINE is set" if is_offline else "")
        self._address.setPlaceholderText(self._default_endpoint)
        self.show_settings(self._settings)

    @Slot(object)
    def show_settings(self, settings: Settings) -> None:
        """Show what is set; an address that is being written stays."""
        if settings.hub_endpoint != self._settings.hub_endpoint:
            self._address.setText(settings.hub_endpoint)
        self._settings = settings
        is_offline = settings.is_offline or self._is_kept_offline
        self._offline.setChecked(is_offline)
        source = settings.hub_endpoint or self._default_endpoint
        self._state.setText(
            "Offline: nothing goes over the network"
            if is_offline
            else f"Models come from {urlsplit(source).netloc}"
        )
        self._judge()

    @Slot()
    def unfold(self) -> None:
        """Show the switch and the address."""
        self._fold.setChecked(True)
        self._offline.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc folds it up."""
        if event.key() == Qt.Key.Key_Escape and self._fold.isChecked():
            self._fold.setChecked(False)
            self._fold.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        for button in (self._fold, self._use):
            button.setProperty("variant", "small")
            button.setAutoDefault(False)
        self._fold.setToolTip("The offline switch and the address of a mirror")
        self._use.setAccessibleName("Use this mirror")
        self._hint.setProperty("role", "secondary")
        self._hint.setWordWrap(True)
        self._address.setPlaceholderText(DEFAULT_ENDPOINT)
        self._address.setAccessibleName("Address of a mirror")
        label = QLabel("Mirror")
        label.setBuddy(self._address)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, SPACE_XS, 0, 0)
        inside.setSpacing(SPACE_S)
        inside.addWidget(self._offline, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addLayout(_row(label, self._address, self._use))
        inside.addWidget(self._hint)
        self._inside.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(_row(self._fold, self._state))
        layout.addWidget(self._inside)

    def _written(self) -> str:
        return self._address.text().strip().rstrip("/")

    def _judge(self) -> None:
        written = self._written()
        is_safe = not written or is_safe_endpoint(written)
        self._use.setEnabled(is_safe and written != self._settings.hub_endpoint)
        self._hint.setText(_MIRROR if is_safe else _UNSAFE)

    @Slot()
    def _on_fold_toggled(self) -> None:
        self._inside.setVisible(self._fold.isChecked())

    @Slot()
    def _on_offline_clicked(self) -> None:
        self.offline_chosen.emit(self._offline.isChecked())

    @Slot()
    def _on_address_text_changed(self) -> None:
        self._judge()

    @Slot()
    def _on_address_return_pressed(self) -> None:
        if self._use.isEnabled():
            self.endpoint_chosen.emit(self._written())


def _row(*widgets: QWidget) -> QHBoxLayout:
    """Put widgets beside each other; the second takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(SPACE_S)
    for index, widget in enumerate(widgets):
        row.addWidget(widget, int(index == 1))
    return row


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
