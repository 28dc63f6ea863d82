"""The program as a user calls it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Heft = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def heft(data_dir: Path) -> Heft:
    """Run ``heft ARGUMENTS`` in a data folder of its own, with `stdin` piped in."""

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "desktop", *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)

    return run
