"""What the library tells of the models on this machine, and what it is asked to do with them."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from desktop.core.local_model import ModelOrigin
from desktop.core.text_format import format_bytes

KEPT_IN_TRASH_DAYS = 30
"""How long a removed model can be brought back."""


class WorkCancelledError(Exception):
    """The user gave up what was under way."""


@dataclass(frozen=True, slots=True)
class DiskUse:
    """What models take on disk.

    Attributes:
        used_bytes: By all models of the list, whoever put them there.
        trash_bytes: By removed models that can still be brought back.
        free_bytes: On the disk of the model folder; None if the system does not tell.
    """

    used_bytes: int
    trash_bytes: int
    free_bytes: int | None


@dataclass(frozen=True, slots=True)
class LibraryWork:
    """Work that takes its time, such as checking a model or moving the folder.

    Attributes:
        text: What is being done, for the user.
        fraction: How far it is, 0 to 1; None while that is not known.
        can_cancel: Whether it may still be given up.
    """

    text: str
    fraction: float | None
    can_cancel: bool


@dataclass(frozen=True, slots=True)
class RemovedModel:
    """A model that was taken off the list.

    Attributes:
        path: Where it lay, or still lies if it is not ours to move.
        file_bytes: What went to the trash and comes back when that is emptied; 0 if the file
            stays where it is.
        can_undo: Whether it can be brought back.
    """

    name: str
    path: Path
    file_bytes: int
    can_undo: bool

    def sentence(self) -> str:
        """Return in words what was done, and what it does for the disk."""
        if self.file_bytes:
            return (
                f"{self.name} is in the trash. {format_bytes(self.file_bytes)} come back in "
                f"{KEPT_IN_TRASH_DAYS} days, or when you empty it."
            )
        stays = " Its file stays where it is." if self.can_undo else ""
        return f"{self.name} is off the list.{stays}"


@dataclass(frozen=True, slots=True)
class Rename:
    """A wish for another display name; the file keeps its own. An empty name takes it back."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Relocation:
    """A model whose file lies elsewhere now."""

    old: Path
    new: Path


class Integrity(Enum):
    """What a comparison of SHA-256 sums says of a model's files."""

    INTACT = "intact"
    RECORDED = "recorded"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of a check of a model's files.

    Attributes:
        sha256: Of each file, the first part first.
    """

    path: Path
    name: str
    integrity: Integrity
    sha256: tuple[str, ...]

    def sentence(self) -> str:
        """Return the outcome in words."""
        match self.integrity:
            case Integrity.INTACT:
                return f"{self.name} is intact: its SHA-256 is the one that was expected."
            case Integrity.RECORDED:
                return (
                    f"{self.name} has no known SHA-256 to compare with. It was recorded now; "
                    "later checks compare with it."
                )
            case Integrity.CHANGED:
                return f"{self.name} has changed or is damaged: its SHA-256 is another one."


@dataclass(frozen=True, slots=True)
class ForeignPlace:
    """A folder where another program keeps its models."""

    origin: ModelOrigin
    folder: str


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model in the folder of another program; `name` is empty if that has none for it."""

    path: str
    origin: ModelOrigin
    name: str
