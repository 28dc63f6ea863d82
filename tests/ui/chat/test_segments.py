"""Prose and code in an answer."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFont, QGuiApplication, QImage, QTextDocument, QTextTable
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from desktop.core.markdown_blocks import split_blocks
from desktop.ui.chat.code_segment import CodeSegment
from desktop.ui.chat.copy_button import CopyButton
from desktop.ui.chat.segment_stack import SegmentStack
from desktop.ui.chat.text_segment import TextSegment


@pytest.fixture
def prose(qtbot: QtBot) -> TextSegment:
    segment = TextSegment()
    qtbot.addWidget(segment)
    return segment


def test_html_is_shown_as_it_was_written(prose: TextSegment) -> None:
    prose.show_markdown("<b>loud</b> <script>alert(1)</script>")
    assert prose.toPlainText() == "<b>loud</b> <script>alert(1)</script>"


@pytest.mark.parametrize("form", ["{}", "file://{}", "file:{}"])
def test_no_file_is_read_for_an_answer(prose: TextSegment, tmp_path: Path, form: str) -> None:
    picture = tmp_path / "secret.png"
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    assert image.save(str(picture))
    address = form.format(picture)
    prose.show_markdown(f"before ![the secret]({address}) after **bold**")
    assert prose.toPlainText() == "before [picture: the secret] after bold"
    kind = QTextDocument.ResourceType.ImageResource.value
    loaded = prose.document().resource(kind, QUrl(address))
    assert isinstance(loaded, QImage)
    assert loaded.width() == 1


def test_a_link_is_told_and_not_opened(qtbot: QtBot, prose: TextSegment) -> None:
    prose.show_markdown("[read](https://example.org/a)")
    with qtbot.waitSignal(prose.link_activated) as blocker:
        prose.anchorClicked.emit(QUrl("https://example.org/a"))
    assert blocker.args == ["https://example.org/a"]
    assert prose.toPlainText() == "read"


def test_plain_words_keep_their_signs_and_lines(prose: TextSegment) -> None:
    prose.show_words("# no heading\n**no bold**  \n\n  indented")
    assert prose.toPlainText() == "# no heading\n**no bold**  \n\n  indented"


def test_prose_is_as_tall_as_its_lines(prose: TextSegment) -> None:
    prose.show_markdown("word " * 100)
    assert prose.height_for(600) < prose.height_for(200)
    one_line = TextSegment.height_for(prose, 100_000)
    assert 18 <= one_line <= 24


def test_short_words_need_no_more_width_than_they_have(prose: TextSegment) -> None:
    prose.show_words("Thanks")
    assert prose.fitting_width(600) < 100
    prose.show_words("word " * 200)
    assert prose.fitting_width(600) == 600


def test_a_heading_is_larger_than_the_text_and_strong(prose: TextSegment) -> None:
    prose.show_markdown("## Tides\n\ntext")
    heading, text = (prose.document().findBlockByNumber(number) for number in (0, 1))
    (part,) = heading.textFormats()
    assert part.format.font().pixelSize() > prose.document().defaultFont().pixelSize()
    assert part.format.fontWeight() == QFont.Weight.DemiBold
    assert text.blockFormat().topMargin() > 0


def test_a_table_fits_the_column(prose: TextSegment) -> None:
    cells = "| " + " | ".join(f"Column number {number}" for number in range(14)) + " |"
    prose.show_markdown(f"{cells}\n{'|---' * 14}|\n{cells}")
    prose.height_for(400)
    assert isinstance(prose.document().rootFrame().childFrames()[0], QTextTable)
    assert prose.document().size().width() <= 402


def test_prose_that_is_endless_is_shown_as_plain_words(prose: TextSegment) -> None:
    prose.show_markdown("**x** " * 5000)
    assert prose.toPlainText().startswith("**x** **x**")


def test_code_that_grows_is_added_to(qtbot: QtBot) -> None:
    segment = CodeSegment("python")
    qtbot.addWidget(segment)
    segment.show_code("x = 1")
    view = segment.findChild(QPlainTextEdit)
    view.selectAll()
    segment.show_code("x = 1\ny = 2")
    assert view.toPlainText() == "x = 1\ny = 2"
    assert view.textCursor().selectedText().startswith("x = 1")


def test_code_is_copied_as_it_is(qtbot: QtBot) -> None:
    segment = CodeSegment("")
    qtbot.addWidget(segment)
    segment.show_code("a\n\tb")
    qtbot.mouseClick(segment.findChild(CopyButton), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "a\n\tb"


def test_code_makes_room_for_all_lines_and_for_scrolling_sideways(qtbot: QtBot) -> None:
    segment = CodeSegment("")
    qtbot.addWidget(segment)
    segment.show_code("a\n" * 19 + "a")
    plain = segment.height_for(400)
    assert plain > 19 * 16
    segment.show_code("a\n" * 19 + "a" * 300)
    assert segment.height_for(400) == plain + 10
    segment.show_code("é\n" * 19 + "é")
    assert segment.height_for(400) >= plain


def test_unchanged_segments_are_kept(qtbot: QtBot) -> None:
    stack = SegmentStack()
    qtbot.addWidget(stack)
    stack.show_blocks(split_blocks("Look:\n\n```py\nx\n```\nDone"))
    stack.lay_out(500)
    before = [child for child in stack.children() if child.isWidgetType()]
    stack.show_blocks(split_blocks("Look:\n\n```py\nx\n```\nDone and more"))
    assert [child for child in stack.children() if child.isWidgetType()] == before
    stack.show_blocks(split_blocks("Look:"))
    visible = [child for child in stack.children() if not child.isHidden()]
    assert visible == before[:1]


def test_segments_stand_below_each_other(qtbot: QtBot) -> None:
    stack = SegmentStack()
    qtbot.addWidget(stack)
    stack.show_blocks(split_blocks("Look:\n\n```py\nx\n```\nDone"))
    height = stack.lay_out(500)
    bottoms = [child.geometry().bottom() for child in stack.children()]
    tops = [child.geometry().top() for child in stack.children()]
    assert all(top > bottom for bottom, top in zip(bottoms, tops[1:], strict=False))
    assert height == bottoms[-1] + 1
