"""Loading, answering and swapping, with the real engine in a process of its own."""

import psutil
import pytest

from desktop.core.generation import StopReason
from desktop.core.telemetry import EnginePhase
from desktop.services.engine_client import EngineClient

pytestmark = pytest.mark.slow


def test_a_loaded_model_is_reported_with_its_facts(engine, heard, load, greeter):
    load(greeter)
    status = heard.last("model_loaded")
    assert status == engine.status
    assert status.phase is EnginePhase.IDLE
    assert status.model_name == "greeter"
    assert status.facts.context_tokens == 512
    assert status.facts.memory.weights_bytes > 0
    assert status.facts.threads >= 1
    assert status.facts.load_s > 0
    assert engine.model is greeter
    assert psutil.Process(engine.pid).is_running()


def test_an_answer_comes_in_pieces_and_then_whole(engine, heard, load, ask, wait_for, greeter):
    load(greeter)
    ask("How do you do?")
    assert engine.is_answering
    wait_for(lambda: "answer_finished" in heard)
    result = heard.last("answer_finished")
    assert result.text == "Good morning."
    assert "".join(heard.all("tokens_received")) == result.text
    assert result.figures.stop_reason is StopReason.END_OF_TURN
    assert result.figures.completion_tokens == 3
    assert not engine.is_answering
    assert engine.status.phase is EnginePhase.IDLE


def test_the_phases_of_an_answer_are_published(engine, load, ask, qtbot, greeter):
    phases = []
    load(greeter)
    engine.status_changed.connect(phases.append)
    with qtbot.waitSignal(engine.answer_finished):
        ask()
    seen = [status.phase for status in phases]
    assert seen[0] is EnginePhase.READING
    assert EnginePhase.ANSWERING in seen
    qtbot.waitUntil(lambda: phases[-1].phase is EnginePhase.IDLE)


def test_an_answer_has_its_figures(engine, heard, load, ask, wait_for, starter):
    load(starter)
    ask("Name three colours.", temperature=0.0, max_tokens=10)
    wait_for(lambda: "answer_finished" in heard)
    result = heard.last("answer_finished")
    figures = result.figures
    assert len(result.text.split()) > 3
    assert figures.prompt_tokens > 5
    assert figures.cached_tokens == 0
    assert 1 < figures.completion_tokens <= 10
    assert 0 < figures.time_to_first_token_s < 20
    assert figures.prompt_tokens_per_s > 0
    assert figures.tokens_per_s > 0
    assert figures.peak_memory_bytes > figures.memory.weights_bytes > 50e6
    assert figures.load_s == engine.status.facts.load_s
    assert engine.status.tokens_per_s_average == figures.tokens_per_s
    assert engine.status.time_to_first_token_s == figures.time_to_first_token_s
    assert engine.status.context_used_tokens >= figures.prompt_tokens


def test_a_request_during_a_load_is_answered_after_it(engine, heard, ask, wait_for, greeter):
    engine.load(greeter)
    ask()
    assert engine.is_answering
    wait_for(lambda: "answer_finished" in heard)
    assert heard.last("answer_finished").text == "Good morning."
    assert heard.names()[0] == "model_loaded"


def test_a_request_that_waits_is_answered_by_the_model_chosen_last(
    engine, heard, ask, wait_for, talker, greeter
):
    engine.load(talker)
    ask()
    engine.load(greeter)
    wait_for(lambda: "answer_finished" in heard)
    assert heard.last("answer_finished").text == "Good morning."
    assert "answer_failed" not in heard


def test_without_a_model_a_request_fails_in_words(engine, heard, ask):
    ask()
    problem = heard.last("answer_failed")
    assert problem.title == "No model is loaded"
    assert "Choose a model" in problem.next_step
    assert not engine.is_answering


def test_a_swap_returns_the_memory_before_the_next_model_loads(
    engine, heard, load, wait_for, starter, greeter
):
    load(starter)
    old_pid = engine.pid
    alive = []
    engine.model_loaded.connect(lambda _status: alive.append(psutil.pid_exists(old_pid)))
    engine.load(greeter)
    wait_for(lambda: len(heard.all("model_loaded")) == 2)
    assert heard.names() == ["model_loaded", "memory_returned", "model_loaded"]
    assert 90e6 < heard.last("memory_returned") < 2e9
    assert alive == [False]
    assert engine.pid != old_pid


