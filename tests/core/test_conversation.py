from datetime import UTC, datetime

import pytest

from desktop.core.conversation import (
    TITLE_CHARACTERS,
    ChatMessage,
    Message,
    Role,
    prompt_messages,
    title_from,
)

NOON = datetime(2025, 6, 18, 12, 0, tzinfo=UTC)


def stored(*turns: tuple[Role, str]) -> tuple[Message, ...]:
    return tuple(Message(at, role, text, NOON) for at, (role, text) in enumerate(turns))


def user(text: str) -> tuple[Role, str]:
    return Role.USER, text


def answer(text: str) -> tuple[Role, str]:
    return Role.ASSISTANT, text


def seen(*turns: tuple[Role, str]) -> tuple[ChatMessage, ...]:
    return tuple(ChatMessage(role, text) for role, text in turns)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hello", "Hello"),
        ("  two\n\nlines\t here ", "two lines here"),
        ("", "New chat"),
        (" \n ", "New chat"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("word " * 20, "word word word word word word word word word word word…"),
    ],
)
def test_a_title_is_the_first_words(text: str, title: str) -> None:
    assert title_from(text) == title
    assert len(title_from(text)) <= TITLE_CHARACTERS


def test_the_model_sees_a_conversation_in_order() -> None:
    turns = ((Role.SYSTEM, "Be brief."), user("One"), answer("1"), user("Two"))
    assert prompt_messages(stored(*turns)) == seen(*turns)


def test_the_model_sees_up_to_the_last_words_of_the_user() -> None:
    assert prompt_messages(stored(user("One"), answer("1"))) == seen(user("One"))


def test_the_model_does_not_see_an_answer_without_a_word() -> None:
    turns = stored(user("One"), answer(" \n"), user("Two"), answer(""))
    assert prompt_messages(turns) == seen(user("One"), user("Two"))


def test_of_several_answers_the_model_sees_the_last() -> None:
    turns = stored(user("One"), answer("first"), answer("second"), answer(""), user("Two"))
    assert prompt_messages(turns) == seen(user("One"), answer("second"), user("Two"))


@pytest.mark.parametrize("turns", [(), (answer("alone"),)])
def test_there_is_nothing_to_see_without_the_user(turns: tuple[tuple[Role, str], ...]) -> None:
    assert prompt_messages(stored(*turns)) == ()
