"""Running a child process that takes a while, with one line that says how far it is."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from places import ROOT

QUIET_S = 15.0
TICK_S = 0.5
LAST_LINES = 30


class SetupError(Exception):
    """A step of the set-up that cannot be done; the text says why and what to do."""


class ProgressLine:
    """A line that is rewritten in place; where there is no terminal, a new line now and then."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._started_s = time.monotonic()
        self._printed_s = -QUIET_S
        self._on_terminal = sys.stdout.isatty()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the line was made."""
        return time.monotonic() - self._started_s

    def show(self, state: str) -> None:
        """Say how far it is."""
        so_far = f", {duration(self.elapsed_s)} so far" if self.elapsed_s >= 1 else ""
        text = f"{self._title}: {state}{so_far}"
        if self._on_terminal:
            columns = shutil.get_terminal_size().columns
            print(f"\r\x1b[2K{text[: columns - 1]}", end="", flush=True)
        elif self.elapsed_s - self._printed_s >= QUIET_S:
            self._printed_s = self.elapsed_s
            print(text, flush=True)

    def close(self, outcome: str) -> None:
        """Put the outcome in the place of the progress."""
        start = "\r\x1b[2K" if self._on_terminal else ""
        print(f"{start}{self._title}: {outcome} after {duration(self.elapsed_s)}.", flush=True)


@dataclass(frozen=True)
class WatchedCommand:
    """A command and how its output reads.

    Attributes:
        title: What it does, as the progress line begins.
        first_state: Shown until the output says more.
        describe: Makes the state shown of one line of output; None keeps the state.
        environment: Variables on top of our own.
    """

    title: str
    arguments: list[str]
    first_state: str
    describe: Callable[[str], str | None]
    environment: dict[str, str] = field(default_factory=dict)


def run_watched(command: WatchedCommand) -> None:
    """Run the command to its end; raises SetupError with its last lines if it fails."""
    progress = ProgressLine(command.title)
    last_lines: deque[str] = deque(maxlen=LAST_LINES)
    state = command.first_state
    with _start(command) as process:
        for line in _lines_and_ticks(process):
            if line:
                last_lines.append(line[:300])
                state = command.describe(line) or state
            progress.show(state)
    if process.returncode != 0:
        progress.close("failed")
        raise SetupError("\n".join([*last_lines, f"This failed: {' '.join(command.arguments)}"]))
    progress.close("done")


def _start(command: WatchedCommand) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command.arguments,
        cwd=ROOT,
        env=os.environ | command.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def duration(seconds: float) -> str:
    """Write a time as ``8 s`` or ``3 min 05 s``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _lines_and_ticks(process: subprocess.Popen[str]) -> Iterator[str]:
    """Yield the lines of its output, and an empty text whenever there was none for a moment."""
    lines: SimpleQueue[str | None] = SimpleQueue()
    reader = threading.Thread(target=_read_lines, args=(process, lines), daemon=True)
    reader.start()
    while True:
        try:
            line = lines.get(timeout=TICK_S)
        except Empty:
            line = ""
        if line is None:
            return
        yield line


def _read_lines(process: subprocess.Popen[str], lines: "SimpleQueue[str | None]") -> None:
    for line in process.stdout or ():
        lines.put(line.strip())
    lines.put(None)
