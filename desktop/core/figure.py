"""A figure and how it came to be known, so that estimates never pass for measurements."""

from dataclasses import dataclass
from enum import Enum


class FigureKind(Enum):
    """How a figure came to be known."""

    ESTIMATED = "estimated"
    WEIGHED = "weighed"
    TEST_DRIVEN = "test-driven"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its kind; the unit is named by the field that holds the figure."""

    value: float
    kind: FigureKind
