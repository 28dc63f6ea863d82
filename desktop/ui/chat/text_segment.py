"""Prose of a message: text that can be selected, and never a file or a network access."""

import math

from PySide6.QtCore import QEvent, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QImage, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from desktop.ui.chat.markdown_style import show_markdown, show_words
from desktop.ui.theme import text_font, tokens_for

_PROSE_CHARACTERS = 12_000
"""Laying out a paragraph or table takes time that grows with the square of its length."""


class TextSegment(QTextBrowser):
    """Shows Markdown or plain words at their full height, without a scroll bar of its own.

    Signals:
        link_activated(object: str): The address of a link that was pressed; nothing is opened.
    """

    link_activated = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._no_picture = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._no_picture.fill(Qt.GlobalColor.transparent)
        self._markdown: str | None = None
        self._measured: tuple[int, int] | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setUndoRedoEnabled(False)
        self.setOpenLinks(False)
        self.document().setDefaultFont(text_font())
        self.document().setDocumentMargin(0)
        # The transcript says how wide the text is, also before this widget has its size.
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self.viewport().setAutoFillBackground(False)
        self.anchorClicked.connect(self._on_self_anchor_clicked)

    def show_markdown(self, markdown: str) -> None:
        """Show Markdown; what is far too long for one piece of prose is shown as plain words."""
        if len(markdown) > _PROSE_CHARACTERS:
            self.show_words(markdown)
        elif markdown != self._markdown:
            self._markdown = markdown
            self._render(markdown)

    def show_words(self, words: str) -> None:
        """Show words as they are, line breaks included."""
        self._markdown = None
        self._measured = None
        show_words(self.document(), words)

    def height_for(self, width: int) -> int:
        """Return the height of the text at a width, in pixels."""
        if self._measured is None or self._measured[0] != width:
            self.setLineWrapColumnOrWidth(width)
            self._measured = (width, math.ceil(self.document().size().height()))
        return self._measured[1]

    def fitting_width(self, limit: int) -> int:
        """Return the width that plain words need up to a limit, in pixels."""
        self.height_for(limit)
        widest = 0.0
        block = self.document().begin()
        while block.isValid():
            layout = block.layout()
            if layout.lineCount() > 1:
                return limit
            if layout.lineCount():
                widest = max(widest, layout.lineAt(0).naturalTextWidth())
            block = block.next()
        return min(limit, math.ceil(widest))

    def loadResource(self, resource_type: int, url: QUrl | str) -> QImage:
        """Load nothing, whatever an answer refers to: no file, no network.

        It has to be a valid picture: told that there is none, Qt looks for a file of that name.
        """
        return self._no_picture

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the transcript."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Colours of links and code are part of the text, so they follow the palette by hand."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._markdown is not None:
            self._render(self._markdown)

    def _render(self, markdown: str) -> None:
        self._measured = None
        show_markdown(self.document(), markdown, tokens_for(self.palette()))

    @Slot(QUrl)
    def _on_self_anchor_clicked(self, url: QUrl) -> None:
        self.link_activated.emit(url.toString())
