"""The commands that look after models: remove, verify, add of folders, and what list tells."""

import hashlib
import json
from pathlib import Path

import pytest
import tiny_gguf
from click.testing import CliRunner, Result

from desktop.cli import add, remove, verify
from desktop.cli import list as list_command
from desktop.core.errors import AppError
from desktop.core.settings import Settings
from desktop.storage.paths import Paths
from desktop.storage.settings_store import SettingsStore

COMMANDS = {
    "add": add.command,
    "list": list_command.command,
    "remove": remove.command,
    "verify": verify.command,
}
CONTENT = tiny_gguf.llama().whole()


@pytest.fixture
def models(data_dir: Path) -> Path:
    folder = data_dir / "models"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def heft(data_dir: Path):
    """Carry out a command in this process."""

    def heft(name: str, *arguments: str) -> Result:
        result = CliRunner().invoke(COMMANDS[name], arguments, standalone_mode=False)
        if isinstance(result.exception, AppError):
            raise result.exception
        return result

    return heft


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    return path


def listed(heft) -> list[dict[str, object]]:
    return json.loads(heft("list", "--json").stdout)


def test_a_model_is_removed_and_brought_back(heft, models: Path):
    path = write(models / "tiny-Q4_0.gguf")
    told = heft("remove", "tiny").stdout
    assert told == "tiny is in the trash. 7 kB come back in 30 days, or when you empty it.\n"
    assert listed(heft) == []
    assert not path.exists()
    assert heft("remove", "--undo").stdout == "Brought back tiny-Q4_0.gguf.\n"
    assert [one["file"] for one in listed(heft)] == [str(path)]


def test_the_trash_can_be_emptied_at_once(heft, models: Path):
    write(models / "tiny.gguf")
    heft("remove", "tiny")
    assert heft("remove", "--empty-trash").stdout == "7 kB came back.\n"
    with pytest.raises(AppError, match="no model to bring back"):
        heft("remove", "--undo")


def test_a_removal_wants_one_thing(heft, models: Path):
    for arguments in ((), ("tiny", "--undo"), ("--undo", "--empty-trash")):
        assert "Name one model" in str(heft("remove", *arguments).exception)
    with pytest.raises(AppError, match="no model “none”"):
        heft("remove", "none")


def test_a_file_that_is_not_on_the_list_is_not_removed(heft, tmp_path: Path, models: Path):
    path = write(tmp_path / "elsewhere.gguf")
    with pytest.raises(AppError, match="no model"):
        heft("remove", str(path))
    assert path.exists()


def test_a_broken_or_missing_model_can_be_removed_too(heft, models: Path):
    (models / "page.gguf").write_bytes(b"<html>")
    gone = write(models / "gone.gguf")
    listed(heft)
    gone.unlink()
    heft("remove", "page")
    assert heft("remove", "gone").stdout == "gone is off the list.\n"
    assert listed(heft) == []


def test_a_check_records_then_compares_then_finds_damage(heft, models: Path):
    path = write(models / "tiny.gguf")
    assert "recorded now" in heft("verify").stdout
    result = heft("verify", "tiny", "--json")
    assert result.return_value == 0
    [outcome] = json.loads(result.stdout)
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert (outcome["integrity"], outcome["sha256"]) == ("intact", [digest])
    assert listed(heft)[0]["verified_at"]
    path.write_bytes(CONTENT[:-1] + b"x")
    result = heft("verify")
    assert result.return_value == 1
    assert "changed or is damaged" in result.stdout
    assert "changed or is damaged" in listed(heft)[0]["problem"]
    path.write_bytes(CONTENT)
    assert heft("verify").return_value == 0


def test_a_model_that_is_gone_fails_its_check_and_no_other(heft, models: Path):
    gone = write(models / "gone.gguf")
    write(models / "here.gguf")
    listed(heft)
    gone.unlink()
    result = heft("verify", "--json")
    assert result.return_value == 1
    missing, here = json.loads(result.stdout)
    assert "missing" in missing["problem"]
    assert here["integrity"] == "recorded"


def test_the_models_of_a_folder_are_added(heft, tmp_path: Path, models: Path):
    write(tmp_path / "mine" / "deep" / "one-Q4_0.gguf")
    write(tmp_path / "mine" / "two-Q4_0.gguf")
    (tmp_path / "mine" / "page.gguf").write_bytes(b"<html>")
    assert heft("add", str(tmp_path / "mine")).stdout == "Added two (7 kB).\nAdded one (7 kB).\n"
    assert [one["origin"] for one in listed(heft)] == ["added by you"] * 2
    (tmp_path / "empty").mkdir()
    with pytest.raises(AppError, match="no model in this folder"):
        heft("add", str(tmp_path / "empty"))


def test_models_of_other_programs_are_on_the_list(heft, home: Path, models: Path):
    write(home / ".lmstudio" / "models" / "publisher" / "theirs-Q4_0.gguf")
    [model] = listed(heft)
    assert (model["name"], model["origin"], model["license"]) == ("theirs", "LM Studio", "mit")
    assert model["last_used_at"] is None
    assert "LM Studio" in heft("list").stdout
    heft("remove", "theirs")
    assert listed(heft) == []


def test_the_folder_of_the_settings_is_looked_into(heft, data_dir: Path, tmp_path: Path):
    paths = Paths.default(data_dir)
    paths.create()
    SettingsStore(paths.settings_file).save(Settings(models_folder=tmp_path / "big"))
    write(tmp_path / "big" / "tiny.gguf")
    assert [one["origin"] for one in listed(heft)] == ["Heft"]
