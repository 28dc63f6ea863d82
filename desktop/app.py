"""The window's program: builds every part, hands each what it needs, and takes all down again."""

import gc
import logging
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop import __version__
from desktop.core.errors import AppError, Problem
from desktop.core.settings import ThemeChoice
from desktop.core.telemetry import EnginePhase
from desktop.core.window_options import WindowOptions
from desktop.services.chat_controller import ChatController
from desktop.services.engine_client import EngineClient
from desktop.services.model_library import ModelLibrary
from desktop.services.model_switch import ModelSwitch
from desktop.services.preferences import Preferences
from desktop.services.single_instance import SingleInstance
from desktop.services.telemetry_sampler import TelemetrySampler
from desktop.storage.chat_store import ChatStore
from desktop.storage.foreign_places import usual_places
from desktop.storage.log_files import start_logging
from desktop.storage.model_store import ModelStore
from desktop.storage.paths import Paths
from desktop.storage.settings_store import SettingsStore
from desktop.ui.appearance import apply_theme
from desktop.ui.main_window import MainWindow
from desktop.ui.resource import resource_path
from desktop.ui.theme import install_fonts
from desktop.wiring import (
    wire_chat,
    wire_engine,
    wire_models,
    wire_preferences,
    wire_telemetry,
)

if TYPE_CHECKING:
    from desktop.models_place import ModelsPlace


BUILD_PAUSE_MS, BUILD_WAIT_MS = 15, 500
"""Between two pieces of the place of models the window gets to everything else; it looks twice a
second whether it is time for more."""
_END = object()
_MODULES_OF_MODELS_PLACE = (
    "desktop.services.download_queue",
    "desktop.services.model_weigher",
    "desktop.services.library_upkeep",
    "desktop.ui.discover.model_card_view",
    "desktop.ui.discover.discover_view",
    "desktop.ui.library.library_view",
    "desktop.ui.trade_off.trade_off_page",
)
"""Large parts of it, each of which takes the window a moment to import."""


