import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from desktop.core.hub_model import HubQuery, HubSort
from desktop.core.model_class import ModelClass
from desktop.ui.discover.hub_filter_bar import HubFilterBar


@pytest.fixture
def bar(qtbot) -> HubFilterBar:
    bar = HubFilterBar()
    qtbot.addWidget(bar)
    bar.show()
    return bar


def field(bar: HubFilterBar) -> QLineEdit:
    return bar.findChild(QLineEdit)


def test_typing_is_waited_for_and_told_once(bar: HubFilterBar, qtbot):
    told = []
    bar.query_changed.connect(told.append)
    qtbot.keyClicks(field(bar), "  tiny   llama ")
    assert told == []
    qtbot.waitUntil(lambda: bool(told))
    assert told == [HubQuery(words="tiny llama")]


def test_enter_does_not_wait(bar: HubFilterBar, qtbot):
    qtbot.keyClicks(field(bar), "qwen")
    with qtbot.waitSignal(bar.query_changed, timeout=100) as told:
        qtbot.keyClick(field(bar), Qt.Key.Key_Return)
    assert told.args == [HubQuery(words="qwen")]
    with qtbot.assertNotEmitted(bar.query_changed):
        qtbot.keyClick(field(bar), Qt.Key.Key_Return)


def test_an_emptied_field_is_told_at_once(bar: HubFilterBar, qtbot):
    qtbot.keyClicks(field(bar), "qwen")
    qtbot.keyClick(field(bar), Qt.Key.Key_Return)
    with qtbot.waitSignal(bar.query_changed, timeout=100) as told:
        field(bar).clear()
    assert told.args == [HubQuery()]


def test_filters_make_the_query(bar: HubFilterBar):
    bar._size.menu().actions()[1].trigger()
    bar._license.menu().actions()[2].trigger()
    bar._sort.menu().actions()[2].trigger()
    bar._fits.click()
    bar._hides_gated.click()
    assert bar.query() == HubQuery(
        sort=HubSort.NEWEST,
        size_class=ModelClass.SMALL,
        license="mit",
        includes_gated=False,
        only_fitting=True,
    )


def test_cleared_filters_keep_words_and_order_and_are_told_once(bar: HubFilterBar, qtbot):
    qtbot.keyClicks(field(bar), "qwen")
    bar._sort.menu().actions()[1].trigger()
    bar._fits.click()
    assert bar.has_filters()
    told = []
    bar.query_changed.connect(told.append)
    bar.clear_filters()
    assert told == [HubQuery(words="qwen", sort=HubSort.LIKES)]
    assert not bar.has_filters()


def test_down_leads_to_the_list(bar: HubFilterBar, qtbot):
    with qtbot.waitSignal(bar.list_requested):
        qtbot.keyClick(field(bar), Qt.Key.Key_Down)


def test_every_control_has_a_name(bar: HubFilterBar):
    assert field(bar).accessibleName() == "Search for models"
    assert bar._size.accessibleName() == "Size: Small and large"
    assert bar._license.accessibleName() == "Licence: Any licence"
