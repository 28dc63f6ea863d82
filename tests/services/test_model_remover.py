"""Removing models and bringing them back, loaded ones too."""

from pathlib import Path

import psutil
import pytest
from signal_journal import SignalJournal
from tiny_model import write_tiny_model

from desktop.core.telemetry import EnginePhase
from desktop.services.model_library import ModelLibrary
from desktop.services.model_remover import ModelRemover
from desktop.storage.model_store import ModelStore


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def talker(folder) -> Path:
    path = folder / "talker.gguf"
    return write_tiny_model(path, answer=[" la", " lu"], endless=True, context_length=100_000)


@pytest.fixture
def store(tmp_path, folder):
    store = ModelStore(tmp_path / "library.db", folder)
    store.save_bandwidth(10e9)
    yield store
    store.close()


@pytest.fixture
def library(store, engine, talker, wait_for):
    library = ModelLibrary(store, engine)
    library.rescan()
    wait_for(lambda: library.find(talker).facts is not None and not psutil.Process().children())
    yield library
    library.shut_down()


@pytest.fixture
def remover(store, library, engine) -> ModelRemover:
    return ModelRemover(store, library, engine)


@pytest.fixture
def told(remover) -> SignalJournal:
    return SignalJournal(remover, "model_removed", "model_restored", "failed")


def test_a_model_goes_to_the_trash_and_comes_back(remover, library, told, talker):
    size_bytes = talker.stat().st_size
    remover.remove(talker)
    removed = told.last("model_removed")
    assert (removed.path, removed.file_bytes, removed.can_undo) == (talker, size_bytes, True)
    assert library.models == ()
    assert not talker.exists()
    remover.restore_last()
    assert told.last("model_restored") == talker
    assert library.find(talker).facts is not None
    assert told.names() == ["model_removed", "model_restored"]


def test_what_cannot_be_done_is_told(remover, library, told, folder, talker):
    remover.remove(folder / "none.gguf")
    assert told.last("failed").title == "The file is missing"
    remover.restore_last()
    assert told.last("failed").title == "There is no model to bring back"
    remover.remove(talker)
    talker.write_bytes(b"another")
    remover.restore_last()
    assert told.last("failed").title == "There is no model to bring back"


@pytest.mark.slow
def test_a_loaded_model_is_let_go_first(
    remover, library, told, engine, heard, load, wait_for, talker
):
    load(library.find(talker))
    pid = engine.pid
    remover.remove(talker)
    assert engine.model is None
    assert engine.status.phase is EnginePhase.EMPTY
    assert talker.exists()
    wait_for(lambda: "model_removed" in told)
    assert not psutil.pid_exists(pid)
    assert not talker.exists()
    assert "answer_failed" not in heard


@pytest.mark.slow
def test_an_answer_of_the_removed_model_breaks_off_in_words(
    remover, library, told, engine, heard, load, ask, wait_for, talker
):
    load(library.find(talker))
    ask()
    wait_for(lambda: "tokens_received" in heard)
    remover.remove(talker)
    assert "let go" in heard.last("answer_failed").detail
    assert not engine.is_answering
    wait_for(lambda: "model_removed" in told)
