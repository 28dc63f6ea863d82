"""Settings while the app runs: kept at once, announced, and failures told."""

from pathlib import Path

import pytest
from signal_journal import SignalJournal

from desktop.core.settings import Settings, ThemeChoice
from desktop.services.preferences import Preferences
from desktop.storage.settings_store import SettingsStore


@pytest.fixture
def store(tmp_path) -> SettingsStore:
    return SettingsStore(tmp_path / "settings.toml")


@pytest.fixture
def preferences(qapp, store) -> Preferences:
    return Preferences(store)


@pytest.fixture
def told(preferences) -> SignalJournal:
    return SignalJournal(preferences, "theme_changed", "failed")


def test_a_theme_is_announced_and_kept(preferences, told, store):
    preferences.choose_theme(ThemeChoice.DARK)
    assert told.names() == ["theme_changed"]
    assert told.last("theme_changed") is ThemeChoice.DARK
    assert preferences.settings.theme is ThemeChoice.DARK
    assert store.load() == (Settings(theme=ThemeChoice.DARK), None)


def test_everything_is_there_at_the_next_start(preferences, store):
    preferences.choose_theme(ThemeChoice.LIGHT)
    preferences.remember_model(Path("/models/a.gguf"))
    preferences.remember_window(b"\x00\xff", is_sidebar_visible=False)
    assert Preferences(store).settings == Settings(
        ThemeChoice.LIGHT, Path("/models/a.gguf"), b"\x00\xff", is_sidebar_visible=False
    )


def test_the_last_model_is_remembered_when_there_is_none(preferences):
    preferences.remember_model(Path("/models/a.gguf"))
    preferences.remember_model(None)
    assert preferences.settings.last_model == Path("/models/a.gguf")


def test_what_did_not_change_is_not_written(preferences, tmp_path):
    preferences.choose_theme(ThemeChoice.SYSTEM)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_is_told_when_somebody_listens(qapp, store, tmp_path):
    (tmp_path / "settings.toml").write_text("theme = [", "utf-8")
    preferences = Preferences(store)
    told = SignalJournal(preferences, "failed")
    preferences.report()
    assert told.last("failed").title == "Your settings could not be read"
    assert preferences.settings == Settings()


def test_a_good_file_leaves_nothing_to_report(preferences, told):
    preferences.report()
    assert told.names() == []


def test_a_setting_that_cannot_be_saved_is_told_and_holds_until_the_end(qapp, tmp_path):
    (tmp_path / "file").touch()
    preferences = Preferences(SettingsStore(tmp_path / "file" / "settings.toml"))
    told = SignalJournal(preferences, "theme_changed", "failed")
    preferences.choose_theme(ThemeChoice.DARK)
    assert told.last("failed").title == "Your settings could not be saved"
    assert told.last("theme_changed") is ThemeChoice.DARK
    assert preferences.settings.theme is ThemeChoice.DARK


def test_a_models_folder_is_announced_once_it_is_saved(preferences, store, tmp_path):
    told = SignalJournal(preferences, "models_folder_changed", "failed")
    preferences.choose_models_folder(tmp_path / "first")
    assert told.last("models_folder_changed") == tmp_path / "first"
    assert store.load()[0].models_folder == tmp_path / "first"
    (tmp_path / "settings.toml").unlink()
    (tmp_path / "settings.toml").mkdir()
    preferences.choose_models_folder(tmp_path / "second")
    assert told.names() == ["models_folder_changed", "failed"]
