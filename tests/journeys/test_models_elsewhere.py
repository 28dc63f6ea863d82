"""Models that come from outside the model folder, and one that says little about itself."""

import pytest
from PySide6.QtCore import QPoint
from tiny_model import write_tiny_model

from desktop.ui.widgets.elided_label import ElidedLabel

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

OVER_TRANSCRIPT, OVER_COMPOSER = QPoint(620, 300), QPoint(620, 730)


@pytest.mark.parametrize("place", [OVER_TRANSCRIPT, OVER_COMPOSER], ids=["chat", "composer"])
def test_a_model_dropped_on_the_window_is_on_the_list_and_can_be_used(
    start, wait_for, tmp_path, greeter, place
):
    dropped = write_tiny_model(tmp_path / "Dropped.gguf", answer=["I", " was", " dropped", "."])
    user = start()
    wait_for(lambda: user.phase() == "idle")
    assert user.drop([str(dropped)], place)
    wait_for(lambda: "Dropped" in [model.name for model in user.listed_models()])
    user.choose_model("dropped")
    wait_for(lambda: user.phase() == "idle" and "Dropped" in user.model())
    user.say("Hello")
    wait_for(lambda: user.answers() and user.answers()[0].words == "I was dropped.")


def test_other_files_are_not_taken(start, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("no model", "utf-8")
    user = start()
    assert not user.drop([str(text)], OVER_TRANSCRIPT)


def test_it_is_told_that_a_model_brings_no_chat_template(start, wait_for, paths):
    write_tiny_model(paths.models / "Plain.gguf", template=None, answer=["Well", "."])
    user = start()
    wait_for(user.notice)
    assert "brings no chat template" in user.notice()
    label = user.window.notice.findChild(ElidedLabel)
    wait_for(lambda: "…" not in label.text())
    user.say("Hello")
    wait_for(lambda: user.answers() and user.answers()[0].words == "Well.")
