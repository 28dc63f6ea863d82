"""The window is used without a mouse."""

import pytest
from PySide6.QtCore import Qt
from window_user import CONTROL, spoken_name

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def user(start, wait_for, greeter, talker):
    user = start(model="Greeter")
    wait_for(lambda: user.phase() == "idle")
    return user


def test_a_model_is_chosen_by_typing_a_part_of_its_name(user, wait_for):
    user.press(Qt.Key.Key_L, CONTROL)
    user.type("alk")
    assert [model.name for model in user.listed_models()] == ["Talker"]
    user.press(Qt.Key.Key_Return)
    wait_for(lambda: user.phase() == "idle" and "Talker" in user.model())
    user.type("The keyboard writes a message again")
    assert "The keyboard writes a message again" in user.composer()


def test_chats_are_made_found_and_opened(user, wait_for):
    for words in ("About tides", "About ships"):
        user.press(Qt.Key.Key_N, CONTROL)
        assert user.questions() == []
        user.type(words)
        user.press(Qt.Key.Key_Return)
        wait_for(lambda: user.phase() == "idle" and user.answers())
    assert user.chats() == ["Today", "About ships", "About tides"]
    user.press(Qt.Key.Key_K, CONTROL)
    user.type("tides")
    assert user.chats() == ["Today", "About tides"]
    user.press(Qt.Key.Key_Down)
    user.press(Qt.Key.Key_Down)
    assert user.questions() == ["About tides"]


def test_esc_stops_an_answer(user, wait_for):
    user.choose_model("talker")
    wait_for(lambda: user.phase() == "idle" and "Talker" in user.model())
    user.say("Sing")
    wait_for(lambda: user.answers() and user.answers()[0].words)
    user.press(Qt.Key.Key_Escape)
    wait_for(lambda: user.phase() == "idle")
    assert "stopped by you" in user.answers()[0].footer


def test_tab_reaches_every_control_and_each_has_a_name(user, wait_for):
    user.say("Hello")
    wait_for(lambda: user.phase() == "idle" and user.answers())
    user.type("A draft, so that there is something to send")
    reached = user.walk()
    assert [widget for widget in reached if not spoken_name(widget)] == []
    assert {spoken_name(widget) for widget in user.controls() - reached} == set()
