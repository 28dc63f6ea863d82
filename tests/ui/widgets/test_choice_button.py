import pytest
from PySide6.QtGui import QColor

from desktop.ui.theme import tokens_for
from desktop.ui.widgets.choice_button import ChoiceButton


@pytest.fixture
def button(qtbot) -> ChoiceButton:
    button = ChoiceButton("Order", ("newest", "most downloaded"))
    qtbot.addWidget(button)
    button.show()
    return button


def test_it_says_what_is_chosen_and_what_for(button: ChoiceButton):
    assert button.text() == "newest"
    assert button.accessibleName() == "Order: newest"
    assert button.toolTip() == "Order"


def test_a_word_of_the_menu_is_chosen(button: ChoiceButton, qtbot):
    with qtbot.waitSignal(button.chosen) as chosen:
        button.menu().actions()[1].trigger()
    assert chosen.args == [1]
    assert button.text() == "most downloaded"
    with qtbot.assertNotEmitted(button.chosen):
        button.menu().actions()[1].trigger()


def test_its_width_does_not_change_with_the_choice(button: ChoiceButton):
    before = button.sizeHint().width()
    button.choose(1)
    assert button.sizeHint().width() == before


def test_the_word_is_drawn(button: ChoiceButton):
    image = button.grab().toImage()
    text = QColor(tokens_for(button.palette()).text).lightness()
    left = [
        image.pixelColor(x, y).lightness()
        for x in range(8, button.width() // 2)
        for y in range(4, button.height() - 4)
    ]
    assert min(left) <= text + 60
