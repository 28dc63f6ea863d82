"""The window: what is where at which width, and what the keys do."""

from pathlib import Path

import pytest
from chat_messages import IDLE, PROBLEM, answer, conversation, prompt, streaming
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QTextBrowser
from pytestqt.qtbot import QtBot

from desktop.core.conversation import TextPiece
from desktop.core.question import Question
from desktop.core.settings import ThemeChoice
from desktop.ui.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    view = MainWindow()
    qtbot.addWidget(view)
    view.resize(1280, 800)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return view


def drag(window: MainWindow, *paths: str) -> bool:
    """Drag files onto the window and drop them; returns whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), action, data, button, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(9, 9), action, data, button, none))
    return enter.isAccepted()


@pytest.mark.parametrize(
    ("width", "has_sidebar", "has_panel"),
    [(1280, True, True), (1000, True, True), (999, True, False), (719, False, False)],
)
def test_the_regions_fit_the_width(
    window: MainWindow, width: int, has_sidebar: bool, has_panel: bool
) -> None:
    window.resize(width, 600)
    assert window.conversations.isVisible() is has_sidebar
    assert window.scale.isVisible() is has_panel
    assert window.scale_line.isVisible() is not has_panel


def test_in_the_smallest_window_everything_is_within_reach(window: MainWindow) -> None:
    window.resize(640, 480)
    window.composer.set_text("line\n" * 50)
    QApplication.processEvents()
    assert 0.3 * 480 < window.composer.height() <= 0.4 * 480
    window.show_problem(PROBLEM)
    window.show_deletion(1)
    QApplication.processEvents()
    inside = window.rect()
    parts = (window.picker, window.banner, window.composer, window.scale_line, window.notice)
    for view in parts:
        top_left = view.mapTo(window, QPoint())
        assert inside.contains(top_left)
        assert inside.contains(top_left + QPoint(view.width() - 1, view.height() - 1))


def test_ctrl_b_hides_and_shows_the_chats(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_B, CONTROL)
    assert not window.conversations.isVisible()
    assert not window.is_sidebar_wanted
    qtbot.keyClick(window, Qt.Key.Key_B, CONTROL)
    assert window.conversations.isVisible()


def test_a_narrow_window_shows_the_chats_for_the_moment(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(640, 480)
    qtbot.keyClick(window, Qt.Key.Key_B, CONTROL)
    assert window.conversations.isVisible()
    window.ask(Question("Stop and switch?", ("Stop", "Keep")))
    assert not window.conversations.isVisible()
    window.resize(1280, 800)
    assert window.conversations.isVisible()


def test_keys_lead_to_the_search_and_to_the_composer(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_B, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    assert window.conversations.search.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_Escape, SHIFT)
    assert isinstance(QApplication.focusWidget(), QPlainTextEdit)


def test_ctrl_n_asks_for_a_new_chat(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.conversations.new_chat_requested):
        qtbot.keyClick(window, Qt.Key.Key_N, CONTROL)


def test_esc_stops_the_answer_wherever_the_focus_is(qtbot: QtBot, window: MainWindow) -> None:
    window.composer.set_answering(True)
    window.conversations.list_view().setFocus()
    with qtbot.waitSignal(window.composer.stop_requested):
        qtbot.keyClick(window.conversations.list_view(), Qt.Key.Key_Escape)


def test_the_last_answer_is_copied_with_a_notice(qtbot: QtBot, window: MainWindow) -> None:
    window.show_conversation(conversation(prompt(1), answer(2, "Two.")))
    qtbot.keyClick(window, Qt.Key.Key_C, CONTROL | SHIFT)
    assert QGuiApplication.clipboard().text() == "Two."
    assert window.notice.text() == "The last answer is copied."


def test_an_empty_chat_is_welcomed_until_the_first_message(window: MainWindow) -> None:
    assert window.welcome.isVisible()
    window.show_conversation(None)
    window.add_message(prompt(1))
    assert window.transcript.isVisible()
    assert not window.welcome.isVisible()
    window.show_conversation(None)
    assert window.welcome.isVisible()


def test_a_message_that_was_taken_leaves_the_composer_and_a_draft_stays(
    window: MainWindow,
) -> None:
    window.composer.set_text("Why?")
    window.add_message(prompt(1, "An example"))
    assert window.composer.text() == "Why?"
    window.add_message(prompt(2, "Why?"))
    assert window.composer.text() == ""


def test_the_answer_under_way_is_shown_with_its_status(qtbot: QtBot, window: MainWindow) -> None:
    window.show_conversation(conversation(prompt(1)))
    window.add_message(streaming(2))
    window.show_status(IDLE)
    window.transcript.append_text(TextPiece(2, "The Moon"))
    qtbot.waitUntil(
        lambda: any(
            "The Moon" in box.toPlainText() for box in window.transcript.findChildren(QTextBrowser)
        )
    )


def test_a_problem_is_told_with_its_details(window: MainWindow) -> None:
    window.show_problem(PROBLEM)
    message = window.banner.message()
    assert message is not None
    assert (message.title, message.detail, message.log) == (
        PROBLEM.title,
        PROBLEM.detail,
        PROBLEM.log,
    )
    assert window.banner.isVisible()


def test_a_deletion_can_be_undone(qtbot: QtBot, window: MainWindow) -> None:
    window.show_deletion(7)
    assert window.notice.text() == "Chat deleted."
    with qtbot.waitSignal(window.undo_requested):
        qtbot.mouseClick(window.notice.undo_button(), Qt.MouseButton.LeftButton)
    assert window.notice.text() == ""


def test_a_notice_has_nothing_to_undo(window: MainWindow) -> None:
    window.show_deletion(7)
    window.show_notice("Freed 212 MB.")
    assert window.notice.text() == "Freed 212 MB."
    assert not window.notice.undo_button().isVisible()


def test_a_question_is_asked_and_the_composer_gets_the_focus_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.ask(Question("Stop and switch?", ("Stop", "Keep")))
    with qtbot.waitSignal(window.question.answered) as blocker:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert blocker.args == [0]
    assert isinstance(QApplication.focusWidget(), QPlainTextEdit)


def test_model_files_are_taken_when_they_are_dropped(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.files_dropped) as blocker:
        assert drag(window, "/m/a.gguf", "/m/notes.txt", "/m/B.GGUF")
    assert blocker.args == [(Path("/m/a.gguf"), Path("/m/B.GGUF"))]


def test_other_files_are_not_taken(window: MainWindow) -> None:
    assert not drag(window, "/m/notes.txt")


def test_the_theme_is_passed_on(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.theme_chosen) as blocker:
        window.conversations.theme_actions()[2].trigger()
    assert blocker.args == [ThemeChoice.DARK]


def test_closing_is_told_once(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.closing):
        window.close()


def test_place_and_sidebar_are_restored(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(750, 600)
    other = MainWindow()
    qtbot.addWidget(other)
    other.restore(window.geometry_bytes(), False)
    assert (other.width(), other.height()) == (750, 600)
    assert not other.is_sidebar_wanted


def test_every_control_has_a_name(window: MainWindow) -> None:
    window.show_conversation(conversation(prompt(1), answer(2, "```py\nx\n```")))
    nameless = [
        control
        for kind in (QAbstractButton, QLineEdit, QPlainTextEdit)
        for control in window.findChildren(kind)
        if control.isVisible()
        and not (
            control.accessibleName()
            or control.property("text")
            or control.objectName().startswith("qt_")
            or isinstance(control.parent(), QLineEdit)
        )
    ]
    assert nameless == []


def test_a_pressed_link_is_copied_and_not_opened(qtbot: QtBot, window: MainWindow) -> None:
    window.transcript.link_activated.emit("https://example.org/tides")
    assert QGuiApplication.clipboard().text() == "https://example.org/tides"
    assert "https://example.org/tides" in window.notice.text()
