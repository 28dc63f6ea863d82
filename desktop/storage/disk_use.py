"""What models take on disk, and what is left."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from desktop.core.library import DiskUse
from desktop.core.local_model import LocalModel
from desktop.storage.model_trash import ModelTrash


def disk_use(models_folder: Path, models: Iterable[LocalModel]) -> DiskUse:
    """Return the use of the models of the list, of the trash, and the space that is free."""
    try:
        free_bytes = shutil.disk_usage(models_folder).free
    except OSError:
        free_bytes = None
    return DiskUse(
        used_bytes=sum(model.file_bytes for model in models),
        trash_bytes=sum(entry.file_bytes for entry in ModelTrash(models_folder).contents()),
        free_bytes=free_bytes,
    )
