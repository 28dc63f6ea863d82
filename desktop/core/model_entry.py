"""What a model will take on this machine: measured figures first, estimates in their place."""

from dataclasses import dataclass, replace

from desktop.core.figure import Figure, FigureKind
from desktop.core.generation import GenerationFigures
from desktop.core.local_model import LocalModel, Measurement, ModelEntry, ModelFacts
from desktop.core.memory_fit import default_context_tokens, estimate_resident_bytes, judge_fit
from desktop.core.model_class import classify
from desktop.core.speed_estimate import DEFAULT_CALIBRATION, estimate_tokens_per_s
from desktop.core.weighing import TestDrive

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
        speed_error: By what share estimated speeds were off here; None while none was measured.
    """

    available_bytes: int
    total_bytes: int
    bandwidth_bytes_per_s: float | None = None
    calibration: float = DEFAULT_CALIBRATION
    speed_error: float | None = None


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """What was measured and noted of a model on this machine.

    Attributes:
        last_used_at: ISO 8601; empty if it never was.
        verified_at: When its SHA-256 was last compared, ISO 8601; empty if it never was.
    """

    measurement: Measurement | None = None
    test_drive: TestDrive | None = None
    last_used_at: str = ""
    verified_at: str = ""


def measurement_of(figures: GenerationFigures, context_tokens: int) -> Measurement:
    """Return what an answer tells of its model on this machine."""
    is_telling = figures.completion_tokens >= MEASURED_TOKENS
    return Measurement(
        resident_bytes=figures.peak_memory_bytes,
        context_tokens=context_tokens,
        tokens_per_s=figures.tokens_per_s if is_telling else None,
    )


def model_entry(model: LocalModel, record: ModelRecord, surroundings: Surroundings) -> ModelEntry:
    """Put together one row of the list of models."""
    noted = ModelEntry(
        model,
        resident_bytes=None,
        tokens_per_s=None,
        fit="",
        is_heavy=False,
        last_used_at=record.last_used_at,
        verified_at=record.verified_at,
    )
    if model.facts is None:
        return noted
    resident_bytes = _resident_bytes(model.facts, record, surroundings)
    fit = judge_fit(
        int(resident_bytes.value), surroundings.available_bytes, surroundings.total_bytes
    )
    return replace(
        noted,
        resident_bytes=resident_bytes,
        tokens_per_s=_tokens_per_s(model.facts, record, surroundings),
        fit=fit.value,
        is_heavy=fit.is_heavy,
        class_verdict=classify(model.facts.parameters, model.name),
    )


def _resident_bytes(facts: ModelFacts, record: ModelRecord, surroundings: Surroundings) -> Figure:
    context_tokens = default_context_tokens(facts, surroundings.available_bytes)
    measurement, test_drive = record.measurement, record.test_drive
    if measurement is not None and measurement.context_tokens == context_tokens:
        return Figure(measurement.resident_bytes, FigureKind.MEASURED)
    if test_drive is not None and test_drive.context_tokens == context_tokens:
        return Figure(test_drive.resident_bytes, FigureKind.TEST_DRIVEN)
    return Figure(estimate_resident_bytes(facts, context_tokens), FigureKind.ESTIMATED)


def _tokens_per_s(
    facts: ModelFacts, record: ModelRecord, surroundings: Surroundings
) -> Figure | None:
    measurement, test_drive = record.measurement, record.test_drive
    if measurement is not None and measurement.tokens_per_s is not None:
        return Figure(measurement.tokens_per_s, FigureKind.MEASURED)
    if test_drive is not None and test_drive.decode:
        return Figure(test_drive.decode[0].tokens_per_s, FigureKind.TEST_DRIVEN)
    bandwidth = surroundings.bandwidth_bytes_per_s
    if bandwidth is None:
        return None
    speed = estimate_tokens_per_s(facts, bandwidth, surroundings.calibration)
    return Figure(speed, FigureKind.ESTIMATED) if speed else None
