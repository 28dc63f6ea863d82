"""Downloads: what is fetched, how far it is, and what may be done with it."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from desktop.core.errors import Problem
from desktop.core.hub_model import HubFault, HubFile

RESERVE_BYTES = 512 * 1024**2
"""Space that a download leaves free on the disk."""


class DownloadState(Enum):
    """Where a download stands; the value is what the user reads."""

    QUEUED = "waiting"
    CONNECTING = "connecting"
    RUNNING = "downloading"
    VERIFYING = "checking"
    PAUSED = "paused"
    FAILED = "failed"
    DONE = "done"

    @property
    def is_active(self) -> bool:
        """Whether a process is at work on it."""
        return self in {DownloadState.CONNECTING, DownloadState.RUNNING, DownloadState.VERIFYING}


@dataclass(frozen=True, slots=True)
class DownloadEntry:
    """One row of the list of downloads; a split model is one row.

    Attributes:
        id: Stays the same over restarts.
        name: Display name of the model.
        done_bytes: On disk so far, of `file.size_bytes`.
        bytes_per_s: Average over 5 s; None while not known.
        remaining_s: None while not known.
        path: The published file (of a split model, its first part); None before.
        problem: Why it failed.
        fault: What kind of failure of the Hub or of the way to it that was; None for any other.
        note: What it waits for or had to do, in words; empty if there is nothing to say.
    """

    id: int
    file: HubFile
    name: str
    state: DownloadState
    done_bytes: int
    bytes_per_s: float | None = None
    remaining_s: float | None = None
    path: Path | None = None
    problem: Problem | None = None
    fault: HubFault | None = None
    note: str = ""
