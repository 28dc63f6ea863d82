import tomllib
from pathlib import Path

import pytest

from desktop.core.errors import AppError
from desktop.core.settings import Settings, ThemeChoice
from desktop.storage.settings_store import SettingsStore

CHANGED = Settings(
    ThemeChoice.DARK,
    Path("/models/ä.gguf"),
    b"\x00\xff\x10",
    False,
    models_folder=Path("/other drive/models"),
    hub_endpoint="https://mirror.example",
    is_offline=True,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def test_without_a_file_the_defaults_hold(path: Path):
    assert SettingsStore(path).load() == (Settings(), None)


@pytest.mark.parametrize("settings", [Settings(), CHANGED])
def test_settings_come_back_as_they_were(path: Path, settings: Settings):
    SettingsStore(path).save(settings)
    assert SettingsStore(path).load() == (settings, None)
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]


def test_a_setting_that_was_taken_back_is_gone(path: Path):
    SettingsStore(path).save(CHANGED)
    SettingsStore(path).save(Settings())
    assert SettingsStore(path).load() == (Settings(), None)


def test_keys_that_are_not_known_are_kept(path: Path):
    path.parent.mkdir()
    path.write_text('mine = 1\n[table]\nlist = ["a"]\n', encoding="utf-8")
    SettingsStore(path).save(CHANGED)
    values = tomllib.loads(path.read_text("utf-8"))
    assert values["mine"] == 1
    assert values["table"] == {"list": ["a"]}
    assert values["theme"] == "dark"


def test_values_that_make_no_sense_are_taken_as_the_default(path: Path):
    path.parent.mkdir()
    path.write_text(
        'theme = "pink"\nlast_model = 5\nwindow_geometry = "*"\nsidebar_visible = "no"\n'
        'models_folder = []\nhub_endpoint = "ftp://x"\noffline = 1\n',
        "utf-8",
    )
    assert SettingsStore(path).load() == (Settings(), None)


@pytest.mark.parametrize("content", [b"theme = ", b"\xff\xfe\x00"])
def test_a_broken_file_is_kept_aside_and_told_of(path: Path, content: bytes):
    path.parent.mkdir()
    path.write_bytes(content)
    settings, problem = SettingsStore(path).load()
    assert settings == Settings()
    assert problem is not None
    assert path.with_name("settings.toml.broken").read_bytes() == content
    assert SettingsStore(path).load() == (Settings(), None)


def test_a_file_that_cannot_be_read_is_told_of(path: Path):
    path.mkdir(parents=True)
    settings, problem = SettingsStore(path).load()
    assert settings == Settings()
    assert problem is not None


def test_a_file_that_cannot_be_written_is_told_in_words(tmp_path: Path):
    (tmp_path / "config").write_text("in the way", "utf-8")
    with pytest.raises(AppError, match="could not be saved"):
        SettingsStore(tmp_path / "config" / "settings.toml").save(CHANGED)
