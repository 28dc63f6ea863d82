"""The list of models, with the real store, the real inspecting process and the real engine."""

import json
import os
import shutil
from pathlib import Path

import psutil
import pytest
from signal_journal import SignalJournal
from tiny_model import write_bad_files, write_tiny_model

from desktop.core.figure import FigureKind
from desktop.core.library import ForeignPlace, Relocation, Rename
from desktop.core.local_model import ModelEntry, ModelOrigin
from desktop.services.model_library import ModelLibrary
from desktop.storage.model_store import ModelStore


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path, folder):
    store = ModelStore(tmp_path / "library.db", folder)
    yield store
    store.close()


@pytest.fixture
def library(store, engine):
    library = ModelLibrary(store, engine)
    yield library
    library.shut_down()


@pytest.fixture
def told(library) -> SignalJournal:
    return SignalJournal(library, "entries_changed", "disk_use_changed", "notice_given", "failed")


@pytest.fixture
def is_inspected(library, store):
    """Whether nothing is left to be found out, and the process that did it is gone."""

    def is_inspected() -> bool:
        is_known = all(model.facts or model.problem for model in library.models)
        is_measured = store.bandwidth_bytes_per_s() is not None
        return is_known and is_measured and not psutil.Process().children()

    return is_inspected


def entry(told: SignalJournal, name: str) -> ModelEntry:
    [found] = [one for one in told.last("entries_changed") if one.model.name == name]
    return found


def test_models_are_listed_at_once_and_explained_as_soon_as_they_are_read(
    library, told, folder, wait_for, is_inspected
):
    write_tiny_model(folder / "first.gguf")
    write_tiny_model(folder / "second.gguf", layers=2)
    library.rescan()
    listed = told.all("entries_changed")[0]
    assert [one.model.name for one in listed] == ["first", "second"]
    assert listed[0].resident_bytes is None
    assert listed[0].fit == ""
    wait_for(is_inspected)
    first = entry(told, "first")
    assert first.model.facts.architecture == "llama"
    assert first.resident_bytes.kind is FigureKind.ESTIMATED
    assert first.tokens_per_s.kind is FigureKind.ESTIMATED
    assert first.fit
    assert not first.is_heavy
    assert entry(told, "second").resident_bytes.value > first.resident_bytes.value
    assert "failed" not in told


def test_bad_files_are_listed_with_what_is_wrong(library, told, folder, wait_for, is_inspected):
    files = write_bad_files(folder)
    library.rescan()
    wait_for(is_inspected)
    problems = {one.model.path: one.model.problem for one in told.last("entries_changed")}
    # A folder is not listed; only llama.cpp knows which architectures it can run.
    assert set(problems) == set(files.values()) - {files["directory"]}
    fine = {path for path, problem in problems.items() if problem is None}
    assert fine == {files["unknown_architecture"]}
    assert "failed" not in told


def test_what_is_known_needs_no_process(library, store, engine, folder, wait_for, is_inspected):
    write_tiny_model(folder / "first.gguf")
    library.rescan()
    wait_for(is_inspected)
    later = ModelLibrary(store, engine)
    seen = SignalJournal(later, "entries_changed")
    later.rescan()
    assert psutil.Process().children() == []
    assert entry(seen, "first").model.facts is not None


def test_a_file_that_changed_is_read_again(library, folder, wait_for, is_inspected):
    path = write_tiny_model(folder / "model.gguf")
    whole = path.read_bytes()
    path.write_bytes(whole[:40_000])
    library.rescan()
    wait_for(is_inspected)
    assert library.find(path).problem.title == "The file is incomplete"
    path.write_bytes(whole)
    library.rescan()
    wait_for(is_inspected)
    assert library.find(path).problem is None
    assert library.find(path).facts.file_bytes == len(whole)


def test_a_file_that_appears_at_any_moment_is_read(library, store, folder, wait_for, is_inspected):
    store.save_bandwidth(10e9)
    write_tiny_model(folder / "first.gguf")
    library.rescan()
    later = folder / "later.gguf"

    def add_one_more(_entries: object) -> None:
        first = library.find(folder / "first.gguf")
        if first.facts is not None and not later.exists():
            # What looked at the first file may have been told to leave already.
            write_tiny_model(later)
            library.rescan()

    library.entries_changed.connect(add_one_more)
    wait_for(lambda: later.exists() and is_inspected())
    assert library.find(later).facts is not None


