"""How many threads decode: fewer while other programs hold cores, all of them when it is calm.

llama.cpp's threads wait for each other hundreds of times a token. When another program takes the
core of one, all the others wait until the system gives it back: two threads on two cores, one of
them busy, were measured at 1 to 4 tokens/s, one thread at 50.
"""

import os
import time
from collections.abc import Callable

from desktop.system.memory_probe import CpuSampler

WINDOW_S = 0.05
"""Shortest time over which processor time says anything."""
LOST_CORES = 0.3
"""Threads that wait spin, so on a calm machine a process gets all it asks for, within this."""
RISE_INTERVAL_S = 0.5
IDLE_SHARE = 0.8


class ThreadGovernor:
    """Chooses the number of threads between tokens, from what the process was given.

    Fewer: the processor time of the process fell short of time x threads by more than 0.3 cores.
    More: as many cores as are wanted back were idle over half a second. The two conditions exclude
    each other, so the number does not swing.
    """

    def __init__(
        self,
        most: int,
        idle_cores: Callable[[], float] | None = None,
        clock_s: Callable[[], float] = time.perf_counter,
        cpu_clock_s: Callable[[], float] = time.process_time,
    ) -> None:
        self.threads = most
        self._most = most
        self._idle_cores = idle_cores or _IdleCores()
        self._clock_s = clock_s
        self._cpu_clock_s = cpu_clock_s
        self._asked_s = 0.0
        self.begin()

    def reset(self) -> None:
        """Go back to all threads."""
        self.threads = self._most

    def begin(self) -> None:
        """Start to look: work begins now."""
        self._since_s = self._clock_s()
        self._cpu_since_s = self._cpu_clock_s()

    def tick(self) -> bool:
        """Look once more, after a piece of work; returns whether `threads` changed."""
        now_s = self._clock_s()
        wall_s = now_s - self._since_s
        if wall_s < WINDOW_S:
            return False
        given_cores = (self._cpu_clock_s() - self._cpu_since_s) / wall_s
        before = self.threads
        if self.threads > 1 and self.threads - given_cores > LOST_CORES:
            self.threads = max(1, min(self.threads - 1, round(given_cores)))
            self._idle_cores()
            self._asked_s = now_s
        elif self.threads < self._most and now_s - self._asked_s >= RISE_INTERVAL_S:
            wanted = self._most - self.threads
            self._asked_s = now_s
            if self._idle_cores() >= IDLE_SHARE * wanted:
                self.threads = self._most
        self.begin()
        return self.threads != before


class _IdleCores:
    """The number of cores that nobody used since the last call."""

    def __init__(self) -> None:
        self._sampler = CpuSampler()
        self._cores = os.cpu_count() or 1

    def __call__(self) -> float:
        return self._cores * (1 - self._sampler.machine_percent() / 100)
