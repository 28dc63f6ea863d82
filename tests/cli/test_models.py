import json
import sqlite3
from pathlib import Path

import pytest
import tiny_gguf


@pytest.fixture
def models(data_dir: Path) -> Path:
    folder = data_dir / "models"
    folder.mkdir(parents=True)
    return folder


def test_an_empty_list_says_what_to_do(heft):
    told = heft("list")
    assert told.returncode == 0
    assert "heft add" in told.stdout
    assert json.loads(heft("list", "--json").stdout) == []


def test_the_list_shows_good_and_bad_files(heft, models: Path):
    (models / "tiny-Q4_0.gguf").write_bytes(tiny_gguf.llama().whole())
    (models / "page.gguf").write_bytes(b"<html>")
    told = heft("list")
    assert told.returncode == 0
    page, tiny = told.stdout.splitlines()[1:]
    assert page.startswith("page")
    assert "web page" in page
    assert tiny.startswith("tiny ")
    assert "Q4_0" in tiny
    assert "~" in tiny


def test_the_list_as_json_has_figures_with_their_kind(heft, models: Path):
    (models / "tiny-Q4_0.gguf").write_bytes(tiny_gguf.llama().whole())
    (models / "page.gguf").write_bytes(b"<html>")
    page, tiny = json.loads(heft("list", "--json").stdout)
    assert "web page" in page["problem"]
    assert page["resident_bytes"] is None
    assert tiny["problem"] is None
    assert tiny["file"] == str(models / "tiny-Q4_0.gguf")
    assert tiny["file_bytes"] == len(tiny_gguf.llama().whole())
    assert tiny["resident_bytes_kind"] == tiny["tokens_per_s_kind"] == "estimated"


def test_an_added_file_is_on_the_list(heft, tmp_path: Path):
    file = tmp_path / "mine-Q4_0.gguf"
    file.write_bytes(tiny_gguf.llama().whole())
    told = heft("add", str(file))
    assert (told.returncode, told.stdout) == (0, "Added mine (7 kB).\n")
    assert "mine" in heft("list").stdout


@pytest.mark.parametrize(("content", "words"), [(b"<html>", "web page"), (None, "missing")])
def test_a_file_that_is_no_model_is_refused_in_words(
    heft, tmp_path: Path, content: bytes | None, words: str
):
    if content is not None:
        (tmp_path / "page.gguf").write_bytes(content)
    told = heft("add", str(tmp_path / "page.gguf"))
    assert told.returncode == 1
    assert told.stdout == ""
    assert words in told.stderr
    assert "Traceback" not in told.stderr


def test_a_database_of_a_newer_version_is_told_in_words(heft, data_dir: Path):
    heft("list")
    connection = sqlite3.connect(data_dir / "library.db")
    connection.execute("PRAGMA user_version=999")
    connection.close()
    told = heft("list")
    assert told.returncode == 1
    assert "newer version" in told.stderr
