"""The middle of the window: the model at the top, the conversation, and the composer."""

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui.chat.composer import Composer
from desktop.ui.chat.transcript_view import COLUMN_PX, TranscriptView
from desktop.ui.chat.welcome import Welcome
from desktop.ui.models.model_picker import ModelPicker
from desktop.ui.status.scale_line import ScaleLine
from desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XL
from desktop.ui.widgets.banner import Banner
from desktop.ui.widgets.hairline import Hairline
from desktop.ui.widgets.icon_button import IconButton
from desktop.ui.widgets.notice_line import NoticeLine
from desktop.ui.widgets.question_bar import QuestionBar

_PICKER_PX, _LEAST_CONVERSATION_PX = 560, 80


class ChatPage(QWidget):
    """Puts the parts of the chat below each other; the window connects them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sidebar_toggle = IconButton("panel-left", "Show or hide the chats", "Ctrl+B")
        self.picker = ModelPicker()
        self.banner = Banner()
        self.question = QuestionBar()
        self.transcript = TranscriptView()
        self.welcome = Welcome()
        self.scale_line = ScaleLine()
        self.composer = Composer()
        self.notice = NoticeLine()
        self._stack = QStackedWidget()
        # What is left after the others is the conversation's; it never squeezes the composer.
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._stack.setMinimumHeight(_LEAST_CONVERSATION_PX)
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self.transcript)
        self._build()
        self.transcript.emptiness_changed.connect(self._on_transcript_emptiness_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the composer grow to a share of the height."""
        super().resizeEvent(event)
        self.composer.set_window_height(self.height())

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(SPACE_M, SPACE_M, SPACE_XL, SPACE_M)
        top.setSpacing(SPACE_S)
        self.picker.setMaximumWidth(_PICKER_PX)
        top.addWidget(self.sidebar_toggle)
        top.addWidget(self.picker, 1)
        top.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(Hairline())
        layout.addWidget(_MessageArea((self.banner, self.question)))
        layout.addWidget(self._stack, 1)
        layout.addWidget(_Column((self.scale_line, self.composer, self.notice)))

    @Slot(object)
    def _on_transcript_emptiness_changed(self, _is_empty: object) -> None:
        shown = self.welcome if self.transcript.is_empty() else self.transcript
        self._stack.setCurrentWidget(shown)


class _Column(QWidget):
    """Puts widgets below each other in the same column as the text of the conversation."""

    def __init__(self, widgets: tuple[QWidget, ...]) -> None:
        super().__init__()
        self._widgets = widgets
        self.column = QVBoxLayout()
        self.column.setSpacing(SPACE_S)
        for widget in widgets:
            self.column.addWidget(widget)
        inside = QWidget()
        inside.setMaximumWidth(COLUMN_PX)
        inside.setLayout(self.column)
        self.column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_XL, 0, SPACE_XL, 0)
        row.setSpacing(0)
        row.addStretch(1)
        row.addWidget(inside, 1000)
        row.addStretch(1)


class _MessageArea(_Column):
    """Takes no room, not even a margin, while none of its widgets has anything to say."""

    def __init__(self, widgets: tuple[QWidget, ...]) -> None:
        super().__init__(widgets)
        self.column.setContentsMargins(0, SPACE_S, 0, SPACE_S)
        for widget in widgets:
            widget.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Come and go with the widgets."""
        if event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self.setHidden(all(widget.isHidden() for widget in self._widgets))
