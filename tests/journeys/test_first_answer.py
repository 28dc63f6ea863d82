"""From the first start to the first answer, and to the second start."""

import pytest
from PySide6.QtCore import Qt

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_first_message_is_answered_and_everything_is_there_at_the_next_start(
    start, close, wait_for, add_starter
):
    add_starter()
    user = start()
    assert user.chats() == []
    wait_for(lambda: user.phase() == "idle")
    assert "SmolLM2 135M Instruct" in user.model()
    wait_for(lambda: user.memory_gb() > 0)

    user.type("Hi, who are you?")
    user.press(Qt.Key.Key_Return)
    wait_for(lambda: user.answers() and user.answers()[-1].words)
    assert user.questions() == ["Hi, who are you?"]
    assert user.composer().splitlines()[0] != "Hi, who are you?"
    wait_for(lambda: user.phase() == "idle")
    assert user.tokens_per_s() > 0
    assert user.memory_gb() > 0
    [answer] = user.answers()
    assert answer.model == "SmolLM2 135M Instruct"
    assert len(answer.words.split()) > 2
    assert "tokens/s" in answer.footer
    assert "first token" in answer.footer
    assert "peak" in answer.footer
    assert answer.problem == ""
    assert user.chats() == ["Today", "Hi, who are you?"]

    close(user)
    again = start()
    wait_for(lambda: again.phase() == "idle")
    assert again.chats() == ["Today", "Hi, who are you?"]
    assert again.questions() == ["Hi, who are you?"]
    assert again.answers() == [answer]
    assert "SmolLM2 135M Instruct" in again.model()
