from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from scale_samples import ANSWERING, FACTS, SNAPSHOT

from desktop.core.telemetry import (
    EnginePhase,
    EngineStatus,
)
from desktop.ui.status.scale_panel import WIDTH_PX, ScalePanel
from desktop.ui.widgets.sparkline import Sparkline
from desktop.ui.widgets.stacked_bar import StackedBar


@pytest.fixture
def panel(qtbot) -> ScalePanel:
    panel = ScalePanel()
    qtbot.addWidget(panel)
    panel.resize(WIDTH_PX, 800)
    panel.show()
    return panel


def words(panel: ScalePanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel)]


def bar(panel: ScalePanel, name: str) -> StackedBar:
    return next(one for one in panel.findChildren(StackedBar) if one.accessibleName() == name)


def test_it_has_four_sections(panel: ScalePanel):
    assert [text for text in words(panel) if text.isupper()] == [
        "SPEED",
        "MEMORY",
        "CONTEXT",
        "MACHINE",
    ]


def test_a_change_of_phase_is_shown_at_once(panel: ScalePanel):
    panel.show_status(EngineStatus(EnginePhase.LOADING, progress=0.2))
    assert "loading 20 %" in words(panel)
    panel.show_status(ANSWERING)
    assert "answering" in words(panel)
    assert "134" in words(panel)


def test_figures_follow_when_it_is_time(panel: ScalePanel, qtbot):
    panel.show_status(ANSWERING)
    panel.show_status(replace(ANSWERING, tokens_per_s_now=120.0))
    panel.show_status(replace(ANSWERING, tokens_per_s_now=99.0))
    assert "134" in words(panel)
    qtbot.waitUntil(lambda: "99" in words(panel))
    assert "120" not in words(panel)


def test_only_speeds_while_answering_are_in_the_curve(panel: ScalePanel):
    panel.show_status(ANSWERING)
    panel.show_status(replace(ANSWERING, phase=EnginePhase.IDLE))
    assert panel.findChild(Sparkline).values() == (134.2,)


def test_the_last_speed_stays_but_steps_back(panel: ScalePanel):
    panel.show_status(ANSWERING)
    panel.show_status(replace(ANSWERING, phase=EnginePhase.IDLE))
    figure = next(one for one in panel.findChildren(QLabel) if one.text() == "131")
    assert not figure.isEnabled()
    assert "tokens/s, last answer" in words(panel)


def test_memory_comes_with_the_snapshot(panel: ScalePanel, qtbot):
    panel.show_status(ANSWERING)
    panel.show_snapshot(SNAPSHOT)
    qtbot.waitUntil(lambda: "0.26 GB" in words(panel))
    assert {"92 MB", "90 MB", "18 MB", "62 MB", "21.8 of 24.0 GB", "96 MB"} <= set(words(panel))
    assert "weights 92 MB" in bar(panel, "Memory of the engine").accessibleDescription()


def test_without_an_engine_its_memory_is_not_zero(panel: ScalePanel, qtbot):
    panel.show_snapshot(SNAPSHOT)
    qtbot.waitUntil(lambda: "0.26 GB" in words(panel))
    panel.show_snapshot(replace(SNAPSHOT, engine=None))
    qtbot.waitUntil(lambda: "0.26 GB" not in words(panel))
    assert "0.00 GB" not in words(panel)
    assert bar(panel, "Memory of the engine").segment_widths() == ()


def test_it_keeps_its_width_whatever_it_shows(panel: ScalePanel, qtbot):
    long_name = replace(FACTS, device="NVIDIA GeForce RTX 4090 Laptop GPU " * 4)
    panel.show_status(replace(ANSWERING, facts=long_name))
    panel.show_snapshot(SNAPSHOT)
    qtbot.waitUntil(lambda: "0.26 GB" in words(panel))
    assert panel.width() == WIDTH_PX
    assert panel.widget().width() <= WIDTH_PX


def test_a_low_window_scrolls(panel: ScalePanel, qtbot):
    panel.resize(WIDTH_PX, 300)
    qtbot.waitUntil(lambda: panel.verticalScrollBar().maximum() > 0)


def test_a_screen_reader_hears_the_scale(panel: ScalePanel):
    panel.show_status(ANSWERING)
    assert panel.accessibleName()
    assert panel.accessibleDescription().startswith("answering, 134 tokens/s")
