"""The screen for models whose makers ask for an agreement."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.errors import Problem
from desktop.core.hub_model import HubAccess, HubFault, HubRefusal
from desktop.ui.discover.access_panel import AccessPanel

LEFT = Qt.MouseButton.LeftButton
REFUSAL = HubRefusal(HubFault.GATED, Problem("Not accepted yet", "meta-llama asks for it.", "Do."))


@pytest.fixture
def panel(qtbot: QtBot) -> AccessPanel:
    view = AccessPanel()
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show_repository("meta-llama/Llama-3.2-1B")
    view.show()
    return view


def button(panel: AccessPanel, text: str) -> QPushButton:
    return next(one for one in panel.findChildren(QPushButton) if one.text() == text)


def words(panel: AccessPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Open the page", "https://huggingface.co/meta-llama/Llama-3.2-1B"),
        ("Make a token", "https://huggingface.co/settings/tokens"),
    ],
)
def test_the_pages_of_the_hub_are_asked_for(
    qtbot: QtBot, panel: AccessPanel, text: str, address: str
) -> None:
    with qtbot.waitSignal(panel.page_requested) as blocker:
        qtbot.mouseClick(button(panel, text), LEFT)
    assert blocker.args == [address]


def test_a_token_is_handed_on_once_and_not_kept_in_the_field(
    qtbot: QtBot, panel: AccessPanel
) -> None:
    field = panel.findChild(QLineEdit)
    assert field.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(field, " hf_secret ")
    with qtbot.waitSignal(panel.token_submitted) as blocker:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert blocker.args == ["hf_secret"]
    assert field.text() == ""
    assert "Asking the Hub whose token this is." in words(panel)
    qtbot.keyClicks(field, "hf_other")
    assert not button(panel, "Save").isEnabled()
    panel.show_access(HubAccess("ada", has_token=True))
    assert "The Hub knows you as ada." in words(panel)
    assert button(panel, "Save").isEnabled()


def test_no_token_is_not_a_token(qtbot: QtBot, panel: AccessPanel) -> None:
    with qtbot.assertNotEmitted(panel.token_submitted):
        qtbot.keyClick(panel.findChild(QLineEdit), Qt.Key.Key_Return)
    assert not button(panel, "Save").isEnabled()


def test_a_token_is_forgotten_if_there_is_one(qtbot: QtBot, panel: AccessPanel) -> None:
    forget = button(panel, "Forget the token")
    assert not forget.isVisible()
    panel.show_access(HubAccess("", has_token=True))
    with qtbot.waitSignal(panel.token_forgotten):
        qtbot.mouseClick(forget, LEFT)
    panel.show_access(HubAccess())
    assert not forget.isVisible()


def test_it_says_where_the_token_is_kept_and_sent(panel: AccessPanel) -> None:
    assert (
        "Kept by huggingface_hub in a file that only you can read; sent only to huggingface.co."
        in words(panel)
    )


def test_a_refusal_stands_here_until_something_changes(panel: AccessPanel) -> None:
    panel.show_refusal(REFUSAL)
    assert "meta-llama asks for it." in words(panel)
    panel.show_repository("google/gemma")
    assert "meta-llama asks for it." not in words(panel)


def test_a_refused_token_can_be_put_in_again(qtbot: QtBot, panel: AccessPanel) -> None:
    field = panel.findChild(QLineEdit)
    qtbot.keyClicks(field, "hf_wrong")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    panel.show_refusal(REFUSAL)
    qtbot.keyClicks(field, "hf_right")
    assert button(panel, "Save").isEnabled()


@pytest.mark.parametrize(("text", "signal"), [("Try again", "retry_requested"), ("Back", "closed")])
def test_the_ways_out(qtbot: QtBot, panel: AccessPanel, text: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(panel, signal)):
        qtbot.mouseClick(button(panel, text), LEFT)


def test_esc_leaves(qtbot: QtBot, panel: AccessPanel) -> None:
    with qtbot.waitSignal(panel.closed):
        qtbot.keyClick(panel.findChild(QLineEdit), Qt.Key.Key_Escape)
