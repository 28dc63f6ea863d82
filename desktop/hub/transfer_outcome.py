"""What a transfer tells while it runs, and at its end."""

from dataclasses import dataclass
from pathlib import Path

from desktop.core.download import DownloadState


class StoppedError(Exception):
    """The transfer was told to stop; what has come is kept."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a transfer is.

    Attributes:
        done_bytes: On the disk, over all parts, those of earlier runs included.
        fetched_bytes: What came over the network in this run.
        note: What it waits for or had to do, in words; empty if there is nothing to say.
    """

    state: DownloadState
    done_bytes: int
    fetched_bytes: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that was fetched.

    Attributes:
        path: The published file; of a split model its first part.
        fetched_bytes: What came over the network; less than the file where there was some before.
    """

    path: Path
    fetched_bytes: int
