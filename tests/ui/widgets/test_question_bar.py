import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.ui.widgets.question_bar import QuestionBar

ANSWERS = ("Stop and load", "Load later", "Keep answering")


@pytest.fixture
def bar(qtbot) -> QuestionBar:
    window = QWidget()
    bar = QuestionBar()
    QVBoxLayout(window).addWidget(bar)
    qtbot.addWidget(window)
    window.show()
    bar.window_kept = window
    return bar


def buttons(bar: QuestionBar) -> list[QPushButton]:
    return [one for one in bar.findChildren(QPushButton) if one.isVisible()]


def test_each_answer_is_a_button_and_the_first_is_primary(bar: QuestionBar):
    bar.ask("The model is still answering.", ANSWERS)
    assert [one.text() for one in buttons(bar)] == list(ANSWERS)
    assert [one.property("variant") for one in buttons(bar)] == ["primary", "quiet", "quiet"]


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_click_answers_with_the_index(bar: QuestionBar, qtbot, index: int):
    bar.ask("Stop it?", ANSWERS)
    with qtbot.waitSignal(bar.answered) as answer:
        qtbot.mouseClick(buttons(bar)[index], Qt.MouseButton.LeftButton)
    assert answer.args == [index]
    assert not bar.isVisible()


@pytest.mark.parametrize(
    ("key", "index"), [(Qt.Key.Key_Return, 0), (Qt.Key.Key_Enter, 0), (Qt.Key.Key_Escape, 2)]
)
def test_enter_takes_the_first_answer_and_esc_the_last(bar: QuestionBar, qtbot, key, index: int):
    bar.ask("Stop it?", ANSWERS)
    qtbot.waitUntil(buttons(bar)[0].hasFocus)
    with qtbot.waitSignal(bar.answered) as answer:
        qtbot.keyClick(buttons(bar)[0], key)
    assert answer.args == [index]


def test_enter_takes_the_answer_with_the_focus(bar: QuestionBar, qtbot):
    bar.ask("Stop it?", ANSWERS)
    second = buttons(bar)[1]
    second.setFocus()
    qtbot.waitUntil(second.hasFocus)
    with qtbot.waitSignal(bar.answered) as answer:
        qtbot.keyClick(second, Qt.Key.Key_Return)
    assert answer.args == [1]


def test_a_second_question_takes_the_place_of_the_first(bar: QuestionBar, qtbot):
    bar.ask("One?", ANSWERS)
    bar.ask("Two?", ("Yes", "No"))
    assert [one.text() for one in buttons(bar)] == ["Yes", "No"]
    with qtbot.waitSignal(bar.answered) as answer:
        qtbot.mouseClick(buttons(bar)[1], Qt.MouseButton.LeftButton)
    assert answer.args == [1]


def test_a_withdrawn_question_gives_no_answer(bar: QuestionBar, qtbot):
    bar.ask("Stop it?", ANSWERS)
    with qtbot.assertNotEmitted(bar.answered):
        bar.withdraw()
    assert not bar.isVisible()


def test_where_it_is_narrow_the_answers_stand_below_the_question(qtbot) -> None:
    bar = QuestionBar()
    qtbot.addWidget(bar)
    bar.ask("An answer is being written. Stop it and switch?", ("Stop and switch", "Keep it"))
    label, buttons = bar.findChild(QLabel), bar.findChildren(QPushButton)
    bar.resize(700, 120)
    qtbot.waitUntil(lambda: buttons[0].x() > label.x() + label.width())
    bar.resize(340, 160)
    qtbot.waitUntil(lambda: buttons[0].y() >= label.y() + label.height())
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
