"""Choosing a model: at once where nothing is lost, else after a question."""

import os
import signal
from pathlib import Path

import pytest
from signal_journal import SignalJournal
from tiny_model import write_tiny_model

from desktop.core.generation import StopReason
from desktop.core.local_model import Measurement
from desktop.core.telemetry import EnginePhase
from desktop.services.chat_controller import ChatController
from desktop.services.model_library import ModelLibrary
from desktop.services.model_switch import ModelSwitch
from desktop.storage.chat_store import ChatStore
from desktop.storage.model_store import ModelStore

pytestmark = pytest.mark.slow

SWITCH_SIGNALS = (
    "question_asked",
    "question_withdrawn",
    "notice_given",
    "problem_raised",
    "current_changed",
)


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def greeter(folder) -> Path:
    return write_tiny_model(folder / "greeter.gguf", answer=["Good", " morning", "."])


@pytest.fixture
def talker(folder) -> Path:
    path = folder / "talker.gguf"
    return write_tiny_model(path, answer=[" la", " lu"], endless=True, context_length=100_000)


@pytest.fixture
def plain(folder) -> Path:
    """A model that brings no chat template."""
    return write_tiny_model(folder / "plain.gguf", template=None)


@pytest.fixture
def store(tmp_path, folder):
    store = ModelStore(tmp_path / "library.db", folder)
    store.save_bandwidth(10e9)
    yield store
    store.close()


@pytest.fixture
def library(store, engine, greeter, talker, plain, wait_for):
    """A library that knows all three models."""
    library = ModelLibrary(store, engine)
    library.rescan()
    wait_for(lambda: all(model.facts for model in library.models))
    yield library
    library.shut_down()


@pytest.fixture
def chat(tmp_path, engine):
    store = ChatStore(tmp_path / "chats.db")
    yield ChatController(store, engine)
    store.close()


@pytest.fixture
def switch(library, engine, chat) -> ModelSwitch:
    return ModelSwitch(library, engine, chat)


@pytest.fixture
def told(switch) -> SignalJournal:
    return SignalJournal(switch, *SWITCH_SIGNALS)


@pytest.fixture
def choose(switch, heard, wait_for):
    """Choose a model and wait until it is ready."""

    def choose(path: Path) -> None:
        loads = len(heard.all("model_loaded"))
        switch.choose(path)
        wait_for(lambda: len(heard.all("model_loaded")) > loads)

    return choose


@pytest.fixture
def make_heavy(store, library):
    """Have the library believe that a model takes more than any machine has."""

    def make_heavy(path: Path) -> None:
        model = library.find(path)
        context_tokens = model.facts.context_limit_tokens
        store.save_measurement(model, Measurement(10**15, context_tokens, None))

    return make_heavy


@pytest.fixture
def is_loaded(engine):
    def is_loaded(path: Path) -> bool:
        is_current = engine.model is not None and engine.model.path == path
        return is_current and engine.status.phase is EnginePhase.IDLE

    return is_loaded


def test_with_nothing_to_lose_a_model_is_loaded_at_once(told, choose, is_loaded, greeter, talker):
    choose(greeter)
    choose(talker)
    assert is_loaded(talker)
    assert told.names() == ["current_changed", "current_changed"]
    assert told.all("current_changed") == [greeter, talker]


def test_choosing_the_current_model_changes_nothing(switch, told, choose, engine, greeter):
    choose(greeter)
    pid = engine.pid
    switch.choose(greeter)
    assert engine.pid == pid
    assert told.names() == ["current_changed"]


def test_while_answering_it_asks_and_then_stops_and_swaps(
    switch, told, choose, chat, heard, wait_for, is_loaded, talker, greeter
):
    choose(talker)
    chat.send("Hello")
    wait_for(lambda: "tokens_received" in heard)
    switch.choose(greeter)
    question = told.last("question_asked")
    assert question.text == "An answer is being written. Stop it and switch to greeter?"
    assert question.answers == ("Stop and switch", "Keep answering")
    assert chat.is_answering
    switch.answer(0)
    wait_for(lambda: is_loaded(greeter))
    answer = chat.current.messages[-1]
    assert answer.figures.stop_reason is StopReason.CANCELLED
    assert answer.model.name == "talker"
    assert answer.problem is None
    assert "question_withdrawn" not in told


def test_the_answer_may_go_on(
    switch, told, choose, chat, heard, wait_for, is_loaded, talker, greeter
):
    choose(talker)
    chat.send("Hello")
    wait_for(lambda: "tokens_received" in heard)
    switch.choose(greeter)
    switch.answer(1)
    said = len(heard.all("tokens_received"))
    wait_for(lambda: len(heard.all("tokens_received")) > said)
    chat.stop()
    wait_for(lambda: not chat.is_answering)
    assert is_loaded(talker)
    assert told.all("current_changed") == [talker]


def test_a_question_that_the_end_of_the_answer_settles_is_withdrawn(
    switch, told, choose, chat, wait_for, is_loaded, greeter, talker
):
    choose(greeter)
    chat.send("Hello")
    switch.choose(talker)
    assert "question_asked" in told
    wait_for(lambda: is_loaded(talker))
    assert "question_withdrawn" in told
    assert chat.current.messages[-1].text == "Good morning."
    switch.answer(0)
    assert is_loaded(talker)


