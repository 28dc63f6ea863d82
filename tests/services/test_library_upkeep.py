"""Checking models, moving their folder and emptying the trash, with the real process."""

import hashlib
import json
from pathlib import Path

import psutil
import pytest
from signal_journal import SignalJournal
from tiny_model import write_tiny_model

from desktop.core.library import LibraryWork
from desktop.services.library_upkeep import LibraryUpkeep
from desktop.services.model_library import ModelLibrary
from desktop.services.preferences import Preferences
from desktop.storage.model_removal import remove_model
from desktop.storage.model_store import ModelStore
from desktop.storage.settings_store import SettingsStore


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def model(folder) -> Path:
    (folder / "owner--name").mkdir()
    return write_tiny_model(folder / "owner--name" / "tiny.gguf")


@pytest.fixture
def store(tmp_path, folder):
    store = ModelStore(tmp_path / "library.db", folder)
    store.save_bandwidth(10e9)
    yield store
    store.close()


@pytest.fixture
def library(store, engine, model, wait_for):
    library = ModelLibrary(store, engine)
    library.rescan()
    wait_for(lambda: library.find(model).facts is not None and not psutil.Process().children())
    yield library
    library.shut_down()


@pytest.fixture
def upkeep(store, library, engine):
    upkeep = LibraryUpkeep(store, library, engine)
    yield upkeep
    upkeep.shut_down()


@pytest.fixture
def preferences(tmp_path, upkeep) -> Preferences:
    """The settings, wired as in the app."""
    preferences = Preferences(SettingsStore(tmp_path / "settings.toml"))
    upkeep.folder_copied.connect(preferences.choose_models_folder)
    preferences.models_folder_changed.connect(upkeep.use_folder)
    return preferences


@pytest.fixture
def told(upkeep) -> SignalJournal:
    return SignalJournal(
        upkeep, "work_changed", "folder_copied", "reload_needed", "notice_given", "failed"
    )


@pytest.fixture
def is_done(told):
    """Whether the work has ended, and the process that did it."""

    def is_done() -> bool:
        works = told.all("work_changed")
        return bool(works) and works[-1] is None and not psutil.Process().children()

    return is_done


def hole(path: Path) -> Path:
    """A file that takes hours to read and no space."""
    with path.open("wb") as stream:
        stream.truncate(2**42)
    return path


def test_a_check_is_told_as_it_goes_on_and_its_outcome_in_words(
    upkeep, library, store, told, model, wait_for, is_done
):
    upkeep.verify(model)
    assert told.last("work_changed") == LibraryWork("Checking tiny", None, can_cancel=True)
    wait_for(is_done)
    assert told.all("work_changed")[1] == LibraryWork("Checking tiny", 1.0, can_cancel=True)
    assert "recorded now" in told.last("notice_given")
    upkeep.verify(model)
    wait_for(lambda: is_done() and len(told.all("notice_given")) == 2)
    assert "is intact" in told.last("notice_given")
    assert library.entry_of(library.find(model)).verified_at
    assert "failed" not in told


def test_what_waits_is_told_when_its_turn_comes(
    upkeep, library, told, folder, model, wait_for, is_done
):
    other = write_tiny_model(folder / "other.gguf")
    library.refresh()
    for path in (model, other, model):
        upkeep.verify(path)
    wait_for(is_done)
    texts = [work.text for work in told.all("work_changed")[:-1]]
    assert list(dict.fromkeys(texts)) == ["Checking tiny", "Checking other"]
    assert sorted(texts, reverse=True) == texts
    assert len(told.all("notice_given")) == 2


def test_a_damaged_model_is_told_and_cannot_be_chosen(
    upkeep, library, told, model, wait_for, is_done
):
    note = {"sha256": hashlib.sha256(b"another").hexdigest()}
    model.with_name("tiny.gguf.source.json").write_text(json.dumps(note))
    upkeep.verify(model)
    wait_for(is_done)
    assert told.last("failed").title == "The file has changed or is damaged"
    assert library.find(model).problem == told.last("failed")
    assert model.exists()
    assert "notice_given" not in told


