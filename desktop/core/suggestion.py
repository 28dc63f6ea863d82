"""The next step up from what the user has, and what it would cost on this machine."""

from dataclasses import dataclass

from desktop.core.catalogue import CatalogueEntry, estimate_entry_bytes
from desktop.core.figure import Figure, FigureKind
from desktop.core.model_entry import Surroundings
from desktop.core.speed_estimate import estimate_tokens_per_s


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model one step up from what the user has, with what it would cost on this machine.

    Attributes:
        entry_id: Of the catalogue.
        size_bytes: Of the file to download.
        resident_bytes: Memory of the engine with it.
        tokens_per_s: None while not known.
        line: What it is good at, in a few words.
    """

    entry_id: str
    name: str
    size_bytes: int
    resident_bytes: Figure
    tokens_per_s: Figure | None
    line: str


def suggestion_of(entry: CatalogueEntry, surroundings: Surroundings) -> Suggestion:
    """Return a model of the catalogue with its memory and speed here, both estimated."""
    resident_bytes = estimate_entry_bytes(entry, surroundings.available_bytes)
    bandwidth = surroundings.bandwidth_bytes_per_s
    speed = (
        estimate_tokens_per_s(entry.facts, bandwidth, surroundings.calibration)
        if entry.facts is not None and bandwidth is not None
        else 0.0
    )
    return Suggestion(
        entry_id=entry.id,
        name=entry.name,
        size_bytes=entry.size_bytes,
        resident_bytes=Figure(resident_bytes, FigureKind.ESTIMATED),
        tokens_per_s=Figure(speed, FigureKind.ESTIMATED) if speed else None,
        line=entry.good_at,
    )
