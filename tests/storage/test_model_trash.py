"""The trash and what goes through it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import tiny_gguf

from desktop.core.errors import AppError
from desktop.core.library import RemovedModel
from desktop.core.local_model import LocalModel
from desktop.storage.disk_use import disk_use
from desktop.storage.model_removal import (
    empty_trash,
    forget_unrestorable,
    has_old_trash,
    remove_model,
    restore_last,
)
from desktop.storage.model_store import ModelStore
from desktop.storage.model_trash import ModelTrash

CONTENT = tiny_gguf.llama().whole()


@pytest.fixture
def trash(models: Path) -> ModelTrash:
    return ModelTrash(models)


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    return path


def model_of(store: ModelStore, path: Path) -> LocalModel:
    return next(model for model in store.scan() if model.path == path)


def names_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def age(models: Path, days: int) -> None:
    """Make everything in the trash look as if it had been removed so long ago."""
    for entry in ModelTrash(models).contents():
        old = entry.removed_at - timedelta(days=days)
        entry.folder.rename(entry.folder.with_name(old.strftime("%Y%m%dT%H%M%S.%f")))


def test_all_files_of_a_model_go_and_come_back(trash: ModelTrash, models: Path):
    for number in (1, 2):
        path = write(models / "owner--name" / f"big-0000{number}-of-00002.gguf")
        path.with_name(f"{path.name}.source.json").write_text("{}")
    write(models / "other.gguf")
    before = names_below(models)
    first = models / "owner--name" / "big-00001-of-00002.gguf"
    entry = trash.discard(first)
    assert entry.file_bytes == 2 * len(CONTENT) + 4
    assert not (models / "owner--name").exists()
    assert trash.holds(first)
    trash.restore(first)
    assert names_below(models) == before
    assert trash.contents() == ()


def test_a_folder_that_others_use_stays(trash: ModelTrash, models: Path):
    path = write(models / "owner--name" / "one.gguf")
    write(models / "owner--name" / "two.gguf.0123.part")
    trash.discard(path)
    assert (models / "owner--name" / "two.gguf.0123.part").exists()


def test_of_two_of_the_same_name_the_newest_comes_back(trash: ModelTrash, models: Path):
    path = write(models / "m.gguf")
    trash.discard(path)
    path.write_bytes(b"newer")
    trash.discard(path)
    trash.restore(path)
    assert path.read_bytes() == b"newer"
    with pytest.raises(AppError, match="another"):
        trash.restore(path)
    assert path.read_bytes() == b"newer"
    path.unlink()
    trash.restore(path)
    assert path.read_bytes() == CONTENT


def test_a_refusal_leaves_everything_in_place(trash: ModelTrash, models: Path):
    path = write(models / "deep" / "m.gguf")
    # Not even root can make a folder where a file is.
    (models / ".trash").write_text("in the way", "utf-8")
    with pytest.raises(AppError, match="trash"):
        trash.discard(path)
    assert path.exists()
    assert trash.contents() == ()


def test_a_model_that_cannot_go_in_whole_stays_in_whole(trash: ModelTrash, models: Path):
    parts = [write(models / f"big-0000{number}-of-00002.gguf") for number in (1, 2)]
    taken = "big-00002-of-00002.gguf"
    original = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path.name == taken and ".trash" in str(target):
            raise PermissionError(13, "Permission denied")
        return original(path, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(AppError, match="Permission denied"):
            trash.discard(parts[0])
    assert all(part.exists() for part in parts)
    assert trash.contents() == ()


def test_our_model_goes_to_the_trash_and_says_what_comes_back(store: ModelStore, models: Path):
    path = write(models / "tiny.gguf")
    removed = remove_model(store, model_of(store, path))
    assert removed == RemovedModel("tiny", path, len(CONTENT), can_undo=True)
    assert "7 kB come back" in removed.sentence()
    assert store.scan() == ()
    assert not path.exists()
    assert restore_last(store) == path
    assert [model.path for model in store.scan()] == [path]


def test_anothers_file_is_never_touched(store: ModelStore, tmp_path: Path):
    path = write(tmp_path / "elsewhere.gguf")
    store.add_file(path)
    removed = remove_model(store, model_of(store, path))
    assert (removed.file_bytes, removed.can_undo) == (0, True)
    assert "stays where it is" in removed.sentence()
    assert path.exists()
    assert store.scan() == ()
    assert restore_last(store) == path
    assert [model.path for model in store.scan()] == [path]


def test_a_missing_model_leaves_the_list_for_good(store: ModelStore, models: Path):
    path = write(models / "tiny.gguf")
    store.scan()
    path.unlink()
    assert remove_model(store, model_of(store, path)).can_undo is False
    assert store.scan() == ()
    with pytest.raises(AppError, match="no model to bring back"):
        restore_last(store)


def test_the_last_one_comes_back_first(store: ModelStore, models: Path):
    paths = [write(models / name) for name in ("one.gguf", "two.gguf")]
    for path in paths:
        remove_model(store, model_of(store, path))
    assert [restore_last(store) for _ in paths] == paths[::-1]


def test_the_trash_is_not_searched_for_models(store: ModelStore, models: Path):
    path = write(models / "deep" / "tiny.gguf")
    remove_model(store, model_of(store, path))
    assert store.scan() == ()
    assert names_below(models / ".trash")


def test_only_what_is_old_is_deleted_at_start(store: ModelStore, models: Path):
    old, new = write(models / "old.gguf"), write(models / "new.gguf")
    remove_model(store, model_of(store, old))
    assert not has_old_trash(models)
    age(models, days=31)
    assert has_old_trash(models)
    remove_model(store, model_of(store, new))
    assert empty_trash(models, keeps_recent=True) == len(CONTENT)
    forget_unrestorable(store)
    assert [known.path for known in store.removed()] == [new]
    assert restore_last(store) == new


def test_emptying_deletes_all_but_what_is_not_ours(store: ModelStore, models: Path):
    remove_model(store, model_of(store, write(models / "m.gguf")))
    foreign = write(models / ".trash" / "somebody's" / "file.gguf")
    assert empty_trash(models, keeps_recent=False) == len(CONTENT)
    assert foreign.exists()
    forget_unrestorable(store)
    assert store.removed() == ()


def test_the_disk_use_counts_models_and_trash(store: ModelStore, models: Path):
    write(models / "one.gguf")
    remove_model(store, model_of(store, write(models / "two.gguf")))
    use = disk_use(models, store.scan())
    assert (use.used_bytes, use.trash_bytes) == (len(CONTENT), len(CONTENT))
    assert use.free_bytes is not None
    assert use.free_bytes > 0
    assert disk_use(models / "none", ()).free_bytes is None


def test_times_of_removal_are_in_utc(trash: ModelTrash, models: Path):
    entry = trash.discard(write(models / "m.gguf"))
    assert abs(datetime.now(UTC) - entry.removed_at) < timedelta(minutes=1)
    (again,) = trash.contents()
    assert again.removed_at == entry.removed_at
