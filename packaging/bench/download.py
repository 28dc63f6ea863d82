"""Downloads, verified, against curl, which verifies nothing; and four connections against one.

Everything runs against a Hub on this machine, so the network is never what limits it. The clock
stops when the bytes are safe on the disk, for both.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from _served_hub import FILE, REPO, served
from paired_runs import compare, verdict

from desktop.core.hub_model import HubFile, HubPart
from desktop.hub.terms import Terms

PAIRS = 5
LARGE_BYTES = 1_000_000_000
THROTTLED_BYTES = 32_000_000
THROTTLED_PAIRS = 3
THROTTLE_BYTES_PER_S = 4_000_000
CURL_TARGET = 0.9
STREAMS_TARGET = 2.5
ONE_STREAM_TARGET = 1.0
MEMORY = Path("/dev/shm")  # noqa: S108 (memory, which is what is wanted)
BLOCK_BYTES = 16 * 1024**2


class Downloads:
    """One file on a server, and ways to fetch it, each of which returns its MB/s."""

    def __init__(self, folder: Path, facts: dict[str, str], size_bytes: int) -> None:
        self._folder = folder
        self._facts = facts
        self._size_bytes = size_bytes
        part = HubPart(FILE, size_bytes, facts["sha256"])
        self._file = HubFile(REPO, facts["commit"], (part,))

    def ours(self, streams: int = Terms().streams) -> float:
        """Fetch, verify and publish."""
        from desktop.hub.transfer import fetch  # noqa: PLC0415 (reads the environment at import)

        return self._timed(
            lambda: fetch(
                self._file,
                self._folder / "models",
                on_progress=lambda _progress: None,
                should_stop=lambda: False,
                terms=replace(Terms(), streams=streams),
            )
        )

    def curl(self) -> float:
        """Fetch with curl, and force what came to the disk as ours is."""
        target = self._folder / "models" / "curl.gguf"

        def fetch() -> None:
            command = ["curl", "-sS", "-L", "-f", "-o", str(target), self._facts["url"]]
            subprocess.run(command, check=True)
            with target.open("r+b") as stream:
                os.fsync(stream.fileno())

        return self._timed(fetch)

    def _timed(self, fetch: Callable[[], object]) -> float:
        models = self._folder / "models"
        models.mkdir()
        started_s = time.perf_counter()
        fetch()
        seconds = time.perf_counter() - started_s
        shutil.rmtree(models)
        return self._size_bytes / seconds / 1e6


def _write_model(path: Path, size_bytes: int) -> Path:
    """Write a file that begins as a model does, of bytes that nothing can compress."""
    block = os.urandom(BLOCK_BYTES)
    with path.open("wb") as stream:
        stream.write(b"GGUF\x03\0\0\0" + bytes(16))
        while (left_bytes := size_bytes - stream.tell()) > 0:
            stream.write(block[:left_bytes])
    return path


def _against_curl(folder: Path) -> bool:
    with _large_downloads(folder) as downloads:
        comparison = compare(downloads.ours, downloads.curl, PAIRS)
        comparison.show("download to disk against curl", "MB/s")
        name = "throughput to disk with hashing against curl"
        is_met = verdict(name, comparison.ratio, CURL_TARGET, at_most=False)
        comparison = compare(downloads.ours, functools.partial(downloads.ours, 1), PAIRS)
    comparison.show("up to four connections against one, none throttled", "MB/s")
    name = "up to four connections against one, none throttled"
    return is_met & verdict(name, comparison.ratio, ONE_STREAM_TARGET, at_most=False)


def _show_in_memory() -> None:
    """Leave the disk out: what remains is what copying and hashing take from the processors."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < 4 * LARGE_BYTES:
        print("There is not enough room in memory to leave the disk out of the comparison.")
        return
    with _large_downloads(MEMORY) as downloads:
        comparison = compare(downloads.ours, downloads.curl, PAIRS)
    comparison.show(f"for comparison, to memory, on {os.cpu_count()} processors", "MB/s")


@contextmanager
def _large_downloads(folder: Path) -> Iterator[Downloads]:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        model = _write_model(Path(place) / FILE, LARGE_BYTES)
        with served(model, Path(place) / "hub") as facts:
            yield Downloads(Path(place), facts, LARGE_BYTES)


def _throttled() -> bool:
    with tempfile.TemporaryDirectory() as place:
        model = _write_model(Path(place) / FILE, THROTTLED_BYTES)
        with served(model, Path(place) / "hub", THROTTLE_BYTES_PER_S) as facts:
            downloads = Downloads(Path(place), facts, THROTTLED_BYTES)
            one = functools.partial(downloads.ours, 1)
            comparison = compare(downloads.ours, one, THROTTLED_PAIRS)
    comparison.show("server that throttles each connection", "MB/s")
    name = "four connections against one, each throttled"
    return verdict(name, comparison.ratio, STREAMS_TARGET, at_most=False)


def main() -> int:
    """Compare; returns the exit status."""
    is_met = _throttled()
    if shutil.which("curl") is None:
        print("MISSED: curl is not installed, so there is nothing to compare with.")
        return 1
    is_met &= _against_curl(Path(tempfile.gettempdir()))
    _show_in_memory()
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
