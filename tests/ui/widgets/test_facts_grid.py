import pytest
from PySide6.QtWidgets import QLabel

from desktop.ui.widgets.color_swatch import ColorSwatch
from desktop.ui.widgets.facts_grid import Fact, FactsGrid


@pytest.fixture
def grid(qtbot) -> FactsGrid:
    grid = FactsGrid()
    qtbot.addWidget(grid)
    grid.resize(236, 100)
    grid.show()
    return grid


def shown(grid: FactsGrid) -> list[str]:
    return [label.text() for label in grid.findChildren(QLabel) if label.isVisible()]


def test_rows_are_names_and_values(grid: FactsGrid, qtbot):
    grid.show_facts((Fact("average", "131 tokens/s"), Fact("first token", "0.05 s")))
    rows = ["average", "131 tokens/s", "first token", "0.05 s"]
    qtbot.waitUntil(lambda: shown(grid) == rows)
    assert grid.value_of("first token") == "0.05 s"


def test_a_new_value_keeps_the_row(grid: FactsGrid, qtbot):
    grid.show_facts((Fact("average", "131"),))
    labels = grid.findChildren(QLabel)
    grid.show_facts((Fact("average", "132"),))
    assert grid.findChildren(QLabel) == labels
    qtbot.waitUntil(lambda: shown(grid) == ["average", "132"])


def test_rows_come_and_go(grid: FactsGrid, qtbot):
    grid.show_facts((Fact("a", "1"), Fact("swapped out", "120 MB")))
    grid.show_facts((Fact("a", "2"),))
    qtbot.waitUntil(lambda: shown(grid) == ["a", "2"])


def test_values_end_at_the_right_edge_whatever_their_length(grid: FactsGrid, qtbot):
    grid.show_facts((Fact("a", "1"), Fact("b", "a much longer value")))
    values = [label for label in grid.findChildren(QLabel) if label.text() not in {"a", "b"}]
    qtbot.waitUntil(lambda: {label.geometry().right() for label in values} == {235})


def test_a_swatch_ties_a_row_to_a_bar(grid: FactsGrid):
    grid.show_facts((Fact("weights", "92 MB", "weights"), Fact("available", "21.8 of 24.0 GB")))
    assert len(grid.findChildren(ColorSwatch)) == 1


def test_a_hint_is_told_on_the_name(grid: FactsGrid):
    grid.show_facts((Fact("average", "131", hint="Over the whole answer."),))
    assert "Over the whole answer." in {label.toolTip() for label in grid.findChildren(QLabel)}
