"""What a model weighs at every context length, and how fast it was on a test drive."""

from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from desktop.core.figure import FigureKind
from desktop.core.hub_model import HubFile
from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import (
    CONTEXT_STEP_TOKENS,
    F16_BYTES,
    MINIMUM_CONTEXT_TOKENS,
    MemoryBreakdown,
    estimate_memory,
    estimate_overhead_bytes,
)

SHORTEST_CONTEXT_TOKENS = 512
LONGEST_CONTEXT_TOKENS = 262_144
"""Longer contexts, which few models allow, are not weighed."""
_LENGTHS_FACTOR = 4
_Q8_0_BYTES = 34 / 32
"""32 values of one byte share a scale of two."""

CPU_NAME = "CPU"
"""What llama.cpp calls the processor."""


class KvType(Enum):
    """How keys and values of the context are packed; the names are ggml's."""

    F16 = "f16"
    Q8_0 = "q8_0"

    @property
    def share(self) -> float:
        """Size of a value, as a share of one in 16 bits."""
        return 1.0 if self is KvType.F16 else _Q8_0_BYTES / F16_BYTES


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model to be weighed: a file of this machine, or one of the Hub; exactly one is given."""

    path: str = ""
    file: HubFile | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.file_name if self.file is not None else Path(self.path).name


@dataclass(frozen=True, slots=True)
class DeviceMemory:
    """What lies on one device."""

    device: str
    memory: MemoryBreakdown


@dataclass(frozen=True, slots=True)
class WeighedPoint:
    """Memory at one context length, device by device."""

    context_tokens: int
    devices: tuple[DeviceMemory, ...]

    @property
    def memory(self) -> MemoryBreakdown:
        """The sum over all devices."""
        parts = [device.memory for device in self.devices]
        return MemoryBreakdown(
            sum(part.weights_bytes for part in parts),
            sum(part.context_bytes for part in parts),
            sum(part.compute_bytes for part in parts),
        )


@dataclass(frozen=True, slots=True)
class Weighing:
    """The memory of a model over the length of its context.

    Attributes:
        points: At least one, by rising context length; between two of them memory is linear.
        overhead_bytes: The engine process itself and the tables of the vocabulary.
        kind: WEIGHED by llama.cpp's dry run, or ESTIMATED by the closed formula.
        header_bytes_fetched: Over the network; 0 for a file of this machine.
        requests: Over the network.
    """

    facts: ModelFacts
    kv_type: KvType
    points: tuple[WeighedPoint, ...]
    overhead_bytes: int
    kind: FigureKind
    header_bytes_fetched: int = 0
    requests: int = 0

    def memory_at(self, context_tokens: int) -> MemoryBreakdown:
        """Return the memory at a context length, by the points on both sides of it."""
        lengths = [point.context_tokens for point in self.points]
        above = min(max(bisect_left(lengths, context_tokens), 1), len(lengths) - 1)
        if len(lengths) == 1:
            return self.points[0].memory
        low, high = self.points[above - 1], self.points[above]
        share = (context_tokens - low.context_tokens) / (high.context_tokens - low.context_tokens)
        before, after = low.memory, high.memory
        return MemoryBreakdown(
            weights_bytes=before.weights_bytes,
            context_bytes=_between(before.context_bytes, after.context_bytes, share),
            compute_bytes=_between(before.compute_bytes, after.compute_bytes, share),
        )

    def total_bytes_at(self, context_tokens: int) -> int:
        """Return the resident memory of the engine at a context length."""
        return self.memory_at(context_tokens).total_bytes + self.overhead_bytes

    def largest_context(self, available_bytes: int) -> int:
        """Return the largest context that fits, in tokens; 0 if not even the shortest does."""
        shortest = self.points[0].context_tokens
        if self.total_bytes_at(shortest) > available_bytes:
            return 0
        low, high = shortest, self.points[-1].context_tokens
        if self.total_bytes_at(high) <= available_bytes:
            return high
        while high - low > CONTEXT_STEP_TOKENS:
            middle = (low + high) // 2
            if self.total_bytes_at(middle) <= available_bytes:
                low = middle
            else:
                high = middle
        return max(shortest, low - low % CONTEXT_STEP_TOKENS)


@dataclass(frozen=True, slots=True)
class DepthSpeed:
    """Decode speed with so many tokens in the context."""

    depth_tokens: int
    tokens_per_s: float


@dataclass(frozen=True, slots=True)
class TestDrive:
    """What a weightless twin of a model reached on this machine.

    Attributes:
        prompt_tokens_per_s: Processing a prompt.
        decode: Decode speed at two depths, the shallow one first.
        resident_bytes: Peak resident memory of the process, weights included.
        context_tokens: Size of the context it ran with.
        twin_disk_bytes: What the twin took on disk before it was deleted.
        elapsed_s: How long it took, the load included.
        unknowns: What it cannot know, in sentences.
    """

    __test__ = False  # not a test, whatever its name says

    prompt_tokens_per_s: float
    decode: tuple[DepthSpeed, ...]
    resident_bytes: int
    context_tokens: int
    threads: int
    device: str
    twin_disk_bytes: int
    elapsed_s: float
    unknowns: tuple[str, ...] = ()


def drive_key(source: ModelSource) -> str:
    """Name a model for what is remembered of it: by its SHA-256, a local one by its path."""
    return source.file.parts[0].sha256 if source.file is not None else source.path


def context_lengths(facts: ModelFacts) -> tuple[int, ...]:
    """Choose the context lengths to weigh a model at: from short to the longest that it allows."""
    limit = min(facts.context_limit_tokens or MINIMUM_CONTEXT_TOKENS, LONGEST_CONTEXT_TOKENS)
    if limit > CONTEXT_STEP_TOKENS:
        limit -= limit % CONTEXT_STEP_TOKENS
    lengths = []
    length = SHORTEST_CONTEXT_TOKENS
    while length < limit:
        lengths.append(length)
        length *= _LENGTHS_FACTOR
    return (*lengths, limit)


def estimate_weighing(facts: ModelFacts, kv_type: KvType) -> Weighing:
    """Weigh a model by the closed formula, which takes no time."""
    points = tuple(
        WeighedPoint(
            tokens, (DeviceMemory(CPU_NAME, estimate_memory(facts, tokens, kv_type.share)),)
        )
        for tokens in context_lengths(facts)
    )
    overhead_bytes = estimate_overhead_bytes(facts)
    return Weighing(facts, kv_type, points, overhead_bytes, FigureKind.ESTIMATED)


def _between(low: int, high: int, share: float) -> int:
    return round(low + (high - low) * share)
