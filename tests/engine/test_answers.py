"""What comes back from an answer: its text, why it ended, and its figures."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from chat_turns import user
from tiny_model import write_tiny_model

from desktop.core.conversation import ChatMessage
from desktop.core.errors import AppError
from desktop.core.generation import GenerationResult, SamplingSettings, StopReason
from desktop.core.throughput import decode_speed
from desktop.engine.chat_engine import ChatEngine
from desktop.engine.generator import Batch, PromptState
from desktop.system.memory_probe import peak_resident_bytes

GREEDY = SamplingSettings(temperature=0.0)
HELLO = (user("Hello"),)
COUNT = [" One", ",", " two", " and", " three", "!"]

Load = Callable[..., ChatEngine]


@pytest.fixture
def load(tmp_path: Path, engine: ChatEngine) -> Iterator[Load]:
    """Load a tiny model made with the given options."""

    def load(**options: object) -> ChatEngine:
        path = write_tiny_model(tmp_path / "tiny.gguf", **options)
        engine.load(path, "Tiny", threads=1)
        return engine

    return load


@dataclass(slots=True)
class Listener:
    """Keeps what an answer reports while it is written."""

    batches: list[Batch] = field(default_factory=list)
    prompts: list[PromptState] = field(default_factory=list)

    def answer(
        self, engine: ChatEngine, messages: tuple[ChatMessage, ...], sampling: SamplingSettings
    ) -> GenerationResult:
        return engine.generate(messages, sampling, self.batches.append, self.prompts.append)

    @property
    def text(self) -> str:
        return "".join(batch.text for batch in self.batches)

    @property
    def stamps_s(self) -> tuple[float, ...]:
        return tuple(stamp for batch in self.batches for stamp in batch.stamps_s)


def answer(engine: ChatEngine, sampling: SamplingSettings = GREEDY) -> GenerationResult:
    return Listener().answer(engine, HELLO, sampling)


def test_an_answer_ends_with_the_turn_and_without_the_token_that_ends_it(load: Load) -> None:
    result = answer(load(answer=COUNT))
    assert result.text == " One, two and three!"
    assert result.figures.stop_reason is StopReason.END_OF_TURN
    assert result.figures.completion_tokens == len(COUNT)


@pytest.mark.parametrize("end", ["</s>", "<|im_end|>", "<halt>"])
def test_every_token_that_ends_a_generation_ends_the_answer(end: str, load: Load) -> None:
    result = answer(load(answer=COUNT, specials=("<|im_end|>", "<halt>"), end_of_turn=end))
    assert result.text == " One, two and three!"
    assert result.figures.stop_reason is StopReason.END_OF_TURN


@pytest.mark.parametrize("tokenizer", ["llama", "gpt2"])
def test_a_character_of_several_tokens_arrives_whole(tokenizer: str, load: Load) -> None:
    pieces = ["a", *(f"<0x{byte:02X}>" for byte in "😀".encode()), "b", "<0xE6>", "<0x97>"]
    listener = Listener()
    result = listener.answer(load(answer=pieces, tokenizer=tokenizer), HELLO, GREEDY)
    assert result.text == listener.text == "a😀b\ufffd"
    assert result.figures.completion_tokens == len(pieces)
    assert all("\ufffd" not in batch.text for batch in listener.batches[:-1])


def test_an_answer_may_be_empty(load: Load) -> None:
    engine = load(answer=COUNT)
    result = answer(engine, replace(GREEDY, stop_strings=(" One",)))
    assert result.text == ""
    assert result.figures.tokens_per_s is None


@pytest.mark.parametrize(
    ("stop", "text"),
    [("and", " One, two "), (", two", " One"), ("e, t", " On"), ("!", " One, two and three")],
)
def test_a_stop_string_ends_the_answer_before_it(stop: str, text: str, load: Load) -> None:
    listener = Listener()
    sampling = replace(GREEDY, stop_strings=("never", stop))
    result = listener.answer(load(answer=COUNT), HELLO, sampling)
    assert result.text == listener.text == text
    assert result.figures.stop_reason is StopReason.STOP_STRING


def test_a_plain_format_ends_where_the_model_speaks_for_the_user(load: Load) -> None:
    engine = load(answer=[" Fine.", "\n", "User:", " And?"], template=None, endless=True)
    result = answer(engine)
    assert result.text == " Fine."
    assert result.figures.stop_reason is StopReason.STOP_STRING


def test_the_number_of_tokens_can_be_limited(load: Load) -> None:
    engine = load(answer=COUNT, endless=True)
    result = answer(engine, replace(GREEDY, max_tokens=8))
    assert result.text == " One, two and three! One,"
    assert result.figures.stop_reason is StopReason.TOKEN_LIMIT
    assert result.figures.completion_tokens == 8


def test_an_answer_ends_when_the_context_is_full(load: Load) -> None:
    engine = load(answer=COUNT, endless=True, context_length=256)
    listener = Listener()
    result = listener.answer(engine, HELLO, GREEDY)
    figures = result.figures
    assert figures.stop_reason is StopReason.CONTEXT_FULL
    assert listener.batches[-1].context_used_tokens == 256
    # The last token was drawn, but there was no room to go on from it.
    assert figures.prompt_tokens + figures.completion_tokens == 256 + 1
    assert result.text.startswith(" One, two and three! One")
    assert answer(engine, replace(GREEDY, max_tokens=2)).text == " One,"


def test_a_conversation_that_is_too_long_is_refused_with_both_numbers(load: Load) -> None:
    engine = load(answer=COUNT, context_length=256)
    with pytest.raises(AppError, match="too long") as failure:
        engine.generate((user("§" * 600),), GREEDY, Listener().batches.append)
    detail = failure.value.problem.detail
    assert "the context holds 256" in detail
    assert "It has 1,2" in detail
    assert answer(engine).text == " One, two and three!"


def test_a_prompt_that_leaves_room_for_one_token_is_answered_with_one(load: Load) -> None:
    engine = load(answer=COUNT, context_length=256)
    short = Listener().answer(engine, (user("Q"),), GREEDY).figures.prompt_tokens
    result = Listener().answer(engine, (user("Q" * (256 - short)),), GREEDY)
    assert result.figures.prompt_tokens == 255
    assert result.figures.stop_reason is StopReason.CONTEXT_FULL
    assert result.figures.completion_tokens == 2
    with pytest.raises(AppError, match="It has 256 tokens; the context holds 256"):
        Listener().answer(engine, (user("Q" * (257 - short)),), GREEDY)


def test_batches_carry_every_token_and_at_most_thirty_a_second(load: Load) -> None:
    engine = load(answer=COUNT, endless=True, context_length=4096)
    listener = Listener()
    started_s = time.perf_counter()
    result = listener.answer(engine, HELLO, replace(GREEDY, max_tokens=2000))
    elapsed_s = time.perf_counter() - started_s
    assert listener.text == result.text
    assert len(listener.stamps_s) == result.figures.completion_tokens == 2000
    assert list(listener.stamps_s) == sorted(listener.stamps_s)
    # The first token is sent at once, the rest of the last interval at the end.
    assert len(listener.batches) <= elapsed_s / 0.033 + 2
    used = [batch.context_used_tokens for batch in listener.batches]
    assert used == sorted(used)
    assert used[-1] == result.figures.prompt_tokens + 2000 - 1


def test_the_figures_follow_from_what_was_reported(load: Load) -> None:
    engine = load(answer=COUNT, endless=True)
    listener = Listener()
    started_s = time.perf_counter()
    result = listener.answer(engine, HELLO, replace(GREEDY, max_tokens=50))
    figures, stamps_s = result.figures, listener.stamps_s
    assert figures.tokens_per_s == decode_speed(50, stamps_s[0], stamps_s[-1])
    assert figures.tokens_per_s == pytest.approx(49 / (stamps_s[-1] - stamps_s[0]))
    assert figures.time_to_first_token_s == pytest.approx(stamps_s[0] - started_s, abs=0.01)
    last = listener.prompts[-1]
    assert last.done_tokens == last.total_tokens == figures.prompt_tokens
    processed = figures.prompt_tokens - figures.cached_tokens
    assert figures.prompt_tokens_per_s is not None
    assert 0 < figures.prompt_tokens_per_s <= processed / last.elapsed_s
    assert figures.load_s == engine.facts.load_s
    assert figures.memory == engine.facts.memory
    assert (figures.device, figures.threads) == (engine.facts.device, engine.facts.threads)
    assert figures.memory.weights_bytes < figures.peak_memory_bytes <= peak_resident_bytes()


def test_a_prompt_is_reported_from_what_is_known_to_the_whole(load: Load) -> None:
    engine = load(answer=COUNT, context_length=4096)
    listener = Listener()
    result = listener.answer(engine, (user("?!" * 900),), GREEDY)
    total = result.figures.prompt_tokens
    done = [state.done_tokens for state in listener.prompts]
    assert {state.total_tokens for state in listener.prompts} == {total}
    assert {state.cached_tokens for state in listener.prompts} == {0}
    assert done == [0, *range(512, total, 512), total]


def test_one_token_has_no_speed(load: Load) -> None:
    figures = answer(load(answer=COUNT), replace(GREEDY, max_tokens=1)).figures
    assert figures.tokens_per_s is None
    assert figures.time_to_first_token_s is not None


def test_the_same_seed_writes_the_same_text(load: Load) -> None:
    engine = load(embedding=128)
    sampling = SamplingSettings(temperature=1.0, seed=11, max_tokens=60)
    first = answer(engine, sampling).text
    assert answer(engine, sampling).text == first
    assert answer(engine, replace(sampling, seed=12)).text != first


@pytest.mark.slow
def test_the_starter_answers_in_english(loaded_starter: ChatEngine) -> None:
    question = (user("Complete: The capital of France is"),)
    result = Listener().answer(loaded_starter, question, replace(GREEDY, max_tokens=40))
    assert result.text == "The capital of France is Paris."
    assert result.figures.stop_reason is StopReason.END_OF_TURN
