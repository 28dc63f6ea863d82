"""The context lengths that can be chosen, four to each doubling, for a slider and a chart."""

from bisect import bisect_right
from dataclasses import dataclass

from desktop.core.memory_fit import CONTEXT_STEP_TOKENS

STEPS_PER_DOUBLING = 4
_FIRST_TOKENS = STEPS_PER_DOUBLING * CONTEXT_STEP_TOKENS


@dataclass(frozen=True, slots=True)
class ContextScale:
    """Context lengths by rising size; on the axis all of them are equally far apart.

    People double a context, so equal ways mean equal factors, and every stop is a multiple of 256.
    """

    stops: tuple[int, ...]

    @classmethod
    def between(cls, shortest_tokens: int, longest_tokens: int) -> "ContextScale":
        """Return the stops from 1,024 tokens, or what is longest if less, to the longest."""
        first = max(shortest_tokens, _FIRST_TOKENS)
        if longest_tokens <= first:
            return cls((longest_tokens,))
        stops = []
        start = _FIRST_TOKENS
        while start < longest_tokens:
            step = start // STEPS_PER_DOUBLING
            stops += [start + step * part for part in range(STEPS_PER_DOUBLING)]
            start *= 2
        return cls((*(stop for stop in stops if first <= stop < longest_tokens), longest_tokens))

    def with_stop(self, tokens: int) -> "ContextScale":
        """Return the same stops with one more, if that lies between the first and the last."""
        if not self.stops[0] < tokens < self.stops[-1]:
            return self
        return ContextScale(tuple(sorted({*self.stops, tokens})))

    def index_of(self, tokens: int) -> int:
        """Return the longest stop that is not longer than `tokens`, else the first."""
        return max(0, bisect_right(self.stops, tokens) - 1)

    def place_of(self, tokens: int) -> float:
        """Return where a length stands on the axis: 0 at its start, 1 at its end."""
        last = len(self.stops) - 1
        index = self.index_of(tokens)
        if index >= last:
            return 1.0
        low, high = self.stops[index], self.stops[index + 1]
        return (index + max(0.0, (tokens - low) / (high - low))) / last

    def ticks(self) -> tuple[int, ...]:
        """Return the doublings of the first stop, and the longest."""
        ticks = [self.stops[0]]
        while ticks[-1] * 2 < self.stops[-1]:
            ticks.append(ticks[-1] * 2)
        return (*ticks, self.stops[-1]) if len(self.stops) > 1 else (self.stops[0],)
