"""Model entries to show."""

from pathlib import Path

import pytest

from desktop.core.errors import Problem
from desktop.core.figure import Figure, FigureKind
from desktop.core.local_model import LocalModel, ModelEntry, ModelFacts, ModelOrigin

MB, GB = 10**6, 10**9


def facts(quantization: str, parameters: int, file_bytes: int) -> ModelFacts:
    return ModelFacts(
        architecture="llama",
        parameters=parameters,
        quantization=quantization,
        file_bytes=file_bytes,
        weights_bytes=file_bytes,
        context_limit_tokens=8192,
        kv_bytes_per_token=1024,
        embedding_length=576,
        feed_forward_length=1536,
        vocabulary_tokens=49152,
        has_chat_template=True,
        license="",
    )


@pytest.fixture
def starter() -> ModelEntry:
    path = Path("/models/SmolLM2-135M-Instruct.Q4_1.gguf")
    return ModelEntry(
        LocalModel(
            path,
            "SmolLM2 135M Instruct",
            98 * MB,
            ModelOrigin.HEFT,
            facts("Q4_1", 135 * MB, 98 * MB),
        ),
        resident_bytes=Figure(260 * MB, FigureKind.MEASURED),
        tokens_per_s=Figure(134.2, FigureKind.MEASURED),
        fit="Fits easily",
        is_heavy=False,
    )


@pytest.fixture
def middle() -> ModelEntry:
    path = Path("/models/Qwen3-4B.Q4_K_M.gguf")
    return ModelEntry(
        LocalModel(
            path, "Qwen3 4B", 2500 * MB, ModelOrigin.HEFT, facts("Q4_K_M", 4 * GB, 2500 * MB)
        ),
        resident_bytes=Figure(3100 * MB, FigureKind.ESTIMATED),
        tokens_per_s=Figure(9.1, FigureKind.ESTIMATED),
        fit="Tight",
        is_heavy=False,
    )


@pytest.fixture
def heavy() -> ModelEntry:
    path = Path("/models/Llama-3.3-70B.Q4_K_M.gguf")
    return ModelEntry(
        LocalModel(
            path, "Llama 3.3 70B", 42 * GB, ModelOrigin.ADDED, facts("Q4_K_M", 70 * GB, 42 * GB)
        ),
        resident_bytes=Figure(44 * GB, FigureKind.ESTIMATED),
        tokens_per_s=None,
        fit="Does not fit",
        is_heavy=True,
    )


@pytest.fixture
def broken() -> ModelEntry:
    problem = Problem("Not a GGUF file", "It is an HTML page.", "Download it again.")
    path = Path("/models/page.gguf")
    return ModelEntry(
        LocalModel(path, "page", 12_000, ModelOrigin.HEFT, None, problem), None, None, "", False
    )


@pytest.fixture
def entries(starter, middle, heavy, broken) -> tuple[ModelEntry, ...]:
    return (broken, heavy, starter, middle)
