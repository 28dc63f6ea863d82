from pathlib import Path

import pytest
import tiny_gguf

from desktop.cli.library import open_library
from desktop.core.errors import AppError
from desktop.core.settings import Settings
from desktop.storage.paths import Paths
from desktop.storage.settings_store import SettingsStore


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.default(tmp_path / "data")
    paths.create()
    return paths


def write(folder: Path, name: str, extra_bytes: int = 0) -> Path:
    path = folder / name
    path.write_bytes(tiny_gguf.llama().whole() + bytes(extra_bytes))
    return path


def chosen(paths: Paths, wanted: str | None) -> Path:
    with open_library(paths) as library:
        return library.choose(wanted).path


def refusal(paths: Paths, wanted: str | None) -> str:
    with pytest.raises(AppError) as caught:
        chosen(paths, wanted)
    return str(caught.value)


@pytest.mark.parametrize(
    "wanted", ["Big one", "big ONE", "big-one-Q4_0", "big-one-Q4_0.gguf", "big", "one-q4"]
)
def test_a_model_is_found_by_its_name_or_its_file(paths: Paths, wanted: str):
    big = write(paths.models, "big-one-Q4_0.gguf")
    write(paths.models, "small-Q4_0.gguf")
    assert chosen(paths, wanted) == big


def test_a_whole_name_goes_before_a_part_of_another(paths: Paths):
    write(paths.models, "big-one-Q4_0.gguf")
    big = write(paths.models, "big-Q4_0.gguf")
    assert chosen(paths, "big") == big


def test_a_path_need_not_be_installed(paths: Paths, tmp_path: Path, monkeypatch):
    elsewhere = write(tmp_path, "elsewhere.gguf")
    monkeypatch.chdir(tmp_path)
    assert chosen(paths, "elsewhere.gguf") == elsewhere
    assert chosen(paths, str(elsewhere)) == elsewhere
    with open_library(paths) as library:
        assert library.models == ()


def test_the_path_of_an_installed_model_is_that_model(paths: Paths):
    path = write(paths.models, "small-Q4_0.gguf")
    with open_library(paths) as library:
        assert library.choose(str(path)) == library.models[0]


def test_an_unknown_name_lists_what_there_is(paths: Paths):
    assert "None is installed" in refusal(paths, "nope")
    write(paths.models, "small-Q4_0.gguf")
    assert "small (small-Q4_0.gguf)" in refusal(paths, "nope")


def test_a_name_that_fits_two_models_is_refused(paths: Paths):
    write(paths.models, "big-one-Q4_0.gguf")
    write(paths.models, "big-two-Q4_0.gguf")
    assert "more than one" in refusal(paths, "big")


def test_a_model_with_a_problem_is_refused_with_it(paths: Paths, tmp_path: Path):
    (paths.models / "page.gguf").write_bytes(b"<html>")
    assert "web page" in refusal(paths, "page")
    assert "folder" in refusal(paths, str(tmp_path))


def test_the_default_is_the_last_one_used_else_the_smallest_usable(paths: Paths):
    (paths.models / "page.gguf").write_bytes(b"<html>")
    assert "heft add" in refusal(paths, None)
    big = write(paths.models, "big.gguf", extra_bytes=1000)
    small = write(paths.models, "small.gguf")
    assert chosen(paths, None) == small
    SettingsStore(paths.settings_file).save(Settings(last_model=big))
    assert chosen(paths, None) == big
    big.unlink()
    assert chosen(paths, None) == small
