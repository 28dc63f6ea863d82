"""A block of code in an answer, with its language and a button to copy it."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.ui.chat.copy_button import CopyButton
from desktop.ui.chat.rounded_box import RoundedBox
from desktop.ui.theme import RADIUS_CONTROL, SPACE_M, SPACE_XS, code_font

_HEADER_PX = 32
_SCROLL_BAR_PX = 10


class CodeSegment(RoundedBox):
    """Shows code at its full height; lines that are too long scroll sideways."""

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__("panel", "line", RADIUS_CONTROL, parent)
        self._code = ""
        self._measured: tuple[int, int] | None = None
        title = QLabel(language or "text")
        title.setProperty("role", "secondary")
        title.setTextFormat(Qt.TextFormat.PlainText)
        self._copy = CopyButton("Copy code")
        self._view = _CodeView()
        header = QHBoxLayout()
        header.setContentsMargins(SPACE_M, 0, SPACE_XS, 0)
        header.addWidget(title)
        header.addStretch()
        header.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_XS, 0, SPACE_M)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(self._view, 1)
        title.setFixedHeight(_HEADER_PX)

    def show_code(self, code: str) -> None:
        """Show code; what it only adds to is added, so that a selection stays."""
        if code == self._code:
            return
        if code.startswith(self._code):
            cursor = QTextCursor(self._view.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(code[len(self._code) :])
        else:
            self._view.setPlainText(code)
        self._code = code
        self._measured = None
        self._copy.set_text(code)

    def height_for(self, width: int) -> int:
        """Return the height at a width, in pixels."""
        if self._measured is None or self._measured[0] != width:
            room = width - 2 * SPACE_M
            is_wide = self._view.longest_line_px(self._code) > room
            height = SPACE_XS + _HEADER_PX + self._view.content_px(self._code) + SPACE_M
            self._measured = (width, height + (_SCROLL_BAR_PX if is_wide else 0))
        return self._measured[1]


class _CodeView(QPlainTextEdit):
    """The code itself: read only, never scrolled up and down."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bare")
        self.setReadOnly(True)
        self.setFont(code_font())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(0)
        self.setViewportMargins(SPACE_M, 0, SPACE_M, 0)
        self.viewport().setAutoFillBackground(False)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.setAccessibleName("Code")

    def content_px(self, code: str) -> int:
        """Return the height of all lines; only letters of other fonts make lines differ."""
        block = self.document().begin()
        if code.isascii():
            return math.ceil(self.blockBoundingRect(block).height() * self.blockCount())
        height = 0.0
        while block.isValid():
            height += self.blockBoundingRect(block).height()
            block = block.next()
        return math.ceil(height)

    def longest_line_px(self, code: str) -> int:
        """Return the width of the line with the most characters."""
        longest = max(code.expandtabs(4).split("\n"), key=len)
        return self.fontMetrics().horizontalAdvance(longest)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways here; leave up and down to the transcript."""
        sideways = event.angleDelta().x() or (event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if sideways and self.horizontalScrollBar().maximum():
            super().wheelEvent(event)
        else:
            event.ignore()
