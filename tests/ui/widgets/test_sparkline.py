import pytest
from PySide6.QtCore import QPoint

from desktop.ui.widgets.sparkline import HISTORY_S, Sparkline


@pytest.fixture
def curve(qtbot) -> Sparkline:
    curve = Sparkline("Speed", "{:.0f} tokens/s".format)
    qtbot.addWidget(curve)
    curve.resize(241, 48)
    return curve


def test_what_is_older_than_a_minute_is_forgotten(curve: Sparkline):
    for second in range(100):
        curve.add(float(second), float(second))
    assert curve.values() == tuple(range(99 - int(HISTORY_S), 100))


def test_hovering_tells_the_value_and_its_age(curve: Sparkline):
    for second in range(61):
        curve.add(float(second), 100.0 + second)
    assert curve.text_at(240) == "160 tokens/s, now"
    assert curve.text_at(120) == "130 tokens/s, 30 s ago"


def test_a_gap_has_no_value(curve: Sparkline):
    for second in range(61):
        curve.add(float(second), None if 20 <= second <= 40 else 5.0)
    assert not curve.text_at(120)
    assert curve.text_at(10)


def test_nothing_is_told_before_the_first_value(curve: Sparkline):
    assert not curve.text_at(100)
    curve.add(0.0, 5.0)
    assert not curve.text_at(20)


def test_the_curve_breaks_at_a_gap(curve: Sparkline):
    for second in range(61):
        curve.add(float(second), None if 20 <= second <= 40 else 5.0)
    image = curve.grab().toImage()
    ratio = image.width() / curve.width()

    def looks_empty(x: int) -> bool:
        ground = image.pixelColor(int(120 * ratio), 2)
        return all(image.pixelColor(int(x * ratio), y) == ground for y in range(2, 44))

    assert looks_empty(120)
    assert not looks_empty(20)
    assert not looks_empty(230)


def test_the_pointer_brings_up_the_value(curve: Sparkline, qtbot):
    curve.show()
    for second in range(61):
        curve.add(float(second), 100.0)
    before = curve.grab().toImage()
    qtbot.mouseMove(curve, QPoint(100, 20))
    qtbot.waitUntil(lambda: curve.grab().toImage() != before)


def test_a_screen_reader_hears_the_range(curve: Sparkline):
    assert "Nothing" not in curve.accessibleDescription()
    curve.add(0.0, None)
    assert curve.accessibleDescription() == "Nothing in the last minute"
    curve.add(1.0, 120.0)
    curve.add(2.0, 140.0)
    assert curve.accessibleDescription() == "Last minute: 120 tokens/s to 140 tokens/s"
