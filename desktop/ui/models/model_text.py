"""What is said of a model on this machine, and whether it was measured."""

from collections.abc import Callable

from desktop.core.figure import Figure, FigureKind
from desktop.core.local_model import LocalModel, ModelEntry
from desktop.core.text_format import (
    NOT_AVAILABLE,
    format_bytes,
    format_memory,
    format_parameters,
    format_speed,
)

ESTIMATED_MARK = "≈ "
LEGEND = "≈ estimated. Plain figures were measured or test-driven on this machine."


def speed_text(entry: ModelEntry) -> str:
    """Write the speed of a model: ``134 tokens/s``, ``≈ 134 tokens/s``; empty while unknown."""
    return _figure_text(entry.tokens_per_s, format_speed)


def memory_text(entry: ModelEntry) -> str:
    """Write the memory a model takes: ``0.26 GB``, ``≈ 0.26 GB``; empty while unknown."""
    return _figure_text(entry.resident_bytes, format_memory)


def parameters_text(model: LocalModel) -> str:
    """Write the number of parameters: ``135M``; empty while unknown."""
    return format_parameters(model.facts.parameters) if model.facts else ""


def quantization_text(model: LocalModel) -> str:
    """Write the quantisation: ``Q4_1``; empty while unknown."""
    return model.facts.quantization if model.facts else ""


def size_text(model: LocalModel) -> str:
    """Write the size of the file: ``98 MB``."""
    return format_bytes(model.file_bytes)


def kind_text(entry: ModelEntry) -> str:
    """Say how the figures of a model came to be known; empty when there are none."""
    figures = [figure for figure in (entry.tokens_per_s, entry.resident_bytes) if figure]
    kinds = {figure.kind for figure in figures}
    if len(kinds) > 1:
        best = FigureKind.MEASURED if FigureKind.MEASURED in kinds else FigureKind.TEST_DRIVEN
        return f"partly {best.value}"
    return kinds.pop().value if kinds else ""


def file_text(model: LocalModel) -> str:
    """Write what the file is: ``Q4_1 · 98 MB``."""
    return " · ".join(part for part in (quantization_text(model), size_text(model)) if part)


def figures_text(entry: ModelEntry) -> str:
    """Write speed, memory and how they are known: ``≈ 134 tokens/s · ≈ 0.26 GB · estimated``."""
    parts = (speed_text(entry), memory_text(entry), kind_text(entry))
    return " · ".join(part for part in parts if part)


def spoken_text(entry: ModelEntry) -> str:
    """Say everything about a model in one line, for screen readers."""
    model = entry.model
    if model.problem is not None:
        return f"{model.name}, cannot be used: {model.problem.sentence()}"
    speed = _spoken(entry.tokens_per_s, format_speed)
    memory = _spoken(entry.resident_bytes, format_memory)
    about = (parameters_text(model), quantization_text(model), size_text(model))
    parts = (model.name, *about, f"speed {speed}", f"memory {memory}", entry.fit)
    return ", ".join(part for part in parts if part)


def hint_text(entry: ModelEntry) -> str:
    """Say what a row has no room for: the whole name, the problem, the place of the file."""
    model = entry.model
    lines = [model.name]
    if model.problem is not None:
        lines.append(model.problem.sentence())
    lines.append(str(model.path))
    return "\n".join(lines)


def _figure_text(figure: Figure | None, write: Callable[[float], str]) -> str:
    if figure is None:
        return ""
    mark = ESTIMATED_MARK if figure.kind is FigureKind.ESTIMATED else ""
    return f"{mark}{write(figure.value)}"


def _spoken(figure: Figure | None, write: Callable[[float], str]) -> str:
    return NOT_AVAILABLE if figure is None else f"{write(figure.value)} {figure.kind.value}"
