"""What the processor draws, from its own energy counters."""

import time
from collections.abc import Callable
from pathlib import Path

_COUNTERS = Path("/sys/class/powercap")
_MICROJOULES = 1e6


class EnergyProbe:
    """Reads the RAPL counters of the processor packages, where the system lets us (Linux)."""

    def __init__(
        self, counters: Path = _COUNTERS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        # Packages are intel-rapl:0, :1 and so on, for AMD too; deeper names are their parts.
        folders = sorted(counters.glob("intel-rapl:*"))
        self._packages = [folder for folder in folders if folder.name.count(":") == 1]
        self._clock = clock
        self._last: tuple[float, tuple[int, ...]] | None = None

    def watts(self) -> float | None:
        """Return the mean power since the last call; None at the first and where unreadable."""
        now_s = self._clock()
        energies = tuple(_number(package / "energy_uj") for package in self._packages)
        known = tuple(energy for energy in energies if energy is not None)
        if not known or len(known) < len(energies):
            self._last = None
            return None
        previous, self._last = self._last, (now_s, known)
        if previous is None or now_s <= previous[0]:
            return None
        used = sum(map(self._used, self._packages, previous[1], known))
        return used / _MICROJOULES / (now_s - previous[0])

    @staticmethod
    def _used(package: Path, before: int, after: int) -> int:
        if after >= before:
            return after - before
        # The counter went over its end and began again.
        return after - before + (_number(package / "max_energy_range_uj") or before)


def _number(file: Path) -> int | None:
    try:
        text = file.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None
