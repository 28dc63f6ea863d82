"""The weightless twin of a model: its header, then a hole where the weights would be.

llama.cpp loads and runs it like the model itself; all weights are zero. A hole takes no space on
the disk, so a model of any size is looked at for a few megabytes of header.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop.core.errors import AppError
from desktop.core.model_problem import SplitPart
from desktop.system.memory_probe import ProcessState, process_state

_STEM = "twin"
_BLOCK_BYTES = 512


@dataclass(frozen=True, slots=True)
class TwinPart:
    """One file of a model: `header` is everything before the weights, of `size_bytes` in all."""

    header: bytes
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Twin:
    """A twin on the disk; `path` is its file, or the first of a split model."""

    path: Path
    disk_bytes: int


@contextmanager
def weightless_twin(parts: Sequence[TwinPart], folder: Path) -> Iterator[Twin]:
    """Write the twin of a model into a folder of its own, and delete it at the end.

    Args:
        parts: All files of the model, in order.
        folder: Where; on a disk, as a hole in a file system in memory takes memory when it is read.

    Raises:
        AppError: It cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f"{_STEM}-{os.getpid()}-", dir=folder))
        paths = [
            _write(place / _name(number, len(parts)), part)
            for number, part in enumerate(parts, start=1)
        ]
    except OSError as error:
        raise AppError(
            "The model could not be weighed",
            f"A small file for it could not be written to {folder}: {error.strerror or error}.",
            "Make room on the disk, then try again.",
        ) from error
    try:
        yield Twin(paths[0], sum(_disk_bytes(path) for path in paths))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def delete_orphans(folder: Path) -> None:
    """Delete the twins of processes that were killed before they could do it."""
    for place in folder.glob(f"{_STEM}-*-*"):
        _, pid, _ = place.name.split("-", 2)
        if pid.isdecimal() and process_state(int(pid)) is ProcessState.GONE:
            shutil.rmtree(place, ignore_errors=True)


def _name(number: int, count: int) -> str:
    # Never the name of the model: that came over the network.
    if count == 1:
        return f"{_STEM}.gguf"
    return SplitPart(_STEM, number, count).name_of(number)


def _write(path: Path, part: TwinPart) -> Path:
    with path.open("xb") as stream:
        _allow_holes(stream)
        stream.write(part.header)
        stream.truncate(max(part.size_bytes, len(part.header)))
    return path


def _allow_holes(stream: BinaryIO) -> None:
    """Windows makes holes only in files that are marked for it."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 (not elsewhere)
        import msvcrt  # noqa: PLC0415 (not elsewhere)

        set_sparse = 0x900C4  # FSCTL_SET_SPARSE
        handle, written = msvcrt.get_osfhandle(stream.fileno()), ctypes.c_ulong()
        ctypes.windll.kernel32.DeviceIoControl(
            ctypes.c_void_p(handle), set_sparse, None, 0, None, 0, ctypes.byref(written), None
        )


def _disk_bytes(path: Path) -> int:
    state = path.stat()
    blocks: int | None = getattr(state, "st_blocks", None)
    return state.st_size if blocks is None else blocks * _BLOCK_BYTES
