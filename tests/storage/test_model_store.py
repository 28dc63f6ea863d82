import os
import sqlite3
from pathlib import Path

import pytest
import tiny_gguf

from desktop.core.errors import AppError
from desktop.core.local_model import LocalModel, Measurement, ModelOrigin
from desktop.storage.model_file import inspect_file
from desktop.storage.model_store import ModelStore


def write(path: Path) -> Path:
    path.write_bytes(tiny_gguf.llama().whole())
    return path


def inspected(store: ModelStore, path: Path) -> LocalModel:
    store.scan()
    store.remember_inspection(path, *inspect_file(path))
    return next(model for model in store.scan() if model.path == path)


def test_a_new_file_is_listed_before_it_was_looked_into(store: ModelStore, models: Path):
    path = write(models / "tiny-Q4_0.gguf")
    assert store.scan() == (LocalModel(path, "tiny Q4 0", path.stat().st_size, ModelOrigin.HEFT),)


def test_what_was_found_in_a_file_is_kept_over_restarts(
    store: ModelStore, models: Path, tmp_path: Path
):
    path = write(models / "tiny-Q4_0.gguf")
    (models / "bad.gguf").write_bytes(b"<html>")
    inspected(store, models / "bad.gguf")
    model = inspected(store, path)
    assert model.name == "tiny"
    assert model.facts is not None
    again = ModelStore(tmp_path / "library.db", models)
    bad, good = again.scan()
    again.close()
    assert good == model
    assert bad.problem is not None
    assert "web page" in bad.problem.title


@pytest.mark.parametrize("change", ["size", "time"])
def test_a_changed_file_is_to_be_looked_into_again(store: ModelStore, models: Path, change: str):
    path = write(models / "tiny.gguf")
    inspected(store, path)
    if change == "size":
        path.write_bytes(path.read_bytes() + b"more")
    else:
        os.utime(path, ns=(1, 1))
    assert store.scan()[0].facts is None


def test_an_added_file_is_used_where_it_is(store: ModelStore, tmp_path: Path):
    path = write(tmp_path / "elsewhere.gguf")
    added = store.add_file(path)
    assert added.origin is ModelOrigin.ADDED
    assert added.facts is not None
    assert store.scan() == (added,)
    store.add_file(tmp_path / "models" / ".." / "elsewhere.gguf")
    assert store.scan() == (added,)
    store.forget(path)
    assert store.scan() == ()
    assert path.exists()


def test_a_file_of_the_model_folder_needs_no_adding(store: ModelStore, models: Path):
    path = write(models / "tiny.gguf")
    assert store.add_file(path).origin is ModelOrigin.HEFT
    assert [model.origin.is_ours for model in store.scan()] == [True]


def test_a_file_that_moved_into_the_model_folder_is_listed_once(
    store: ModelStore, models: Path, tmp_path: Path
):
    store.add_file(write(tmp_path / "tiny.gguf"))
    models.rmdir()
    models.symlink_to(tmp_path, target_is_directory=True)
    again = ModelStore(tmp_path / "library.db", models)
    assert [model.origin.is_ours for model in again.scan()] == [True]
    again.close()


def test_a_file_that_is_no_model_cannot_be_added(store: ModelStore, tmp_path: Path):
    (tmp_path / "page.gguf").write_bytes(b"<html>")
    with pytest.raises(AppError, match="web page"):
        store.add_file(tmp_path / "page.gguf")
    assert store.scan() == ()


def test_an_added_file_that_went_missing_stays_on_the_list(store: ModelStore, tmp_path: Path):
    path = write(tmp_path / "elsewhere.gguf")
    store.add_file(path)
    path.unlink()
    (model,) = store.scan()
    assert model.origin is ModelOrigin.ADDED
    assert model.problem is not None
    assert "missing" in model.problem.title


def test_a_name_that_is_no_text_is_a_problem_and_not_a_crash(store: ModelStore, models: Path):
    path = write(models / os.fsdecode(b"caf\xe9.gguf"))
    (model,) = store.scan()
    assert model.problem is not None
    assert "name" in model.problem.title
    store.remember_inspection(path, None, None)
    assert store.measurement(model) is None


def test_the_last_measurement_counts_but_a_known_speed_stays(store: ModelStore, models: Path):
    model = inspected(store, write(models / "tiny.gguf"))
    assert store.measurement(model) is None
    store.save_measurement(model, Measurement(5_000_000_000, 4096, 99.5))
    store.save_measurement(model, Measurement(6_000_000_000, 2048, None))
    assert store.measurement(model) == Measurement(6_000_000_000, 2048, 99.5)


def test_a_measurement_belongs_to_the_file_it_was_made_with(store: ModelStore, models: Path):
    path = write(models / "tiny.gguf")
    store.save_measurement(inspected(store, path), Measurement(1, 2, 3.0))
    path.write_bytes(path.read_bytes() + b"another model")
    assert store.measurement(inspected(store, path)) is None


def test_the_bandwidth_is_remembered(store: ModelStore):
    assert store.bandwidth_bytes_per_s() is None
    store.save_bandwidth(2e10)
    store.save_bandwidth(3e10)
    assert store.bandwidth_bytes_per_s() == 3e10


def test_two_programs_share_the_list(store: ModelStore, models: Path, tmp_path: Path):
    other = ModelStore(tmp_path / "library.db", models)
    other.add_file(write(tmp_path / "elsewhere.gguf"))
    assert len(store.scan()) == 1
    other.close()


def test_facts_of_another_version_are_read_anew(store: ModelStore, models: Path, tmp_path: Path):
    path = write(models / "tiny.gguf")
    inspected(store, path)
    connection = sqlite3.connect(tmp_path / "library.db")
    connection.execute("UPDATE inspection SET facts = '{\"architecture\": 5}'")
    connection.commit()
    connection.close()
    assert store.scan()[0].facts is None
