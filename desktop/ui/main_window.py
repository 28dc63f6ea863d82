"""The window: the chats at the left, the conversation in the middle, the scale at the right."""

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from desktop.core.conversation import Conversation, Message, Role
from desktop.core.errors import Problem
from desktop.core.local_model import ModelEntry
from desktop.core.question import Question
from desktop.core.telemetry import EngineStatus, MachineSnapshot
from desktop.ui.chat.chat_page import ChatPage
from desktop.ui.chat.conversation_list import ConversationList
from desktop.ui.models.models_page import ModelsPage
from desktop.ui.navigation import Place
from desktop.ui.status.scale_panel import ScalePanel
from desktop.ui.widgets.banner import BannerKind, BannerMessage
from desktop.ui.widgets.hairline import Hairline

SCALE_FROM_PX, SIDEBAR_FROM_PX = 1000, 720
SCALE_BESIDE_MODELS_FROM_PX = 1500
"""The list and the card of the models stand side by side before the scale does."""
_DEFAULT_SIZE, _SMALLEST_SIZE = (1280, 800), (640, 480)
_MODEL_SUFFIX = ".gguf"


class MainWindow(QMainWindow):
    """Holds the views, fits them to its width, and hands facts to those that show them.

    Its parts are attributes: `conversations`, `picker`, `banner`, `question`, `transcript`,
    `welcome`, `composer`, `scale`, `scale_line` and `notice`; `models` once it was added.

    Signals:
        models_wanted(): The user wants to go to the models, which are not there yet.
        first_painted(): The window is on the screen for the first time.
        closing(): The window is being closed for good.
        files_dropped(object: tuple[Path, ...]): Model files or folders were dropped on the window.
        undo_requested(): The last deletion is to be undone.
        theme_chosen(object: ThemeChoice): The colours of the app.
    """

    models_wanted = Signal()
    first_painted = Signal()
    closing = Signal()
    files_dropped = Signal(object)
    undo_requested = Signal()
    theme_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wants_sidebar = True
        self._shows_sidebar_narrow = False
        self._is_painted = False
        self._wants_models = False
        self.conversations = ConversationList()
        self._page = ChatPage()
        self.models: ModelsPage | None = None
        self._models_to_come: ModelsPage | None = None
        self._places = QStackedWidget()
        self._places.addWidget(self._page)
        self.picker = self._page.picker
        self.banner = self._page.banner
        self.question = self._page.question
        self.transcript = self._page.transcript
        self.welcome = self._page.welcome
        self.composer = self._page.composer
        self.scale_line = self._page.scale_line
        self.notice = self._page.notice
        self.scale = ScalePanel()
        self._sidebar_edge = Hairline(Qt.Orientation.Vertical)
        self._scale_edge = Hairline(Qt.Orientation.Vertical)
        self._build()
        self._add_shortcuts()
        self._connect()
        self.composer.setFocus()

    @property
    def place(self) -> Place:
        """What the middle of the window shows."""
        return Place.CHAT if self._places.currentWidget() is self._page else Place.MODELS

    def add_models(self, page: ModelsPage) -> None:
        """Take in the page of models, which is built after the first paint."""
        page.sidebar_toggle.clicked.connect(self.toggle_sidebar)
        self._places.addWidget(page)
        self._models_to_come = page

    def open_models(self) -> None:
        """Open the page of models, now that it is whole."""
        self.models = self._models_to_come
        if self._wants_models:
            self.show_place(Place.MODELS)

    @Slot(object)
    def show_place(self, place: Place) -> None:
        """Go to the chat or to the models."""
        self._wants_models = place is Place.MODELS
        if self._wants_models and self.models is None:
            self.models_wanted.emit()
        shown = self.models if self._wants_models and self.models is not None else self._page
        self._places.setCurrentWidget(shown)
        self._shows_sidebar_narrow = False
        self.conversations.navigation.show_place(self.place)
        self._fit()
        if self.place is Place.CHAT:
            self.focus_composer()
        else:
            shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def show_chat(self) -> None:
        """Go to the chat."""
        self.show_place(Place.CHAT)

    @Slot()
    def show_models(self) -> None:
        """Go to the models."""
        self.show_place(Place.MODELS)

    @property
    def is_sidebar_wanted(self) -> bool:
        """Whether the chats are shown where there is room for them."""
        return self._wants_sidebar

    def restore(self, geometry: bytes, is_sidebar_visible: bool) -> None:  # noqa: FBT001 (as stored)
        """Take the place, the size and the sidebar of the last time."""
        self._wants_sidebar = is_sidebar_visible
        if geometry:
            self.restoreGeometry(QByteArray(geometry))
        self._fit()

    def geometry_bytes(self) -> bytes:
        """Return the place and size of the window, for `restore`."""
        return bytes(self.saveGeometry().data())

    def bring_to_front(self) -> None:
        """Show the window before all others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot(object)
    def show_conversation(self, conversation: Conversation | None) -> None:
        """Show a conversation; None for a new one."""
        self.conversations.select(conversation.id if conversation else None)
        self.transcript.show_conversation(conversation)
        self.setWindowTitle(f"{conversation.title} · Heft" if conversation else "Heft")

    @Slot(object)
    def add_message(self, message: Message) -> None:
        """Show a message at the end; the reader's own words leave the composer with it."""
        self.transcript.add_message(message)
        if message.role is Role.USER:
            self.composer.clear_if_sent(message.text)

    @Slot(object)
    def show_status(self, status: EngineStatus) -> None:
        """Hand what the engine does to all that show it."""
        for view in (
            self.picker,
            self.welcome,
            self.transcript,
            self.composer,
            self.scale,
            self.scale_line,
        ):
            view.show_status(status)

    @Slot(object)
    def show_snapshot(self, snapshot: MachineSnapshot) -> None:
        """Hand what the machine does to both scales."""
        self.scale.show_snapshot(snapshot)
        self.scale_line.show_snapshot(snapshot)

    @Slot(object)
    def show_entries(self, entries: tuple[ModelEntry, ...]) -> None:
        """Show which models there are."""
        self.picker.show_models(entries)
        self.welcome.show_entries(entries)

    @Slot(object)
    def show_problem(self, problem: Problem) -> None:
        """Show a failure that belongs to no message, in the place that the user looks at."""
        in_models = self.models is not None and self.place is Place.MODELS
        banner = self.models.banner if in_models and self.models is not None else self.banner
        banner.show_message(
            BannerMessage(
                BannerKind.PROBLEM, problem.title, problem.detail, problem.next_step, problem.log
            )
        )

    @Slot(object)
    def show_notice(self, text: str) -> None:
        """Show a quiet sentence that goes away by itself, in the place that the user looks at."""
        in_models = self.models is not None and self.place is Place.MODELS
        notice = self.models.notice if in_models and self.models is not None else self.notice
        notice.show_notice(text)

    @Slot(object)
    def show_deletion(self, _conversation_id: int) -> None:
        """Say that a chat was deleted, and offer to bring it back."""
        self.notice.show_notice("Chat deleted.", can_undo=True)

    @Slot(object)
    def ask(self, question: Question) -> None:
        """Ask a question above the conversation, where a narrow window has room for it."""
        self.show_place(Place.CHAT)
        self.question.ask(question.text, question.answers)

    @Slot()
    def toggle_sidebar(self) -> None:
        """Show the chats if they are hidden, and hide them if they are shown."""
        self._show_sidebar(visible=self.conversations.isHidden())

    @Slot()
    def focus_search(self) -> None:
        """Go to the search for chats, wherever it is."""
        self._show_sidebar(visible=True)
        self.conversations.focus_search()

    @Slot()
    def focus_composer(self) -> None:
        """Go to where messages are written."""
        self.composer.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def copy_last_answer(self) -> None:
        """Copy the newest answer and say so."""
        if self.transcript.copy_last_answer():
            self.notice.show_notice("The last answer is copied.")

    @Slot(object)
    def copy_link(self, address: str) -> None:
        """Copy the address of a link: nothing that a model wrote is opened by a press."""
        QGuiApplication.clipboard().setText(address)
        self.notice.show_notice(f"Copied: {address}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nothing else wanted stops the answer."""
        if event.key() == Qt.Key.Key_Escape and self.composer.is_answering():
            self.composer.stop_requested.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first time."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.first_painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the regions to the width."""
        super().resizeEvent(event)
        self._fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take model files."""
        if _model_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the model files to be added."""
        files = _model_files(event)
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the window is going."""
        self.closing.emit()
        super().closeEvent(event)

    @Slot()
    def _on_conversations_chat_wanted(self) -> None:
        self.show_place(Place.CHAT)

    def _build(self) -> None:
        self.setWindowTitle("Heft")
        self.setMinimumSize(*_SMALLEST_SIZE)
        self.resize(*_DEFAULT_SIZE)
        self.setAcceptDrops(True)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.conversations)
        row.addWidget(self._sidebar_edge)
        row.addWidget(self._places, 1)
        row.addWidget(self._scale_edge)
        row.addWidget(self.scale)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        self._page.sidebar_toggle.clicked.connect(self.toggle_sidebar)
        self.conversations.theme_chosen.connect(self.theme_chosen)
        self.conversations.new_chat_requested.connect(self._on_conversations_chat_wanted)
        self.conversations.conversation_chosen.connect(self._on_conversations_chat_wanted)
        self.conversations.navigation.place_chosen.connect(self.show_place)
        self.welcome.add_requested.connect(self.picker.popup().add_requested)
        self.notice.undo_requested.connect(self.undo_requested)
        self.question.answered.connect(self.focus_composer)
        self.transcript.link_activated.connect(self.copy_link)

    def _add_shortcuts(self) -> None:
        for keys, slot in (
            (QKeySequence(QKeySequence.StandardKey.New), self.conversations.new_chat_requested),
            (QKeySequence("Ctrl+1"), self.show_chat),
            (QKeySequence("Ctrl+2"), self.show_models),
            (QKeySequence("Ctrl+K"), self.focus_search),
            (QKeySequence("Ctrl+B"), self.toggle_sidebar),
            (QKeySequence("Shift+Esc"), self.focus_composer),
            (QKeySequence("Ctrl+Shift+C"), self.copy_last_answer),
            (QKeySequence("Ctrl+Q"), self.close),
        ):
            QShortcut(keys, self).activated.connect(slot)

    def _show_sidebar(self, *, visible: bool) -> None:
        """In a narrow window the sidebar comes for the moment and is not remembered."""
        if self.width() < SIDEBAR_FROM_PX:
            self._shows_sidebar_narrow = visible
        else:
            self._wants_sidebar = visible
        self._fit()

    def _fit(self) -> None:
        has_room_for_sidebar = self.width() >= SIDEBAR_FROM_PX
        if has_room_for_sidebar:
            self._shows_sidebar_narrow = False
        shows_sidebar = self._wants_sidebar if has_room_for_sidebar else self._shows_sidebar_narrow
        self.conversations.setVisible(shows_sidebar)
        self._sidebar_edge.setVisible(shows_sidebar)
        in_chat = self.place is Place.CHAT
        scale_from_px = SCALE_FROM_PX if in_chat else SCALE_BESIDE_MODELS_FROM_PX
        has_room_for_scale = self.width() >= scale_from_px
        self.scale.setVisible(has_room_for_scale)
        self._scale_edge.setVisible(has_room_for_scale)
        self.scale_line.setVisible(not has_room_for_scale)


def _model_files(event: QDropEvent) -> tuple[Path, ...]:
    """Return the model files and the folders that are dragged; other files are left out."""
    paths = (Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return tuple(path for path in paths if path.suffix.lower() == _MODEL_SUFFIX or path.is_dir())
