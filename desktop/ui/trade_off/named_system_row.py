"""One system that people know by name: its class, why, and what of it can be installed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.core.catalogue import CatalogueEntry
from desktop.ui.theme import SPACE_L, SPACE_S, SPACE_XS

_BESIDE_FROM_PX = 600
_SHOW = "Show"


class NamedSystemRow(QWidget):
    """Name, class and reason at the left; at the right the buttons of what can be installed.

    Args:
        entry: The system.
        choices: What its buttons lead to: itself, or what to take instead of it.
    """

    def __init__(
        self,
        entry: CatalogueEntry,
        choices: tuple[CatalogueEntry, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{entry.name}, {entry.model_class.value}")
        self._buttons = [_button(entry, choice) for choice in choices]
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, SPACE_S, 0, SPACE_S)
        self._layout.setSpacing(SPACE_L)
        self._layout.addLayout(_words(entry), 1)
        line = QHBoxLayout()
        line.setSpacing(SPACE_S)
        if not entry.is_installable:
            line.addWidget(_label("Instead:", "secondary"))
        for button in self._buttons:
            line.addWidget(button)
        line.addStretch()
        column = QVBoxLayout()
        column.addLayout(line)
        column.addStretch()
        self._layout.addLayout(column)

    def buttons(self) -> tuple[QPushButton, ...]:
        """Return the buttons, in the order of the choices."""
        return tuple(self._buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the words where there is no room beside them."""
        super().resizeEvent(event)
        is_narrow = self.width() < _BESIDE_FROM_PX
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.TopToBottom if is_narrow else direction.LeftToRight)
        self._layout.setSpacing(SPACE_S if is_narrow else SPACE_L)


def _words(entry: CatalogueEntry) -> QVBoxLayout:
    head = QHBoxLayout()
    head.setSpacing(SPACE_S)
    head.addWidget(_label(entry.name, "strong"))
    head.addWidget(_label(entry.model_class.word, "secondary"))
    head.addStretch()
    words = QVBoxLayout()
    words.setSpacing(SPACE_XS)
    words.addLayout(head)
    for text in (entry.class_reason, "" if entry.is_installable else entry.note):
        if text:
            label = _label(text, "secondary")
            label.setWordWrap(True)
            words.addWidget(label)
    words.addStretch()
    return words


def _button(entry: CatalogueEntry, choice: CatalogueEntry) -> QPushButton:
    is_itself = choice.id == entry.id
    button = QPushButton(_SHOW if is_itself else choice.name)
    button.setProperty("variant", "small")
    button.setAutoDefault(False)
    name = f"Show {choice.name}" if is_itself else f"Show {choice.name} instead of {entry.name}"
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
