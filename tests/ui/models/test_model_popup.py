import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QPushButton, QWidget

from desktop.ui.models.model_popup import ModelPopup
from desktop.ui.theme import tokens_for


@pytest.fixture
def anchor(qtbot) -> QWidget:
    anchor = QWidget()
    qtbot.addWidget(anchor)
    anchor.resize(430, 36)
    anchor.show()
    return anchor


@pytest.fixture
def popup(anchor: QWidget, entries, starter) -> ModelPopup:
    popup = ModelPopup(anchor)
    popup.show_models(entries, starter.model.path)
    popup.open_below(anchor)
    return popup


def search(popup: ModelPopup) -> QLineEdit:
    return popup.findChild(QLineEdit)


def selected(popup: ModelPopup) -> str:
    return popup.findChild(QListView).currentIndex().data()


def test_it_opens_at_the_model_in_use(popup: ModelPopup, anchor, entries, middle):
    assert selected(popup) == "SmolLM2 135M Instruct"
    popup.show_models(entries, middle.model.path)
    popup.open_below(anchor)
    assert selected(popup) == "Qwen3 4B"


def test_arrows_walk_over_headings_and_stop_at_the_ends(popup: ModelPopup, qtbot):
    walked = [selected(popup)]
    for _ in range(3):
        qtbot.keyClick(search(popup), Qt.Key.Key_Down)
        walked.append(selected(popup))
    assert walked == ["SmolLM2 135M Instruct", "Qwen3 4B", "Llama 3.3 70B", "Llama 3.3 70B"]
    qtbot.keyClick(search(popup), Qt.Key.Key_PageUp)
    assert selected(popup) == "SmolLM2 135M Instruct"


def test_below_the_last_model_is_the_way_to_more(popup: ModelPopup, qtbot):
    popup.activateWindow()
    qtbot.waitUntil(popup.isActiveWindow)
    more = next(b for b in popup.findChildren(QPushButton) if b.text() == "Get more models")
    for _ in range(2):
        qtbot.keyClick(search(popup), Qt.Key.Key_Down)
    assert not more.hasFocus()
    qtbot.keyClick(search(popup), Qt.Key.Key_Down)
    assert more.hasFocus()
    qtbot.keyClick(more, Qt.Key.Key_Up)
    assert search(popup).hasFocus()
    with qtbot.waitSignal(popup.more_requested):
        qtbot.keyClick(more, Qt.Key.Key_Return)


def test_typing_filters_and_enter_takes_the_model(popup: ModelPopup, qtbot, middle):
    qtbot.keyClicks(search(popup), "qwen")
    assert selected(popup) == "Qwen3 4B"
    with qtbot.waitSignal(popup.model_chosen) as chosen:
        qtbot.keyClick(search(popup), Qt.Key.Key_Return)
    assert chosen.args == [middle.model.path]
    assert not popup.isVisible()


def test_a_search_without_a_match_says_so_and_enter_does_nothing(popup: ModelPopup, qtbot):
    qtbot.keyClicks(search(popup), "zzz")
    words = [label.text() for label in popup.findChildren(QLabel) if label.isVisible()]
    assert any("zzz" in text for text in words)
    with qtbot.assertNotEmitted(popup.model_chosen):
        qtbot.keyClick(search(popup), Qt.Key.Key_Return)


def test_without_a_model_it_says_how_to_get_one(popup: ModelPopup):
    popup.show_models((), None)
    words = [label.text() for label in popup.findChildren(QLabel) if label.isVisible()]
    assert any("Get one, or add a model file" in text for text in words)


def test_a_click_takes_the_model(popup: ModelPopup, qtbot, middle):
    view = popup.findChild(QListView)
    with qtbot.waitSignal(popup.model_chosen) as chosen:
        rect = view.visualRect(view.model().index(2, 0))
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert chosen.args == [middle.model.path]


def test_a_click_on_a_file_that_cannot_be_used_does_nothing(popup: ModelPopup, qtbot):
    qtbot.keyClicks(search(popup), "page")
    view = popup.findChild(QListView)
    with qtbot.assertNotEmitted(popup.model_chosen):
        rect = view.visualRect(view.model().index(1, 0))
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert popup.isVisible()


def test_esc_leaves(popup: ModelPopup, qtbot):
    qtbot.keyClick(search(popup), Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_new_models_keep_the_search_and_the_row(popup: ModelPopup, qtbot, entries, middle):
    qtbot.keyClick(search(popup), Qt.Key.Key_Down)
    popup.show_models(entries[1:], None)
    assert selected(popup) == "Qwen3 4B"
    qtbot.keyClicks(search(popup), "qwen")
    popup.show_models(entries, None)
    assert popup.findChild(QListView).model().rowCount() == 2


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Get more models", "more_requested"),
        ("Add a model file…", "add_requested"),
        ("Open the model folder", "folder_requested"),
    ],
)
def test_the_ways_to_more_models_close_it(popup: ModelPopup, qtbot, text: str, signal: str):
    button = next(one for one in popup.findChildren(QPushButton) if one.text() == text)
    with qtbot.waitSignal(getattr(popup, signal)):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not popup.isVisible()


def test_the_fit_has_the_color_of_its_word(popup: ModelPopup, qtbot):
    view = popup.findChild(QListView)
    tokens = tokens_for(view.palette())

    def painted(color: str) -> bool:
        image = view.viewport().grab(QRect(view.viewport().width() - 150, 0, 150, 90)).toImage()
        pixels = (
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
        )
        return color.lower() in pixels

    qtbot.keyClicks(search(popup), "smollm2")
    assert painted(tokens.good)
    assert not painted(tokens.bad)
    search(popup).setText("llama")
    assert painted(tokens.bad)


def test_it_stays_within_the_screen(popup: ModelPopup, anchor: QWidget):
    screen = anchor.screen().availableGeometry()
    anchor.move(screen.right() - 100, screen.bottom() - 200)
    popup.open_below(anchor)
    assert screen.contains(popup.geometry())
