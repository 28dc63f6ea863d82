import re
from itertools import product

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desktop.core.settings import ThemeChoice
from desktop.ui.appearance import apply_theme
from desktop.ui.resource import resource_path
from desktop.ui.theme import (
    DARK,
    LIGHT,
    Tokens,
    code_font,
    install_fonts,
    text_font,
    tokens_for,
)

GROUNDS = ("background", "panel", "card")
TEXTS = ("text", "secondary", "accent", "good", "warning", "bad")
GRAPHICS = ("weights", "context", "compute", "other")
PALETTES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(autouse=True)
def look(qapp):
    install_fonts(qapp)
    yield
    qapp.setStyleSheet("")


def luminance(color: str) -> float:
    parts = QColor(color).getRgbF()[:3]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@PALETTES
def test_every_text_is_readable_on_every_ground(tokens: Tokens):
    poor = [
        (text, ground)
        for text, ground in product(TEXTS, GROUNDS)
        if contrast(getattr(tokens, text), getattr(tokens, ground)) < 4.5
    ]
    assert poor == []


@PALETTES
def test_text_is_readable_on_tinted_grounds(tokens: Tokens):
    assert contrast(tokens.text, tokens.selection) >= 4.5
    assert contrast(tokens.secondary, tokens.selection) >= 4.5
    for ground in (tokens.accent, tokens.accent_hover, tokens.accent_pressed):
        assert contrast(tokens.on_accent, ground) >= 4.5


@PALETTES
def test_words_about_the_fit_are_readable_in_a_selected_row(tokens: Tokens):
    for role in ("good", "warning", "bad"):
        assert contrast(getattr(tokens, role), tokens.selection) >= 4.5


@PALETTES
def test_every_graphic_stands_out_from_every_ground_and_from_an_empty_bar(tokens: Tokens):
    poor = [
        (graphic, ground)
        for graphic, ground in product(GRAPHICS, (*GROUNDS, "line"))
        if contrast(getattr(tokens, graphic), getattr(tokens, ground)) < 3
    ]
    assert poor == []


@pytest.mark.parametrize(
    ("choice", "tokens"), [(ThemeChoice.LIGHT, LIGHT), (ThemeChoice.DARK, DARK)]
)
def test_widgets_know_their_palette_whatever_the_sheet_makes_of_it(
    qapp: QApplication, qtbot, choice: ThemeChoice, tokens: Tokens
):
    apply_theme(qapp, choice)
    for variant in ("primary", "icon", "danger"):
        button = QPushButton()
        button.setProperty("variant", variant)
        qtbot.addWidget(button)
        button.ensurePolished()
        assert tokens_for(button.palette()) is tokens


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_the_style_sheet_is_filled_in_whole(qapp: QApplication, choice: ThemeChoice):
    apply_theme(qapp, choice)
    assert "@" not in qapp.styleSheet()
    pictures = re.findall(r'url\("([^"]+)"\)', qapp.styleSheet())
    assert pictures
    assert all(resource_path("icons", name.rpartition("/")[2]).is_file() for name in pictures)


@pytest.mark.parametrize(("pixels", "strong"), [(12, False), (14, True), (22, False), (34, True)])
def test_numerals_all_have_the_same_width(pixels: int, strong: bool):
    font = text_font(pixels, strong=strong)
    # The family of the semi-bold file is one with the regular one.
    assert QFontInfo(font).family() == "Inter"
    assert QFontInfo(font).bold() is strong
    metrics = QFontMetricsF(font)
    widths = [metrics.horizontalAdvance(digit * 8) for digit in "0123456789"]
    assert max(widths) - min(widths) < 0.5


def test_labels_by_role_keep_the_tabular_numerals(qapp: QApplication, qtbot):
    apply_theme(qapp, ThemeChoice.LIGHT)
    for role, pixels in (("secondary", 12), ("figure", 22), ("large-figure", 34)):
        label = QLabel()
        label.setProperty("role", role)
        qtbot.addWidget(label)
        label.ensurePolished()
        metrics = QFontMetricsF(label.font())
        assert label.font().pixelSize() == pixels
        assert metrics.horizontalAdvance("1111") == pytest.approx(
            metrics.horizontalAdvance("8888"), abs=0.5
        )


def test_code_has_its_own_font():
    assert QFontInfo(code_font()).family() == "JetBrains Mono"


def test_a_focused_button_keeps_its_size(qapp: QApplication, qtbot):
    apply_theme(qapp, ThemeChoice.LIGHT)
    button = QPushButton("Send")
    qtbot.addWidget(button)
    button.show()
    before: QSize = button.sizeHint()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    assert button.sizeHint() == before
