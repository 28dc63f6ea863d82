"""What was found in model files, in library.db, so that each is looked into once."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from desktop.core.errors import Problem
from desktop.core.local_model import ModelFacts
from desktop.storage.database import Database
from desktop.storage.model_file import FileStamp

_Stored = TypeVar("_Stored", ModelFacts, Problem)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file held when it had this stamp."""

    stamp: FileStamp
    facts: ModelFacts | None
    problem: Problem | None


class InspectionStore:
    """The inspections of one data folder; every method raises AppError when the disk fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, path: Path, inspection: Inspection) -> None:
        """Keep the newest inspection of a file."""
        self._database.write(
            "INSERT OR REPLACE INTO inspection VALUES (?, ?, ?, ?, ?)",
            (
                str(path),
                inspection.stamp.size_bytes,
                inspection.stamp.modified_at_ns,
                _encoded(inspection.facts),
                _encoded(inspection.problem),
            ),
        )

    def all(self) -> dict[Path, Inspection]:
        """Return the newest inspections by path."""
        rows = self._database.read("SELECT * FROM inspection")
        found = {Path(row["path"]): _inspection(row) for row in rows}
        return {path: one for path, one in found.items() if one is not None}

    def get(self, path: Path) -> Inspection | None:
        """Return the newest inspection of a file; None if there is none."""
        rows = self._database.read("SELECT * FROM inspection WHERE path = ?", (str(path),))
        return _inspection(rows[0]) if rows else None


def _inspection(row: sqlite3.Row) -> Inspection | None:
    try:
        facts = _decoded(row["facts"], ModelFacts)
        problem = _decoded(row["problem"], Problem)
    except msgspec.MsgspecError:
        # Written by another version: the file is inspected again.
        return None
    return Inspection(FileStamp(row["size_bytes"], row["modified_at_ns"]), facts, problem)


def _encoded(value: ModelFacts | Problem | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _decoded(text: str | None, kind: type[_Stored]) -> _Stored | None:
    return None if text is None else msgspec.json.decode(text, type=kind)
