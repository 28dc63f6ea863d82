"""The row that leads from one place of the window to another."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui.navigation import Navigation, Place


@pytest.fixture
def navigation(qtbot: QtBot) -> Navigation:
    view = Navigation()
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return view


def test_it_begins_at_the_chat(navigation: Navigation) -> None:
    assert navigation.place() is Place.CHAT


def test_a_press_on_a_place_leads_there(qtbot: QtBot, navigation: Navigation) -> None:
    with qtbot.waitSignal(navigation.place_chosen) as blocker:
        qtbot.mouseClick(navigation.button(Place.MODELS), Qt.MouseButton.LeftButton)
    assert blocker.args == [Place.MODELS]
    assert navigation.place() is Place.MODELS


def test_the_arrow_keys_lead_there_too(qtbot: QtBot, navigation: Navigation) -> None:
    chat = navigation.button(Place.CHAT)
    chat.setFocus()
    with qtbot.waitSignal(navigation.place_chosen) as blocker:
        qtbot.keyClick(chat, Qt.Key.Key_Right)
    assert blocker.args == [Place.MODELS]
    assert navigation.button(Place.MODELS).hasFocus()


def test_a_place_that_is_shown_is_no_wish(qtbot: QtBot, navigation: Navigation) -> None:
    with qtbot.assertNotEmitted(navigation.place_chosen):
        navigation.show_place(Place.MODELS)
    assert navigation.place() is Place.MODELS
    assert not navigation.button(Place.CHAT).isChecked()


def test_each_place_has_a_name_and_its_keys(navigation: Navigation) -> None:
    hints = {
        (navigation.button(place).accessibleName(), navigation.button(place).toolTip())
        for place in Place
    }
    assert hints == {("Chat", "Chat  (Ctrl+1)"), ("Models", "Models  (Ctrl+2)")}
