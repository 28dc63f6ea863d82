"""Weightless twins: they take next to no disk, load like the model, and leave nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_model import write_tiny_model

from desktop.core.errors import AppError
from desktop.core.gguf_header import read_header
from desktop.engine.chat_engine import ChatEngine
from desktop.engine.twin import TwinPart, delete_orphans, weightless_twin

GIB = 1024**3


def part_of(path: Path, size_bytes: int | None = None) -> TwinPart:
    with path.open("rb") as stream:
        header = read_header(stream)
        stream.seek(0)
        content = stream.read(header.data_start_bytes)
    return TwinPart(content, size_bytes or path.stat().st_size)


@pytest.fixture(name="tiny")
def tiny_file(tmp_path: Path) -> Path:
    return write_tiny_model(tmp_path / "tiny.gguf")


@pytest.fixture(name="folder")
def twin_folder(tmp_path: Path) -> Path:
    return tmp_path / "twins"


def test_the_twin_has_the_size_of_the_model_and_takes_the_space_of_its_header(
    starter_model: Path, folder: Path
) -> None:
    part = part_of(starter_model)
    with weightless_twin([part], folder) as twin:
        assert twin.path.stat().st_size == starter_model.stat().st_size
        assert len(part.header) <= twin.disk_bytes < 1.1 * len(part.header)


def test_a_model_larger_than_the_disk_has_a_twin(tiny: Path, folder: Path) -> None:
    with weightless_twin([part_of(tiny, 1000 * GIB)], folder) as twin:
        assert twin.path.stat().st_size == 1000 * GIB
        assert twin.disk_bytes < 100_000


def test_the_twin_loads_like_the_model(tiny: Path, folder: Path, engine: ChatEngine) -> None:
    real = engine.load(tiny, "Real", context_tokens=256, threads=1)
    with weightless_twin([part_of(tiny)], folder) as twin:
        facts = engine.load(twin.path, "Twin", context_tokens=256, threads=1)
    assert facts.memory == real.memory


def test_parts_of_a_split_model_lie_side_by_side(tiny: Path, folder: Path) -> None:
    parts = [part_of(tiny), part_of(tiny, GIB)]
    with weightless_twin(parts, folder) as twin:
        assert sorted(path.name for path in twin.path.parent.iterdir()) == [
            "twin-00001-of-00002.gguf",
            "twin-00002-of-00002.gguf",
        ]
        assert twin.path.name == "twin-00001-of-00002.gguf"
        assert twin.path.with_name("twin-00002-of-00002.gguf").stat().st_size == GIB


def test_the_twin_is_gone_afterwards_whatever_happened(tiny: Path, folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), weightless_twin([part_of(tiny)], folder):
        raise ZeroDivisionError
    assert list(folder.iterdir()) == []


def test_a_disk_that_refuses_is_said_in_words(tiny: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file in place of the folder")
    with (
        pytest.raises(AppError, match="could not be weighed"),
        weightless_twin([part_of(tiny)], blocked),
    ):
        pass


def test_only_twins_of_processes_that_are_gone_are_orphans(folder: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    orphan, living = folder / f"twin-{ended.pid}-abc", folder / f"twin-{os.getpid()}-def"
    other = folder / "twin-of-somebody"
    for place in (orphan, living, other):
        place.mkdir(parents=True)
    delete_orphans(folder)
    assert sorted(folder.iterdir()) == sorted([living, other])
