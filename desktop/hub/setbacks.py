"""When a download that failed tries again, and when it gives up."""

from desktop.core.hub_model import HubRefusal
from desktop.hub.fault import HubError
from desktop.hub.terms import Patience

_GOOD_PROGRESS_BYTES = 1024**2


class Setbacks:
    """Counts failures in a row, without any new bytes in between."""

    def __init__(self, patience: Patience, done_bytes: int) -> None:
        self._patience = patience
        self._most_bytes = done_bytes
        self._failures = 0

    def pause_s(self, refusal: HubRefusal, wait_s: float | None, done_bytes: int) -> float:
        """Return how long to wait after a failure.

        Args:
            refusal: Why it failed.
            wait_s: How long the server asks to wait; None if it does not.
            done_bytes: How much is there by now. Less than once was is no progress.

        Raises:
            HubError: There is no point in going on.
        """
        grown_bytes = done_bytes - self._most_bytes
        self._most_bytes = max(self._most_bytes, done_bytes)
        self._failures = 1 if grown_bytes > 0 else self._failures + 1
        is_too_long = wait_s is not None and wait_s > self._patience.longest_wait_s
        if is_too_long or self._failures > self._patience.fruitless_failures:
            raise HubError(refusal)
        if wait_s is not None:
            return wait_s
        return (
            0.0 if grown_bytes >= _GOOD_PROGRESS_BYTES else self._patience.pause_s(self._failures)
        )