def test_a_check_ends_when_it_is_cancelled(upkeep, library, told, folder, wait_for, is_done):
    path = hole(folder / "endless.gguf")
    library.refresh()
    upkeep.verify(path)
    wait_for(lambda: any(work.fraction is not None for work in told.all("work_changed")))
    upkeep.cancel_work()
    wait_for(is_done)
    assert "failed" not in told
    assert "notice_given" not in told


def test_a_check_that_is_killed_is_told(upkeep, library, told, model, folder, wait_for, is_done):
    path = hole(folder / "endless.gguf")
    library.refresh()
    wait_for(lambda: library.find(path).problem is not None and not psutil.Process().children())
    upkeep.verify(path)
    upkeep.verify(model)
    wait_for(lambda: any(work.fraction is not None for work in told.all("work_changed")))
    [worker] = psutil.Process().children()
    worker.kill()
    wait_for(is_done)
    assert told.last("failed").title == "Checking endless: this was broken off"
    assert "tiny" in told.last("notice_given")


def test_the_folder_moves_with_all_that_is_known(
    upkeep, library, preferences, told, tmp_path, folder, model, wait_for, is_done
):
    target = tmp_path / "big" / "models"
    upkeep.move_folder(target)
    wait_for(lambda: is_done() and "notice_given" in told)
    moved = target / "owner--name" / "tiny.gguf"
    assert [one.path for one in library.models] == [moved]
    assert library.find(moved).facts is not None
    assert not folder.exists()
    assert preferences.settings.models_folder == target
    assert SettingsStore(tmp_path / "settings.toml").load()[0].models_folder == target
    assert told.last("notice_given") == f"The models lie in {target} now."
    assert "reload_needed" not in told
    assert "failed" not in told


def test_nothing_is_deleted_before_the_new_place_is_saved(
    upkeep, library, preferences, told, tmp_path, model, wait_for, is_done
):
    problems = SignalJournal(preferences, "failed")
    (tmp_path / "settings.toml").mkdir()
    upkeep.move_folder(tmp_path / "target")
    wait_for(is_done)
    assert "failed" in problems
    assert [one.path for one in library.models] == [model]
    assert model.exists()


def test_a_move_that_is_refused_changes_nothing(
    upkeep, library, preferences, told, folder, model, wait_for, is_done
):
    upkeep.move_folder(folder / "inside")
    wait_for(is_done)
    assert told.last("failed").title == "The model folder cannot be moved there"
    assert [one.path for one in library.models] == [model]
    assert preferences.settings.models_folder is None


@pytest.mark.slow
@pytest.mark.usefixtures("preferences")
def test_the_loaded_model_is_to_be_loaded_from_its_new_place(
    upkeep, library, told, tmp_path, model, load, wait_for, is_done
):
    load(library.find(model))
    upkeep.move_folder(tmp_path / "target")
    wait_for(lambda: "notice_given" in told)
    moved = tmp_path / "target" / "owner--name" / "tiny.gguf"
    assert told.all("reload_needed") == [moved]
    assert library.find(moved).facts is not None


def test_emptying_the_trash_tells_what_came_back(
    upkeep, library, store, told, model, wait_for, is_done
):
    size_bytes = remove_model(store, library.find(model)).file_bytes
    uses = SignalJournal(library, "disk_use_changed")
    library.refresh()
    assert uses.last("disk_use_changed").trash_bytes == size_bytes
    upkeep.tidy_up()  # nothing in it is old
    assert "work_changed" not in told
    upkeep.empty_trash()
    wait_for(is_done)
    assert "came back" in told.last("notice_given")
    assert uses.last("disk_use_changed").trash_bytes == 0
    assert store.removed() == ()
