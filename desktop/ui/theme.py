"""Colours, sizes and fonts; `appearance` makes the palette and the style sheet of them."""

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from desktop.ui.resource import resource_path

SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL, SPACE_XXL = 4, 8, 12, 16, 24, 32
RADIUS_CONTROL, RADIUS_BOX, RADIUS_COMPOSER = 8, 12, 14
TEXT_PX, SECONDARY_PX, FIGURE_PX, LARGE_FIGURE_PX, CODE_PX = 14, 12, 22, 34, 13
ICON_PX = 18

_FONT_FILES = (
    "Inter-Regular.otf",
    "Inter-SemiBold.otf",
    "JetBrainsMono-Regular.ttf",
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one palette, by role."""

    background: str
    panel: str
    card: str
    line: str
    text: str
    secondary: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_pressed: str
    selection: str
    weights: str
    context: str
    compute: str
    other: str
    good: str
    warning: str
    bad: str


LIGHT = Tokens(
    background="#FAF9F7", panel="#F1EFEB", card="#FFFFFF", line="#DEDAD3",
    text="#1F2328", secondary="#5C6169",
    accent="#0F6E6E", on_accent="#FFFFFF", selection="#E2EEED",
    accent_hover="#0B5C5C", accent_pressed="#084B4B",
    weights="#0F6E6E", context="#A4561F", compute="#6B4FA0", other="#7E7971",
    good="#1D7A3E", warning="#9A5B00", bad="#B3261E",
)  # fmt: skip
DARK = Tokens(
    background="#17191C", panel="#1E2125", card="#24282D", line="#363B42",
    text="#E7E9EC", secondary="#A3A9B2",
    accent="#4FC3BE", on_accent="#0B1F1E", selection="#21383A",
    accent_hover="#6BD0CB", accent_pressed="#3FAEA9",
    weights="#4FC3BE", context="#E69A5C", compute="#B39DDB", other="#80868E",
    good="#6BCB8B", warning="#F0B65A", bad="#FF8A80",
)  # fmt: skip


def tokens_for(palette: QPalette) -> Tokens:
    """Return the tokens that belong to a widget's palette, light or dark."""
    # The style sheet changes grounds and texts in the palettes of single widgets, lines never.
    is_dark = palette.color(QPalette.ColorRole.Mid).lightnessF() < 0.5
    return DARK if is_dark else LIGHT


def install_fonts(application: QApplication) -> None:
    """Make the bundled fonts known and set the application's font, with tabular numerals."""
    for name in _FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource_path("fonts", name)))
    application.setFont(text_font())


def text_font(pixels: int = TEXT_PX, *, strong: bool = False) -> QFont:
    """Return the text font; numerals keep their width, so that live figures do not jump."""
    font = QFont("Inter")
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def code_font(pixels: int = CODE_PX) -> QFont:
    """Return the font for code."""
    font = QFont("JetBrains Mono")
    font.setPixelSize(pixels)
    font.setStyleHint(QFont.StyleHint.Monospace)
    # Code is shown as it is copied: no ligature turns != into another sign.
    for feature in ("calt", "liga"):
        font.setFeature(QFont.Tag(feature), 0)
    return font
