"""A file that is being fetched, as it grows on the disk."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop.hub.byte_ranges import ByteRanges, Span
from desktop.hub.file_lock import try_lock
from desktop.hub.progress_log import LogHead, ProgressLog, Promise
from desktop.hub.transfer_problem import disk_failed, taken
from desktop.storage.download_place import progress_path

LOG_EVERY_BYTES = 128 * 1024
"""So much may be written before it is logged. With the 128 KiB that each of four streams may hold
in its hands, less than 1 MiB is fetched again after a kill."""


class PartClosedError(Exception):
    """Somebody still wants to use a file that was closed."""


class PartFile:
    """A file under way, with a log of what is there of it; may be used from several threads.

    Opening it takes up what an earlier process left. Methods raise AppError when the disk fails,
    and PartClosedError after `close`.

    Raises:
        AppError: Another process is at work on it, or the disk fails.
    """

    def __init__(self, path: Path, promise: Promise, *, anew: bool = False) -> None:
        self.path = path
        self.promise = promise
        self._lock = threading.Lock()
        self._grown = threading.Condition(self._lock)
        self._renewal = threading.Lock()  # taken before the other one; held while the disk works
        self._awaited_bytes = promise.size_bytes
        self._unlogged = ByteRanges()
        self._log = ProgressLog(progress_path(path))
        self._is_closed = False
        with self._told_in_words():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            self._file = path.open("r+b", buffering=0)
        try:
            self._take_up(anew=anew)
        except BaseException:
            self._file.close()
            raise

    @property
    def done_bytes(self) -> int:
        """How much is there."""
        with self._lock:
            return self._ranges.total_bytes

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the bytes are that are there."""
        with self._lock:
            return self._ranges.spans

    @property
    def is_whole(self) -> bool:
        """Whether everything is there."""
        return self.done_bytes == self.promise.size_bytes

    @property
    def is_verified(self) -> bool:
        """Whether everything was there and had the right SHA-256."""
        return self._is_verified

    def write(self, start: int, data: bytes | memoryview) -> None:
        """Put bytes where they belong."""
        with self._lock, self._told_in_words():
            self._require_open()
            self._file.seek(start)
            self._write_all(memoryview(data))
            self._ranges.add(start, start + len(data))
            self._unlogged.add(start, start + len(data))
            if self._unlogged.total_bytes >= LOG_EVERY_BYTES:
                self._log_rest()
            if self._ranges.prefix_bytes >= self._awaited_bytes:
                self._grown.notify_all()

    def wait_for(self, prefix_bytes: int) -> None:
        """Wait until so much is there from the start on."""
        with self._lock:
            self._awaited_bytes = prefix_bytes
            while self._ranges.prefix_bytes < prefix_bytes:
                self._require_open()
                self._grown.wait()
            self._require_open()

    def sync(self) -> None:
        """Force to the disk what was written, so that not even a power cut takes it away."""
        self._renew_log(is_verified=self._is_verified)

    def mark_verified(self) -> None:
        """Note that the SHA-256 is right, once everything is on the disk."""
        self._is_verified = True
        self._renew_log(is_verified=True)

    def publish(self, target: Path) -> None:
        """Give the verified file its name, in one step; it is closed then."""
        if sys.platform == "win32":
            self.close()  # an open file cannot be renamed there
        with self._told_in_words():
            self.path.replace(target)
            self.close()
            self._log.delete()
            _sync_folder(target.parent)

    def close(self) -> None:
        """Let go of the file, which stays as it is; safe to call twice."""
        with self._renewal, self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            with suppress(OSError):  # what is not logged is only fetched again
                self._log_rest()
            self._log.close()
            self._file.close()
            self._grown.notify_all()

    def delete(self) -> None:
        """Throw away what is there; it is closed then."""
        self.close()
        with self._told_in_words():
            self._log.delete()
            self.path.unlink(missing_ok=True)

    def _take_up(self, *, anew: bool) -> None:
        with self._told_in_words():
            if not self._try_lock():
                raise taken()
            head = LogHead(self.promise) if anew else self._log.read(self.promise)
            length = os.fstat(self._file.fileno()).st_size
            self._ranges = ByteRanges((start, min(stop, length)) for start, stop in head.spans)
            whole_bytes = self.promise.size_bytes
            self._is_verified = head.is_verified and self._ranges.total_bytes == whole_bytes
            self._file.truncate(max((stop for _, stop in self._ranges.spans), default=0))
            self._renew_log(is_verified=self._is_verified)

    def _try_lock(self) -> bool:
        """Take the file; False if another process has it, or had it and has just published it."""
        return try_lock(self._file) and os.path.samestat(
            os.fstat(self._file.fileno()), self.path.stat()
        )

    def _renew_log(self, *, is_verified: bool) -> None:
        with self._renewal, self._told_in_words():
            self._require_open()
            head = LogHead(self.promise, self.spans, is_verified)
            os.fsync(self._file.fileno())
            self._log.write_fresh(head)
            with self._lock:
                self._log.take_fresh()
                self._log.append(self._ranges.spans)
                self._unlogged = ByteRanges()

    def _write_all(self, data: memoryview) -> None:
        while data:
            data = data[self._file.write(data) :]

    def _log_rest(self) -> None:
        if self._unlogged.total_bytes:
            self._log.append(self._unlogged.spans)
            self._unlogged = ByteRanges()

    def _require_open(self) -> None:
        if self._is_closed:
            raise PartClosedError

    @contextmanager
    def _told_in_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise disk_failed(error, str(self.path.parent)) from error


def _sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk, where the system lets folders be opened."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
