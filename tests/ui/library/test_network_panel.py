"""The offline switch and the address of a mirror."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.settings import Settings
from desktop.ui.library.network_panel import NetworkPanel, is_safe_endpoint


@pytest.fixture
def panel(qtbot: QtBot) -> NetworkPanel:
    view = NetworkPanel()
    qtbot.addWidget(view)
    view.resize(700, 200)
    view.show()
    view.unfold()
    return view


def words(panel: NetworkPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def use(panel: NetworkPanel) -> QPushButton:
    return next(one for one in panel.findChildren(QPushButton) if one.text() == "Use")


@pytest.mark.parametrize(
    "address",
    [
        "https://hf-mirror.com",
        "https://models.example.org:8443/hub",
        "http://localhost:8080",
        "http://127.0.0.1:9000",
        "http://[::1]:9000",
    ],
)
def test_a_mirror_is_reached_over_https_or_on_this_machine(address: str) -> None:
    assert is_safe_endpoint(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://hf-mirror.com",
        "http://127.0.0.1.example.org",
        "hf-mirror.com",
        "ftp://hf-mirror.com",
        "https://",
        "https://user:secret@hf-mirror.com",
        "https://hf-mirror.com/?a=b",
        "https://hf-mirror.com:port",
        "https://hf mirror.com",
        "https://[::1",
        "file:///etc/passwd",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    assert not is_safe_endpoint(address)


def test_the_switch_asks_for_offline(qtbot: QtBot, panel: NetworkPanel) -> None:
    box = panel.findChild(QCheckBox)
    with qtbot.waitSignal(panel.offline_chosen) as blocker:
        qtbot.keyClick(box, Qt.Key.Key_Space)
    assert blocker.args == [True]


def test_settings_are_shown_and_are_no_wish(qtbot: QtBot, panel: NetworkPanel) -> None:
    with (
        qtbot.assertNotEmitted(panel.offline_chosen),
        qtbot.assertNotEmitted(panel.endpoint_chosen),
    ):
        panel.show_settings(Settings(hub_endpoint="https://hf-mirror.com"))
        assert "Models come from hf-mirror.com" in words(panel)
        panel.show_settings(Settings(is_offline=True))
    assert panel.findChild(QCheckBox).isChecked()
    assert "Offline: nothing goes over the network" in words(panel)
    assert panel.findChild(QLineEdit).text() == ""


def test_a_mirror_is_taken_with_enter(qtbot: QtBot, panel: NetworkPanel) -> None:
    field = panel.findChild(QLineEdit)
    qtbot.keyClicks(field, " https://hf-mirror.com/ ")
    with qtbot.waitSignal(panel.endpoint_chosen) as blocker:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert blocker.args == ["https://hf-mirror.com"]


def test_an_unsafe_mirror_is_not_taken_and_it_says_why(qtbot: QtBot, panel: NetworkPanel) -> None:
    field = panel.findChild(QLineEdit)
    qtbot.keyClicks(field, "http://hf-mirror.com")
    assert not use(panel).isEnabled()
    assert "needs an address that begins with https://" in words(panel)
    with qtbot.assertNotEmitted(panel.endpoint_chosen):
        qtbot.keyClick(field, Qt.Key.Key_Return)


def test_an_empty_address_leads_back_to_the_hub(qtbot: QtBot, panel: NetworkPanel) -> None:
    panel.show_settings(Settings(hub_endpoint="https://hf-mirror.com"))
    panel.findChild(QLineEdit).clear()
    with qtbot.waitSignal(panel.endpoint_chosen) as blocker:
        qtbot.mouseClick(use(panel), Qt.MouseButton.LeftButton)
    assert blocker.args == [""]


def test_esc_folds_it_up(qtbot: QtBot, panel: NetworkPanel) -> None:
    qtbot.keyClick(panel.findChild(QLineEdit), Qt.Key.Key_Escape)
    assert not panel.findChild(QLineEdit).isVisible()


def test_what_the_environment_says_is_told_and_cannot_be_changed(panel: NetworkPanel) -> None:
    panel.show_environment("https://hub.example.org", is_offline=False)
    assert "Models come from hub.example.org" in words(panel)
    panel.show_settings(Settings(hub_endpoint="https://hf-mirror.com"))
    assert "Models come from hf-mirror.com" in words(panel)
    panel.show_environment("", is_offline=True)
    assert "Offline: nothing goes over the network" in words(panel)
    switch = panel.findChild(QCheckBox)
    assert switch.isChecked()
    assert not switch.isEnabled()
