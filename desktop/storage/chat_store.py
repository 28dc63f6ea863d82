"""Conversations and their messages, in chats.db; every change is on disk when its call returns."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from desktop.core.conversation import (
    AnswerModel,
    Conversation,
    ConversationSummary,
    Message,
    MessageState,
    Role,
)
from desktop.core.errors import AppError, Problem
from desktop.core.generation import GenerationFigures
from desktop.storage.database import Database, Schema, Sharing

KEPT_AFTER_DELETION = timedelta(days=30)

APP_CLOSED: Final = Problem(
    "This answer is incomplete",
    "The app closed while this answer was being written.",
    "Ask again to get a whole one.",
)
_UNREADABLE = Problem(
    "This message could not be read in full",
    "Its entry in the database is damaged.",
    "The rest of the conversation is not affected.",
)
_EPOCH = datetime.fromtimestamp(0, UTC)
_Stored = TypeVar("_Stored", AnswerModel, GenerationFigures, Problem)

_SCHEMA = Schema(
    title="Your conversations",
    application_id=0x48454631,
    migrations=(
        (
            """
            CREATE TABLE conversation (
                id INTEGER PRIMARY KEY,
                title TEXT NOT NULL,
                updated_at_ms INTEGER NOT NULL,
                deleted_at_ms INTEGER
            ) STRICT
            """,
            """
            CREATE TABLE message (
                id INTEGER PRIMARY KEY,
                conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
                role TEXT NOT NULL,
                text TEXT NOT NULL,
                created_at_ms INTEGER NOT NULL,
                state TEXT NOT NULL,
                model_name TEXT,
                model TEXT,
                figures TEXT,
                problem TEXT
            ) STRICT
            """,
            "CREATE INDEX message_by_conversation ON message (conversation_id, id)",
        ),
    ),
)


class ChatStore:
    """The conversations of one data folder; open in one process and used from one thread.

    Every method raises AppError when the disk or the file fails.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, Sharing.EXCLUSIVE)
        with self._database.transaction():
            self._database.write(
                "UPDATE message SET state = ?, problem = ? WHERE state = ?",
                (
                    MessageState.INTERRUPTED.value,
                    _encoded(APP_CLOSED),
                    MessageState.STREAMING.value,
                ),
            )
            forgotten_at = datetime.now(UTC) - KEPT_AFTER_DELETION
            self._database.write(
                "DELETE FROM conversation WHERE deleted_at_ms < ?", (_milliseconds(forgotten_at),)
            )

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._database.close()

    def create_conversation(self, title: str) -> ConversationSummary:
        """Start a conversation without messages."""
        now = _now()
        cursor = self._database.write(
            "INSERT INTO conversation (title, updated_at_ms) VALUES (?, ?)",
            (title, _milliseconds(now)),
        )
        return ConversationSummary(_row_id(cursor), title, now)

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title; its place in the list stays."""
        self._database.write(
            "UPDATE conversation SET title = ? WHERE id = ?", (title, conversation_id)
        )

    def delete(self, conversation_id: int) -> None:
        """Take a conversation off the list; it is kept for 30 days."""
        self._database.write(
            "UPDATE conversation SET deleted_at_ms = ? WHERE id = ?",
            (_milliseconds(_now()), conversation_id),
        )

    def restore(self, conversation_id: int) -> None:
        """Undo `delete`."""
        self._database.write(
            "UPDATE conversation SET deleted_at_ms = NULL WHERE id = ?", (conversation_id,)
        )

    def summaries(self, matching: str = "") -> tuple[ConversationSummary, ...]:
        """Return the conversations whose title or messages contain the words, newest first."""
        rows = self._database.read(
            """
            SELECT id, title, updated_at_ms,
                (SELECT model_name FROM message
                 WHERE conversation_id = conversation.id AND model_name IS NOT NULL
                 ORDER BY id DESC LIMIT 1) AS model_name
            FROM conversation
            WHERE deleted_at_ms IS NULL
                AND (contains_words(title, :words) OR EXISTS (
                    SELECT 1 FROM message
                    WHERE conversation_id = conversation.id AND contains_words(text, :words)))
            ORDER BY updated_at_ms DESC, id DESC
            """,
            {"words": matching.strip().casefold()},
        )
        return tuple(
            ConversationSummary(
                row["id"], row["title"], _moment(row["updated_at_ms"]), row["model_name"] or ""
            )
            for row in rows
        )

    def conversation(self, conversation_id: int) -> Conversation:
        """Return a conversation with all its messages; AppError if there is none."""
        found = self._database.read(
            "SELECT title FROM conversation WHERE id = ?", (conversation_id,)
        )
        if not found:
            raise AppError(
                "This conversation is gone", "It was deleted some time ago.", "Start a new chat."
            )
        rows = self._database.read(
            "SELECT * FROM message WHERE conversation_id = ? ORDER BY id", (conversation_id,)
        )
        return Conversation(
            conversation_id, found[0]["title"], tuple(_message(row) for row in rows)
        )

    def add_message(
        self,
        conversation_id: int,
        role: Role,
        text: str,
        *,
        state: MessageState = MessageState.COMPLETE,
        model: AnswerModel | None = None,
    ) -> Message:
        """Add a message at the end of a conversation, which moves to the top of the list."""
        now = _now()
        with self._database.transaction():
            cursor = self._database.write(
                """
                INSERT INTO message
                    (conversation_id, role, text, created_at_ms, state, model_name, model)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                (
                    conversation_id,
                    role.value,
                    text,
                    _milliseconds(now),
                    state.value,
                    model.name if model else None,
                    _encoded(model),
                ),
            )
            self._database.write(
                "UPDATE conversation SET updated_at_ms = ? WHERE id = ?",
                (_milliseconds(now), conversation_id),
            )
        return Message(_row_id(cursor), role, text, now, state, model)

    def update_message(self, message: Message) -> None:
        """Store what has become of a message: its text, state, model, figures and problem."""
        self._database.write(
            """
            UPDATE message
            SET text = ?, state = ?, model_name = ?, model = ?, figures = ?, problem = ?
            WHERE id = ?
            """,
            (
                message.text,
                message.state.value,
                message.model.name if message.model else None,
                _encoded(message.model),
                _encoded(message.figures),
                _encoded(message.problem),
                message.id,
            ),
        )


def _message(row: sqlite3.Row) -> Message:
    try:
        return Message(
            id=row["id"],
            role=Role(row["role"]),
            text=row["text"],
            created_at=_moment(row["created_at_ms"]),
            state=MessageState(row["state"]),
            model=_decoded(row["model"], AnswerModel),
            figures=_decoded(row["figures"], GenerationFigures),
            problem=_decoded(row["problem"], Problem),
        )
    except ValueError:
        # Without a role that is known, no model shall take the words for the user's.
        return Message(
            id=row["id"],
            role=Role.USER if row["role"] == Role.USER.value else Role.ASSISTANT,
            text=row["text"],
            created_at=_EPOCH,
            state=MessageState.INTERRUPTED,
            problem=_UNREADABLE,
        )


def _encoded(value: AnswerModel | GenerationFigures | Problem | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _decoded(text: str | None, kind: type[_Stored]) -> _Stored | None:
    return None if text is None else msgspec.json.decode(text, type=kind)


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(milliseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return _EPOCH


def _row_id(cursor: sqlite3.Cursor) -> int:
    if cursor.lastrowid is None:
        raise AssertionError("an INSERT has a row")
    return cursor.lastrowid
