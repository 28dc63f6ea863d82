from collections.abc import Callable

import pytest
from chat_templates import FAMILIES, Family
from chat_turns import assistant, system, user
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from desktop.core.conversation import ChatMessage
from desktop.engine.chat_engine import ChatEngine
from desktop.engine.model import LoadedModel
from desktop.engine.prompt import PromptBuilder
from desktop.engine.vocabulary import Vocabulary

LoadTiny = Callable[..., LoadedModel]

CONVERSATIONS = {
    "one turn": (user("Hello, who are you?"),),
    "three turns": (user("Hello"), assistant("Hi, what can I do?"), user("Count: 1, 2, 3")),
    "several lines": (user("First line\n\n  second line\n\tthird"), assistant("Fine."), user("Go")),
    "other scripts": (user("日本語で 😀 naïve ☃"), assistant("はい"), user("Καλά;")),
    "code": (user("```c\nint main(void) { return a < b && c > d; }\n```"),),
    "spaces around": (user("  Hello there \n"), assistant(" Hi "), user("\n\nNow this\n")),
    "the same twice": (user("again"), assistant("again"), user("again")),
    "like a placeholder": (user("x0123456789abcdef0123456789abcdefx {{ messages }} {% if %}"),),
}
SYSTEM = "You are terse."


@pytest.fixture(params=FAMILIES, name="family")
def any_family(request: pytest.FixtureRequest) -> Family:
    return FAMILIES[request.param]


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_an_ordinary_conversation_becomes_the_tokens_of_the_rendered_template(
    conversation: str, family: Family, load_tiny: LoadTiny
) -> None:
    messages = CONVERSATIONS[conversation]
    model = load_tiny(**family.options)
    assert build(model, messages) == reference(model, messages)


def test_a_system_turn_is_written_as_the_template_wants_it(
    family: Family, load_tiny: LoadTiny
) -> None:
    model = load_tiny(**family.options)
    messages = (system(SYSTEM), user("Hello"))
    merged = (user(f"{SYSTEM}\n\nHello"),)
    assert build(model, messages) == reference(model, merged if family.refuses_system else messages)


@pytest.mark.parametrize("name", ["gemma", "mistral", "mistral with tokens"])
def test_two_turns_of_the_user_in_a_row_are_joined_where_the_template_refuses_them(
    name: str, load_tiny: LoadTiny
) -> None:
    model = load_tiny(**FAMILIES[name].options)
    stopped = (user("One"), assistant("Two"), user("Three"), user("Four"))
    joined = (user("One"), assistant("Two"), user("Three\n\nFour"))
    assert build(model, stopped) == reference(model, joined)


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_the_starter_gets_the_tokens_of_its_own_template(
    conversation: str, loaded_starter: ChatEngine
) -> None:
    model = model_of(loaded_starter)
    messages = CONVERSATIONS[conversation]
    assert build(model, messages) == reference(model, messages)


def test_white_space_around_a_message_reaches_the_model_if_the_template_keeps_it(
    load_tiny: LoadTiny,
) -> None:
    model = load_tiny(**FAMILIES["chatml"].options)
    tokens = build(model, (user("  indented\n\n"),))
    assert "<|im_start|>user\n  indented\n\n<|im_end|>" in shown(model.vocabulary, tokens)


def test_white_space_around_a_message_is_trimmed_if_the_template_trims(load_tiny: LoadTiny) -> None:
    model = load_tiny(**FAMILIES["llama 3"].options)
    tokens = build(model, (user("  indented\n\n"),))
    assert "<|end_header_id|>\n\nindented<|eot_id|>" in shown(model.vocabulary, tokens)


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_a_message_without_words_keeps_its_turn(text: str, load_tiny: LoadTiny) -> None:
    model = load_tiny(**FAMILIES["chatml"].options)
    messages = (user("Hello"), assistant(text), user(text))
    tokens = build(model, messages)
    assert tokens == reference(model, messages)
    assert shown(model.vocabulary, tokens).count("<|im_start|>") == 4


def test_the_beginning_of_sequence_comes_once(load_tiny: LoadTiny) -> None:
    by_template = load_tiny(**FAMILIES["llama 2"].options)
    by_flag = load_tiny(**FAMILIES["chatml with pieces"].options)
    for model in (by_template, by_flag):
        tokens = build(model, (user("Hello"),))
        assert tokens[0] == model.vocabulary.bos_id
        assert tokens.count(model.vocabulary.bos_id) == 1


