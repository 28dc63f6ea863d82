"""Another model is chosen while an answer is being written."""

import re

import psutil
import pytest
from child_processes import engine
from PySide6.QtCore import Qt

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

QUESTION = "An answer is being written. Stop it and switch to"
STARTER_GB = 0.1
"""The starter model takes more, its weights alone do; a tiny model takes less."""


def test_stop_and_switch_keeps_the_words_frees_the_memory_and_the_other_model_goes_on(
    start, wait_for, add_starter, greeter
):
    add_starter()
    user = start(model="SmolLM2")
    wait_for(lambda: user.phase() == "idle")
    user.say("Write a long story about the sea.")
    wait_for(lambda: user.answers() and len(user.answers()[0].words.split()) > 3)
    first_words = user.answers()[0].words.split()[:3]
    # The scale looks once a second: let it see all of the model.
    wait_for(lambda: user.memory_gb() > STARTER_GB)
    before = engine()

    user.choose_model("greeter")
    wait_for(user.question)
    assert f"{QUESTION} Greeter?" in user.question()
    user.click("Stop and switch")
    wait_for(lambda: re.fullmatch(r"Freed \d+ MB\.|Freed \d\.\d\d GB\.", user.notice()))
    assert not psutil.pid_exists(before.pid)
    wait_for(lambda: user.phase() == "idle" and "Greeter" in user.model())
    [stopped] = user.answers()
    assert stopped.words.split()[:3] == first_words
    assert stopped.model == "SmolLM2 135M Instruct"
    assert "stopped by you" in stopped.footer
    wait_for(lambda: 0 < user.memory_gb() < STARTER_GB)

    user.say("Good day")
    wait_for(lambda: len(user.answers()) == 2 and user.answers()[1].footer.count("token"))
    assert user.answers()[0] == stopped
    assert (user.answers()[1].model, user.answers()[1].words) == ("Greeter", "Good morning.")
    assert user.questions() == ["Write a long story about the sea.", "Good day"]


def test_keep_answering_leaves_all_as_it_is(start, wait_for, greeter, talker):
    user = start(model="Talker")
    wait_for(lambda: user.phase() == "idle")
    user.say("Sing")
    wait_for(lambda: user.answers() and user.answers()[0].words)
    wait_for(lambda: user.tokens_per_s() > 0)
    assert user.phase() == "answering"
    singer = engine()

    user.choose_model("greeter")
    wait_for(user.question)
    user.click("Keep answering")
    assert user.question() == ""
    length = len(user.answers()[0].words)
    wait_for(lambda: len(user.answers()[0].words) > length)
    assert user.phase() == "answering"
    assert "Talker" in user.model()
    assert engine() == singer

    user.press(Qt.Key.Key_Escape)
    wait_for(lambda: user.phase() == "idle")
    [song] = user.answers()
    assert "stopped by you" in song.footer
    assert song.model == "Talker"
