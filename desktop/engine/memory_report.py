"""llama.cpp's own account of the memory it took, read from the lines it logs."""

import re
from collections.abc import Iterable

from desktop.core.memory_fit import MemoryBreakdown

_LINE = re.compile(
    r"(?P<device>\S+)\s+(?P<kind>model|KV|RS|compute|output)\s+buffer size\s*=\s*"
    r"(?P<size>[\d.]+) MiB"
)


def read_memory_report(lines: Iterable[str]) -> MemoryBreakdown:
    """Add up the buffer sizes of a load, over all devices.

    Weights and caches may come in several buffers of one device, which add up. The compute buffer
    may be reported again after each reservation; the last report of a device counts.
    """
    weights = context = 0.0
    compute: dict[tuple[str, str], float] = {}
    for line in lines:
        match = _LINE.search(line)
        if match is None:
            continue
        size, kind = float(match["size"]), match["kind"]
        if kind == "model":
            weights += size
        elif kind in {"KV", "RS"}:
            context += size
        else:
            compute[match["device"], kind] = size
    mebibyte = 1024**2
    return MemoryBreakdown(
        weights_bytes=round(weights * mebibyte),
        context_bytes=round(context * mebibyte),
        compute_bytes=round(sum(compute.values()) * mebibyte),
    )
