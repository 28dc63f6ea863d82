"""Finding out whether a window can be opened, and opening one on X11."""

import os
import sys
from pathlib import Path

import display
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="screens are always there")


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@on_linux
def test_without_a_display_no_window_can_be_opened(no_screen: pytest.MonkeyPatch) -> None:
    assert not display.can_open_window()


@on_linux
@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_display_that_does_not_answer_is_none(
    name: str, no_screen: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    no_screen.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    no_screen.setenv(name, ":4711")
    assert not display.can_open_window()


@on_linux
def test_a_platform_without_a_screen_needs_no_display(no_screen: pytest.MonkeyPatch) -> None:
    no_screen.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display.can_open_window()


@pytest.mark.x11
def test_the_x_server_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert display.can_open_window()
    monkeypatch.setenv("XAUTHORITY", os.devnull)
    assert not display.can_open_window(), "a server that refuses us is no display"


@pytest.mark.x11
def test_the_system_libraries_suffice_for_a_window_on_x11(qtbot: QtBot) -> None:
    label = QLabel("Heft")
    qtbot.addWidget(label)
    label.show()
    qtbot.waitExposed(label)
    assert QGuiApplication.platformName() == "xcb"
    assert label.grab().toImage().width() > 0
