"""Memory and processor time of processes and of the machine, as the system counts them."""

import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import psutil

from desktop.core.telemetry import ProcessMemory

_KIBIBYTE = 1024


class ProcessState(Enum):
    """Whether a process can do anything."""

    RUNNING = "running"
    STOPPED = "stopped"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class MachineMemory:
    """RAM in bytes; `available_bytes` is what programs can get without swapping."""

    available_bytes: int
    total_bytes: int


def machine_memory() -> MachineMemory:
    """Return the RAM of the machine."""
    memory = psutil.virtual_memory()
    return MachineMemory(memory.available, memory.total)


def process_memory(pid: int) -> ProcessMemory | None:
    """Return the memory of a process, without its share of shared pages; None if it is gone."""
    fields = _read_fields(Path(f"/proc/{pid}/status"))
    if "VmRSS" in fields:
        return ProcessMemory(fields["VmRSS"], None, fields.get("VmSwap"))
    try:
        resident_bytes = psutil.Process(pid).memory_info().rss
    except psutil.Error:
        return None
    # A process that has ended but was not waited for has no memory left.
    return ProcessMemory(resident_bytes, None, None) if resident_bytes else None


def proportional_bytes(pid: int) -> int | None:
    """Return the memory of a process with shared pages divided by their users; None if unknown.

    The kernel looks at every page for it, about 10 ms for a small model: ask now and then only.
    """
    return _read_fields(Path(f"/proc/{pid}/smaps_rollup")).get("Pss")


def resident_bytes() -> int:
    """Return the resident memory of this process."""
    return int(psutil.Process().memory_info().rss)


def peak_resident_bytes() -> int:
    """Return the peak resident memory of this process."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    # On Linux getrusage starts with the peak of the process that started this one.
    peak_bytes = _read_fields(Path("/proc/self/status")).get("VmHWM")
    if peak_bytes is not None:
        return peak_bytes
    import resource  # noqa: PLC0415 (not on Windows)

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * _KIBIBYTE


def process_state(pid: int) -> ProcessState:
    """Tell whether a process runs, was stopped by a signal, or is gone."""
    try:
        status = psutil.Process(pid).status()
    except psutil.NoSuchProcess:
        return ProcessState.GONE
    except psutil.Error:
        return ProcessState.RUNNING
    if status in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}:
        return ProcessState.GONE
    if status in {psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP}:
        return ProcessState.STOPPED
    return ProcessState.RUNNING


def physical_cores() -> int | None:
    """Return the number of physical cores of the machine; None if the system does not say."""
    return psutil.cpu_count(logical=False)


class CpuSampler:
    """Processor use between two samples; keep one and ask it regularly."""

    def __init__(self) -> None:
        self._processes: dict[int, psutil.Process] = {}
        psutil.cpu_percent()

    def machine_percent(self) -> float:
        """Return the use of all cores together since the last call, 0 to 100."""
        return psutil.cpu_percent()

    def process_percent(self, pid: int) -> float | None:
        """Return the use of one process since the last call, of one core.

        None at the first call for a process, and when it is gone.
        """
        known = self._processes.get(pid)
        try:
            if known is not None and known.is_running():
                return known.cpu_percent()
            self._processes[pid] = psutil.Process(pid)
            self._processes[pid].cpu_percent()
        except psutil.Error:
            self._processes.pop(pid, None)
        return None


def _read_fields(path: Path) -> dict[str, int]:
    """Read lines such as ``Rss:  123 kB`` of a file in /proc, in bytes; empty if unreadable."""
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return {}
    fields = {}
    for line in lines:
        match line.split():
            case [name, number, "kB"]:
                fields[name.removesuffix(":")] = int(number) * _KIBIBYTE
            case _:
                continue
    return fields
