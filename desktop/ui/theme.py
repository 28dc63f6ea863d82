"""Colours, sizes and style: two palettes and one sheet of rules for every widget."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
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


class ThemeChoice(Enum):
    """What the user wants; SYSTEM follows the desktop's own setting."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


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
    weights="#0F6E6E", context="#A4561F", compute="#6B4FA0", other="#8A857C",
    good="#1D7A3E", warning="#9A5B00", bad="#B3261E",
)  # fmt: skip
DARK = Tokens(
    background="#17191C", panel="#1E2125", card="#24282D", line="#363B42",
    text="#E7E9EC", secondary="#A3A9B2",
    accent="#4FC3BE", on_accent="#0B1F1E", selection="#21383A",
    weights="#4FC3BE", context="#E69A5C", compute="#B39DDB", other="#6B7178",
    good="#6BCB8B", warning="#F0B65A", bad="#FF8A80",
)  # fmt: skip


def tokens_for(palette: QPalette) -> Tokens:
    """Return the tokens that belong to a widget's palette, light or dark."""
    is_dark = palette.color(QPalette.ColorRole.Window).lightnessF() < 0.5
    return DARK if is_dark else LIGHT


def apply_theme(application: QApplication, choice: ThemeChoice) -> None:
    """Give the application the palette and style sheet of `choice`."""
    tokens = _tokens_of_choice(choice)
    application.setPalette(_palette(tokens))
    application.setStyleSheet(_style_sheet(tokens))


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
    return font


def _tokens_of_choice(choice: ThemeChoice) -> Tokens:
    if choice is ThemeChoice.SYSTEM:
        # Unknown, as on desktops without the setting, means light.
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme is Qt.ColorScheme.Dark else LIGHT
    return DARK if choice is ThemeChoice.DARK else LIGHT


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colors = {
        role.Window: tokens.background,
        role.WindowText: tokens.text,
        role.Base: tokens.card,
        role.AlternateBase: tokens.panel,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.secondary,
        role.Button: tokens.card,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_accent,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.card,
        role.ToolTipText: tokens.text,
        role.Light: tokens.card,
        role.Midlight: tokens.line,
        role.Mid: tokens.line,
        role.Dark: tokens.secondary,
        role.Shadow: tokens.line,
    }
    palette = QPalette()
    for which, color in colors.items():
        palette.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.secondary))
    return palette


def _style_sheet(tokens: Tokens) -> str:
    sheet = resource_path("style", "heft.qss").read_text(encoding="utf-8")
    for name in Tokens.__dataclass_fields__:
        sheet = sheet.replace(f"@{name};", f"{getattr(tokens, name)};")
        sheet = sheet.replace(f"@{name} ", f"{getattr(tokens, name)} ")
    return sheet
