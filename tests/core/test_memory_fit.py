from dataclasses import replace

import pytest

from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import (
    RUNTIME_BYTES,
    VOCABULARY_ENTRY_BYTES,
    Fit,
    MemoryBreakdown,
    batch_tokens,
    default_context_tokens,
    estimate_memory,
    estimate_resident_bytes,
    judge_fit,
    verdict,
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
    assert memory.compute_bytes == 4 * (512 * (4 * 576 + 3 * 1536) + 49_152) + 2 * 512 * 4096


def test_the_estimated_batch_is_what_llama_cpp_reports() -> None:
    # Read off the log of a load: 17.51 MiB for a context of 4,096 tokens, and 0.19 for a row.
    reported_bytes = (17.51 + 0.19) * 1024**2
    assert estimate_memory(STARTER, 4096).compute_bytes == pytest.approx(reported_bytes, rel=0.005)


def test_a_small_context_needs_a_small_batch() -> None:
    memory = estimate_memory(STARTER, 128)
    assert memory.compute_bytes == 4 * (128 * (4 * 576 + 3 * 1536) + 49_152) + 2 * 128 * 128


def test_packed_keys_and_values_take_their_share() -> None:
    full, packed = estimate_memory(STARTER, 4096), estimate_memory(STARTER, 4096, 17 / 32)
    assert packed.context_bytes == full.context_bytes * 17 // 32
    assert packed.weights_bytes == full.weights_bytes


def test_recurrent_state_does_not_grow_with_the_context() -> None:
    facts = replace(STARTER, kv_bytes_per_token=0, state_bytes=1000)
    short, long = estimate_memory(facts, 512), estimate_memory(facts, 8192)
    assert short == long
    assert short.context_bytes == 1000


def test_windowed_layers_need_a_mask_of_their_own() -> None:
    windowed = replace(STARTER, window_tokens=512)
    more = estimate_memory(windowed, 4096).compute_bytes
    assert more - estimate_memory(STARTER, 4096).compute_bytes == 2 * 512 * 4096


@pytest.mark.parametrize(
    ("embedding", "feed_forward", "tokens"),
    [(576, 1536, 512), (2048, 8192, 64), (4096, 14_336, 32), (0, 0, 512)],
)
def test_wide_models_are_fed_in_small_batches(
    embedding: int, feed_forward: int, tokens: int
) -> None:
    facts = replace(STARTER, embedding_length=embedding, feed_forward_length=feed_forward)
    assert batch_tokens(facts) == tokens


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


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        (1.3, "Fits easily (1.3 of 9.8 GB)"),
        (9.5, "Tight (9.5 of 9.8 GB)"),
        (12, "Needs swap: very slow (12.0 of 9.8 GB)"),
        (70, "Does not fit (70.0 of 9.8 GB)"),
    ],
)
def test_the_verdict_is_given_in_words_with_both_figures(needed: float, words: str) -> None:
    assert verdict(int(needed * GB), int(9.8 * GB), 16 * GB) == words


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
