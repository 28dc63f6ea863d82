"""What a load asks of llama.cpp."""

from dataclasses import replace
from pathlib import Path

import pytest
from synthetic_model import Shape, write_synthetic_model

from desktop.core.conversation import ChatMessage, Role
from desktop.core.generation import SamplingSettings
from desktop.core.weighing import KvType
from desktop.engine.backends import Device, DeviceKind
from desktop.engine.chat_engine import ChatEngine
from desktop.engine.load_settings import batch_tokens_on
from desktop.storage.model_file import inspect_file

CPU = Device("CPU", "processor", DeviceKind.CPU, 0, 0)
GPU = Device("CUDA0", "graphics", DeviceKind.GPU, 0, 0)
QUESTION = (ChatMessage(Role.USER, "Hello"),)


@pytest.fixture(name="model")
def synthetic_model(tmp_path: Path) -> Path:
    return write_synthetic_model(tmp_path / "model.gguf", Shape())


def test_keys_and_values_can_be_packed(model: Path, engine: ChatEngine) -> None:
    plain = engine.load(model, "Plain", context_tokens=1024, threads=1).memory
    packed = engine.load(
        model, "Packed", context_tokens=1024, threads=1, kv_type=KvType.Q8_0
    ).memory
    assert packed.context_bytes == pytest.approx(plain.context_bytes * 17 / 32, rel=0.01)
    result = engine.generate(QUESTION, SamplingSettings(max_tokens=4), lambda _batch: None)
    assert result.figures.prompt_tokens


def test_a_processor_takes_small_batches_of_wide_models_and_a_gpu_large_ones(model: Path) -> None:
    facts, _ = inspect_file(model)
    assert facts is not None
    wide = replace(facts, embedding_length=4096, feed_forward_length=14_336)
    assert [batch_tokens_on(CPU, facts), batch_tokens_on(GPU, facts)] == [512, 512]
    assert [batch_tokens_on(CPU, wide), batch_tokens_on(GPU, wide)] == [32, 512]
