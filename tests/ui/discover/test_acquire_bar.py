from dataclasses import replace
from pathlib import Path

import pytest
from hub_offers import MB, hub_file

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.errors import Problem
from desktop.ui.discover.acquire_bar import AcquireBar, remaining_text

FILE = hub_file("Q4_K_M", 808 * MB)
RUNNING = DownloadEntry(7, FILE, "Tiny", DownloadState.RUNNING, 404 * MB, 12e6, 33.4)


@pytest.fixture
def bar(qtbot) -> AcquireBar:
    bar = AcquireBar()
    qtbot.addWidget(bar)
    bar.show()
    return bar


def test_without_a_file_nothing_can_be_pressed(bar: AcquireBar):
    assert not bar.button().isEnabled()


def test_a_file_can_be_downloaded_and_its_size_is_on_the_button(bar: AcquireBar, qtbot):
    bar.show_file(FILE, None, None, "Read this first.")
    assert bar.button().text() == "Download 808 MB"
    assert bar.text() == "Read this first."
    with qtbot.waitSignal(bar.download_requested) as requested:
        bar.button().click()
    assert requested.args == [FILE]


def test_a_running_download_shows_how_far_it_is_and_can_be_paused(bar: AcquireBar, qtbot):
    bar.show_file(FILE, RUNNING, None)
    assert not bar.button().isVisible()
    assert bar.text() == "Downloading · 404 MB of 808 MB · 12 MB/s · 33 s left"
    assert bar._bar.value() == 500
    with qtbot.waitSignal(bar.download_paused) as paused:
        bar.pause_button().click()
    assert paused.args == [7]


@pytest.mark.parametrize(
    ("state", "words"), [(DownloadState.PAUSED, "Resume"), (DownloadState.FAILED, "Try again")]
)
def test_what_stands_still_can_go_on(bar: AcquireBar, qtbot, state, words):
    bar.show_file(FILE, replace(RUNNING, state=state), None)
    assert bar.button().text() == words
    with qtbot.waitSignal(bar.download_resumed) as resumed:
        bar.button().click()
    assert resumed.args == [7]


def test_a_failed_download_says_why(bar: AcquireBar):
    problem = Problem("The disk is full", "Two more gigabytes are needed.", "Make room.")
    bar.show_file(FILE, replace(RUNNING, state=DownloadState.FAILED, problem=problem), None)
    assert bar.text() == "The disk is full. Two more gigabytes are needed. Make room."


def test_what_is_here_opens_in_chat(bar: AcquireBar, qtbot):
    bar.show_file(FILE, RUNNING, Path("/models/a.gguf"))
    assert bar.button().text() == "Open in Chat"
    with qtbot.waitSignal(bar.model_chosen) as chosen:
        bar.button().click()
    assert chosen.args == [Path("/models/a.gguf")]


def test_a_download_that_is_done_opens_in_chat_too(bar: AcquireBar, qtbot):
    done = replace(RUNNING, state=DownloadState.DONE, path=Path("/models/b.gguf"))
    bar.show_file(FILE, done, None)
    with qtbot.waitSignal(bar.model_chosen) as chosen:
        bar.button().click()
    assert chosen.args == [Path("/models/b.gguf")]


def test_times_are_no_more_exact_than_they_can_be():
    texts = [remaining_text(seconds) for seconds in (0.2, 59, 200, 9000)]
    assert texts == ["1 s", "59 s", "3 min", "2.5 h"]
