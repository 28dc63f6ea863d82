"""Conversations with the real store and the real engine."""

import os
import signal

import pytest
from signal_journal import SignalJournal

from desktop.core.conversation import (
    AnswerModel,
    Message,
    MessageState,
    Renaming,
    Role,
)
from desktop.core.generation import StopReason
from desktop.services.chat_controller import ChatController
from desktop.storage.chat_store import ChatStore

CHAT_SIGNALS = (
    "conversation_opened",
    "conversations_changed",
    "message_added",
    "text_appended",
    "message_replaced",
    "answering_changed",
    "conversation_deleted",
    "failed",
)


@pytest.fixture
def store(tmp_path):
    store = ChatStore(tmp_path / "chats.db")
    yield store
    store.close()


@pytest.fixture
def chat(store, engine) -> ChatController:
    return ChatController(store, engine)


@pytest.fixture
def shown(chat) -> SignalJournal:
    return SignalJournal(chat, *CHAT_SIGNALS)


@pytest.fixture
def stored(store):
    """Return the messages of a conversation as they are in the store."""

    def stored(conversation_id: int = 1) -> tuple[Message, ...]:
        return store.conversation(conversation_id).messages

    return stored


@pytest.fixture
def say(chat, wait_for):
    """Send a message and wait until it is answered."""

    def say(text: str) -> None:
        chat.send(text)
        wait_for(lambda: not chat.is_answering)

    return say


def test_a_first_message_begins_a_conversation(chat, shown, stored, load, say, greeter):
    load(greeter)
    say("How do you do?")
    assert shown.names()[:5] == [
        "conversation_opened",
        "message_added",
        "message_added",
        "conversations_changed",
        "answering_changed",
    ]
    assert shown.last("conversation_opened").title == "How do you do?"
    question, answer = stored()
    assert (question.role, question.text) == (Role.USER, "How do you do?")
    assert (answer.role, answer.text) == (Role.ASSISTANT, "Good morning.")
    assert chat.current.messages == stored()


def test_a_finished_answer_is_stored_with_its_figures_and_its_model(
    shown, stored, load, say, greeter
):
    load(greeter)
    say("Hello")
    answer = stored()[-1]
    assert answer == shown.last("message_replaced")
    assert answer.state is MessageState.COMPLETE
    assert answer.model == AnswerModel("greeter", "greeter.gguf", "Q8_0")
    assert answer.figures.completion_tokens == 3
    assert answer.figures.stop_reason is StopReason.END_OF_TURN
    assert "".join(piece.text for piece in shown.all("text_appended")) == answer.text
    assert {piece.message_id for piece in shown.all("text_appended")} == {answer.id}
    [summary] = shown.last("conversations_changed")
    assert summary.model_name == "greeter"
    assert shown.all("answering_changed") == [True, False]


@pytest.mark.slow
def test_the_text_is_stored_while_it_is_being_written(chat, stored, load, wait_for, talker):
    load(talker)
    chat.send("Hello")
    wait_for(lambda: len(stored()[-1].text) > 20)
    assert chat.is_answering
    assert stored()[-1].state is MessageState.STREAMING
    chat.stop()
    wait_for(lambda: not chat.is_answering)
    assert stored()[-1].state is MessageState.COMPLETE
    assert stored()[-1].figures.stop_reason is StopReason.CANCELLED


@pytest.mark.slow
def test_a_broken_answer_keeps_what_was_said_and_tells_why(
    chat, shown, stored, engine, load, wait_for, talker
):
    load(talker)
    chat.send("Hello")
    wait_for(lambda: "text_appended" in shown)
    os.kill(engine.pid, signal.SIGKILL)
    wait_for(lambda: not chat.is_answering)
    answer = stored()[-1]
    assert answer.text == "".join(piece.text for piece in shown.all("text_appended"))
    assert answer.state is MessageState.INTERRUPTED
    assert answer.problem.title == "The engine stopped"
    assert answer.figures is None
    assert answer == shown.last("message_replaced")


def test_without_a_model_the_message_is_kept_and_the_answer_tells_why(chat, stored):
    chat.send("Hello")
    question, answer = stored()
    assert question.text == "Hello"
    assert answer.problem.title == "No model is loaded"
    assert not chat.is_answering


@pytest.mark.slow
def test_an_answer_goes_on_in_its_own_conversation(
    chat, shown, stored, load, say, wait_for, talker
):
    load(talker)
    chat.send("Hello")
    wait_for(lambda: "text_appended" in shown)
    chat.start_conversation()
    pieces, before = len(shown.all("text_appended")), len(stored()[-1].text)
    wait_for(lambda: len(stored()[-1].text) > before)
    assert len(shown.all("text_appended")) == pieces
    chat.open_conversation(1)
    so_far = chat.current.messages[-1]
    assert so_far.state is MessageState.STREAMING
    assert len(so_far.text) >= before
    wait_for(lambda: len(shown.all("text_appended")) > pieces)
    chat.start_conversation()
    chat.stop()
    wait_for(lambda: not chat.is_answering)
    assert stored()[-1].state is MessageState.COMPLETE
    assert stored()[-1].text.startswith(so_far.text)
    assert "message_replaced" not in shown
    assert shown.last("conversation_opened") is None


@pytest.mark.slow
def test_a_second_message_while_answering_is_refused(chat, shown, stored, load, wait_for, talker):
    load(talker)
    chat.send("First")
    chat.send("Second")
    chat.start_conversation()
    chat.send("Third")
    assert [message.text for message in stored()] == ["First", ""]
    assert len(shown.last("conversations_changed")) == 1
    assert len(shown.all("message_added")) == 2


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_a_message_without_words_is_not_sent(chat, store, shown, text):
    chat.send(text)
    assert shown.names() == []
    assert store.summaries() == ()


