"""What this machine is: processor, memory, system, versions, and how fast it moves bytes."""

import ctypes
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from desktop.system.memory_probe import machine_memory, physical_cores

BANDWIDTH_BUFFER_BYTES = 128 * 1024**2
"""What one round copies, over all threads; well beyond the caches of desktop processors."""
BANDWIDTH_ROUNDS = 4
_COMMAND_TIMEOUT_S = 2

_PACKAGES = ("llama-cpp-python", "PySide6-Essentials")


@dataclass(frozen=True, slots=True)
class Hardware:
    """What this machine has.

    Attributes:
        cpu: Name of the processor.
        physical_cores: Cores that this process may use.
        logical_cores: Hardware threads that this process may use.
        total_bytes: Installed RAM.
        available_bytes: RAM that programs can get without swapping.
        system: Name and version of the operating system.
        versions: Of the packages that do the work, by name; empty text if not installed.
    """

    cpu: str
    physical_cores: int
    logical_cores: int
    total_bytes: int
    available_bytes: int
    system: str
    versions: dict[str, str]


def describe_hardware() -> Hardware:
    """Look at this machine."""
    memory = machine_memory()
    return Hardware(
        cpu=_cpu_name(),
        physical_cores=usable_cores(),
        logical_cores=len(_usable_threads()),
        total_bytes=memory.total_bytes,
        available_bytes=memory.available_bytes,
        system=_system_name(),
        versions={name: _version(name) for name in _PACKAGES},
    )


def usable_cores() -> int:
    """Return the number of physical cores that this process may run on, at least 1."""
    threads = _usable_threads()
    cores = {_core_of(thread) for thread in threads}
    if None not in cores:
        return max(1, len(cores))
    return max(1, min(physical_cores() or len(threads), len(threads)))


def measure_memory_bandwidth(
    buffer_bytes: int = BANDWIDTH_BUFFER_BYTES, rounds: int = BANDWIDTH_ROUNDS
) -> float:
    """Measure how many bytes per second all cores together read and write; takes about 0.3 s.

    Each thread copies a buffer of its own, which reads it once and writes it once, so a copy of n
    bytes moves 2n. The fastest of several rounds counts: the others were disturbed.
    """
    threads = usable_cores()
    size_bytes = max(1, buffer_bytes // threads)
    pairs = [
        (ctypes.create_string_buffer(size_bytes), ctypes.create_string_buffer(size_bytes))
        for _ in range(threads)
    ]
    fastest_s = float("inf")
    with ThreadPoolExecutor(threads) as pool:
        # Pages that were never written all lie on one page of zeros, in the cache.
        list(pool.map(_touch, pairs))
        for _ in range(rounds):
            start_s = time.perf_counter()
            list(pool.map(_copy, pairs))
            fastest_s = min(fastest_s, time.perf_counter() - start_s)
    return 2 * size_bytes * threads / fastest_s


_Pair = tuple["ctypes.Array[ctypes.c_char]", "ctypes.Array[ctypes.c_char]"]


def _touch(pair: _Pair) -> None:
    for buffer in pair:
        ctypes.memset(buffer, 1, len(buffer))


def _copy(pair: _Pair) -> None:
    # Unlike a copy of bytearrays, a call through ctypes lets the other threads run.
    source, target = pair
    ctypes.memmove(target, source, len(source))


def _usable_threads() -> tuple[int, ...]:
    threads: Iterable[int] = range(os.cpu_count() or 1)
    if sys.platform == "linux":
        threads = os.sched_getaffinity(0)
    return tuple(sorted(threads))


def _core_of(thread: int) -> tuple[str, str] | None:
    topology = Path(f"/sys/devices/system/cpu/cpu{thread}/topology")
    try:
        package = (topology / "physical_package_id").read_text(encoding="ascii")
        core = (topology / "core_id").read_text(encoding="ascii")
    except OSError:
        return None
    return package.strip(), core.strip()


def _cpu_name() -> str:
    name = ""
    if sys.platform == "linux":
        name = _linux_cpu_name()
    elif sys.platform == "darwin":
        name = _output_of("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string")
    return name or platform.processor() or platform.machine()


def _linux_cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "")


def _system_name() -> str:
    name = platform.platform()
    if sys.platform == "linux":
        with suppress(OSError):
            name = platform.freedesktop_os_release().get("PRETTY_NAME", name)
    elif sys.platform == "darwin":
        name = f"macOS {platform.mac_ver()[0]}"
    return name


def _output_of(*command: str) -> str:
    try:
        finished = subprocess.run(
            command, capture_output=True, text=True, timeout=_COMMAND_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return finished.stdout.strip()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
