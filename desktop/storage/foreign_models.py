"""Models of other programs, found where these keep them; nothing is ever written there."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from desktop.core.library import ForeignPlace, FoundModel
from desktop.core.local_model import ModelOrigin
from desktop.core.model_problem import split_part
from desktop.storage.model_file import inspect_file

FOLDER_LIMIT = 5_000
"""Folders looked into in one place, at most; a cache of data sets can hold millions."""
MANIFEST_LIMIT_BYTES = 1_000_000

_DEPTH_LIMIT = 6
_OLLAMA_MODEL_LAYER = "application/vnd.ollama.image.model"
_OLLAMA_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_OLLAMA_USUAL = ("registry.ollama.ai/", "library/")


class _Layer(msgspec.Struct, frozen=True, rename="camel"):
    media_type: str = ""
    digest: str = ""


class _Manifest(msgspec.Struct, frozen=True):
    layers: tuple[_Layer, ...] = ()


def find_models(places: Iterable[ForeignPlace]) -> tuple[FoundModel, ...]:
    """Return the models of all places; a place that is missing or closed to us has none.

    A file is named once, by the first place that has it.
    """
    found: dict[str, FoundModel] = {}
    for place in places:
        for path, name in _FINDERS[place.origin](Path(place.folder)):
            # The same folder may be reached by two ways; the file's own name is kept.
            absolute = str(path.parent.resolve() / path.name)
            found.setdefault(absolute, FoundModel(absolute, place.origin, name))
    return tuple(found.values())


def walk(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Go through a folder and those below it, hidden ones not, to a depth and number that end."""
    for count, (parent, folders, names) in enumerate(os.walk(folder), start=1):
        depth = len(Path(parent).relative_to(folder).parts)
        is_deep = depth >= _DEPTH_LIMIT
        folders[:] = [] if is_deep else sorted(one for one in folders if not one.startswith("."))
        yield Path(parent), sorted(names)
        if count >= FOLDER_LIMIT:
            return


def gguf_files(folder: Path) -> Iterator[Path]:
    """Name the models below a folder, to the depth of `walk`; of a split one the first part."""
    for parent, names in walk(folder):
        for name in names:
            part = split_part(name)
            if name.lower().endswith(".gguf") and (part is None or part.number == 1):
                yield parent / name


def search_folder(folder: Path) -> tuple[tuple[Path, ...], bool]:
    """Return the usable models below a folder, and whether all of it was looked at."""
    found = tuple(path for path in gguf_files(folder) if inspect_file(path)[1] is None)
    is_whole = sum(1 for _ in walk(folder)) < FOLDER_LIMIT
    return found, is_whole


def _plain_files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in gguf_files(folder):
        yield path, ""


def _jan_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Jan calls every file model.gguf and tells them apart by their folders."""
    for path in gguf_files(folder):
        has_own_name = path.stem.lower() != "model"
        yield path, "" if has_own_name else path.parent.name.replace("_", " ").replace("-", " ")


def _ollama_blobs(folder: Path) -> Iterator[tuple[Path, str]]:
    """Ollama names models in manifests, which point to files that are named by their hash."""
    manifests = folder / "manifests"
    for parent, names in walk(manifests):
        for name in names:
            blob = _blob_of(folder, parent / name)
            if blob is not None:
                words = f"{(parent / name).parent.relative_to(manifests).as_posix()}:{name}"
                for usual in _OLLAMA_USUAL:
                    words = words.removeprefix(usual)
                yield blob, words.removesuffix(":latest")


def _blob_of(folder: Path, manifest: Path) -> Path | None:
    try:
        with manifest.open("rb") as stream:
            content = stream.read(MANIFEST_LIMIT_BYTES)
        layers = msgspec.json.decode(content, type=_Manifest).layers
    except (OSError, msgspec.MsgspecError):
        return None
    for layer in layers:
        if layer.media_type == _OLLAMA_MODEL_LAYER and _OLLAMA_DIGEST.fullmatch(layer.digest):
            blob = folder / "blobs" / layer.digest.replace(":", "-")
            return blob if blob.is_file() else None
    return None


def _cached_snapshots(folder: Path) -> Iterator[tuple[Path, str]]:
    """The cache holds each revision as a folder of links; an older one is of no interest."""
    try:
        repositories = sorted(folder.glob("models--*"))
    except OSError:
        return
    for repository in repositories:
        seen: set[str] = set()
        for snapshot in _newest_first(repository / "snapshots"):
            for path in gguf_files(snapshot):
                name = path.relative_to(snapshot).as_posix()
                if name not in seen and path.exists():
                    seen.add(name)
                    yield path, ""


def _newest_first(snapshots: Path) -> list[Path]:
    try:
        dated = [(one.stat().st_mtime_ns, one) for one in snapshots.iterdir() if one.is_dir()]
    except OSError:
        return []
    return [one for _, one in sorted(dated, reverse=True)]


_Finder = Callable[[Path], Iterator[tuple[Path, str]]]
_FINDERS: dict[ModelOrigin, _Finder] = {
    ModelOrigin.LM_STUDIO: _plain_files,
    ModelOrigin.JAN: _jan_files,
    ModelOrigin.GPT4ALL: _plain_files,
    ModelOrigin.OLLAMA: _ollama_blobs,
    ModelOrigin.HUB_CACHE: _cached_snapshots,
}
