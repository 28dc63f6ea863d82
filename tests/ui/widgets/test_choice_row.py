import pytest
from PySide6.QtCore import Qt

from desktop.ui.widgets.choice_row import ChoiceLook, ChoiceRow


@pytest.fixture
def row(qtbot) -> ChoiceRow:
    row = ChoiceRow("Size", ("one", "two", "three"), ChoiceLook.TABS)
    qtbot.addWidget(row)
    row.show()
    return row


def test_one_word_is_chosen_from_the_start(row: ChoiceRow):
    assert row.index == 0
    assert [row.button(index).isChecked() for index in range(3)] == [True, False, False]


def test_a_press_chooses_another_and_the_same_again_tells_nothing(row: ChoiceRow, qtbot):
    with qtbot.waitSignal(row.chosen) as chosen:
        row.button(2).click()
    assert chosen.args == [2]
    with qtbot.assertNotEmitted(row.chosen):
        row.button(2).click()
    assert row.button(2).isChecked()


def test_arrows_choose_and_take_the_focus_along(row: ChoiceRow, qtbot):
    row.button(0).setFocus()
    with qtbot.waitSignal(row.chosen) as chosen:
        qtbot.keyClick(row.button(0), Qt.Key.Key_Right)
    assert chosen.args == [1]
    assert row.button(1).hasFocus()
    qtbot.keyClick(row.button(1), Qt.Key.Key_Left)
    qtbot.keyClick(row.button(0), Qt.Key.Key_Left)
    assert row.index == 2


def test_tab_reaches_the_chosen_word_only(row: ChoiceRow):
    row.choose(1)
    tabbing = [bool(row.button(i).focusPolicy() & Qt.FocusPolicy.TabFocus) for i in range(3)]
    assert tabbing == [False, True, False]


def test_choosing_from_outside_tells_nothing(row: ChoiceRow, qtbot):
    with qtbot.assertNotEmitted(row.chosen):
        row.choose(2)
    assert row.index == 2


def test_a_word_can_change(row: ChoiceRow):
    row.set_word(1, "two (3)")
    assert row.words() == ("one", "two (3)", "three")
    assert row.button(1).accessibleName() == "two (3)"
