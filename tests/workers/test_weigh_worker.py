"""The process that weighs and drives: figures in two steps, twins gone, crashes its own."""

import signal
import sys
from pathlib import Path

import pytest
from hub_server import HubServer
from synthetic_model import Packing, Shape, write_synthetic_model, write_treacherous_model
from tiny_model import write_bad_files, write_tiny_model

from desktop.core.figure import FigureKind
from desktop.core.hub_model import HubFault, HubFile, HubPart
from desktop.core.weighing import KvType, ModelSource
from desktop.wire.hub_messages import HubRefused
from desktop.wire.message import Cancel, Failed
from desktop.wire.weigh_messages import (
    DriveCancelled,
    DriveFinished,
    DriveModel,
    DriveProgress,
    Weighed,
    WeighModel,
)

pytestmark = pytest.mark.slow

REPO, NAME = "o/Model-GGUF", "model-Q4_0.gguf"


@pytest.fixture
def worker(start_worker, data_dir):
    return start_worker("weigh")


@pytest.fixture
def remote(data_dir: Path, tmp_path: Path, monkeypatch) -> ModelSource:
    """A model on a Hub on this machine; the worker is started after this."""
    shape = Shape(layers=2, packing=Packing.Q4_0, outer_packing=Packing.Q4_0, vocabulary=4000)
    path = write_synthetic_model(tmp_path / NAME, shape)
    with HubServer() as server:
        repository = server.add_repository(REPO, {NAME: path.read_bytes()})
        for name, value in server.variables(tmp_path / "hub").items():
            monkeypatch.setenv(name, value)
        part = HubPart(NAME, path.stat().st_size, repository.files[NAME].sha256)
        yield ModelSource(file=HubFile(REPO, repository.commit, (part,)))


def twins_in(data_dir: Path) -> list[Path]:
    return list((data_dir / "cache" / "twins").glob("*"))


def test_a_file_is_estimated_first_and_weighed_then(worker, tmp_path):
    source = ModelSource(path=str(write_tiny_model(tmp_path / "tiny.gguf")))
    worker.say(WeighModel(source, KvType.Q8_0))
    estimated, weighed = worker.hear_until(Weighed), worker.hear_until(Weighed)
    assert (estimated.source, weighed.source) == (source, source)
    assert estimated.weighing.kind is FigureKind.ESTIMATED
    assert weighed.weighing.kind is FigureKind.WEIGHED
    assert estimated.weighing.kv_type is weighed.weighing.kv_type is KvType.Q8_0
    assert weighed.weighing.requests == weighed.weighing.header_bytes_fetched == 0


def test_a_model_on_the_hub_is_weighed_by_its_header(remote, start_worker, data_dir):
    worker = start_worker("weigh")
    worker.say(WeighModel(remote))
    worker.hear_until(Weighed)
    weighing = worker.hear_until(Weighed).weighing
    size_bytes = remote.file.size_bytes
    assert weighing.kind is FigureKind.WEIGHED
    assert weighing.points[0].memory.weights_bytes == pytest.approx(size_bytes, rel=0.2)
    assert weighing.requests <= 3
    assert 0 < weighing.header_bytes_fetched < size_bytes
    assert twins_in(data_dir) == []


def test_another_packing_needs_no_network(remote, start_worker):
    worker = start_worker("weigh")
    worker.say(WeighModel(remote), WeighModel(remote, KvType.Q8_0))
    first, second = [[worker.hear_until(Weighed) for _ in range(2)][1].weighing for _ in range(2)]
    assert second.memory_at(512).context_bytes < 0.6 * first.memory_at(512).context_bytes
    assert second.requests == first.requests
    assert second.overhead_bytes == first.overhead_bytes


def test_a_model_on_the_hub_is_driven_by_its_twin(remote, start_worker, data_dir):
    worker = start_worker("weigh")
    worker.say(DriveModel(remote))
    worker.hear_until(DriveProgress)
    finished = worker.hear_until(DriveFinished)
    assert finished.source == remote
    assert finished.test_drive.decode[0].tokens_per_s > 0
    assert 0 < finished.test_drive.twin_disk_bytes < remote.file.size_bytes
    assert finished.test_drive.unknowns
    assert twins_in(data_dir) == []


def test_a_file_is_driven_itself(worker, tmp_path):
    path = write_synthetic_model(tmp_path / "model.gguf", Shape(layers=1, context_length=512))
    worker.say(DriveModel(ModelSource(path=str(path))))
    test_drive = worker.hear_until(DriveFinished).test_drive
    assert test_drive.twin_disk_bytes == 0
    assert test_drive.unknowns == ()


def test_a_cancelled_drive_leaves_nothing_and_the_worker_goes_on(remote, start_worker, data_dir):
    worker = start_worker("weigh")
    worker.say(DriveModel(remote))
    worker.hear_until(DriveProgress)
    worker.say(Cancel())
    worker.hear_until(DriveCancelled)
    assert twins_in(data_dir) == []
    worker.say(DriveModel(remote))
    assert worker.hear_until(DriveFinished).test_drive.elapsed_s > 0


def test_twins_of_a_killed_worker_are_deleted_by_the_next(remote, start_worker, data_dir):
    worker = start_worker("weigh")
    worker.say(DriveModel(remote))
    worker.hear_until(DriveProgress)
    assert twins_in(data_dir)
    worker.process.kill()
    worker.process.wait()
    assert twins_in(data_dir)
    after = start_worker("weigh")
    after.say(WeighModel(remote))
    after.hear_until(Weighed)
    after.hear_until(Weighed)
    assert twins_in(data_dir) == []


def test_a_larger_vocabulary_makes_the_engine_itself_larger(start_worker, data_dir, tmp_path):
    overheads = []
    for vocabulary in (1000, 100_000):
        shape = Shape(layers=1, embedding=64, vocabulary=vocabulary)
        path = write_synthetic_model(tmp_path / f"{vocabulary}.gguf", shape)
        worker = start_worker("weigh")
        worker.say(WeighModel(ModelSource(path=str(path))))
        worker.hear_until(Weighed)
        overheads.append(worker.hear_until(Weighed).weighing.overhead_bytes)
    assert 8_000_000 < overheads[1] - overheads[0] < 30_000_000


def test_a_file_that_is_no_model_is_refused_in_words(worker, tmp_path):
    for path in write_bad_files(tmp_path).values():
        worker.say(WeighModel(ModelSource(path=str(path))))
        assert worker.hear_until(Failed).problem.title


def test_a_refusal_of_the_hub_is_passed_on(remote, start_worker):
    gone = ModelSource(file=HubFile("o/Nothing-GGUF", "main", (HubPart("m.gguf", 0, ""),)))
    worker = start_worker("weigh")
    worker.say(WeighModel(gone))
    assert worker.hear_until(HubRefused).refusal.fault is HubFault.GONE
    worker.say(WeighModel(remote))
    assert worker.hear_until(Weighed).source == remote


@pytest.mark.skipif(sys.platform == "win32", reason="tells the end by a signal")
def test_a_header_that_llama_cpp_cannot_bear_ends_this_process_only(worker, tmp_path):
    path = write_treacherous_model(tmp_path / "trap.gguf")
    worker.say(WeighModel(ModelSource(path=str(path))))
    assert worker.hear_until(Weighed).weighing.kind is FigureKind.ESTIMATED
    assert worker.process.wait(20) == -signal.SIGABRT
