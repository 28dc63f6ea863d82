"""The settings file, in TOML, that people may edit."""

import base64
import binascii
import os
import tomllib
from pathlib import Path
from typing import Final

import tomli_w

from desktop.core.errors import AppError, Problem
from desktop.core.settings import Settings, ThemeChoice

_THEME: Final = "theme"
_LAST_MODEL: Final = "last_model"
_WINDOW_GEOMETRY: Final = "window_geometry"
_SIDEBAR_VISIBLE: Final = "sidebar_visible"
_MODELS_FOLDER: Final = "models_folder"
_HUB_ENDPOINT: Final = "hub_endpoint"
_OFFLINE: Final = "offline"


class SettingsStore:
    """Reads and writes the settings; keys that are not known are left as they are."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> tuple[Settings, Problem | None]:
        """Return the settings, with the defaults for what is missing or makes no sense.

        A file that is not TOML is put aside, and told of.
        """
        try:
            return _settings(self._read()), None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            aside = self._path.with_name(f"{self._path.name}.broken")
            self._path.replace(aside)
            return Settings(), Problem(
                "Your settings could not be read",
                f"{self._path.name} is not valid: {error}. It was kept as {aside}.",
                "Heft goes on with the usual settings.",
            )
        except OSError as error:
            return Settings(), Problem(
                "Your settings could not be read",
                f"The system refused to open {self._path}: {error.strerror}.",
                "Heft goes on with the usual settings.",
            )

    def save(self, settings: Settings) -> None:
        """Write the settings; the file is replaced at once or not at all.

        Raises:
            AppError: The file cannot be written.
        """
        try:
            values = self._read()
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
            values = {}
        for name, value in _values(settings).items():
            if value is None:  # which TOML cannot say
                values.pop(name, None)
            else:
                values[name] = value
        try:
            self._replace(tomli_w.dumps(values))
        except OSError as error:
            raise AppError(
                "Your settings could not be saved",
                f"The system refused to write {self._path}: {error.strerror}.",
                "Check the disk and the permissions of the folder.",
            ) from error

    def _read(self) -> dict[str, object]:
        try:
            return tomllib.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}

    def _replace(self, text: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._path)


def _settings(values: dict[str, object]) -> Settings:
    return Settings(
        theme=_theme(values.get(_THEME)),
        last_model=_path(values.get(_LAST_MODEL)),
        window_geometry=_geometry(values.get(_WINDOW_GEOMETRY)),
        is_sidebar_visible=values.get(_SIDEBAR_VISIBLE) is not False,
        models_folder=_path(values.get(_MODELS_FOLDER)),
        hub_endpoint=_address(values.get(_HUB_ENDPOINT)),
        is_offline=values.get(_OFFLINE) is True,
    )


def _values(settings: Settings) -> dict[str, object]:
    return {
        _THEME: settings.theme.value,
        _LAST_MODEL: _text(settings.last_model),
        _WINDOW_GEOMETRY: base64.b64encode(settings.window_geometry).decode("ascii"),
        _SIDEBAR_VISIBLE: settings.is_sidebar_visible,
        _MODELS_FOLDER: _text(settings.models_folder),
        _HUB_ENDPOINT: settings.hub_endpoint,
        _OFFLINE: settings.is_offline,
    }


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _path(value: object) -> Path | None:
    return Path(value) if isinstance(value, str) and value else None


def _address(value: object) -> str:
    is_web = isinstance(value, str) and value.startswith(("https://", "http://"))
    return value if isinstance(value, str) and is_web else ""


def _theme(value: object) -> ThemeChoice:
    try:
        return ThemeChoice(value)
    except ValueError:
        return Settings().theme


def _geometry(value: object) -> bytes:
    if not isinstance(value, str):
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return b""
