"""The SHA-256 of a file while it is still being fetched."""

import hashlib
import threading

from desktop.core.errors import AppError
from desktop.hub.part_file import PartClosedError, PartFile
from desktop.hub.transfer_problem import disk_failed

_BLOCK_BYTES = 1024**2


class FrontierHash:
    """Reads what is there from the start on, in a thread of its own, and hashes it.

    It keeps up with the network, and does not slow it down; what an earlier process left is read
    first. Closing the part ends it.
    """

    def __init__(self, part: PartFile) -> None:
        self._part = part
        self._digest = ""
        self._problem: AppError | None = None
        self._thread = threading.Thread(target=self._run, name="hash", daemon=True)
        self._thread.start()

    def digest(self) -> str:
        """Return the sum, empty as long as it is not there.

        Raises:
            AppError: The disk failed.
        """
        if self._problem is not None:
            raise self._problem
        return self._digest

    def wait(self, timeout_s: float) -> None:
        """Wait until the sum is there, or for a time."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            self._digest = self._hash()
        except PartClosedError:
            return
        except OSError as error:
            self._problem = disk_failed(error, str(self._part.path.parent))

    def _hash(self) -> str:
        size_bytes = self._part.promise.size_bytes
        digest = hashlib.sha256()
        view = memoryview(bytearray(_BLOCK_BYTES))
        with self._part.path.open("rb", buffering=0) as stream:
            at = 0
            while at < size_bytes:
                stop = min(at + _BLOCK_BYTES, size_bytes)
                self._part.wait_for(stop)
                count = stream.readinto(view[: stop - at])
                if not count:  # somebody cut the file short: the sum will be a wrong one
                    break
                digest.update(view[:count])
                at += count
        return digest.hexdigest()
