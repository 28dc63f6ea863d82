"""Decode speed from the time stamps of tokens."""

from collections import deque

WINDOW_S = 1.0


def decode_speed(token_count: int, first_s: float | None, last_s: float | None) -> float | None:
    """Return (n-1)/(t_last-t_first) in tokens per second; None for fewer than two tokens."""
    if token_count < 2 or first_s is None or last_s is None or last_s <= first_s:
        return None
    return (token_count - 1) / (last_s - first_s)


class ThroughputMeter:
    """Speed over the last second and over the whole answer, from worker time stamps in seconds."""

    def __init__(self) -> None:
        self._window: deque[float] = deque()
        self._count = 0
        self._first_s = 0.0

    def add(self, stamps_s: tuple[float, ...]) -> None:
        """Take the time stamps of further tokens, oldest first."""
        if not stamps_s:
            return
        if not self._count:
            self._first_s = stamps_s[0]
        self._count += len(stamps_s)
        self._window.extend(stamps_s)
        newest_s = self._window[-1]
        # One stamp older than the window is kept, so that slow models have a speed as well.
        while len(self._window) > 2 and newest_s - self._window[1] >= WINDOW_S:
            self._window.popleft()

    @property
    def token_count(self) -> int:
        """Tokens seen so far."""
        return self._count

    @property
    def now(self) -> float | None:
        """Tokens per second over the last second; None for fewer than two tokens."""
        if not self._window:
            return None
        return decode_speed(len(self._window), self._window[0], self._window[-1])

    @property
    def average(self) -> float | None:
        """Tokens per second since the first token; None for fewer than two tokens."""
        if not self._window:
            return None
        return decode_speed(self._count, self._first_s, self._window[-1])
