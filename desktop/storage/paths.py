"""Where Heft keeps what it stores."""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import PlatformDirs

DATA_DIR_VARIABLE = "HEFT_DATA_DIR"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of the app and the files in them; nothing exists before `create`."""

    data: Path
    config: Path
    cache: Path
    logs: Path

    @classmethod
    def default(cls, data_dir: Path | None = None) -> "Paths":
        """Return the folders below `data_dir`, else HEFT_DATA_DIR, else the system's own places.

        With a data folder given, everything lies in it, so that it can be carried about.
        """
        variable = os.environ.get(DATA_DIR_VARIABLE, "")
        chosen = data_dir or (Path(variable) if variable else None)
        if chosen is not None:
            root = chosen.expanduser().resolve()
            return cls(data=root, config=root, cache=root / "cache", logs=root / "logs")
        places = PlatformDirs("heft", appauthor=False)
        return cls(
            data=places.user_data_path,
            config=places.user_config_path,
            cache=places.user_cache_path,
            logs=places.user_log_path,
        )

    @property
    def models(self) -> Path:
        """The folder that is searched for models."""
        return self.data / "models"

    @property
    def hub(self) -> Path:
        """huggingface_hub's own files, the access token among them."""
        return self.data / "hub"

    @property
    def chats_database(self) -> Path:
        """The conversations; open in one process at a time."""
        return self.data / "chats.db"

    @property
    def library_database(self) -> Path:
        """What is known of the models; shared by the window and the command line."""
        return self.data / "library.db"

    @property
    def downloads_database(self) -> Path:
        """The list of downloads; open in one process at a time."""
        return self.data / "downloads.db"

    @property
    def settings_file(self) -> Path:
        """The settings, in TOML."""
        return self.config / "settings.toml"

    def create(self) -> None:
        """Make all folders; what the user writes is nobody else's to read."""
        for folder in (self.data, self.config, self.cache, self.logs, self.models):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
