"""Weighing without weights: what the dry run says is what a real load takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from synthetic_model import Packing, Shape, write_synthetic_model
from tiny_model import write_tiny_model

from desktop.core.errors import AppError
from desktop.core.figure import FigureKind
from desktop.core.gguf_header import read_header
from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import MemoryBreakdown
from desktop.core.weighing import KvType, Weighing
from desktop.engine.abort_flag import AbortFlag
from desktop.engine.dry_run import DryRun
from desktop.engine.load_settings import LoadSettings
from desktop.engine.model import LoadedModel
from desktop.engine.twin import TwinPart, weightless_twin
from desktop.storage.model_file import inspect_file
from desktop.system.memory_probe import resident_bytes

CONTEXT_TOKENS = 1024
SHAPES = {
    "llama, repacked": Shape(packing=Packing.Q4_0, outer_packing=Packing.Q4_0),
    "llama, K quants": Shape(packing=Packing.Q4_K, outer_packing=Packing.Q6_K),
    "llama, experts": Shape(experts=4, feed_forward=256),
    "qwen2, tied": Shape("qwen2", packing=Packing.F16, is_tied=True),
    "gemma3, windows": Shape("gemma3", layers=6, window_tokens=256, is_tied=True),
    "mamba, recurrent": Shape("mamba", layers=2),
}


def facts_of(path: Path) -> ModelFacts:
    facts, problem = inspect_file(path)
    assert facts is not None, problem
    return facts


@contextmanager
def dry_run_of(path: Path) -> Iterator[DryRun]:
    dry_run = DryRun(path, path.name, facts_of(path))
    yield dry_run
    dry_run.close()


def weighed(path: Path, kv_type: KvType = KvType.F16) -> Weighing:
    with dry_run_of(path) as dry_run:
        return dry_run.weigh(kv_type)


def loaded_memory(path: Path, kv_type: KvType) -> MemoryBreakdown:
    settings = LoadSettings(CONTEXT_TOKENS, 1, kv_type)
    model = LoadedModel(path, facts_of(path), settings, AbortFlag(), lambda _fraction: None)
    model.close()
    return model.memory


@pytest.mark.parametrize("kv_type", KvType)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_dry_run_reports_what_a_real_load_allocates(
    shape: Shape, kv_type: KvType, tmp_path: Path
) -> None:
    path = write_synthetic_model(tmp_path / "model.gguf", shape)
    real = loaded_memory(path, kv_type)
    weighing = weighed(path, kv_type)
    dry = weighing.memory_at(CONTEXT_TOKENS)
    assert weighing.kind is FigureKind.WEIGHED
    assert weighing.kv_type is kv_type
    assert dry.context_bytes == pytest.approx(real.context_bytes, abs=20_000)
    assert dry.compute_bytes == pytest.approx(real.compute_bytes, abs=20_000)
    # A mapping begins and ends with a tensor of the processor, so some weights may be missing.
    assert dry.weights_bytes == pytest.approx(real.weights_bytes, rel=0.2)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_twin_weighs_what_the_model_weighs(shape: Shape, tmp_path: Path) -> None:
    path = write_synthetic_model(tmp_path / "model.gguf", shape)
    with path.open("rb") as stream:
        start_bytes = read_header(stream).data_start_bytes
    part = TwinPart(path.read_bytes()[:start_bytes], path.stat().st_size)
    with weightless_twin([part], tmp_path) as twin:
        dry_run = DryRun(twin.path, path.name, facts_of(path))
    of_twin = dry_run.weigh(KvType.F16)
    dry_run.close()
    assert of_twin.points == weighed(path).points


def test_a_model_of_many_gigabytes_is_weighed_without_taking_them(tmp_path: Path) -> None:
    path = write_synthetic_model(
        tmp_path / "model.gguf", Shape(layers=8, kv_heads=4, context_length=262_144)
    )
    before_bytes = resident_bytes()
    weighing = weighed(path)
    assert weighing.memory_at(262_144).context_bytes == 2 * 1024**3
    assert resident_bytes() - before_bytes < 100 * 1024**2


def test_all_memory_is_on_the_device_that_computes(tmp_path: Path) -> None:
    path = write_synthetic_model(tmp_path / "model.gguf", Shape())
    weighing = weighed(path)
    assert [device.device for point in weighing.points for device in point.devices] == ["CPU"] * 3
    assert [point.context_tokens for point in weighing.points] == [512, 2048, 8192]


def test_an_architecture_that_llama_cpp_does_not_know_is_named(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "tiny.gguf", architecture="unheardof")
    with pytest.raises(AppError, match="unheardof") as caught:
        DryRun(path, "wonder.gguf", facts_of(path))
    assert "wonder.gguf" in caught.value.problem.title


def test_a_packing_that_does_not_fit_the_model_is_said_in_words(tmp_path: Path) -> None:
    shape = Shape(embedding=256, heads=16, kv_heads=1)  # rows of 16 values, packed by 32
    path = write_synthetic_model(tmp_path / "model.gguf", shape)
    with dry_run_of(path) as dry_run:
        assert dry_run.weigh(KvType.F16).points
        with pytest.raises(AppError, match="packed as q8_0"):
            dry_run.weigh(KvType.Q8_0)
