"""The models of this machine: where their files are, what they are, what they were measured at."""

import sqlite3
from pathlib import Path
from typing import TypeVar

import msgspec

from desktop.core.errors import AppError, Problem
from desktop.core.local_model import (
    LocalModel,
    Measurement,
    ModelFacts,
    ModelOrigin,
    display_name,
)
from desktop.core.model_problem import missing_file, unreadable_name
from desktop.storage.database import Database, Schema, Sharing
from desktop.storage.model_file import FileStamp, files_below, inspect_file, stamp_of

_BANDWIDTH = "memory_bandwidth_bytes_per_s"

_SCHEMA = Schema(
    title="The list of models",
    application_id=0x48454632,
    migrations=(
        (
            "CREATE TABLE added_file (path TEXT PRIMARY KEY) STRICT",
            """
            CREATE TABLE inspection (
                path TEXT PRIMARY KEY,
                size_bytes INTEGER NOT NULL,
                modified_at_ns INTEGER NOT NULL,
                facts TEXT,
                problem TEXT
            ) STRICT
            """,
            """
            CREATE TABLE measurement (
                path TEXT NOT NULL,
                size_bytes INTEGER NOT NULL,
                resident_bytes INTEGER NOT NULL,
                context_tokens INTEGER NOT NULL,
                tokens_per_s REAL,
                PRIMARY KEY (path, size_bytes)
            ) STRICT
            """,
            "CREATE TABLE machine_figure (name TEXT PRIMARY KEY, value REAL NOT NULL) STRICT",
        ),
    ),
)

_Stored = TypeVar("_Stored", ModelFacts, Problem)


class ModelStore:
    """The list of models of one data folder, in library.db; used from one thread.

    The window and the command line may have it open at the same time. Every method raises
    AppError when the disk or the file fails.
    """

    def __init__(self, database: Path, models: Path) -> None:
        self._database = Database(database, _SCHEMA, Sharing.SHARED)
        self._models = models.resolve()

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._database.close()

    def scan(self) -> tuple[LocalModel, ...]:
        """Return all models by name: those of the model folder and those added from elsewhere.

        No model file is opened: one that was not inspected yet has neither facts nor a problem.
        """
        inspections = {row["path"]: row for row in self._database.read("SELECT * FROM inspection")}
        rows = self._database.read("SELECT path FROM added_file")
        origins = {Path(row["path"]): ModelOrigin.ADDED for row in rows}
        origins.update(dict.fromkeys(files_below(self._models), ModelOrigin.HEFT))
        found = (self._model(path, inspections, origin) for path, origin in origins.items())
        return tuple(sorted(found, key=lambda model: (model.name.casefold(), model.path)))

    def remember_inspection(
        self, path: Path, facts: ModelFacts | None, problem: Problem | None
    ) -> None:
        """Keep what `inspect_file` found, for as long as the file does not change."""
        stamp = stamp_of(path)
        if stamp is None or not _is_storable(path):
            return
        self._database.write(
            "INSERT OR REPLACE INTO inspection VALUES (?, ?, ?, ?, ?)",
            (
                str(path),
                stamp.size_bytes,
                stamp.modified_at_ns,
                _encoded(facts),
                _encoded(problem),
            ),
        )

    def add_file(self, path: Path) -> LocalModel:
        """Put a model that lies elsewhere on the list, to be used in place.

        Raises:
            AppError: The file cannot be used as a model.
        """
        # Links stay as they are: the file they lead to often has no name to speak of.
        path = path.expanduser()
        path = path.parent.resolve() / path.name
        facts, problem = inspect_file(path)
        if problem is not None:
            raise AppError.from_problem(problem)
        self.remember_inspection(path, facts, problem)
        is_ours = path in files_below(self._models)
        if not is_ours:
            self._database.write("INSERT OR IGNORE INTO added_file VALUES (?)", (str(path),))
        rows = self._database.read("SELECT * FROM inspection WHERE path = ?", (str(path),))
        origin = ModelOrigin.HEFT if is_ours else ModelOrigin.ADDED
        return self._model(path, {row["path"]: row for row in rows}, origin)

    def remove_added(self, path: Path) -> None:
        """Take an added file off the list; the file itself is not touched."""
        self._database.write("DELETE FROM added_file WHERE path = ?", (str(path),))

    def save_measurement(self, model: LocalModel, measurement: Measurement) -> None:
        """Keep the newest figures of a model; a speed stays until another one is measured."""
        if not _is_storable(model.path):
            return
        self._database.write(
            """
            INSERT INTO measurement VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
                resident_bytes = excluded.resident_bytes,
                context_tokens = excluded.context_tokens,
                tokens_per_s = coalesce(excluded.tokens_per_s, tokens_per_s)
            """,
            (
                str(model.path),
                model.file_bytes,
                measurement.resident_bytes,
                measurement.context_tokens,
                measurement.tokens_per_s,
            ),
        )

    def measurement(self, model: LocalModel) -> Measurement | None:
        """Return what the model was last measured at; None if it never was."""
        if not _is_storable(model.path):
            return None
        rows = self._database.read(
            "SELECT * FROM measurement WHERE path = ? AND size_bytes = ?",
            (str(model.path), model.file_bytes),
        )
        for row in rows:
            return Measurement(row["resident_bytes"], row["context_tokens"], row["tokens_per_s"])
        return None

    def bandwidth_bytes_per_s(self) -> float | None:
        """Return the measured memory bandwidth; None if it was not measured yet."""
        rows = self._database.read("SELECT value FROM machine_figure WHERE name = ?", (_BANDWIDTH,))
        return rows[0]["value"] if rows else None

    def save_bandwidth(self, bytes_per_s: float) -> None:
        """Keep the measured memory bandwidth."""
        self._database.write(
            "INSERT OR REPLACE INTO machine_figure VALUES (?, ?)", (_BANDWIDTH, bytes_per_s)
        )

    def _model(
        self, path: Path, inspections: dict[str, sqlite3.Row], origin: ModelOrigin
    ) -> LocalModel:
        stamp = stamp_of(path)
        if stamp is None:
            problem = missing_file(path.name)
            return LocalModel(path, display_name(path), 0, origin, problem=problem)
        if not _is_storable(path):
            problem = unreadable_name(path.name)
            return LocalModel(path, display_name(path), stamp.size_bytes, origin, None, problem)
        facts, known_problem = _known(inspections.get(str(path)), stamp)
        name = display_name(path, facts.quantization if facts else "")
        return LocalModel(path, name, stamp.size_bytes, origin, facts, known_problem)


def _is_storable(path: Path) -> bool:
    """Whether the name is text; on Linux any bytes can be a name."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _known(row: sqlite3.Row | None, stamp: FileStamp) -> tuple[ModelFacts | None, Problem | None]:
    if row is None or FileStamp(row["size_bytes"], row["modified_at_ns"]) != stamp:
        return None, None
    try:
        return _decoded(row["facts"], ModelFacts), _decoded(row["problem"], Problem)
    except msgspec.MsgspecError:
        # Written by another version: the file is inspected again.
        return None, None


def _encoded(value: ModelFacts | Problem | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _decoded(text: str | None, kind: type[_Stored]) -> _Stored | None:
    return None if text is None else msgspec.json.decode(text, type=kind)
