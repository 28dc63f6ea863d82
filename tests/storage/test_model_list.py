"""Which models are on the list: those that are gone, and those of other programs."""

import sqlite3
from pathlib import Path

import pytest
import tiny_gguf

from desktop.core.library import FoundModel
from desktop.core.local_model import LocalModel, ModelOrigin
from desktop.storage.model_file import inspect_file
from desktop.storage.model_store import ModelStore


def write(path: Path) -> Path:
    path.write_bytes(tiny_gguf.llama().whole())
    return path


def inspected(store: ModelStore, path: Path) -> LocalModel:
    store.scan()
    store.remember_inspection(path, *inspect_file(path))
    return next(model for model in store.scan() if model.path == path)


def find(store: ModelStore, *models: FoundModel) -> None:
    """Take over what other programs have, and look into it, as the window does."""
    store.remember_found(models)
    for path in store.uninspected():
        store.remember_inspection(path, *inspect_file(path))


def in_ollama(path: Path, name: str = "llama3.2:1b") -> FoundModel:
    return FoundModel(str(path), ModelOrigin.OLLAMA, name)


def titles(store: ModelStore) -> list[str]:
    return [model.problem.title for model in store.scan() if model.problem]


def test_a_model_deleted_by_other_means_stays_on_the_list(store: ModelStore, models: Path):
    path = write(models / "tiny-Q4_0.gguf")
    name = inspected(store, path).name
    path.unlink()
    (model,) = store.scan()
    assert (model.name, model.origin, model.facts) == (name, ModelOrigin.HEFT, None)
    assert titles(store) == ["The file is missing"]
    assert store.uninspected() == ()
    store.forget(path)
    assert store.scan() == ()


def test_a_further_part_that_came_first_is_not_a_model_of_its_own(store: ModelStore, models: Path):
    write(models / "big-00002-of-00002.gguf")
    assert [model.path.name for model in store.scan()] == ["big-00002-of-00002.gguf"]
    write(models / "big-00001-of-00002.gguf")
    assert [model.path.name for model in store.scan()] == ["big-00001-of-00002.gguf"]


def test_models_of_a_former_folder_are_still_listed(
    store: ModelStore, models: Path, tmp_path: Path
):
    path = write(models / "tiny.gguf")
    store.scan()
    other = ModelStore(tmp_path / "library.db", tmp_path / "other")
    assert [(model.path, model.origin) for model in other.scan()] == [(path, ModelOrigin.ADDED)]
    other.close()


def test_the_list_is_there_on_a_disk_that_takes_no_more(
    store: ModelStore, models: Path, tmp_path: Path
):
    path = write(models / "tiny.gguf")
    other = sqlite3.connect(tmp_path / "library.db", timeout=0, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store._database._connection.execute("PRAGMA busy_timeout=1")
    assert [model.path for model in store.scan()] == [path]
    other.close()


def test_a_model_of_another_program_is_used_in_place_and_by_its_name(
    store: ModelStore, tmp_path: Path
):
    blob = write(tmp_path / "sha256-0123")
    find(store, in_ollama(blob))
    (model,) = store.scan()
    assert (model.name, model.origin, model.path) == ("llama3.2:1b", ModelOrigin.OLLAMA, blob)
    assert model.facts is not None
    find(store, in_ollama(blob, "llama3.2:latest"))
    assert [model.name for model in store.scan()] == ["llama3.2:latest"]


def test_of_other_programs_only_what_can_be_used_is_listed(store: ModelStore, tmp_path: Path):
    page = tmp_path / "page.gguf"
    page.write_bytes(b"<html>")
    gone = write(tmp_path / "gone.gguf")
    find(store, in_ollama(page), in_ollama(gone))
    gone.unlink()
    assert store.scan() == ()


@pytest.mark.parametrize("is_used", [True, False])
def test_another_programs_model_that_goes_is_missed_only_if_it_was_used(
    store: ModelStore, tmp_path: Path, is_used: bool
):
    path = write(tmp_path / "theirs.gguf")
    find(store, in_ollama(path))
    if is_used:
        store.remember_use(path)
    path.unlink()
    find(store)
    assert titles(store) == (["The file is missing"] if is_used else [])
    assert (store.known(path) is not None) is is_used


def test_what_was_taken_off_the_list_stays_off_until_it_is_added(store: ModelStore, tmp_path: Path):
    path = write(tmp_path / "theirs.gguf")
    find(store, in_ollama(path))
    store.hide(path)
    find(store, in_ollama(path))
    assert store.scan() == ()
    assert [known.path for known in store.removed()] == [path]
    assert store.add_file(path).origin is ModelOrigin.OLLAMA
    assert [model.path for model in store.scan()] == [path]


def test_an_added_file_stays_added_when_it_is_also_found(store: ModelStore, tmp_path: Path):
    path = write(tmp_path / "mine.gguf")
    store.add_file(path)
    find(store, FoundModel(str(path), ModelOrigin.LM_STUDIO, ""))
    find(store)
    assert [model.origin for model in store.scan()] == [ModelOrigin.ADDED]
