"""The engine's process, spoken to as the window does."""

import pytest
from tiny_model import write_bad_files

from desktop.core.generation import StopReason
from desktop.wire.engine_messages import (
    Finished,
    Generate,
    LoadCancelled,
    Loaded,
    LoadModel,
    LoadProgress,
    PromptProgress,
    TokenBatch,
)
from desktop.wire.inspect_messages import InspectFile
from desktop.wire.message import Cancel, Failed

pytestmark = pytest.mark.slow

LONG = "hello and the other hello " * 2_000


@pytest.fixture
def worker(start_worker):
    return start_worker("engine")


@pytest.fixture
def loaded(worker, talker):
    worker.say(talker)
    worker.hear_until(Loaded)
    return worker


def test_a_load_is_followed_step_by_step(worker, starter_model):
    worker.say(LoadModel(str(starter_model), "starter", context_tokens=256, threads=1))
    fractions = []
    while not isinstance(event := worker.answer(), Loaded):
        assert isinstance(event, LoadProgress)
        fractions.append(event.fraction)
    assert fractions
    assert fractions == sorted(fractions)
    assert fractions[-1] <= 1
    assert event.facts.model_name == "starter"
    assert event.facts.context_tokens == 256
    assert event.facts.threads == 1


def test_an_answer_is_followed_step_by_step(loaded, question):
    loaded.say(question(max_tokens=200))
    assert isinstance(loaded.answer(), PromptProgress)
    events = []
    while not isinstance(event := loaded.answer(), Finished):
        events.append(event)
    batches = [one for one in events if isinstance(one, TokenBatch)]
    stamps = [stamp for batch in batches for stamp in batch.stamps_s]
    assert "".join(batch.text for batch in batches) == event.result.text == " la lu" * 100
    assert len(stamps) == event.result.figures.completion_tokens == 200
    assert stamps == sorted(stamps)
    assert event.result.figures.stop_reason is StopReason.TOKEN_LIMIT


def test_a_cancel_reaches_every_request_before_it_and_none_after_it(loaded, question):
    loaded.say(question(), question(LONG), Cancel(), question(max_tokens=3))
    reasons = [loaded.hear_until(Finished).result.figures.stop_reason for _ in range(3)]
    assert reasons == [StopReason.CANCELLED, StopReason.CANCELLED, StopReason.TOKEN_LIMIT]


def test_a_cancel_without_a_request_is_forgotten(loaded, question):
    loaded.say(Cancel(), question(max_tokens=3))
    assert loaded.hear_until(Finished).result.text == " la lu la"
    loaded.say(Cancel(), question(max_tokens=3))
    assert loaded.hear_until(Finished).result.text == " la lu la"


def test_a_cancelled_load_leaves_no_model(worker, talker, question):
    worker.say(talker, Cancel())
    assert isinstance(worker.answer(), LoadCancelled)
    worker.say(question())
    assert worker.answer().problem.title == "No model is loaded"


def test_bad_files_fail_in_words_and_the_next_load_works(worker, talker, tmp_path):
    for kind, path in write_bad_files(tmp_path).items():
        worker.say(LoadModel(str(path), kind))
        failed = worker.hear_until(Failed | Loaded)
        assert isinstance(failed, Failed), kind
        assert failed.problem.detail, kind
        assert failed.problem.next_step, kind
    worker.say(talker)
    assert isinstance(worker.hear_until(Failed | Loaded), Loaded)


def test_a_request_for_another_role_fails(worker):
    worker.say(InspectFile("a"))
    assert "InspectFile" in worker.answer().problem.log[0]


def test_a_conversation_that_does_not_fit_fails_in_words(worker, talker, question):
    worker.say(LoadModel(talker.path, "talker", context_tokens=256, threads=1), question(LONG))
    failed = worker.hear_until(Failed)
    assert "too long" in failed.problem.title
    worker.say(question(max_tokens=3))
    assert worker.hear_until(Finished).result.text == " la lu la"


def test_it_ends_when_stdin_closes_while_it_loads(worker, starter_model):
    worker.say(LoadModel(str(starter_model), "starter"))
    worker.hear_until(LoadProgress)
    assert worker.close_stdin() == 0


@pytest.mark.parametrize(
    ("text", "moment"), [(LONG, PromptProgress), ("Hello", TokenBatch)], ids=["reading", "talking"]
)
def test_it_ends_when_stdin_closes_while_it_computes(loaded, question, text, moment):
    request: Generate = question(text)
    loaded.say(request)
    loaded.hear_until(moment)
    assert loaded.close_stdin() == 0
