"""The state of the engine, as it follows from its events."""

import pytest

from desktop.core.generation import GenerationFigures, GenerationResult, StopReason
from desktop.core.memory_fit import MemoryBreakdown
from desktop.core.telemetry import EngineFacts, EnginePhase, EngineStatus
from desktop.services.engine_status_tracker import EngineStatusTracker
from desktop.wire.engine_messages import PromptProgress, TokenBatch

MEMORY = MemoryBreakdown(100, 20, 3)
FACTS = EngineFacts("tiny", 512, 512, MEMORY, "CPU", 2, 0.1, has_chat_template=True)
RESULT = GenerationResult(
    "la la",
    GenerationFigures(
        prompt_tokens=40,
        cached_tokens=10,
        completion_tokens=5,
        stop_reason=StopReason.END_OF_TURN,
        load_s=0.1,
        time_to_first_token_s=0.25,
        prompt_tokens_per_s=300.0,
        tokens_per_s=50.0,
        peak_memory_bytes=1000,
        memory=MEMORY,
        device="CPU",
        threads=2,
    ),
)


@pytest.fixture
def tracker() -> EngineStatusTracker:
    tracker = EngineStatusTracker()
    tracker.model_chosen("tiny")
    tracker.model_loaded(FACTS)
    return tracker


def test_at_first_nothing_is_known():
    assert EngineStatusTracker().status == EngineStatus()


def test_a_load_is_followed_until_the_model_is_ready():
    tracker = EngineStatusTracker()
    tracker.model_chosen("tiny")
    assert tracker.status == EngineStatus(EnginePhase.LOADING, "tiny")
    tracker.load_progressed(0.5)
    assert tracker.status.progress == 0.5
    tracker.model_loaded(FACTS)
    assert tracker.status == EngineStatus(EnginePhase.IDLE, "tiny", FACTS, progress=1.0)


def test_the_reading_of_a_prompt_leaves_out_what_was_cached(tracker):
    tracker.answer_requested()
    tracker.prompt_progressed(PromptProgress(40, 10, 10, 0.0))
    assert tracker.status.phase is EnginePhase.READING
    assert tracker.status.prompt_tokens_per_s is None
    tracker.prompt_progressed(PromptProgress(40, 40, 10, 0.1))
    assert tracker.status.prompt_tokens_per_s == pytest.approx(300)
    assert tracker.status.cached_tokens == 10
    assert tracker.status.context_used_tokens == 40


def test_speed_is_known_from_the_second_token_on(tracker):
    tracker.answer_requested()
    tracker.tokens_generated(TokenBatch("la", (10.0,), 41))
    assert tracker.status.phase is EnginePhase.ANSWERING
    assert tracker.status.tokens_per_s_now is None
    first_s = tracker.status.time_to_first_token_s
    assert first_s >= 0
    tracker.tokens_generated(TokenBatch(" la", (10.1, 10.2), 43))
    assert tracker.status.tokens_per_s_now == pytest.approx(10)
    assert tracker.status.tokens_per_s_average == pytest.approx(10)
    assert tracker.status.time_to_first_token_s == first_s
    assert tracker.status.context_used_tokens == 43


def test_tokens_that_come_after_a_stop_do_not_make_it_look_undone(tracker):
    tracker.answer_requested()
    tracker.stop_requested()
    tracker.tokens_generated(TokenBatch("la", (10.0,), 41))
    assert tracker.status.phase is EnginePhase.STOPPING


def test_the_exact_figures_take_the_place_of_the_live_ones(tracker):
    tracker.answer_requested()
    tracker.tokens_generated(TokenBatch("la la", (10.0, 10.1), 42))
    tracker.answer_finished(RESULT)
    assert tracker.status.phase is EnginePhase.IDLE
    assert tracker.status.tokens_per_s_now is None
    assert tracker.status.tokens_per_s_average == 50.0
    assert tracker.status.time_to_first_token_s == 0.25
    assert tracker.status.prompt_tokens_per_s == 300.0
    assert tracker.status.context_used_tokens == 42


def test_the_figures_of_an_answer_are_gone_when_the_next_one_begins(tracker):
    tracker.answer_requested()
    tracker.tokens_generated(TokenBatch("la la", (10.0, 10.1), 42))
    tracker.answer_finished(RESULT)
    tracker.answer_requested()
    assert tracker.status.tokens_per_s_average is None
    assert tracker.status.time_to_first_token_s is None
    assert tracker.status.prompt_tokens_per_s is None
    assert tracker.status.facts is FACTS
    # Speed is not measured across the pause between two answers.
    tracker.tokens_generated(TokenBatch("la la", (90.0, 90.1), 60))
    assert tracker.status.tokens_per_s_average == pytest.approx(10)


def test_after_a_failed_answer_the_engine_is_idle(tracker):
    tracker.answer_requested()
    tracker.tokens_generated(TokenBatch("la la", (10.0, 10.1), 42))
    tracker.answer_failed()
    assert tracker.status.phase is EnginePhase.IDLE
    assert tracker.status.tokens_per_s_now is None


def test_without_a_model_nothing_is_left_of_it(tracker):
    tracker.model_gone()
    assert tracker.status == EngineStatus()
