"""How Markdown looks in an answer: spacing, headings, code in a line, tables, links."""

from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)

from desktop.ui.theme import CODE_PX, TEXT_PX, Tokens, code_font

PARAGRAPH_GAP_PX = 10
"""Between paragraphs, and between the segments of a message."""

_LINE_HEIGHT_PERCENT = 120.0
"""Of the font's own line, which is 1.21 times its size: together 1.45."""
_ITEM_GAP_PX, _HEADING_GAP_PX, _QUOTE_INDENT_PX, _LIST_INDENT_PX = 4, 18, 16, 24
_HEADING_PX = {1: 20, 2: 17, 3: 15}
_PARSER_CODE_FAMILIES = ["monospace"]
_GITHUB_WITHOUT_HTML = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)


def show_markdown(document: QTextDocument, markdown: str, tokens: Tokens) -> None:
    """Replace a document's text; HTML in it stays text."""
    document.setMarkdown(markdown, _GITHUB_WITHOUT_HTML)
    document.setIndentWidth(_LIST_INDENT_PX)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        _style_block(block, cursor, tokens)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _style_table(frame, tokens)
    cursor.endEditBlock()


def show_words(document: QTextDocument, words: str) -> None:
    """Replace a document's text with words as they are, set like prose."""
    document.setPlainText(words)
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.mergeBlockFormat(_with_line_height(QTextBlockFormat()))


def _with_line_height(look: QTextBlockFormat) -> QTextBlockFormat:
    proportional = QTextBlockFormat.LineHeightTypes.ProportionalHeight
    look.setLineHeight(_LINE_HEIGHT_PERCENT, proportional.value)
    return look


def _style_block(block: QTextBlock, cursor: QTextCursor, tokens: Tokens) -> None:
    cursor.setPosition(block.position())
    look = _with_line_height(block.blockFormat())
    look.setLeftMargin(_QUOTE_INDENT_PX * look.intProperty(QTextFormat.Property.BlockQuoteLevel))
    if cursor.currentTable() is None:
        look.setTopMargin(_gap_above(block, look))
    cursor.setBlockFormat(look)
    # From the end, as words that take the place of a picture move what follows.
    for part in reversed(block.textFormats()):
        changed = _char_format(part.format, look, tokens)
        if changed == part.format:
            continue
        start = block.position() + part.start
        cursor.setPosition(start)
        cursor.setPosition(start + part.length, QTextCursor.MoveMode.KeepAnchor)
        if part.format.isImageFormat():
            cursor.insertText(_picture_text(part.format), changed)
        else:
            cursor.setCharFormat(changed)


def _gap_above(block: QTextBlock, look: QTextBlockFormat) -> int:
    before = block.previous()
    if not before.isValid():
        return 0
    if look.headingLevel():
        return _HEADING_GAP_PX
    if block.textList() is not None and before.textList() is not None:
        return _ITEM_GAP_PX
    is_code = QTextFormat.Property.BlockCodeFence
    return (
        0
        if look.hasProperty(is_code) and before.blockFormat().hasProperty(is_code)
        else (PARAGRAPH_GAP_PX)
    )


def _char_format(was: QTextCharFormat, block: QTextBlockFormat, tokens: Tokens) -> QTextCharFormat:
    if was.isImageFormat():
        look = QTextCharFormat()
        look.setForeground(QBrush(QColor(tokens.secondary)))
        return look
    look = QTextCharFormat(was)
    level = block.headingLevel()
    if level:
        look.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        look.setProperty(QTextFormat.Property.FontPixelSize, _HEADING_PX.get(level, TEXT_PX))
    if was.fontWeight() > QFont.Weight.Normal:
        look.setFontWeight(QFont.Weight.DemiBold)
    if block.intProperty(QTextFormat.Property.BlockQuoteLevel):
        look.setForeground(QBrush(QColor(tokens.secondary)))
    if was.fontFamilies() == _PARSER_CODE_FAMILIES:
        look.setFontFamilies([code_font().family()])
        look.setProperty(QTextFormat.Property.FontPixelSize, CODE_PX)
        look.setBackground(QBrush(QColor(tokens.panel)))
    if was.isAnchor():
        look.setForeground(QBrush(QColor(tokens.accent)))
        look.setFontUnderline(True)
    return look


def _picture_text(picture: QTextCharFormat) -> str:
    """Say what an answer wanted to show; pictures are never loaded."""
    about = picture.property(QTextFormat.Property.ImageAltText)
    return f"[picture: {about or picture.toImageFormat().name()}]"


def _style_table(table: QTextTable, tokens: Tokens) -> None:
    look = table.format()
    look.setBorderCollapse(True)
    look.setBorder(1)
    look.setBorderBrush(QBrush(QColor(tokens.line)))
    look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    look.setCellPadding(6)
    look.setCellSpacing(0)
    look.setLeftMargin(1)
    look.setTopMargin(PARAGRAPH_GAP_PX)
    table.setFormat(look)
