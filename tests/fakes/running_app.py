"""Heft in a process of its own, as a test sees it: what to do goes in, what is seen comes out."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import window_driver
from window_user import SeenAnswer

import desktop

ROOT = Path(desktop.__file__).parents[1]


@dataclass(frozen=True)
class Sight:
    """What is on the screen of the other process."""

    phase: str
    memory_gb: float
    is_minimized: bool
    models: list[str]
    chats: list[str]
    questions: list[str]
    answers: list[SeenAnswer]

    @classmethod
    def read(cls, line: bytes) -> "Sight":
        values: dict[str, Any] = json.loads(line)
        values["answers"] = [SeenAnswer(*answer) for answer in values["answers"]]
        return cls(**values)


class RunningApp:
    """Starts ``window_driver`` and holds what it told last."""

    def __init__(self, data_dir: Path, *arguments: str, prefix: Sequence[str] = ()) -> None:
        command = [*prefix, sys.executable, window_driver.__file__, "--data-dir", str(data_dir)]
        self.process = subprocess.Popen(
            [*command, *arguments],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._sight: Sight | None = None

    def tell(self, *wish: str) -> None:
        self.process.stdin.write(json.dumps(wish).encode() + b"\n")
        self.process.stdin.flush()

    def see(self, condition: Callable[[Sight], object]) -> Sight:
        """Wait until something can be seen; the time limit of the test is the limit."""
        while self._sight is None or not condition(self._sight):
            line = self.process.stdout.readline()
            assert line, "the app has ended"
            self._sight = Sight.read(line)
        return self._sight

    def close(self) -> int:
        """Close the window and return the exit status."""
        self.tell("close")
        self.process.communicate()
        return self.process.returncode

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        self.process.kill()
        self.process.communicate()


def environment() -> dict[str, str]:
    """Return what a process of its own needs to find the app and to need no screen."""
    return os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
