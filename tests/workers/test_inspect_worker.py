"""The process that looks at files: facts of models, words for everything else."""

import hashlib
import sys
from pathlib import Path

import pytest
from tiny_model import write_bad_files, write_tiny_model

from desktop.core.library import ForeignPlace, FoundModel
from desktop.core.local_model import ModelOrigin
from desktop.wire.engine_messages import LoadModel
from desktop.wire.inspect_messages import (
    BandwidthMeasured,
    CopyFolder,
    DeleteFiles,
    EmptyTrash,
    FileInspected,
    FilesDeleted,
    FindModels,
    FolderCopied,
    FolderSearched,
    HashModel,
    InspectFile,
    MeasureBandwidth,
    ModelHashed,
    ModelsFound,
    SearchFolder,
    TrashEmptied,
    WorkCancelled,
    WorkProgress,
)
from desktop.wire.message import Cancel, Failed


@pytest.fixture
def worker(start_worker):
    return start_worker("inspect")


def test_the_facts_of_a_model_are_read(worker, tmp_path):
    path = write_tiny_model(tmp_path / "model.gguf", context_length=2048)
    worker.say(InspectFile(str(path)))
    inspected = worker.answer()
    assert inspected.path == str(path)
    assert inspected.problem is None
    assert inspected.facts.architecture == "llama"
    assert inspected.facts.context_limit_tokens == 2048
    assert inspected.facts.file_bytes == path.stat().st_size


def test_every_bad_file_has_a_problem_and_no_facts(worker, tmp_path):
    files = write_bad_files(tmp_path)
    # Only llama.cpp knows which architectures it can run.
    del files["unknown_architecture"]
    for path in [*files.values(), tmp_path / "missing.gguf"]:
        worker.say(InspectFile(str(path)))
        inspected = worker.answer()
        assert isinstance(inspected, FileInspected)
        assert inspected.facts is None, path.name
        assert inspected.problem.detail, path.name


def test_the_speed_of_memory_is_measured(worker):
    worker.say(MeasureBandwidth())
    measured = worker.answer()
    assert isinstance(measured, BandwidthMeasured)
    assert 0.1e9 < measured.bytes_per_s < 10e12


def test_a_cancel_does_not_hurt_it(worker):
    worker.say(MeasureBandwidth(), Cancel(), InspectFile("/no/such/file"))
    assert isinstance(worker.answer(), BandwidthMeasured)
    assert isinstance(worker.answer(), FileInspected)


def test_models_of_other_programs_and_of_folders_are_found(worker, tmp_path):
    path = write_tiny_model(tmp_path / "deep.gguf")
    worker.say(FindModels((ForeignPlace(ModelOrigin.LM_STUDIO, str(tmp_path)),)))
    found = FoundModel(str(path), ModelOrigin.LM_STUDIO, "")
    assert worker.answer() == ModelsFound((found,))
    worker.say(SearchFolder(str(tmp_path)))
    assert worker.answer() == FolderSearched(str(tmp_path), (str(path),), is_whole=True)


def test_a_model_is_hashed_with_progress(worker, tmp_path):
    path = write_tiny_model(tmp_path / "m.gguf")
    worker.say(HashModel(str(path)), HashModel(str(tmp_path / "none.gguf")))
    size_bytes = path.stat().st_size
    assert worker.answer() == WorkProgress(size_bytes, size_bytes)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert worker.answer() == ModelHashed(str(path), (digest,))
    assert worker.hear_until(Failed).problem.title == "The file is missing"


def test_hashing_ends_when_it_is_cancelled_and_the_next_request_is_heard(worker, tmp_path):
    hole = tmp_path / "m.gguf"
    with hole.open("wb") as stream:
        stream.truncate(2**40)
    worker.say(HashModel(str(hole)))
    worker.hear_until(WorkProgress)
    worker.say(Cancel())
    assert worker.hear_until(WorkCancelled) == WorkCancelled()
    worker.say(InspectFile("/no/such/file"))
    assert isinstance(worker.answer(), FileInspected)


def test_a_folder_is_copied_and_deleted_in_two_steps(worker, tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    (source / ".trash" / "20200101T000000.000000").mkdir(parents=True)
    (source / ".trash" / "20200101T000000.000000" / "old.gguf").write_bytes(b"old")
    worker.say(EmptyTrash(str(source), keeps_recent=True))
    assert worker.answer() == TrashEmptied(3)
    (source / "m.gguf").write_bytes(b"model")
    worker.say(CopyFolder(str(source), str(target)))
    assert worker.hear_until(FolderCopied).names == ("m.gguf",)
    assert (source / "m.gguf").exists()
    worker.say(DeleteFiles(str(source), ("m.gguf",)))
    assert worker.answer() == FilesDeleted(str(source), ())
    assert not source.exists()
    assert (target / "m.gguf").read_bytes() == b"model"


def test_a_request_for_another_role_fails(worker):
    worker.say(LoadModel("a", "a"))
    assert isinstance(worker.answer(), Failed)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_it_does_not_load_llama(worker):
    worker.say(InspectFile("/no/such/file"))
    worker.answer()
    libraries = Path(f"/proc/{worker.process.pid}/maps").read_text("utf-8")
    assert "python" in libraries
    assert "libllama" not in libraries
