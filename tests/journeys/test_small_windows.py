"""Windows that have no room for everything."""

import pytest
from PySide6.QtCore import Qt
from window_user import CONTROL

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def user(start, wait_for, greeter, talker):
    user = start(model="Talker")
    wait_for(lambda: user.phase() == "idle")
    return user


def is_in_full(widget) -> bool:
    """Whether nothing of a widget is cut off or lies outside the window."""
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def test_at_900_by_640_one_line_is_the_scale(user, wait_for):
    user.window.resize(900, 640)
    assert not user.window.scale.isVisible()
    assert is_in_full(user.window.scale_line)
    assert user.window.scale_line.text().startswith("idle")
    user.say("Sing")
    wait_for(lambda: user.tokens_per_s() and user.memory_gb())
    wait_for(lambda: "tokens/s" in user.window.scale_line.text())


def test_at_640_by_480_everything_is_in_sight_or_a_key_away(user, wait_for):
    window = user.window
    window.resize(640, 480)
    assert (window.width(), window.height()) == (640, 480)
    user.say("Sing")
    wait_for(lambda: user.answers() and user.answers()[0].words)
    user.choose_model("greeter")
    wait_for(user.question)
    answers = [user.button(name) for name in ("Stop and switch", "Keep answering")]
    controls = [window.picker, window.composer, window.scale_line, window.question, *answers]
    controls += [user.button(name) for name in ("Show or hide the chats", "Stop")]
    assert [widget for widget in controls if not is_in_full(widget)] == []
    assert window.transcript.viewport().height() > 60

    user.press(Qt.Key.Key_B, CONTROL)
    assert is_in_full(window.conversations)
    assert is_in_full(user.button("New chat"))
    assert is_in_full(window.conversations.search)
