import os
from pathlib import Path

import pytest
import tiny_gguf

from desktop.storage.model_file import files_below, inspect_file, stamp_of


def problem_of(path: Path) -> str:
    facts, problem = inspect_file(path)
    assert facts is None
    assert problem is not None
    assert problem.next_step
    return problem.sentence()


def test_a_good_file_gives_facts_and_no_problem(tmp_path: Path):
    file = tmp_path / "m.gguf"
    file.write_bytes(tiny_gguf.llama().whole())
    facts, problem = inspect_file(file)
    assert problem is None
    assert facts is not None
    assert facts.architecture == "llama"
    assert facts.file_bytes == file.stat().st_size


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS"),
        (tiny_gguf.llama().whole()[:-4000], "4 kB are missing"),
        (tiny_gguf.llama().whole()[:100], "inside its header"),
        (b"GGUF" + b"\xff" * 60, "version"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, content: bytes, words: str):
    file = tmp_path / "bad.gguf"
    file.write_bytes(content)
    assert words in problem_of(file)


def test_what_is_no_file_is_named(tmp_path: Path):
    assert "missing" in problem_of(tmp_path / "none.gguf")
    assert "folder" in problem_of(tmp_path)
    pipe = tmp_path / "pipe.gguf"
    os.mkfifo(pipe)
    assert "not an ordinary file" in problem_of(pipe)


def test_a_link_to_nothing_is_missing(tmp_path: Path):
    link = tmp_path / "link.gguf"
    link.symlink_to(tmp_path / "gone")
    assert "missing" in problem_of(link)


def split(folder: Path) -> list[Path]:
    """A model in three parts, the first without tensors, as llama.cpp's splitter writes it."""
    first, rest = tiny_gguf.llama(), tiny_gguf.llama()
    first.tensors = []
    rest.values = {"general.architecture": "llama"}
    paths = []
    for number, model in enumerate((first, rest, rest), start=1):
        path = folder / f"big-{number:05d}-of-00003.gguf"
        path.write_bytes(model.whole())
        paths.append(path)
    return paths


def test_a_split_model_is_the_sum_of_its_parts(tmp_path: Path):
    paths = split(tmp_path)
    facts, problem = inspect_file(paths[0])
    assert problem is None
    assert facts is not None
    assert facts.weights_bytes == 2 * (768 + 4608 + 768)
    assert facts.context_limit_tokens == 2048
    assert facts.file_bytes == sum(path.stat().st_size for path in paths)


def test_missing_parts_are_named(tmp_path: Path):
    paths = split(tmp_path)
    paths[1].unlink()
    assert "big-00002-of-00003.gguf" in problem_of(paths[0])


def test_another_part_points_to_the_first(tmp_path: Path):
    assert "Choose big-00001-of-00003.gguf" in problem_of(split(tmp_path)[1])


def test_a_damaged_part_is_named(tmp_path: Path):
    paths = split(tmp_path)
    paths[2].write_bytes(paths[2].read_bytes()[:-3000])
    assert "big-00003-of-00003.gguf" in problem_of(paths[0])


def test_a_folder_is_searched_with_what_lies_below(tmp_path: Path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("b.gguf", "A.GGUF", "notes.txt", "deep/er/c.gguf", "half.gguf.part"):
        (tmp_path / name).write_bytes(b"")
    split(tmp_path / "deep")
    names = {file.relative_to(tmp_path).as_posix() for file in files_below(tmp_path)}
    assert names == {"b.gguf", "A.GGUF", "deep/er/c.gguf", "deep/big-00001-of-00003.gguf"}


def test_a_split_model_without_its_first_part_is_found_by_the_next(tmp_path: Path):
    split(tmp_path)[0].unlink()
    assert [file.name for file in files_below(tmp_path)] == ["big-00002-of-00003.gguf"]


def test_the_stamp_covers_all_parts(tmp_path: Path):
    paths = split(tmp_path)
    before = stamp_of(paths[0])
    assert before is not None
    assert before.size_bytes == sum(path.stat().st_size for path in paths)
    os.utime(paths[2], ns=(1, 4_000_000_000_000_000_000))
    assert stamp_of(paths[0]) != before
    assert stamp_of(tmp_path / "none.gguf") is None
