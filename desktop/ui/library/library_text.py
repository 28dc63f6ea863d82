"""What is said of the models on this machine, beyond what the dropdown says."""

from datetime import date, datetime

from desktop.core.figure import Figure
from desktop.core.library import DiskUse
from desktop.core.local_model import ModelEntry
from desktop.core.text_format import NOT_AVAILABLE, format_bytes
from desktop.ui.models.model_text import parameters_text, quantization_text, size_text

_DAYS_A_WEEK, _DAYS_A_MONTH, _DAYS_A_YEAR = 7, 30, 365


def day_text(moment: str, today: date) -> str:
    """Say when something last happened: ``today``, ``3 days ago``, ``never``.

    Args:
        moment: ISO 8601; empty for never.
        today: In the reader's time zone.
    """
    if not moment:
        return "never"
    days = (today - datetime.fromisoformat(moment).astimezone().date()).days
    if days <= 0:
        return "today"
    if days < 2 * _DAYS_A_WEEK:
        return "yesterday" if days == 1 else f"{days} days ago"
    if days < 2 * _DAYS_A_MONTH:
        return f"{days // _DAYS_A_WEEK} weeks ago"
    if days < 2 * _DAYS_A_YEAR:
        return f"{days // _DAYS_A_MONTH} months ago"
    return f"{days // _DAYS_A_YEAR} years ago"


def about_text(entry: ModelEntry) -> str:
    """Write what a model is: ``Small · 135M · Q4_1 · 98 MB · apache-2.0 · LM Studio``."""
    model = entry.model
    word = entry.class_verdict.model_class.word if entry.class_verdict else ""
    parts = (
        word,
        parameters_text(model),
        quantization_text(model),
        size_text(model),
        model.facts.license if model.facts else "",
        model.origin.value,
    )
    return " · ".join(part for part in parts if part)


def class_text(entry: ModelEntry) -> str:
    """Write the class in full: ``Small language model, 135M parameters``; empty if unknown."""
    parameters = parameters_text(entry.model)
    parts = (
        entry.class_verdict.model_class.value.capitalize() if entry.class_verdict else "",
        f"{parameters} parameters" if parameters else "",
    )
    return ", ".join(part for part in parts if part)


def kind_of(figure: Figure | None) -> str:
    """Say how a figure came to be known; empty while it is not."""
    return figure.kind.value if figure is not None else ""


def disk_text(count: int, use: DiskUse | None) -> str:
    """Write ``7 models use 12.3 GB, 41.0 GB free; 1.2 GB in the trash``."""
    models = f"{count} model" if count == 1 else f"{count} models"
    if use is None:
        return models
    verb = "uses" if count == 1 else "use"
    free = (
        f"free space {NOT_AVAILABLE}"
        if use.free_bytes is None
        else f"{format_bytes(use.free_bytes)} free"
    )
    trash = f"; {format_bytes(use.trash_bytes)} in the trash" if use.trash_bytes else ""
    if not count:
        return f"No models, {free}{trash}"
    return f"{models} {verb} {format_bytes(use.used_bytes)}, {free}{trash}"


def removal_text(entry: ModelEntry) -> str:
    """Say what removing a model does to its file."""
    if not entry.model.origin.is_ours:
        return "Takes it off the list; its file stays where it is"
    return f"Moves {size_text(entry.model)} to the trash, where you can bring it back"
