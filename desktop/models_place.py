"""The place of models: its services, its views, and how they are joined."""

from collections.abc import Iterator
from dataclasses import dataclass
from os import environ
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QStackedWidget

from desktop.core.catalogue import CatalogueEntry, suggestions
from desktop.core.download import DownloadEntry
from desktop.core.errors import AppError
from desktop.core.hub_environment import hub_environment
from desktop.core.library import RemovedModel
from desktop.core.suggestion import suggestion_of
from desktop.models_wiring import (
    wire_access,
    wire_discovery,
    wire_downloads,
    wire_folder_move,
    wire_library,
    wire_network,
)
from desktop.services.download_queue import DownloadQueue
from desktop.services.engine_client import EngineClient
from desktop.services.hub_client import HubClient
from desktop.services.library_upkeep import LibraryUpkeep
from desktop.services.model_library import ModelLibrary
from desktop.services.model_remover import ModelRemover
from desktop.services.model_switch import ModelSwitch
from desktop.services.model_weigher import ModelWeigher
from desktop.services.preferences import Preferences
from desktop.storage.catalogue_file import load_catalogue
from desktop.storage.download_store import DownloadStore
from desktop.storage.model_store import ModelStore
from desktop.storage.paths import Paths
from desktop.ui.discover.access_panel import AccessPanel
from desktop.ui.discover.discover_view import DiscoverView
from desktop.ui.discover.model_card_view import ModelCardView
from desktop.ui.discover.offer_pane import OfferPane
from desktop.ui.downloads.downloads_view import DownloadsView
from desktop.ui.library.library_view import LibraryView
from desktop.ui.main_window import MainWindow
from desktop.ui.models.models_page import ModelsPage, ModelsTab
from desktop.ui.navigation import Place
from desktop.ui.resource import resource_path
from desktop.ui.trade_off.trade_off_page import TradeOffPage


@dataclass(frozen=True, slots=True)
class ModelParts:
    """What the place of models takes from the app."""

    paths: Paths
    store: ModelStore
    preferences: Preferences
    engine: EngineClient
    library: ModelLibrary
    switch: ModelSwitch


