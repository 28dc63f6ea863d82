"""Rows of names and values, the values aligned to the right."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.ui.theme import SPACE_S
from desktop.ui.widgets.color_swatch import ColorSwatch
from desktop.ui.widgets.elided_label import ElidedLabel

_SWATCH, _NAME, _VALUE = range(3)


@dataclass(frozen=True, slots=True)
class Fact:
    """One row.

    Attributes:
        swatch: A colour role of `theme.Tokens` that ties the row to a bar; empty for none.
        hint: What the figure means, for the tooltip.
    """

    name: str
    value: str
    swatch: str = ""
    hint: str = ""


class FactsGrid(QWidget):
    """Facts, one below the other; rows are only rebuilt when their names change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[Fact, ...] = ()
        self._values: list[ElidedLabel] = []
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(SPACE_S)
        self._layout.setVerticalSpacing(6)
        self._layout.setColumnStretch(_VALUE, 1)

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show these facts instead of the ones before."""
        if facts == self._facts:
            return
        if _shape(facts) != _shape(self._facts):
            self._rebuild(facts)
        for label, fact in zip(self._values, facts, strict=True):
            label.setText(fact.value)
        self._facts = facts

    def value_of(self, name: str) -> str:
        """Return the value shown for a name; raises KeyError for an unknown one."""
        return {fact.name: fact.value for fact in self._facts}[name]

    def _rebuild(self, facts: tuple[Fact, ...]) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._values = []
        for row, fact in enumerate(facts):
            self._add_row(row, fact)

    def _add_row(self, row: int, fact: Fact) -> None:
        name = QLabel(fact.name)
        name.setProperty("role", "secondary")
        name.setToolTip(fact.hint)
        value = ElidedLabel()
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        name.setBuddy(value)
        if fact.swatch:
            self._layout.addWidget(ColorSwatch(fact.swatch), row, _SWATCH)
            self._layout.addWidget(name, row, _NAME)
        else:
            self._layout.addWidget(name, row, _SWATCH, 1, 2)
        self._layout.addWidget(value, row, _VALUE, Qt.AlignmentFlag.AlignRight)
        self._values.append(value)


def _shape(facts: tuple[Fact, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((fact.name, fact.swatch, fact.hint) for fact in facts)
