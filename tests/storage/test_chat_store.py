import random
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.core.conversation import AnswerModel, MessageState, Role
from desktop.core.errors import AppError, Problem
from desktop.core.generation import GenerationFigures, StopReason
from desktop.core.memory_fit import MemoryBreakdown
from desktop.storage.chat_store import APP_CLOSED, ChatStore

MODEL = AnswerModel("SmolLM2 135M Instruct", "/models/smol.gguf", "Q4_1")
FIGURES = GenerationFigures(
    prompt_tokens=10,
    cached_tokens=2,
    completion_tokens=5,
    stop_reason=StopReason.TOKEN_LIMIT,
    load_s=0.2,
    time_to_first_token_s=0.1,
    prompt_tokens_per_s=None,
    tokens_per_s=120.5,
    peak_memory_bytes=5_000_000_000,
    memory=MemoryBreakdown(1, 2, 3),
    device="CPU",
    threads=2,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chats.db"


@pytest.fixture
def store(path: Path):
    store = ChatStore(path)
    yield store
    store.close()


def edit(path: Path, *statements: str) -> None:
    """Change the closed file behind the store's back."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_messages_come_back_as_they_were_after_a_restart(store: ChatStore, path: Path):
    chat = store.create_conversation("Tea")
    asked = store.add_message(chat.id, Role.USER, "How long does tea draw? 🫖")
    answer = store.add_message(
        chat.id, Role.ASSISTANT, "", state=MessageState.STREAMING, model=MODEL
    )
    answer = replace(
        answer,
        text="Three minutes.",
        state=MessageState.COMPLETE,
        figures=FIGURES,
        problem=Problem("A", "b", "c", ("log",)),
    )
    store.update_message(answer)
    store.close()
    again = ChatStore(path)
    conversation = again.conversation(chat.id)
    again.close()
    assert conversation.title == "Tea"
    assert conversation.messages == (asked, answer)


def test_times_are_told_with_their_zone(store: ChatStore):
    message = store.add_message(store.create_conversation("Tea").id, Role.USER, "Hi")
    assert abs(datetime.now(UTC) - message.created_at) < timedelta(seconds=30)


def test_an_answer_that_was_under_way_is_interrupted_at_the_next_start(
    store: ChatStore, path: Path
):
    chat = store.create_conversation("Tea")
    answer = store.add_message(chat.id, Role.ASSISTANT, "", state=MessageState.STREAMING)
    store.update_message(replace(answer, text="Three min"))
    store.close()
    again = ChatStore(path)
    (found,) = again.conversation(chat.id).messages
    again.close()
    assert found.text == "Three min"
    assert found.state is MessageState.INTERRUPTED
    assert found.problem == APP_CLOSED


def test_the_newest_conversation_is_first_and_names_its_last_model(store: ChatStore):
    old = store.create_conversation("Old")
    new = store.create_conversation("New")
    assert [summary.id for summary in store.summaries()] == [new.id, old.id]
    store.add_message(old.id, Role.ASSISTANT, "a", model=replace(MODEL, name="First"))
    store.add_message(old.id, Role.ASSISTANT, "b", model=replace(MODEL, name="Second"))
    store.add_message(old.id, Role.USER, "c")
    summaries = {summary.title: summary for summary in store.summaries()}
    assert summaries["Old"].model_name == "Second"
    assert summaries["New"].model_name == ""
    assert summaries["Old"].updated_at >= new.updated_at


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("", {"Tea", "Прогулка"}),
        (" tea ", {"Tea"}),
        ("MINUTES", {"Tea"}),
        ("ПАРК", {"Прогулка"}),
        ("%", set()),
        ("_", set()),
        ("100\\", set()),
    ],
)
def test_a_search_looks_into_titles_and_messages(store: ChatStore, words: str, titles: set[str]):
    tea = store.create_conversation("Tea")
    store.add_message(tea.id, Role.ASSISTANT, "Three minutes.")
    walk = store.create_conversation("Прогулка")
    store.add_message(walk.id, Role.USER, "Где парк?")
    assert {summary.title for summary in store.summaries(words)} == titles


def test_a_conversation_can_be_renamed(store: ChatStore):
    chat = store.create_conversation("Tea")
    store.rename(chat.id, "Coffee")
    assert store.conversation(chat.id).title == "Coffee"


def test_a_deleted_conversation_can_be_brought_back(store: ChatStore):
    chat = store.create_conversation("Tea")
    store.add_message(chat.id, Role.USER, "Hi")
    store.delete(chat.id)
    assert store.summaries() == ()
    store.restore(chat.id)
    assert [summary.title for summary in store.summaries()] == ["Tea"]
    assert len(store.conversation(chat.id).messages) == 1


def test_a_deleted_conversation_is_forgotten_after_30_days(store: ChatStore, path: Path):
    for title in ("Recent", "Long ago"):
        chat = store.create_conversation(title)
        store.add_message(chat.id, Role.USER, title)
        store.delete(chat.id)
    store.close()
    edit(path, "UPDATE conversation SET deleted_at_ms = 1 WHERE title = 'Long ago'")
    ChatStore(path).close()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT text FROM message").fetchall() == [("Recent",)]
    connection.close()


def test_a_conversation_that_is_gone_is_told_in_words(store: ChatStore):
    with pytest.raises(AppError, match="gone"):
        store.conversation(99)


def test_a_bad_row_shows_as_a_placeholder_and_hides_nothing(store: ChatStore, path: Path):
    chat = store.create_conversation("Tea")
    for number in range(8):
        store.add_message(chat.id, Role.USER, f"message {number}", model=MODEL)
    store.close()
    edit(
        path,
        "UPDATE message SET role = 'robot' WHERE id = 1",
        "UPDATE message SET state = '' WHERE id = 2",
        "UPDATE message SET figures = '{' WHERE id = 3",
        "UPDATE message SET figures = '{}' WHERE id = 4",
        "UPDATE message SET problem = '[]' WHERE id = 5",
        "UPDATE message SET model = 'null' WHERE id = 6",
        "UPDATE message SET created_at_ms = 9223372036854775807 WHERE id = 7",
        "UPDATE message SET text = CAST(x'ff41' AS TEXT) WHERE id = 8",
    )
    again = ChatStore(path)
    messages = again.conversation(chat.id).messages
    again.close()
    assert [message.id for message in messages] == list(range(1, 9))
    assert messages[0].role is Role.ASSISTANT
    for message in messages[:6]:
        assert message.problem is not None
        assert message.state is MessageState.INTERRUPTED
    assert [message.text for message in messages[:7]] == [f"message {n}" for n in range(7)]
    assert messages[6].problem is None
    assert messages[7].text == "�A"


def test_random_junk_never_hides_a_conversation(store: ChatStore, path: Path):
    chance = random.Random(3)  # noqa: S311 (the same junk in every run)
    chat = store.create_conversation("Tea")
    for number in range(60):
        store.add_message(chat.id, Role.USER, f"message {number}")
    store.close()
    columns = ("role", "state", "model_name", "model", "figures", "problem")
    connection = sqlite3.connect(path)
    for row in range(1, 61):
        junk = bytes(chance.randrange(256) for _ in range(12))
        column = chance.choice(columns)
        connection.execute(
            f"UPDATE message SET {column} = CAST(? AS TEXT) WHERE id = ?",  # noqa: S608
            (junk, row),
        )
    connection.commit()
    connection.close()
    again = ChatStore(path)
    assert len(again.summaries()) == 1
    assert len(again.conversation(chat.id).messages) == 60
    again.close()


def test_a_second_process_is_kept_out(store: ChatStore, path: Path):
    with pytest.raises(AppError, match="in use"):
        ChatStore(path)
    assert store.summaries() == ()
