"""Conversations and their messages."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from desktop.core.errors import Problem
from desktop.core.generation import GenerationFigures

TITLE_CHARACTERS = 60


class Role(Enum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class MessageState(Enum):
    """How far a message got.

    STREAMING is found in storage only after the app died while an answer was written.
    """

    COMPLETE = "complete"
    STREAMING = "streaming"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn as the engine sees it."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """The model that wrote an answer, remembered even when its file is gone."""

    name: str
    file: str
    quantization: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn as it is stored and shown.

    Attributes:
        id: Key in the database.
        model: Who wrote it; None for the user's own words.
        figures: Speed and memory of an answer; None until it is finished.
        problem: What broke the answer off, if anything did.
    """

    id: int
    role: Role
    text: str
    created_at: datetime
    state: MessageState = MessageState.COMPLETE
    model: AnswerModel | None = None
    figures: GenerationFigures | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """One row of the conversation list."""

    id: int
    title: str
    updated_at: datetime
    model_name: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with all its messages, oldest first."""

    id: int
    title: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class TextPiece:
    """New text at the end of a message."""

    message_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Renaming:
    """A conversation and the title it is to have."""

    conversation_id: int
    title: str


def title_from(text: str) -> str:
    """Make a title of the first words of a message; at most 60 characters."""
    words = " ".join(text.split())
    if len(words) <= TITLE_CHARACTERS:
        return words or "New chat"
    head = words[: TITLE_CHARACTERS - 1]
    return f"{head.rpartition(' ')[0] or head}…"


def prompt_messages(messages: tuple[Message, ...]) -> tuple[ChatMessage, ...]:
    """Return the turns that the model is to see, up to the user's last words.

    Answers without a word are left out. Of several answers to the same words the last counts.
    """
    turns: list[ChatMessage] = []
    for message in messages:
        if message.role is Role.ASSISTANT:
            if not message.text.strip():
                continue
            if turns and turns[-1].role is Role.ASSISTANT:
                turns.pop()
        turns.append(ChatMessage(message.role, message.text))
    while turns and turns[-1].role is Role.ASSISTANT:
        turns.pop()
    return tuple(turns)
