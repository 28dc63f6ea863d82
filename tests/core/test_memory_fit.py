from dataclasses import replace

import pytest

from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import (
    RUNTIME_BYTES,
    VOCABULARY_ENTRY_BYTES,
    Fit,
    MemoryBreakdown,
    default_context_tokens,
    estimate_memory,
    estimate_resident_bytes,
    judge_fit,
)

GB = 10**9
STARTER = ModelFacts(
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


def test_a_breakdown_adds_up() -> None:
    assert MemoryBreakdown(1, 20, 300).total_bytes == 321


def test_the_estimate_is_weights_cache_and_a_batch() -> None:
    memory = estimate_memory(STARTER, 4096)
    assert memory.weights_bytes == 96_573_000
    assert memory.context_bytes == 23_040 * 4096
    assert memory.compute_bytes == 4 * (512 * (3 * 576 + 2 * 1536) + 49_152)


def test_a_small_context_needs_a_small_batch() -> None:
    small, large = (estimate_memory(STARTER, tokens).compute_bytes for tokens in (128, 512))
    assert small == 4 * (128 * (3 * 576 + 2 * 1536) + 49_152)
    assert small < large == estimate_memory(STARTER, 8192).compute_bytes


def test_the_process_is_the_model_the_runtime_and_the_vocabulary() -> None:
    model_bytes = estimate_memory(STARTER, 4096).total_bytes
    expected = model_bytes + RUNTIME_BYTES + VOCABULARY_ENTRY_BYTES * 49_152
    assert estimate_resident_bytes(STARTER, 4096) == expected


@pytest.mark.parametrize(
    ("needed", "available", "total", "fit"),
    [
        (1 * GB, 10 * GB, 12 * GB, Fit.EASY),
        (10 * GB - 1024**3, 10 * GB, 12 * GB, Fit.EASY),
        (10 * GB - 1024**3 + 1, 10 * GB, 12 * GB, Fit.TIGHT),
        (10 * GB, 10 * GB, 12 * GB, Fit.TIGHT),
        (10 * GB + 1, 10 * GB, 12 * GB, Fit.SWAP),
        (12 * GB, 10 * GB, 12 * GB, Fit.SWAP),
        (12 * GB + 1, 10 * GB, 12 * GB, Fit.NO),
        # A large machine keeps a twelfth free.
        (51 * GB, 60 * GB, 120 * GB, Fit.TIGHT),
        (50 * GB, 60 * GB, 120 * GB, Fit.EASY),
    ],
)
def test_a_need_is_judged_by_what_is_left(
    needed: int, available: int, total: int, fit: Fit
) -> None:
    assert judge_fit(needed, available, total) is fit


def test_only_what_does_not_fit_is_heavy() -> None:
    assert [fit for fit in Fit if fit.is_heavy] == [Fit.SWAP, Fit.NO]


@pytest.mark.parametrize(
    ("limit", "available", "tokens"),
    [
        (8192, 100 * GB, 8192),
        (8192, 0, 4096),
        (2048, 0, 2048),
        (0, 100 * GB, 4096),
        (131_072, 8 * 23_040 * 5000, 4864),
    ],
)
def test_the_context_is_what_fits_between_4096_and_the_limit(
    limit: int, available: int, tokens: int
) -> None:
    facts = replace(STARTER, context_limit_tokens=limit)
    assert default_context_tokens(facts, available) == tokens


def test_a_model_without_a_cache_gets_its_whole_context() -> None:
    facts = replace(STARTER, kv_bytes_per_token=0, context_limit_tokens=1_048_576)
    assert default_context_tokens(facts, 1 * GB) == 1_048_576


def test_a_limit_that_llama_cpp_would_pad_is_not_exceeded() -> None:
    facts = replace(STARTER, context_limit_tokens=100_000, kv_bytes_per_token=1)
    assert default_context_tokens(facts, 8 * GB) == 99_840
