"""What a model will take on this machine: measured figures first, estimates in their place."""

from dataclasses import dataclass

from desktop.core.figure import Figure, FigureKind
from desktop.core.generation import GenerationFigures
from desktop.core.local_model import LocalModel, Measurement, ModelEntry, ModelFacts
from desktop.core.memory_fit import default_context_tokens, estimate_resident_bytes, judge_fit
from desktop.core.speed_estimate import DEFAULT_CALIBRATION, estimate_tokens_per_s

MEASURED_TOKENS = 16
"""Answers shorter than this say little about speed."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a model meets on this machine.

    Attributes:
        available_bytes: RAM available now, plus what the loaded model will give back.
        total_bytes: Installed RAM.
        bandwidth_bytes_per_s: Of the memory; None while not measured.
        calibration: See `core.speed_estimate`.
    """

    available_bytes: int
    total_bytes: int
    bandwidth_bytes_per_s: float | None = None
    calibration: float = DEFAULT_CALIBRATION


def measurement_of(figures: GenerationFigures, context_tokens: int) -> Measurement:
    """Return what an answer tells of its model on this machine."""
    is_telling = figures.completion_tokens >= MEASURED_TOKENS
    return Measurement(
        resident_bytes=figures.peak_memory_bytes,
        context_tokens=context_tokens,
        tokens_per_s=figures.tokens_per_s if is_telling else None,
    )


def model_entry(
    model: LocalModel, measurement: Measurement | None, surroundings: Surroundings
) -> ModelEntry:
    """Put together one row of the list of models."""
    if model.facts is None:
        return ModelEntry(model, None, None, fit="", is_heavy=False)
    resident_bytes = _resident_bytes(model.facts, measurement, surroundings)
    fit = judge_fit(
        int(resident_bytes.value), surroundings.available_bytes, surroundings.total_bytes
    )
    speed = _tokens_per_s(model.facts, measurement, surroundings)
    return ModelEntry(model, resident_bytes, speed, fit.value, fit.is_heavy)


def _resident_bytes(
    facts: ModelFacts, measurement: Measurement | None, surroundings: Surroundings
) -> Figure:
    context_tokens = default_context_tokens(facts, surroundings.available_bytes)
    if measurement is not None and measurement.context_tokens == context_tokens:
        return Figure(measurement.resident_bytes, FigureKind.MEASURED)
    return Figure(estimate_resident_bytes(facts, context_tokens), FigureKind.ESTIMATED)


def _tokens_per_s(
    facts: ModelFacts, measurement: Measurement | None, surroundings: Surroundings
) -> Figure | None:
    if measurement is not None and measurement.tokens_per_s is not None:
        return Figure(measurement.tokens_per_s, FigureKind.MEASURED)
    bandwidth = surroundings.bandwidth_bytes_per_s
    if bandwidth is None:
        return None
    speed = estimate_tokens_per_s(facts, bandwidth, surroundings.calibration)
    return Figure(speed, FigureKind.ESTIMATED) if speed else None
