import pytest
from PySide6.QtGui import QColor

from desktop.ui.theme import tokens_for
from desktop.ui.widgets.stacked_bar import Segment, StackedBar


@pytest.fixture
def bar(qtbot) -> StackedBar:
    bar = StackedBar("Memory")
    qtbot.addWidget(bar)
    bar.resize(200, 14)
    return bar


def test_parts_share_the_width_by_their_value(bar: StackedBar):
    bar.show_segments((Segment(50, "weights"), Segment(25, "context")), 100)
    assert bar.segment_widths() == (100, 50)


def test_a_tiny_part_can_still_be_seen(bar: StackedBar):
    bar.show_segments((Segment(10_000_000, "weights"), Segment(1, "context")), 10_000_001)
    widths = bar.segment_widths()
    assert widths[1] >= 3
    assert sum(widths) == pytest.approx(200)


def test_nothing_takes_no_room(bar: StackedBar):
    bar.show_segments((Segment(0, "weights"), Segment(5, "context")), 10)
    assert bar.segment_widths() == (0, 100)


def test_parts_beyond_the_total_stay_within_the_bar(bar: StackedBar):
    bar.show_segments((Segment(90, "weights"), Segment(60, "context")), 100)
    assert sum(bar.segment_widths()) == pytest.approx(200)


def test_without_a_total_the_bar_is_empty(bar: StackedBar):
    bar.show_segments((), 0)
    assert bar.segment_widths() == ()
    bar.show_segments((Segment(0, "weights"),), 0)
    assert bar.segment_widths() == (0,)


def test_each_part_has_its_color(bar: StackedBar):
    bar.show_segments((Segment(50, "weights"), Segment(25, "context")), 100)
    image = bar.grab().toImage()
    ratio = image.width() / bar.width()
    tokens = tokens_for(bar.palette())
    found = [image.pixelColor(int(x * ratio), 7).name() for x in (50, 120, 180)]
    assert found == [QColor(c).name() for c in (tokens.weights, tokens.context, tokens.line)]


def test_a_screen_reader_hears_the_parts(bar: StackedBar):
    bar.show_segments((Segment(92, "weights", "weights 92 MB"), Segment(1, "context", "c")), 100)
    assert bar.accessibleDescription() == "weights 92 MB, c"
