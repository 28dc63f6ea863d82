"""Conversations: what is said, stored, answered and shown."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ParamSpec

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.conversation import (
    AnswerModel,
    Conversation,
    Message,
    MessageState,
    Renaming,
    Role,
    TextPiece,
    prompt_messages,
    title_from,
)
from desktop.core.errors import AppError, Problem
from desktop.core.generation import GenerationResult
from desktop.core.local_model import LocalModel
from desktop.services.engine_client import EngineClient
from desktop.storage.chat_store import ChatStore

SAVE_INTERVAL_S = 1.0

P = ParamSpec("P")


@dataclass(slots=True)
class _Answer:
    """The answer being written; it belongs to its conversation, whichever one is shown."""

    conversation_id: int
    message: Message
    pieces: list[str]
    saved_s: float

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class ChatController(QObject):
    """Decides what happens in conversations; lives in the window's process.

    Every message of the user is on disk before the engine hears of it, and the text of an answer
    at most a second after it was generated.

    Signals:
        conversation_opened: Another conversation is current. Conversation, or None for a new one.
        conversations_changed: The list changed. tuple[ConversationSummary, ...].
        message_added: At the end of the current conversation. Message.
        text_appended: To a message of the current conversation. TextPiece.
        message_replaced: A message of the current conversation changed as a whole. Message.
        answering_changed: Whether an answer is under way anywhere. bool.
        conversation_deleted: The id of one that can still be restored. int.
        failed: Something could not be stored or read. Problem.
    """

    conversation_opened = Signal(object)
    conversations_changed = Signal(object)
    message_added = Signal(object)
    text_appended = Signal(object)
    message_replaced = Signal(object)
    answering_changed = Signal(object)
    conversation_deleted = Signal(object)
    failed = Signal(object)

    def __init__(
        self, store: ChatStore, engine: EngineClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._engine = engine
        self._current: Conversation | None = None
        self._search = ""
        self._answer: _Answer | None = None
        self._deleted_id: int | None = None
        engine.tokens_received.connect(self._on_engine_tokens_received)
        engine.answer_finished.connect(self._on_engine_answer_finished)
        engine.answer_failed.connect(self._on_engine_answer_failed)

    @property
    def current(self) -> Conversation | None:
        """The conversation that is shown; None for a new one."""
        return self._current

    @property
    def is_answering(self) -> bool:
        """Whether an answer is under way."""
        return self._answer is not None

    @Slot()
    def open_latest(self) -> None:
        """Show the list and the newest conversation, or a new one if there is none."""
        summaries = self._store.summaries()
        self._publish_list()
        if summaries:
            self.open_conversation(summaries[0].id)
        else:
            self.start_conversation()

    @Slot()
    def start_conversation(self) -> None:
        """Show an empty conversation; it is stored with its first message."""
        self._current = None
        self.conversation_opened.emit(None)

    @Slot(object)
    def open_conversation(self, conversation_id: int) -> None:
        """Show a stored conversation."""
        try:
            self._current = self._store.conversation(conversation_id)
        except AppError as error:
            self.failed.emit(error.problem)
            return
        if self._answer is not None and self._answer.conversation_id == conversation_id:
            live = replace(self._answer.message, text=self._answer.text)
            self._current = _with_message(self._current, live)
        self.conversation_opened.emit(self._current)

    @Slot(object)
    def search(self, words: str) -> None:
        """List the conversations whose title or messages contain the words."""
        self._search = words
        self._publish_list()

    @Slot(object)
    def send(self, text: str) -> None:
        """Store the user's message, then have it answered."""
        if self._answer is not None or not text.strip():
            return
        try:
            current = self._current or self._create_conversation(text)
            message = self._store.add_message(current.id, Role.USER, text)
        except AppError as error:
            self.failed.emit(error.problem)
            return
        self._add(message)
        self._ask()

    @Slot(object)
    def retry(self, message_id: int) -> None:
        """Answer once more what the message answered; the earlier answer stays where it is."""
        if self._current is None or self._answer is not None:
            return
        messages = self._current.messages
        if messages and messages[-1].id == message_id:
            self._ask()

    @Slot()
    def stop(self) -> None:
        """End the answer under way and keep what was said."""
        self._engine.stop_answer()

    def shut_down(self) -> None:
        """Keep all that was said of an answer under way; the next start tells why it ends there."""
        if self._answer is not None:
            self._save(replace(self._answer.message, text=self._answer.text))

    @Slot(object)
    def delete_conversation(self, conversation_id: int) -> None:
        """Remove a conversation from the list; it can be restored."""
        if self._answer is not None and self._answer.conversation_id == conversation_id:
            self.stop()
        if not self._change_list(self._store.delete, conversation_id):
            return
        self._deleted_id = conversation_id
        if self._current is not None and self._current.id == conversation_id:
            self.start_conversation()
        self.conversation_deleted.emit(conversation_id)

    @Slot()
    def restore_deleted(self) -> None:
        """Bring back the conversation that was deleted last."""
        deleted_id = self._deleted_id
        if deleted_id is not None and self._change_list(self._store.restore, deleted_id):
            self._deleted_id = None
            self.open_conversation(deleted_id)

    @Slot(object)
    def rename_conversation(self, renaming: Renaming) -> None:
        """Give a conversation another title."""
        self._change_list(self._store.rename, renaming.conversation_id, renaming.title)

    def _create_conversation(self, text: str) -> Conversation:
        summary = self._store.create_conversation(title_from(text))
        self._current = Conversation(summary.id, summary.title, ())
        self.conversation_opened.emit(self._current)
        return self._current

    def _ask(self) -> None:
        """Ask the engine to answer the current conversation."""
        current, model = self._current, self._engine.model
        if current is None:
            return
        stamp = _answer_model(model)
        try:
            message = self._store.add_message(
                current.id, Role.ASSISTANT, "", state=MessageState.STREAMING, model=stamp
            )
        except AppError as error:
            self.failed.emit(error.problem)
            return
        prompt = prompt_messages(current.messages)
        self._answer = _Answer(current.id, message, [], time.monotonic())
        self._add(message)
        self._publish_list()
        self.answering_changed.emit(True)
        self._engine.generate(prompt)

    def _add(self, message: Message) -> None:
        if self._current is not None:
            self._current = _with_message(self._current, message)
            self.message_added.emit(message)

    @Slot(object)
    def _on_engine_tokens_received(self, text: str) -> None:
        answer = self._answer
        if answer is None:
            return
        answer.pieces.append(text)
        if time.monotonic() - answer.saved_s >= SAVE_INTERVAL_S:
            answer.saved_s = time.monotonic()
            self._save(replace(answer.message, text=answer.text))
        if self._is_shown(answer):
            self.text_appended.emit(TextPiece(answer.message.id, text))

    @Slot(object)
    def _on_engine_answer_finished(self, result: GenerationResult) -> None:
        if self._answer is None:
            return
        message = replace(
            self._answer.message,
            text=result.text,
            state=MessageState.COMPLETE,
            figures=result.figures,
            model=_answer_model(self._engine.model) or self._answer.message.model,
        )
        self._settle(message)

    @Slot(object)
    def _on_engine_answer_failed(self, problem: Problem) -> None:
        if self._answer is None:
            return
        message = replace(
            self._answer.message,
            text=self._answer.text,
            state=MessageState.INTERRUPTED,
            problem=problem,
        )
        self._settle(message)

    def _settle(self, message: Message) -> None:
        answer, self._answer = self._answer, None
        self._save(message)
        if answer is not None and self._is_shown(answer) and self._current is not None:
            self._current = _with_message(self._current, message)
            self.message_replaced.emit(message)
        self._publish_list()
        self.answering_changed.emit(False)

    def _save(self, message: Message) -> None:
        try:
            self._store.update_message(message)
        except AppError as error:
            self.failed.emit(error.problem)

    def _is_shown(self, answer: _Answer) -> bool:
        return self._current is not None and self._current.id == answer.conversation_id

    def _change_list(self, change: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Make a change and show the list; False if it could not be made."""
        try:
            change(*args, **kwargs)
        except AppError as error:
            self.failed.emit(error.problem)
            return False
        self._publish_list()
        return True

    def _publish_list(self) -> None:
        try:
            self.conversations_changed.emit(self._store.summaries(self._search))
        except AppError as error:
            self.failed.emit(error.problem)


def _answer_model(model: LocalModel | None) -> AnswerModel | None:
    if model is None:
        return None
    quantization = model.facts.quantization if model.facts is not None else ""
    return AnswerModel(model.name, model.path.name, quantization)


def _with_message(conversation: Conversation, message: Message) -> Conversation:
    """Return the conversation with the message added, or put in the place of its old self."""
    messages = conversation.messages
    if any(known.id == message.id for known in messages):
        changed = tuple(message if known.id == message.id else known for known in messages)
    else:
        changed = (*messages, message)
    return replace(conversation, messages=changed)
