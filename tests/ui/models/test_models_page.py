import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.ui.models.models_page import ModelsPage, ModelsTab


@pytest.fixture
def page(qtbot) -> ModelsPage:
    page = ModelsPage()
    for letter in "abcd":
        page.add_view(QLabel(letter))
    qtbot.addWidget(page)
    page.show()
    return page


def shown(page: ModelsPage) -> list[str]:
    return [label.text() for label in page._stack.findChildren(QLabel) if label.isVisible()]


def test_it_opens_at_what_is_installed(page: ModelsPage):
    assert page.tab is ModelsTab.INSTALLED
    assert shown(page) == ["a"]


def test_a_tab_shows_its_view_and_is_told(page: ModelsPage, qtbot):
    with qtbot.waitSignal(page.tab_changed) as changed:
        page.show_tab(ModelsTab.TRADE_OFF)
    assert changed.args == [ModelsTab.TRADE_OFF]
    assert shown(page) == ["d"]
    with qtbot.assertNotEmitted(page.tab_changed):
        page.show_tab(ModelsTab.TRADE_OFF)


def test_arrows_walk_through_the_tabs(page: ModelsPage, qtbot):
    page.focus_tabs()
    qtbot.keyClick(page.tabs().button(0), Qt.Key.Key_Right)
    assert page.tab is ModelsTab.FIND
    assert shown(page) == ["b"]
    assert page.tabs().button(1).hasFocus()


def test_downloads_under_way_are_counted_in_their_tab(page: ModelsPage):
    page.show_download_count(2)
    assert page.tabs().words()[2] == "Downloads (2)"
    page.show_download_count(0)
    assert page.tabs().words()[2] == "Downloads"
