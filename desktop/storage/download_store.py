"""The list of downloads, in downloads.db; every change is on disk when its call returns."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.errors import Problem
from desktop.core.hub_model import HubFault, HubFile
from desktop.core.local_model import display_name
from desktop.storage.database import Database, Schema, Sharing

_SCHEMA = Schema(
    title="The list of downloads",
    application_id=0x48454633,
    migrations=(
        (
            """
            CREATE TABLE download (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                position INTEGER NOT NULL,
                file TEXT NOT NULL,
                state TEXT NOT NULL,
                done_bytes INTEGER NOT NULL,
                path TEXT,
                problem TEXT,
                fault TEXT
            ) STRICT
            """,
        ),
    ),
)

_UNREADABLE = Problem(
    "A download could not be read",
    "Its entry in the list is damaged, so it is not shown.",
    "Choose the model again: what has come so far is used.",
)
_Stored = TypeVar("_Stored", HubFile, Problem)


class DownloadStore:
    """The downloads of one data folder; open in one process and used from one thread.

    Every method raises AppError when the disk or the file fails.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, Sharing.EXCLUSIVE)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._database.close()

    def entries(self) -> tuple[tuple[DownloadEntry, ...], Problem | None]:
        """Return all downloads in their order; one that was at work when the app ended waits.

        An entry that cannot be read is passed over, and told of.
        """
        rows = self._database.read("SELECT * FROM download ORDER BY position, id")
        found = [_entry(row) for row in rows]
        entries = tuple(entry for entry in found if entry is not None)
        return entries, None if len(entries) == len(rows) else _UNREADABLE

    def add(self, file: HubFile) -> DownloadEntry:
        """Put a download at the end of the list."""
        cursor = self._database.write(
            """
            INSERT INTO download (position, file, state, done_bytes)
            SELECT coalesce(max(position), 0) + 1, ?, ?, 0 FROM download
            """,
            (_encoded(file), DownloadState.QUEUED.name),
        )
        new_id = cursor.lastrowid or 0
        return DownloadEntry(new_id, file, _name(file), DownloadState.QUEUED, 0)

    def save(self, entry: DownloadEntry) -> None:
        """Keep where a download stands."""
        self._database.write(
            """
            UPDATE download SET state = ?, done_bytes = ?, path = ?, problem = ?, fault = ?
            WHERE id = ?
            """,
            (
                entry.state.name,
                entry.done_bytes,
                str(entry.path) if entry.path else None,
                _encoded(entry.problem) if entry.problem else None,
                entry.fault.name if entry.fault else None,
                entry.id,
            ),
        )

    def save_order(self, ids: Iterable[int]) -> None:
        """Keep the order of the list."""
        with self._database.transaction():
            for position, one in enumerate(ids):
                self._database.write(
                    "UPDATE download SET position = ? WHERE id = ?", (position, one)
                )

    def remove(self, entry_id: int) -> None:
        """Take a download off the list."""
        self._database.write("DELETE FROM download WHERE id = ?", (entry_id,))


def _entry(row: sqlite3.Row) -> DownloadEntry | None:
    file = _decoded(row["file"], HubFile)
    if file is None or not file.parts:
        return None
    state = DownloadState.__members__.get(row["state"], DownloadState.QUEUED)
    return DownloadEntry(
        id=row["id"],
        file=file,
        name=_name(file),
        state=DownloadState.QUEUED if state.is_active else state,
        done_bytes=row["done_bytes"],
        path=Path(row["path"]) if row["path"] else None,
        problem=_decoded(row["problem"], Problem),
        fault=HubFault.__members__.get(row["fault"] or ""),
    )


def _name(file: HubFile) -> str:
    return display_name(Path(file.file_name), file.quantization)


def _encoded(value: HubFile | Problem) -> str:
    return msgspec.json.encode(value).decode()


def _decoded(text: str | None, kind: type[_Stored]) -> _Stored | None:
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, ValueError):
        return None
