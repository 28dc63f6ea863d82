"""An engine that dies or hangs: told in words at once, replaced, and never in a loop."""

import os
import signal
import time
from collections.abc import Callable

import psutil
import pytest

from desktop.core.telemetry import EnginePhase

pytestmark = pytest.mark.slow

CAUSES = {
    signal.SIGSEGV: "crashed inside llama.cpp",
    signal.SIGKILL: "memory ran out",
    signal.SIGABRT: "gave up",
    signal.SIGBUS: "could no longer be read",
}


@pytest.fixture
def pause(engine, wait_for) -> Callable[[], None]:
    """Stop the engine's process by a signal, and wait until it has stopped."""

    def pause() -> None:
        process = psutil.Process(engine.pid)
        process.suspend()
        wait_for(lambda: process.status() == psutil.STATUS_STOPPED)

    return pause


@pytest.mark.parametrize("number", CAUSES, ids=lambda number: number.name)
def test_death_while_answering_is_told_at_once_and_the_next_message_works(
    engine, heard, load, ask, wait_for, talker, number
):
    load(talker)
    ask()
    wait_for(lambda: "tokens_received" in heard)
    killed_s = time.monotonic()
    os.kill(engine.pid, number)
    wait_for(lambda: "answer_failed" in heard)
    assert time.monotonic() - killed_s < 1
    problem = heard.last("answer_failed")
    assert problem.title == "The engine stopped"
    assert CAUSES[number] in problem.detail
    assert problem.next_step
    assert problem.log[0] == f"ended by {number.name}"
    assert engine.model is talker

    ask(max_tokens=4)
    wait_for(lambda: "answer_finished" in heard)
    assert heard.last("answer_finished").text == " la lu la lu"
    assert "engine_lost" not in heard


def test_an_engine_that_is_paused_while_answering_is_replaced(
    engine, heard, load, ask, pause, wait_for, talker
):
    load(talker)
    ask()
    wait_for(lambda: "tokens_received" in heard)
    pid = engine.pid
    paused_s = time.monotonic()
    pause()
    wait_for(lambda: "answer_failed" in heard)
    assert time.monotonic() - paused_s < 4
    assert heard.last("answer_failed").title == "The engine was paused from outside"
    assert not psutil.pid_exists(pid)
    ask(max_tokens=4)
    wait_for(lambda: "answer_finished" in heard)


def test_an_engine_that_was_paused_while_idle_is_replaced_when_it_is_needed(
    engine, heard, load, ask, pause, wait_for, greeter
):
    load(greeter)
    pause()
    ask()
    wait_for(lambda: "answer_failed" in heard)
    ask()
    wait_for(lambda: "answer_finished" in heard)
    assert heard.last("answer_finished").text == "Good morning."


def test_an_engine_that_does_not_stop_answering_is_replaced(
    engine, heard, load, ask, pause, wait_for, talker
):
    load(talker)
    ask()
    wait_for(lambda: "tokens_received" in heard)
    pid = engine.pid
    pause()
    engine.stop_answer()
    wait_for(lambda: "answer_failed" in heard)
    assert not psutil.pid_exists(pid)
    wait_for(lambda: len(heard.all("model_loaded")) == 2)


def test_death_while_idle_is_told_and_the_engine_comes_back(
    engine, heard, load, ask, wait_for, greeter
):
    load(greeter)
    os.kill(engine.pid, signal.SIGKILL)
    wait_for(lambda: len(heard.all("model_loaded")) == 2)
    assert heard.names() == ["model_loaded", "engine_lost", "model_loaded"]
    assert heard.last("engine_lost").title == "The engine stopped"
    ask()
    wait_for(lambda: "answer_finished" in heard)


def test_death_while_loading_returns_to_the_model_before(
    engine, heard, load, wait_for, greeter, talker
):
    load(greeter)
    engine.load(talker)
    os.kill(engine.pid, signal.SIGSEGV)
    wait_for(lambda: len(heard.all("model_loaded")) == 2)
    failure = heard.last("load_failed")
    assert (failure.model, failure.returns_to) == (talker, greeter)
    assert "crashed" in failure.problem.detail
    assert engine.model is greeter


def test_an_engine_that_dies_at_every_load_is_not_started_for_ever(
    engine, heard, load, wait_for, greeter, talker
):
    load(greeter)

    def end_it(status):
        if status.phase is EnginePhase.LOADING:
            os.kill(engine.pid, signal.SIGKILL)

    engine.status_changed.connect(end_it)
    engine.load(talker)
    wait_for(lambda: len(heard.all("load_failed")) == 2)
    assert [one.model for one in heard.all("load_failed")] == [talker, greeter]
    assert [one.returns_to for one in heard.all("load_failed")] == [greeter, None]
    assert engine.status.phase is EnginePhase.EMPTY
    assert engine.pid == 0
    wait_for(lambda: not psutil.Process().children())


def test_a_message_that_waited_fails_with_the_engine(engine, heard, ask, wait_for, greeter):
    engine.load(greeter)
    ask()
    os.kill(engine.pid, signal.SIGKILL)
    wait_for(lambda: "answer_failed" in heard)
    assert heard.last("answer_failed").title == "The engine stopped"
    assert not engine.is_answering


def test_a_model_chosen_when_the_answer_broke_off_is_loaded_once(
    engine, heard, load, ask, wait_for, talker, greeter
):
    load(talker)
    ask()
    wait_for(lambda: "tokens_received" in heard)
    engine.answer_failed.connect(lambda _problem: engine.load(greeter))
    os.kill(engine.pid, signal.SIGKILL)
    wait_for(lambda: len(heard.all("model_loaded")) == 2)
    assert engine.model is greeter
    assert "memory_returned" not in heard
