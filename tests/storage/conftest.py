"""A list of models in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.storage.model_store import ModelStore


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path, models: Path) -> Iterator[ModelStore]:
    store = ModelStore(tmp_path / "library.db", models)
    yield store
    store.close()
