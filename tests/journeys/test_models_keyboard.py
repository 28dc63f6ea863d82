"""A model is found, fetched and talked to without a mouse."""

import pytest
from PySide6.QtCore import Qt
from tiny_model import write_tiny_model
from window_user import CONTROL

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

    user.press(Qt.Key.Key_2, CONTROL)
    assert user.tab() == "Find"
    user.tab_to("Find")
    user.press(Qt.Key.Key_Left)
    assert user.tab() == "Installed"
    user.tab_to("Models on this machine")
    wait_for(lambda: sorted(user.installed()) == ["Greeter", "Guest"])
    user.press(Qt.Key.Key_Delete)
    wait_for(lambda: len(user.installed()) == 1)
    user.press(Qt.Key.Key_1, CONTROL)
    assert user.focused() == "Message"
