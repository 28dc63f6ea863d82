from pathlib import Path

import pytest

from desktop.storage.paths import Paths


def all_places(paths: Paths) -> list[Path]:
    return [
        paths.models,
        paths.chats_database,
        paths.library_database,
        paths.settings_file,
        paths.logs,
        paths.cache,
    ]


def test_everything_lies_below_a_given_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEFT_DATA_DIR", "/somewhere/else")
    paths = Paths.default(tmp_path / "mine")
    assert all(place.is_relative_to(tmp_path / "mine") for place in all_places(paths))


def test_the_variable_moves_everything(data_dir: Path):
    assert all(place.is_relative_to(data_dir) for place in all_places(Paths.default()))


@pytest.mark.parametrize("variable", [None, ""])
def test_without_either_the_places_are_the_systems(
    variable: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("HEFT_DATA_DIR", raising=False)
    if variable is not None:
        monkeypatch.setenv("HEFT_DATA_DIR", variable)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert "heft" in Paths.default().data.parts


def test_relative_folders_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert Paths.default(Path("here")).data == (tmp_path / "here").resolve()


def test_create_makes_all_folders_for_the_owner_only(tmp_path: Path):
    paths = Paths.default(tmp_path / "mine")
    paths.create()
    paths.create()
    for folder in (paths.data, paths.models, paths.logs, paths.cache, paths.settings_file.parent):
        assert folder.is_dir()
    assert paths.data.stat().st_mode & 0o077 == 0
