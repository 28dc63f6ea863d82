"""The tables of library.db."""

from typing import Final

from desktop.storage.database import Schema

LIBRARY_SCHEMA: Final = Schema(
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
        (
            # Times are ISO 8601 and empty before the first one; the hashes of a split model's
            # parts are separated by spaces.
            """
            CREATE TABLE known_file (
                path TEXT PRIMARY KEY,
                origin TEXT NOT NULL,
                found_name TEXT NOT NULL DEFAULT '',
                given_name TEXT NOT NULL DEFAULT '',
                last_used_at TEXT NOT NULL DEFAULT '',
                sha256 TEXT NOT NULL DEFAULT '',
                integrity TEXT NOT NULL DEFAULT '',
                verified_at TEXT NOT NULL DEFAULT '',
                removed_at TEXT NOT NULL DEFAULT ''
            ) STRICT
            """,
            "INSERT INTO known_file (path, origin) SELECT path, 'ADDED' FROM added_file",
            "DROP TABLE added_file",
            "CREATE TABLE test_drive (key TEXT PRIMARY KEY, test_drive TEXT NOT NULL) STRICT",
            # Facts say more than they did: how far layers look back, and the licence's source.
            "DELETE FROM inspection",
        ),
    ),
)
