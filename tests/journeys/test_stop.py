"""A prompt that takes long to read is given up."""

import re

import pytest
from PySide6.QtCore import Qt
from tiny_model import write_tiny_model

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LONG_PROMPT = "the and you " * 2000
READING = r"reading the prompt [\d,]+ of [\d,]+"


@pytest.fixture
def slow_reader(paths):
    """A model that takes seconds to read six thousand words, and then says a few of its own."""
    return write_tiny_model(
        paths.models / "Reader.gguf",
        answer=["I", " read", " it", "."],
        layers=6,
        embedding=512,
        context_length=16_384,
    )


def test_esc_stops_the_reading_of_a_long_prompt_and_the_next_message_is_answered(
    start, wait_for, slow_reader
):
    user = start()
    wait_for(lambda: user.phase() == "idle")
    user.paste(LONG_PROMPT)
    user.press(Qt.Key.Key_Return)
    wait_for(lambda: re.fullmatch(READING, user.phase()))
    wait_for(lambda: user.answers() and re.search(READING, user.answers()[0].footer))
    user.press(Qt.Key.Key_Escape)
    wait_for(lambda: user.phase() == "idle")
    [answer] = user.answers()
    assert answer.words == ""
    assert "stopped by you" in answer.footer

    user.say("Read it to the end")
    wait_for(lambda: user.answers()[-1].words == "I read it.")
    assert "Read it to the end" in user.questions()