class ModelsPlace(QObject):
    """Owns what the page of models needs; made after the first paint.

    Its services are attributes: `hub`, `weigher`, `downloads`, `upkeep` and `remover`; so are,
    once they are built, its views: `installed`, `discover`, `access` and `transfers` on `page`.
    """

    def __init__(self, parts: ModelParts, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._window = window
        self._entries: tuple[CatalogueEntry, ...] = ()
        self._wanted_tab = ModelsTab.INSTALLED
        self._wanted_entry_id = ""
        self.hub = HubClient(self._hub_variables, self)
        self.weigher = ModelWeigher(
            parts.store, parts.library.surroundings, self._hub_variables, self
        )
        self._download_store = DownloadStore(parts.paths.downloads_database)
        self.downloads = DownloadQueue(
            self._download_store, self._models_folder, self._hub_variables, self
        )
        self.upkeep = LibraryUpkeep(parts.store, parts.library, parts.engine, self)
        self.remover = ModelRemover(parts.store, parts.library, parts.engine, self)

    def start(self) -> None:
        """Go on with what was under way, and tell of it."""
        self._entries = self._catalogue()
        self._tell(self._window)
        self._parts.library.entries_changed.connect(self._on_library_entries_suggest)
        self.remover.model_removed.connect(self._on_remover_model_removed)
        self.downloads.finished.connect(self._on_downloads_finished)
        self._window.picker.popup().more_requested.connect(self._on_view_find_requested)
        self._window.welcome.suggestion_chosen.connect(self._on_trade_off_entry_chosen)
        self._suggest()
        self.downloads.start()
        self.upkeep.tidy_up()

    def build(self) -> Iterator[None]:
        """Build the page piece by piece.

        Between two pieces the window does what it has to: all of them take half a second.
        """
        self.page = ModelsPage()
        # Each view is styled once if it comes into a page that is in the window already.
        self._window.add_models(self.page)
        yield
        self.installed = LibraryView()
        self.page.add_view(self.installed)
        yield
        yield from self._build_find()
        self.transfers = DownloadsView()
        self.page.add_view(self.transfers)
        self._trade_off_place = QStackedWidget()
        self.page.add_view(self._trade_off_place)
        yield
        self.discover.show_catalogue(self._entries)
        yield
        self._wire()
        self._show_known()
        yield
        self._window.open_models()
        self._parts.library.rescan()
        self.page.show_tab(self._wanted_tab)
        if self._wanted_entry_id:
            self._show_wanted_entry()

    def shut_down(self) -> None:
        """End all processes; what is not complete goes on at the next start."""
        self.downloads.shut_down()
        self.weigher.shut_down()
        self.hub.shut_down()
        self.upkeep.shut_down()
        self._download_store.close()

    def _show_known(self) -> None:
        """Show what happened before the views were there."""
        endpoint, is_offline = _environment()
        self.installed.network.show_environment(endpoint, is_offline=is_offline)
        self.installed.network.show_settings(self._parts.preferences.settings)
        current = self._parts.engine.model
        self.installed.show_current(current.path if current is not None else None)
        entries = self.downloads.entries
        self.transfers.show_downloads(entries)
        self.discover.show_downloads(entries)
        self._on_downloads_entries_changed(entries)

    def _build_find(self) -> Iterator[None]:
        offers = OfferPane()
        yield
        card = ModelCardView()
        yield
        self.discover = DiscoverView(offers, card)
        yield
        self._find = QStackedWidget()
        self._find.addWidget(self.discover)
        self.page.add_view(self._find)
        yield
        self.access = AccessPanel()
        self._find.addWidget(self.access)
        yield

    def _wire(self) -> None:
        library, switch = self._parts.library, self._parts.switch
        preferences = self._parts.preferences
        wire_library(self.installed, library, self.upkeep, self.remover)
        wire_discovery(self.discover, library, self.hub, self.weigher)
        wire_access(self.access, self.hub, self.downloads)
        wire_downloads(self.transfers, self.discover, self.downloads)
        wire_network(self.installed.network, preferences, self.hub)
        wire_folder_move(preferences, self.upkeep, switch)
        switch.current_changed.connect(self.installed.show_current)
        library.entries_changed.connect(self._on_library_entries_changed)
        self.discover.repository_requested.connect(self.access.show_repository)
        self.access.retry_requested.connect(self.discover.retry)
        self.page.tab_changed.connect(self._on_page_tab_changed)
        self.page.notice.undo_requested.connect(self.remover.restore_last)
        self.downloads.entries_changed.connect(self._on_downloads_entries_changed)
        self._lead()

    def _tell(self, window: MainWindow) -> None:
        """Join what is to be said with where it is said."""
        self.upkeep.failed.connect(window.show_problem)
        self.remover.failed.connect(window.show_problem)
        self.weigher.failed.connect(window.show_problem)
        self.downloads.problem_raised.connect(window.show_problem)
        self.upkeep.notice_given.connect(window.show_notice)
        self._parts.library.notice_given.connect(window.show_notice)

    def _lead(self) -> None:
        """Join wishes to be elsewhere with the ways there."""
        for chooser in (self.installed, self.discover, self.transfers):
            chooser.model_chosen.connect(self._on_view_model_chosen)
        for reader in (self.discover, self.access):
            reader.page_requested.connect(self._on_view_page_requested)
        for seeker in (self.installed, self.transfers):
            seeker.find_requested.connect(self._on_view_find_requested)
        self.transfers.access_requested.connect(self.access.show_repository)
        self.discover.access_requested.connect(self._on_discover_access_requested)
        self.transfers.access_requested.connect(self._on_transfers_access_requested)
        self.access.closed.connect(self._on_access_closed)
        self.access.retry_requested.connect(self._on_access_closed)
        self.installed.folder_requested.connect(self._on_installed_folder_requested)

    def _catalogue(self) -> tuple[CatalogueEntry, ...]:
        try:
            return load_catalogue(resource_path("catalogue.json"))
        except AppError as error:
            self._window.show_problem(error.problem)
            return ()

    def _models_folder(self) -> Path:
        return self._parts.store.models_folder

    def _hub_variables(self) -> dict[str, str]:
        """Return what the processes that talk to the Hub find in their environment."""
        settings = self._parts.preferences.settings
        endpoint, is_offline = _environment()
        return hub_environment(
            self._parts.paths.hub,
            settings.hub_endpoint or endpoint,
            is_offline=settings.is_offline or is_offline,
        )

    def _show_surroundings(self) -> None:
        self.discover.show_surroundings(self._parts.library.surroundings())

    def _suggest(self) -> None:
        """Show the next steps up on the welcome page, with what they would take here."""
        surroundings = self._parts.library.surroundings()
        installed = [model.path.name for model in self._parts.library.models]
        available_bytes = surroundings.available_bytes
        self._window.welcome.show_suggestions(
            tuple(
                suggestion_of(entry, surroundings)
                for entry in suggestions(self._entries, available_bytes, installed)
            )
        )

    def _show_tab(self, tab: ModelsTab) -> None:
        self._wanted_tab = tab
        self._window.show_place(Place.MODELS)
        if self._window.models is not None:
            self.page.show_tab(tab)

    @Slot(object)
    def _on_view_model_chosen(self, path: Path) -> None:
        self._window.show_chat()
        self._parts.switch.choose(path)

    @Slot(object)
    def _on_view_page_requested(self, address: str) -> None:
        if address.startswith("https://"):
            QDesktopServices.openUrl(QUrl(address))

    @Slot()
    def _on_view_find_requested(self) -> None:
        self._show_tab(ModelsTab.FIND)

    @Slot()
    def _on_discover_access_requested(self) -> None:
        self._show_access()

    @Slot(object)
    def _on_transfers_access_requested(self, _repo: str) -> None:
        self._show_access()

    def _show_access(self) -> None:
        self._show_tab(ModelsTab.FIND)
        self._find.setCurrentWidget(self.access)
        self.hub.check_access()

    @Slot()
    def _on_access_closed(self) -> None:
        self._find.setCurrentWidget(self.discover)

    @Slot(object)
    def _on_trade_off_entry_chosen(self, entry_id: str) -> None:
        self._wanted_entry_id = entry_id
        self._show_tab(ModelsTab.FIND)
        if self._window.models is not None:
            self._show_wanted_entry()

    def _show_wanted_entry(self) -> None:
        self._find.setCurrentWidget(self.discover)
        self.discover.show_entry(self._wanted_entry_id)
        self._wanted_entry_id = ""

    @Slot(object)
    def _on_installed_folder_requested(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    @Slot(object)
    def _on_library_entries_suggest(self, _entries: object) -> None:
        self._suggest()

    @Slot(object)
    def _on_library_entries_changed(self, _entries: object) -> None:
        # Under the user's eyes the figures of a card stay as they are.
        if not self.discover.isVisible():
            self._show_surroundings()

    @Slot(object)
    def _on_page_tab_changed(self, tab: ModelsTab) -> None:
        if tab is ModelsTab.FIND:
            self._show_surroundings()
        if tab is ModelsTab.TRADE_OFF and not self._trade_off_place.count():
            self._build_trade_off()

    def _build_trade_off(self) -> None:
        """Build the page that few open and that takes a tenth of a second."""
        page = TradeOffPage()
        page.show_catalogue(self._entries)
        page.entry_chosen.connect(self._on_trade_off_entry_chosen)
        self._trade_off_place.addWidget(page)

    @Slot(object)
    def _on_remover_model_removed(self, removed: RemovedModel) -> None:
        self.page.notice.show_notice(removed.sentence(), can_undo=removed.can_undo)

    @Slot(object)
    def _on_downloads_entries_changed(self, entries: tuple[DownloadEntry, ...]) -> None:
        self.page.show_download_count(sum(entry.state.is_active for entry in entries))

    @Slot(object)
    def _on_downloads_finished(self, entry: DownloadEntry) -> None:
        self._parts.library.rescan()
        self._window.show_notice(f"{entry.name} is here and checked.")
        # Marks the window in the task bar, unless the user looks at it.
        QApplication.alert(self._window)


def _environment() -> tuple[str, bool]:
    """Return the mirror that the environment names, and whether it forbids the network."""
    return environ.get("HF_ENDPOINT", ""), environ.get("HF_HUB_OFFLINE") == "1"
