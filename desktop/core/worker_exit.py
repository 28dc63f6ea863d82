"""How a worker process ended, and the sentence that says so."""

import signal
from dataclasses import dataclass

from desktop.core.errors import Problem

KEPT_LINES = 50


@dataclass(frozen=True, slots=True)
class WorkerExit:
    """The end of a worker.

    Attributes:
        exit_code: The code it returned, or the number of the signal that ended it where the system
            has signals; None if it never started.
        crashed: Whether it ended by anything but its own decision.
        last_words: The tail of what it wrote to stderr.
    """

    exit_code: int | None
    crashed: bool
    last_words: str


_BY_SIGNAL = {
    "SIGKILL": (
        "The system or another program ended it. Most often that means memory ran out.",
        "Close other programs, or choose a smaller model.",
    ),
    "SIGSEGV": (
        "It crashed inside llama.cpp; your conversation is not affected.",
        "Send the message again. If it crashes again, choose another model.",
    ),
    "SIGABRT": (
        "llama.cpp gave up because something in the model or the computation was impossible.",
        "Send the message again. If it happens again, choose another model.",
    ),
    "SIGBUS": (
        "The model file changed or could no longer be read while it was in use.",
        "Check the drive that holds the model, then load the model again.",
    ),
    "SIGILL": (
        "It was built for a newer processor than this one.",
        "Install the build of Heft for older processors.",
    ),
    "SIGTERM": (
        "Another program asked it to end.",
        "Send the message again.",
    ),
}


def describe_exit(worker_exit: WorkerExit) -> Problem:
    """Turn the end of the engine into words; nobody else interprets exit codes."""
    log = tuple(worker_exit.last_words.splitlines()[-KEPT_LINES:])
    if worker_exit.exit_code is None:
        return Problem(
            "The engine could not be started",
            "The program of the engine is missing or may not be run.",
            "Install Heft again.",
            log,
        )
    if not worker_exit.crashed:
        return Problem(
            "The engine ended by itself",
            f"It left with code {worker_exit.exit_code}; its last words are in the details.",
            "Send the message again.",
            log,
        )
    name = _signal_name(worker_exit.exit_code)
    detail, next_step = _BY_SIGNAL.get(
        name, ("It was ended from outside or crashed.", "Send the message again.")
    )
    return Problem("The engine stopped", detail, next_step, (f"ended by {name}", *log))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"code {number}"


def describe_hang(*, was_stopped: bool) -> Problem:
    """Say that a living engine was ended because it no longer answered."""
    if was_stopped:
        return Problem(
            "The engine was paused from outside",
            "Another program or a debugger stopped it, so Heft ended it and started it again.",
            "Send the message again.",
        )
    return Problem(
        "The engine stopped responding",
        "It gave no sign of life for several seconds, so Heft ended it and started it again.",
        "Send the message again. If it happens again, choose a smaller model.",
    )
