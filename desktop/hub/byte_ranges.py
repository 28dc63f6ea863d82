"""Which bytes of a file are there."""

from collections.abc import Iterable, Iterator

Span = tuple[int, int]
"""From the first byte to the one after the last."""


class ByteRanges:
    """A set of bytes, kept as spans that neither touch nor overlap, in order."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans: list[Span] = []
        for start, stop in spans:
            self.add(start, stop)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The bytes that are there."""
        return tuple(self._spans)

    @property
    def total_bytes(self) -> int:
        """How many are there."""
        return sum(stop - start for start, stop in self._spans)

    @property
    def prefix_bytes(self) -> int:
        """How many are there from the start of the file without a gap."""
        return self._spans[0][1] if self._spans and self._spans[0][0] == 0 else 0

    def add(self, start: int, stop: int) -> None:
        """Put in all bytes of a span; those that are there already do no harm."""
        if start >= stop:
            return
        apart = [span for span in self._spans if span[1] < start or stop < span[0]]
        joined = [span for span in self._spans if not (span[1] < start or stop < span[0])]
        whole = (
            min([start, *(span[0] for span in joined)]),
            max([stop, *(span[1] for span in joined)]),
        )
        self._spans = sorted([*apart, whole])

    def gaps(self, size_bytes: int) -> Iterator[Span]:
        """Return what is missing of a file of this size, in order."""
        at = 0
        for start, stop in self._spans:
            if at < min(start, size_bytes):
                yield at, min(start, size_bytes)
            at = max(at, stop)
        if at < size_bytes:
            yield at, size_bytes
