"""The text of an answer: prose and code, one below the other."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.core.markdown_blocks import Block, BlockKind
from desktop.ui.chat.code_segment import CodeSegment
from desktop.ui.chat.markdown_style import PARAGRAPH_GAP_PX
from desktop.ui.chat.text_segment import TextSegment


class SegmentStack(QWidget):
    """Keeps one widget a block; touches and places only those from the first change onwards.

    Signals:
        link_activated(object: str): The address of a link that was pressed.
    """

    link_activated = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocks: tuple[Block, ...] = ()
        self._segments: list[TextSegment | CodeSegment] = []
        self._width = 0
        self._bottoms: list[int] = []

    def show_blocks(self, blocks: tuple[Block, ...]) -> None:
        """Show blocks in place of the ones before."""
        kept = 0
        for old, new in zip(self._blocks, blocks, strict=False):
            if (old.kind, old.language) != (new.kind, new.language):
                break
            if old is not new and old.text != new.text:
                self._fill(self._segments[kept], new)
                del self._bottoms[kept:]
            kept += 1
        for segment in self._segments[kept:]:
            segment.hide()
            segment.deleteLater()
        del self._segments[kept:], self._bottoms[kept:]
        self._segments += [self._segment(block) for block in blocks[kept:]]
        self._blocks = blocks

    def lay_out(self, width: int) -> int:
        """Place the segments at a width and return the height they take, in pixels."""
        if width != self._width:
            self._width = width
            self._bottoms.clear()
        for segment in self._segments[len(self._bottoms) :]:
            top = self._bottoms[-1] + PARAGRAPH_GAP_PX if self._bottoms else 0
            height = segment.height_for(width)
            segment.setGeometry(0, top, width, height)
            self._bottoms.append(top + height)
        return self._bottoms[-1] if self._bottoms else 0

    def _segment(self, block: Block) -> TextSegment | CodeSegment:
        if block.kind is BlockKind.CODE:
            code = CodeSegment(block.language, self)
            self._fill(code, block)
            code.show()
            return code
        text = TextSegment(self)
        text.link_activated.connect(self.link_activated)
        self._fill(text, block)
        text.show()
        return text

    def _fill(self, segment: TextSegment | CodeSegment, block: Block) -> None:
        if isinstance(segment, CodeSegment):
            segment.show_code(block.text)
        else:
            segment.show_markdown(block.text)