def test_a_file_that_goes_is_missed_and_not_dropped(library, told, folder, wait_for, is_inspected):
    path = write_tiny_model(folder / "first.gguf")
    library.rescan()
    wait_for(is_inspected)
    path.unlink()
    library.rescan()
    assert entry(told, "first").model.problem.title == "The file is missing"
    assert library.first_choice(None) is None


def test_when_the_inspection_is_killed_the_other_files_are_still_read(
    library, folder, wait_for, is_inspected
):
    for number in range(3):
        write_tiny_model(folder / f"model{number}.gguf")
    library.rescan()
    [inspector] = psutil.Process().children()
    inspector.kill()
    wait_for(lambda: sum(model.facts is not None for model in library.models) == 2)
    wait_for(lambda: not psutil.Process().children())
    library.rescan()
    wait_for(is_inspected)


def test_an_inspection_that_cannot_start_is_not_tried_for_ever(
    library, told, folder, wait_for, monkeypatch
):
    for number in range(3):
        write_tiny_model(folder / f"model{number}.gguf")
    monkeypatch.setattr("sys.executable", "/bin/false")
    library.rescan()
    wait_for(lambda: not library._inspector.requests)
    assert psutil.Process().children() == []
    assert all(model.facts is None for model in library.models)


def test_a_file_elsewhere_is_used_in_place(library, told, tmp_path, folder, wait_for, is_inspected):
    elsewhere = write_tiny_model(tmp_path / "elsewhere.gguf")
    library.add_file(elsewhere)
    wait_for(is_inspected)
    assert not entry(told, "elsewhere").model.origin.is_ours
    assert library.find(elsewhere).facts is not None
    assert list(folder.iterdir()) == []


def test_of_several_files_each_bad_one_is_told(library, told, tmp_path, wait_for, is_inspected):
    bad = write_bad_files(tmp_path)
    good = write_tiny_model(tmp_path / "good.gguf")
    library.add_files((bad["html"], good, bad["lfs_pointer"]))
    wait_for(is_inspected)
    titles = [problem.title for problem in told.all("failed")]
    assert titles == [
        "This is a web page, not a model",
        "This is a Git LFS pointer, not a model",
    ]
    assert [model.name for model in library.models] == ["good"]


def test_of_a_folder_every_model_is_used_in_place(
    library, told, tmp_path, folder, wait_for, is_inspected
):
    dropped = tmp_path / "dropped"
    (dropped / "deep").mkdir(parents=True)
    write_tiny_model(dropped / "one.gguf")
    write_tiny_model(dropped / "deep" / "two.gguf")
    write_bad_files(dropped)
    library.add_files((dropped,))
    wait_for(lambda: len(library.models) >= 2 and is_inspected())
    # Only llama.cpp knows which architectures it can run.
    assert {model.name for model in library.models} == {"one", "two", "unknown architecture"}
    assert all(model.facts for model in library.models)
    assert told.last("notice_given") == f"Added 3 models of {dropped}."
    assert "failed" not in told
    assert list(folder.iterdir()) == []


def test_a_folder_without_a_model_is_told(library, told, tmp_path, wait_for, is_inspected):
    (tmp_path / "empty").mkdir()
    library.add_files((tmp_path / "empty",))
    wait_for(lambda: "failed" in told and is_inspected())
    assert told.last("failed").title == "There is no model in this folder"
    assert library.models == ()


def test_models_of_other_programs_are_found_and_remembered(
    store, engine, tmp_path, wait_for, is_inspected
):
    (tmp_path / "lm-studio" / "publisher").mkdir(parents=True)
    path = write_tiny_model(tmp_path / "lm-studio" / "publisher" / "theirs.gguf")
    places = [ForeignPlace(ModelOrigin.LM_STUDIO, str(tmp_path / "lm-studio"))]
    library = ModelLibrary(store, engine, places=places)
    library.rescan()
    wait_for(lambda: library.find(path) is not None and not psutil.Process().children())
    assert library.find(path).facts is not None
    library.rescan()  # another search so soon is not worth a process
    assert psutil.Process().children() == []
    # At the next start they are there at once.
    later = ModelLibrary(store, engine)
    later.rescan()
    assert later.find(path).origin is ModelOrigin.LM_STUDIO


