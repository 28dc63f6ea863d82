"""The list of conversations, without the search and the buttons around it."""

from datetime import datetime

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from desktop.core.conversation import ConversationSummary
from desktop.ui.chat.conversation_delegate import ConversationDelegate
from desktop.ui.chat.conversation_items import ConversationItems, ItemRole
from desktop.ui.theme import SPACE_XS, tokens_for


class ConversationListView(QListView):
    """Rows by day; the chosen conversation stays chosen when the list changes.

    Signals:
        conversation_chosen(object: int): The id of the one to show.
        deletion_requested(object: int): The id of the one to delete.
        rename_requested(object: Renaming): A title was edited.
    """

    conversation_chosen = Signal(object)
    deletion_requested = Signal(object)
    rename_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = ConversationItems(self)
        self._chosen_id: int | None = None
        self._menu_id: int | None = None
        self._empty_text = ""
        self.menu = QMenu(self)
        self.menu.addAction("Rename").triggered.connect(self._on_rename_triggered)
        self.menu.addAction("Delete").triggered.connect(self._on_delete_triggered)
        self.setModel(self._items)
        self.setItemDelegate(ConversationDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.EditKeyPressed | trigger.DoubleClicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.setAccessibleName("Chats")
        self.viewport().setAutoFillBackground(False)
        self.customContextMenuRequested.connect(self._on_self_context_menu_requested)
        self.selectionModel().currentChanged.connect(self._on_selection_current_changed)
        self._items.rename_requested.connect(self.rename_requested)

    def show_conversations(self, conversations: tuple[ConversationSummary, ...]) -> None:
        """Show conversations, newest first."""
        self._items.show_conversations(conversations, datetime.now().astimezone().date())
        self.choose(self._chosen_id)

    def choose(self, conversation_id: int | None) -> None:
        """Mark the conversation that is shown; None for none."""
        self._chosen_id = conversation_id
        index = self._items.index_of(conversation_id)
        if index == self.currentIndex() and self.selectionModel().isSelected(index):
            return
        # The selection changes because the app said so, which is no wish of the reader.
        self.selectionModel().currentChanged.disconnect(self._on_selection_current_changed)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.selectionModel().currentChanged.connect(self._on_selection_current_changed)
        if index.isValid():
            self.scrollTo(index)

    def set_empty_text(self, text: str) -> None:
        """Say what stands in place of an empty list."""
        self._empty_text = text
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete the chosen conversation on Delete."""
        if event.key() == Qt.Key.Key_Delete:
            self._request_deletion(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave the choice alone when the menu is opened."""
        if event.button() is not Qt.MouseButton.RightButton:
            super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say something where there is no row."""
        super().paintEvent(event)
        if self._items.rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setPen(QColor(tokens_for(self.palette()).secondary))
        flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        area = self.viewport().rect().adjusted(SPACE_XS, 4 * SPACE_XS, -SPACE_XS, 0)
        painter.drawText(area, flags, self._empty_text)
        painter.end()

    def _request_deletion(self, index: QModelIndex) -> None:
        summary = index.data(ItemRole.SUMMARY)
        if isinstance(summary, ConversationSummary):
            self.deletion_requested.emit(summary.id)

    @Slot(QPoint)
    def _on_self_context_menu_requested(self, position: QPoint) -> None:
        summary = self.indexAt(position).data(ItemRole.SUMMARY)
        if isinstance(summary, ConversationSummary):
            self._menu_id = summary.id
            self.menu.popup(self.viewport().mapToGlobal(position))

    @Slot()
    def _on_rename_triggered(self) -> None:
        self.edit(self._items.index_of(self._menu_id))

    @Slot()
    def _on_delete_triggered(self) -> None:
        self._request_deletion(self._items.index_of(self._menu_id))

    @Slot(QModelIndex, QModelIndex)
    def _on_selection_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        summary = current.data(ItemRole.SUMMARY)
        if isinstance(summary, ConversationSummary) and summary.id != self._chosen_id:
            self._chosen_id = summary.id
            self.conversation_chosen.emit(summary.id)
