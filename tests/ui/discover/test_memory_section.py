from dataclasses import replace

import pytest
from hub_offers import FACTS, GB, SURROUNDINGS, weighing
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from desktop.core.memory_fit import default_context_tokens
from desktop.core.model_entry import Surroundings
from desktop.core.weighing import KvType, estimate_weighing
from desktop.ui.discover.memory_chart import GUTTER_PX, context_text, tick_step, tick_text
from desktop.ui.discover.memory_section import MemorySection
from desktop.ui.theme import tokens_for


@pytest.fixture
def section(qtbot) -> MemorySection:
    section = MemorySection()
    qtbot.addWidget(section)
    section.resize(560, 400)
    section.show()
    section.show_weighing(weighing(), SURROUNDINGS)
    return section


def colors(section: MemorySection, x: int) -> set[str]:
    chart = section.chart()
    image = chart.grab().toImage()
    return {image.pixelColor(x, y).name() for y in range(chart.height())}


def test_it_begins_at_the_context_that_would_be_loaded(section: MemorySection):
    assert section.context_tokens == default_context_tokens(FACTS, SURROUNDINGS.available_bytes)
    total, verdict, largest, kind = section.words()
    assert total == f"{weighing().total_bytes_at(section.context_tokens) / 1e9:.2f} GB"
    assert verdict.startswith("Fits easily (")
    assert largest == "Largest context that fits: 131,072, all that it was made for"
    assert kind == "weighed by llama.cpp"


def test_an_estimate_is_told_apart_from_a_weighing(section: MemorySection):
    section.show_weighing(estimate_weighing(FACTS, KvType.F16), SURROUNDINGS, "weighing…")
    total, _, _, kind = section.words()
    assert total.startswith("≈ ")
    assert kind == "estimated by a formula; weighing…"


def test_keys_on_the_slider_change_the_figures(section: MemorySection, qtbot):
    before = section.context_tokens, section.words()[0]
    qtbot.keyClick(section.slider(), Qt.Key.Key_PageUp)
    assert section.context_tokens > before[0]
    assert section.words()[0] != before[1]
    qtbot.keyClick(section.slider(), Qt.Key.Key_Home)
    assert section.context_tokens == 1024


def test_the_chosen_context_stays_when_the_weighing_gets_better(section: MemorySection, qtbot):
    qtbot.keyClick(section.slider(), Qt.Key.Key_Home)
    section.show_weighing(weighing(KvType.Q8_0), SURROUNDINGS)
    assert section.context_tokens == 1024
    assert section.kv_type is KvType.Q8_0
    section.start_afresh()
    section.show_weighing(weighing(), SURROUNDINGS)
    assert section.context_tokens > 1024


def test_the_largest_context_that_fits_is_named(section: MemorySection):
    section.show_weighing(weighing(), Surroundings(2 * GB, 4 * GB))
    assert section.words()[2].startswith("Largest context that fits: ")
    assert "all that" not in section.words()[2]
    section.show_weighing(weighing(), Surroundings(GB // 2, GB))
    assert section.words()[2] == "No context length fits"
    assert section.words()[1].startswith("Does not fit (")


def test_another_packing_is_asked_for(section: MemorySection, qtbot):
    with qtbot.waitSignal(section.kv_type_chosen) as chosen:
        section._kv.button(1).click()
    assert chosen.args == [KvType.Q8_0]


def test_the_layers_have_the_colors_of_the_scale(section: MemorySection):
    tokens = tokens_for(section.palette())
    section.show_weighing(weighing(), SURROUNDINGS)
    right = section.chart().width() - 20
    wanted = {QColor(color).name() for color in (tokens.weights, tokens.context)}
    assert wanted <= colors(section, right)
    assert QColor(tokens.context).name() not in colors(section, GUTTER_PX - 2)


def test_what_lies_above_the_available_memory_is_pale(section: MemorySection):
    tokens = tokens_for(section.palette())
    right = section.chart().width() - 20
    assert QColor(tokens.context).name() in colors(section, right)
    section.show_weighing(weighing(), Surroundings(GB // 2, GB))
    assert section.chart().is_line_within()
    assert QColor(tokens.context).name() not in colors(section, right)


def test_memory_far_above_the_chart_is_told_in_words(section: MemorySection):
    section.show_weighing(weighing(), Surroundings(900 * GB, 900 * GB))
    assert not section.chart().is_line_within()
    section.chart().grab()
    assert "900.0 GB is available" in section.chart().accessibleDescription()


def test_a_screen_reader_hears_both_ends_of_the_chart(section: MemorySection):
    said = section.chart().accessibleDescription()
    assert "at 1,024 tokens" in said
    assert "at 131,072 tokens" in said
    assert "tokens take" in section.slider().accessibleDescription()


def test_a_model_of_one_length_is_drawn_without_a_slider(section: MemorySection):
    single = replace(weighing(), points=weighing().points[:1])
    section.start_afresh()
    section.show_weighing(single, SURROUNDINGS)
    assert not section.slider().isEnabled()
    tokens = tokens_for(section.palette())
    assert QColor(tokens.weights).name() in colors(section, 200)


def test_before_a_weighing_nothing_is_claimed(qtbot):
    section = MemorySection()
    qtbot.addWidget(section)
    assert section.words()[1] == "Not weighed yet"
    assert not section.slider().isEnabled()
    section.chart().grab()
    assert section.chart().accessibleDescription() == "Not weighed yet"


def test_axes_are_written_short():
    assert [context_text(tokens) for tokens in (700, 4096, 5000)] == ["700", "4k", "4.9k"]
    assert tick_step(9.8e9) == 5e9
    assert tick_step(0.35e9) == 1e8
    assert [tick_text(count) for count in (0, 5e7, 5e8, 2e9)] == ["0", "50 MB", "0.5 GB", "2 GB"]
