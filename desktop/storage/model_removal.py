"""Taking models off the list and bringing them back: our files through the trash, others' never."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop.core.errors import AppError
from desktop.core.library import KEPT_IN_TRASH_DAYS, RemovedModel
from desktop.core.local_model import LocalModel
from desktop.storage.model_store import ModelStore
from desktop.storage.model_trash import ModelTrash

_KEPT = timedelta(days=KEPT_IN_TRASH_DAYS)


def remove_model(store: ModelStore, model: LocalModel) -> RemovedModel:
    """Take a model off the list; a file of the model folder goes to the trash.

    Raises:
        AppError: The file cannot be moved; the model is still on the list.
    """
    if not model.path.exists():
        store.forget(model.path)
        return RemovedModel(model.name, model.path, 0, can_undo=False)
    file_bytes = 0
    if model.origin.is_ours:
        file_bytes = ModelTrash(store.models_folder).discard(model.path).file_bytes
    store.hide(model.path)
    return RemovedModel(model.name, model.path, file_bytes, can_undo=True)


def restore_last(store: ModelStore) -> Path:
    """Bring back the model that was removed last, and return its path.

    Raises:
        AppError: There is none, or its file cannot be put back.
    """
    trash = ModelTrash(store.models_folder)
    for known in store.removed():
        if known.path.exists():
            store.show(known.path)
            return known.path
        if trash.holds(known.path):
            trash.restore(known.path)
            store.show(known.path)
            return known.path
    raise AppError(
        "There is no model to bring back",
        f"A removed model is kept for {KEPT_IN_TRASH_DAYS} days; none is left.",
        "Download it again, or add its file.",
    )


def empty_trash(models: Path, *, keeps_recent: bool) -> int:
    """Delete removed models for good and return the bytes that came back.

    Args:
        models: The model folder.
        keeps_recent: Whether what was removed in the last 30 days stays.

    Raises:
        AppError: The system refuses.
    """
    now = datetime.now(UTC)
    return ModelTrash(models).empty(now - _KEPT if keeps_recent else now)


def forget_unrestorable(store: ModelStore) -> None:
    """Forget what was removed and cannot be brought back any more."""
    trash = ModelTrash(store.models_folder)
    for known in store.removed():
        if not known.path.exists() and not trash.holds(known.path):
            store.forget(known.path)


def has_old_trash(models: Path) -> bool:
    """Whether there is anything in the trash that was removed more than 30 days ago."""
    oldest = datetime.now(UTC) - _KEPT
    return any(entry.removed_at < oldest for entry in ModelTrash(models).contents())
