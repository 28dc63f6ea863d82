import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.errors import AppError
from desktop.storage.database import Database, Schema, Sharing

FIRST = ("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT",)
SECOND = ("ALTER TABLE note ADD COLUMN colour TEXT", "UPDATE note SET colour = 'white'")
ONE = Schema("Your notes", 77, (FIRST,))
PREPARED = f"""
import os, sys
from pathlib import Path
from desktop.storage.database import Database, Schema, Sharing
database = Database(Path(sys.argv[1]), Schema("Your notes", 77, ({FIRST!r},)), Sharing.EXCLUSIVE)
"""
TWO = Schema("Your notes", 77, (FIRST, SECOND))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes.db"


def opened(path: Path, schema: Schema = ONE, sharing: Sharing = Sharing.EXCLUSIVE) -> Database:
    return Database(path, schema, sharing)


def filled(path: Path, count: int = 3) -> None:
    database = opened(path)
    with database.transaction():
        for number in range(count):
            database.write("INSERT INTO note (text) VALUES (?)", (f"note {number} " * 20,))
    database.close()


def write_notes(database: Database, count: int, error: Exception | None = None) -> None:
    with database.transaction():
        for _ in range(count):
            database.write("INSERT INTO note (text) VALUES (?)", ("x" * 10_000,))
        if error is not None:
            raise error


def pragma(database: Database, name: str) -> object:
    return database.read(f"PRAGMA {name}")[0][0]


def test_a_new_file_is_set_up_to_lose_nothing(path: Path):
    database = opened(path)
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "synchronous") == 2
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "locking_mode") == "exclusive"
    assert pragma(database, "application_id") == 77
    assert pragma(database, "user_version") == 1
    database.close()


def test_an_older_file_is_brought_up_to_date_with_its_content(path: Path):
    filled(path)
    database = opened(path, TWO)
    assert [row["colour"] for row in database.read("SELECT colour FROM note")] == ["white"] * 3
    assert pragma(database, "user_version") == 2
    database.close()


def test_a_step_that_fails_changes_nothing(path: Path):
    filled(path)
    broken = Schema("Your notes", 77, (FIRST, (*SECOND, "INSERT INTO nowhere VALUES (1)")))
    with pytest.raises(sqlite3.OperationalError):
        opened(path, broken)
    database = opened(path)
    assert pragma(database, "user_version") == 1
    assert "colour" not in database.read("SELECT * FROM note")[0].keys()  # noqa: SIM118 (a Row)
    database.close()


def test_a_newer_file_is_refused_and_left_as_it_is(path: Path):
    opened(path, TWO).close()
    before = path.read_bytes()
    with pytest.raises(AppError, match="newer version"):
        opened(path, ONE)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_database_of_another_program_is_refused_and_left_as_it_is(path: Path):
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE theirs (x)")
    foreign.commit()
    foreign.close()
    before = path.read_bytes()
    with pytest.raises(AppError, match="another program"):
        opened(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_called_damaged(path: Path):
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(AppError, match="damaged"):
        opened(path)


def test_a_damaged_page_is_told_in_words(path: Path):
    filled(path, 500)
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xaa" * (len(content) - 8192)
    path.write_bytes(content)
    database = opened(path)
    with pytest.raises(AppError, match="damaged"):
        database.read("SELECT text FROM note")
    database.close()


def run_and_kill(path: Path, *lines: str) -> None:
    """Run lines on the database in another process, which ends as if it was killed."""
    program = "\n".join((PREPARED, *lines, "os._exit(9)"))
    ended = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert ended.returncode == 9


def test_damage_is_found_at_once_after_the_app_was_killed(path: Path):
    filled(path, 500)
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xaa" * (len(content) - 8192)
    path.write_bytes(content)
    run_and_kill(path, "database.write('CREATE TABLE other (x)')")
    with pytest.raises(AppError, match="damaged"):
        opened(path)


def test_what_was_committed_is_there_after_a_kill(path: Path):
    run_and_kill(
        path,
        "database.write('INSERT INTO note (text) VALUES (?)', ('kept',))",
        "with database.transaction():",
        "    database.write('INSERT INTO note (text) VALUES (?)', ('lost',))",
        "    os._exit(9)",
    )
    database = opened(path)
    assert [row["text"] for row in database.read("SELECT text FROM note")] == ["kept"]
    database.close()


def test_an_exclusive_file_that_is_in_use_is_told_in_words(path: Path):
    first = opened(path)
    with pytest.raises(AppError, match="in use by another program"):
        opened(path)
    first.close()
    opened(path).close()


def test_a_shared_file_is_read_and_written_from_two_sides(path: Path):
    first = opened(path, sharing=Sharing.SHARED)
    second = opened(path, sharing=Sharing.SHARED)
    first.write("INSERT INTO note (text) VALUES ('a')")
    second.write("INSERT INTO note (text) VALUES ('b')")
    assert len(first.read("SELECT * FROM note")) == 2
    first.close()
    second.close()


def test_a_transaction_that_fails_leaves_nothing(path: Path):
    database = opened(path)
    with pytest.raises(ZeroDivisionError):
        write_notes(database, 1, ZeroDivisionError())
    assert database.read("SELECT * FROM note") == []
    database.close()


def test_a_full_disk_is_told_in_words_and_what_was_there_stays(path: Path):
    filled(path)
    database = opened(path)
    database.write("PRAGMA max_page_count=1")
    with pytest.raises(AppError, match="disk is full"):
        write_notes(database, 100)
    assert len(database.read("SELECT * FROM note")) == 3
    database.close()


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path):
    with pytest.raises(AppError, match="cannot be opened"):
        opened(tmp_path / "nowhere" / "notes.db")


def test_a_mistake_of_ours_is_not_dressed_up(path: Path):
    database = opened(path)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.read("SELECT * FROM nowhere")
    database.close()
