from dataclasses import replace
from pathlib import Path

from desktop.core.errors import Problem
from desktop.core.figure import Figure, FigureKind
from desktop.core.local_model import LocalModel, Measurement, ModelFacts, ModelOrigin
from desktop.core.memory_fit import Fit
from desktop.core.model_class import ModelClass
from desktop.core.model_entry import ModelRecord, Surroundings, model_entry
from desktop.core.weighing import DepthSpeed, TestDrive

GIGABYTE = 10**9
FACTS = ModelFacts("llama", 1, "Q4_0", GIGABYTE, GIGABYTE, 2048, 1000, 64, 128, 3, True, "")
MODEL = LocalModel(Path("m.gguf"), "m", GIGABYTE, ModelOrigin.HEFT, FACTS)
ROOMY = Surroundings(8 * GIGABYTE, 16 * GIGABYTE, 20e9, calibration=0.5)
NOTHING = ModelRecord()
DRIVE = TestDrive(500.0, (DepthSpeed(0, 25.0), DepthSpeed(1024, 20.0)), 7, 2048, 2, "CPU", 9, 3.0)


def test_a_model_never_tried_has_estimates():
    entry = model_entry(MODEL, NOTHING, ROOMY)
    assert entry.resident_bytes is not None
    assert entry.resident_bytes.kind is FigureKind.ESTIMATED
    assert entry.resident_bytes.value > GIGABYTE
    assert entry.tokens_per_s is not None
    assert (entry.tokens_per_s.value, entry.tokens_per_s.kind) == (10, FigureKind.ESTIMATED)
    assert entry.fit == Fit.EASY.value


def test_measured_figures_take_the_place_of_estimates():
    entry = model_entry(MODEL, ModelRecord(Measurement(2 * GIGABYTE, 2048, 33.0), DRIVE), ROOMY)
    assert entry.resident_bytes is not None
    assert entry.resident_bytes.kind is FigureKind.MEASURED
    assert entry.tokens_per_s is not None
    assert (entry.tokens_per_s.value, entry.tokens_per_s.kind) == (33, FigureKind.MEASURED)


def test_a_test_drive_stands_between_estimate_and_measurement():
    driven = model_entry(MODEL, ModelRecord(test_drive=DRIVE), ROOMY)
    assert (driven.resident_bytes, driven.tokens_per_s) == (
        Figure(7, FigureKind.TEST_DRIVEN),
        Figure(25.0, FigureKind.TEST_DRIVEN),
    )
    loaded = ModelRecord(Measurement(2 * GIGABYTE, 2048, None), DRIVE)
    entry = model_entry(MODEL, loaded, ROOMY)
    assert entry.resident_bytes == Figure(2 * GIGABYTE, FigureKind.MEASURED)
    assert entry.tokens_per_s == Figure(25.0, FigureKind.TEST_DRIVEN)


def test_a_row_says_what_was_noted_and_which_class_it_is():
    record = ModelRecord(last_used_at="2026-01-02T03:04:05", verified_at="2026-01-01T00:00:00")
    entry = model_entry(replace(MODEL, facts=replace(FACTS, parameters=135_000_000)), record, ROOMY)
    assert entry.last_used_at == "2026-01-02T03:04:05"
    assert entry.verified_at == "2026-01-01T00:00:00"
    assert entry.class_verdict is not None
    assert entry.class_verdict.model_class is ModelClass.SMALL


def test_memory_measured_with_another_context_does_not_count():
    entry = model_entry(MODEL, ModelRecord(Measurement(2 * GIGABYTE, 512, None)), ROOMY)
    assert entry.resident_bytes is not None
    assert entry.resident_bytes.kind is FigureKind.ESTIMATED


def test_without_a_bandwidth_the_speed_is_unknown():
    assert model_entry(MODEL, NOTHING, Surroundings(GIGABYTE, GIGABYTE)).tokens_per_s is None


def test_a_model_beyond_the_memory_is_heavy():
    entry = model_entry(MODEL, NOTHING, Surroundings(GIGABYTE // 2, GIGABYTE // 2))
    assert entry.fit == Fit.NO.value
    assert entry.is_heavy


def test_a_file_that_cannot_be_used_has_no_figures():
    broken = LocalModel(Path("m.gguf"), "m", 5, ModelOrigin.HEFT, None, Problem("Broken", "It is."))
    entry = model_entry(broken, NOTHING, ROOMY)
    assert entry.resident_bytes is None
    assert entry.tokens_per_s is None
    assert entry.fit == ""
