"""llama.cpp's own account of the memory it took or would take, read from the lines it logs."""

import re
from collections.abc import Iterable

from desktop.core.memory_fit import MemoryBreakdown

_MEBIBYTE = 1024**2
_BUFFER = re.compile(
    r"(?P<device>\S+)\s+(?P<kind>model|KV|RS|compute|output)\s+buffer size\s*=\s*"
    r"(?P<size>[\d.]+) MiB"
)
_CACHE = re.compile(r"llama_(?:kv_cache|memory)\w*: size =\s*(?P<size>[\d.]+) MiB")
_MAPPED = "_Mapped"
_REPACKED = "_REPACK"


def read_memory_report(lines: Iterable[str], file_weights_bytes: int) -> MemoryBreakdown:
    """Add up the buffer sizes of a load, over all devices.

    Weights and caches may come in several buffers of one device, which add up. The compute buffer
    may be reported again after each reservation; the last report of a device counts. A mapping
    spans the repacked weights as well, which then count once.
    """
    lines = tuple(lines)
    weights_bytes = sum(read_weights(lines).values())
    if has_repacked(lines):
        weights_bytes = min(weights_bytes, file_weights_bytes)
    sizes = [_bytes_of(match) for match in _buffers(lines) if match["kind"] in {"KV", "RS"}]
    return MemoryBreakdown(weights_bytes, sum(sizes), sum(read_compute(lines).values()))


def has_repacked(lines: Iterable[str]) -> bool:
    """Whether a part of the weights was copied into another order."""
    names = read_weights(lines)
    return any(name.endswith(_REPACKED) for name in names) and any(
        name.endswith(_MAPPED) for name in names
    )


def read_weights(lines: Iterable[str]) -> dict[str, int]:
    """Return the sizes of the weights by the name of their buffer."""
    weights: dict[str, int] = {}
    for match in _buffers(lines):
        if match["kind"] == "model":
            weights[match["device"]] = weights.get(match["device"], 0) + _bytes_of(match)
    return weights


def read_compute(lines: Iterable[str]) -> dict[str, int]:
    """Return the sizes of scratch space and outputs, by the name of the device."""
    latest: dict[tuple[str, str], int] = {}
    for match in _buffers(lines):
        if match["kind"] in {"compute", "output"}:
            latest[match["device"], match["kind"]] = _bytes_of(match)
    compute: dict[str, int] = {}
    for (device, _), size_bytes in latest.items():
        compute[device] = compute.get(device, 0) + size_bytes
    return compute


def read_cache_devices(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the devices that hold caches, each once."""
    devices = [match["device"] for match in _buffers(lines) if match["kind"] in {"KV", "RS"}]
    return tuple(dict.fromkeys(devices))


def read_cache(lines: Iterable[str]) -> int:
    """Return the size of all caches together, which a dry run reports but does not allocate."""
    matches = (_CACHE.search(line) for line in lines)
    return sum(_bytes_of(match) for match in matches if match is not None)


def _buffers(lines: Iterable[str]) -> list[re.Match[str]]:
    matches = (_BUFFER.search(line) for line in lines)
    return [match for match in matches if match is not None]


def _bytes_of(match: re.Match[str]) -> int:
    return round(float(match["size"]) * _MEBIBYTE)
