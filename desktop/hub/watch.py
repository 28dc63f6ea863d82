"""What a transfer and whoever asked for it say to each other while it runs."""

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from desktop.core.download import DownloadState
from desktop.hub.terms import Terms
from desktop.hub.transfer_outcome import Progress, StoppedError
from desktop.hub.transfer_problem import no_space

_PROGRESS_INTERVAL_S = 0.25
_SPACE_INTERVAL_S = 1.0


class Watch:
    """Passes progress on, and listens for the word to stop and for a disk that fills up."""

    def __init__(
        self,
        folder: Path,
        terms: Terms,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self._folder = folder
        self._reserve_bytes = terms.reserve_bytes
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._settled = Progress(DownloadState.CONNECTING, 0, 0)
        self._told: Progress | None = None
        self._told_at_s = 0.0
        self._space_at_s = 0.0

    @property
    def fetched_bytes(self) -> int:
        """What the parts that are done with took over the network."""
        return self._settled.fetched_bytes

    def require_space(self, needed_bytes: int) -> None:
        """Check that so much fits on the disk, and leaves the reserve.

        Raises:
            HubError: It does not.
        """
        free_bytes = shutil.disk_usage(self._folder).free
        if needed_bytes and free_bytes < needed_bytes + self._reserve_bytes:
            raise no_space(needed_bytes, free_bytes, self._reserve_bytes)

    def settle(self, *, done_bytes: int, fetched_bytes: int) -> None:
        """Count what is done with, to be added to all further progress."""
        settled = self._settled
        self._settled = replace(
            settled,
            done_bytes=settled.done_bytes + done_bytes,
            fetched_bytes=settled.fetched_bytes + fetched_bytes,
        )

    def look(self, part: Progress, left_bytes: int) -> None:
        """Tell of the progress of a part when it is time to, and see whether to go on.

        Raises:
            StoppedError: The transfer is to stop.
            HubError: Something else has filled the disk.
        """
        if self._should_stop():
            raise StoppedError
        now_s = time.monotonic()
        self._look_at_space(now_s, left_bytes)
        told = self._told
        is_news = told is None or (told.state, told.note) != (part.state, part.note)
        if is_news or now_s - self._told_at_s >= _PROGRESS_INTERVAL_S:
            self._told, self._told_at_s = part, now_s
            self._on_progress(
                replace(
                    part,
                    done_bytes=self._settled.done_bytes + part.done_bytes,
                    fetched_bytes=self._settled.fetched_bytes + part.fetched_bytes,
                )
            )

    def _look_at_space(self, now_s: float, left_bytes: int) -> None:
        if now_s - self._space_at_s < _SPACE_INTERVAL_S:
            return
        self._space_at_s = now_s
        free_bytes = shutil.disk_usage(self._folder).free
        # Half of the reserve: what was right at the start must not fail for a log that grew.
        if left_bytes and free_bytes < self._reserve_bytes // 2:
            raise no_space(left_bytes, free_bytes, self._reserve_bytes)
