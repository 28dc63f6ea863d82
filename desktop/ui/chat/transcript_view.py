"""The transcript: all messages of a conversation, of which only those near the screen exist."""

import time
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from desktop.core.conversation import Conversation, Message, MessageState, Role, TextPiece
from desktop.core.markdown_blocks import StreamingBlocks
from desktop.core.telemetry import EngineStatus
from desktop.ui.chat.jump_button import JumpButton
from desktop.ui.chat.message_heights import MessageHeights
from desktop.ui.chat.message_view import AnswerView, MessageView, PromptView
from desktop.ui.theme import SPACE_M, SPACE_XL

COLUMN_PX = 720
_SHORTEST_FRAME_MS, _LONGEST_FRAME_MS = 40, 80
_REST_PER_WORK = 30
"""Showing new text takes a core from the engine: on a slow machine it is shown less often."""
_LEAST_REST_PER_WORK = 4
"""However long the text is, showing it may take a fifth of the time."""
_NEAR_END_PX = 4
_STEP_PX = 24


class TranscriptView(QAbstractScrollArea):
    """Shows a conversation and follows its newest words until the reader scrolls up.

    Signals:
        retry_requested(object: int): The id of the answer that is wanted again.
        link_activated(object: str): The address of a link that was pressed.
        emptiness_changed(object: bool): Whether there is no message at all.
    """

    retry_requested = Signal(object)
    link_activated = Signal(object)
    emptiness_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: list[Message] = []
        self._heights = MessageHeights(())
        self._views: dict[int, MessageView] = {}
        self._streams: dict[int, StreamingBlocks] = {}
        self._arrived: dict[int, str] = {}
        self._is_following = True
        self._is_laying_out = False
        self._flush_timer = QTimer(self)
        self._flush_timer.setSingleShot(True)
        self._frame_ms = _SHORTEST_FRAME_MS
        self._flushed_s = 0.0
        self._flush_timer.timeout.connect(self._on_flush_timer_timeout)
        self._jump = JumpButton(self)
        self._jump.hide()
        self._jump.clicked.connect(self.jump_to_newest)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Conversation")
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.verticalScrollBar().setSingleStep(_STEP_PX)

    @Slot(object)
    def show_conversation(self, conversation: Conversation | None) -> None:
        """Show a conversation at its end; None for an empty one."""
        self._retire(set(self._views))
        messages = conversation.messages if conversation else ()
        self._messages = [message for message in messages if message.role is not Role.SYSTEM]
        self._heights = MessageHeights(tuple(self._messages))
        self._arrived.clear()
        self._streams = {
            message.id: StreamingBlocks(message.text)
            for message in self._messages
            if message.state is MessageState.STREAMING
        }
        self._is_following = True
        self._lay_out()
        self.emptiness_changed.emit(not self._messages)

    @Slot(object)
    def add_message(self, message: Message) -> None:
        """Show a message at the end, and go there."""
        self._messages.append(message)
        self._heights.append(message)
        if message.state is MessageState.STREAMING:
            self._streams[message.id] = StreamingBlocks(message.text)
        self._is_following = True
        for index in self._views:
            self._offer_retry(index)
        self._lay_out()
        if len(self._messages) == 1:
            self.emptiness_changed.emit(False)

    @Slot(object)
    def append_text(self, piece: TextPiece) -> None:
        """Take text of an answer that is under way; it is shown at most 25 times a second."""
        if piece.message_id in self._streams:
            arrived = self._arrived.get(piece.message_id, "")
            self._arrived[piece.message_id] = arrived + piece.text
            if not self._flush_timer.isActive():
                shown_for_ms = int((time.perf_counter() - self._flushed_s) * 1000)
                self._flush_timer.start(max(0, self._frame_ms - shown_for_ms))

    @Slot(object)
    def replace_message(self, message: Message) -> None:
        """Show a message as it is now, such as an answer that is finished."""
        index = self._index_of(message.id)
        if index is None:
            return
        self._messages[index] = message
        self._arrived.pop(message.id, None)
        self._streams.pop(message.id, None)
        view = self._views.get(index)
        if isinstance(view, AnswerView):
            view.show_message(message)
        self._lay_out()

    @Slot(object)
    def show_status(self, status: EngineStatus) -> None:
        """Say under the answer that is awaited how far the engine is."""
        for message_id in self._streams:
            view = self._views.get(self._index_of(message_id) or 0)
            if isinstance(view, AnswerView):
                view.show_status(status)

    @Slot()
    def jump_to_newest(self) -> None:
        """Go to the end and follow it again."""
        self._is_following = True
        self._lay_out()

    def copy_last_answer(self) -> bool:
        """Copy the newest answer as Markdown; returns whether there is one."""
        for message in reversed(self._messages):
            if message.role is Role.ASSISTANT and message.text:
                QGuiApplication.clipboard().setText(message.text)
                return True
        return False

    def is_empty(self) -> bool:
        """Return whether there is no message."""
        return not self._messages

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Follow the scroll bar; whoever leaves the end is not pulled back to it."""
        if not self._is_laying_out:
            bar = self.verticalScrollBar()
            self._is_following = bar.value() >= bar.maximum() - _NEAR_END_PX
            self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the lines anew around the same words."""
        super().resizeEvent(event)
        self._lay_out()

    def viewportEvent(self, event: QEvent) -> bool:
        """Lay out again when a message wants another height."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._lay_out()
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to either end with Home and End; the rest is the scroll area's."""
        if event.key() == Qt.Key.Key_End:
            self.jump_to_newest()
        elif event.key() == Qt.Key.Key_Home:
            self.verticalScrollBar().setValue(0)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        """Place the messages near the screen around the one that must not move."""
        if self._is_laying_out:
            return
        self._is_laying_out = True
        self._place()
        self._is_laying_out = False
        bar = self.verticalScrollBar()
        self._jump.setVisible(bar.maximum() - bar.value() > self.viewport().height() // 4)
        area = self.viewport().geometry()
        self._jump.move(
            area.center().x() - self._jump.width() // 2,
            area.bottom() - self._jump.height() - SPACE_M,
        )

    def _place(self) -> None:
        bar, view_height = self.verticalScrollBar(), self.viewport().height()
        if not self._messages:
            bar.setRange(0, 0)
            return
        anchor, anchor_y = self._anchor()
        near = self._measure_around(anchor, anchor_y)
        if self._is_following:
            value = self._heights.total() - view_height
        else:
            value = self._heights.top(anchor) - anchor_y
        bar.setPageStep(view_height)
        bar.setRange(0, max(0, self._heights.total() - view_height))
        bar.setValue(value)
        left, width = self._column()
        for index in near:
            top = self._heights.top(index) - bar.value()
            view = self._views[index]
            view.setGeometry(left, top, width, self._heights.height(index))
            if view.isHidden():
                view.show()
        self._retire(set(self._views) - set(near))

    def _anchor(self) -> tuple[int, int]:
        """Return the message that stays where it is, and where that is on the screen."""
        value = self.verticalScrollBar().value()
        if self._is_following:
            last = len(self._messages) - 1
            self._measure(last)
            fill = self._heights.total() - self.viewport().height()
            return last, self._heights.top(last) - max(0, fill)
        anchor = self._heights.index_at(value)
        return anchor, self._heights.top(anchor) - value

    def _measure_around(self, anchor: int, anchor_y: int) -> range:
        """Measure what is on the screen, and half a screen above and below it."""
        view_height = self.viewport().height()
        first, y = anchor, anchor_y
        while first > 0 and y > -view_height // 2:
            first -= 1
            y -= self._measure(first)
        last, y = anchor, anchor_y + self._measure(anchor)
        while last < len(self._messages) - 1 and y < view_height + view_height // 2:
            last += 1
            y += self._measure(last)
        return range(first, last + 1)

    def _measure(self, index: int) -> int:
        """Lay a message out, make it if need be, and return its height."""
        view = self._views.get(index)
        if view is None:
            view = self._views[index] = self._make_view(index)
        height = view.lay_out(self._column()[1])
        self._heights.measure(index, height)
        return height

    def _make_view(self, index: int) -> MessageView:
        message = self._messages[index]
        if message.role is Role.USER:
            return PromptView(message, self.viewport())
        answer = AnswerView(message, self.viewport())
        answer.link_activated.connect(self.link_activated)
        answer.retry_requested.connect(self.retry_requested)
        stream = self._streams.get(message.id)
        if stream is not None:
            answer.show_blocks(stream.blocks)
        answer.offer_retry(offered=index == len(self._messages) - 1)
        return answer

    def _offer_retry(self, index: int) -> None:
        view = self._views[index]
        if isinstance(view, AnswerView):
            view.offer_retry(offered=index == len(self._messages) - 1)

    def _retire(self, indexes: set[int]) -> None:
        focused = QApplication.focusWidget()
        for index in indexes:
            view = self._views.pop(index)
            if focused is not None and view.isAncestorOf(focused):
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            # Hidden first: a widget that waits for its deletion would still be painted.
            view.hide()
            view.deleteLater()

    def _column(self) -> tuple[int, int]:
        """Return the left edge and the width of the text column.

        The scroll bar lies in the margin, so that the text stays where it is when the bar comes.
        """
        width = max(1, min(COLUMN_PX, self.width() - 2 * SPACE_XL))
        return (self.width() - width) // 2, width

    def _index_of(self, message_id: int) -> int | None:
        """Search from the end, where the message is that changes."""
        for index in range(len(self._messages) - 1, -1, -1):
            if self._messages[index].id == message_id:
                return index
        return None

    @Slot()
    def _on_flush_timer_timeout(self) -> None:
        started_s = time.perf_counter()
        arrived, self._arrived = self._arrived, {}
        for message_id, text in arrived.items():
            index = self._index_of(message_id)
            if index is None:
                continue
            stream = self._streams[message_id]
            stream.append(text)
            message = self._messages[index]
            self._messages[index] = replace(message, text=message.text + text)
            view = self._views.get(index)
            if isinstance(view, AnswerView):
                view.show_blocks(stream.blocks)
        self._lay_out()
        self._flushed_s = time.perf_counter()
        self._frame_ms = _frame_ms((self._flushed_s - started_s) * 1000)


def _frame_ms(work_ms: float) -> int:
    """Return how long the text shall stay as it is after an update that took `work_ms`."""
    wanted_ms = min(_LONGEST_FRAME_MS, _REST_PER_WORK * work_ms)
    return int(max(_SHORTEST_FRAME_MS, wanted_ms, _LEAST_REST_PER_WORK * work_ms))
