"""The command line of dev.py, as far as it needs no set-up."""

import subprocess
import sys
from pathlib import Path

import pytest
import setup_steps
import system_libraries
from watched_process import SetupError, WatchedCommand, run_watched

DEV = Path(__file__).resolve().parents[2] / "packaging" / "dev.py"


def _dev(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(DEV), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_help_names_every_command() -> None:
    answer = _dev("--help")
    assert answer.returncode == 0
    assert all(name in answer.stdout for name in ("run", "test", "check", "bench", "pictures"))


@pytest.mark.parametrize("arguments", [[], ["walk"]])
def test_an_unknown_command_ends_with_2(arguments: list[str]) -> None:
    assert _dev(*arguments).returncode == 2


def test_an_unknown_bench_is_answered_with_those_that_exist() -> None:
    answer = _dev("bench", "nothing-like-it")
    assert answer.returncode == 2
    assert "What can be measured" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ""),
        (["--data-dir", "there"], "there"),
        (["--model", "a", "--data-dir=there"], "there"),
        (["--data-dir"], ""),
    ],
)
def test_the_data_folder_is_read_from_the_arguments(arguments: list[str], expected: str) -> None:
    assert setup_steps.data_dir_of(arguments) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="only there are libraries probed")
def test_a_missing_tool_is_told_by_the_name_of_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = system_libraries.missing_packages(virtual_screen=True)
    assert {"gcc", "g++", "cmake", "ninja-build", "xvfb", "xauth"} <= set(missing)
    assert "libgl1" not in missing


def test_a_failed_step_tells_its_last_words() -> None:
    script = "print('a first line'); print('out of disk'); raise SystemExit(3)"
    command = [sys.executable, "-c", script]
    with pytest.raises(SetupError, match="out of disk"):
        run_watched(WatchedCommand("Trying", command, "starting", lambda _line: None))
