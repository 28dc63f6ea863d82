"""The files that are or were on the list of models, in library.db."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from desktop.core.library import Integrity
from desktop.core.local_model import ModelOrigin
from desktop.storage.database import Database


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What was noted of a model's file; times are ISO 8601 and empty before the first one.

    Attributes:
        found_name: As another program calls the model.
        given_name: As the user calls it.
        sha256: Of each part, as promised or as recorded by the first check; empty before.
        integrity: What the last check found; None before the first.
        removed_at: When it was taken off the list; empty while it is on it.
    """

    path: Path
    origin: ModelOrigin
    found_name: str = ""
    given_name: str = ""
    last_used_at: str = ""
    sha256: tuple[str, ...] = ()
    integrity: Integrity | None = None
    verified_at: str = ""
    removed_at: str = ""

    @property
    def name(self) -> str:
        """The name to show; empty if it is named after its file."""
        return self.given_name or self.found_name

    @property
    def is_removed(self) -> bool:
        """Whether it was taken off the list."""
        return bool(self.removed_at)

    @property
    def is_dear(self) -> bool:
        """Whether the user has done anything with it here."""
        is_asked_for = self.origin in {ModelOrigin.HEFT, ModelOrigin.ADDED}
        return is_asked_for or bool(self.last_used_at or self.given_name or self.integrity)


class KnownFiles:
    """The table of known files; every method raises AppError when the disk or the file fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[Path, KnownFile]:
        """Return all, those that were removed too."""
        rows = self._database.read("SELECT * FROM known_file")
        return {known.path: known for known in map(_known_file, rows)}

    def get(self, path: Path) -> KnownFile | None:
        """Return what is noted of a file; None if it is not known."""
        rows = self._database.read("SELECT * FROM known_file WHERE path = ?", (str(path),))
        return _known_file(rows[0]) if rows else None

    def save(self, known: KnownFile) -> None:
        """Note a file, or note something else of it."""
        self._database.write(
            "INSERT OR REPLACE INTO known_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                str(known.path),
                known.origin.name,
                known.found_name,
                known.given_name,
                known.last_used_at,
                " ".join(known.sha256),
                known.integrity.value if known.integrity is not None else "",
                known.verified_at,
                known.removed_at,
            ),
        )

    def delete(self, path: Path) -> None:
        """Forget a file."""
        self._database.write("DELETE FROM known_file WHERE path = ?", (str(path),))


def _known_file(row: sqlite3.Row) -> KnownFile:
    return KnownFile(
        path=Path(row["path"]),
        origin=ModelOrigin[row["origin"]],
        found_name=row["found_name"],
        given_name=row["given_name"],
        last_used_at=row["last_used_at"],
        sha256=tuple(row["sha256"].split()),
        integrity=Integrity(row["integrity"]) if row["integrity"] else None,
        verified_at=row["verified_at"],
        removed_at=row["removed_at"],
    )
