"""What the user has set, and what the app remembers between two starts."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class ThemeChoice(Enum):
    """What the user wants; SYSTEM follows the desktop's own setting."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings.

    Attributes:
        theme: Light, dark, or as the desktop has it.
        last_model: File of the model that was used last; None before the first.
        window_geometry: What Qt returned for the window's place and size; empty at first.
        is_sidebar_visible: Whether the list of conversations is shown.
    """

    theme: ThemeChoice = ThemeChoice.SYSTEM
    last_model: Path | None = None
    window_geometry: bytes = b""
    is_sidebar_visible: bool = True