def test_another_try_adds_an_answer_and_the_model_sees_one_of_them(
    chat, stored, load, say, wait_for, greeter
):
    load(greeter)
    say("Hello")
    say("And then?")
    chat.start_conversation()
    say("Hello")
    chat.retry(stored(2)[-1].id)
    wait_for(lambda: not chat.is_answering)
    say("And then?")
    plain, retried = stored(1), stored(2)
    assert [message.role for message in retried] == [
        Role.USER,
        Role.ASSISTANT,
        Role.ASSISTANT,
        Role.USER,
        Role.ASSISTANT,
    ]
    assert retried[1].figures.prompt_tokens == retried[2].figures.prompt_tokens
    assert retried[-1].figures.prompt_tokens == plain[-1].figures.prompt_tokens


def test_only_the_last_answer_can_be_tried_again(chat, stored, load, say, greeter):
    load(greeter)
    say("Hello")
    say("And then?")
    chat.retry(stored()[1].id)
    assert not chat.is_answering
    assert len(stored()) == 4


@pytest.mark.slow
def test_an_answer_remembers_the_model_that_wrote_it(
    chat, store, stored, engine, wait_for, talker, greeter
):
    engine.load(talker)
    chat.send("Hello")
    engine.load(greeter)
    wait_for(lambda: not chat.is_answering)
    assert stored()[-1].text == "Good morning."
    assert stored()[-1].model.name == "greeter"
    assert store.summaries()[0].model_name == "greeter"


@pytest.mark.slow
def test_deleting_a_conversation_stops_its_answer_and_it_can_be_restored(
    chat, shown, stored, load, wait_for, talker
):
    load(talker)
    chat.send("Hello")
    wait_for(lambda: "text_appended" in shown)
    chat.delete_conversation(1)
    assert shown.last("conversation_deleted") == 1
    assert shown.last("conversations_changed") == ()
    assert chat.current is None
    wait_for(lambda: not chat.is_answering)
    chat.restore_deleted()
    assert [summary.id for summary in shown.last("conversations_changed")] == [1]
    assert chat.current.messages == stored()
    assert stored()[-1].text.startswith(" la")
    assert stored()[-1].state is MessageState.COMPLETE


def test_deleting_another_conversation_leaves_the_shown_one(chat, shown):
    chat.send("First")
    chat.start_conversation()
    chat.send("Second")
    chat.delete_conversation(1)
    assert chat.current.id == 2
    assert [summary.title for summary in shown.last("conversations_changed")] == ["Second"]


def test_a_conversation_can_be_restored_once(chat, shown):
    chat.restore_deleted()
    assert shown.names() == []
    chat.send("First")
    chat.delete_conversation(1)
    chat.restore_deleted()
    known = shown.names()
    chat.restore_deleted()
    assert shown.names() == known


def test_a_conversation_can_be_renamed(chat, shown):
    chat.send("First")
    chat.rename_conversation(Renaming(1, "A better title"))
    assert shown.last("conversations_changed")[0].title == "A better title"


def test_conversations_are_found_by_their_title_and_their_words(chat, shown):
    chat.send("Why is the sky blue?\n" + "x" * 60 + " Rayleigh")
    chat.start_conversation()
    chat.send("A recipe")
    for words, found in {"SKY": [1], "rayleigh": [1], "recipe": [2], "e": [2, 1], "q": []}.items():
        chat.search(words)
        assert [one.id for one in shown.last("conversations_changed")] == found, words
    # The list stays narrowed when something else changes it.
    chat.search("recipe")
    chat.rename_conversation(Renaming(1, "Colours"))
    assert [one.id for one in shown.last("conversations_changed")] == [2]


def test_the_newest_conversation_is_open_at_the_next_start(chat, store, engine, shown):
    chat.open_latest()
    assert shown.last("conversation_opened") is None
    chat.send("First")
    chat.start_conversation()
    chat.send("Second")
    later = ChatController(store, engine)
    seen = SignalJournal(later, *CHAT_SIGNALS)
    later.open_latest()
    assert seen.last("conversation_opened").title == "Second"
    assert [one.title for one in seen.last("conversations_changed")] == ["Second", "First"]


def test_opening_a_conversation_that_is_gone_is_told_and_the_shown_one_stays(chat, shown):
    chat.send("First")
    current = chat.current
    chat.open_conversation(99)
    assert shown.last("failed").title == "This conversation is gone"
    assert chat.current == current


@pytest.fixture
def full_disk(store):
    """Let the file of the conversations grow no more."""

    def full_disk() -> None:
        pages = store._database.read("PRAGMA page_count")[0][0]
        store._database.write(f"PRAGMA max_page_count={pages}")

    return full_disk


def test_a_message_that_cannot_be_stored_is_told_and_not_sent(chat, shown, stored, full_disk):
    chat.send("First")
    known = stored()
    full_disk()
    chat.send("Second " * 10_000)
    assert "disk is full" in shown.last("failed").detail
    assert stored() == known
    assert chat.current.messages == known
    assert not chat.is_answering


def test_a_deletion_that_fails_changes_nothing(chat, store, shown):
    chat.send("First")
    store._database.write("PRAGMA query_only=ON")
    chat.delete_conversation(1)
    assert "can only be read" in shown.last("failed").detail
    assert "conversation_deleted" not in shown
    assert chat.current.id == 1
