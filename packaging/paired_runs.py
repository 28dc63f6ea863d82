"""Comparing two things on a machine whose speed drifts: in turn, pair by pair, by their ratio."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """What a series of pairs gave.

    Attributes:
        ours: One figure a pair.
        theirs: The reference of the same pair.
    """

    ours: list[float]
    theirs: list[float]

    @property
    def ratios(self) -> list[float]:
        """Ours over theirs, pair by pair."""
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    def show(self, name: str, unit: str) -> None:
        """Print medians and the range of the ratios."""
        low, high = min(self.ratios), max(self.ratios)
        print(
            f"{name}: ratio {self.ratio:.3f} (from {low:.3f} to {high:.3f}, "
            f"{len(self.ratios)} pairs); ours {statistics.median(self.ours):.4g} {unit}, "
            f"reference {statistics.median(self.theirs):.4g} {unit}",
            flush=True,
        )


def compare(ours: Callable[[], float], theirs: Callable[[], float], pairs: int) -> Comparison:
    """Run both in turn, the first one changing from pair to pair, after one run of each."""
    ours()
    theirs()
    results = Comparison([], [])
    for number in range(pairs):
        if number % 2:
            results.theirs.append(theirs())
            results.ours.append(ours())
        else:
            results.ours.append(ours())
            results.theirs.append(theirs())
    return results


def verdict(name: str, value: float, limit: float, *, at_most: bool) -> bool:
    """Print whether a figure meets its target; returns whether it does."""
    is_met = value <= limit if at_most else value >= limit
    relation = "at most" if at_most else "at least"
    print(f"{'met' if is_met else 'MISSED'}: {name} {value:.3f}, {relation} {limit:g}", flush=True)
    return is_met
