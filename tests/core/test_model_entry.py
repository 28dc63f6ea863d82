from pathlib import Path

from desktop.core.errors import Problem
from desktop.core.figure import FigureKind
from desktop.core.local_model import LocalModel, Measurement, ModelFacts, ModelOrigin
from desktop.core.memory_fit import Fit
from desktop.core.model_entry import Surroundings, model_entry

GIGABYTE = 10**9
FACTS = ModelFacts("llama", 1, "Q4_0", GIGABYTE, GIGABYTE, 2048, 1000, 64, 128, 3, True, "")
MODEL = LocalModel(Path("m.gguf"), "m", GIGABYTE, ModelOrigin.HEFT, FACTS)
ROOMY = Surroundings(8 * GIGABYTE, 16 * GIGABYTE, 20e9, calibration=0.5)


def test_a_model_never_tried_has_estimates():
    entry = model_entry(MODEL, None, ROOMY)
    assert entry.resident_bytes is not None
    assert entry.resident_bytes.kind is FigureKind.ESTIMATED
    assert entry.resident_bytes.value > GIGABYTE
    assert entry.tokens_per_s is not None
    assert (entry.tokens_per_s.value, entry.tokens_per_s.kind) == (10, FigureKind.ESTIMATED)
    assert entry.fit == Fit.EASY.value


def test_measured_figures_take_the_place_of_estimates():
    entry = model_entry(MODEL, Measurement(2 * GIGABYTE, 2048, 33.0), ROOMY)
    assert entry.resident_bytes is not None
    assert entry.resident_bytes.kind is FigureKind.MEASURED
    assert entry.tokens_per_s is not None
    assert (entry.tokens_per_s.value, entry.tokens_per_s.kind) == (33, FigureKind.MEASURED)


def test_memory_measured_with_another_context_does_not_count():
    entry = model_entry(MODEL, Measurement(2 * GIGABYTE, 512, None), ROOMY)
    assert entry.resident_bytes is not None
    assert entry.resident_bytes.kind is FigureKind.ESTIMATED


def test_without_a_bandwidth_the_speed_is_unknown():
    assert model_entry(MODEL, None, Surroundings(GIGABYTE, GIGABYTE)).tokens_per_s is None


def test_a_model_beyond_the_memory_is_heavy():
    entry = model_entry(MODEL, None, Surroundings(GIGABYTE // 2, GIGABYTE // 2))
    assert entry.fit == Fit.NO.value
    assert entry.is_heavy


def test_a_file_that_cannot_be_used_has_no_figures():
    broken = LocalModel(Path("m.gguf"), "m", 5, ModelOrigin.HEFT, None, Problem("Broken", "It is."))
    entry = model_entry(broken, None, ROOMY)
    assert entry.resident_bytes is None
    assert entry.tokens_per_s is None
    assert entry.fit == ""
