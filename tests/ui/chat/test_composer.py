"""Writing, sending and stopping."""

from dataclasses import replace

import pytest
from chat_messages import IDLE
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.telemetry import EngineStatus
from desktop.ui.chat.composer import Composer
from desktop.ui.chat.composer_edit import ComposerEdit


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    view = Composer()
    qtbot.addWidget(view)
    view.resize(700, 90)
    view.set_window_height(800)
    view.show_status(IDLE)
    view.show()
    return view


def edit(composer: Composer) -> ComposerEdit:
    return composer.findChild(ComposerEdit)


def button(composer: Composer) -> QPushButton:
    return composer.findChild(QPushButton)


def test_enter_sends_the_words(qtbot: QtBot, composer: Composer) -> None:
    qtbot.keyClicks(edit(composer), "Hello")
    with qtbot.waitSignal(composer.message_submitted) as blocker:
        qtbot.keyClick(edit(composer), Qt.Key.Key_Return)
    assert blocker.args == ["Hello"]


def test_shift_and_enter_break_the_line(qtbot: QtBot, composer: Composer) -> None:
    qtbot.keyClicks(edit(composer), "a")
    with qtbot.assertNotEmitted(composer.message_submitted):
        qtbot.keyClick(edit(composer), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(edit(composer), "b")
    assert composer.text() == "a\nb"


def test_the_words_stay_until_they_were_taken(qtbot: QtBot, composer: Composer) -> None:
    composer.set_text("Hello")
    qtbot.mouseClick(button(composer), Qt.MouseButton.LeftButton)
    assert composer.text() == "Hello"
    composer.clear_if_sent("Something else")
    assert composer.text() == "Hello"
    composer.clear_if_sent("Hello")
    assert composer.text() == ""


def test_blank_words_are_not_sent(qtbot: QtBot, composer: Composer) -> None:
    composer.set_text("  \n ")
    with qtbot.assertNotEmitted(composer.message_submitted):
        qtbot.keyClick(edit(composer), Qt.Key.Key_Return)
    assert not button(composer).isEnabled()


def test_nothing_is_sent_without_a_model_and_nothing_is_lost(
    qtbot: QtBot, composer: Composer
) -> None:
    composer.show_status(EngineStatus())
    composer.set_text("Hello")
    with qtbot.assertNotEmitted(composer.message_submitted):
        qtbot.keyClick(edit(composer), Qt.Key.Key_Return)
    assert composer.text() == "Hello"
    assert "Choose a model" in button(composer).toolTip()


def test_the_button_stops_while_an_answer_is_written(qtbot: QtBot, composer: Composer) -> None:
    composer.set_text("A draft")
    composer.set_answering(True)
    assert button(composer).text() == "Stop"
    with (
        qtbot.assertNotEmitted(composer.message_submitted),
        qtbot.waitSignal(composer.stop_requested),
    ):
        qtbot.mouseClick(button(composer), Qt.MouseButton.LeftButton)
    composer.set_answering(False)
    assert button(composer).text() == "Send"
    assert composer.text() == "A draft"


def test_esc_stops_only_while_an_answer_is_written(qtbot: QtBot, composer: Composer) -> None:
    with qtbot.assertNotEmitted(composer.stop_requested):
        qtbot.keyClick(edit(composer), Qt.Key.Key_Escape)
    composer.set_answering(True)
    with qtbot.waitSignal(composer.stop_requested):
        qtbot.keyClick(edit(composer), Qt.Key.Key_Escape)


def test_enter_sends_nothing_while_an_answer_is_written(qtbot: QtBot, composer: Composer) -> None:
    composer.set_text("Next")
    composer.set_answering(True)
    with qtbot.assertNotEmitted(composer.message_submitted):
        qtbot.keyClick(edit(composer), Qt.Key.Key_Return)
    assert composer.text() == "Next"


def test_the_context_in_use_is_shown(composer: Composer) -> None:
    assert composer.findChild(QLabel).text() == "context 412 of 4,096"
    composer.show_status(replace(IDLE, facts=None))
    assert composer.findChild(QLabel).text() == ""


def test_it_grows_with_the_text_up_to_a_share_of_the_window(composer: Composer) -> None:
    one_line = composer.sizeHint().height()
    composer.set_text("a\nb\nc")
    three_lines = composer.sizeHint().height()
    assert three_lines > one_line + 20
    composer.set_text("line\n" * 200)
    assert three_lines < composer.sizeHint().height() <= 0.4 * 800
    composer.clear()
    assert composer.sizeHint().height() == one_line


def test_pasted_words_lose_their_looks(qtbot: QtBot, composer: Composer) -> None:
    rich = QMimeData()
    rich.setHtml("<b>bold</b> words")
    rich.setText("bold words")
    QGuiApplication.clipboard().setMimeData(rich)
    edit(composer).paste()
    assert composer.text() == "bold words"
    assert "font-weight" not in edit(composer).document().toHtml().partition("bold words")[0][-60:]


def test_dropped_files_are_left_to_the_window(composer: Composer) -> None:
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/models/a.gguf")])
    assert not edit(composer).canInsertFromMimeData(files)


def test_setting_the_text_can_be_undone(composer: Composer) -> None:
    composer.set_text("A draft")
    composer.set_text("An example")
    edit(composer).undo()
    assert composer.text() == "A draft"
