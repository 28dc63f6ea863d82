"""A real engine process, small models for it, and what a test of a service asks of them."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from signal_journal import SignalJournal
from tiny_model import write_tiny_model

from desktop.core.conversation import ChatMessage, Role
from desktop.core.generation import SamplingSettings
from desktop.core.local_model import LocalModel, ModelOrigin, display_name
from desktop.services.engine_client import EngineClient
from desktop.storage.model_file import inspect_file

LIMIT_MS = 30_000
"""An engine starts in half a second where nothing else runs; a busy machine gets more time."""

ENGINE_SIGNALS = (
    "model_loaded",
    "load_failed",
    "memory_returned",
    "tokens_received",
    "answer_finished",
    "answer_failed",
    "engine_lost",
)


@pytest.fixture
def wait_for(qtbot) -> Callable[[Callable[[], bool]], None]:
    """Go on when a condition holds; fail after a time that no healthy machine needs."""

    def wait_for(condition: Callable[[], bool]) -> None:
        qtbot.waitUntil(condition, timeout=LIMIT_MS)

    return wait_for


@pytest.fixture
def local_model() -> Callable[[Path], LocalModel]:
    """Turn a file into what the library knows of it."""

    def local_model(path: Path) -> LocalModel:
        facts, problem = inspect_file(path)
        size_bytes = path.stat().st_size
        return LocalModel(path, display_name(path), size_bytes, ModelOrigin.ADDED, facts, problem)

    return local_model


@pytest.fixture
def greeter(tmp_path, local_model) -> LocalModel:
    """A model that says the same few words to everything."""
    path = write_tiny_model(tmp_path / "greeter.gguf", answer=["Good", " morning", "."])
    return local_model(path)


@pytest.fixture
def talker(tmp_path, local_model) -> LocalModel:
    """A model that never comes to an end, in a context that is not full for minutes."""
    path = tmp_path / "talker.gguf"
    write_tiny_model(path, answer=[" la", " lu"], endless=True, context_length=100_000)
    return local_model(path)


@pytest.fixture
def starter(starter_model, local_model) -> LocalModel:
    """The model that comes with the app."""
    return local_model(starter_model)


@pytest.fixture
def broken(tmp_path) -> LocalModel:
    """A file that passed for a model until it was cut short."""
    path = write_tiny_model(tmp_path / "broken.gguf")
    path.write_bytes(path.read_bytes()[:40_000])
    return LocalModel(path, "broken", 40_000, ModelOrigin.ADDED)


@pytest.fixture
def one_core() -> Iterator[None]:
    """Keep this process and its children on one processor core, so that the engine uses one thread.

    Several threads of llama.cpp wait for each other without sleeping. On a machine whose cores are
    busy with something else that takes a hundred times as long.
    """
    if sys.platform != "linux":
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(cores)[os.getpid() % len(cores)]})
    yield
    os.sched_setaffinity(0, cores)


@pytest.fixture
def engine(qapp, one_core) -> Iterator[EngineClient]:
    """An engine client that is shut down at the end, whatever state it is in."""
    engine = EngineClient()
    yield engine
    engine.shut_down()


@pytest.fixture
def heard(engine: EngineClient) -> SignalJournal:
    """Everything the engine client reports, but for the stream of states."""
    return SignalJournal(engine, *ENGINE_SIGNALS)


@pytest.fixture
def load(qtbot, engine: EngineClient) -> Callable[[LocalModel], None]:
    """Load a model and wait until it is ready."""

    def load(model: LocalModel) -> None:
        with qtbot.waitSignal(engine.model_loaded, timeout=LIMIT_MS):
            engine.load(model)

    return load


@pytest.fixture
def ask(engine: EngineClient) -> Callable[..., None]:
    """Have the engine answer a conversation of one message."""

    def ask(text: str = "Hello", **sampling: object) -> None:
        messages = (ChatMessage(Role.USER, text),)
        engine.generate(messages, SamplingSettings(**sampling))

    return ask
