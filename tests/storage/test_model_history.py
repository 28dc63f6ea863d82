"""What becomes of a model: its name, its uses, its place, its checks and test drives."""

import hashlib
import json
import os
import sqlite3
from pathlib import Path

import pytest
import tiny_gguf

from desktop.core.errors import AppError
from desktop.core.library import Integrity, Relocation, Rename
from desktop.core.local_model import LocalModel, Measurement, ModelOrigin
from desktop.core.weighing import DepthSpeed, TestDrive
from desktop.storage.library_schema import LIBRARY_SCHEMA
from desktop.storage.model_file import inspect_file
from desktop.storage.model_store import ModelStore

DRIVE = TestDrive(500.0, (DepthSpeed(0, 25.0), DepthSpeed(1024, 20.0)), 7, 2048, 2, "CPU", 9, 3.0)


def write(path: Path) -> Path:
    path.write_bytes(tiny_gguf.llama().whole())
    return path


def inspected(store: ModelStore, path: Path) -> LocalModel:
    store.scan()
    store.remember_inspection(path, *inspect_file(path))
    return next(model for model in store.scan() if model.path == path)


def titles(store: ModelStore) -> list[str]:
    return [model.problem.title for model in store.scan() if model.problem]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_name_is_the_users_own_until_it_is_taken_back(store: ModelStore, models: Path):
    path = write(models / "tiny-Q4_0.gguf")
    inspected(store, path)
    store.rename(Rename(path, "  My model "))
    assert [model.name for model in store.scan()] == ["My model"]
    store.rename(Rename(path, ""))
    assert [model.name for model in store.scan()] == ["tiny"]


def test_the_last_use_is_noted(store: ModelStore, models: Path):
    model = inspected(store, write(models / "tiny.gguf"))
    assert store.record(model).last_used_at == ""
    store.remember_use(model.path)
    first = store.record(model).last_used_at
    store.remember_use(model.path)
    assert first <= store.record(model).last_used_at
    assert "T" in first


def test_a_file_that_moved_keeps_what_is_known_of_it(
    store: ModelStore, models: Path, tmp_path: Path
):
    old = write(models / "tiny-Q4_0.gguf")
    model = inspected(store, old)
    store.rename(Rename(old, "Mine"))
    store.remember_use(old)
    store.save_measurement(model, Measurement(1, 2, 3.0))
    store.save_test_drive(str(old), DRIVE)
    new = old.rename(tmp_path / "other-name.gguf")
    store.relocate(Relocation(old, new))
    (model,) = store.scan()
    assert (model.path, model.name, model.origin) == (new, "Mine", ModelOrigin.ADDED)
    record = store.record(model)
    assert record.measurement == Measurement(1, 2, 3.0)
    assert record.test_drive == DRIVE
    assert record.last_used_at


def test_a_file_that_moved_within_the_folder_is_listed_once(store: ModelStore, models: Path):
    old = write(models / "tiny.gguf")
    inspected(store, old)
    store.rename(Rename(old, "Mine"))
    (models / "deep").mkdir()
    new = old.rename(models / "deep" / "tiny.gguf")
    assert len(store.scan()) == 2
    store.relocate(Relocation(old, new))
    assert [(one.path, one.name, one.origin) for one in store.scan()] == [
        (new, "Mine", ModelOrigin.HEFT)
    ]


def test_another_model_is_not_taken_for_one_that_moved(
    store: ModelStore, models: Path, tmp_path: Path
):
    old = write(models / "tiny.gguf")
    inspected(store, old)
    old.unlink()
    other = tiny_gguf.llama()
    other.values["llama.context_length"] = 4096
    (tmp_path / "other.gguf").write_bytes(other.whole())
    with pytest.raises(AppError, match="another model"):
        store.relocate(Relocation(old, tmp_path / "other.gguf"))
    longer = tmp_path / "longer.gguf"
    longer.write_bytes(tiny_gguf.llama().whole() + b"more")
    with pytest.raises(AppError, match="another model"):
        store.relocate(Relocation(old, longer))
    with pytest.raises(AppError, match="missing"):
        store.relocate(Relocation(old, tmp_path / "none.gguf"))
    assert [model.path for model in store.scan()] == [old]


