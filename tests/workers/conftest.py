"""Workers as the app starts them, spoken to through their pipes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_model import write_tiny_model

import desktop
from desktop.core.conversation import ChatMessage, Role
from desktop.core.generation import SamplingSettings
from desktop.wire.codec import decode_event, encode
from desktop.wire.engine_messages import Generate, LoadModel
from desktop.wire.message import Heartbeat
from desktop.wire.messages import Event, Request

EXIT_LIMIT_S = 3
"""No worker outlives the app by more than this."""


class Worker:
    """A running worker."""

    def __init__(self, command: list[str], log: Path) -> None:
        self._log = log
        # A script does not find the app by the folder it is started in.
        environment = os.environ | {"PYTHONPATH": str(Path(desktop.__file__).parents[1])}
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )

    def say(self, *requests: Request) -> None:
        """Send requests in one piece."""
        self.write(b"".join(encode(request) for request in requests))

    def write(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def hear(self) -> Event:
        """Wait for the next event; whatever else is on stdout is an error."""
        return decode_event(self.process.stdout.readline())

    def hear_until(self, kind: type[Event]) -> Event:
        """Pass over all events but those of a kind."""
        while not isinstance(event := self.hear(), kind):
            pass
        return event

    def answer(self) -> Event:
        """Wait for the next event that is not a sign of life."""
        while isinstance(event := self.hear(), Heartbeat):
            pass
        return event

    def close_stdin(self) -> int:
        """Close the pipe, as happens when the app goes, and return how the worker ended."""
        self.process.stdin.close()
        return self.process.wait(EXIT_LIMIT_S)

    def log(self) -> str:
        return self._log.read_text("utf-8")

    def end(self) -> None:
        with self.process:
            self.process.kill()


@pytest.fixture
def start_worker(tmp_path) -> Iterator[Callable[..., Worker]]:
    """Start a worker by its role, or any program in its place."""
    started: list[Worker] = []

    def start(role: str = "engine", *, program: str | None = None) -> Worker:
        options = [program] if program else ["-m", "desktop", "--worker", role]
        log = tmp_path / f"worker-{len(started)}.log"
        started.append(Worker([sys.executable, *options], log))
        return started[-1]

    yield start
    for worker in started:
        worker.end()


@pytest.fixture
def talker(tmp_path) -> LoadModel:
    """The request for a model that never comes to an end.

    One thread: several that wait for each other take long on a busy machine.
    """
    path = tmp_path / "talker.gguf"
    write_tiny_model(path, answer=[" la", " lu"], endless=True, context_length=100_000)
    return LoadModel(str(path), "talker", threads=1)


@pytest.fixture
def question() -> Callable[..., Generate]:
    """The request to answer one message."""

    def question(text: str = "Hello", **sampling: object) -> Generate:
        return Generate((ChatMessage(Role.USER, text),), SamplingSettings(**sampling))

    return question
