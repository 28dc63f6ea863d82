"""Where a message is written, sent, and an answer is stopped."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.core.telemetry import EnginePhase, EngineStatus
from desktop.core.text_format import format_count
from desktop.ui.chat.composer_edit import ComposerEdit
from desktop.ui.chat.rounded_box import RoundedBox
from desktop.ui.icon import icon
from desktop.ui.theme import RADIUS_COMPOSER, SPACE_M, SPACE_S, tokens_for

_HEIGHT_SHARE = 0.4
_BUTTON_ROW_PX, _ICON_PX = 66, 15
_NO_MODEL = "Choose a model first  (Ctrl+L)"


class Composer(RoundedBox):
    """A field that grows, the context in use, and one button that sends or stops.

    The words stay until `clear_if_sent` says that they were taken, so none are lost when a
    message cannot be sent.

    Signals:
        message_submitted(object: str): The message is to be sent.
        stop_requested(): The answer under way is to be stopped.
    """

    message_submitted = Signal(object)
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("card", "line", RADIUS_COMPOSER, parent)
        self._is_answering = False
        self._has_model = False
        self._edit = ComposerEdit()
        self._edit.setPlaceholderText("Ask anything. Enter sends, Shift+Enter breaks the line.")
        self._context = QLabel()
        self._context.setProperty("role", "secondary")
        self._button = QPushButton()
        self._button.setProperty("variant", "primary")
        self._button.setIconSize(QSize(_ICON_PX, _ICON_PX))
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addStretch()
        row.addWidget(self._context)
        row.addWidget(self._button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_S, SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._edit)
        layout.addLayout(row)
        self.setFocusProxy(self._edit)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self._button.setCursor(Qt.CursorShape.ArrowCursor)
        self._edit.send_requested.connect(self._on_edit_send_requested)
        self._edit.textChanged.connect(self._on_edit_text_changed)
        self._edit.focus_changed.connect(self._on_edit_focus_changed)
        self._button.clicked.connect(self._on_button_clicked)
        self._refresh_button()

    @Slot(object)
    def set_answering(self, answering: bool) -> None:  # noqa: FBT001 (a signal passes it)
        """Turn Send into Stop while an answer is written."""
        self._is_answering = answering
        self._refresh_button()

    @Slot(object)
    def show_status(self, status: EngineStatus) -> None:
        """Show how much of the context is used; without a model nothing can be sent."""
        facts = status.facts
        self._context.setText(
            ""
            if facts is None
            else f"context {format_count(status.context_used_tokens)}"
            f" of {format_count(facts.context_tokens)}"
        )
        has_model = status.phase is not EnginePhase.EMPTY
        if has_model != self._has_model:
            self._has_model = has_model
            self._refresh_button()

    @Slot(object)
    def set_text(self, text: str) -> None:
        """Put words into the field in place of what is there."""
        self._edit.selectAll()
        self._edit.insertPlainText(text)

    @Slot()
    def clear(self) -> None:
        """Empty the field."""
        self._edit.clear()

    def clear_if_sent(self, text: str) -> None:
        """Empty the field if these are its words; a draft of other words stays."""
        if self.text() == text:
            self._edit.clear()

    def text(self) -> str:
        """Return the words in the field."""
        return self._edit.toPlainText()

    def is_answering(self) -> bool:
        """Return whether the button stops an answer."""
        return self._is_answering

    def set_window_height(self, height: int) -> None:
        """Let the whole composer grow to 40 % of the window."""
        self._edit.set_limit(int(height * _HEIGHT_SHARE) - _BUTTON_ROW_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Stop the answer on Esc."""
        if event.key() == Qt.Key.Key_Escape and self._is_answering:
            self.stop_requested.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Write wherever the box is pressed."""
        self._edit.setFocus(Qt.FocusReason.MouseFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icon again with the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._refresh_button()

    def _can_send(self) -> bool:
        return self._has_model and not self._is_answering and bool(self.text().strip())

    def _submit(self) -> None:
        if self._can_send():
            self.message_submitted.emit(self.text())

    def _refresh_button(self) -> None:
        name = "Stop" if self._is_answering else "Send"
        is_enabled = self._is_answering or self._can_send()
        tokens = tokens_for(self.palette())
        color = tokens.on_accent if is_enabled else tokens.secondary
        self._button.setText(name)
        self._button.setIcon(icon("square" if self._is_answering else "arrow-up", color))
        self._button.setEnabled(is_enabled)
        self._button.setAccessibleName(name)
        hint = f"{name}  ({'Esc' if self._is_answering else 'Enter'})"
        self._button.setToolTip(hint if self._has_model or self._is_answering else _NO_MODEL)

    @Slot()
    def _on_edit_send_requested(self) -> None:
        self._submit()

    @Slot()
    def _on_edit_text_changed(self) -> None:
        self._refresh_button()

    @Slot()
    def _on_edit_focus_changed(self) -> None:
        self.set_highlighted(highlighted=self._edit.hasFocus())

    @Slot()
    def _on_button_clicked(self) -> None:
        if self._is_answering:
            self.stop_requested.emit()
        else:
            self._submit()
