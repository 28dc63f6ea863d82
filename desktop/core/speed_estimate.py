"""How fast a model will answer, before it was tried.

Decoding one token reads every active weight once, so the speed is bound by memory: bytes a second
over bytes a token. How close to that bound llama.cpp gets is learned from what was measured here.
"""

from collections.abc import Iterable, Sequence
from statistics import median

from desktop.core.local_model import ModelFacts

DEFAULT_CALIBRATION = 0.6
"""Share of the bound that is reached where nothing was measured yet: small models spend time on
other things than reading, large ones come closer."""


def estimate_tokens_per_s(
    facts: ModelFacts, bandwidth_bytes_per_s: float, calibration: float = DEFAULT_CALIBRATION
) -> float:
    """Estimate the decode speed at a short context; 0 for a model without weights.

    Args:
        facts: Of the model; where the active weights are not known, all of them count.
        bandwidth_bytes_per_s: Of this machine's memory.
        calibration: Share of the bound that is reached; see `learn_calibration`.
    """
    bytes_per_token = facts.active_weights_bytes or facts.weights_bytes
    if not bytes_per_token:
        return 0.0
    return bandwidth_bytes_per_s / bytes_per_token * calibration


def learn_calibration(
    measured: Iterable[tuple[ModelFacts, float]], bandwidth_bytes_per_s: float
) -> float:
    """Return the median of measured over possible speed, or the default if nothing was measured.

    Args:
        measured: Models with the tokens per second they were measured at.
        bandwidth_bytes_per_s: Of this machine's memory.
    """
    ratios = []
    for facts, tokens_per_s in measured:
        bound = estimate_tokens_per_s(facts, bandwidth_bytes_per_s, calibration=1.0)
        if bound:
            ratios.append(tokens_per_s / bound)
    return median(ratios) if ratios else DEFAULT_CALIBRATION


def estimate_error(
    measured: Sequence[tuple[ModelFacts, float]], bandwidth_bytes_per_s: float
) -> float | None:
    """Return by what share estimates are off here: the median, such as 0.2; None if unknown.

    Each model is estimated with what was learned from the others, as it was before it was measured.

    Args:
        measured: Models with the tokens per second they were measured or test-driven at.
        bandwidth_bytes_per_s: Of this machine's memory.
    """
    errors = []
    for index, (facts, tokens_per_s) in enumerate(measured):
        others = (*measured[:index], *measured[index + 1 :])
        calibration = learn_calibration(others, bandwidth_bytes_per_s)
        estimate = estimate_tokens_per_s(facts, bandwidth_bytes_per_s, calibration)
        if estimate and tokens_per_s:
            errors.append(abs(estimate / tokens_per_s - 1))
    return median(errors) if errors else None
