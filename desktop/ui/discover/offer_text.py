"""What is said of a model that is not here yet, in its row of the list."""

from desktop.core.text_format import (
    format_bytes,
    format_count,
    format_memory,
    format_parameters,
)
from desktop.ui.discover.offer import Offer
from desktop.ui.models.model_text import ESTIMATED_MARK

GATED = "gated"
GATED_HINT = "Gated: its licence must be accepted on the Hub first."
_UNKNOWN = "Size not known"
INSTALLED = "installed"


def about_text(offer: Offer) -> str:
    """Write what it is: ``Small · 1.2B · Q4_K_M · 808 MB · llama3.2``."""
    verdict, entry = offer.class_verdict, offer.entry
    parts = [verdict.model_class.word if verdict else _UNKNOWN, format_parameters(offer.parameters)]
    if entry is not None and entry.is_installable:
        parts += [entry.quantization, size_text(offer)]
    parts.append(offer.license)
    if offer.summary is not None and offer.summary.is_gated:
        parts.append(GATED)
    return " · ".join(part for part in parts if part)


def size_text(offer: Offer) -> str:
    """Write the size of a catalogue entry's file; a rounded one is marked."""
    entry = offer.entry
    if entry is None or not entry.size_bytes:
        return ""
    return f"{'' if entry.is_size_exact else ESTIMATED_MARK}{format_bytes(entry.size_bytes)}"


def memory_text(offer: Offer) -> str:
    """Write what it would take in memory, which is estimated: ``≈ 1.30 GB RAM``."""
    if offer.resident_bytes is None:
        return ""
    return f"{ESTIMATED_MARK}{format_memory(offer.resident_bytes)} RAM"


def downloads_text(offer: Offer) -> str:
    """Write how often it was downloaded: ``1.2M downloads``; empty for the catalogue."""
    if offer.summary is None:
        return ""
    count = offer.summary.downloads
    return f"{short_count(count)} download{'' if count == 1 else 's'}"


def short_count(count: int) -> str:
    """Write a count of which the first digits tell enough: ``948``, ``12k``, ``1.2M``."""
    if count < 1000:
        return format_count(count)
    value, unit = (count / 1e6, "M") if count >= 999_500 else (count / 1e3, "k")
    return f"{value:.0f}{unit}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0") + unit


def spoken_text(offer: Offer) -> str:
    """Say everything about it in one line, for screen readers."""
    verdict = offer.class_verdict
    memory = "" if offer.resident_bytes is None else f"memory {format_memory(offer.resident_bytes)}"
    parts = (
        offer.name,
        f"by {offer.maker}",
        verdict.model_class.value if verdict else _UNKNOWN,
        *about_text(offer).split(" · ")[1:],
        f"{memory} estimated" if memory else "",
        offer.fit.value if offer.fit else "",
        downloads_text(offer),
        INSTALLED if offer.is_installed else "",
        "" if offer.is_installable else "cannot be installed",
    )
    return ", ".join(part for part in parts if part)


def hint_text(offer: Offer) -> str:
    """Say what a row has no room for."""
    lines = [f"{offer.name}, by {offer.maker}", about_text(offer), offer.repo]
    if offer.resident_bytes is not None and offer.fit is not None:
        lines.append(f"{memory_text(offer)}, estimated: {offer.fit.value}")
    if offer.summary is not None and offer.summary.is_gated:
        lines.append(GATED_HINT)
    if offer.entry is not None and not offer.is_installable:
        lines.append(offer.entry.note)
    return "\n".join(line for line in lines if line)
