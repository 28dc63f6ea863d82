"""What the Hub refused and why, in the place of what it did not give."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.core.hub_model import HubFault, HubRefusal
from desktop.ui.icon import icon_pixmap
from desktop.ui.theme import ICON_PX, SPACE_M, SPACE_S, SPACE_XS, tokens_for
from desktop.ui.widgets.plain_widgets import words_label


class RefusalView(QFrame):
    """A refusal with a way on, hidden while there is none.

    Signals:
        retry_requested(): The same is to be asked again.
        access_requested(): The user wants to add an access token.
    """

    retry_requested = Signal()
    access_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._refusal: HubRefusal | None = None
        self._picture = QLabel()
        self._title, self._detail, self._next_step = (
            words_label("strong"),
            words_label(""),
            words_label("secondary"),
        )
        self._access = QPushButton("Add a token")
        self._retry = QPushButton("Try again")
        self._build()
        self._retry.clicked.connect(self.retry_requested)
        self._access.clicked.connect(self.access_requested)
        self.hide()

    def show_refusal(self, refusal: HubRefusal | None) -> None:
        """Show a refusal; None hides it."""
        self._refusal = refusal
        self.setVisible(refusal is not None)
        if refusal is None:
            return
        problem = refusal.problem
        for label, text in (
            (self._title, problem.title),
            (self._detail, problem.detail),
            (self._next_step, problem.next_step),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self._access.setVisible(refusal.fault is HubFault.GATED)
        self.setAccessibleName(problem.title)
        self.setAccessibleDescription(problem.sentence())
        self.setToolTip("\n".join(problem.log))
        self._draw_picture()

    def refusal(self) -> HubRefusal | None:
        """Return what is shown; None while hidden."""
        return self._refusal

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_picture()

    def _build(self) -> None:
        self.setProperty("role", "card")
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        for label in (self._title, self._detail, self._next_step):
            words.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, SPACE_XS, 0, 0)
        buttons.setSpacing(SPACE_S)
        for button in (self._access, self._retry):
            button.setProperty("variant", "quiet")
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch()
        words.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def _draw_picture(self) -> None:
        if self._refusal is None:
            return
        is_gated = self._refusal.fault in {HubFault.GATED, HubFault.OFFLINE}
        tokens = tokens_for(self.palette())
        name, color = ("info", tokens.accent) if is_gated else ("triangle-alert", tokens.bad)
        self._picture.setPixmap(icon_pixmap(name, color, ICON_PX, self.devicePixelRatioF()))
