"""Pages of a mapped file that was copied into another order are given up."""

import sys
from pathlib import Path

import pytest
from synthetic_model import Packing, Shape, write_synthetic_model

from desktop.engine.abort_flag import AbortFlag
from desktop.engine.load_settings import LoadSettings
from desktop.engine.mapped_pages import drop_mapped_pages
from desktop.engine.model import LoadedModel
from desktop.engine.session import Session
from desktop.storage.model_file import inspect_file
from desktop.system import huge_pages

SHAPE = Shape(
    layers=6,
    embedding=512,
    feed_forward=2048,
    heads=8,
    packing=Packing.Q4_0,
    outer_packing=Packing.Q4_0,
)
PROMPT = list(range(300, 340))


def mapped_bytes(path: Path) -> int:
    """How much of a mapped file is in the memory of this process."""
    lines = iter(Path("/proc/self/smaps").read_text().splitlines())
    return sum(
        int(next(line for line in lines if line.startswith("Rss:")).split()[1]) * 1024
        for line in lines
        if line.endswith(str(path))
    )


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without huge pages: there the file is mapped."""
    monkeypatch.setattr(huge_pages, "_POLICY", Path("/nothing"))


def load(path: Path) -> LoadedModel:
    facts, problem = inspect_file(path)
    assert facts is not None, problem
    return LoadedModel(path, facts, LoadSettings(256, 1), AbortFlag(), _ignore)


def answer(session: Session) -> int:
    session.clear()
    session.process(PROMPT, _ignore)
    return session.used_tokens


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells where a file is mapped")
@pytest.mark.usefixtures("small_pages")
def test_repacked_weights_are_in_memory_once(tmp_path: Path) -> None:
    path = write_synthetic_model(tmp_path / "model.gguf", SHAPE)
    model = load(path)
    in_memory_bytes = mapped_bytes(path)
    assert 0 < in_memory_bytes < 0.6 * path.stat().st_size
    assert model.memory.weights_bytes == pytest.approx(path.stat().st_size, rel=0.05)
    # Nothing of the model is lost: it is read from the file again.
    drop_mapped_pages((path,))
    assert mapped_bytes(path) == 0
    assert answer(model.session) == len(PROMPT)
    assert mapped_bytes(path) > 0
    model.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells where a file is mapped")
@pytest.mark.usefixtures("small_pages")
def test_weights_that_are_used_as_they_lie_stay(tmp_path: Path) -> None:
    path = write_synthetic_model(tmp_path / "model.gguf", Shape(packing=Packing.F16))
    model = load(path)
    assert mapped_bytes(path) > 0.9 * path.stat().st_size
    model.close()


def test_files_that_are_not_mapped_are_no_matter(tmp_path: Path) -> None:
    drop_mapped_pages((tmp_path / "nothing.gguf",))


def _ignore(_progress: float) -> None:
    """Nobody looks."""
