"""Gives the application its palette and style sheet, light or dark."""

import re
from dataclasses import asdict

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desktop.core.settings import ThemeChoice
from desktop.ui.resource import resource_path
from desktop.ui.theme import DARK, LIGHT, Tokens


def apply_theme(application: QApplication, choice: ThemeChoice) -> None:
    """Give the application the palette and style sheet of `choice`."""
    tokens = _tokens_of_choice(choice)
    application.setPalette(_palette(tokens))
    application.setStyleSheet(_style_sheet(tokens))


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
    """Fill in the sheet: `@name` is a colour of the tokens or `tick`; others are an error."""
    tick = resource_path("icons", "tick-dark.svg" if tokens is DARK else "tick-light.svg")
    values = {**asdict(tokens), "tick": tick.as_posix()}
    sheet = resource_path("style", "heft.qss").read_text(encoding="utf-8")
    return re.sub(r"@(\w+)", lambda match: values[match[1]], sheet)
