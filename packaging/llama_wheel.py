"""The llama-cpp-python wheel: built for this machine once, then kept in the user's cache."""

import os
import platform
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from places import CONSTRAINTS, PACKAGING, cache_folder
from stamps import hash_of
from watched_process import SetupError, WatchedCommand, duration, run_watched

NO_COMMON = PACKAGING / "llama" / "no_common.cmake"
# All libraries go beside the binding; by default each is installed three times.
FLAGS = (
    "-DCMAKE_INSTALL_LIBDIR=llama_cpp/lib",
    "-DCMAKE_INSTALL_BINDIR=llama_cpp/lib",
    "-DCMAKE_INSTALL_INCLUDEDIR=llama_cpp/include",
)
BUILD_CORE_S = 330
NINJA_STEP = re.compile(r"\[(\d+)/(\d+)\]")


def build_key() -> str:
    """Return the name of the wheel's folder: it changes with all that the build depends on."""
    inputs = (*FLAGS, NO_COMMON.read_text("utf-8"), os.environ.get("CMAKE_ARGS", ""))
    return f"{version()}-{hash_of(*inputs, _compiler(), _processor())}"


def find_or_build(python: Path) -> Path:
    """Return the wheel, building it with this Python's pip if the cache has none.

    Raises SetupError when the build fails.
    """
    folder = cache_folder() / "wheels" / build_key()
    if not any(folder.glob("*.whl")):
        _build(python, folder)
    return next(folder.glob("*.whl"))


def _build(python: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=folder.parent) as unfinished:
        run_watched(_build_command(python, Path(unfinished)))
        # A rename shows the wheel whole or not at all.
        shutil.rmtree(folder, ignore_errors=True)
        finished = Path(unfinished) / "finished"
        finished.mkdir()
        for wheel in Path(unfinished).glob("*.whl"):
            wheel.rename(finished / wheel.name)
        finished.rename(folder)


def _build_command(python: Path, destination: Path) -> WatchedCommand:
    include = f"-DCMAKE_PROJECT_llama_cpp_INCLUDE={NO_COMMON.as_posix()}"
    own_flags = " ".join(shlex.quote(flag) for flag in (include, *FLAGS))
    environment = {
        "CMAKE_ARGS": f"{own_flags} {os.environ.get('CMAKE_ARGS', '')}".strip(),
        "CMAKE_BUILD_PARALLEL_LEVEL": str(_core_count()),
        "PIP_CONSTRAINT": CONSTRAINTS.relative_to(PACKAGING.parent).as_posix(),
    }
    if os.name == "posix":
        environment["CMAKE_GENERATOR"] = "Ninja"
    # pip's own cache does not know the flags, so it could answer with a wheel of other ones.
    arguments = [str(python), "-m", "pip", "wheel", "-v", "--no-deps"]
    arguments += ["--no-cache-dir", "--no-binary", "llama-cpp-python", "-w", str(destination)]
    arguments.append(f"llama-cpp-python=={version()}")
    about = duration(BUILD_CORE_S / _core_count())
    return WatchedCommand(
        title="Building llama.cpp for this machine, once",
        arguments=arguments,
        first_state=f"downloading the source (77 MB); all in all about {about}",
        describe=BuildProgress().describe,
        environment=environment,
    )


class BuildProgress:
    """Reads the output of the build: the files compiled so far, and the time the rest will take."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._compiling_since_s = 0.0

    def describe(self, line: str) -> str | None:
        """Return how far the build is; None if the line does not tell."""
        if line.startswith("Installing build dependencies"):
            return "getting the build tools"
        if line.startswith("*** Configuring"):
            return "looking at the compiler"
        step = NINJA_STEP.match(line)
        return self._describe_step(int(step[1]), int(step[2])) if step else None

    def _describe_step(self, done: int, total: int) -> str:
        now_s = self._clock_s()
        self._compiling_since_s = self._compiling_since_s or now_s
        # The first few files say little about the rest.
        if done < 10:
            return f"{done} of {total} files"
        left_s = (now_s - self._compiling_since_s) / done * (total - done)
        return f"{done} of {total} files, about {duration(left_s)} to go"


def version() -> str:
    """Return the pinned version of llama-cpp-python; raises SetupError if none is pinned."""
    pin = re.search(r"^llama_cpp_python==(\S+)$", CONSTRAINTS.read_text("utf-8"), re.MULTILINE)
    if not pin:
        raise SetupError(f"{CONSTRAINTS} names no version of llama_cpp_python.")
    return pin[1]


def _compiler() -> str:
    """Return the first words of the C++ compiler about itself; empty if it is found later."""
    compiler = shutil.which(os.environ.get("CXX", "c++"))
    if not compiler:
        return ""
    command = [compiler, "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _processor() -> str:
    """Return what the processor is and can, since the build is for this one alone."""
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return f"{platform.machine()} {platform.processor()}"
    first_core = cpuinfo.read_text("utf-8").partition("\n\n")[0].splitlines()
    telling = ("model name", "flags", "Features", "CPU part")
    return "\n".join(line for line in first_core if line.startswith(telling))


def _core_count() -> int:
    return os.cpu_count() or 1
