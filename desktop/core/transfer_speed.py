"""How fast bytes come, and how long the rest takes."""

from collections import deque

WINDOW_S = 5.0
SHOWN_AFTER_S = 3.0
"""A speed over less than this says little, so none is shown."""


class TransferSpeed:
    """The average over the last 5 s; times are in seconds of one clock."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()

    def add(self, now_s: float, done_bytes: int) -> None:
        """Take how much is there by now; if it is less than before, all begins anew."""
        if self._samples and done_bytes < self._samples[-1][1]:
            self._samples.clear()
        self._samples.append((now_s, done_bytes))
        # One sample older than the window is kept, so that it is covered in full.
        while len(self._samples) > 2 and now_s - self._samples[1][0] >= WINDOW_S:
            self._samples.popleft()

    @property
    def bytes_per_s(self) -> float | None:
        """The speed; None while it is not known."""
        if not self._samples:
            return None
        (first_s, first_bytes), (last_s, last_bytes) = self._samples[0], self._samples[-1]
        passed_s = last_s - first_s
        return (last_bytes - first_bytes) / passed_s if passed_s >= SHOWN_AFTER_S else None

    def remaining_s(self, left_bytes: int) -> float | None:
        """How long the rest takes at this speed; None while that is not known."""
        speed = self.bytes_per_s
        return left_bytes / speed if speed else None
