"""A file under way: what is there of it is known after any end of the process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.errors import AppError
from desktop.hub import progress_log
from desktop.hub.part_file import LOG_EVERY_BYTES, PartClosedError, PartFile
from desktop.hub.progress_log import Promise

PROMISE = Promise("o/r", "m.gguf", 1_000_000, "a" * 64)
BLOCK = LOG_EVERY_BYTES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "o--r" / "m.gguf.part"


@pytest.fixture
def open_part(path: Path):
    opened: list[PartFile] = []

    def open_part(promise: Promise = PROMISE, *, anew: bool = False) -> PartFile:
        opened.append(PartFile(path, promise, anew=anew))
        return opened[-1]

    yield open_part
    for part in opened:
        part.close()


def reboot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system be another run of itself, as it is after a power cut."""
    monkeypatch.setattr(progress_log, "boot_id", lambda: "another")


def test_bytes_lie_where_they_belong(open_part, path):
    part = open_part()
    part.write(500, b"world")
    part.write(0, b"hello")
    assert part.done_bytes == 10
    assert part.spans == ((0, 5), (500, 505))
    content = path.read_bytes()
    assert (content[:5], content[500:505]) == (b"hello", b"world")


def test_what_was_written_is_known_when_it_is_opened_again(open_part):
    part = open_part()
    part.write(0, bytes(100))
    part.write(700, bytes(50))
    part.close()
    assert open_part().spans == ((0, 100), (700, 750))


def test_a_killed_process_loses_less_than_is_written_between_two_lines(path, open_part):
    script = (
        "import os, sys; from pathlib import Path\n"
        "from desktop.hub.part_file import PartFile; from desktop.hub.progress_log import Promise\n"
        f"part = PartFile(Path({str(path)!r}), {PROMISE!r})\n"
        "for at in range(0, 900_000, 50_000): part.write(at, bytes(50_000))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    [(start, stop)] = open_part().spans
    assert start == 0
    assert 900_000 - LOG_EVERY_BYTES < stop <= 900_000


def test_a_power_cut_takes_what_was_not_forced_to_the_disk(open_part, monkeypatch):
    part = open_part()
    part.write(0, bytes(BLOCK))
    part.sync()
    part.write(BLOCK, bytes(BLOCK))
    part.close()
    reboot(monkeypatch)
    assert open_part().spans == ((0, BLOCK),)


def test_a_line_that_was_cut_short_is_passed_over(open_part, path):
    part = open_part()
    part.write(0, bytes(BLOCK))
    part.write(BLOCK, bytes(BLOCK))
    part.close()
    log = path.with_name("m.gguf.part.json")
    log.write_bytes(log.read_bytes()[:-3])
    assert open_part().spans == ((0, BLOCK),)


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"\xff\n\xff", b"[[0,10]]\n", b"null\n[]\n"])
def test_a_damaged_log_means_that_nothing_is_there(open_part, path, rubbish):
    part = open_part()
    part.write(0, bytes(100))
    part.close()
    path.with_name("m.gguf.part.json").write_bytes(rubbish)
    part = open_part()
    assert part.done_bytes == 0
    assert path.stat().st_size == 0


def test_spans_that_cannot_be_are_not_believed(open_part, path):
    part = open_part()
    part.write(0, bytes(100))
    part.close()
    with path.with_name("m.gguf.part.json").open("ab") as log:
        log.write(b"[[-5,50],[90,2000000],[7,3],[400,500]]\n")
    assert open_part().spans == ((0, 100),)  # the file ends at 100


def test_what_came_of_another_file_is_not_used(open_part):
    part = open_part()
    part.write(0, bytes(100))
    part.close()
    assert open_part(Promise("o/r", "m.gguf", 1_000_000, "b" * 64)).done_bytes == 0


def test_what_came_of_an_older_commit_with_the_same_content_is_used(open_part):
    part = open_part()
    part.write(0, bytes(100))
    part.close()
    assert open_part(Promise("o/moved", "n.gguf", 1_000_000, "a" * 64)).done_bytes == 100


def test_it_can_be_begun_anew(open_part, path):
    part = open_part()
    part.write(0, bytes(100))
    part.close()
    assert open_part(anew=True).done_bytes == 0
    assert path.stat().st_size == 0


def test_two_processes_cannot_be_at_work_on_it(open_part):
    open_part()
    with pytest.raises(AppError, match="downloaded already"):
        open_part()


def test_nobody_writes_to_a_closed_file(open_part):
    part = open_part()
    part.close()
    part.close()
    with pytest.raises(PartClosedError):
        part.write(0, b"late")
    with pytest.raises(PartClosedError):
        part.sync()
    with pytest.raises(PartClosedError):
        part.wait_for(1)


def test_a_verified_file_stays_so_over_a_restart(open_part):
    part = open_part()
    part.write(0, bytes(PROMISE.size_bytes))
    assert not part.is_verified
    part.mark_verified()
    part.close()
    assert open_part().is_verified


def test_a_verified_file_that_was_cut_short_is_not_verified(open_part, path):
    part = open_part()
    part.write(0, bytes(PROMISE.size_bytes))
    part.mark_verified()
    part.close()
    os.truncate(path, 10)
    part = open_part()
    assert not part.is_verified
    assert part.done_bytes == 10


def test_publishing_leaves_nothing_but_the_file(open_part, path):
    part = open_part()
    part.write(0, bytes(PROMISE.size_bytes))
    part.mark_verified()
    part.publish(path.with_name("m.gguf"))
    assert [file.name for file in path.parent.iterdir()] == ["m.gguf"]


def test_a_folder_that_cannot_be_written_is_told_of_in_words(tmp_path):
    (tmp_path / "o--r").write_text("a file in the place of the folder")
    with pytest.raises(AppError, match="cannot be saved"):
        PartFile(tmp_path / "o--r" / "m.gguf.part", PROMISE)
