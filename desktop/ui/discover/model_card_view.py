"""The card of a model: what it is, what it weighs and how fast it speaks, before it is had."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.core.catalogue import CatalogueEntry
from desktop.core.download import DownloadEntry
from desktop.core.errors import Problem
from desktop.core.hub_model import HubFile, HubRefusal, HubRepository
from desktop.core.local_model import ModelEntry
from desktop.core.model_card import ModelCard
from desktop.core.model_entry import Surroundings
from desktop.core.weighing import KvType
from desktop.ui.discover.acquire_bar import AcquireBar
from desktop.ui.discover.alternatives_section import AlternativesSection
from desktop.ui.discover.card_header import CardHeader
from desktop.ui.discover.card_subject import CardSubject, download_of, installed_path
from desktop.ui.discover.card_text import facts_of
from desktop.ui.discover.file_choice import preferred_file
from desktop.ui.discover.file_list import FileList
from desktop.ui.discover.memory_section import MemorySection
from desktop.ui.discover.offer import Offer
from desktop.ui.discover.offer_text import GATED_HINT
from desktop.ui.discover.refusal_view import RefusalView
from desktop.ui.discover.speed_section import SpeedSection
from desktop.ui.icon import icon
from desktop.ui.theme import SPACE_L, SPACE_S, SPACE_XL, tokens_for
from desktop.ui.widgets.banner import Banner, BannerKind, BannerMessage
from desktop.ui.widgets.facts_columns import FactsColumns
from desktop.ui.widgets.hairline import Hairline

_COLUMN_PX = 760
_READING, _NO_FILES = "Reading the list of files…", "This repository has no model in GGUF format."
_NEEDS_HUB = "The Hub has to answer first."
_UNKNOWN_FILES = (
    "Not known without the Hub. The figures below are those of the file that Heft knows."
)


class ModelCardView(QWidget):
    """Everything about one model, and the one thing to do next.

    Its parts are attributes: `header`, `files`, `memory`, `speed`, `facts`, `alternatives`,
    `refusal` and `acquire`.

    Signals:
        back_requested(): The list is to be shown again.
        retry_requested(): The repository is to be opened again.
        source_chosen(object: ModelSource): A file is to be weighed.
        kv_type_chosen(object: KvType): The context is to be kept in another packing.
        drive_requested(object: ModelSource): A file is to be test-driven.
    """

    back_requested = Signal()
    retry_requested = Signal()
    source_chosen = Signal(object)
    kv_type_chosen = Signal(object)
    drive_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject: CardSubject | None = None
        self._surroundings: Surroundings | None = None
        self._installed: tuple[ModelEntry, ...] = ()
        self._downloads: tuple[DownloadEntry, ...] = ()
        self._catalogue: dict[str, CatalogueEntry] = {}
        self._is_driving = False
        self.header = CardHeader()
        self.files = FileList()
        self.memory = MemorySection()
        self.speed = SpeedSection()
        self.facts = FactsColumns()
        self.alternatives = AlternativesSection()
        self.refusal = RefusalView()
        self.acquire = AcquireBar()
        self._back = QPushButton("Back to the list")
        self._memory_banner, self._speed_banner = Banner(), Banner()
        self._scroll = QScrollArea()
        self._edge = Hairline()
        self._build()
        self._back.clicked.connect(self.back_requested)
        self.refusal.retry_requested.connect(self.retry_requested)
        self.files.file_chosen.connect(self._on_files_file_chosen)
        self.memory.kv_type_chosen.connect(self._on_memory_kv_type_chosen)
        self.speed.drive_requested.connect(self._on_speed_drive_requested)

    @property
    def subject(self) -> CardSubject | None:
        """What the card is about; None before a model was chosen."""
        return self._subject

    def show_offer(self, offer: Offer) -> None:
        """Begin with another model; of the same one, take what changed in the list."""
        subject = self._subject
        if subject is not None and subject.offer.key == offer.key:
            return
        self._subject = CardSubject(offer)
        self._is_driving = False
        self.refusal.show_refusal(None)
        self._memory_banner.clear()
        self._speed_banner.clear()
        self.memory.start_afresh()
        self._scroll.verticalScrollBar().setValue(0)
        self._refresh()

    def show_repository(self, repository: HubRepository, path: str = "") -> None:
        """Take the files of the model's repository, and begin with the best one to weigh.

        Args:
            repository: One of another model is left out.
            path: A file that was asked for; empty for none.
        """
        subject = self._subject
        if subject is None or subject.offer.repo.lower() != repository.summary.repo.lower():
            return
        self.refusal.show_refusal(None)
        file = preferred_file(repository, subject.offer.entry, path, self._surroundings)
        self._subject = CardSubject(subject.offer, repository)
        self._choose_file(file)

    def await_repository(self) -> None:
        """Take it that the repository was asked for again."""
        self.refusal.show_refusal(None)
        self._refresh()

    def show_refusal(self, refusal: HubRefusal) -> None:
        """Show why the repository or its file could not be read."""
        self.refusal.show_refusal(refusal)
        self._refresh()

    def show_card(self, card: ModelCard) -> None:
        """Show what was found of the chosen file; what belongs to another is left out."""
        subject = self._subject
        if subject is None or not subject.is_about(card.source):
            return
        was_driving = self._is_driving
        self._is_driving = was_driving and bool(card.stage)
        self._subject = CardSubject(subject.offer, subject.repository, subject.file, card)
        _tell(self._speed_banner, card.problem if was_driving else None)
        _tell(self._memory_banner, None if was_driving else card.problem)
        self._refresh()

    def show_surroundings(self, surroundings: Surroundings) -> None:
        """Take the memory that the model would meet."""
        self._surroundings = surroundings
        self.files.show_surroundings(surroundings)
        if self._subject is not None and self._subject.card is None:
            self._refresh()

    def show_installed(self, entries: tuple[ModelEntry, ...]) -> None:
        """Take the models that are on this machine."""
        self._installed = entries
        self._refresh_acquire()

    def show_downloads(self, downloads: tuple[DownloadEntry, ...]) -> None:
        """Take the downloads; one of the chosen file is shown at the foot."""
        self._downloads = downloads
        self._refresh_acquire()

    def show_catalogue(self, entries: tuple[CatalogueEntry, ...]) -> None:
        """Take the models that may be alternatives."""
        self._catalogue = {entry.id: entry for entry in entries}

    def show_back(self, *, visible: bool) -> None:
        """Offer the way back to the list, where there is no room for both."""
        self._back.setVisible(visible)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._tint()

    def _build(self) -> None:
        self._back.setProperty("variant", "quiet")
        self._back.setToolTip("Back to the list  (Esc)")
        self._tint()
        column = QVBoxLayout()
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL)
        column.setSpacing(SPACE_XL)
        column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        for section in (
            self.header,
            self.alternatives,
            self.refusal,
            self.files,
            self._memory_banner,
            self.memory,
            self._speed_banner,
            self.speed,
        ):
            column.addWidget(section)
        column.addLayout(self._facts_section())
        column.addStretch()
        inside = QWidget()
        inside.setLayout(column)
        inside.setMaximumWidth(_COLUMN_PX)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(inside)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside.setAutoFillBackground(False)
        self._scroll.viewport().setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._edge)
        layout.addWidget(self.acquire)

    def _facts_section(self) -> QVBoxLayout:
        heading = QLabel("FACTS")
        heading.setProperty("role", "heading")
        section = QVBoxLayout()
        section.setSpacing(SPACE_S)
        section.addWidget(heading)
        section.addWidget(self.facts)
        return section

    def _tint(self) -> None:
        self._back.setIcon(icon("arrow-left", tokens_for(self.palette()).secondary))

    def _choose_file(self, file: HubFile | None) -> None:
        if self._subject is None:
            return
        self._subject = self._subject.with_file(file)
        self._is_driving = False
        self._memory_banner.clear()
        self._speed_banner.clear()
        source = self._subject.source
        if source is not None:
            self.source_chosen.emit(source)
        self._refresh()

    def _refresh(self) -> None:
        subject = self._subject
        if subject is None:
            return
        offer, repository = subject.offer, subject.repository
        self.header.show_offer(offer, repository)
        self.facts.show_facts(*facts_of(offer, repository, subject.facts))
        for section in (self.files, self.memory, self.speed, self.acquire, self._edge):
            section.setVisible(offer.is_installable)
        self.alternatives.setVisible(not offer.is_installable)
        if offer.entry is not None and not offer.is_installable:
            known = [self._catalogue.get(entry_id) for entry_id in offer.entry.alternatives]
            self.alternatives.show_entry(offer.entry, tuple(one for one in known if one))
            return
        self.files.show_note(self._files_note(subject))
        self.files.show_files(repository, subject.file)
        self._refresh_figures(subject)
        self._refresh_acquire()

    def _files_note(self, subject: CardSubject) -> str:
        if subject.repository is not None:
            return _NO_FILES
        return _READING if self.refusal.refusal() is None else _UNKNOWN_FILES

    def _refresh_figures(self, subject: CardSubject) -> None:
        card = subject.card_or_estimate(self._surroundings, self.memory.kv_type)
        stage = "" if card is None or self._is_driving else card.stage
        if subject.card is None and subject.file is not None:
            stage = "weighing…"
        weighing = card.weighing if card is not None else None
        surroundings = card.surroundings if card is not None else self._surroundings
        self.memory.show_weighing(weighing, surroundings, stage)
        self.speed.show_card(card, is_driving=self._is_driving)
        self.speed.set_drivable(is_drivable=subject.file is not None)

    def _refresh_acquire(self) -> None:
        subject = self._subject
        if subject is None:
            return
        path = installed_path(subject, self._installed)
        download = download_of(subject.file, self._downloads)
        self.acquire.show_file(subject.file, download, path, self._download_hint(subject))

    def _download_hint(self, subject: CardSubject) -> str:
        if subject.repository is None:
            return _NEEDS_HUB if self.refusal.refusal() is not None else _READING
        return GATED_HINT if subject.repository.summary.is_gated else ""

    @Slot(object)
    def _on_files_file_chosen(self, file: HubFile) -> None:
        self.memory.start_afresh()
        self._choose_file(file)

    @Slot(object)
    def _on_memory_kv_type_chosen(self, kv_type: KvType) -> None:
        self.kv_type_chosen.emit(kv_type)
        if self._subject is not None and self._subject.card is None:
            self._refresh_figures(self._subject)

    @Slot()
    def _on_speed_drive_requested(self) -> None:
        subject = self._subject
        if subject is None or subject.source is None:
            return
        self._is_driving = True
        self._speed_banner.clear()
        self.drive_requested.emit(subject.source)
        self._refresh_figures(subject)


def _tell(banner: Banner, problem: Problem | None) -> None:
    """Show a problem in its place, or take away the one before."""
    if problem is None:
        banner.clear()
        return
    message = BannerMessage(
        BannerKind.PROBLEM, problem.title, problem.detail, problem.next_step, problem.log
    )
    if banner.message() != message:
        banner.show_message(message)
