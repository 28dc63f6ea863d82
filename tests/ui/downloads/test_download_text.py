"""What is said of downloads."""

from dataclasses import replace

import pytest

from desktop.core.download import DownloadEntry, DownloadState
from desktop.ui.downloads.download_text import (
    amount_text,
    fraction_of,
    remaining_text,
    speed_text,
    spoken_text,
    summary_text,
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.2, "1 s left"),
        (59.4, "59 s left"),
        (61, "1 min left"),
        (150, "2 min left"),
        (3599, "60 min left"),
        (4830, "1 h 20 min left"),
    ],
)
def test_the_time_left_is_told_as_finely_as_it_is_known(running, seconds, words) -> None:
    assert remaining_text(replace(running, remaining_s=seconds)) == words


def test_what_is_not_under_way_has_no_speed(running: DownloadEntry) -> None:
    assert speed_text(running) == "34 MB/s"
    paused = replace(running, state=DownloadState.PAUSED)
    assert speed_text(paused) == remaining_text(paused) == ""


def test_the_amount_says_how_much_is_there(running, waiting, done) -> None:
    assert amount_text(running) == "830 MB of 2.00 GB"
    assert amount_text(waiting) == amount_text(done) == "2.00 GB"


def test_more_than_all_is_all(running: DownloadEntry) -> None:
    assert fraction_of(replace(running, done_bytes=3 * 10**9)) == 1.0
    assert fraction_of(running) == pytest.approx(0.415)


def test_the_summary_counts_what_is_under_way(running, waiting, gated, done) -> None:
    expected = "1 under way, 1 waiting, 1 failed, 1 done · 34 MB/s"
    assert summary_text((running, waiting, gated, done)) == expected
    assert summary_text((done,)) == "1 done"


def test_a_screen_reader_hears_everything(running, gated) -> None:
    assert spoken_text(running) == (
        "Qwen3 4B, downloading, 830 MB of 2.00 GB, speed 34 MB/s, 35 s left"
    )
    assert "Its maker asks for it." in spoken_text(gated)
