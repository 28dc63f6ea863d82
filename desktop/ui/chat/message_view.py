"""One message of the transcript: the reader's words, or an answer with what is known of it."""

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.core.conversation import Message
from desktop.core.errors import Problem
from desktop.core.markdown_blocks import Block, split_blocks
from desktop.core.telemetry import EngineStatus
from desktop.ui.chat.answer_footer import AnswerFooter
from desktop.ui.chat.rounded_box import RoundedBox
from desktop.ui.chat.segment_stack import SegmentStack
from desktop.ui.chat.text_segment import TextSegment
from desktop.ui.theme import RADIUS_BOX, SPACE_S
from desktop.ui.widgets.banner import Banner, BannerKind, BannerMessage
from desktop.ui.widgets.elided_label import ElidedLabel

_BUBBLE_SHARE = 0.86
_BUBBLE_SIDE_PX, _BUBBLE_TOP_PX = 14, 10


class MessageView(QWidget):
    """What both kinds of message have in common; the transcript places them.

    Signals:
        link_activated(object: str): The address of a link that was pressed.
        retry_requested(object: int): The id of the answer that is wanted again.
    """

    link_activated = Signal(object)
    retry_requested = Signal(object)

    def lay_out(self, width: int) -> int:
        """Place what is inside at a width and return the height it takes, in pixels."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Tell the transcript when something inside wants another size."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


class PromptView(MessageView):
    """The reader's own words in a tinted box at the right."""

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bubble = RoundedBox("selection", "", RADIUS_BOX, self)
        self._words = TextSegment(self._bubble)
        self._words.show_words(message.text)
        self._words.setAccessibleName("You")
        self._measured = (0, 0)

    def lay_out(self, width: int) -> int:
        """Make the box as wide as its words need, up to most of the column."""
        if self._measured[0] != width:
            self._measured = (width, self._place(width))
        return self._measured[1]

    def _place(self, width: int) -> int:
        room = int(width * _BUBBLE_SHARE) - 2 * _BUBBLE_SIDE_PX
        words_width = self._words.fitting_width(room)
        words_height = self._words.height_for(words_width)
        self._words.setGeometry(_BUBBLE_SIDE_PX, _BUBBLE_TOP_PX, words_width, words_height)
        box_width = words_width + 2 * _BUBBLE_SIDE_PX
        box_height = words_height + 2 * _BUBBLE_TOP_PX
        self._bubble.setGeometry(width - box_width, 0, box_width, box_height)
        return box_height


class AnswerView(MessageView):
    """An answer as plain text, with its model above and its figures below."""

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id = message.id
        self._name = ElidedLabel(parent=self)
        self._name.setProperty("role", "secondary")
        self._stack = SegmentStack(self)
        self._banner: Banner | None = None
        self._footer = AnswerFooter(self)
        self._stack.link_activated.connect(self.link_activated)
        self._footer.retry_requested.connect(self._on_footer_retry_requested)
        self.show_message(message)

    def show_message(self, message: Message) -> None:
        """Show the answer as it is stored."""
        self._name.setText(message.model.name if message.model else "")
        self.setAccessibleName(f"Answer of {self._name.whole_text() or 'a model'}")
        self.show_blocks(split_blocks(message.text))
        self._footer.show_message(message)
        if message.problem is not None:
            self._show_problem(message.problem)

    def show_blocks(self, blocks: tuple[Block, ...]) -> None:
        """Show the text so far."""
        self._stack.show_blocks(blocks)

    def show_status(self, status: EngineStatus) -> None:
        """Say how far the engine is with this answer."""
        self._footer.show_status(status)

    def offer_retry(self, *, offered: bool) -> None:
        """Say whether the answer can be given again."""
        self._footer.offer_retry(offered=offered)

    def lay_out(self, width: int) -> int:
        """Place name, text, problem and footer below each other."""
        name_height = self._name.sizeHint().height()
        self._name.setGeometry(0, 0, width, name_height)
        y = name_height + SPACE_S
        text_height = self._stack.lay_out(width)
        self._stack.setGeometry(0, y, width, text_height)
        y += text_height + (SPACE_S if text_height else 0)
        if self._banner is not None and self._banner.isVisibleTo(self):
            banner_height = self._banner.heightForWidth(width)
            self._banner.setGeometry(0, y, width, banner_height)
            y += banner_height + SPACE_S
        footer_height = self._footer.height()
        self._footer.setGeometry(0, y, width, footer_height)
        return y + footer_height

    def _show_problem(self, problem: Problem) -> None:
        self._banner = self._banner or Banner(self)
        self._banner.show_message(
            BannerMessage(
                BannerKind.PROBLEM,
                problem.title,
                problem.detail,
                problem.next_step,
                problem.log,
            )
        )

    @Slot()
    def _on_footer_retry_requested(self) -> None:
        self.retry_requested.emit(self._id)
