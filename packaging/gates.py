"""The gates that every change goes through: format, lint, types, import contracts, tests."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from places import ROOT, venv_program

CHECKED_FOLDERS = ("desktop", "tests", "packaging")
TEMPORARY_FOLDERS = ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "STATE_HOME", "RUNTIME_DIR")


@dataclass(frozen=True)
class Gate:
    """One program that has to end well."""

    name: str
    command: tuple[str, ...]


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(venv_program("python")), "-m", name, *arguments)


LINTERS = (
    Gate("ruff check", _module("ruff", "check", *CHECKED_FOLDERS)),
    Gate("ruff format", _module("ruff", "format", "--check", *CHECKED_FOLDERS)),
    Gate("mypy", _module("mypy", "desktop")),
    Gate("import contracts", (str(venv_program("lint-imports")),)),
)


def check_quickly(starter: Path) -> int:
    """Run the linters and the fast tests; returns the exit status."""
    failed = _run_linters()
    failed += _run_pytest("fast tests", starter, ["-m", "not slow and not x11"])
    return _verdict(failed)


def check_all(starter: Path, pytest_arguments: list[str]) -> int:
    """Run everything, pytest last, even when something failed before; returns the exit status."""
    failed = _run_linters()
    failed += _run_x11_tests(starter)
    failed += _run_pytest("tests", starter, ["-m", "not x11", *pytest_arguments])
    return _verdict(failed)


def _run_linters() -> list[str]:
    """Run them side by side; returns the names of those that failed."""
    running = [(gate, _start(gate)) for gate in LINTERS]
    failed = []
    for gate, process in running:
        output, _ = process.communicate()
        if process.returncode == 0:
            print(f"{gate.name}: fine", flush=True)
        else:
            print(f"{gate.name}: FAILED\n{output}", flush=True)
            failed.append(gate.name)
    return failed


def _start(gate: Gate) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        gate.command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def _run_x11_tests(starter: Path) -> list[str]:
    """Run the tests that need a true X server, in a virtual one."""
    if sys.platform != "linux" or not shutil.which("xvfb-run"):
        return []
    screen = ("xvfb-run", "-a", "-s", "-screen 0 1280x900x24")
    return _run_pytest("tests on X11", starter, ["-m", "x11", "-q"], screen)


def _run_pytest(
    name: str, starter: Path, arguments: list[str], screen: tuple[str, ...] = ()
) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="heft-test-") as folder:
        environment = _test_environment(Path(folder), starter)
        environment["QT_QPA_PLATFORM"] = "xcb" if screen else "offscreen"
        command = [*screen, *_module("pytest", *arguments)]
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return [name] if status else []


def _test_environment(folder: Path, starter: Path) -> dict[str, str]:
    """Return an environment that keeps the tests off the network and off the user's own files."""
    environment = dict(os.environ)
    environment.pop("HEFT_DATA_DIR", None)
    # Nobody listens there: a test that forgets its own server fails at once.
    environment |= {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_DISABLE_TELEMETRY": "1"}
    environment["HEFT_STARTER_MODEL"] = str(starter)
    for name in TEMPORARY_FOLDERS:
        place = folder / name.lower()
        place.mkdir(mode=0o700)
        environment[f"XDG_{name}"] = str(place)
    return environment


def _verdict(failed: list[str]) -> int:
    if failed:
        print(f"Failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0
