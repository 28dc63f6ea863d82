"""The engine is ended from outside while it answers."""

import os
import signal
import time

import psutil
import pytest
from child_processes import engine

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CAUSES = {
    signal.SIGSEGV: ("crashed inside llama.cpp", 1.0),
    signal.SIGKILL: ("memory ran out", 1.0),
    signal.SIGSTOP: ("paused from outside", 4.0),
}
BUSY_S = 2.0
"""What a machine with other work may add to the limits above."""


@pytest.mark.parametrize("number", CAUSES, ids=lambda number: number.name)
def test_the_cause_and_the_next_step_are_told_and_the_next_message_is_answered(
    start, wait_for, talker, number
):
    cause, limit_s = CAUSES[number]
    user = start()
    wait_for(lambda: user.phase() == "idle")
    user.say("Sing")
    wait_for(lambda: user.answers() and user.answers()[0].words)
    words = user.answers()[0].words
    singer = engine()

    ended_s = time.monotonic()
    os.kill(singer.pid, number)
    wait_for(lambda: user.answers()[0].problem)
    assert time.monotonic() - ended_s < limit_s + BUSY_S
    [broken] = user.answers()
    assert cause in broken.problem
    assert "Send the message again" in broken.problem or "smaller model" in broken.problem
    assert broken.words.startswith(words)
    assert "broken off" in broken.footer
    assert not psutil.pid_exists(singer.pid)

    user.say("Sing again")
    wait_for(lambda: len(user.answers()) == 2 and user.answers()[1].words)
    assert user.answers()[0] == broken
    assert user.phase() == "answering"
