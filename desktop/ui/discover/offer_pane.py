"""The left side of the Find tab: search, filters, and the list of models."""

from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QPushButton, QVBoxLayout, QWidget

from desktop.core.catalogue import CatalogueEntry
from desktop.core.hub_model import HubPage, HubQuery, HubRefusal, HubSummary
from desktop.core.local_model import ModelEntry
from desktop.core.model_entry import Surroundings
from desktop.core.text_format import format_count
from desktop.ui.discover.hub_filter_bar import HubFilterBar
from desktop.ui.discover.offer import Offer, OfferRow, catalogue_offer, catalogue_rows, hub_rows
from desktop.ui.discover.offer_delegate import OfferDelegate
from desktop.ui.discover.offer_items import OFFER_ROLE, OfferItems
from desktop.ui.discover.refusal_view import RefusalView
from desktop.ui.theme import SPACE_M, SPACE_S

_ROWS_AHEAD_PX = 400
"""The next page is asked for when so little is left below."""


class OfferPane(QWidget):
    """The built-in catalogue while nothing is searched for, else what has the words.

    Signals:
        search_requested(object: HubQuery): A page of the Hub is to be found.
        offer_selected(object: Offer): A row became the current one.
        offer_opened(object: Offer): A row was pressed, or Enter on it.
        access_requested(): The user wants to add an access token.
    """

    search_requested = Signal(object)
    offer_selected = Signal(object)
    offer_opened = Signal(object)
    access_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[CatalogueEntry, ...] = ()
        self._installed: tuple[ModelEntry, ...] = ()
        self._surroundings: Surroundings | None = None
        self._query = HubQuery()
        self._is_browsing = False
        self._asked: HubQuery | None = None
        self._found: tuple[HubSummary, ...] = ()
        self._next_cursor = ""
        self._current = ""
        self.filters = HubFilterBar()
        self._refusal = RefusalView()
        self._status = QLabel()
        self._browse = QPushButton()
        self._empty = QLabel()
        self._clear = QPushButton("Clear the filters")
        self._items = OfferItems(self)
        self._list = QListView()
        self._build()
        self._connect()
        self._refresh()

    def show_catalogue(self, entries: tuple[CatalogueEntry, ...]) -> None:
        """Take the catalogue."""
        self._entries = entries
        self._refresh()

    def show_surroundings(self, surroundings: Surroundings) -> None:
        """Take the memory that the models would meet."""
        self._surroundings = surroundings
        self._refresh()

    def show_installed(self, entries: tuple[ModelEntry, ...]) -> None:
        """Take the models that are on this machine."""
        self._installed = entries
        self._refresh()

    def show_page(self, page: HubPage) -> None:
        """Add a page of what was found; one that is no longer wanted is left out."""
        if page.query != self._asked:
            return
        self._asked = None
        self._found = (*self._found, *page.models) if page.query.cursor else page.models
        self._next_cursor = page.next_cursor
        self._refresh()
        self._ask_for_more()

    def show_refusal(self, refusal: HubRefusal) -> None:
        """Show why the search failed, and keep what is there."""
        self._refusal.show_refusal(refusal)
        self._refresh()

    def drop_search(self) -> None:
        """Take it that the search will not be answered."""
        if self._refusal.refusal() is None:
            self._asked = None
            self._refresh()

    def select_entry(self, entry_id: str) -> None:
        """Go to a model of the catalogue, whatever was searched for."""
        self._is_browsing = False
        self.filters.clear()
        self._refresh()
        row = self._items.row_of(f"catalogue {entry_id}")
        if row is not None:
            index = self._items.index(row)
            self._list.setCurrentIndex(index)
            self._list.scrollTo(index, QListView.ScrollHint.PositionAtCenter)

    def select_repository(self, repo: str) -> None:
        """Go to the first listed model of a repository."""
        for row, listed in enumerate(self._items.rows()):
            if listed.offer is not None and listed.offer.repo.lower() == repo.lower():
                self._list.setCurrentIndex(self._items.index(row))
                return

    def retry(self) -> None:
        """Search again if the last search was refused."""
        if self._refusal.refusal() is not None:
            self._on_refusal_retry_requested()

    def focus_list(self) -> None:
        """Go to the list, at the row that is shown."""
        if not self._list.currentIndex().isValid():
            first = next((i for i, row in enumerate(self._items.rows()) if row.offer), None)
            if first is not None:
                self._list.setCurrentIndex(self._items.index(first))
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def offers(self) -> tuple[Offer, ...]:
        """Return the models that are listed."""
        return tuple(row.offer for row in self._items.rows() if row.offer is not None)

    def _build(self) -> None:
        self._build_list()
        self._status.setProperty("role", "secondary")
        self._empty.setWordWrap(True)
        self._empty.setProperty("role", "secondary")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._browse.setProperty("variant", "small")
        self._clear.setProperty("variant", "quiet")
        line = QHBoxLayout()
        line.setSpacing(SPACE_S)
        line.addWidget(self._status, 1)
        line.addWidget(self._browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.filters)
        layout.addLayout(line)
        layout.addWidget(self._refusal)
        layout.addWidget(self._list, 1)
        layout.addStretch(0)
        layout.addWidget(self._empty)
        layout.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(0)

    def _build_list(self) -> None:
        self._list.setModel(self._items)
        self._list.setItemDelegate(OfferDelegate(self._list))
        self._list.setAccessibleName("Models to find")
        self._list.setMouseTracking(True)
        self._list.setUniformItemSizes(False)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def _connect(self) -> None:
        self.filters.query_changed.connect(self._on_filters_query_changed)
        self.filters.list_requested.connect(self.focus_list)
        self._refusal.retry_requested.connect(self._on_refusal_retry_requested)
        self._refusal.access_requested.connect(self.access_requested)
        self._browse.clicked.connect(self._on_browse_clicked)
        self._clear.clicked.connect(self.filters.clear_filters)
        self._list.clicked.connect(self._on_list_clicked)
        self._list.activated.connect(self._on_list_clicked)
        self._list.selectionModel().currentChanged.connect(self._on_list_current_changed)
        self._list.verticalScrollBar().valueChanged.connect(self._ask_for_more)

    @property
    def _is_searching_hub(self) -> bool:
        return bool(self._query.words) or self._is_browsing

    def _ask(self, query: HubQuery) -> None:
        self._asked = query
        self._refusal.show_refusal(None)
        self.search_requested.emit(query)
        self._refresh()

    @Slot()
    def _ask_for_more(self) -> None:
        """Ask for the next page when the end of the list is near."""
        bar = self._list.verticalScrollBar()
        is_near = bar.maximum() - bar.value() < _ROWS_AHEAD_PX
        can_ask = self._next_cursor and self._asked is None and self._is_searching_hub
        if is_near and can_ask:
            self._ask(replace(self._query, cursor=self._next_cursor))

    def _refresh(self) -> None:
        rows = self._rows()
        self._items.show_rows(rows)
        row = self._items.row_of(self._current)
        if row is not None and self._list.currentIndex().row() != row:
            self._list.setCurrentIndex(self._items.index(row))
        is_empty = not rows
        is_waiting = self._asked is not None
        self._list.setVisible(not is_empty)
        has_failed = self._refusal.refusal() is not None
        self._empty.setVisible(is_empty and not is_waiting and not has_failed)
        self._clear.setVisible(self._empty.isVisibleTo(self) and self.filters.has_filters())
        self._empty.setText(self._empty_text())
        self._status.setText(self._status_text())
        self._browse.setVisible(not self._query.words)
        self._browse.setText("Built-in list" if self._is_browsing else "Browse the Hub")

    def _rows(self) -> tuple[OfferRow, ...]:
        offers = tuple(
            catalogue_offer(entry, self._surroundings, self._installed) for entry in self._entries
        )
        listed = () if self._is_browsing else tuple(catalogue_rows(offers, self._query))
        if not self._is_searching_hub:
            return listed
        return (*listed, *hub_rows(self._found, listed))

    def _status_text(self) -> str:
        if self._asked is not None and self._refusal.refusal() is None:
            return "Searching the Hub…" if not self._asked.cursor else "Fetching more…"
        if not self._is_searching_hub:
            count = sum(offer.is_installable for offer in self.offers())
            return f"{format_count(count)} models that Heft knows, listed offline"
        if self._refusal.refusal() is not None:
            return "Only what Heft knows"
        if not self._found:
            return "Nothing found on the Hub"
        more = ", more as you scroll" if self._next_cursor else ""
        return f"{format_count(len(self._found))} found on the Hub{more}"

    def _empty_text(self) -> str:
        words = self._query.words
        if not self._is_searching_hub:
            return "No built-in model passes these filters."
        if self.filters.has_filters():
            return "Nothing passes these filters. Fewer of them find more."
        return f"No model has “{words}”. Try fewer words, or paste owner/name from the Hub."

    @Slot(object)
    def _on_filters_query_changed(self, query: HubQuery) -> None:
        self._query = query
        self._found, self._next_cursor = (), ""
        if query.words:
            self._is_browsing = False
        if self._is_searching_hub:
            self._ask(query)
        else:
            self._asked = None
            self._refusal.show_refusal(None)
            self._refresh()

    @Slot()
    def _on_browse_clicked(self) -> None:
        self._is_browsing = not self._is_browsing
        self._on_filters_query_changed(self._query)

    @Slot()
    def _on_refusal_retry_requested(self) -> None:
        self._ask(self._asked or self._query)

    @Slot(QModelIndex)
    def _on_list_clicked(self, index: QModelIndex) -> None:
        row = index.data(OFFER_ROLE)
        if isinstance(row, OfferRow) and row.offer is not None:
            self.offer_opened.emit(row.offer)

    @Slot(QModelIndex)
    def _on_list_current_changed(self, index: QModelIndex) -> None:
        row = index.data(OFFER_ROLE)
        if isinstance(row, OfferRow) and row.offer is not None:
            self._current = row.offer.key
            self.offer_selected.emit(row.offer)
