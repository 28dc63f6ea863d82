from dataclasses import replace

import pytest

from desktop.core.local_model import ModelFacts
from desktop.core.speed_estimate import (
    DEFAULT_CALIBRATION,
    estimate_error,
    estimate_tokens_per_s,
    learn_calibration,
)

FACTS = ModelFacts("llama", 1, "Q4_0", 0, 2_000_000, 0, 0, 0, 0, 0, True, "", 1_000_000)


def test_speed_is_bandwidth_over_active_bytes_times_the_share_reached():
    assert estimate_tokens_per_s(FACTS, 1e9, calibration=0.5) == pytest.approx(500)


def test_without_known_active_weights_all_weights_count():
    facts = replace(FACTS, active_weights_bytes=0)
    assert estimate_tokens_per_s(facts, 1e9, calibration=1.0) == pytest.approx(500)


def test_a_model_without_weights_has_no_speed():
    facts = replace(FACTS, active_weights_bytes=0, weights_bytes=0)
    assert estimate_tokens_per_s(facts, 1e9) == 0


def test_the_share_reached_is_the_median_of_what_was_measured():
    measured = [(FACTS, 100.0), (FACTS, 400.0), (FACTS, 900.0)]
    assert learn_calibration(measured, 1e9) == pytest.approx(0.4)


@pytest.mark.parametrize("bandwidth", [0.0, 1e9])
def test_nothing_measured_leaves_the_default(bandwidth: float):
    assert learn_calibration([], bandwidth) == DEFAULT_CALIBRATION


def test_measurements_say_nothing_while_the_bandwidth_is_unknown():
    assert learn_calibration([(FACTS, 100.0)], 0.0) == DEFAULT_CALIBRATION


def test_the_error_is_what_the_other_models_would_have_told():
    # Bound is 1,000 tokens/s: the first teaches 0.5, the second 0.4.
    measured = [(FACTS, 500.0), (FACTS, 400.0)]
    off = [abs(400 / 500 - 1), abs(500 / 400 - 1)]
    assert estimate_error(measured, 1e9) == pytest.approx(sum(off) / 2)


def test_a_single_model_is_compared_with_the_default():
    expected = abs(DEFAULT_CALIBRATION * 1000 / 500 - 1)
    assert estimate_error([(FACTS, 500.0)], 1e9) == pytest.approx(expected)


@pytest.mark.parametrize(("measured", "bandwidth"), [([], 1e9), ([(FACTS, 500.0)], 0.0)])
def test_without_measurements_the_error_is_not_known(measured: list, bandwidth: float):
    assert estimate_error(measured, bandwidth) is None
