"""A test drive of the weightless twin against one of the model itself, pair by pair.

Each drive has a process of its own, as in the app. The twin's figures over the model's are
compared: for the prompt, and for answers at both depths.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from paired_runs import Comparison, verdict

from desktop.system.huge_pages import huge_page_variables

PAIRS = 5
TARGET = 0.08
DISK_TARGET = 1.1


class Drives:
    """Drives of one model, real and twin."""

    def __init__(self, model: Path, folder: Path) -> None:
        self._model = model
        self._folder = folder
        self.disk_shares: list[float] = []

    def pair(self, *, twin_first: bool) -> tuple[list[float], list[float]]:
        """Return prompt and decode speeds of the twin and of the model, in tokens/s."""
        if twin_first:
            twin = self._twin()
            return twin, self._real()
        real = self._real()
        return self._twin(), real

    def _real(self) -> list[float]:
        return _speeds(self._drive())

    def _twin(self) -> list[float]:
        result = self._drive(str(self._folder))
        self.disk_shares.append(result["twin_disk_bytes"] / result["header_bytes"])
        return _speeds(result)

    def _drive(self, *arguments: str) -> dict[str, Any]:
        probe = Path(__file__).with_name("_one_drive.py")
        command = [sys.executable, str(probe), str(self._model), *arguments]
        finished = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        result: dict[str, Any] = json.loads(finished.stdout)
        return result


def _speeds(result: dict[str, Any]) -> list[float]:
    return [
        result["prompt_tokens_per_s"],
        *(speed["tokens_per_s"] for speed in result["decode"]),
    ]


def main() -> int:
    """Compare; returns the exit status."""
    model = Path(os.environ["HEFT_STARTER_MODEL"])
    # As the app starts its processes.
    os.environ.update(huge_page_variables())
    with tempfile.TemporaryDirectory(prefix="heft-bench-", dir=Path.home()) as folder:
        drives = Drives(model, Path(folder))
        drives.pair(twin_first=True)
        pairs = [drives.pair(twin_first=bool(number % 2)) for number in range(PAIRS)]
    is_met = True
    for index, name in enumerate(("prompt", "answer at depth 0", "answer at depth 1,024")):
        comparison = Comparison(
            [twin[index] for twin, _ in pairs], [real[index] for _, real in pairs]
        )
        comparison.show(f"{name}, twin over model", "tokens/s")
        is_met &= verdict(f"{name}, error", abs(comparison.ratio - 1), TARGET, at_most=True)
    disk_share = max(drives.disk_shares)
    is_met &= verdict("disk use over header", disk_share, DISK_TARGET, at_most=True)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
