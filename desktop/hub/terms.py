"""How patient a download is, and how it divides its work."""

import random
from dataclasses import dataclass, field

from desktop.core.download import RESERVE_BYTES


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a download waits for what.

    Attributes:
        stall_s: A connection on which nothing comes for so long is given up.
        first_pause_s: The pause after the first failure in a row; each one is twice as long.
        longest_pause_s: No pause is longer, unless a server asks for it.
        longest_wait_s: A server that asks for a longer pause is given up.
        fruitless_failures: So many failures in a row, with nothing coming in between, end it.
    """

    stall_s: float = 10.0
    first_pause_s: float = 1.0
    longest_pause_s: float = 30.0
    longest_wait_s: float = 120.0
    fruitless_failures: int = 8

    def pause_s(self, failures: int) -> float:
        """Return how long to wait after so many failures in a row, with some chance in it.

        Many downloads that were broken off by the same cause do not all come back at once.
        """
        longest = min(self.first_pause_s * (1 << failures - 1), self.longest_pause_s)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a download.

    Attributes:
        streams: Connections at a time for one file at most.
        smallest_slice_bytes: A connection is not opened for less, unless no more is missing.
        largest_slice_bytes: What one request asks for at most, while several may be open.
        only_slice_bytes: What one request asks for where one connection is fast enough.
        enough_bytes_per_s: No further connection is opened when those there are bring so much.
        widen_s: So long a connection is watched before a further one is opened.
        sync_s: What was written longer ago than this survives even a power cut.
        reserve_bytes: What stays free on the disk.
    """

    patience: Patience = field(default_factory=Patience)
    streams: int = 4
    smallest_slice_bytes: int = 4 * 1024**2
    largest_slice_bytes: int = 64 * 1024**2
    only_slice_bytes: int = 1024**3
    enough_bytes_per_s: float = 100e6
    widen_s: float = 0.25
    sync_s: float = 1.0
    reserve_bytes: int = RESERVE_BYTES
