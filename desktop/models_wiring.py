"""Every connection between the views and the services of the place of models."""

from desktop.services.download_queue import DownloadQueue
from desktop.services.hub_client import HubClient
from desktop.services.library_upkeep import LibraryUpkeep
from desktop.services.model_library import ModelLibrary
from desktop.services.model_remover import ModelRemover
from desktop.services.model_switch import ModelSwitch
from desktop.services.model_weigher import ModelWeigher
from desktop.services.preferences import Preferences
from desktop.ui.discover.access_panel import AccessPanel
from desktop.ui.discover.discover_view import DiscoverView
from desktop.ui.downloads.downloads_view import DownloadsView
from desktop.ui.library.library_view import LibraryView
from desktop.ui.library.network_panel import NetworkPanel


def wire_library(
    installed: LibraryView, library: ModelLibrary, upkeep: LibraryUpkeep, remover: ModelRemover
) -> None:
    """The models on this machine, and what is done to them."""
    installed.opened.connect(library.rescan)
    installed.verification_requested.connect(upkeep.verify)
    installed.removal_requested.connect(remover.remove)
    installed.rename_requested.connect(library.rename)
    installed.file_located.connect(library.relocate)
    installed.files_added.connect(library.add_files)
    installed.folder_move_requested.connect(upkeep.move_folder)
    installed.trash_emptying_requested.connect(upkeep.empty_trash)
    installed.work_cancelled.connect(upkeep.cancel_work)
    library.entries_changed.connect(installed.show_entries)
    library.disk_use_changed.connect(installed.show_disk_use)
    upkeep.work_changed.connect(installed.show_work)


def wire_discovery(
    discover: DiscoverView, library: ModelLibrary, hub: HubClient, weigher: ModelWeigher
) -> None:
    """Finding models, weighing them, and trying how fast they would be."""
    discover.search_requested.connect(hub.search)
    discover.repository_requested.connect(hub.open_repository)
    discover.source_chosen.connect(weigher.weigh)
    discover.kv_type_chosen.connect(weigher.choose_kv_type)
    discover.drive_requested.connect(weigher.drive)
    discover.drive_cancelled.connect(weigher.cancel)
    hub.page_found.connect(discover.show_page)
    hub.repository_opened.connect(discover.show_repository)
    hub.refused.connect(discover.show_refusal)
    hub.busy_changed.connect(discover.show_busy)
    weigher.card_changed.connect(discover.show_card)
    weigher.refused.connect(discover.show_card_refusal)
    library.entries_changed.connect(discover.show_installed)


def wire_access(access: AccessPanel, hub: HubClient, downloads: DownloadQueue) -> None:
    """The token for models whose makers ask for an agreement."""
    access.retry_requested.connect(downloads.retry_gated)
    access.token_submitted.connect(hub.save_token)
    access.token_forgotten.connect(hub.forget_token)
    hub.access_checked.connect(access.show_access)
    hub.refused.connect(access.show_refusal)


def wire_downloads(
    transfers: DownloadsView, discover: DiscoverView, downloads: DownloadQueue
) -> None:
    """What is being fetched."""
    discover.download_requested.connect(downloads.add)
    discover.download_paused.connect(downloads.pause)
    discover.download_resumed.connect(downloads.resume)
    transfers.pause_requested.connect(downloads.pause)
    transfers.resume_requested.connect(downloads.resume)
    transfers.cancel_requested.connect(downloads.cancel)
    transfers.retry_requested.connect(downloads.retry)
    transfers.removal_requested.connect(downloads.remove)
    transfers.raise_requested.connect(downloads.move_up)
    transfers.lower_requested.connect(downloads.move_down)
    downloads.entries_changed.connect(transfers.show_downloads)
    downloads.entries_changed.connect(discover.show_downloads)


def wire_network(network: NetworkPanel, preferences: Preferences, hub: HubClient) -> None:
    """Whether and where the network is used."""
    network.offline_chosen.connect(preferences.choose_offline)
    network.endpoint_chosen.connect(preferences.choose_endpoint)
    preferences.network_changed.connect(network.show_settings)
    preferences.network_changed.connect(hub.renew)


def wire_folder_move(preferences: Preferences, upkeep: LibraryUpkeep, switch: ModelSwitch) -> None:
    """A move of the model folder: the copies are used once that is saved."""
    upkeep.folder_copied.connect(preferences.choose_models_folder)
    preferences.models_folder_changed.connect(upkeep.use_folder)
    upkeep.reload_needed.connect(switch.choose)
