"""What models were measured at on this machine, in library.db."""

from pathlib import Path

import msgspec

from desktop.core.local_model import LocalModel, Measurement
from desktop.core.weighing import TestDrive
from desktop.storage.database import Database

_BANDWIDTH = "memory_bandwidth_bytes_per_s"


class FigureStore:
    """Measurements, test drives and the speed of the memory.

    Every method raises AppError when the disk or the file fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_measurement(self, model: LocalModel, measurement: Measurement) -> None:
        """Keep the newest figures of a model; a speed stays until another one is measured."""
        if not is_storable(model.path):
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
        if not is_storable(model.path):
            return None
        rows = self._database.read(
            "SELECT * FROM measurement WHERE path = ? AND size_bytes = ?",
            (str(model.path), model.file_bytes),
        )
        for row in rows:
            return Measurement(row["resident_bytes"], row["context_tokens"], row["tokens_per_s"])
        return None

    def save_test_drive(self, key: str, test_drive: TestDrive) -> None:
        """Keep the newest test drive of a model.

        Args:
            key: The SHA-256 of its first part, or its path where that is not known.
            test_drive: What was measured.
        """
        encoded = msgspec.json.encode(test_drive).decode()
        self._database.write("INSERT OR REPLACE INTO test_drive VALUES (?, ?)", (key, encoded))

    def test_drive(self, key: str) -> TestDrive | None:
        """Return the newest test drive that was kept under a key; None if there is none."""
        rows = self._database.read("SELECT test_drive FROM test_drive WHERE key = ?", (key,))
        for row in rows:
            try:
                return msgspec.json.decode(row["test_drive"], type=TestDrive)
            except msgspec.MsgspecError:
                # Written by another version: it can be driven again.
                return None
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


def is_storable(path: Path) -> bool:
    """Whether the name is text; on Linux any bytes can be a name."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
