"""Moving the model folder: everything is copied and checked first, and deleted only then."""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desktop.core.download import RESERVE_BYTES
from desktop.core.errors import AppError
from desktop.core.library import WorkCancelledError
from desktop.core.text_format import format_bytes

_BLOCK_BYTES: Final = 8 * 1024**2
_DELETION_TRIES: Final = 20
_DELETION_PAUSE_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file that is to be moved, with what tells that it has not changed meanwhile."""

    name: str
    size_bytes: int
    modified_at_ns: int


class FolderCopy:
    """Copies all files of one folder into another, on the same disk without taking space."""

    def __init__(self, source: Path, target: Path, on_progress: Callable[[int, int], None]) -> None:
        """Set up a copy.

        Args:
            source: The folder as it is.
            target: Another folder; what lies in it stays.
            on_progress: Called with the bytes done and in total.
        """
        self._source = source.resolve()
        self._target = target.resolve()
        self._on_progress = on_progress
        self._done_bytes = 0
        self._total_bytes = 0
        self._made: list[Path] = []

    def run(self, should_stop: Callable[[], bool]) -> tuple[str, ...]:
        """Copy, and return the names of the files, relative to both folders.

        Args:
            should_stop: Asked before every block of 8 MiB.

        Raises:
            AppError: The target does not suit, lacks space, or the system refuses.
            WorkCancelledError: It was to stop. As after an error, no copy is left behind.
        """
        try:
            files = self._files()
            self._check(files)
            for file in files:
                self._copy(file, should_stop)
            self._compare(files)
        except OSError as error:
            self._clean_up()
            raise _refused(self._target, error) from error
        except BaseException:
            self._clean_up()
            raise
        return tuple(file.name for file in files)

    def _files(self) -> list[FolderFile]:
        files = []
        for parent, _, names in os.walk(self._source):
            for name in names:
                path = Path(parent, name)
                state = path.lstat()
                relative = str(path.relative_to(self._source))
                files.append(FolderFile(relative, state.st_size, state.st_mtime_ns))
        return sorted(files, key=lambda file: file.name)

    def _check(self, files: list[FolderFile]) -> None:
        source, target = self._source, self._target
        if target.is_relative_to(source) or source.is_relative_to(target):
            raise AppError(
                "The model folder cannot be moved there",
                "One of the two folders lies inside the other.",
                "Choose another folder.",
            )
        taken = [file.name for file in files if os.path.lexists(target / file.name)]
        if taken:
            raise AppError(
                "The model folder cannot be moved there",
                f"{target} already holds {taken[0]}.",
                "Choose an empty folder.",
            )
        self._make_folder(target)
        self._total_bytes = sum(file.size_bytes for file in files)
        if source.stat().st_dev != target.stat().st_dev:
            _check_space(target, self._total_bytes)

    def _copy(self, file: FolderFile, should_stop: Callable[[], bool]) -> None:
        if should_stop():
            raise WorkCancelledError
        source, target = self._source / file.name, self._target / file.name
        self._make_folder(target.parent)
        try:
            # On the same disk a second name is as good as a copy.
            os.link(source, target, follow_symlinks=False)
        except OSError:
            self._copy_content(source, target, should_stop)
        else:
            self._made.append(target)
            self._advance(file.size_bytes)

    def _copy_content(self, source: Path, target: Path, should_stop: Callable[[], bool]) -> None:
        if source.is_symlink():
            target.symlink_to(source.readlink())
            self._made.append(target)
            return
        with source.open("rb", buffering=0) as reader, target.open("xb") as writer:
            self._made.append(target)
            while block := reader.read(_BLOCK_BYTES):
                if should_stop():
                    raise WorkCancelledError
                writer.write(block)
                self._advance(len(block))
            writer.flush()
            os.fsync(writer.fileno())
        shutil.copystat(source, target)

    def _compare(self, files: list[FolderFile]) -> None:
        """Make sure that the copies are whole and that nothing was written meanwhile."""
        if self._files() != files:
            raise AppError(
                "The model folder was not moved",
                "Something was written into it meanwhile.",
                "Wait until downloads have ended and try again.",
            )
        for file in files:
            copied = (self._target / file.name).lstat().st_size
            if copied != file.size_bytes:
                raise AppError(
                    "The model folder was not moved",
                    f"The copy of {file.name} is not as long as the file.",
                    "Check the disk and try again.",
                )

    def _make_folder(self, folder: Path) -> None:
        if not folder.exists():
            self._make_folder(folder.parent)
            folder.mkdir()
            self._made.append(folder)

    def _advance(self, count_bytes: int) -> None:
        self._done_bytes += count_bytes
        self._on_progress(self._done_bytes, self._total_bytes)

    def _clean_up(self) -> None:
        for path in reversed(self._made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def delete_files(folder: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    """Delete files and the folders they leave empty; return the names of those that stayed.

    A file that another program holds open is tried for a few seconds.
    """
    left = tuple(name for name in names if not _is_deleted(folder / name))
    for parent, _, _ in os.walk(folder, topdown=False):
        with suppress(OSError):
            Path(parent).rmdir()
    return left


def _is_deleted(path: Path) -> bool:
    for _ in range(_DELETION_TRIES):
        try:
            path.unlink(missing_ok=True)
        except PermissionError:
            time.sleep(_DELETION_PAUSE_S)
        except OSError:
            return False
        else:
            return True
    return False


def _check_space(target: Path, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(target).free
    if free_bytes < needed_bytes + RESERVE_BYTES:
        raise AppError(
            "There is not enough space",
            f"The models take {format_bytes(needed_bytes)}; {format_bytes(free_bytes)} are free.",
            f"Free {format_bytes(needed_bytes + RESERVE_BYTES - free_bytes)} or choose another "
            "folder.",
        )


def _refused(target: Path, error: OSError) -> AppError:
    return AppError(
        "The model folder was not moved",
        f"The system refused to write to {target}: {error.strerror or error}.",
        "Check the disk and the permissions of the folder; nothing was changed.",
    )
