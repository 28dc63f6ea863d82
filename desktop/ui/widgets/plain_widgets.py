"""Labels, buttons and scroll areas as the style sheet expects them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget


def words_label(role: str, text: str = "", *, can_be_selected: bool = False) -> QLabel:
    """Return a label for sentences: they break into lines, and nothing in them is markup."""
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if can_be_selected:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def styled_button(text: str, variant: str) -> QPushButton:
    """Return a button of a variant of the style sheet, such as ``quiet``."""
    button = QPushButton(text)
    button.setProperty("variant", variant)
    button.setAutoDefault(False)
    return button


def tall_area(content: QWidget) -> QScrollArea:
    """Return an area that scrolls up and down only, and shows the ground it lies on."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(content)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    content.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area