def test_a_known_answer_is_used_with_its_own_tokens(load_tiny: LoadTiny) -> None:
    model = load_tiny(**FAMILIES["chatml"].options)
    letters = tuple(model.vocabulary.tokenize(letter, parse_special=False)[0] for letter in "hello")
    messages = (user("Say it"), assistant("hello"), user("Again"))
    assert contains(build(model, messages, {"hello": letters}), letters)
    assert not contains(build(model, messages), letters), "the tokenizer has a token for the word"


def test_a_known_answer_changes_nothing_around_it(family: Family, load_tiny: LoadTiny) -> None:
    model = load_tiny(**family.options)
    vocabulary = model.vocabulary
    letters = tuple(vocabulary.tokenize(letter, parse_special=False)[-1] for letter in "hello")
    messages = (user("Say it"), assistant("hello"), user("Again"))
    before, _, after = shown(vocabulary, build(model, messages, {"hello": letters})).partition(
        "hello"
    )
    plain_before, _, plain_after = shown(vocabulary, build(model, messages)).partition("hello")
    assert after == plain_after
    # Whether a space comes first is for the tokens of the answer to say.
    assert before.rstrip() == plain_before.rstrip()


def test_known_answers_in_one_run_of_text_change_nothing_between_them(load_tiny: LoadTiny) -> None:
    model = load_tiny(template=None)
    letters = tuple(model.vocabulary.tokenize(letter, parse_special=False)[-1] for letter in "abc")
    first, last = (user("One"), assistant("abc"), user("Two")), (assistant("abc"), user("Three"))
    text = shown(model.vocabulary, build(model, first + last, {"abc": letters}))
    assert text == (
        "<s> User: One\nAssistant: abc\nUser: Two\nAssistant: abc\nUser: Three\nAssistant:"
    )


def test_words_of_the_user_that_equal_a_known_answer_are_tokenised_as_words(
    load_tiny: LoadTiny,
) -> None:
    model = load_tiny(**FAMILIES["chatml"].options)
    messages = (user("hello"),)
    assert build(model, messages, {"hello": (5, 5, 5)}) == build(model, messages)


def test_a_model_without_a_template_gets_a_plain_format(load_tiny: LoadTiny) -> None:
    model = load_tiny(template=None, tokenizer="gpt2")
    builder = PromptBuilder(model.vocabulary, model.chat_template())
    messages = (system("Be brief."), user("Hello"), assistant("Hi"), user("Bye"))
    text = shown(model.vocabulary, builder.build(messages, {}))
    assert text == "Be brief.\n\nUser: Hello\nAssistant: Hi\nUser: Bye\nAssistant:"
    assert builder.stop_strings == ("\nUser:",)
    assert not builder.has_template


def test_a_model_with_a_template_needs_no_stop_strings(load_tiny: LoadTiny) -> None:
    model = load_tiny(**FAMILIES["chatml"].options)
    builder = PromptBuilder(model.vocabulary, model.chat_template())
    assert builder.stop_strings == ()
    assert builder.has_template


def model_of(engine: ChatEngine) -> LoadedModel:
    assert engine._model is not None
    return engine._model


def build(
    model: LoadedModel,
    messages: tuple[ChatMessage, ...],
    answers: dict[str, tuple[int, ...]] | None = None,
) -> list[int]:
    return PromptBuilder(model.vocabulary, model.chat_template()).build(messages, answers or {})


def reference(model: LoadedModel, messages: tuple[ChatMessage, ...]) -> list[int]:
    """Return what llama.cpp makes of the template rendered with the words themselves."""
    vocabulary = model.vocabulary
    formatter = Jinja2ChatFormatter(
        template=model.chat_template() or "",
        eos_token=vocabulary.text(vocabulary.eos_id),
        bos_token=vocabulary.text(vocabulary.bos_id),
    )
    turns = [{"role": message.role.value, "content": message.text} for message in messages]
    tokens = vocabulary.tokenize(formatter(messages=turns).prompt, parse_special=True)
    if vocabulary.adds_bos and tokens[0] != vocabulary.bos_id:
        tokens.insert(0, vocabulary.bos_id)
    return tokens


def shown(vocabulary: Vocabulary, tokens: list[int]) -> str:
    return b"".join(vocabulary.piece(token, show_special=True) for token in tokens).decode()


def contains(tokens: list[int], run: tuple[int, ...]) -> bool:
    return any(tuple(tokens[at : at + len(run)]) == run for at in range(len(tokens)))