def test_of_two_choices_the_later_one_counts(
    switch, choose, chat, heard, wait_for, is_loaded, talker, greeter, plain
):
    choose(talker)
    chat.send("Hello")
    wait_for(lambda: "tokens_received" in heard)
    switch.choose(greeter)
    switch.choose(plain)
    switch.answer(0)
    wait_for(lambda: is_loaded(plain))


def test_choosing_the_current_model_again_takes_the_question_back(
    switch, told, choose, chat, heard, wait_for, is_loaded, talker, greeter
):
    choose(talker)
    chat.send("Hello")
    wait_for(lambda: "tokens_received" in heard)
    switch.choose(greeter)
    switch.choose(talker)
    assert told.names()[-1] == "question_withdrawn"
    switch.answer(0)
    chat.stop()
    wait_for(lambda: not chat.is_answering)
    assert is_loaded(talker)


def test_a_heavy_model_is_loaded_only_after_a_question(
    switch, told, choose, make_heavy, wait_for, is_loaded, greeter, plain
):
    choose(greeter)
    make_heavy(plain)
    switch.choose(plain)
    question = told.last("question_asked")
    assert question.text.startswith("plain needs about 1000000.0 GB; ")
    assert question.answers == ("Load it anyway", "Keep the current model")
    switch.answer(1)
    assert is_loaded(greeter)
    switch.choose(plain)
    switch.answer(0)
    wait_for(lambda: is_loaded(plain))


def test_the_end_of_an_answer_does_not_settle_whether_to_load_a_heavy_model(
    switch, told, choose, chat, make_heavy, wait_for, is_loaded, greeter, plain
):
    choose(greeter)
    make_heavy(plain)
    chat.send("Hello")
    switch.choose(plain)
    wait_for(lambda: not chat.is_answering)
    assert is_loaded(greeter)
    assert "question_withdrawn" not in told
    switch.answer(0)
    wait_for(lambda: is_loaded(plain))


def test_another_choice_takes_the_question_about_a_heavy_model_back(
    switch, told, choose, make_heavy, is_loaded, greeter, talker, plain
):
    choose(greeter)
    make_heavy(plain)
    switch.choose(plain)
    choose(talker)
    assert told.names()[-2:] == ["question_withdrawn", "current_changed"]
    switch.answer(0)
    assert is_loaded(talker)


def test_a_model_that_cannot_be_used_is_told_and_the_current_one_stays(
    switch, told, choose, library, wait_for, is_loaded, folder, greeter
):
    choose(greeter)
    page = folder / "page.gguf"
    page.write_text("<!doctype html><title>Sign in</title>")
    library.rescan()
    wait_for(lambda: library.find(page).problem is not None)
    switch.choose(page)
    assert told.last("problem_raised").title == "This is a web page, not a model"
    switch.choose(folder / "nothing.gguf")
    assert told.last("problem_raised").title == "nothing.gguf is gone"
    assert is_loaded(greeter)
    assert told.all("current_changed") == [greeter]


def test_a_failed_load_says_which_model_is_back(
    switch, told, choose, wait_for, is_loaded, greeter, plain
):
    choose(greeter)
    os.truncate(plain, 40_000)
    switch.choose(plain)
    wait_for(lambda: "problem_raised" in told)
    problem = told.last("problem_raised")
    assert problem.title == "The file is incomplete"
    assert problem.detail.endswith(" Heft went back to greeter.")
    assert told.all("current_changed") == [greeter, plain, greeter]
    wait_for(lambda: is_loaded(greeter))


def test_a_failed_load_with_no_model_before_leaves_none(switch, told, wait_for, engine, plain):
    os.truncate(plain, 40_000)
    switch.choose(plain)
    wait_for(lambda: "problem_raised" in told)
    assert "went back" not in told.last("problem_raised").detail
    assert told.all("current_changed") == [plain, None]
    assert engine.model is None


def test_a_cancelled_load_is_a_notice_and_no_problem(
    switch, told, choose, engine, wait_for, is_loaded, greeter, plain
):
    choose(greeter)
    switch.choose(plain)
    engine.cancel_load()
    notice = "Loading plain was cancelled. Heft went back to greeter."
    assert told.last("notice_given") == notice
    assert "problem_raised" not in told
    wait_for(lambda: is_loaded(greeter))


def test_what_a_user_should_know_of_a_model_is_said(told, choose, plain):
    choose(plain)
    assert "brings no chat template" in told.last("notice_given")


def test_memory_that_came_back_is_told(
    switch, told, choose, library, wait_for, is_loaded, starter_model, greeter
):
    library.add_file(starter_model)
    choose(starter_model)
    choose(greeter)
    assert told.last("notice_given").startswith("Freed ")
    assert told.last("notice_given").endswith("B.")


def test_the_loss_of_an_idle_engine_is_told(told, choose, engine, wait_for, is_loaded, greeter):
    choose(greeter)
    os.kill(engine.pid, signal.SIGSEGV)
    wait_for(lambda: "problem_raised" in told)
    assert "crashed inside llama.cpp" in told.last("problem_raised").detail
    wait_for(lambda: is_loaded(greeter))


def test_a_model_that_is_let_go_is_no_longer_the_current_one(switch, engine, told, choose, greeter):
    choose(greeter)
    engine.let_go()
    assert told.last("current_changed") is None
