"""Models that can be looked at before they are here: of the catalogue, or found by a search."""

from collections.abc import Iterator
from dataclasses import dataclass

from desktop.core.catalogue import CatalogueEntry, estimate_entry_bytes
from desktop.core.hub_address import parse_hub_address
from desktop.core.hub_model import HubQuery, HubSummary
from desktop.core.local_model import ModelEntry
from desktop.core.memory_fit import Fit, judge_fit
from desktop.core.model_class import ClassVerdict, ModelClass, classify
from desktop.core.model_entry import Surroundings

REFERENCES = "For reference: cannot be installed"
CATALOGUE = "Built into Heft"
HUB = "On the Hub"
_GROUPS = {ModelClass.SMALL: "Small language models", ModelClass.LARGE: "Large language models"}


@dataclass(frozen=True, slots=True)
class Offer:
    """One model to look at; either `entry` or `summary` is given.

    Attributes:
        resident_bytes: Memory of the engine with it, estimated; None while not known.
        fit: Whether that fits this machine; None while not known.
        is_installed: Whether its file is on this machine.
    """

    entry: CatalogueEntry | None = None
    summary: HubSummary | None = None
    resident_bytes: int | None = None
    fit: Fit | None = None
    is_installed: bool = False

    @property
    def key(self) -> str:
        """What it stays recognisable by."""
        if self.entry is not None:
            return f"catalogue {self.entry.id}"
        return f"hub {self.repo}"

    @property
    def repo(self) -> str:
        """Its repository on the Hub; empty if it has none."""
        if self.entry is not None:
            return self.entry.repo
        return self.summary.repo if self.summary is not None else ""

    @property
    def name(self) -> str:
        """The name to show."""
        if self.entry is not None:
            return self.entry.name
        return self.summary.name if self.summary is not None else ""

    @property
    def maker(self) -> str:
        """Who made it, or who published it where that is all that is known."""
        if self.entry is not None:
            return self.entry.vendor
        return self.summary.owner if self.summary is not None else ""

    @property
    def parameters(self) -> int:
        """Number of weights; 0 if not known."""
        if self.entry is not None:
            return self.entry.parameters
        return (self.summary.parameters or 0) if self.summary is not None else 0

    @property
    def license(self) -> str:
        """Short name of the licence; empty if not stated."""
        if self.entry is not None:
            return self.entry.license
        return self.summary.license if self.summary is not None else ""

    @property
    def class_verdict(self) -> ClassVerdict | None:
        """Small or large, and why; None if nothing tells."""
        if self.entry is not None:
            return ClassVerdict(self.entry.model_class, self.entry.class_reason)
        return classify(self.parameters, self.name)

    @property
    def is_installable(self) -> bool:
        """Whether there is a file to download."""
        return self.entry is None or self.entry.is_installable


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One row of the list: a heading when there is no offer."""

    heading: str = ""
    offer: Offer | None = None


def catalogue_offer(
    entry: CatalogueEntry, surroundings: Surroundings | None, installed: tuple[ModelEntry, ...]
) -> Offer:
    """Prepare an entry of the catalogue, with what it would take on this machine."""
    is_installed = any(is_same_file(one, entry) for one in installed)
    if not entry.is_installable or surroundings is None:
        return Offer(entry=entry, is_installed=is_installed)
    needed_bytes = estimate_entry_bytes(entry, surroundings.available_bytes)
    fit = judge_fit(needed_bytes, surroundings.available_bytes, surroundings.total_bytes)
    return Offer(entry=entry, resident_bytes=needed_bytes, fit=fit, is_installed=is_installed)


def is_same_file(installed: ModelEntry, entry: CatalogueEntry) -> bool:
    """Tell whether an installed model is the one of a catalogue entry, by file name and size."""
    model = installed.model
    has_name = bool(entry.file) and model.path.name.lower() == entry.file_name.lower()
    return has_name and (not entry.is_size_exact or model.file_bytes == entry.size_bytes)


def catalogue_rows(offers: tuple[Offer, ...], query: HubQuery) -> Iterator[OfferRow]:
    """Yield the catalogue in groups: small, large, and what is only there to compare with.

    With words there is one group, so that what the Hub has can stand below it.
    """
    wanted = [offer for offer in offers if offer.entry and _matches(offer, offer.entry, query)]
    installable = [offer for offer in wanted if offer.is_installable]
    if query.words:
        yield from _group(CATALOGUE, wanted)
        return
    for model_class, heading in _GROUPS.items():
        members = [one for one in installable if _class_of(one) is model_class]
        yield from _group(heading, members)
    yield from _group(REFERENCES, [offer for offer in wanted if not offer.is_installable])


def hub_rows(
    summaries: tuple[HubSummary, ...], catalogue: tuple[OfferRow, ...]
) -> Iterator[OfferRow]:
    """Yield what a search found, without the repositories that stand in the catalogue above."""
    known = {row.offer.repo for row in catalogue if row.offer is not None}
    yield from _group(HUB, [Offer(summary=one) for one in summaries if one.repo not in known])


def _group(heading: str, members: list[Offer]) -> Iterator[OfferRow]:
    if members:
        yield OfferRow(heading)
    for offer in members:
        yield OfferRow(offer=offer)


def _class_of(offer: Offer) -> ModelClass | None:
    return offer.entry.model_class if offer.entry is not None else None


def _matches(offer: Offer, entry: CatalogueEntry, query: HubQuery) -> bool:
    is_allowed = (
        query.size_class in {None, entry.model_class}
        and query.license in {"", entry.license}
        and not (query.only_fitting and (offer.fit is None or offer.fit.is_heavy))
    )
    return is_allowed and _has_words(entry, query.words)


def _has_words(entry: CatalogueEntry, words: str) -> bool:
    address = parse_hub_address(words)
    if address is not None:
        return entry.repo.lower() == address.repo.lower()
    text = f"{entry.name} {entry.vendor} {entry.repo} {entry.trained_for.value}".lower()
    return all(word in text for word in words.lower().split())
