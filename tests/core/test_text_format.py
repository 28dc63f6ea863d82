import pytest

from desktop.core.text_format import (
    NOT_AVAILABLE,
    format_bytes,
    format_count,
    format_memory,
    format_parameters,
    format_rate,
    format_seconds,
    format_speed,
)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (None, NOT_AVAILABLE),
        (0, "0 kB"),
        (1_499, "1 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (98_223_104, "98 MB"),
        (999_499_999, "999 MB"),
        (999_500_000, "1.00 GB"),
        (4_264_000_000, "4.26 GB"),
        (9_994_000_000, "9.99 GB"),
        (9_995_000_000, "10.0 GB"),
        (68_719_476_736, "68.7 GB"),
    ],
)
def test_sizes_have_the_unit_that_reads_best(count: float | None, text: str) -> None:
    assert format_bytes(count) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (None, NOT_AVAILABLE),
        (0, "0.00 GB"),
        (212e6, "0.21 GB"),
        (9.99e9, "9.99 GB"),
        (24e9, "24.0 GB"),
    ],
)
def test_memory_is_always_in_gigabytes(count: float | None, text: str) -> None:
    assert format_memory(count) == text


@pytest.mark.parametrize(
    ("speed", "text"),
    [
        (None, NOT_AVAILABLE),
        (0.04, "0.0 tokens/s"),
        (2.25, "2.2 tokens/s"),
        (9.94, "9.9 tokens/s"),
        (9.95, "10 tokens/s"),
        (134.4, "134 tokens/s"),
    ],
)
def test_speeds_have_a_digit_after_the_point_below_ten(speed: float | None, text: str) -> None:
    assert format_speed(speed) == text


def test_a_rate_is_a_speed_without_its_unit() -> None:
    assert (format_rate(3.14), format_rate(31.4)) == ("3.1", "31")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, NOT_AVAILABLE),
        (0.0, "0.00 s"),
        (0.049, "0.05 s"),
        (9.994, "9.99 s"),
        (9.995, "10.0 s"),
        (12.44, "12.4 s"),
        (99.9, "99.9 s"),
        (99.95, "1 min 40 s"),
        (119.6, "2 min 0 s"),
        (200.0, "3 min 20 s"),
    ],
)
def test_times_lose_digits_as_they_grow(seconds: float | None, text: str) -> None:
    assert format_seconds(seconds) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (999, "999"), (1_234_567, "1,234,567")])
def test_counts_have_separators(count: int, text: str) -> None:
    assert format_count(count) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, ""),
        (-1, ""),
        (3_400_000, "3.4M"),
        (134_515_008, "135M"),
        (999_400_000, "999M"),
        (999_500_000, "1B"),
        (1_240_000_000, "1.2B"),
        (8_030_000_000, "8B"),
        (9_940_000_000, "9.9B"),
        (70_553_706_496, "71B"),
    ],
)
def test_parameters_are_short(count: int, text: str) -> None:
    assert format_parameters(count) == text
