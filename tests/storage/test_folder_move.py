import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.errors import AppError
from desktop.core.library import WorkCancelledError
from desktop.storage.folder_move import FolderCopy, delete_files

MEBIBYTE = 1024**2


def never() -> bool:
    return False


def ignore(_done_bytes: int, _total_bytes: int) -> None:
    pass


def copy(source: Path, target: Path, should_stop: Callable[[], bool] = never) -> tuple[str, ...]:
    return FolderCopy(source, target, ignore).run(should_stop)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    (folder / "owner--name").mkdir(parents=True)
    (folder / ".trash" / "x").mkdir(parents=True)
    (folder / "a.gguf").write_bytes(b"a" * 9 * MEBIBYTE)
    (folder / "owner--name" / "b.gguf").write_bytes(b"b")
    (folder / ".trash" / "x" / "c.gguf").write_bytes(b"c")
    os.utime(folder / "a.gguf", ns=(1, 10**18))
    return folder


@pytest.fixture
def no_links(monkeypatch) -> None:
    """Two folders on different disks, as far as links go."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("no_links")
def test_everything_is_copied_before_anything_is_deleted(source: Path, tmp_path: Path):
    target = tmp_path / "deep" / "target"
    seen = []
    before = contents(source)
    names = FolderCopy(source, target, lambda *progress: seen.append(progress)).run(never)
    assert contents(source) == contents(target) == before
    assert set(names) == {name.replace("/", os.sep) for name in before}
    assert (target / "a.gguf").stat().st_mtime_ns == 10**18
    total = 9 * MEBIBYTE + 2
    assert [done for done, _ in seen] == [1, 8 * MEBIBYTE + 1, 9 * MEBIBYTE + 1, total]
    assert {whole for _, whole in seen} == {total}
    assert delete_files(source, names) == ()
    assert not source.exists()
    assert contents(target) == before


def test_on_the_same_disk_no_space_is_taken(source: Path, tmp_path: Path):
    copy(source, tmp_path / "target")
    assert (tmp_path / "target" / "a.gguf").samefile(source / "a.gguf")


@pytest.mark.usefixtures("no_links")
def test_links_are_copied_as_links(source: Path, tmp_path: Path):
    (source / "link.gguf").symlink_to("a.gguf")
    copy(source, tmp_path / "target")
    assert (tmp_path / "target" / "link.gguf").readlink() == Path("a.gguf")


@pytest.mark.usefixtures("no_links")
def test_a_cancelled_copy_leaves_nothing_behind(source: Path, tmp_path: Path):
    target = tmp_path / "target"
    target.mkdir()
    (target / "mine.txt").write_text("stays")
    before = contents(source)
    answers = iter([False, False, False, True])
    with pytest.raises(WorkCancelledError):
        copy(source, target, lambda: next(answers))
    assert contents(target) == {"mine.txt": b"stays"}
    assert list(target.iterdir()) == [target / "mine.txt"]
    assert contents(source) == before


@pytest.mark.usefixtures("no_links")
def test_a_file_that_is_written_meanwhile_ends_the_move(source: Path, tmp_path: Path):
    def download_goes_on() -> bool:
        (source / "half.gguf.part").write_bytes(b"more")
        return False

    with pytest.raises(AppError, match="written into it"):
        copy(source, tmp_path / "target", download_goes_on)
    assert not (tmp_path / "target").exists()


@pytest.mark.usefixtures("no_links")
def test_a_copy_that_is_too_short_ends_the_move(source: Path, tmp_path: Path, monkeypatch):
    def cut_short(_source: Path, target: Path) -> None:
        os.truncate(target, 0)

    monkeypatch.setattr(shutil, "copystat", cut_short)
    with pytest.raises(AppError, match="not as long"):
        copy(source, tmp_path / "target")
    assert not (tmp_path / "target").exists()


@pytest.mark.usefixtures("no_links")
def test_a_disk_that_fills_up_is_told_and_cleaned(source: Path, tmp_path: Path, monkeypatch):
    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(AppError, match="No space left"):
        copy(source, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_folder_that_holds_such_files_is_refused(source: Path, tmp_path: Path):
    target = tmp_path / "target"
    target.mkdir()
    (target / "a.gguf").write_text("mine")
    with pytest.raises(AppError, match=r"already holds a\.gguf"):
        copy(source, target)
    assert contents(target) == {"a.gguf": b"mine"}


@pytest.mark.parametrize("place", [".", "inside", ".."])
def test_a_folder_cannot_move_into_itself_or_around(source: Path, place: str):
    with pytest.raises(AppError, match="inside the other"):
        copy(source, source / place)
    assert not (source / "inside").exists()


def test_on_another_disk_space_is_checked_first(source: Path, tmp_path: Path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=MEBIBYTE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    target = tmp_path / "target"
    original = Path.stat

    def stat(path: Path, **options: bool) -> os.stat_result:
        state = original(path, **options)
        if path != target:
            return state
        return os.stat_result([*state[:2], state.st_dev + 1, *state[3:10]])

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(AppError, match="not enough space"):
        copy(source, target)
    assert not target.exists()


def test_what_cannot_be_deleted_is_named(tmp_path: Path):
    (tmp_path / "m" / "folder.gguf").mkdir(parents=True)
    (tmp_path / "m" / "folder.gguf" / "x").write_text("")
    (tmp_path / "m" / "a.gguf").write_text("")
    assert delete_files(tmp_path / "m", ("a.gguf", "folder.gguf", "gone")) == ("folder.gguf",)
    assert contents(tmp_path / "m") == {"folder.gguf/x": b""}