@pytest.mark.slow
def test_a_model_of_ollama_is_loaded_from_where_it_lies(store, engine, tmp_path, load, wait_for):
    ollama, digest = tmp_path / "ollama", "ab" * 32
    for folder in (ollama / "blobs", ollama / "manifests/registry.ollama.ai/library/tiny"):
        folder.mkdir(parents=True)
    blob = write_tiny_model(ollama / "blobs" / f"sha256-{digest}")
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"}
    manifest = ollama / "manifests/registry.ollama.ai/library/tiny/1b"
    manifest.write_text(json.dumps({"layers": [layer]}))
    store.save_bandwidth(10e9)
    library = ModelLibrary(store, engine, places=[ForeignPlace(ModelOrigin.OLLAMA, str(ollama))])
    library.rescan()
    wait_for(lambda: library.find(blob) is not None and not psutil.Process().children())
    load(library.find(blob))
    assert engine.status.model_name == "tiny:1b"


def test_a_name_of_the_users_own_is_shown(library, told, folder, wait_for, is_inspected):
    path = write_tiny_model(folder / "first.gguf")
    library.rescan()
    wait_for(is_inspected)
    library.rename(Rename(path, "My first"))
    assert entry(told, "My first").model.path == path


def test_a_missing_model_is_found_again_where_the_user_says(
    library, told, tmp_path, folder, wait_for, is_inspected
):
    old = write_tiny_model(folder / "first.gguf")
    library.rescan()
    wait_for(is_inspected)
    new = old.rename(tmp_path / "elsewhere.gguf")
    library.relocate(Relocation(old, write_tiny_model(tmp_path / "other.gguf", layers=2)))
    assert told.last("failed").title == "This is another model"
    library.relocate(Relocation(old, new))
    assert [model.path for model in library.models] == [new]
    assert library.find(new).facts is not None


def test_the_disk_use_is_told_when_it_changes(library, told, folder, wait_for, is_inspected):
    path = write_tiny_model(folder / "first.gguf")
    library.rescan()
    wait_for(is_inspected)
    used = told.last("disk_use_changed").used_bytes
    assert used == path.stat().st_size
    write_tiny_model(folder / "second.gguf")
    library.refresh()
    assert told.last("disk_use_changed").used_bytes == 2 * used
    wait_for(is_inspected)


def test_the_first_choice_is_the_model_used_last_or_the_smallest(
    library, folder, wait_for, is_inspected
):
    assert library.first_choice(None) is None
    small = write_tiny_model(folder / "small.gguf")
    large = write_tiny_model(folder / "large.gguf", layers=2)
    shutil.copy(small, folder / "broken.gguf")
    os.truncate(folder / "broken.gguf", 40_000)
    library.rescan()
    wait_for(is_inspected)
    assert library.first_choice(None).path == small
    assert library.first_choice(large).path == large
    assert library.first_choice(folder / "broken.gguf").path == small
    assert library.first_choice(folder / "gone.gguf").path == small


@pytest.mark.slow
def test_an_answer_is_a_measurement(
    library, told, folder, load, ask, heard, wait_for, is_inspected
):
    path = folder / "talker.gguf"
    write_tiny_model(path, answer=[" la", " lu"], endless=True)
    library.rescan()
    wait_for(is_inspected)
    assert entry(told, "talker").last_used_at == ""
    load(library.find(path))
    used_at = entry(told, "talker").last_used_at
    assert used_at
    ask(max_tokens=5)
    wait_for(lambda: "answer_finished" in heard)
    measured = entry(told, "talker")
    assert measured.resident_bytes.kind is FigureKind.MEASURED
    assert measured.resident_bytes.value == heard.last("answer_finished").figures.peak_memory_bytes
    assert measured.last_used_at > used_at
    # Five tokens say little about speed.
    assert measured.tokens_per_s.kind is FigureKind.ESTIMATED
    ask(max_tokens=40)
    wait_for(lambda: len(heard.all("answer_finished")) == 2)
    measured = entry(told, "talker")
    assert measured.tokens_per_s.kind is FigureKind.MEASURED
    assert measured.tokens_per_s.value == heard.last("answer_finished").figures.tokens_per_s


def test_nothing_runs_after_shutting_down_in_the_middle(library, folder):
    write_tiny_model(folder / "first.gguf")
    library.rescan()
    library.shut_down()
    assert psutil.Process().children() == []
