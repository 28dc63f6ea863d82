"""The app itself is killed, or closed, while an answer is being written."""

import time

import psutil
import pytest
from child_processes import workers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WORKER_LIMIT_S = 3.0
STORED_AFTER_S = 2.0
"""Words are stored once a second; this is when those that were seen are."""
CLOSED = "The app closed while this answer was being written."


def test_a_killed_app_leaves_no_worker_and_the_chat_goes_on_at_the_next_start(run_app, talker):
    app = run_app()
    app.see(lambda sight: sight.phase == "idle")
    app.tell("say", "Sing")
    words = app.see(lambda sight: sight.answers and sight.answers[0].words).answers[0].words
    seen_s = time.monotonic()
    app.see(lambda _sight: time.monotonic() - seen_s > STORED_AFTER_S)
    left = workers(app.process.pid)
    assert left
    app.process.kill()
    _gone, alive = psutil.wait_procs(left, timeout=WORKER_LIMIT_S)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []

    again = run_app()
    again.see(lambda sight: sight.phase == "idle" and sight.answers)
    again.tell("scroll_up")
    sight = again.see(lambda sight: sight.questions)
    assert sight.chats == ["Today", "Sing"]
    assert sight.questions == ["Sing"]
    assert sight.answers[0].words.strip().startswith(words)
    assert CLOSED in sight.answers[0].problem
    again.tell("say", "Go on")
    sight = again.see(lambda sight: "Go on" in sight.questions and sight.answers[-1].words)
    assert sight.answers[-1].problem == ""
    assert again.close() == 0


def test_a_window_closed_in_the_middle_of_an_answer_loses_none_of_its_words(
    start, close, wait_for, talker
):
    user = start()
    wait_for(lambda: user.phase() == "idle")
    user.say("Sing")
    wait_for(lambda: user.answers() and user.answers()[0].words)
    words = user.answers()[0].words
    close(user)
    again = start()
    assert again.questions() == ["Sing"]
    [answer] = again.answers()
    assert answer.words.startswith(words)
    assert CLOSED in answer.problem
