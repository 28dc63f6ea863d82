"""The user's settings while the app runs; every change is written at once."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import AppError
from desktop.core.settings import Settings, ThemeChoice
from desktop.storage.settings_store import SettingsStore


class Preferences(QObject):
    """Holds the settings; lives in the window's process.

    Signals:
        theme_changed: ThemeChoice.
        network_changed: Whether or where the network is used. Settings.
        models_folder_changed: It was saved that models lie there from now on. Path.
        failed: The settings could not be read or written. Problem.
    """

    theme_changed = Signal(object)
    network_changed = Signal(object)
    models_folder_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, store: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._settings, self._problem = store.load()

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._settings

    def report(self) -> None:
        """Tell of a settings file that could not be read."""
        if self._problem is not None:
            self.failed.emit(self._problem)

    @Slot(object)
    def choose_theme(self, theme: ThemeChoice) -> None:
        """Remember and announce the theme."""
        self._change(replace(self._settings, theme=theme))
        self.theme_changed.emit(theme)

    @Slot(object)
    def remember_model(self, path: Path | None) -> None:
        """Remember which model to load at the next start."""
        if path is not None:
            self._change(replace(self._settings, last_model=path))

    @Slot(object)
    def choose_offline(self, is_offline: bool) -> None:  # noqa: FBT001 (as signalled)
        """Remember and announce whether nothing may go over the network."""
        self._change(replace(self._settings, is_offline=is_offline))
        self.network_changed.emit(self._settings)

    @Slot(object)
    def choose_endpoint(self, address: str) -> None:
        """Remember and announce the mirror of the Hub; empty for the Hub itself."""
        self._change(replace(self._settings, hub_endpoint=address))
        self.network_changed.emit(self._settings)

    @Slot(object)
    def choose_models_folder(self, folder: Path) -> None:
        """Save where models lie; announced only once it is saved, because files depend on it."""
        if self._change(replace(self._settings, models_folder=folder)):
            self.models_folder_changed.emit(folder)

    def remember_window(self, geometry: bytes, *, is_sidebar_visible: bool) -> None:
        """Remember where the window was."""
        self._change(
            replace(self._settings, window_geometry=geometry, is_sidebar_visible=is_sidebar_visible)
        )

    def _change(self, settings: Settings) -> bool:
        """Take over settings and save them; return whether they are saved."""
        if settings == self._settings:
            return True
        self._settings = settings
        try:
            self._store.save(settings)
        except AppError as error:
            self.failed.emit(error.problem)
            return False
        return True
