"""The transcript: what is shown, what follows, and what it costs."""

from dataclasses import replace
from time import perf_counter

import pytest
from chat_messages import (
    IDLE,
    answer,
    conversation,
    interrupted,
    long_conversation,
    prompt,
    streaming,
)
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QTextBrowser
from pytestqt.qtbot import QtBot

from desktop.core.conversation import TextPiece
from desktop.core.telemetry import EnginePhase
from desktop.ui.chat.answer_footer import AnswerFooter
from desktop.ui.chat.jump_button import JumpButton
from desktop.ui.chat.message_view import MessageView
from desktop.ui.chat.transcript_view import TranscriptView
from desktop.ui.widgets.icon_button import IconButton


@pytest.fixture
def view(qtbot: QtBot) -> TranscriptView:
    transcript = TranscriptView()
    qtbot.addWidget(transcript)
    transcript.resize(760, 500)
    transcript.show()
    return transcript


def texts(view: TranscriptView) -> list[str]:
    """All words on the screen, from top to bottom."""
    boxes = [
        box
        for box in view.findChildren(QTextBrowser) + view.findChildren(QPlainTextEdit)
        if box.isVisible()
    ]
    boxes.sort(key=lambda box: box.mapTo(view, QPoint()).y())
    return [box.toPlainText() for box in boxes]


def labels(view: TranscriptView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def buttons(view: TranscriptView, name: str) -> list[IconButton]:
    return [
        button
        for button in view.findChildren(IconButton)
        if button.accessibleName() == name and button.isVisible()
    ]


def bottom_gap(view: TranscriptView) -> int:
    bar = view.verticalScrollBar()
    return bar.maximum() - bar.value()


def scroll_up(view: TranscriptView, notches: int) -> None:
    at = QPointF(100, 100)
    for _ in range(notches):
        event = QWheelEvent(
            at, view.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)


def feed(qtbot: QtBot, view: TranscriptView, message_id: int, text: str) -> None:
    """Append text and wait until it is shown."""
    view.append_text(TextPiece(message_id, text))
    qtbot.waitUntil(lambda: any(text.strip() in shown for shown in texts(view)))


def test_words_code_and_figures_are_shown_in_their_order(view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1), answer(2, "So:\n\n```py\nx = 1\n```\nDone.")))
    assert texts(view) == ["Why?", "So:", "x = 1", "Done."]
    assert "134 tokens/s · first token 0.05 s · 118 tokens · 0.26 GB peak" in labels(view)
    assert "SmolLM2 135M Instruct" in labels(view)


def test_a_conversation_is_shown_at_its_end(view: TranscriptView) -> None:
    view.show_conversation(long_conversation(200))
    assert bottom_gap(view) == 0
    assert "x = 199" in texts(view)


def test_only_messages_near_the_screen_are_widgets(view: TranscriptView) -> None:
    view.show_conversation(long_conversation(1000))
    for _ in range(60):
        scroll_up(view, 5)
        near = [shown for shown in view.findChildren(MessageView) if not shown.isHidden()]
        assert 1 < len(near) < 20


def test_a_thousand_messages_open_fast(view: TranscriptView) -> None:
    many = long_conversation(1000)
    view.show_conversation(many)
    started_s = perf_counter()
    view.show_conversation(many)
    assert perf_counter() - started_s < 0.5  # 0.04 s on an idle machine


def test_text_that_arrives_is_shown_in_the_answer(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1)))
    view.add_message(streaming(2))
    feed(qtbot, view, 2, "The Moon")
    view.append_text(TextPiece(2, " pulls.\n\n"))
    view.append_text(TextPiece(2, "```py\nx ="))
    qtbot.waitUntil(lambda: texts(view) == ["Why?", "The Moon pulls.", "x ="])


def test_a_long_answer_streams_at_a_few_milliseconds_an_update(view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1)))
    view.add_message(streaming(2))
    words = "The Moon pulls on the *sea*, `and` so on. " * 5
    source = (words + "\n\n" + "```py\n" + "x = foo(1, 2)\n" * 12 + "```\n\n") * 40
    started_s = perf_counter()
    updates = 0
    for position in range(0, len(source), 60):
        view.append_text(TextPiece(2, source[position : position + 60]))
        view._on_flush_timer_timeout()
        updates += 1
    mean_ms = (perf_counter() - started_s) / updates * 1000
    assert mean_ms < 20  # 3 ms on an idle machine; 35 ms if all were parsed again each time


def test_text_for_a_message_that_is_not_shown_is_ignored(view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1)))
    view.append_text(TextPiece(99, "lost"))
    view._on_flush_timer_timeout()
    assert texts(view) == ["Why?"]


def test_the_finished_answer_takes_the_place_of_the_stream(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.show_conversation(conversation(prompt(1), streaming(2)))
    feed(qtbot, view, 2, "The Mo")
    view.append_text(TextPiece(2, "late text that the finished answer holds as well"))
    view.replace_message(answer(2, "The Moon pulls."))
    view._on_flush_timer_timeout()
    assert texts(view) == ["Why?", "The Moon pulls."]


def test_an_answer_under_way_goes_on_when_its_conversation_is_opened_again(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.show_conversation(None)
    view.show_conversation(conversation(prompt(1), streaming(2, "The Moon")))
    view.append_text(TextPiece(2, " pulls."))
    qtbot.waitUntil(lambda: texts(view) == ["Why?", "The Moon pulls."])


def test_the_end_is_followed_while_an_answer_grows(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1), streaming(2)))
    for number in range(30):
        feed(qtbot, view, 2, f"Line {number}.\n\n")
        assert bottom_gap(view) == 0
    assert view.verticalScrollBar().maximum() > 0


