"""llama.cpp's own benchmark, built once from the same source as the engine."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import llama_wheel
from places import cache_folder, venv_program
from watched_process import SetupError, WatchedCommand, run_watched

OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DBUILD_SHARED_LIBS=ON",
    "-DLLAMA_CURL=OFF",
    "-DLLAMA_BUILD_TESTS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF",
    "-DLLAMA_BUILD_SERVER=OFF",
)


@dataclass(frozen=True)
class LlamaBench:
    """The program and the model it is run on."""

    program: Path
    model: Path
    threads: int

    def decode_speed(self, depth_tokens: int, tokens: int, repeats: int) -> float:
        """Return the best of some runs that generate `tokens` after `depth_tokens`, in tokens/s."""
        command = [str(self.program), "-m", str(self.model), "-t", str(self.threads)]
        command += ["-p", "0", "-n", str(tokens), "-d", str(depth_tokens), "-fa", "auto"]
        command += ["-r", str(repeats), "-o", "json"]
        finished = subprocess.run(command, capture_output=True, text=True, check=True)
        samples: list[float] = json.loads(finished.stdout)[0]["samples_ts"]
        return max(samples)


def find_or_build() -> Path:
    """Return the program, building it if the cache has none; raises SetupError."""
    folder = cache_folder() / "llama-bench" / llama_wheel.build_key()
    program = folder / "bin" / ("llama-bench.exe" if os.name == "nt" else "llama-bench")
    if not program.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".source-", dir=folder.parent) as source:
            _build(_download(Path(source)), folder)
    return program


def _download(folder: Path) -> Path:
    requirement = f"llama-cpp-python=={llama_wheel.version()}"
    arguments = [str(venv_program("python")), "-m", "pip", "download", "--no-deps"]
    arguments += ["--no-binary", "llama-cpp-python", "-d", str(folder), requirement]
    run_watched(
        WatchedCommand("Getting the source of llama-bench", arguments, "77 MB", lambda _line: None)
    )
    archive = next(folder.glob("*.tar.gz"), None)
    if archive is None:
        raise SetupError("pip brought no source of llama-cpp-python.")
    with tarfile.open(archive) as source:
        source.extractall(folder, filter="data")
    return next(folder.glob("*/vendor/llama.cpp"))


def _build(source: Path, folder: Path) -> None:
    cmake = shutil.which("cmake")
    if cmake is None:
        raise SetupError("cmake is missing.")
    configure = [cmake, "-S", str(source), "-B", str(folder), "-G", "Ninja", *OPTIONS]
    build = [cmake, "--build", str(folder), "--target", "llama-bench"]
    progress = llama_wheel.BuildProgress()
    title = "Building llama-bench, once"
    for command in (configure, build):
        run_watched(WatchedCommand(title, command, "looking around", progress.describe))
