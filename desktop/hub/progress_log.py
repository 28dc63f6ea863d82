"""A log of which bytes of a file are there, which a kill at any moment leaves readable."""

import os
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import msgspec

from desktop.hub.byte_ranges import ByteRanges, Span
from desktop.storage.download_place import NEW_SUFFIX
from desktop.system.boot import boot_id


@dataclass(frozen=True, slots=True)
class Promise:
    """What a file must turn out to be."""

    repo: str
    path: str
    size_bytes: int
    sha256: str


class LogHead(msgspec.Struct, frozen=True):
    """The first line: what is on the disk for sure, and in which run of the system that was.

    Each line after it holds spans that were written since. They are there for sure as long as the
    system was not restarted, as a killed process loses nothing that it has given to the system.
    """

    promise: Promise
    spans: tuple[Span, ...] = ()
    is_verified: bool = False
    boot: str = ""


class ProgressLog:
    """An open log; used under the lock of its file. Methods raise OSError when the disk fails."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fresh_path = path.with_name(f"{path.name}{NEW_SUFFIX}")
        self._stream: FileIO | None = None

    def read(self, promise: Promise) -> LogHead:
        """Return what is there of a file; nothing if the log is about another one or damaged."""
        nothing = LogHead(promise)
        try:
            first, *lines = self._path.read_bytes().split(b"\n")
            head = msgspec.json.decode(first, type=LogHead)
        except (OSError, ValueError, msgspec.MsgspecError):
            return nothing
        known = (head.promise.size_bytes, head.promise.sha256)
        if known != (promise.size_bytes, promise.sha256):
            return nothing
        spans = ByteRanges(_sane(head.spans, promise.size_bytes))
        for line in lines if head.boot == boot_id() else []:
            # The last line may have been cut short.
            with suppress(msgspec.MsgspecError, ValueError):
                for span in _sane(msgspec.json.decode(line, type=list[Span]), promise.size_bytes):
                    spans.add(*span)
        return LogHead(promise, spans.spans, head.is_verified)

    def write_fresh(self, head: LogHead) -> None:
        """Write a new log beside the present one, down to the disk; `take_fresh` follows."""
        line = msgspec.json.encode(msgspec.structs.replace(head, boot=boot_id())) + b"\n"
        with self._fresh_path.open("wb") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())

    def take_fresh(self) -> None:
        """Put the new log in the place of the present one and go on with it."""
        self.close()
        self._fresh_path.replace(self._path)
        self._stream = FileIO(self._path, "ab")

    def append(self, spans: tuple[Span, ...]) -> None:
        """Add what was written since; survives the end of this process, but not of the system."""
        if self._stream is not None:
            self._stream.write(msgspec.json.encode(spans) + b"\n")

    def close(self) -> None:
        """Close the file; safe to call twice."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def delete(self) -> None:
        """Delete the file."""
        self.close()
        self._path.unlink(missing_ok=True)


def _sane(spans: tuple[Span, ...] | list[Span], size_bytes: int) -> list[Span]:
    return [(start, stop) for start, stop in spans if 0 <= start < stop <= size_bytes]
