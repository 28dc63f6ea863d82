"""Downloads to show."""

from pathlib import Path

import pytest

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.errors import Problem
from desktop.core.hub_model import HubFault, HubFile, HubPart

MB, GB = 10**6, 10**9


def file(size_bytes: int = 2 * GB, parts: int = 1) -> HubFile:
    pieces = tuple(
        HubPart(f"m-{number}.gguf", size_bytes // parts, "b" * 64) for number in range(parts)
    )
    return HubFile("owner/name", "a" * 40, pieces, "Q4_K_M")


@pytest.fixture
def running() -> DownloadEntry:
    return DownloadEntry(1, file(), "Qwen3 4B", DownloadState.RUNNING, 830 * MB, 34.2 * MB, 34.8)


@pytest.fixture
def waiting() -> DownloadEntry:
    return DownloadEntry(2, file(), "Phi 4 mini", DownloadState.QUEUED, 0)


@pytest.fixture
def gated() -> DownloadEntry:
    problem = Problem("The licence is not accepted yet", "Its maker asks for it.", "Accept it.")
    return DownloadEntry(
        3, file(), "Llama", DownloadState.FAILED, 0, problem=problem, fault=HubFault.GATED
    )


@pytest.fixture
def done() -> DownloadEntry:
    return DownloadEntry(
        4, file(), "SmolLM2", DownloadState.DONE, 2 * GB, path=Path("/models/smol.gguf")
    )
