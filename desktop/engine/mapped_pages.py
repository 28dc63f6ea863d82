"""Pages of model files that stay in memory although nobody reads them any more."""

import ctypes
import sys
from contextlib import suppress
from pathlib import Path

_DROP_PAGES = 4  # MADV_DONTNEED of madvise(2)
_MAPS = Path("/proc/self/maps")
_CLEAR = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"


def drop_mapped_pages(paths: tuple[Path, ...]) -> None:
    """Give up the pages of mapped files; what is still read comes back from the system's cache.

    llama.cpp maps the whole file and repacks part of the weights into memory of its own, for
    speed. Without this the repacked ones count twice: 1.8 times the file for a common Q4_K_M. The
    peak of the process is counted from now on. Only Linux tells where a file is mapped; elsewhere
    nothing is done, and the system takes such pages away when memory gets short.
    """
    if sys.platform != "linux":
        return
    names = {str(path.resolve()) for path in paths}
    library = ctypes.CDLL(None)
    for line in _MAPS.read_text(encoding="utf-8", errors="replace").splitlines():
        span, *_, name = line.split(maxsplit=5)
        if name in names:
            start, end = (int(number, 16) for number in span.split("-"))
            length = ctypes.c_size_t(end - start)
            library.madvise(ctypes.c_void_p(start), length, ctypes.c_int(_DROP_PAGES))
    with suppress(OSError):
        _CLEAR.write_text(_RESET_PEAK, encoding="ascii")
