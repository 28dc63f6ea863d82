import hashlib
import json
import os
import sqlite3
from pathlib import Path

import pytest
import tiny_gguf

from desktop.core.errors import AppError
from desktop.core.library import FoundModel, Integrity, Relocation, Rename
from desktop.core.local_model import LocalModel, Measurement, ModelOrigin
from desktop.core.weighing import DepthSpeed, TestDrive
from desktop.storage.library_schema import LIBRARY_SCHEMA
from desktop.storage.model_file import inspect_file
from desktop.storage.model_store import ModelStore

DRIVE = TestDrive(500.0, (DepthSpeed(0, 25.0), DepthSpeed(1024, 20.0)), 7, 2048, 2, "CPU", 9, 3.0)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path, models: Path):
    store = ModelStore(tmp_path / "library.db", models)
    yield store
    store.close()


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


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
