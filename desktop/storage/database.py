"""SQLite files: how they are opened, brought up to date, and what their failures are called."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from desktop.core.errors import AppError

Parameters = tuple[object, ...] | Mapping[str, object]


class Sharing(Enum):
    """Who may open a database at the same time.

    EXCLUSIVE also keeps the index of the write-ahead log in memory, so that the file can be read
    on a disk without a free byte.
    """

    EXCLUSIVE = "exclusive"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database holds.

    Attributes:
        title: What the user calls the content, as in "Your conversations".
        application_id: Marks the file as ours.
        migrations: Statements that lead from version n to n+1, from an empty file on.
    """

    title: str
    application_id: int
    migrations: tuple[tuple[str, ...], ...]


class Database:
    """An open SQLite file, used from one thread.

    Failures of the surroundings (a lock, a full disk, a damaged file) are raised as AppError;
    whatever else SQLite complains about is a mistake in this program and raised as it is.
    """

    def __init__(self, path: Path, schema: Schema, sharing: Sharing) -> None:
        self._path = path
        self._schema = schema
        had_log = _has_content(path.with_name(f"{path.name}-wal"))
        with self._told_in_words():
            self._connection = sqlite3.connect(path, timeout=_TIMEOUT_S[sharing])
        try:
            with self._told_in_words():
                self._open(sharing, check=had_log and sharing is Sharing.EXCLUSIVE)
        except BaseException:
            self._connection.close()
            raise

    def read(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Run a query and return all rows."""
        with self._told_in_words():
            return self._connection.execute(sql, parameters).fetchall()

    def write(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement as a transaction of its own, unless one is under way."""
        with self._told_in_words():
            return self._connection.execute(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all writes of the block together, or none."""
        with self._told_in_words():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                # A full disk ends the transaction by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._connection.close()

    def _open(self, sharing: Sharing, *, check: bool) -> None:
        connection = self._connection
        connection.isolation_level = None
        connection.row_factory = sqlite3.Row
        # A damaged text must not hide the rows around it.
        connection.text_factory = _decode_leniently
        # LIKE knows upper and lower case in English only.
        connection.create_function("contains_words", 2, _contains_words, deterministic=True)
        if sharing is Sharing.EXCLUSIVE:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._check_identity()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA checkpoint_fullfsync=ON")
        if check:
            self._check_integrity()
        self._migrate()

    def _check_identity(self) -> None:
        """Refuse a file that is not ours, or newer than this program, before writing to it."""
        version = self._pragma("user_version")
        application_id = self._pragma("application_id")
        tables = self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if application_id != self._schema.application_id and (application_id or tables):
            raise AppError(
                f"{self._schema.title} could not be opened",
                f"{self._path} was made by another program.",
                "Move it away and start again.",
            )
        if version > len(self._schema.migrations):
            raise AppError(
                f"{self._schema.title} could not be opened",
                f"{self._path} was written by a newer version of Heft.",
                "Install that version again; nothing was changed.",
            )

    def _check_integrity(self) -> None:
        found = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise self._damaged()

    def _migrate(self) -> None:
        steps = self._schema.migrations
        while self._pragma("user_version") < len(steps):
            with self.transaction():
                # Another process may have taken this step while we waited for the lock.
                version = self._pragma("user_version")
                if version >= len(steps):
                    break
                for statement in steps[version]:
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA application_id={self._schema.application_id}")
                self._connection.execute(f"PRAGMA user_version={version + 1}")

    def _pragma(self, name: str) -> int:
        value: int = self._connection.execute(f"PRAGMA {name}").fetchone()[0]
        return value

    @contextmanager
    def _told_in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            # The extended code carries the primary one in its lowest byte.
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGED:
                raise self._damaged() from error
            if code not in _SURROUNDINGS:
                raise
            detail, next_step = _SURROUNDINGS[code]
            raise AppError(
                f"{self._schema.title} could not be read or saved",
                f"{self._path}: {detail}.",
                next_step,
            ) from error

    def _damaged(self) -> AppError:
        return AppError(
            f"{self._schema.title} could not be opened",
            f"{self._path} is damaged.",
            "Move the file away, keep it, and start again or put a backup in its place.",
        )


_TIMEOUT_S = {Sharing.EXCLUSIVE: 1.0, Sharing.SHARED: 5.0}
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_CHECK_DISK = "Check the disk and the permissions of the folder."
_LOCKED = ("it is in use by another program", "Close the other program and try again.")
_SURROUNDINGS = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: ("it can only be read", _CHECK_DISK),
    sqlite3.SQLITE_PERM: ("access was refused", _CHECK_DISK),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", _CHECK_DISK),
    sqlite3.SQLITE_IOERR: ("the disk reported an error", _CHECK_DISK),
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some space and try again."),
    sqlite3.SQLITE_PROTOCOL: ("its lock failed", "Close other programs that use it."),
}


def _decode_leniently(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _contains_words(text: str, folded_words: str) -> bool:
    return folded_words in text.casefold()


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
