"""What stands in an empty chat."""

from dataclasses import replace
from pathlib import Path

import pytest
from chat_messages import IDLE
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.figure import Figure, FigureKind
from desktop.core.local_model import LocalModel, ModelEntry, ModelOrigin
from desktop.core.suggestion import Suggestion
from desktop.core.telemetry import EnginePhase
from desktop.ui.chat.welcome import Welcome

ENTRY = ModelEntry(LocalModel(Path("/m/a.gguf"), "A", 1, ModelOrigin.HEFT), None, None, "", False)

MEMORY = Figure(1.9e9, FigureKind.ESTIMATED)
SUGGESTIONS = (
    Suggestion("a", "Qwen3 1.7B", 1_100_000_000, MEMORY, Figure(21, MEMORY.kind), "Good at much"),
    Suggestion("b", "Qwen3 4B", 2_500_000_000, MEMORY, None, "Good at more"),
)


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


def test_the_smallest_model_comes_with_two_steps_up(qtbot: QtBot, welcome: Welcome) -> None:
    welcome.show_entries((ENTRY,))
    welcome.show_status(IDLE)
    welcome.show_suggestions(SUGGESTIONS)
    assert "ONE STEP UP" in words(welcome)
    with qtbot.waitSignal(welcome.suggestion_chosen) as blocker:
        qtbot.mouseClick(welcome.suggestion_buttons()[1], Qt.MouseButton.LeftButton)
    assert blocker.args == ["b"]


def test_a_larger_model_needs_no_suggestion(welcome: Welcome) -> None:
    welcome.show_entries((ENTRY,))
    welcome.show_suggestions(SUGGESTIONS)
    welcome.show_status(replace(IDLE, model_name="Qwen3 4B"))
    assert not any(button.isVisible() for button in welcome.suggestion_buttons())


def test_without_a_model_suggestions_are_the_other_way_to_begin(welcome: Welcome) -> None:
    welcome.show_suggestions(SUGGESTIONS)
    assert "OR DOWNLOAD ONE" in words(welcome)
    welcome.show_suggestions(())
    assert "OR DOWNLOAD ONE" not in words(welcome)
    assert welcome.suggestion_buttons() == ()


def test_a_suggestion_says_what_it_would_cost_and_how_that_is_known(welcome: Welcome) -> None:
    welcome.show_suggestions(SUGGESTIONS)
    costs = [button.accessibleDescription() for button in welcome.suggestion_buttons()]
    assert costs == [
        "1.10 GB to download · ≈ 1.90 GB memory · ≈ 21 tokens/s · estimated",
        "2.50 GB to download · ≈ 1.90 GB memory · estimated",
    ]
    measured = replace(SUGGESTIONS[0], tokens_per_s=Figure(19, FigureKind.TEST_DRIVEN))
    welcome.show_suggestions((measured,))
    assert welcome.suggestion_buttons()[0].accessibleDescription() == (
        "1.10 GB to download · ≈ 1.90 GB memory, estimated · 19 tokens/s, test-driven"
    )
