"""The cache key of the llama.cpp wheel, and how its build reports."""

import sys
from pathlib import Path

import llama_wheel
import pytest
from watched_process import SetupError


def test_the_key_changes_with_the_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CMAKE_ARGS", raising=False)
    plain = llama_wheel.build_key()
    assert plain == llama_wheel.build_key()
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_VULKAN=ON")
    assert llama_wheel.build_key() != plain


def test_a_wheel_in_the_cache_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "heft" / "wheels" / llama_wheel.build_key()
    folder.mkdir(parents=True)
    wheel = folder / "llama_cpp_python-0-py3-none-any.whl"
    wheel.touch()
    assert llama_wheel.find_or_build(Path(sys.executable)) == wheel


def test_a_failed_build_leaves_nothing_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(SetupError, match="llama-cpp-python"):
        llama_wheel.find_or_build(Path(sys.executable))
    assert list((tmp_path / "heft" / "wheels").iterdir()) == []


def test_the_build_tells_how_far_it_is_and_how_long_the_rest_takes() -> None:
    now_s = [100.0]
    progress = llama_wheel.BuildProgress(lambda: now_s[0])
    assert progress.describe("-- Detecting C compile features") is None
    assert progress.describe("[1/136] /usr/bin/g++ -c a.cpp") == "1 of 136 files"
    now_s[0] += 68.0
    assert progress.describe("[68/136] /usr/bin/g++ -c b.cpp") == (
        "68 of 136 files, about 1 min 08 s to go"
    )
