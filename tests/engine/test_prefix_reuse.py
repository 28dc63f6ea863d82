"""Of a conversation that goes on only the new part is processed."""

from pathlib import Path

import pytest
from chat_turns import assistant, user
from tiny_model import write_tiny_model

from desktop.core.conversation import ChatMessage
from desktop.core.generation import GenerationResult, SamplingSettings
from desktop.engine.chat_engine import ChatEngine
from desktop.engine.generator import Batch

GREEDY = SamplingSettings(temperature=0.0)
GIBBERISH = SamplingSettings(temperature=1.0, seed=5, max_tokens=30)


@pytest.fixture(name="talker")
def model_that_talks_gibberish(tmp_path: Path, engine: ChatEngine) -> ChatEngine:
    """Random weights: its answers are tokens that no tokenizer would make of their text."""
    path = write_tiny_model(tmp_path / "gibberish.gguf", tokenizer="gpt2", embedding=128)
    engine.load(path, "Gibberish", threads=1)
    return engine


def test_the_second_turn_finds_the_first_in_the_context(talker: ChatEngine) -> None:
    first = ask(talker, user("Hello"))
    second = ask(talker, user("Hello"), assistant(first.text), user("And then?"))
    # The last token of an answer that was cut short has not been decoded.
    known = first.figures.prompt_tokens + first.figures.completion_tokens - 1
    assert second.figures.cached_tokens >= known
    assert second.figures.prompt_tokens > known


def test_many_turns_are_each_read_once(talker: ChatEngine) -> None:
    messages = [user("Hello")]
    known = 0
    for turn in range(5):
        result = ask(talker, *messages)
        assert result.figures.cached_tokens >= known
        known = result.figures.prompt_tokens + result.figures.completion_tokens - 1
        messages += [assistant(result.text), user(f"Turn {turn}")]


def test_the_answer_is_that_of_an_engine_which_reads_all_of_it(
    talker: ChatEngine, tmp_path: Path
) -> None:
    first = ask(talker, user("Hello"))
    conversation = (user("Hello"), assistant(first.text), user("And then?"))
    second = ask(talker, *conversation)
    assert second.figures.cached_tokens > 0
    talker._model.session.clear()
    again = ask(talker, *conversation)
    assert again.figures.cached_tokens == 0
    assert again.text == second.text


def test_the_same_question_again_needs_its_last_token_only(talker: ChatEngine) -> None:
    first = ask(talker, user("Hello"))
    again = ask(talker, user("Hello"))
    assert again.figures.cached_tokens == again.figures.prompt_tokens - 1
    assert again.text == first.text


def test_what_comes_before_a_changed_message_is_kept(talker: ChatEngine) -> None:
    first = ask(talker, user("Hello"))
    head = (user("Hello"), assistant(first.text))
    ask(talker, *head, user("Red or green?"))
    changed = ask(talker, *head, user("Red or blue?"))
    known = first.figures.prompt_tokens + first.figures.completion_tokens
    assert known < changed.figures.cached_tokens < changed.figures.prompt_tokens


def test_another_conversation_starts_afresh(talker: ChatEngine) -> None:
    ask(talker, user("Hello there"))
    other = ask(talker, user("Bye"))
    scaffold = ask(talker, user("")).figures.prompt_tokens
    assert other.figures.cached_tokens < scaffold
    talker._model.session.clear()
    assert ask(talker, user("Bye")).text == other.text


def test_another_model_knows_nothing_of_the_first(talker: ChatEngine, tmp_path: Path) -> None:
    ask(talker, user("Hello"))
    other = write_tiny_model(tmp_path / "other.gguf", tokenizer="gpt2", answer=["Yes"])
    talker.load(other, "Other", threads=1)
    result = ask(talker, user("Hello"))
    assert (result.text, result.figures.cached_tokens) == ("Yes", 0)


def test_the_tokens_of_an_answer_are_forgotten_with_its_model(
    engine: ChatEngine, tmp_path: Path
) -> None:
    spelt = write_tiny_model(tmp_path / "spelt.gguf", answer=["hel", "lo"])
    whole = write_tiny_model(tmp_path / "whole.gguf", answer=["Yes"])
    conversation = (user("Hi"), assistant("hello"), user("Hi"))
    engine.load(whole, "Whole", threads=1)
    before = ask(engine, *conversation).figures.prompt_tokens
    engine.load(spelt, "Spelt", threads=1)
    assert ask(engine, user("Hi")).text == "hello"
    engine.load(whole, "Whole", threads=1)
    assert ask(engine, *conversation).figures.prompt_tokens == before


@pytest.mark.slow
def test_the_starter_reads_only_the_new_turn_and_says_the_same(loaded_starter: ChatEngine) -> None:
    question = user("Complete: The capital of France is")
    loaded_starter._model.session.clear()
    first = ask(loaded_starter, question, sampling=GREEDY)
    conversation = (question, assistant(first.text), user("What is 2 plus 2?"))
    short = SamplingSettings(temperature=0.0, max_tokens=12)
    second = ask(loaded_starter, *conversation, sampling=short)
    known = first.figures.prompt_tokens + first.figures.completion_tokens - 1
    assert second.figures.cached_tokens >= known
    loaded_starter._model.session.clear()
    assert ask(loaded_starter, *conversation, sampling=short).text == second.text


def ask(
    engine: ChatEngine, *messages: ChatMessage, sampling: SamplingSettings = GIBBERISH
) -> GenerationResult:
    return engine.generate(messages, sampling, ignore)


def ignore(_batch: Batch) -> None:
    """The tests look at the result only."""
