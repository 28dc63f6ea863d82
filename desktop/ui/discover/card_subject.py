"""What the card of a model is about: the model, its repository, its file, what is known of it."""

from dataclasses import dataclass, replace
from pathlib import Path

from desktop.core.catalogue import CatalogueEntry
from desktop.core.download import DownloadEntry
from desktop.core.figure import Figure, FigureKind
from desktop.core.hub_model import HubFile, HubRepository
from desktop.core.local_model import ModelEntry, ModelFacts
from desktop.core.model_card import ModelCard
from desktop.core.model_entry import Surroundings
from desktop.core.speed_estimate import estimate_tokens_per_s
from desktop.core.weighing import KvType, ModelSource, estimate_weighing
from desktop.ui.discover.offer import Offer


@dataclass(frozen=True, slots=True)
class CardSubject:
    """A model as far as it is known here.

    Attributes:
        repository: None while it is not open.
        file: The file that is chosen; None while none is known.
        card: What was found of that file; None before.
    """

    offer: Offer
    repository: HubRepository | None = None
    file: HubFile | None = None
    card: ModelCard | None = None

    @property
    def source(self) -> ModelSource | None:
        """What is weighed; None while no file is known."""
        return None if self.file is None else ModelSource(file=self.file)

    @property
    def facts(self) -> ModelFacts | None:
        """What the header of the file says, else what the catalogue knows."""
        if self.card is not None and self.card.weighing is not None:
            return self.card.weighing.facts
        return self.offer.entry.facts if self.offer.entry is not None else None

    def with_file(self, file: HubFile | None) -> "CardSubject":
        """Return the same model with another file, of which nothing is known yet."""
        return replace(self, file=file, card=None)

    def is_about(self, source: ModelSource) -> bool:
        """Whether a source is the chosen file."""
        mine, other = self.file, source.file
        return mine is not None and other is not None and is_same_file(mine, other)

    def card_or_estimate(
        self, surroundings: Surroundings | None, kv_type: KvType
    ) -> ModelCard | None:
        """Return the card, else what the catalogue tells at once; None if it tells nothing."""
        if self.card is not None:
            return self.card
        entry = self.offer.entry
        if entry is None or entry.facts is None or surroundings is None:
            return None
        if self.file is not None and not _is_file_of(entry, self.file):
            return None
        return estimated_card(entry.facts, surroundings, kv_type)


def estimated_card(facts: ModelFacts, surroundings: Surroundings, kv_type: KvType) -> ModelCard:
    """Estimate memory and speed from facts, without the network and at once."""
    speed = None
    if surroundings.bandwidth_bytes_per_s is not None:
        bandwidth, calibration = surroundings.bandwidth_bytes_per_s, surroundings.calibration
        tokens_per_s = estimate_tokens_per_s(facts, bandwidth, calibration)
        speed = Figure(tokens_per_s, FigureKind.ESTIMATED) if tokens_per_s else None
    return ModelCard(
        source=ModelSource(),
        surroundings=surroundings,
        weighing=estimate_weighing(facts, kv_type),
        tokens_per_s=speed,
    )


def installed_path(subject: CardSubject, installed: tuple[ModelEntry, ...]) -> Path | None:
    """Return where the chosen file is on this machine, by its name and size; None if it is not.

    While the repository is not open, the file that the catalogue names counts.
    """
    wanted = _name_and_size(subject)
    for entry in installed:
        model = entry.model
        if model.problem is None and (model.path.name, model.file_bytes) == wanted:
            return model.path
    return None


def download_of(file: HubFile | None, downloads: tuple[DownloadEntry, ...]) -> DownloadEntry | None:
    """Return the newest download of a file; None if there is none."""
    if file is None:
        return None
    same = [one for one in downloads if is_same_file(one.file, file)]
    return same[-1] if same else None


def is_same_file(one: HubFile, other: HubFile) -> bool:
    """Whether two are the same file of the same repository, at whatever commit."""
    return (one.repo, one.path) == (other.repo, other.path)


def _is_file_of(entry: CatalogueEntry, file: HubFile) -> bool:
    return file.repo == entry.repo and file.path == entry.file


def _name_and_size(subject: CardSubject) -> tuple[str, int]:
    if subject.file is not None:
        return subject.file.file_name, subject.file.size_bytes
    entry = subject.offer.entry
    return ("", 0) if entry is None else (entry.file_name, entry.size_bytes)
