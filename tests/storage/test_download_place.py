"""Names from the network never become paths by themselves."""

from pathlib import Path

import pytest

from desktop.core.errors import AppError
from desktop.core.hub_model import HubFile, HubPart
from desktop.storage.download_place import DownloadPlace
from desktop.storage.model_source import license_of

SHA = "0123456789abcdef" * 4


def file_of(
    *paths: str, repo: str = "owner/name", sha256: str = SHA, size_bytes: int = 7
) -> HubFile:
    parts = tuple(HubPart(path, size_bytes, sha256) for path in paths)
    return HubFile(repo, "c" * 40, parts, license="mit")


def test_a_file_lies_in_the_folder_of_its_repository(tmp_path: Path):
    file = file_of("Q4_K_M/model.Q4_K_M.gguf")
    place = DownloadPlace(tmp_path, file)
    assert place.target(file.parts[0]) == tmp_path / "owner--name" / "model.Q4_K_M.gguf"
    unfinished = place.unfinished(file.parts[0])
    assert unfinished == tmp_path / "owner--name" / "model.Q4_K_M.gguf.0123456789abcdef.part"


HOSTILE_PATHS = [
    "",
    "..",
    "../x.gguf",
    "a/../../x.gguf",
    "a/..",
    "/etc/x.gguf",
    "a//x.gguf",
    "./x.gguf",
    "..\\x.gguf",
    "C:x.gguf",
    "C:\\x.gguf",
    "x.gguf\0.txt.gguf",
    "x\n.gguf",
    ".x.gguf",
    " x.gguf",
    "con.gguf",
    "LPT1.x.gguf",
    "aux",
    "x.exe",
    "x.gguf ",
    "x.gguf.",
    "x.gguf/",
    "x" * 300 + ".gguf",
    "\u00e9" * 150 + ".gguf",
    "\ud800.gguf",
    "a|b.gguf",
    "a*.gguf",
]


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_a_hostile_path_is_refused_in_words(tmp_path: Path, path: str):
    with pytest.raises(AppError) as caught:
        DownloadPlace(tmp_path, file_of(path))
    problem = caught.value.problem
    assert problem.title == "This file is not downloaded"
    assert problem.sentence().isprintable()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("repo", ["", "name", "../..", "a/..", "a/b/c", "/a/b", "a\\b/c", "a/b\0"])
def test_a_hostile_repository_is_refused(tmp_path: Path, repo: str):
    with pytest.raises(AppError):
        DownloadPlace(tmp_path, file_of("x.gguf", repo=repo))


@pytest.mark.parametrize("sha256", ["", "../../x", SHA.upper(), SHA[:-1], f"{SHA}0"])
def test_a_sum_that_is_none_is_refused(tmp_path: Path, sha256: str):
    with pytest.raises(AppError):
        DownloadPlace(tmp_path, file_of("x.gguf", sha256=sha256))


def test_an_empty_file_is_refused(tmp_path: Path):
    with pytest.raises(AppError):
        DownloadPlace(tmp_path, file_of("x.gguf", size_bytes=0))


def test_two_parts_of_the_same_name_are_refused(tmp_path: Path):
    with pytest.raises(AppError, match="same name"):
        DownloadPlace(tmp_path, file_of("a/x.gguf", "b/X.gguf"))


def test_a_note_says_where_the_file_comes_from(tmp_path: Path):
    file = file_of("x.gguf")
    place = DownloadPlace(tmp_path, file)
    place.folder.mkdir()
    target = place.target(file.parts[0])
    assert not place.is_published(file.parts[0])
    place.note_source(file.parts[0])
    assert not place.is_published(file.parts[0])
    target.write_bytes(b"content")
    assert place.is_published(file.parts[0])
    assert license_of(target) == "mit"


def test_a_file_is_published_only_if_size_and_sum_are_those(tmp_path: Path):
    file = file_of("x.gguf")
    place = DownloadPlace(tmp_path, file)
    place.folder.mkdir()
    place.target(file.parts[0]).write_bytes(b"content")
    place.note_source(file.parts[0])
    place.target(file.parts[0]).write_bytes(b"longer content")
    assert not place.is_published(file.parts[0])
    place.target(file.parts[0]).write_bytes(b"content")
    other = file_of("x.gguf", sha256="f" * 64)
    assert not DownloadPlace(tmp_path, other).is_published(other.parts[0])


def test_a_file_that_is_about_to_be_replaced_is_not_published(tmp_path: Path):
    """The note is written before the file gets its name, so that it may be newer than the file."""
    file = file_of("x.gguf")
    place = DownloadPlace(tmp_path, file)
    place.folder.mkdir()
    place.target(file.parts[0]).write_bytes(b"earlier")
    place.unfinished(file.parts[0]).write_bytes(b"content")
    place.note_source(file.parts[0])
    assert not place.is_published(file.parts[0])


def test_discarding_deletes_what_came_of_this_file_only(tmp_path: Path):
    file, other = file_of("x.gguf"), file_of("y.gguf")
    place = DownloadPlace(tmp_path, file)
    place.folder.mkdir()
    unfinished = place.unfinished(file.parts[0])
    for name in (unfinished.name, f"{unfinished.name}.json", f"{unfinished.name}.json.new"):
        (place.folder / name).touch()
    kept = DownloadPlace(tmp_path, other).unfinished(other.parts[0])
    kept.touch()
    place.discard()
    assert list(place.folder.iterdir()) == [kept]


def test_an_empty_folder_does_not_stay(tmp_path: Path):
    file = file_of("x.gguf")
    place = DownloadPlace(tmp_path, file)
    place.folder.mkdir()
    place.unfinished(file.parts[0]).touch()
    place.discard()
    assert list(tmp_path.iterdir()) == []
    place.discard()
