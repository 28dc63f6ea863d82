from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea

from desktop.core.catalogue import NAMED_SYSTEMS, CatalogueEntry
from desktop.core.settings import ThemeChoice
from desktop.storage.catalogue_file import load_catalogue
from desktop.ui.appearance import apply_theme
from desktop.ui.theme import install_fonts
from desktop.ui.trade_off.trade_off_page import TradeOffPage
from desktop.ui.trade_off.trade_off_table import CONTRASTS, TradeOffTable

CATALOGUE = Path(__file__).resolve().parents[3] / "resources" / "catalogue.json"


@pytest.fixture(autouse=True)
def look(qapp):
    install_fonts(qapp)
    apply_theme(qapp, ThemeChoice.LIGHT)
    yield
    qapp.setStyleSheet("")


@pytest.fixture
def catalogue() -> tuple[CatalogueEntry, ...]:
    return load_catalogue(CATALOGUE)


@pytest.fixture
def page(qtbot, catalogue) -> TradeOffPage:
    page = TradeOffPage()
    qtbot.addWidget(page)
    page.show_catalogue(catalogue)
    page.resize(1000, 700)
    with qtbot.waitExposed(page):
        page.show()
    return page


def words(page: TradeOffPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def buttons(page: TradeOffPage) -> list[QPushButton]:
    return [button for button in page.findChildren(QPushButton) if button.isVisible()]


def names(page: TradeOffPage) -> list[str]:
    return [button.accessibleName() for button in buttons(page)]


def button(page: TradeOffPage, name: str) -> QPushButton:
    return next(one for one in buttons(page) if one.accessibleName() == name)


def table(page: TradeOffPage) -> TradeOffTable:
    return page.findChild(TradeOffTable)


def chosen_by(qtbot, page: TradeOffPage, name: str) -> str:
    with qtbot.waitSignal(page.entry_chosen) as chosen:
        qtbot.mouseClick(button(page, name), Qt.MouseButton.LeftButton)
    return chosen.args[0]


def test_every_aspect_is_told_for_small_and_for_large(page: TradeOffPage):
    assert {contrast.aspect for contrast in CONTRASTS} >= {
        "Data and training",
        "Parameters",
        "Capabilities",
        "Performance",
        "Portability",
        "Fine-tuning",
        "Choose it when",
    }
    for contrast in CONTRASTS:
        assert {contrast.aspect, contrast.small, contrast.large} <= set(words(page))


def test_the_terms_are_explained_once(page: TradeOffPage):
    assert "Small language model (SLM)" in words(page)
    assert "Large language model (LLM)" in words(page)


def test_the_comparison_fits_one_screen(page: TradeOffPage):
    bottom = table(page).mapTo(page, QPoint(0, table(page).height())).y()
    assert bottom < 500


def test_columns_stand_side_by_side_and_stack_where_it_is_narrow(qtbot, page: TradeOffPage):
    assert not table(page).is_stacked()
    page.resize(640, 480)
    qtbot.waitUntil(table(page).is_stacked)
    assert words(page).count("Small") >= len(CONTRASTS)
    assert "Small language model (SLM)" not in words(page)
    page.resize(1000, 700)
    qtbot.waitUntil(lambda: not table(page).is_stacked())
    assert "Small language model (SLM)" in words(page)


@pytest.mark.parametrize("width", [400, 640, 768, 1000, 1280])
def test_no_word_is_cut_at_any_width(qtbot, page: TradeOffPage, width: int):
    page.resize(width, 600)
    area = page.findChild(QScrollArea)
    qtbot.waitUntil(lambda: area.widget().width() == area.viewport().width())
    for label in page.findChildren(QLabel):
        if label.isVisible() and label.text():
            needed = label.heightForWidth(label.width())
            assert label.height() >= needed, label.text()
            if not label.wordWrap():
                assert label.width() >= label.sizeHint().width(), label.text()
    for one in buttons(page):
        assert one.width() >= one.sizeHint().width(), one.text()


def test_the_named_systems_are_listed_with_class_and_reason(page: TradeOffPage, catalogue):
    shown = words(page)
    for entry in catalogue:
        if entry.id in NAMED_SYSTEMS:
            assert {entry.name, entry.model_class.word, entry.class_reason} <= set(shown)
            assert entry.is_installable or entry.note in shown


def test_a_system_that_can_be_installed_is_chosen(qtbot, page: TradeOffPage):
    assert chosen_by(qtbot, page, "Show Orca 2 7B") == "orca-2-7b"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Show gpt-oss 20B instead of GPT-4", "gpt-oss-20b"),
        ("Show Phi-4-mini instead of Microsoft Copilot", "phi-4-mini"),
        ("Show Pythia 1.4B instead of GPT-Neo 2.7B", "pythia-1.4b"),
    ],
)
def test_one_that_cannot_leads_to_the_nearest_that_can(
    qtbot, page: TradeOffPage, name: str, expected: str
):
    assert chosen_by(qtbot, page, name) == expected


def test_the_keyboard_reaches_every_button_and_brings_it_into_view(qtbot, page: TradeOffPage):
    buttons(page)[0].setFocus()
    for one in buttons(page):
        assert one.hasFocus()
        assert page.rect().contains(one.mapTo(page, QPoint(0, one.height())))
        qtbot.keyClick(one, Qt.Key.Key_Tab)
    with qtbot.waitSignal(page.entry_chosen):
        qtbot.keyClick(buttons(page)[-1], Qt.Key.Key_Space)


def test_the_keyboard_gets_back_to_the_top(qtbot, page: TradeOffPage):
    bar = page.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    buttons(page)[-1].setFocus()
    qtbot.keyClick(buttons(page)[-1], Qt.Key.Key_PageUp)
    assert bar.value() < bar.maximum()


def test_a_new_catalogue_takes_the_place_of_the_old_one(qtbot, page: TradeOffPage, catalogue):
    page.show_catalogue(tuple(entry for entry in catalogue if entry.id == "llama-3-8b"))
    qtbot.waitUntil(lambda: names(page) == ["Show Llama 3 8B"])
    assert chosen_by(qtbot, page, "Show Llama 3 8B") == "llama-3-8b"


def test_without_a_catalogue_the_comparison_still_stands(page: TradeOffPage):
    page.show_catalogue(())
    assert buttons(page) == []
    assert CONTRASTS[0].small in words(page)
    assert "NAMES YOU MAY KNOW" not in words(page)


@pytest.mark.parametrize("width", [400, 640, 768, 1280])
def test_no_words_lie_on_others(qtbot, page: TradeOffPage, width: int):
    page.resize(width, 600)
    area = page.findChild(QScrollArea)
    qtbot.waitUntil(lambda: area.widget().width() == area.viewport().width())
    labels = [label for label in page.findChildren(QLabel) if label.isVisible() and label.text()]
    places = [QRect(label.mapTo(page, QPoint()), label.size()) for label in labels]
    for first, second in combinations(range(len(labels)), 2):
        is_apart = not places[first].intersects(places[second])
        assert is_apart, (labels[first].text(), labels[second].text())
