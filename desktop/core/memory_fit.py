"""How much memory a model takes, and whether it fits this machine."""

from dataclasses import dataclass
from enum import Enum

from desktop.core.local_model import ModelFacts

F16_BYTES = 2
F32_BYTES = 4
MINIMUM_CONTEXT_TOKENS = 4096
CONTEXT_STEP_TOKENS = 256
RUNTIME_BYTES = 52 * 1024**2
"""The engine process before a model is loaded: Python and the llama.cpp libraries."""
MICRO_BATCH_TOKENS = 512
MINIMUM_BATCH_TOKENS = 32
CPU_NODE_OPERATIONS = 4e9
"""Work between two looks at a wish to stop: 0.06 s at 70 GFLOP/s, as two cores reach."""
VOCABULARY_ENTRY_BYTES = 260
"""What llama.cpp keeps of one vocabulary entry: text, score, attributes and two hash maps, 160
bytes; 350 where there is a merge of byte pairs for each."""


@dataclass(frozen=True, slots=True)
class MemoryBreakdown:
    """What a loaded model consists of, in bytes.

    Attributes:
        weights_bytes: The tensors of the file, wherever they lie.
        context_bytes: The KV cache and recurrent state for the whole context.
        compute_bytes: Scratch space for one batch, and its outputs.
    """

    weights_bytes: int
    context_bytes: int
    compute_bytes: int

    @property
    def total_bytes(self) -> int:
        """The sum of the three parts."""
        return self.weights_bytes + self.context_bytes + self.compute_bytes


class Fit(Enum):
    """Whether a model fits the memory that is available; the value is what the user reads."""

    EASY = "Fits easily"
    TIGHT = "Tight"
    SWAP = "Needs swap: very slow"
    NO = "Does not fit"

    @property
    def is_heavy(self) -> bool:
        """Whether loading would push the machine into swap or fail."""
        return self in {Fit.SWAP, Fit.NO}


def batch_tokens(facts: ModelFacts) -> int:
    """Return how many tokens a CPU processes at once: few enough for a quick stop in between."""
    widest = facts.embedding_length * max(facts.feed_forward_length, facts.embedding_length, 1)
    affordable = int(CPU_NODE_OPERATIONS / (2 * widest)) if widest else MICRO_BATCH_TOKENS
    power = 1 << max(affordable, 1).bit_length() - 1
    return max(MINIMUM_BATCH_TOKENS, min(MICRO_BATCH_TOKENS, power))


def estimate_memory(
    facts: ModelFacts, context_tokens: int, kv_share: float = 1.0
) -> MemoryBreakdown:
    """Estimate what the engine will allocate for a model, before it is loaded.

    Weights are the tensor data of the file. The context is a row of keys and values a token, and
    the state of recurrent layers. Layers with a sliding window keep the whole context as well: the
    engine asks for that, to answer again without reading the conversation again. Compute is one
    batch of activations in 32-bit floats (four of the width, three of the feed-forward width), its
    attention masks in 16 bits, and one row of logits, as the engine asks for one output only.

    Args:
        facts: Of the model.
        context_tokens: Size of the context.
        kv_share: Size of packed keys and values, as a share of their size in 16 bits.
    """
    batch = min(batch_tokens(facts), context_tokens)
    row = 4 * facts.embedding_length + 3 * (facts.feed_forward_length or facts.embedding_length)
    masks = 2 if facts.window_tokens else 1
    compute_bytes = F32_BYTES * (batch * row + facts.vocabulary_tokens)
    if facts.kv_bytes_per_token:
        compute_bytes += F16_BYTES * batch * context_tokens * masks
    cache_bytes = round(facts.kv_bytes_per_token * context_tokens * kv_share)
    return MemoryBreakdown(
        weights_bytes=facts.weights_bytes,
        context_bytes=cache_bytes + facts.state_bytes,
        compute_bytes=compute_bytes,
    )


def estimate_overhead_bytes(facts: ModelFacts) -> int:
    """Estimate what the engine process takes beside the model: itself and the vocabulary."""
    return RUNTIME_BYTES + VOCABULARY_ENTRY_BYTES * facts.vocabulary_tokens


def estimate_resident_bytes(facts: ModelFacts, context_tokens: int) -> int:
    """Estimate the resident memory of the engine process with the model loaded, in bytes."""
    return estimate_memory(facts, context_tokens).total_bytes + estimate_overhead_bytes(facts)


def judge_fit(needed_bytes: int, available_bytes: int, total_bytes: int) -> Fit:
    """Compare a need with the memory that would be available to it.

    Args:
        needed_bytes: Resident memory of the engine with the model.
        available_bytes: Available now, plus what the loaded model will give back.
        total_bytes: Installed memory.
    """
    reserve_bytes = max(1024**3, total_bytes // 12)
    if needed_bytes + reserve_bytes <= available_bytes:
        return Fit.EASY
    if needed_bytes <= available_bytes:
        return Fit.TIGHT
    return Fit.SWAP if needed_bytes <= total_bytes else Fit.NO


def verdict(needed_bytes: int, available_bytes: int, total_bytes: int) -> str:
    """Say whether a model fits, in words; the arguments are those of `judge_fit`.

    >>> verdict(1_300_000_000, 9_800_000_000, 16_000_000_000)
    'Fits easily (1.3 of 9.8 GB)'
    """
    fit = judge_fit(needed_bytes, available_bytes, total_bytes)
    return f"{fit.value} ({needed_bytes / 1e9:.1f} of {available_bytes / 1e9:.1f} GB)"


def default_context_tokens(facts: ModelFacts, available_bytes: int) -> int:
    """Choose a context size: what fits, at least 4096 or the model's own limit.

    The cache may take an eighth of the available memory, so that a chat never crowds out the
    other programs; the size is a multiple of 256, as llama.cpp pads it.
    """
    limit_tokens = facts.context_limit_tokens or MINIMUM_CONTEXT_TOKENS
    if limit_tokens > CONTEXT_STEP_TOKENS:
        limit_tokens -= limit_tokens % CONTEXT_STEP_TOKENS
    floor_tokens = min(MINIMUM_CONTEXT_TOKENS, limit_tokens)
    if not facts.kv_bytes_per_token:
        return limit_tokens
    affordable_tokens = available_bytes // 8 // facts.kv_bytes_per_token
    affordable_tokens -= affordable_tokens % CONTEXT_STEP_TOKENS
    return max(floor_tokens, min(limit_tokens, affordable_tokens))
