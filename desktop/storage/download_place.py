"""Where a download lies on the disk; names from the network never become paths by themselves."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from desktop.core.errors import AppError
from desktop.core.hub_address import parse_hub_address
from desktop.core.hub_model import HubFile, HubPart
from desktop.storage.model_source import SOURCE_SUFFIX

PART_SUFFIX = ".part"
PROGRESS_SUFFIX = ".json"
NEW_SUFFIX = ".new"

_NAME_LIMIT_BYTES = 200
"""Leaves room for the longest suffix within the 255 bytes that file systems allow."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f"*:<>?\\|]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MODEL_SUFFIX = ".gguf"


class _SourceNote(msgspec.Struct, frozen=True):
    repo: str
    revision: str
    path: str
    sha256: str
    license: str
    fetched_at: str


class DownloadPlace:
    """The files of one download, all in the folder of its repository below the models folder.

    A repository has a folder of its own, as two of them may have files of the same name; the parts
    of a split model lie together.

    Raises:
        AppError: Names or sums that cannot be what an honest server says.
    """

    def __init__(self, models: Path, file: HubFile) -> None:
        address = parse_hub_address(file.repo)
        if address is None or address.repo != file.repo:
            raise _refused(f"“{_shown(file.repo)}” is no name of a repository")
        for part in file.parts:
            _check_promise(part)
        self._file = file
        self.folder = models / file.repo.replace("/", "--")
        names = [_plain_name(part.path) for part in file.parts]
        if len({name.casefold() for name in names}) < len(names):
            raise _refused("two of its parts have the same name")
        self._names = dict(zip(file.parts, names, strict=True))

    def target(self, part: HubPart) -> Path:
        """Where a file is published."""
        return self.folder / self._names[part]

    def unfinished(self, part: HubPart) -> Path:
        """Where a file is written meanwhile."""
        return self.folder / f"{self._names[part]}.{part.sha256[:16]}{PART_SUFFIX}"

    def is_published(self, part: HubPart) -> bool:
        """Whether a file is there in whole, fetched by a download that came to its end."""
        target = self.target(part)
        if self.unfinished(part).exists() or not target.is_file():
            return False
        return target.stat().st_size == part.size_bytes and _noted_sha256(target) == part.sha256

    def note_source(self, part: HubPart) -> None:
        """Write down beside a file where it comes from, before it is published.

        Raises:
            OSError: The disk refuses.
        """
        file, target = self._file, self.target(part)
        note = _SourceNote(
            repo=file.repo,
            revision=file.revision,
            path=part.path,
            sha256=part.sha256,
            license=file.license,
            fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        path = _note_path(target)
        fresh = path.with_name(f"{path.name}{NEW_SUFFIX}")
        fresh.write_bytes(msgspec.json.format(msgspec.json.encode(note)))
        fresh.replace(path)

    def discard(self) -> None:
        """Delete what was fetched but not published; other downloads are not touched.

        Raises:
            OSError: The system refuses.
        """
        for path in self._leftovers():
            path.unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _leftovers(self) -> Iterator[Path]:
        for part in self._file.parts:
            path = self.unfinished(part)
            progress = progress_path(path)
            yield from (path, progress, progress.with_name(f"{progress.name}{NEW_SUFFIX}"))


def progress_path(unfinished: Path) -> Path:
    """Where it is written down how much of a file is there."""
    return unfinished.with_name(f"{unfinished.name}{PROGRESS_SUFFIX}")


def _note_path(target: Path) -> Path:
    return target.with_name(f"{target.name}{SOURCE_SUFFIX}")


def _noted_sha256(target: Path) -> str:
    try:
        return msgspec.json.decode(_note_path(target).read_bytes(), type=_SourceNote).sha256
    except (OSError, msgspec.MsgspecError):
        return ""


def _plain_name(path: str) -> str:
    """Return the name of a file in a repository, if it is a path that one can have."""
    *folders, name = path.split("/")
    if any(folder in {"", ".", ".."} for folder in folders) or _FORBIDDEN.search(path):
        raise _refused(f"“{_shown(path)}” is no path of a file in a repository")
    if name.startswith((".", " ")) or _RESERVED.fullmatch(name):
        raise _refused(f"“{_shown(name)}” is a name that files must not have")
    if not name.lower().endswith(_MODEL_SUFFIX):
        raise _refused(f"“{_shown(name)}” does not end in {_MODEL_SUFFIX}")
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        raise _refused(f"“{_shown(name)}” is no text") from None
    if length > _NAME_LIMIT_BYTES:
        raise _refused(f"its name has {length} bytes, of which {_NAME_LIMIT_BYTES} are allowed")
    return name


def _shown(text: str) -> str:
    """Return a foreign text so that it can do no harm on a screen."""
    return text[:80].encode("unicode_escape").decode()


def _check_promise(part: HubPart) -> None:
    """Refuse a file of which size or sum cannot be true."""
    if _SHA256.fullmatch(part.sha256) is None:
        raise _refused("the Hub promises no SHA-256 for it, so that it could not be checked")
    if part.size_bytes <= 0:
        raise _refused("it has no content")


def _refused(reason: str) -> AppError:
    return AppError(
        "This file is not downloaded",
        f"It was refused before anything was fetched: {reason}.",
        "Choose another file.",
    )
