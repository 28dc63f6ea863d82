from pathlib import Path

import pytest

from desktop.core.errors import AppError
from desktop.storage.catalogue_file import load_catalogue

CATALOGUE = Path(__file__).resolve().parents[2] / "resources" / "catalogue.json"


def problem_of(path: Path) -> str:
    with pytest.raises(AppError) as caught:
        load_catalogue(path)
    return caught.value.problem.sentence()


def test_the_catalogue_is_read_in_its_order():
    ids = [entry.id for entry in load_catalogue(CATALOGUE)]
    assert ids[0] == "llama-3.2-1b"
    assert "smollm2-135m" in ids


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"entries": [{"id": "x"}]}', b'{"entries": "\xff"}'],
    ids=["empty", "another shape", "an entry without fields", "no text"],
)
def test_a_damaged_catalogue_is_told_of_in_words(tmp_path: Path, content: bytes):
    path = tmp_path / "catalogue.json"
    path.write_bytes(content)
    said = problem_of(path)
    assert f"{path} is damaged" in said
    assert "Install Heft again" in said


def test_a_cut_catalogue_is_damaged(tmp_path: Path):
    path = tmp_path / "catalogue.json"
    path.write_bytes(CATALOGUE.read_bytes()[:5000])
    assert "damaged" in problem_of(path)


def test_a_missing_catalogue_is_told_of_in_words(tmp_path: Path):
    assert "refused to open" in problem_of(tmp_path / "none.json")
