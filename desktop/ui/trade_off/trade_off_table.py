"""What small and large models are each better at, side by side where there is room."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from desktop.ui.theme import SPACE_L, SPACE_S, SPACE_XS
from desktop.ui.widgets.hairline import Hairline

_COLUMNS_FROM_PX = 600
_ASPECT_PX = 116
_TAG_PX = 44
_LEVEL_PX = 2
"""Secondary text stands level with the text beside it."""
_SMALL, _LARGE = "Small", "Large"


@dataclass(frozen=True, slots=True)
class Contrast:
    """One aspect, and what it is like for each of the two."""

    aspect: str
    small: str
    large: str


CONTRASTS = (
    Contrast(
        "Parameters",
        "Below the 7B class: 135M to 4B, mostly.",
        "7B and more; hosted ones often far more.",
    ),
    Contrast(
        "Data and training",
        "Often taught by a larger model, on selected text.",
        "Most of the public web, on thousands of processors.",
    ),
    Contrast(
        "Capabilities",
        "Short, clear tasks. Knows few facts and is often wrong.",
        "More facts, languages and steps of reasoning. Still wrong at times.",
    ),
    Contrast(
        "Performance",
        "Answers faster than you read, on most processors.",
        "Slow on a processor; quick with a graphics card.",
    ),
    Contrast(
        "Portability",
        "0.3 to 4 GB of memory: laptops, even phones.",
        "5 to 20 GB and more: strong desktops, servers.",
    ),
    Contrast(
        "Fine-tuning",
        "Hours on one graphics card.",
        "Days on several, at many times the cost.",
    ),
    Contrast(
        "Choose it when",
        "the task is narrow, the machine modest, or speed counts.",
        "the question is open or hard, and you can wait.",
    ),
)


class TradeOffTable(QFrame):
    """The contrasts in two columns; where it is narrow, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName("Small and large models compared")
        self._head = _Row(
            _label("", "heading"),
            _cell_label("Small language model (SLM)", "strong"),
            _cell_label("Large language model (LLM)", "strong"),
        )
        self._rows = [_contrast_row(contrast) for contrast in CONTRASTS]
        layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        layout.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_S)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        self._head_line = Hairline()
        layout.addWidget(self._head_line)
        for row in self._rows:
            if row is not self._rows[0]:
                layout.addWidget(Hairline())
            layout.addWidget(row)
        self._arrange()

    def is_stacked(self) -> bool:
        """Whether there was no room for columns."""
        return self._head.isHidden()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change to columns or back."""
        super().resizeEvent(event)
        if self.is_stacked() != self._is_narrow():
            self._arrange()

    def _is_narrow(self) -> bool:
        return self.width() < _COLUMNS_FROM_PX

    def _arrange(self) -> None:
        is_narrow = self._is_narrow()
        self._head.setVisible(not is_narrow)
        self._head_line.setVisible(not is_narrow)
        for row in (self._head, *self._rows):
            row.stack(is_narrow=is_narrow)


class _Row(QWidget):
    """An aspect and its two cells, in one line or below each other."""

    def __init__(self, aspect: QLabel, small: QWidget, large: QWidget) -> None:
        super().__init__()
        self._aspect = aspect
        self._tags: list[QLabel] = []
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, SPACE_S, 0, SPACE_S)
        self._layout.addWidget(aspect, 0, Qt.AlignmentFlag.AlignTop)
        for word, cell in ((_SMALL, small), (_LARGE, large)):
            self._layout.addLayout(self._cell(word, cell), 1)

    def stack(self, *, is_narrow: bool) -> None:
        """Put the cells below the aspect, each with the word that the head would say."""
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.TopToBottom if is_narrow else direction.LeftToRight)
        self._layout.setSpacing(SPACE_XS if is_narrow else SPACE_L)
        self._aspect.setMinimumWidth(0 if is_narrow else _ASPECT_PX)
        for tag in self._tags:
            tag.setVisible(is_narrow)

    def _cell(self, word: str, cell: QWidget) -> QHBoxLayout:
        tag = _label(word, "secondary")
        tag.setFixedWidth(_TAG_PX)
        tag.setContentsMargins(0, _LEVEL_PX, 0, 0)
        self._tags.append(tag)
        line = QHBoxLayout()
        line.setSpacing(SPACE_S)
        line.addWidget(tag, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(cell, 1)
        return line


def _contrast_row(contrast: Contrast) -> _Row:
    aspect = _label(contrast.aspect, "heading")
    aspect.setContentsMargins(0, _LEVEL_PX, 0, 0)
    cells = [_cell_label(contrast.small, ""), _cell_label(contrast.large, "")]
    for word, cell in zip((_SMALL, _LARGE), cells, strict=True):
        cell.setAccessibleName(f"{contrast.aspect}, {word.lower()}: {cell.text()}")
    return _Row(aspect, *cells)


def _cell_label(text: str, role: str) -> QLabel:
    label = _label(text, role)
    label.setWordWrap(True)
    # Both columns are equally wide, whatever their words are.
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    return label


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return label
