"""What stands in an empty chat."""

from dataclasses import replace
from pathlib import Path

import pytest
from chat_messages import IDLE
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.local_model import LocalModel, ModelEntry, ModelOrigin
from desktop.core.telemetry import EnginePhase
from desktop.ui.chat.welcome import Welcome

ENTRY = ModelEntry(LocalModel(Path("/m/a.gguf"), "A", 1, ModelOrigin.HEFT), None, None, "", False)


@pytest.fixture
def welcome(qtbot: QtBot) -> Welcome:
    view = Welcome()
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show()
    return view


def words(welcome: Welcome) -> str:
    return "\n".join(label.text() for label in welcome.findChildren(QLabel) if label.isVisible())


def add_button(welcome: Welcome) -> QPushButton:
    return next(b for b in welcome.findChildren(QPushButton) if b.text().startswith("Add"))


def test_without_a_model_there_is_one_thing_to_do(qtbot: QtBot, welcome: Welcome) -> None:
    visible = [button for button in welcome.findChildren(QPushButton) if button.isVisible()]
    assert visible == [add_button(welcome)]
    with qtbot.waitSignal(welcome.add_requested):
        qtbot.mouseClick(visible[0], Qt.MouseButton.LeftButton)


def test_an_example_is_sent(qtbot: QtBot, welcome: Welcome) -> None:
    welcome.show_entries((ENTRY,))
    welcome.show_status(IDLE)
    example = welcome.prompt_buttons()[0]
    with qtbot.waitSignal(welcome.prompt_chosen) as blocker:
        qtbot.mouseClick(example, Qt.MouseButton.LeftButton)
    assert blocker.args == [example.text()]
    assert not add_button(welcome).isVisible()


def test_examples_wait_for_the_model(welcome: Welcome) -> None:
    welcome.show_entries((ENTRY,))
    welcome.show_status(replace(IDLE, phase=EnginePhase.LOADING))
    assert not any(button.isEnabled() for button in welcome.prompt_buttons())
    assert "is being loaded" in words(welcome)


def test_the_starter_is_introduced_as_what_it_is(welcome: Welcome) -> None:
    welcome.show_entries((ENTRY,))
    welcome.show_status(IDLE)
    assert "The smallest model that still chats: fast and light, often wrong." in words(welcome)
    welcome.show_status(replace(IDLE, model_name="Qwen3 4B"))
    assert "often wrong" not in words(welcome)


def test_the_colours_of_the_scale_are_explained(welcome: Welcome) -> None:
    for name in ("Weights:", "Context:", "Compute:", "tokens"):
        assert name in words(welcome)
