"""What a model weighs between and beyond the lengths it was weighed at."""

from dataclasses import replace

import pytest

from desktop.core.figure import FigureKind
from desktop.core.hub_model import HubFile, HubPart
from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import MemoryBreakdown, estimate_memory, estimate_resident_bytes
from desktop.core.weighing import (
    DeviceMemory,
    KvType,
    ModelSource,
    WeighedPoint,
    Weighing,
    context_lengths,
    drive_key,
    estimate_weighing,
)

FACTS = ModelFacts(
    architecture="llama",
    parameters=134_515_008,
    quantization="Q4_1",
    file_bytes=98_223_104,
    weights_bytes=96_573_000,
    context_limit_tokens=8192,
    kv_bytes_per_token=23_040,
    embedding_length=576,
    feed_forward_length=1536,
    vocabulary_tokens=49_152,
    has_chat_template=True,
    license="apache-2.0",
)


def point(tokens: int, context_bytes: int) -> WeighedPoint:
    memory = MemoryBreakdown(500, context_bytes, 10)
    return WeighedPoint(tokens, (DeviceMemory("CPU", memory), DeviceMemory("GPU", memory)))


WEIGHING = Weighing(FACTS, KvType.F16, (point(512, 512), point(2560, 2560)), 80, FigureKind.WEIGHED)


def test_a_point_is_the_sum_of_its_devices() -> None:
    assert point(512, 512).memory == MemoryBreakdown(1000, 1024, 20)


@pytest.mark.parametrize("tokens", [512, 1024, 2560])
def test_between_two_points_memory_is_linear(tokens: int) -> None:
    assert WEIGHING.memory_at(tokens).context_bytes == 2 * tokens


def test_the_total_holds_the_engine_as_well() -> None:
    assert WEIGHING.total_bytes_at(512) == 1000 + 1024 + 20 + 80


@pytest.mark.parametrize(
    ("available", "tokens"), [(2123, 0), (2124, 512), (5000, 1792), (6220, 2560), (9999, 2560)]
)
def test_the_largest_context_is_what_fits_and_no_more(available: int, tokens: int) -> None:
    assert WEIGHING.largest_context(available) == tokens
    assert tokens == 0 or WEIGHING.total_bytes_at(tokens) <= available


@pytest.mark.parametrize(
    ("limit", "lengths"),
    [
        (8192, (512, 2048, 8192)),
        (10_000, (512, 2048, 8192, 9984)),
        (300, (256,)),
        (100, (100,)),
        (0, (512, 2048, 4096)),
        (10_000_000, (512, 2048, 8192, 32_768, 131_072, 262_144)),
    ],
)
def test_a_model_is_weighed_from_short_contexts_to_its_limit(
    limit: int, lengths: tuple[int, ...]
) -> None:
    assert context_lengths(replace(FACTS, context_limit_tokens=limit)) == lengths


def test_the_estimate_is_that_of_the_closed_formula() -> None:
    weighing = estimate_weighing(FACTS, KvType.F16)
    assert weighing.kind is FigureKind.ESTIMATED
    assert weighing.memory_at(2048) == estimate_memory(FACTS, 2048)
    assert weighing.total_bytes_at(8192) == estimate_resident_bytes(FACTS, 8192)


def test_packed_keys_and_values_are_estimated_by_their_blocks() -> None:
    packed = estimate_weighing(FACTS, KvType.Q8_0).memory_at(8192).context_bytes
    assert packed == 23_040 * 8192 * 34 // 64


def test_a_test_drive_is_remembered_by_the_checksum_or_by_the_path() -> None:
    file = HubFile("o/m", "c" * 40, (HubPart("m.gguf", 1, "a" * 64), HubPart("n.gguf", 1, "b")))
    assert drive_key(ModelSource(file=file)) == "a" * 64
    assert drive_key(ModelSource(path="/models/m.gguf")) == "/models/m.gguf"
