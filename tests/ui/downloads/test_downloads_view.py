"""The tab of downloads."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.download import DownloadEntry, DownloadState
from desktop.ui.downloads.download_buttons import DownloadAction
from desktop.ui.downloads.downloads_view import DownloadsView
from desktop.ui.widgets.elided_label import ElidedLabel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> DownloadsView:
    view = DownloadsView()
    qtbot.addWidget(view)
    view.resize(768, 700)
    view.show()
    return view


def texts(widget: QWidget) -> list[str]:
    return [one.text() for one in widget.findChildren(QPushButton) if one.isVisible()]


def words(widget: QWidget) -> str:
    labels = [label for label in widget.findChildren(QLabel) if label.isVisible()]
    return "\n".join(
        label.whole_text() if isinstance(label, ElidedLabel) else label.text() for label in labels
    )


def show(qtbot: QtBot, view: DownloadsView, *entries: DownloadEntry) -> None:
    """Show downloads, and wait until new rows are on the screen."""
    view.show_downloads(entries)
    qtbot.waitUntil(lambda: all(row.isVisible() for row in view.rows()))


def press(qtbot: QtBot, view: DownloadsView, action: DownloadAction, row: int = 0) -> None:
    qtbot.mouseClick(view.rows()[row].buttons.button(action), LEFT)


def answer(qtbot: QtBot, view: DownloadsView, text: str) -> None:
    question = view.rows()[0].question()
    visible = [one for one in question.findChildren(QPushButton) if one.isVisible()]
    button = next(one for one in visible if one.text() == text)
    qtbot.mouseClick(button, LEFT)


def test_a_row_says_how_far_it_is(
    qtbot: QtBot, view: DownloadsView, running: DownloadEntry
) -> None:
    show(qtbot, view, running)
    row = view.rows()[0]
    for text in ("Qwen3 4B", "owner/name · Q4_K_M", "downloading", "34 MB/s", "35 s left"):
        assert text in words(row)
    assert row.findChild(QProgressBar).value() == 415
    assert row.findChild(QProgressBar).maximum() == 1000


def test_each_state_has_its_own_buttons(qtbot, view, running, waiting, gated, done) -> None:
    paused = replace(running, id=5, state=DownloadState.PAUSED)
    show(qtbot, view, running, waiting, gated, done, paused)
    assert [texts(row) for row in view.rows()] == [
        ["Pause", "Cancel"],
        ["Pause", "Cancel"],
        ["Try again", "Get access", "Cancel"],
        ["Open in Chat", "Remove"],
        ["Resume", "Cancel"],
    ]


@pytest.mark.parametrize(
    ("state", "action", "signal"),
    [
        (DownloadState.RUNNING, DownloadAction.PAUSE, "pause_requested"),
        (DownloadState.PAUSED, DownloadAction.RESUME, "resume_requested"),
        (DownloadState.FAILED, DownloadAction.RETRY, "retry_requested"),
        (DownloadState.DONE, DownloadAction.REMOVE, "removal_requested"),
    ],
)
def test_a_button_asks_for_its_own_row(qtbot, view, running, waiting, state, action, signal):
    show(qtbot, view, waiting, replace(running, state=state))
    with qtbot.waitSignal(getattr(view, signal)) as blocker:
        press(qtbot, view, action, row=1)
    assert blocker.args == [running.id]


def test_waiting_ones_change_places(qtbot: QtBot, view, running, waiting) -> None:
    show(qtbot, view, running, waiting, replace(waiting, id=9))
    assert "Up" not in texts(view.rows()[0])
    first, last = view.rows()[1].buttons, view.rows()[2].buttons
    assert not first.button(DownloadAction.RAISE).isEnabled()
    assert not last.button(DownloadAction.LOWER).isEnabled()
    with qtbot.waitSignal(view.lower_requested) as blocker:
        press(qtbot, view, DownloadAction.LOWER, row=1)
    assert blocker.args == [waiting.id]
    with qtbot.waitSignal(view.raise_requested) as blocker:
        press(qtbot, view, DownloadAction.RAISE, row=2)
    assert blocker.args == [9]


def test_cancel_says_what_is_lost_before_it_does_so(qtbot: QtBot, view, running) -> None:
    show(qtbot, view, running)
    with qtbot.assertNotEmitted(view.cancel_requested):
        press(qtbot, view, DownloadAction.CANCEL)
        assert "The 830 MB fetched so far are deleted." in words(view.rows()[0])
        answer(qtbot, view, "Keep it")
        press(qtbot, view, DownloadAction.CANCEL)
    with qtbot.waitSignal(view.cancel_requested) as blocker:
        answer(qtbot, view, "Delete and give up")
    assert blocker.args == [running.id]


def test_the_question_stays_while_the_download_goes_on(qtbot: QtBot, view, running) -> None:
    show(qtbot, view, running)
    press(qtbot, view, DownloadAction.CANCEL)
    show(qtbot, view, replace(running, done_bytes=900_000_000))
    assert view.rows()[0].question().isVisible()
    show(qtbot, view, replace(running, state=DownloadState.DONE, path=Path("/m.gguf")))
    assert not view.rows()[0].question().isVisible()


def test_cancel_with_nothing_to_lose_asks_nothing(qtbot: QtBot, view, waiting) -> None:
    show(qtbot, view, waiting)
    with qtbot.waitSignal(view.cancel_requested) as blocker:
        press(qtbot, view, DownloadAction.CANCEL)
    assert blocker.args == [waiting.id]


def test_a_complete_model_is_opened(qtbot: QtBot, view, done) -> None:
    show(qtbot, view, done)
    with qtbot.waitSignal(view.model_chosen) as blocker:
        press(qtbot, view, DownloadAction.OPEN)
    assert blocker.args == [done.path]


def test_a_failed_one_says_why_and_leads_to_access(qtbot: QtBot, view, gated) -> None:
    show(qtbot, view, gated)
    assert "Its maker asks for it." in words(view.rows()[0])
    with qtbot.waitSignal(view.access_requested) as blocker:
        press(qtbot, view, DownloadAction.ACCESS)
    assert blocker.args == ["owner/name"]


def test_rows_are_changed_in_place(qtbot, view, running, waiting, done) -> None:
    show(qtbot, view, running, waiting)
    row, other = view.rows()
    show(qtbot, view, waiting, replace(running, done_bytes=10**9), done)
    assert view.rows()[:2] == (other, row)
    assert row.findChild(QProgressBar).value() == 500
    qtbot.waitUntil(lambda: row.y() > other.y())
    show(qtbot, view, done)
    assert len(view.rows()) == 1


def test_figures_keep_their_place_while_they_change(qtbot, view, running) -> None:
    show(qtbot, view, running)

    def places() -> list[int]:
        labels = [one for one in view.rows()[0].findChildren(QLabel) if one.isVisible()]
        figures = [one for one in labels if "left" in one.text() or "/s" in one.text()]
        return [one.geometry().right() for one in figures]

    view.rows()[0].layout().activate()
    before = places()
    changed = replace(running, done_bytes=999 * 10**6, bytes_per_s=9.0 * 10**6, remaining_s=7000.0)
    show(qtbot, view, changed)
    view.rows()[0].layout().activate()
    assert len(before) == 2
    assert places() == before


def test_the_focus_goes_from_pause_to_resume_and_not_to_cancel(qtbot, view, running) -> None:
    show(qtbot, view, running)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    buttons = view.rows()[0].buttons
    buttons.button(DownloadAction.PAUSE).setFocus()
    show(qtbot, view, replace(running, state=DownloadState.PAUSED))
    assert buttons.button(DownloadAction.RESUME).hasFocus()
    show(qtbot, view, running)
    assert buttons.button(DownloadAction.PAUSE).hasFocus()


def test_without_downloads_there_is_one_thing_to_do(qtbot: QtBot, view: DownloadsView) -> None:
    assert "No downloads." in words(view)
    button = next(one for one in view.findChildren(QPushButton) if one.isVisible())
    with qtbot.waitSignal(view.find_requested):
        qtbot.mouseClick(button, LEFT)