def test_the_first_check_records_and_later_ones_compare(store: ModelStore, models: Path):
    model = inspected(store, write(models / "tiny.gguf"))
    assert store.record_verification(model, ("aa",)).integrity is Integrity.RECORDED
    assert store.record(model).verified_at
    assert store.record_verification(model, ("aa",)).integrity is Integrity.INTACT
    assert titles(store) == []
    assert store.record_verification(model, ("bb",)).integrity is Integrity.CHANGED
    assert titles(store) == ["The file has changed or is damaged"]
    assert store.scan()[0].facts is None
    assert store.record_verification(model, ("aa",)).integrity is Integrity.INTACT
    assert titles(store) == []


def test_what_the_source_promised_is_compared_from_the_first_check_on(
    store: ModelStore, models: Path
):
    path = write(models / "tiny.gguf")
    note = {"repo": "a/b", "sha256": "0" * 64, "license": "apache-2.0"}
    (models / "tiny.gguf.source.json").write_text(json.dumps(note))
    model = inspected(store, path)
    assert store.record_verification(model, (sha256(path),)).integrity is Integrity.CHANGED
    (models / "tiny.gguf.source.json").write_text(json.dumps(note | {"sha256": sha256(path)}))
    assert store.record_verification(model, (sha256(path),)).integrity is Integrity.INTACT


def test_a_file_that_was_replaced_is_no_longer_damaged(store: ModelStore, models: Path):
    path = write(models / "tiny.gguf")
    model = inspected(store, path)
    store.record_verification(model, ("aa",))
    store.record_verification(model, ("bb",))
    os.utime(path, ns=(1, 1))
    assert titles(store) == []
    assert store.uninspected() == (path,)
    inspected(store, path)
    assert titles(store) == []
    assert store.record(model).verified_at == ""


def test_a_test_drive_is_found_by_path_or_by_hash(store: ModelStore, models: Path):
    path = write(models / "tiny.gguf")
    model = inspected(store, path)
    assert store.test_drive("none") is None
    store.record_verification(model, (sha256(path),))
    store.save_test_drive(sha256(path), DRIVE)
    assert store.test_drive(sha256(path)) == DRIVE
    assert store.record(model).test_drive == DRIVE
    store.save_test_drive("old", DRIVE)
    store._database.write("UPDATE test_drive SET test_drive = '{}' WHERE key = 'old'")
    assert store.test_drive("old") is None


def test_all_that_is_known_moves_with_the_folder(store: ModelStore, models: Path, tmp_path: Path):
    path = write(models / "tiny.gguf")
    model = inspected(store, path)
    store.rename(Rename(path, "Mine"))
    store.save_measurement(model, Measurement(1, 2, 3.0))
    models.rename(tmp_path / "elsewhere")
    store.use_folder(tmp_path / "elsewhere")
    (model,) = store.scan()
    assert (model.path, model.name) == (tmp_path / "elsewhere" / "tiny.gguf", "Mine")
    assert model.facts is not None
    assert store.measurement(model) == Measurement(1, 2, 3.0)


def test_a_list_of_the_first_version_is_taken_over(tmp_path: Path):
    path = write(tmp_path / "mine.gguf")
    connection = sqlite3.connect(tmp_path / "library.db")
    for statement in LIBRARY_SCHEMA.migrations[0]:
        connection.execute(statement)
    connection.execute("INSERT INTO added_file VALUES (?)", (str(path),))
    connection.execute(f"PRAGMA application_id={LIBRARY_SCHEMA.application_id}")
    connection.execute("PRAGMA user_version=1")
    connection.commit()
    connection.close()
    store = ModelStore(tmp_path / "library.db", tmp_path / "models")
    assert [(one.path, one.origin) for one in store.scan()] == [(path, ModelOrigin.ADDED)]
    store.close()
