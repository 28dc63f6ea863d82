"""The trash in the model folder: removed files, kept for a while under their old relative paths."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from desktop.core.errors import AppError
from desktop.storage.model_file import parts_of
from desktop.storage.model_source import SOURCE_SUFFIX

TRASH_NAME: Final = ".trash"
_TIME_FORMAT = "%Y%m%dT%H%M%S.%f"


@dataclass(frozen=True, slots=True)
class TrashedModel:
    """A model in the trash: the folder that its files were put into, and since when."""

    folder: Path
    removed_at: datetime

    @property
    def files(self) -> tuple[Path, ...]:
        """Paths of its files, relative to the model folder."""
        found = (Path(parent, name) for parent, _, names in os.walk(self.folder) for name in names)
        return tuple(sorted(path.relative_to(self.folder) for path in found))

    @property
    def file_bytes(self) -> int:
        """What it takes on disk."""
        return sum((self.folder / file).lstat().st_size for file in self.files)


class ModelTrash:
    """The trash of one model folder. There is no list of it: names and places say it all."""

    def __init__(self, models: Path) -> None:
        self._models = models
        self._trash = models / TRASH_NAME

    def contents(self) -> tuple[TrashedModel, ...]:
        """Return what is in it, the newest first; empty if there is no trash."""
        return tuple(sorted(self._entries(), key=lambda entry: entry.removed_at, reverse=True))

    def discard(self, path: Path) -> TrashedModel:
        """Move all files of a model into the trash.

        Raises:
            AppError: The system refuses; what was moved before is put back.
        """
        entry = self._new_entry()
        moved: list[tuple[Path, Path]] = []
        try:
            for file in _files_of(path):
                place = entry.folder / file.relative_to(self._models)
                place.parent.mkdir(parents=True, exist_ok=True)
                file.rename(place)
                moved.append((file, place))
        except OSError as error:
            for file, place in moved:
                with suppress(OSError):
                    place.rename(file)
            shutil.rmtree(entry.folder, ignore_errors=True)
            raise _refused(path.name, "moved to the trash", error) from error
        self._prune(path.parent)
        return entry

    def restore(self, path: Path) -> None:
        """Put the model that lay at a path back there.

        Raises:
            AppError: It is not in the trash, another file has its place, or the system refuses.
        """
        wanted = path.relative_to(self._models)
        for entry in self.contents():
            if wanted in entry.files:
                self._put_back(entry, path.name)
                return
        raise AppError(
            f"{path.name} cannot be brought back",
            "It is no longer in the trash.",
            "Download the model again.",
        )

    def holds(self, path: Path) -> bool:
        """Whether the model that lay at a path can be brought back."""
        if not path.is_relative_to(self._models):
            return False
        wanted = path.relative_to(self._models)
        return any((entry.folder / wanted).exists() for entry in self._entries())

    def empty(self, before: datetime) -> int:
        """Delete for good what was removed before a time; return the bytes that came back.

        Raises:
            AppError: The system refuses.
        """
        freed_bytes = 0
        for entry in self._entries():
            if entry.removed_at < before:
                file_bytes = entry.file_bytes
                try:
                    shutil.rmtree(entry.folder)
                except OSError as error:
                    raise _refused("The trash", "emptied", error) from error
                freed_bytes += file_bytes
        return freed_bytes

    def _entries(self) -> Iterator[TrashedModel]:
        try:
            folders = list(self._trash.iterdir())
        except OSError:
            return
        for folder in folders:
            # What somebody else has put there is none of ours.
            with suppress(ValueError):
                removed_at = datetime.strptime(folder.name, _TIME_FORMAT).replace(tzinfo=UTC)
                yield TrashedModel(folder, removed_at)

    def _new_entry(self) -> TrashedModel:
        removed_at = datetime.now(UTC)
        folder = self._trash / removed_at.strftime(_TIME_FORMAT)
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise _refused("The model", "moved to the trash", error) from error
        return TrashedModel(folder, removed_at)

    def _put_back(self, entry: TrashedModel, name: str) -> None:
        files = entry.files
        taken = [file for file in files if (self._models / file).exists()]
        if taken:
            raise AppError(
                f"{name} cannot be brought back",
                f"There is another {taken[0]} in its place.",
                "Move that file away and try again.",
            )
        try:
            for file in files:
                place = self._models / file
                place.parent.mkdir(parents=True, exist_ok=True)
                (entry.folder / file).rename(place)
            shutil.rmtree(entry.folder)
        except OSError as error:
            raise _refused(name, "brought back", error) from error

    def _prune(self, folder: Path) -> None:
        """Take away the folders that a model was alone in."""
        with suppress(OSError):
            while folder != self._models and self._models in folder.parents:
                folder.rmdir()
                folder = folder.parent


def _files_of(path: Path) -> Iterator[Path]:
    """Name the files of a model that are there, with the notes of their download."""
    for part in parts_of(path):
        for file in (part, part.with_name(f"{part.name}{SOURCE_SUFFIX}")):
            if file.is_symlink() or file.exists():
                yield file


def _refused(what: str, done: str, error: OSError) -> AppError:
    return AppError(
        f"{what} could not be {done}",
        f"The system refused it: {error.strerror or error}.",
        "Check the disk and the permissions of the model folder.",
    )
