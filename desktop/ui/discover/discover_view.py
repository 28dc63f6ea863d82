"""The Find tab: the list of models at the left, the card of the chosen one at the right."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget

from desktop.core.catalogue import CatalogueEntry
from desktop.core.download import DownloadEntry
from desktop.core.hub_address import parse_hub_address
from desktop.core.hub_model import HubPage, HubQuery, HubRefusal, HubRepository
from desktop.core.local_model import ModelEntry
from desktop.core.model_card import ModelCard
from desktop.core.model_entry import Surroundings
from desktop.ui.discover.model_card_view import ModelCardView
from desktop.ui.discover.offer import Offer
from desktop.ui.discover.offer_pane import OfferPane
from desktop.ui.theme import SPACE_XXL
from desktop.ui.widgets.hairline import Hairline

BESIDE_FROM_PX = 900
_LIST_SHARE, _LIST_PX = 0.42, (380, 440)
_UNLIMITED_PX = 16_777_215
"""What Qt takes for no limit."""
_WALK_PAUSE_MS = 150
"""Walking through the list opens only the repository that one stays at."""
_SEARCH, _REPOSITORY = "search", "repository"
_INVITATION = "Choose a model to see what it weighs on this machine, before you download it."


class DiscoverView(QWidget):
    """Finds models and shows what they would take here; it owns no data but what it was shown.

    Its parts are attributes: `offers` (the list) and `card`.

    Signals:
        search_requested(object: HubQuery): A page of the Hub is to be found.
        repository_requested(object: str): A repository, ``owner/name``, is to be opened.
        source_chosen(object: ModelSource): A file is to be weighed.
        kv_type_chosen(object: KvType): The context is to be kept in another packing.
        drive_requested(object: ModelSource): A file is to be test-driven.
        drive_cancelled(): The test drive is to be given up.
        download_requested(object: HubFile): A file is to be downloaded.
        download_paused(object: int): A download, by its id, is to stop for now.
        download_resumed(object: int): A download, by its id, is to go on.
        access_requested(): The user wants to add an access token.
        model_chosen(object: Path): A model that is here is to be loaded.
        page_requested(object: str): An https address is to be opened.
    """

    search_requested = Signal(object)
    repository_requested = Signal(object)
    source_chosen = Signal(object)
    kv_type_chosen = Signal(object)
    drive_requested = Signal(object)
    drive_cancelled = Signal()
    download_requested = Signal(object)
    download_paused = Signal(object)
    download_resumed = Signal(object)
    access_requested = Signal()
    model_chosen = Signal(object)
    page_requested = Signal(object)

    def __init__(
        self, offers: OfferPane, card: ModelCardView, parent: QWidget | None = None
    ) -> None:
        """Take the list and the card, each of which takes a moment to build."""
        super().__init__(parent)
        self._asked: list[str] = []
        self._asked_repo = ""
        self._wanted_path = ""
        self._is_beside = True
        self._is_card_open = False
        self.offers = offers
        self.card = card
        self._side = QStackedWidget()
        self._edge = Hairline(Qt.Orientation.Vertical)
        self._timer = QTimer(self, singleShot=True, interval=_WALK_PAUSE_MS)
        self._build()
        self._connect()
        self._fit()

    @Slot(object)
    def show_catalogue(self, entries: tuple[CatalogueEntry, ...]) -> None:
        """Take the built-in catalogue."""
        self.card.show_catalogue(entries)
        self.offers.show_catalogue(entries)

    @Slot(object)
    def show_surroundings(self, surroundings: Surroundings) -> None:
        """Take the memory that a model would meet now."""
        self.offers.show_surroundings(surroundings)
        self.card.show_surroundings(surroundings)

    @Slot(object)
    def show_installed(self, entries: tuple[ModelEntry, ...]) -> None:
        """Take the models that are on this machine."""
        self.offers.show_installed(entries)
        self.card.show_installed(entries)

    @Slot(object)
    def show_downloads(self, downloads: tuple[DownloadEntry, ...]) -> None:
        """Take the downloads."""
        self.card.show_downloads(downloads)

    @Slot(object)
    def show_page(self, page: HubPage) -> None:
        """Take what a search found; a pasted address that leads to one model opens it."""
        self._answered(_SEARCH)
        self.offers.show_page(page)
        address = parse_hub_address(page.query.words)
        if address is not None and [one.repo for one in page.models] == [address.repo]:
            self._wanted_path = address.path
            self.offers.select_repository(address.repo)

    @Slot(object)
    def show_repository(self, repository: HubRepository) -> None:
        """Take the files of a repository."""
        self._answered(_REPOSITORY)
        self.card.show_repository(repository, self._wanted_path)

    @Slot(object)
    def show_refusal(self, refusal: HubRefusal) -> None:
        """Take why the Hub refused; answers come in the order of the requests."""
        kind = self._asked.pop(0) if self._asked else ""
        if kind == _SEARCH:
            self.offers.show_refusal(refusal)
        elif kind == _REPOSITORY:
            self.card.show_refusal(refusal)

    @Slot(object)
    def show_card_refusal(self, refusal: HubRefusal) -> None:
        """Take why the Hub refused the file that was to be weighed."""
        self.card.show_refusal(refusal)

    @Slot(object)
    def show_busy(self, is_busy: bool) -> None:  # noqa: FBT001 (as signalled)
        """Take whether the Hub still owes an answer; if not, none is waited for."""
        if not is_busy:
            self._asked.clear()
            self.offers.drop_search()

    @Slot(object)
    def show_card(self, card: ModelCard) -> None:
        """Take what was found of the file that was chosen."""
        self.card.show_card(card)

    @Slot(object)
    def show_entry(self, entry_id: str) -> None:
        """Show the card of a model of the catalogue."""
        self._wanted_path = ""
        self.offers.select_entry(entry_id)
        self._is_card_open = True
        self._open_repository()
        self._fit()

    @Slot()
    def retry(self) -> None:
        """Ask again for what was refused, such as after an access token was added."""
        if self.card.refusal.refusal() is not None:
            self._request_repository()
        self.offers.retry()

    @Slot()
    def focus_search(self) -> None:
        """Go to the search field."""
        self._close_card()
        self.offers.filters.focus_search()

    @property
    def is_card_open(self) -> bool:
        """Whether the card is to be seen."""
        return self._side.isVisibleTo(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads back to the list, then out of the search."""
        if event.key() == Qt.Key.Key_Escape and not self._is_beside and self._is_card_open:
            self._on_card_back_requested()
        elif event.key() == Qt.Key.Key_Escape and self.offers.filters.query().words:
            self.offers.filters.clear()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put list and card side by side where there is room."""
        super().resizeEvent(event)
        self._fit()

    def _build(self) -> None:
        invitation = QLabel(_INVITATION)
        invitation.setProperty("role", "secondary")
        invitation.setWordWrap(True)
        invitation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        invitation.setMargin(SPACE_XXL)
        self._side.addWidget(invitation)
        self._side.addWidget(self.card)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.offers)
        layout.addWidget(self._edge)
        layout.addWidget(self._side, 1)

    def _connect(self) -> None:
        self.offers.search_requested.connect(self._on_offers_search_requested)
        self.offers.offer_selected.connect(self._on_offers_offer_selected)
        self.offers.offer_opened.connect(self._on_offers_offer_opened)
        self.offers.access_requested.connect(self.access_requested)
        self.card.back_requested.connect(self._on_card_back_requested)
        self.card.retry_requested.connect(self._request_repository)
        self.card.source_chosen.connect(self.source_chosen)
        self.card.kv_type_chosen.connect(self.kv_type_chosen)
        self.card.drive_requested.connect(self.drive_requested)
        self.card.speed.drive_cancelled.connect(self.drive_cancelled)
        self.card.refusal.access_requested.connect(self.access_requested)
        self.card.header.page_requested.connect(self.page_requested)
        self.card.alternatives.entry_chosen.connect(self.show_entry)
        self.card.acquire.download_requested.connect(self.download_requested)
        self.card.acquire.download_paused.connect(self.download_paused)
        self.card.acquire.download_resumed.connect(self.download_resumed)
        self.card.acquire.model_chosen.connect(self.model_chosen)
        self._timer.timeout.connect(self._open_repository)

    def _fit(self) -> None:
        width = self.width()
        self._is_beside = width >= BESIDE_FROM_PX
        least, most = _LIST_PX
        if self._is_beside:
            self.offers.setFixedWidth(min(max(round(width * _LIST_SHARE), least), most))
        else:
            self.offers.setMinimumWidth(0)
            self.offers.setMaximumWidth(_UNLIMITED_PX)
        self.offers.setVisible(self._is_beside or not self._is_card_open)
        self._edge.setVisible(self._is_beside)
        self._side.setVisible(self._is_beside or self._is_card_open)
        self.card.show_back(visible=not self._is_beside)

    def _close_card(self) -> None:
        self._is_card_open = False
        self._fit()

    @Slot()
    def _open_repository(self) -> None:
        """Ask for the repository of the card's model, unless it is open or refused already."""
        subject = self.card.subject
        if subject is None or subject.repository is not None or not subject.offer.is_installable:
            return
        is_asked = _REPOSITORY in self._asked and self._asked_repo == subject.offer.repo
        if self.card.refusal.refusal() is None and not is_asked:
            self._request_repository()

    @Slot()
    def _request_repository(self) -> None:
        subject = self.card.subject
        if subject is None or not subject.offer.repo:
            return
        self.card.await_repository()
        self._asked_repo = subject.offer.repo
        self._ask(_REPOSITORY)
        self.repository_requested.emit(subject.offer.repo)

    def _ask(self, kind: str) -> None:
        """Note that an answer is owed; a newer request of a kind takes the place of the older."""
        self._answered(kind)
        self._asked.append(kind)

    def _answered(self, kind: str) -> None:
        if kind in self._asked:
            self._asked.remove(kind)

    @Slot(object)
    def _on_offers_search_requested(self, query: HubQuery) -> None:
        self._wanted_path = ""
        self._ask(_SEARCH)
        self.search_requested.emit(query)

    @Slot(object)
    def _on_offers_offer_selected(self, offer: Offer) -> None:
        self._side.setCurrentWidget(self.card)
        self.card.show_offer(offer)
        if self._is_beside:
            self._timer.start()

    @Slot(object)
    def _on_offers_offer_opened(self, offer: Offer) -> None:
        self._side.setCurrentWidget(self.card)
        self.card.show_offer(offer)
        self._is_card_open = True
        self._timer.stop()
        self._open_repository()
        self._fit()

    @Slot()
    def _on_card_back_requested(self) -> None:
        self._close_card()
        self.offers.focus_list()
