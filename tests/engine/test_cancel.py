"""Cancel from another thread, at any time; the engine answers again afterwards."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from chat_turns import user

from desktop.core.generation import SamplingSettings, StopReason
from desktop.engine.chat_engine import ChatEngine
from desktop.engine.generator import Batch, PromptState

GREEDY = SamplingSettings(temperature=0.0, max_tokens=40)
SHORT = SamplingSettings(temperature=0.0, max_tokens=3)
LONG_PROMPT = (user("Every good boy does fine. " * 290),)
STORY = (user("Tell me a story about the sea."),)
INTO_THE_BATCH_S = 0.15
"""A batch of 512 tokens takes a second or more: this is in the middle of the first."""
LATEST_S = 1.0
"""Asked for is a tenth of this; the machine may be busy."""


CancelIn = Callable[[float], "CancelLater"]


class CancelLater:
    """Cancels from another thread, some time after the first report that it is given."""

    def __init__(self, engine: ChatEngine, delay_s: float) -> None:
        self._timer = threading.Timer(delay_s, self._cancel, (engine,))
        self._is_started = False
        self.cancelled_s = 0.0

    def __call__(self, _report: Batch | PromptState) -> None:
        if not self._is_started:
            self._is_started = True
            self._timer.start()

    def join(self) -> None:
        """Wait until it has cancelled, so that it never hits another test."""
        if self._is_started:
            self._timer.join()

    def _cancel(self, engine: ChatEngine) -> None:
        self.cancelled_s = time.perf_counter()
        engine.cancel()


@pytest.fixture(name="starter")
def fresh_starter(loaded_starter: ChatEngine) -> Iterator[ChatEngine]:
    """The starter with an empty context."""
    loaded_starter._model.session.clear()
    yield loaded_starter
    loaded_starter.forget_cancel()


@pytest.fixture
def cancel_in(starter: ChatEngine) -> Iterator[CancelIn]:
    """Make a CancelLater of so many seconds."""
    made: list[CancelLater] = []

    def make(delay_s: float) -> CancelLater:
        made.append(CancelLater(starter, delay_s))
        return made[-1]

    yield make
    for cancel in made:
        cancel.join()


@pytest.mark.slow
def test_a_long_prompt_is_given_up_in_the_middle_of_a_batch(
    starter: ChatEngine, cancel_in: CancelIn
) -> None:
    cancel = cancel_in(INTO_THE_BATCH_S)
    result = starter.generate(LONG_PROMPT, GREEDY, ignore, cancel)
    assert time.perf_counter() - cancel.cancelled_s < LATEST_S
    figures = result.figures
    assert figures.stop_reason is StopReason.CANCELLED
    assert (result.text, figures.completion_tokens) == ("", 0)
    assert figures.prompt_tokens > 1500
    assert starter._model.session.used_tokens < figures.prompt_tokens
    assert figures.time_to_first_token_s is None
    assert figures.tokens_per_s is None
    assert figures.prompt_tokens_per_s is None


@pytest.mark.slow
def test_after_a_cancel_in_the_prompt_the_next_answer_is_as_ever(
    starter: ChatEngine, cancel_in: CancelIn
) -> None:
    before = starter.generate(STORY, SHORT, ignore).text
    starter.generate(LONG_PROMPT, GREEDY, ignore, cancel_in(INTO_THE_BATCH_S))
    starter.forget_cancel()
    assert starter.generate(STORY, SHORT, ignore).text == before


@pytest.mark.slow
def test_what_was_read_before_a_cancel_is_not_read_again(starter: ChatEngine) -> None:
    def cancel_after_a_batch(state: PromptState) -> None:
        if state.done_tokens:
            starter.cancel()

    starter.generate(LONG_PROMPT, GREEDY, ignore, cancel_after_a_batch)
    starter.forget_cancel()
    seen: list[PromptState] = []

    def look(state: PromptState) -> None:
        seen.append(state)
        starter.cancel()

    starter.generate(LONG_PROMPT, GREEDY, ignore, look)
    assert seen[0].cached_tokens == seen[0].done_tokens == 512


@pytest.mark.slow
def test_a_cancelled_answer_keeps_the_text_so_far(starter: ChatEngine, cancel_in: CancelIn) -> None:
    whole = starter.generate(STORY, GREEDY, ignore).text
    batches: list[Batch] = []
    cancel = cancel_in(0.1)

    def listen(batch: Batch) -> None:
        batches.append(batch)
        cancel(batch)

    result = starter.generate(STORY, GREEDY, listen)
    assert time.perf_counter() - cancel.cancelled_s < LATEST_S
    assert result.figures.stop_reason is StopReason.CANCELLED
    assert 0 < result.figures.completion_tokens < 40
    assert result.text == "".join(batch.text for batch in batches)
    assert whole.startswith(result.text)


@pytest.mark.slow
def test_a_cancelled_answer_can_be_followed_by_the_next_turn(
    starter: ChatEngine, cancel_in: CancelIn
) -> None:
    starter.generate(STORY, GREEDY, cancel_in(0.1))
    starter.forget_cancel()
    result = starter.generate(STORY, SHORT, ignore)
    assert result.figures.stop_reason is StopReason.TOKEN_LIMIT
    assert result.figures.cached_tokens == result.figures.prompt_tokens - 1


def test_a_cancel_before_the_request_ends_it_at_once(starter: ChatEngine) -> None:
    starter.cancel()
    result = starter.generate(STORY, GREEDY, ignore)
    assert result.figures.stop_reason is StopReason.CANCELLED
    assert result.text == ""


def test_a_cancel_that_came_too_late_and_was_taken_back_does_nothing(starter: ChatEngine) -> None:
    before = starter.generate(STORY, SHORT, ignore)
    starter.cancel()
    starter.forget_cancel()
    after = starter.generate(STORY, SHORT, ignore)
    assert after.text == before.text
    assert after.figures.stop_reason is StopReason.TOKEN_LIMIT


def ignore(_report: Batch | PromptState) -> None:
    """The tests look at the result only."""
