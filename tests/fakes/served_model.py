"""Models that a `HubServer` serves, and how the app names them."""

import hashlib

import tiny_gguf
from hub_shelf import ShelfRepository

from desktop.core.hub_model import HubFile, HubPart


def model_bytes(size_bytes: int, seed: int = 1) -> bytes:
    """A GGUF file of this size whose data look like any others."""
    start = tiny_gguf.llama().whole()
    return start + hashlib.shake_256(bytes([seed])).digest(size_bytes - len(start))


def hub_file(repository: ShelfRepository, *paths: str) -> HubFile:
    """What the app knows of a model: of some files, by default all of its repository."""
    files = [repository.files[path] for path in paths or repository.files]
    parts = tuple(HubPart(file.path, file.size_bytes, file.sha256) for file in files)
    return HubFile(repository.id, repository.commit, parts, license=repository.license)
