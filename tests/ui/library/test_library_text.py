"""What is said of installed models."""

from datetime import UTC, date, datetime, timedelta

import pytest

from desktop.core.library import DiskUse
from desktop.ui.library.library_text import day_text, disk_text

NOON = datetime(2026, 7, 15, 12, tzinfo=UTC)
TODAY: date = NOON.astimezone().date()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "yesterday"),
        (3, "3 days ago"),
        (13, "13 days ago"),
        (14, "2 weeks ago"),
        (59, "8 weeks ago"),
        (60, "2 months ago"),
        (400, "13 months ago"),
        (800, "2 years ago"),
    ],
)
def test_the_last_use_is_told_in_days(days: int, words: str) -> None:
    assert day_text((NOON - timedelta(days=days)).isoformat(), TODAY) == words


def test_what_was_never_used_says_so() -> None:
    assert day_text("", TODAY) == "never"


def test_a_clock_that_was_set_back_is_no_future() -> None:
    assert day_text((NOON + timedelta(days=2)).isoformat(), TODAY) == "today"


def test_the_space_is_told_in_one_line() -> None:
    use = DiskUse(12_300_000_000, 1_200_000_000, 41_000_000_000)
    assert disk_text(7, use) == "7 models use 12.3 GB, 41.0 GB free; 1.20 GB in the trash"


@pytest.mark.parametrize(
    ("count", "use", "words"),
    [
        (1, DiskUse(98_000_000, 0, 41_000_000_000), "1 model uses 98 MB, 41.0 GB free"),
        (2, DiskUse(98_000_000, 0, None), "2 models use 98 MB, free space not available"),
        (0, DiskUse(0, 0, 41_000_000_000), "No models, 41.0 GB free"),
        (3, None, "3 models"),
    ],
)
def test_the_space_is_told_as_far_as_it_is_known(
    count: int, use: DiskUse | None, words: str
) -> None:
    assert disk_text(count, use) == words