def test_a_swap_breaks_off_the_answer_under_way(
    engine, heard, load, ask, wait_for, talker, greeter
):
    load(talker)
    ask()
    wait_for(lambda: "tokens_received" in heard)
    engine.load(greeter)
    assert "switched to another model" in heard.last("answer_failed").detail
    said = len(heard.all("tokens_received"))
    wait_for(lambda: len(heard.all("model_loaded")) == 2)
    assert len(heard.all("tokens_received")) == said
    assert not engine.is_answering


def test_of_quick_choices_the_last_one_is_loaded(
    engine, heard, wait_for, tmp_path, greeter, talker, broken
):
    for model in (greeter, talker, broken, talker, greeter):
        engine.load(model)
    wait_for(lambda: "model_loaded" in heard)
    assert engine.model is greeter
    assert engine.status.model_name == "greeter"
    assert heard.names() == [*["memory_returned"] * 4, "model_loaded"]
    assert [child.pid for child in psutil.Process().children()] == [engine.pid]


def test_a_bad_file_is_named_in_words(engine, heard, wait_for, broken):
    engine.load(broken)
    wait_for(lambda: "load_failed" in heard)
    failure = heard.last("load_failed")
    assert failure.model is broken
    assert failure.returns_to is None
    assert failure.problem.title == "The file is incomplete"
    assert "broken.gguf" in failure.problem.detail
    assert engine.status.phase is EnginePhase.EMPTY
    assert engine.model is None
    assert engine.pid == 0


def test_after_a_failed_load_the_model_before_is_back(
    engine, heard, load, ask, wait_for, greeter, broken
):
    load(greeter)
    engine.load(broken)
    wait_for(lambda: len(heard.all("model_loaded")) == 2)
    assert heard.last("load_failed").returns_to is greeter
    assert engine.model is greeter
    ask()
    wait_for(lambda: "answer_finished" in heard)


def test_a_request_that_waits_fails_with_the_load(engine, heard, ask, wait_for, broken):
    engine.load(broken)
    ask()
    wait_for(lambda: "answer_failed" in heard)
    assert heard.last("answer_failed") == heard.last("load_failed").problem


def test_after_a_cancelled_load_the_model_before_is_back(
    engine, heard, load, wait_for, greeter, starter
):
    load(greeter)
    engine.load(starter)
    engine.cancel_load()
    failure = heard.last("load_failed")
    assert (failure.model, failure.problem, failure.returns_to) == (starter, None, greeter)
    wait_for(lambda: len(heard.all("model_loaded")) == 2)
    assert engine.model is greeter


def test_a_load_can_be_cancelled_in_the_middle(engine, heard, wait_for, starter):
    engine.load(starter)
    wait_for(lambda: engine.status.progress > 0)
    engine.cancel_load()
    wait_for(lambda: "memory_returned" in heard)
    assert heard.last("load_failed").problem is None
    assert engine.status.phase is EnginePhase.EMPTY
    assert engine.pid == 0


def test_cancelling_without_a_load_changes_nothing(engine, heard, load, greeter):
    engine.cancel_load()
    load(greeter)
    engine.cancel_load()
    assert heard.names() == ["model_loaded"]
    assert engine.status.phase is EnginePhase.IDLE


def test_shutting_down_twice_or_before_anything_is_harmless(engine: EngineClient):
    engine.shut_down()
    engine.shut_down()
    assert engine.pid == 0


@pytest.mark.parametrize("moment", ["loading", "idle", "answering", "swapping"])
def test_nothing_runs_after_shutting_down(
    engine, heard, load, ask, wait_for, talker, greeter, moment
):
    if moment == "loading":
        engine.load(talker)
    else:
        load(talker)
    if moment == "answering":
        ask()
        wait_for(lambda: "tokens_received" in heard)
    elif moment == "swapping":
        engine.load(greeter)
    known = heard.names()
    engine.shut_down()
    assert psutil.Process().children() == []
    assert heard.names() == known
