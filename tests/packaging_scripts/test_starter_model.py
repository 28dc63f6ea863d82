"""Verifying the starter model and placing it."""

from pathlib import Path

import pytest
import starter_model as starter


def test_the_fetched_starter_is_genuine(starter_model: Path) -> None:
    assert starter.is_genuine(starter_model)


def test_a_damaged_starter_of_the_right_size_is_refused(tmp_path: Path) -> None:
    model = tmp_path / starter.MODEL_FILE
    with model.open("wb") as file:
        file.truncate(starter.SIZE_BYTES)
    assert starter.is_whole(model)
    assert not starter.is_genuine(model)


def test_a_missing_starter_is_not_whole(tmp_path: Path) -> None:
    assert not starter.is_whole(tmp_path / starter.MODEL_FILE)


def test_the_model_is_placed_together_with_its_licence(
    starter_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cached = starter.cached_model()
    cached.parent.mkdir(parents=True)
    cached.symlink_to(starter_model)
    cached.with_name(starter.LICENSE_FILE).write_text("Apache", "utf-8")
    starter.place(tmp_path / "models")
    assert starter.is_genuine(tmp_path / "models" / starter.MODEL_FILE)
    assert (tmp_path / "models" / starter.LICENSE_FILE).read_text("utf-8") == "Apache"
