"""How much memory a model takes, and whether it fits this machine."""

from dataclasses import dataclass
from enum import Enum

from desktop.core.local_model import ModelFacts

F16_BYTES = 2
MINIMUM_CONTEXT_TOKENS = 4096
CONTEXT_STEP_TOKENS = 256
RUNTIME_BYTES = 60 * 1024**2
"""The engine process before a model is loaded: Python and the llama.cpp libraries."""
MICRO_BATCH_TOKENS = 512
VOCABULARY_ENTRY_BYTES = 170
"""What llama.cpp keeps of one vocabulary entry: text, score, attributes and two hash maps."""


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


def estimate_memory(facts: ModelFacts, context_tokens: int) -> MemoryBreakdown:
    """Estimate what the engine will allocate for a model, before it is loaded.

    Weights are the tensor data of the file. The cache is `kv_bytes_per_token` per token. Compute
    is one micro batch of activations: the widest of the feed-forward rows and attention scores,
    in 32-bit floats, and one row of logits (the engine asks for one output only).
    """
    micro_batch = min(MICRO_BATCH_TOKENS, context_tokens)
    rows = 3 * facts.embedding_length + 2 * facts.feed_forward_length
    compute_bytes = 4 * (micro_batch * rows + facts.vocabulary_tokens)
    return MemoryBreakdown(
        weights_bytes=facts.weights_bytes,
        context_bytes=facts.kv_bytes_per_token * context_tokens,
        compute_bytes=compute_bytes,
    )


def estimate_resident_bytes(facts: ModelFacts, context_tokens: int) -> int:
    """Estimate the resident memory of the engine process with the model loaded, in bytes."""
    tables_bytes = VOCABULARY_ENTRY_BYTES * facts.vocabulary_tokens
    return estimate_memory(facts, context_tokens).total_bytes + RUNTIME_BYTES + tables_bytes


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
