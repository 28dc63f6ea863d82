"""The sidebar: the places, a new chat, a search, the conversations, and the choice of theme."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.conversation import ConversationSummary
from desktop.core.settings import ThemeChoice
from desktop.ui.chat.conversation_list_view import ConversationListView
from desktop.ui.icon import icon
from desktop.ui.navigation import Navigation
from desktop.ui.theme import SPACE_M, SPACE_S, tokens_for
from desktop.ui.widgets.icon_button import IconButton

WIDTH_PX = 244
_NO_CHATS, _NOTHING_FOUND = "Your chats appear here.", "No chat has these words."


class ConversationList(QFrame):
    """Conversations by day with all that is done to them; above them `navigation`.

    Signals:
        conversation_chosen(object: int): The id of the conversation to show.
        new_chat_requested(): An empty conversation is wanted.
        search_changed(object: str): Only titles with these words are to be listed.
        deletion_requested(object: int): The id of the conversation to delete.
        rename_requested(object: Renaming): A title was edited.
        theme_chosen(object: ThemeChoice): The colours of the app.
    """

    conversation_chosen = Signal(object)
    new_chat_requested = Signal()
    search_changed = Signal(object)
    deletion_requested = Signal(object)
    rename_requested = Signal(object)
    theme_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setFixedWidth(WIDTH_PX)
        self.navigation = Navigation()
        self._new_chat = QPushButton("New chat")
        self._new_chat.setProperty("variant", "primary")
        self._new_chat.setToolTip("New chat  (Ctrl+N)")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search chats  (Ctrl+K)")
        self.search.setAccessibleName("Search chats")
        self.search.setClearButtonEnabled(True)
        self._list = ConversationListView()
        self._list.set_empty_text(_NO_CHATS)
        self._menu = QMenu(self)
        self._themes = QActionGroup(self)
        self._settings = IconButton("settings", "Colours")
        self._build()
        self._new_chat.clicked.connect(self.new_chat_requested)
        self.search.textChanged.connect(self._on_search_text_changed)
        self._list.conversation_chosen.connect(self.conversation_chosen)
        self._list.deletion_requested.connect(self.deletion_requested)
        self._list.rename_requested.connect(self.rename_requested)
        self._themes.triggered.connect(self._on_themes_triggered)
        self._tint()

    @Slot(object)
    def show_conversations(self, conversations: tuple[ConversationSummary, ...]) -> None:
        """Show conversations, newest first."""
        self._list.show_conversations(conversations)

    @Slot(object)
    def select(self, conversation_id: int | None) -> None:
        """Mark the conversation that is shown; None for a new one."""
        self._list.choose(conversation_id)

    @Slot(object)
    def show_theme(self, choice: ThemeChoice) -> None:
        """Tick the theme in use."""
        for action in self._themes.actions():
            action.setChecked(action.data() is choice)

    @Slot()
    def focus_search(self) -> None:
        """Go to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def list_view(self) -> ConversationListView:
        """Return the list itself."""
        return self._list

    def theme_actions(self) -> tuple[QAction, ...]:
        """Return the entries of the theme menu."""
        return tuple(self._themes.actions())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the search, Down leads to the list, and Esc ends the search."""
        if self.search.hasFocus() and event.key() == Qt.Key.Key_Down:
            self._list.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icon again with the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._tint()

    def _build(self) -> None:
        for choice in ThemeChoice:
            action = self._menu.addAction(choice.value.capitalize())
            action.setData(choice)
            action.setCheckable(True)
            self._themes.addAction(action)
        self._settings.setMenu(self._menu)
        self._settings.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        promise = QLabel("Nothing leaves unasked.")
        promise.setProperty("role", "secondary")
        footer = QHBoxLayout()
        footer.addWidget(promise, 1)
        footer.addWidget(self._settings)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.navigation)
        layout.addWidget(self._new_chat)
        layout.addWidget(self.search)
        layout.addWidget(self._list, 1)
        layout.addLayout(footer)

    def _tint(self) -> None:
        self._new_chat.setIcon(icon("plus", tokens_for(self.palette()).on_accent))

    @Slot(str)
    def _on_search_text_changed(self, text: str) -> None:
        self._list.set_empty_text(_NOTHING_FOUND if text.strip() else _NO_CHATS)
        self.search_changed.emit(text.strip())

    @Slot(QAction)
    def _on_themes_triggered(self, action: QAction) -> None:
        self.theme_chosen.emit(action.data())
