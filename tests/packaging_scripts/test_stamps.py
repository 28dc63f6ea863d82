"""What the set-up remembers."""

from pathlib import Path

from stamps import Stamps, hash_of


def test_a_step_is_remembered_for_its_inputs_only(tmp_path: Path) -> None:
    file = tmp_path / "stamps.json"
    Stamps(file).remember("wheel", "made.whl", "1.0", "flags")
    assert Stamps(file).product("wheel", "1.0", "flags") == "made.whl"
    assert Stamps(file).product("wheel", "1.1", "flags") is None
    assert Stamps(file).product("venv", "1.0", "flags") is None


def test_a_damaged_memory_means_that_nothing_was_done(tmp_path: Path) -> None:
    file = tmp_path / "stamps.json"
    file.write_text('{"wheel": ["ab', "utf-8")
    assert Stamps(file).product("wheel", "1.0") is None


def test_moving_a_border_between_inputs_changes_the_hash() -> None:
    assert hash_of("ab", "c") != hash_of("a", "bc")
