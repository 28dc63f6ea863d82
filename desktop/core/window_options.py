"""How the window was asked for."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """What the command line says of the window.

    Attributes:
        data_dir: Where everything is kept; None for the usual place.
        model: Name, file name or path of the model to load; None for the last one.
        files: Model files to add, all there.
    """

    data_dir: Path | None = None
    model: str | None = None
    files: tuple[Path, ...] = ()
