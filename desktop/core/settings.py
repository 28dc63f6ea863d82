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
        models_folder: Where downloads go; None for the app's own folder.
        hub_endpoint: Address of a mirror of the Hub; empty for the Hub itself.
        is_offline: Whether nothing may go over the network.
    """

    theme: ThemeChoice = ThemeChoice.SYSTEM
    last_model: Path | None = None
    window_geometry: bytes = b""
    is_sidebar_visible: bool = True
    models_folder: Path | None = None
    hub_endpoint: str = ""
    is_offline: bool = False
