import hashlib
from pathlib import Path

import pytest

from desktop.core.errors import AppError
from desktop.core.library import WorkCancelledError
from desktop.storage.model_hash import hash_model

FIVE_MIB = bytes(range(256)) * (5 * 4096)


def never() -> bool:
    return False


def ignore(_done_bytes: int, _total_bytes: int) -> None:
    pass


def test_every_part_is_hashed_and_progress_covers_them_all(tmp_path: Path):
    contents = [FIVE_MIB, b"second", b""]
    for number, content in enumerate(contents, start=1):
        (tmp_path / f"big-{number:05d}-of-00003.gguf").write_bytes(content)
    seen = []
    hashes = hash_model(
        tmp_path / "big-00001-of-00003.gguf", lambda done, total: seen.append((done, total)), never
    )
    assert hashes == tuple(hashlib.sha256(content).hexdigest() for content in contents)
    total = sum(map(len, contents))
    assert seen[-1] == (total, total)
    assert sorted(seen) == seen
    assert len(seen) == 3


def test_it_ends_between_two_blocks_when_it_is_to_stop(tmp_path: Path):
    (tmp_path / "m.gguf").write_bytes(FIVE_MIB)
    seen = []
    with pytest.raises(WorkCancelledError):
        hash_model(tmp_path / "m.gguf", lambda done, _: seen.append(done), lambda: len(seen) == 1)
    assert seen == [4 * 1024**2]


def test_a_missing_or_closed_file_is_told_in_words(tmp_path: Path):
    with pytest.raises(AppError, match="missing"):
        hash_model(tmp_path / "none.gguf", ignore, never)
    with pytest.raises(AppError, match="cannot be read"):
        hash_model(tmp_path, ignore, never)
