"""What starting the program costs: the big libraries are loaded only where they are needed."""

import subprocess
import sys

import pytest

BIG_LIBRARIES = {
    "PySide6",
    "httpx2",
    "huggingface_hub",
    "jinja2",
    "llama_cpp",
    "numpy",
    "psutil",
    "rich",
}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_an_answer_without_a_window_loads_no_big_library(option: str) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "desktop", option]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr.splitlines()[-1]
    assert "heft" in answer.stdout.lower()
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in answer.stderr.splitlines()}
    assert loaded & BIG_LIBRARIES == set()
