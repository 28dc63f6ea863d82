"""Something to decide before the app goes on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers; the first goes ahead, the last leaves all as it is."""

    text: str
    answers: tuple[str, ...]
