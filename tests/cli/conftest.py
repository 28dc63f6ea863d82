"""The program as a user calls it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

OTHER_PROGRAMS = ("OLLAMA_MODELS", "HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME", "XDG_DATA_HOME")
Heft = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without other programs, so that their models are not found."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    for variable in OTHER_PROGRAMS:
        monkeypatch.delenv(variable, raising=False)
    return folder


@pytest.fixture
def heft(data_dir: Path) -> Heft:
    """Run ``heft ARGUMENTS`` in a data folder of its own, with `stdin` piped in."""

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "desktop", *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)

    return run
