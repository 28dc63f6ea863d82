import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton

from desktop.ui.widgets.banner import Banner, BannerKind, BannerMessage

PROBLEM = BannerMessage(
    BannerKind.PROBLEM,
    "This file is not a model",
    "It begins with an HTML page.",
    "Download it again.",
    ("first line", "last line"),
)


@pytest.fixture
def banner(qtbot) -> Banner:
    banner = Banner()
    qtbot.addWidget(banner)
    return banner


def button(banner: Banner, text: str) -> QPushButton:
    return next(one for one in banner.findChildren(QPushButton) if one.text() == text)


def visible_words(banner: Banner) -> list[str]:
    labels = [label for label in banner.findChildren(QLabel) if label.isVisible()]
    return [label.text() for label in labels if label.text()]


def test_it_is_hidden_while_there_is_nothing_to_say(banner: Banner):
    assert not banner.isVisible()
    assert banner.message() is None


def test_a_problem_tells_what_why_and_what_next(banner: Banner):
    banner.show_message(PROBLEM)
    assert visible_words(banner) == [PROBLEM.title, PROBLEM.detail, PROBLEM.next_step]
    assert banner.accessibleName() == PROBLEM.title


def test_details_fold_out(banner: Banner, qtbot):
    banner.show_message(PROBLEM)
    details = banner.findChild(QPlainTextEdit)
    assert not details.isVisible()
    qtbot.mouseClick(button(banner, "Details"), Qt.MouseButton.LeftButton)
    assert details.isVisible()
    assert details.toPlainText() == "first line\nlast line"
    qtbot.mouseClick(button(banner, "Hide details"), Qt.MouseButton.LeftButton)
    assert not details.isVisible()


def test_a_new_message_begins_folded(banner: Banner, qtbot):
    banner.show_message(PROBLEM)
    qtbot.mouseClick(button(banner, "Details"), Qt.MouseButton.LeftButton)
    banner.show_message(PROBLEM)
    assert not banner.findChild(QPlainTextEdit).isVisible()


def test_everything_can_be_copied(banner: Banner, qtbot):
    banner.show_message(PROBLEM)
    qtbot.mouseClick(button(banner, "Details"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(banner, "Copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == (
        "This file is not a model. It begins with an HTML page. Download it again.\n"
        "first line\nlast line"
    )


def test_a_notice_has_only_what_it_needs(banner: Banner):
    banner.show_message(BannerMessage(BannerKind.SUCCESS, "Freed 212 MB"))
    assert visible_words(banner) == ["Freed 212 MB"]
    assert [one.text() for one in banner.findChildren(QPushButton) if one.isVisible()] == []


def test_the_action_is_asked_for_by_its_button(banner: Banner, qtbot):
    banner.show_message(BannerMessage(BannerKind.NOTICE, "Conversation deleted", action="Undo"))
    with qtbot.waitSignal(banner.action_requested):
        qtbot.mouseClick(button(banner, "Undo"), Qt.MouseButton.LeftButton)


def test_closing_it_is_told(banner: Banner, qtbot):
    banner.show_message(PROBLEM)
    close = banner.findChild(type(banner._close))
    with qtbot.waitSignal(banner.dismissed):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    assert banner.message() is None


def test_markup_in_a_message_is_shown_as_it_is(banner: Banner):
    banner.show_message(BannerMessage(BannerKind.PROBLEM, "<b>bold</b>"))
    labels = [label for label in banner.findChildren(QLabel) if label.text() == "<b>bold</b>"]
    assert labels[0].textFormat() is Qt.TextFormat.PlainText


def test_a_banner_with_details_needs_more_height(banner: Banner):
    banner.show_message(BannerMessage(BannerKind.PROBLEM, "Title", "word " * 200))
    assert banner.heightForWidth(400) > banner.heightForWidth(900)