def test_a_reader_who_scrolls_up_is_left_alone(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1), streaming(2, "A line.\n\n" * 60)))
    scroll_up(view, 5)
    value = view.verticalScrollBar().value()
    assert bottom_gap(view) > 0
    feed(qtbot, view, 2, "And more.\n\n")
    assert view.verticalScrollBar().value() == value


def test_the_jump_button_leads_back_and_follows_again(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1), streaming(2, "A line.\n\n" * 60)))
    jump = view.findChild(JumpButton)
    assert not jump.isVisible()
    scroll_up(view, 5)
    assert jump.isVisible()
    qtbot.mouseClick(jump, Qt.MouseButton.LeftButton)
    assert bottom_gap(view) == 0
    assert not jump.isVisible()
    feed(qtbot, view, 2, "And more.\n\n")
    assert bottom_gap(view) == 0


def test_a_new_message_leads_to_the_end(view: TranscriptView) -> None:
    view.show_conversation(long_conversation(100))
    scroll_up(view, 10)
    view.add_message(prompt(1000, "The newest"))
    assert bottom_gap(view) == 0
    assert texts(view)[-1] == "The newest"


def test_what_is_read_stays_where_it_is_while_heights_become_known(view: TranscriptView) -> None:
    view.show_conversation(long_conversation(400))
    for _ in range(40):
        before = {text: y for text, y in _positions(view).items() if 0 < y < 300}
        scroll_up(view, 1)
        after = _positions(view)
        moved = {after[text] - y for text, y in before.items() if text in after}
        assert moved == {72}


def _positions(view: TranscriptView) -> dict[str, int]:
    boxes = [box for box in view.findChildren(QTextBrowser) if box.isVisible()]
    numbered = [box for box in boxes if any(c.isdigit() for c in box.toPlainText())]
    return {box.toPlainText(): box.mapTo(view, QPoint()).y() for box in numbered}


def test_another_width_keeps_the_end_in_view(view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1), answer(2, "word " * 900)))
    view.resize(500, 400)
    assert bottom_gap(view) == 0


def test_the_column_does_not_move_when_the_scroll_bar_comes(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.show_conversation(conversation(answer(1, "Short.")))
    left = view.findChild(QTextBrowser).mapTo(view, QPoint()).x()
    view.show_conversation(conversation(answer(1, "Long.\n\n" * 90)))
    qtbot.waitUntil(view.verticalScrollBar().isVisible)
    boxes = [box for box in view.findChildren(QTextBrowser) if box.isVisible()]
    assert {box.mapTo(view, QPoint()).x() for box in boxes} == {left}


def test_an_interrupted_answer_keeps_its_words_and_shows_its_problem(
    view: TranscriptView,
) -> None:
    view.show_conversation(conversation(prompt(1), interrupted(2)))
    assert "Half an ans" in texts(view)
    assert {"The engine ended", "It was killed.", "Send it again."} <= set(labels(view))
    assert "broken off" in labels(view)


def test_the_wait_for_an_answer_says_how_far_the_prompt_is_read(view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1), streaming(2)))
    reading = replace(IDLE, phase=EnginePhase.READING, prompt_tokens=1480, prompt_done_tokens=512)
    view.show_status(reading)
    assert "reading the prompt 512 of 1,480" in labels(view)
    view.replace_message(answer(2))
    view.show_status(reading)
    assert "reading the prompt 512 of 1,480" not in labels(view)


def test_only_the_newest_answer_can_be_given_again(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1), answer(2), prompt(3), answer(4)))
    (retry,) = buttons(view, "Answer again")
    with qtbot.waitSignal(view.retry_requested) as blocker:
        qtbot.mouseClick(retry, Qt.MouseButton.LeftButton)
    assert blocker.args == [4]
    view.add_message(prompt(5))
    assert buttons(view, "Answer again") == []


def test_an_answer_is_copied_as_it_was_written(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_conversation(conversation(prompt(1), answer(2, "**bold** words")))
    qtbot.mouseClick(buttons(view, "Copy answer")[0], Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "**bold** words"
    assert buttons(view, "Copied")


def test_the_last_answer_can_be_copied_from_anywhere(view: TranscriptView) -> None:
    assert not view.copy_last_answer()
    view.show_conversation(conversation(prompt(1), answer(2, "Two."), prompt(3)))
    assert view.copy_last_answer()
    assert QGuiApplication.clipboard().text() == "Two."


def test_emptiness_is_told(qtbot: QtBot, view: TranscriptView) -> None:
    with qtbot.waitSignal(view.emptiness_changed) as blocker:
        view.show_conversation(None)
    assert blocker.args == [True]
    with qtbot.waitSignal(view.emptiness_changed) as blocker:
        view.add_message(prompt(1))
    assert blocker.args == [False]


def test_home_and_end_lead_to_either_end(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_conversation(long_conversation(100))
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.verticalScrollBar().value() == 0
    assert "Question 0" in texts(view)
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert bottom_gap(view) == 0


def test_folding_out_the_details_of_a_problem_makes_room_for_them(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.show_conversation(conversation(interrupted(1)))
    answer_view = view.findChildren(MessageView)[0]
    QApplication.processEvents()
    height = answer_view.height()
    fold = next(
        button for button in answer_view.findChildren(QPushButton) if button.text() == "Details"
    )
    fold.click()
    qtbot.waitUntil(lambda: answer_view.height() > height + 100)


def test_all_figures_stand_in_the_tooltip(view: TranscriptView) -> None:
    view.show_conversation(conversation(answer(1)))
    tooltip = view.findChild(AnswerFooter).toolTip()
    for part in ("37 of them cached", "283 tokens/s", "CPU, 2 threads", "0.41 s", "0.09 GB"):
        assert part in tooltip
