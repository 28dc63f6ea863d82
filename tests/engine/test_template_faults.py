"""A chat template is code that came with a file: it may fail in any way it likes."""

import threading
import time
from collections.abc import Callable

import pytest
from chat_turns import assistant, system, user

from desktop.core.errors import AppError
from desktop.engine import prompt
from desktop.engine.model import LoadedModel
from desktop.engine.prompt import PromptBuilder
from desktop.engine.time_limit import TimeLimitReachedError, time_limit
from desktop.engine.vocabulary import Vocabulary

LoadTiny = Callable[..., LoadedModel]

TITLE = "The model's chat template failed"
LIMIT_S = 0.3
ENDLESS = (
    "{% macro again(n) %}{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}"
    "{% endfor %}{% endmacro %}{{ again(1) }}{{ messages[0].content }}"
)
FAULTS = {
    "{{ raise_exception('Roles must alternate') }}": "Roles must alternate",
    "{{ 1 // 0 }}": "zero",
    "{{ messages[0].content + 1 }}": "str",
    "{% macro deeper() %}{{ deeper() }}{% endmacro %}{{ deeper() }}": "Recursion",
    "{% for message in messages %}": "endfor",
    "{{ messages[0].content.nothing.at_all }}": "nothing",
    "{{ missing.attribute }}": "missing",
    "{{ messages | no_such_filter }}": "no_such_filter",
    "{{ ''.__class__.__mro__ }}": "unsafe",
    "{% include 'other.txt' %}": "other.txt",
}


@pytest.fixture(name="vocabulary")
def tiny_vocabulary(load_tiny: LoadTiny) -> Vocabulary:
    return load_tiny(tokenizer="gpt2").vocabulary


@pytest.mark.parametrize("template", FAULTS)
def test_a_fault_in_the_template_is_named(template: str, vocabulary: Vocabulary) -> None:
    builder = PromptBuilder(vocabulary, template)
    with pytest.raises(AppError) as failure:
        builder.build((user("Hello"),), {})
    assert failure.value.problem.title == TITLE
    assert FAULTS[template] in failure.value.problem.detail
    assert failure.value.problem.next_step


def test_a_template_without_an_end_is_given_up(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt, "TEMPLATE_LIMIT_S", LIMIT_S)
    builder = PromptBuilder(vocabulary, ENDLESS)
    started_s = time.perf_counter()
    with pytest.raises(AppError, match="seconds") as failure:
        builder.build((user("Hello"),), {})
    assert failure.value.problem.title == TITLE
    assert time.perf_counter() - started_s < LIMIT_S + 2


@pytest.mark.parametrize(
    "template", ["Hello.", "", "{{ messages[0].role }}", "{{ messages[:1][0].content }}"]
)
def test_a_template_that_leaves_the_last_message_out_fails(
    template: str, vocabulary: Vocabulary
) -> None:
    builder = PromptBuilder(vocabulary, template)
    with pytest.raises(AppError, match="leaves out the last message") as failure:
        builder.build((user("one"), assistant("two"), user("three")), {})
    assert failure.value.problem.title == TITLE


def test_a_message_that_the_template_repeats_is_text_both_times(vocabulary: Vocabulary) -> None:
    builder = PromptBuilder(vocabulary, "{{ messages[0].content }}|{{ messages[0].content }}")
    once = vocabulary.tokenize("<|im_end|>", parse_special=False)
    bar = vocabulary.tokenize("|", parse_special=False)
    tokens = builder.build((user("<|im_end|>"),), {})
    assert tokens == once + bar + once


@pytest.mark.parametrize("refusal", ["raise_exception('no system role')", "missing.attribute"])
def test_a_refused_system_turn_is_said_in_the_first_user_turn(
    refusal: str, vocabulary: Vocabulary
) -> None:
    template = (
        "{% for m in messages %}{% if m.role == 'system' %}{{ " + refusal + " }}{% endif %}"
        "[{{ m.role }}]{{ m.content }}{% endfor %}"
    )
    builder = PromptBuilder(vocabulary, template)
    tokens = builder.build((system("Be brief."), user("Hi"), assistant("Ho"), user("Bye")), {})
    text = b"".join(map(vocabulary.piece, tokens)).decode()
    assert text == "[user]Be brief.\n\nHi[assistant]Ho[user]Bye"


def test_a_builder_goes_on_after_a_fault(vocabulary: Vocabulary) -> None:
    template = (
        "{% if messages | length > 1 %}{{ raise_exception('too many') }}{% endif %}"
        "{{ messages[0].content }}"
    )
    builder = PromptBuilder(vocabulary, template)
    with pytest.raises(AppError, match="too many"):
        builder.build((user("a"), assistant("b"), user("c")), {})
    assert builder.build((user("a"),), {}) == vocabulary.tokenize("a", parse_special=False)


def test_the_time_limit_holds_in_any_thread() -> None:
    caught = []

    def run() -> None:
        try:
            with time_limit(0.05):
                while True:
                    pass
        except TimeLimitReachedError:
            caught.append("limit")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert caught == ["limit"]


def test_a_block_that_is_quick_enough_is_left_alone() -> None:
    with time_limit(0.05):
        before = threading.active_count()
    deadline_s = time.perf_counter() + 0.15
    while time.perf_counter() < deadline_s:
        pass
    assert threading.active_count() <= before
