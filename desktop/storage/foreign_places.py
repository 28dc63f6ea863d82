"""Where other programs keep their models on this system."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from desktop.core.library import ForeignPlace
from desktop.core.local_model import ModelOrigin

_NOTE_LIMIT_BYTES = 1_000_000
_GPT4ALL_FOLDER = re.compile(rb"^modelPath=(.+?)\s*$", re.MULTILINE)


def usual_places(environment: Mapping[str, str], home: Path, system: str) -> list[ForeignPlace]:
    """Name the folders where other programs' models are looked for; they need not exist.

    Args:
        environment: Variables such as OLLAMA_MODELS and HF_HOME are obeyed.
        home: The user's folder.
        system: As `sys.platform` names it.
    """
    folders = _Folders(environment, home, system)
    sources = (
        (ModelOrigin.LM_STUDIO, folders.lm_studio()),
        (ModelOrigin.JAN, folders.jan()),
        (ModelOrigin.GPT4ALL, folders.gpt4all()),
        (ModelOrigin.OLLAMA, folders.ollama()),
        (ModelOrigin.HUB_CACHE, folders.hub_cache()),
    )
    places = (ForeignPlace(origin, str(folder)) for origin, some in sources for folder in some)
    return list(dict.fromkeys(places))


class _Folders:
    """The folders of each program, by what the surroundings say."""

    def __init__(self, environment: Mapping[str, str], home: Path, system: str) -> None:
        self._environment = environment
        self._home = home
        self._is_windows = system == "win32"
        if self._is_windows:
            self._roaming = self._variable("APPDATA") or home / "AppData" / "Roaming"
            self._local = self._variable("LOCALAPPDATA") or home / "AppData" / "Local"
        elif system == "darwin":
            self._roaming = self._local = home / "Library" / "Application Support"
        else:
            self._roaming = self._local = self._variable("XDG_DATA_HOME") or (
                home / ".local" / "share"
            )

    def lm_studio(self) -> Iterator[Path]:
        roots = [self._home / ".lmstudio", self._home / ".cache" / "lm-studio"]
        pointer = _start_of(self._home / ".lmstudio-home-pointer").decode(errors="replace").strip()
        if pointer:
            roots.insert(0, Path(pointer))
        for root in roots:
            yield root / "models"
            yield from _folder_named_in(root / "settings.json", "downloadsFolder")

    def jan(self) -> Iterator[Path]:
        datas = [
            *_folder_named_in(self._roaming / "Jan" / "settings.json", "data_folder"),
            self._roaming / "Jan" / "data",
            self._home / "jan",
        ]
        for data in datas:
            yield data / "llamacpp" / "models"
            yield data / "models"

    def gpt4all(self) -> Iterator[Path]:
        yield self._local / "nomic.ai" / "GPT4All"
        yield self._home / ".cache" / "gpt4all"
        settings = self._roaming if self._is_windows else self._home / ".config"
        chosen = _GPT4ALL_FOLDER.search(_start_of(settings / "nomic.ai" / "GPT4All.ini"))
        if chosen is not None:
            yield Path(chosen[1].decode(errors="replace"))

    def ollama(self) -> Iterator[Path]:
        chosen = self._variable("OLLAMA_MODELS")
        if chosen is not None:
            yield chosen
        yield self._home / ".ollama" / "models"
        if not self._is_windows:
            # Where the service of a Linux installation keeps them.
            yield Path("/usr/share/ollama/.ollama/models")

    def hub_cache(self) -> Iterator[Path]:
        cache = self._variable("XDG_CACHE_HOME") or self._home / ".cache"
        hub_home = self._variable("HF_HOME") or cache / "huggingface"
        yield (
            self._variable("HF_HUB_CACHE")
            or self._variable("HUGGINGFACE_HUB_CACHE")
            or hub_home / "hub"
        )

    def _variable(self, name: str) -> Path | None:
        value = self._environment.get(name, "")
        if not value:
            return None
        return self._home / value[2:] if value.startswith("~/") else Path(value)


def _folder_named_in(settings: Path, key: str) -> Iterator[Path]:
    with suppress(msgspec.MsgspecError):
        values = msgspec.json.decode(_start_of(settings), type=dict[str, object])
        folder = values.get(key)
        if isinstance(folder, str) and folder:
            yield Path(folder)


def _start_of(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(_NOTE_LIMIT_BYTES)
    except OSError:
        return b""
