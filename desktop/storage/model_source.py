"""Where a model file was fetched from and which SHA-256 it was promised to have."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

SOURCE_SUFFIX: Final = ".source.json"
"""A download leaves a note of this name beside the file."""

_NOTE_LIMIT_BYTES = 100_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_OLLAMA_BLOB = re.compile(r"sha256[-:]([0-9a-f]{64})")


class _Note(msgspec.Struct, frozen=True):
    sha256: str = ""
    license: str = ""


def license_of(path: Path) -> str:
    """Return the licence that the file was fetched under; empty if that was not noted."""
    note = _note_of(path)
    return note.license if note is not None else ""


def promised_sha256(parts: Iterable[Path]) -> tuple[str, ...]:
    """Return the SHA-256 that each part was promised to have; nothing unless all are known.

    The note of a download says it; the names of Ollama's files and of those that the Hugging Face
    cache links to are hashes themselves.
    """
    promised = [_promised(part) for part in parts]
    return tuple(promised) if all(promised) else ()


def _promised(part: Path) -> str:
    note = _note_of(part)
    if note is not None and _SHA256.fullmatch(note.sha256):
        return note.sha256
    blob = _OLLAMA_BLOB.fullmatch(part.name)
    if blob is not None:
        return blob[1]
    try:
        linked = part.readlink().name
    except OSError:
        return ""
    return linked if _SHA256.fullmatch(linked) else ""


def _note_of(path: Path) -> _Note | None:
    try:
        with path.with_name(f"{path.name}{SOURCE_SUFFIX}").open("rb") as stream:
            return msgspec.json.decode(stream.read(_NOTE_LIMIT_BYTES), type=_Note)
    except (OSError, msgspec.MsgspecError):
        return None
