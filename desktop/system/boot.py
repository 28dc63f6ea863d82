"""Which run of the operating system this is."""

import time
from pathlib import Path

_LINUX_ID = Path("/proc/sys/kernel/random/boot_id")
_CLOCK_STEP_S = 10


def boot_id() -> str:
    """Return a text that differs after a restart of the machine.

    What a program wrote and did not force to the disk is surely there for as long as this stays
    the same. Where the system has no such text, the time of the start stands in; after a change of
    the clock that differs, too.
    """
    try:
        return _LINUX_ID.read_text("ascii").strip()
    except OSError:
        return str(round((time.time() - time.monotonic()) / _CLOCK_STEP_S))
