"""A file under way with all that goes on around it: it is hashed, and kept safe on the disk."""

import threading

from desktop.core.errors import AppError
from desktop.hub.frontier_hash import FrontierHash
from desktop.hub.part_file import PartClosedError, PartFile
from desktop.hub.transfer_problem import wrong_hash


class LivePart:
    """Hashes a file as it grows and forces it to the disk from time to time, each in a thread.

    `close` ends both.
    """

    def __init__(self, file: PartFile, sync_s: float) -> None:
        self.file = file
        self._hash = FrontierHash(file)
        self._sync_s = sync_s
        self._problem: AppError | None = None
        self._is_closed = threading.Event()
        threading.Thread(target=self._keep_safe, name="sync", daemon=True).start()

    def check(self) -> None:
        """Raise AppError if the disk has failed."""
        if self._problem is not None:
            raise self._problem

    def is_verified(self, wait_s: float) -> bool:
        """Compare the sum, once everything is there; False if it takes longer than `wait_s`.

        Raises:
            HubError: It is wrong. The file was deleted.
            AppError: The disk failed.
        """
        self.check()
        self._hash.wait(wait_s)
        digest = self._hash.digest()
        if not digest:
            return False
        self._is_closed.set()
        if digest != self.file.promise.sha256:
            self.file.delete()
            raise wrong_hash(self.file.promise.path.rpartition("/")[2])
        self.file.mark_verified()
        return True

    def started_over(self) -> "LivePart":
        """Throw away what is there and return a new one in its place."""
        self.close()
        return LivePart(PartFile(self.file.path, self.file.promise, anew=True), self._sync_s)

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        self._is_closed.set()
        self.file.close()

    def _keep_safe(self) -> None:
        try:
            while not self._is_closed.wait(self._sync_s):
                self.file.sync()
        except PartClosedError:
            return
        except AppError as error:
            self._problem = error
