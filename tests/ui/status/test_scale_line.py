from dataclasses import replace

import pytest

from desktop.core.memory_fit import MemoryBreakdown
from desktop.core.telemetry import (
    EngineFacts,
    EnginePhase,
    EngineStatus,
    MachineSnapshot,
    ProcessMemory,
)
from desktop.ui.status.scale_line import ScaleLine

MB, GB = 10**6, 10**9
FACTS = EngineFacts(
    "SmolLM2", 4096, 8192, MemoryBreakdown(92 * MB, 90 * MB, 18 * MB), "CPU", 1, 0.3, True
)
ANSWERING = EngineStatus(
    phase=EnginePhase.ANSWERING, facts=FACTS, tokens_per_s_now=134.2, context_used_tokens=412
)
SNAPSHOT = MachineSnapshot(
    engine=ProcessMemory(262 * MB, None, None),
    app=ProcessMemory(96 * MB, None, None),
    available_bytes=21_800 * MB,
    total_bytes=24 * GB,
    engine_cpu_percent=None,
    machine_cpu_percent=96.0,
)
WHOLE = (
    "answering · 134 tokens/s · 0.26 GB of memory · 21.8 GB available · "
    "context 412 of 4,096 · CPU, 1 thread"
)


@pytest.fixture
def line(qtbot) -> ScaleLine:
    line = ScaleLine()
    qtbot.addWidget(line)
    line.resize(2000, 20)
    line.show()
    line.show_snapshot(SNAPSHOT)
    line.show_status(ANSWERING)
    return line


def test_it_tells_the_scale_in_one_line(line: ScaleLine):
    assert line.text() == WHOLE


def test_what_has_no_room_is_left_out_whole_from_the_end(line: ScaleLine):
    room = line.fontMetrics().horizontalAdvance("answering · 134 tokens/s · 0.26 GB")
    line.resize(room, 20)
    assert line.text() == "answering · 134 tokens/s"
    assert line.toolTip().splitlines() == WHOLE.split(" · ")
    line.resize(2000, 20)
    assert line.text() == WHOLE


def test_it_gives_way_to_any_width(line: ScaleLine):
    line.resize(30, 20)
    assert line.text().endswith("…")
    assert line.minimumSizeHint().width() == 0


def test_a_change_of_phase_is_shown_at_once_and_figures_when_it_is_time(line: ScaleLine, qtbot):
    line.show_status(replace(ANSWERING, tokens_per_s_now=99.0))
    assert "134 tokens/s" in line.text()
    qtbot.waitUntil(lambda: "99 tokens/s" in line.text())
    line.show_status(EngineStatus(EnginePhase.LOADING, progress=0.5))
    assert line.text().startswith("loading 50 %")


def test_a_screen_reader_hears_it_whole_at_any_width(line: ScaleLine):
    line.resize(100, 20)
    assert line.accessibleName()
    assert line.accessibleDescription() == WHOLE.replace(" · ", ", ")
