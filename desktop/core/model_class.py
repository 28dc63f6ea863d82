"""Small and large language models: which is which, and why."""

from dataclasses import dataclass
from enum import Enum

SMALL_BELOW_PARAMETERS = 7_000_000_000
"""Common usage: what runs on a laptop or a phone; makers who call a model small are followed."""


class ModelClass(Enum):
    """The class of a model; the value is the term in full."""

    SMALL = "small language model"
    LARGE = "large language model"


@dataclass(frozen=True, slots=True)
class ClassVerdict:
    """A class and the reason for it, in one sentence."""

    model_class: ModelClass
    reason: str
