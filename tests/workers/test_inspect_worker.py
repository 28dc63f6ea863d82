"""The process that looks at files: facts of models, words for everything else."""

import sys
from pathlib import Path

import pytest
from tiny_model import write_bad_files, write_tiny_model

from desktop.wire.messages import (
    BandwidthMeasured,
    Cancel,
    Failed,
    FileInspected,
    InspectFile,
    LoadModel,
    MeasureBandwidth,
)


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