class App(QObject):
    """All parts of the window's program on one data folder.

    Raises:
        AppError: The conversations or the list of models cannot be opened.
    """

    def __init__(self, paths: Paths, options: WindowOptions) -> None:
        super().__init__()
        self._paths = paths
        self._options = options
        self.preferences = Preferences(SettingsStore(paths.settings_file), self)
        models = self.preferences.settings.models_folder or paths.models
        self.chat_store = ChatStore(paths.chats_database)
        self.model_store = ModelStore(paths.library_database, models)
        self.engine = EngineClient(self)
        self.chat = ChatController(self.chat_store, self.engine, self)
        places = usual_places(os.environ, Path.home(), sys.platform)
        self.library = ModelLibrary(self.model_store, self.engine, self, places=places)
        self.switch = ModelSwitch(self.library, self.engine, self.chat, self)
        self.sampler = TelemetrySampler(self.engine, self)
        self.models: ModelsPlace | None = None
        self._pieces = self._models_place()
        self._wants_models = False
        self._build_timer = QTimer(self, singleShot=True)
        self._build_timer.timeout.connect(self._on_build_timer_timeout)
        self._apply_theme()
        self.window = MainWindow()
        self.window.conversations.show_theme(self.preferences.settings.theme)
        self._wire()

    def open(self) -> None:
        """Show the window, then bring in everything that is not needed for the first paint."""
        settings = self.preferences.settings
        self.window.restore(settings.window_geometry, settings.is_sidebar_visible)
        self.window.show()

    @Slot()
    def close(self) -> None:
        """Take everything down; nothing of it is left running."""
        self.preferences.remember_window(
            self.window.geometry_bytes(), is_sidebar_visible=self.window.is_sidebar_wanted
        )
        self._build_timer.stop()
        self.sampler.stop()
        self.chat.shut_down()
        if self.models is not None:
            self.models.shut_down()
        self.engine.shut_down()
        self.library.shut_down()
        self.chat_store.close()
        self.model_store.close()

    @Slot(object)
    def activate(self, files: tuple[Path, ...]) -> None:
        """Bring the window to the front, with further files."""
        self.window.bring_to_front()
        if files:
            self.library.add_files(files)

    def _wire(self) -> None:
        wire_chat(self.window, self.chat)
        wire_engine(self.window, self.engine)
        wire_models(self.window, self.library, self.switch)
        wire_telemetry(self.window, self.sampler)
        wire_preferences(self.window, self.preferences, self.switch)
        # After the paint that it tells of, not in the middle of it.
        queued = Qt.ConnectionType.QueuedConnection
        self.window.first_painted.connect(self._start, queued)
        self.window.models_wanted.connect(self._on_window_models_wanted)
        self.window.closing.connect(self.close)
        self.window.picker.folder_requested.connect(self._open_models_folder)
        self.preferences.theme_changed.connect(self._on_preferences_theme_changed)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)

    @Slot()
    def _start(self) -> None:
        self.preferences.report()
        self.chat.open_latest()
        self.library.rescan()
        if self._options.files:
            self.library.add_files(self._options.files)
        self._load_first_model()
        self.sampler.start()
        self._build_timer.start(BUILD_PAUSE_MS)
        # What is there by now stays: looking through all of it for garbage would hold up the
        # window for longer than anything else does.
        gc.freeze()
        gc.enable()

    def _load_first_model(self) -> None:
        if self._options.model is not None:
            # Looking into files takes modules that the first paint need not wait for.
            from desktop.cli.library import Library  # noqa: PLC0415

            try:
                chosen = Library(self.model_store, None).choose(self._options.model)
            except AppError as error:
                self.window.show_problem(error.problem)
            else:
                self.switch.load(chosen)
                return
        self.library.entries_changed.connect(self._load_first_choice)
        self._load_first_choice()

    @Slot()
    def _load_first_choice(self) -> None:
        """Load the model of the last time or the smallest, once it is known which files are any."""
        model = self.library.first_choice(self.preferences.settings.last_model)
        if model is None:
            return
        self.library.entries_changed.disconnect(self._load_first_choice)
        if self.engine.model is None:
            self.switch.load(model)

    def _models_place(self) -> Iterator[None]:
        """Bring in the place of models piece by piece: its modules, its services, its views."""
        for module in _MODULES_OF_MODELS_PLACE:
            import_module(module)
            yield
        from desktop.models_place import ModelParts, ModelsPlace  # noqa: PLC0415

        yield
        parts = ModelParts(
            self._paths, self.model_store, self.preferences, self.engine, self.library, self.switch
        )
        self.models = ModelsPlace(parts, self.window, self)
        yield
        self.models.start()
        while not self._is_time_for_views():
            yield
        yield from self.models.build()
        gc.freeze()

    def _is_time_for_views(self) -> bool:
        """Building views holds the window up for moments: unless wanted, they wait for a rest."""
        has_nothing_to_load = not self.library.models
        is_idle = self.engine.status.phase is EnginePhase.IDLE
        return self._wants_models or is_idle or has_nothing_to_load

    @Slot()
    def _on_build_timer_timeout(self) -> None:
        if next(self._pieces, _END) is _END:
            return
        is_waiting = self.models is not None and not self._is_time_for_views()
        self._build_timer.start(BUILD_WAIT_MS if is_waiting else BUILD_PAUSE_MS)

    @Slot()
    def _on_window_models_wanted(self) -> None:
        self._wants_models = True
        if self._build_timer.isActive():
            self._build_timer.start(0)

    @Slot()
    def _open_models_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.model_store.models_folder)))

    @Slot(object)
    def _on_preferences_theme_changed(self, _theme: ThemeChoice) -> None:
        self._apply_theme()

    @Slot(object)
    def _on_system_scheme_changed(self, _scheme: object) -> None:
        self._apply_theme()

    def _apply_theme(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, self.preferences.settings.theme)


def main(options: WindowOptions) -> int:
    """Open the window, or hand over to the one that is open; returns the exit status."""
    application = create_application(sys.argv[:1])
    try:
        paths = Paths.default(options.data_dir)
        paths.create()
        instance = SingleInstance(paths.data)
        if not instance.acquire():
            return _hand_over(instance, options)
        start_logging(paths.logs, "window")
        app = App(paths, options)
    except AppError as error:
        return _refuse(error.problem)
    instance.activated.connect(app.activate)
    app.open()
    status = application.exec()
    instance.release()
    return status


def create_application(arguments: list[str]) -> QApplication:
    """Create the Qt application with its name, style, fonts and icon."""
    application = QApplication(arguments)
    application.setApplicationName("Heft")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("heft")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(resource_path("icons", "heft.svg"))))
    install_fonts(application)
    return application


def _hand_over(instance: SingleInstance, options: WindowOptions) -> int:
    if instance.hand_over(options.files):
        return 0
    return _refuse(
        Problem(
            "Heft is already running and does not answer",
            "Another Heft uses this data folder, but its window could not be reached.",
            "Close it, or end it in the list of processes, then start Heft again.",
        )
    )


def _refuse(problem: Problem) -> int:
    logging.getLogger(__name__).error("%s", problem.sentence())
    sys.stderr.write(f"{problem.sentence()}\n")
    box = QMessageBox(QMessageBox.Icon.Critical, "Heft", f"{problem.title}.")
    box.setInformativeText(f"{problem.detail} {problem.next_step}".strip())
    box.setDetailedText("\n".join(problem.log))
    box.exec()
    return 1
