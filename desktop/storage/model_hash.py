"""The SHA-256 of a model's files."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from desktop.core.errors import AppError
from desktop.core.library import WorkCancelledError
from desktop.core.model_problem import missing_file, unreadable_file
from desktop.storage.model_file import parts_of

_BLOCK_BYTES = 4 * 1024**2


def hash_model(
    path: Path, on_progress: Callable[[int, int], None], should_stop: Callable[[], bool]
) -> tuple[str, ...]:
    """Return the SHA-256 of each file of a model, the first part first.

    Args:
        path: The model's file or first part.
        on_progress: Called with the bytes done and in total, after every block of 4 MiB.
        should_stop: Asked before every block.

    Raises:
        AppError: A file is missing or cannot be read.
        WorkCancelledError: It was to stop.
    """
    parts = list(parts_of(path))
    try:
        total_bytes = sum(part.stat().st_size for part in parts)
        hashes = []
        done_bytes = 0
        for part in parts:
            digest = hashlib.sha256()
            with part.open("rb", buffering=0) as stream:
                while block := stream.read(_BLOCK_BYTES):
                    if should_stop():
                        raise WorkCancelledError
                    digest.update(block)
                    done_bytes += len(block)
                    on_progress(done_bytes, total_bytes)
            hashes.append(digest.hexdigest())
    except FileNotFoundError as error:
        raise AppError.from_problem(missing_file(path.name)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise AppError.from_problem(unreadable_file(path.name, reason)) from error
    return tuple(hashes)
