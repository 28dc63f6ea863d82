"""The window on a true X server."""

import pytest
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.ui.theme import LIGHT

pytestmark = [pytest.mark.slow, pytest.mark.x11, pytest.mark.timeout(300)]


def test_the_window_appears_on_the_screen_answers_and_goes(start, close, wait_for, greeter):
    assert QGuiApplication.platformName() == "xcb"
    user = start()
    wait_for(lambda: color_on_screen(user.window.conversations) == QColor(LIGHT.panel))
    wait_for(lambda: user.phase() == "idle")
    user.say("Hello")
    wait_for(lambda: user.answers() and user.answers()[0].words == "Good morning.")
    close(user)
    wait_for(lambda: color_on_screen(user.window.conversations) != QColor(LIGHT.panel))


def color_on_screen(widget: QWidget) -> QColor:
    """Return what the X server shows where the corner of a widget is, or was."""
    picture = widget.screen().grabWindow(0).toImage()
    return picture.pixelColor(widget.mapToGlobal(widget.rect().topLeft()))
