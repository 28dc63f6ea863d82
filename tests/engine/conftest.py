"""What the engine's tests share: the starter loaded once, and tiny models as they are needed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_model import write_tiny_model

from desktop.engine.abort_flag import AbortFlag
from desktop.engine.chat_engine import ChatEngine
from desktop.engine.load_settings import LoadSettings
from desktop.engine.model import LoadedModel
from desktop.storage.model_file import inspect_file

CONTEXT_TOKENS = 512

LoadTiny = Callable[..., LoadedModel]


@pytest.fixture(scope="session")
def loaded_starter(starter_model: Path) -> Iterator[ChatEngine]:
    """The starter model, loaded once for all tests; they leave it able to answer."""
    engine = ChatEngine()
    # One thread: with two, a machine that is busy elsewhere is many times slower.
    engine.load(starter_model, "Starter", context_tokens=2048, threads=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def load_tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadTiny]:
    """Load a tiny model made with the given options; the same options give the same model."""
    folder = tmp_path_factory.mktemp("tiny")
    models: dict[str, LoadedModel] = {}

    def load(**options: object) -> LoadedModel:
        key = repr(options)
        if key not in models:
            path = write_tiny_model(folder / f"{len(models)}.gguf", **options)
            models[key] = load_model(path)
        return models[key]

    yield load
    for model in models.values():
        model.close()


@pytest.fixture
def engine() -> Iterator[ChatEngine]:
    """An engine without a model."""
    engine = ChatEngine()
    yield engine
    engine.close()


def load_model(path: Path, flag: AbortFlag | None = None) -> LoadedModel:
    facts, problem = inspect_file(path)
    assert facts is not None, problem
    settings = LoadSettings(CONTEXT_TOKENS, threads=1)
    return LoadedModel(path, facts, settings, flag or AbortFlag(), _ignore)


def _ignore(_fraction: float) -> None:
    """Nobody looks at the progress."""
