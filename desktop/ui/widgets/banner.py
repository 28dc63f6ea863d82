"""A message that stands where something happened: a failure, a notice, a success."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.icon import icon_pixmap
from desktop.ui.theme import (
    ICON_PX,
    SECONDARY_PX,
    SPACE_M,
    SPACE_S,
    SPACE_XS,
    code_font,
    tokens_for,
)
from desktop.ui.widgets.icon_button import IconButton
from desktop.ui.widgets.plain_widgets import styled_button, words_label

_LEAST_LOG_PX, _LOG_PX = 56, 140
_LEVEL_PX = 6


class BannerKind(Enum):
    """What a banner tells of; the value is what the style sheet asks for."""

    PROBLEM = "problem"
    NOTICE = "notice"
    SUCCESS = "success"


@dataclass(frozen=True, slots=True)
class BannerMessage:
    """What a banner says.

    Attributes:
        title: What happened, in a few words without a full stop.
        detail: Why, in one or two sentences.
        next_step: What the reader can do about it.
        log: Lines to fold out and copy.
        action: The text of a button; empty for none.
    """

    kind: BannerKind
    title: str
    detail: str = ""
    next_step: str = ""
    log: tuple[str, ...] = ()
    action: str = ""

    def as_text(self) -> str:
        """Return everything it says, to be copied."""
        head = ". ".join(
            part.rstrip(".") for part in (self.title, self.detail, self.next_step) if part
        )
        return "\n".join((f"{head}.", *self.log))


_LOOK = {
    BannerKind.PROBLEM: ("triangle-alert", "bad"),
    BannerKind.NOTICE: ("info", "accent"),
    BannerKind.SUCCESS: ("check", "good"),
}


class Banner(QFrame):
    """One message at a time, hidden while there is none; it never takes the focus.

    Signals:
        action_requested(): The button of the message was pressed.
        dismissed(): The reader closed the banner.
    """

    action_requested = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message: BannerMessage | None = None
        self._picture = QLabel()
        self._title = words_label("strong", can_be_selected=True)
        self._detail = words_label("", can_be_selected=True)
        self._next_step = words_label("", can_be_selected=True)
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._log.setFont(code_font(SECONDARY_PX))
        self._log.setMinimumHeight(_LEAST_LOG_PX)
        self._log.setMaximumHeight(_LOG_PX)
        self._log.setAccessibleName("Details")
        self._log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details = QWidget()
        self._fold = styled_button("Details", "quiet")
        self._fold.setCheckable(True)
        self._copy = styled_button("Copy", "quiet")
        self._action = styled_button("", "quiet")
        self._close = IconButton("x", "Close this message")
        self._build()
        self._fold.toggled.connect(self._on_fold_toggled)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._action.clicked.connect(self.action_requested)
        self._close.clicked.connect(self._on_close_clicked)
        self.hide()

    def show_message(self, message: BannerMessage) -> None:
        """Show a message in place of the one before."""
        self._message = message
        self.setProperty("kind", message.kind.value)
        self.style().unpolish(self)
        self.style().polish(self)
        for label, text in (
            (self._title, message.title),
            (self._detail, message.detail),
            (self._next_step, message.next_step),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self._log.setPlainText("\n".join(message.log))
        self._fold.setChecked(False)
        self._fold.setVisible(bool(message.log))
        self._action.setText(message.action)
        self._action.setVisible(bool(message.action))
        self.setAccessibleName(message.title)
        self.setAccessibleDescription(f"{message.detail} {message.next_step}".strip())
        self._draw_picture()
        self.show()

    def message(self) -> BannerMessage | None:
        """Return what is shown; None while hidden."""
        return self._message

    def clear(self) -> None:
        """Hide the banner."""
        self._message = None
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_picture()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        for label in (self._title, self._detail, self._next_step):
            words.addWidget(label)
        words.addStretch()
        line = QHBoxLayout()
        line.setSpacing(SPACE_S)
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        for button in (self._action, self._fold, self._close):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        # The words stand level with the text of the buttons beside them.
        words.setContentsMargins(0, _LEVEL_PX, SPACE_S, 0)
        self._picture.setContentsMargins(0, _LEVEL_PX, SPACE_XS, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addLayout(line)
        layout.addWidget(self._details)
        details = QVBoxLayout(self._details)
        details.setContentsMargins(0, 0, SPACE_XS, SPACE_XS)
        details.setSpacing(SPACE_S)
        details.addWidget(self._log)
        details.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)
        self._details.hide()

    def _draw_picture(self) -> None:
        if self._message is None:
            return
        name, role = _LOOK[self._message.kind]
        color = getattr(tokens_for(self.palette()), role)
        self._picture.setPixmap(icon_pixmap(name, color, ICON_PX, self.devicePixelRatioF()))

    @Slot()
    def _on_fold_toggled(self) -> None:
        folded_out = self._fold.isChecked()
        self._details.setVisible(folded_out)
        self._fold.setText("Hide details" if folded_out else "Details")

    @Slot()
    def _on_copy_clicked(self) -> None:
        if self._message is not None:
            QGuiApplication.clipboard().setText(self._message.as_text())

    @Slot()
    def _on_close_clicked(self) -> None:
        self.clear()
        self.dismissed.emit()
