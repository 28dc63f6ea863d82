"""A model is found, fetched and talked to without a mouse."""

import pytest
from PySide6.QtCore import Qt
from tiny_model import write_tiny_model
from window_user import CONTROL, spoken_name

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def guest(hub, tmp_path) -> str:
    """A repository with one small model."""
    model = write_tiny_model(tmp_path / "Guest.gguf", answer=["At", " your", " service", "."])
    hub.add_repository("acme/Guest-GGUF", {model.name: model})
    return "Guest-GGUF"


def test_the_keyboard_alone_finds_fetches_and_opens_a_model(go_to_models, wait_for, guest, greeter):
    user = go_to_models("Installed", model="Greeter")
    wait_for(lambda: user.phase() == "idle")
    user.press(Qt.Key.Key_1, CONTROL)
    user.press(Qt.Key.Key_2, CONTROL)
    user.tab_to("Installed")
    user.press(Qt.Key.Key_Right)
    assert user.tab() == "Find"
    user.tab_to("Search for models")
    user.type("acme guest")
    user.press(Qt.Key.Key_Return)
    wait_for(lambda: guest in user.offers())
    user.press(Qt.Key.Key_Down)
    assert user.focused() == "Models to find"
    user.press(Qt.Key.Key_Return)
    wait_for(lambda: "weighed by llama.cpp" in user.page())

    user.tab_to("Test-drive")
    user.tab_to("Download 100 kB")
    user.press(Qt.Key.Key_Space)
    wait_for(lambda: "Open in Chat" in user.buttons())
    user.tab_to("Open in Chat")
    user.press(Qt.Key.Key_Space)
    wait_for(lambda: user.phase() == "idle" and "Guest" in user.model())
    user.type("Anybody there?")
    user.press(Qt.Key.Key_Return)
    wait_for(lambda: user.answers() and user.answers()[0].words == "At your service.")


def test_the_keyboard_alone_renames_removes_and_opens_a_model(
    go_to_models, wait_for, greeter, talker
):
    user = go_to_models("Downloads", model="Greeter")
    wait_for(lambda: user.phase() == "idle")
    user.tab_to("Downloads")
    user.press(Qt.Key.Key_Left)
    user.press(Qt.Key.Key_Left)
    assert user.tab() == "Installed"
    user.tab_to("Models on this machine")
    assert user.installed() == ["Greeter", "Talker"]
    user.press(Qt.Key.Key_F2)
    user.type("Zoe")
    user.press(Qt.Key.Key_Return)
    wait_for(lambda: user.installed() == ["Zoe", "Talker"])
    user.tab_to("Models on this machine")
    user.press(Qt.Key.Key_Delete)
    wait_for(lambda: user.installed() == ["Talker"])
    user.press(Qt.Key.Key_Return)
    wait_for(lambda: user.phase() == "idle" and "Talker" in user.model())
    user.press(Qt.Key.Key_2, CONTROL)
    assert user.tab() == "Installed"
    user.press(Qt.Key.Key_1, CONTROL)
    user.type("A message")
    assert "A message" in user.composer()


def test_tab_reaches_every_control_of_every_tab_and_each_has_a_name(
    go_to_models, wait_for, guest, greeter
):
    user = go_to_models("Find", model="Greeter")
    wait_for(lambda: user.phase() == "idle")
    user.find("acme guest")
    wait_for(lambda: guest in user.offers())
    user.choose_offer(guest)
    wait_for(lambda: "weighed by llama.cpp" in user.page())
    for tab in user.tabs():
        user.open_tab(tab)
        reached = user.walk()
        assert [widget for widget in reached if not spoken_name(widget)] == []
        assert {spoken_name(widget) for widget in user.controls() - reached} == set()
