"""What it takes to generate an answer, and what is known of it afterwards."""

from dataclasses import dataclass
from enum import Enum

from desktop.core.memory_fit import MemoryBreakdown


class StopReason(Enum):
    """Why an answer ended."""

    END_OF_TURN = "end_of_turn"
    STOP_STRING = "stop_string"
    TOKEN_LIMIT = "token_limit"  # noqa: S105 (not a secret)
    CONTEXT_FULL = "context_full"
    CANCELLED = "cancelled"
    ENGINE_FAILED = "engine_failed"


@dataclass(frozen=True, slots=True)
class SamplingSettings:
    """How the next token is drawn; the names and meanings are llama.cpp's.

    A temperature of 0 always takes the likeliest token. A seed of None draws a new one.
    """

    temperature: float = 0.8
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    repeat_last_tokens: int = 64
    seed: int | None = None
    max_tokens: int | None = None
    stop_strings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerationFigures:
    """The figures of one answer; None is "not available", never zero.

    Attributes:
        prompt_tokens: Tokens of the whole prompt.
        cached_tokens: Those of them that were already in the context and not processed again.
        completion_tokens: Tokens generated, without the one that ends the turn.
        stop_reason: Why it ended.
        load_s: Time the model took to load, until one token was decoded.
        time_to_first_token_s: From the arrival of the request to the first token.
        prompt_tokens_per_s: Processed (not cached) prompt tokens per second.
        tokens_per_s: Decode speed, (n-1)/(t_last-t_first); None for fewer than two tokens.
        peak_memory_bytes: Peak resident memory of the engine process so far.
        memory: What llama.cpp reports for weights, context and compute.
        device: Where it ran.
        threads: Threads used for decoding.
    """

    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    stop_reason: StopReason
    load_s: float
    time_to_first_token_s: float | None
    prompt_tokens_per_s: float | None
    tokens_per_s: float | None
    peak_memory_bytes: int
    memory: MemoryBreakdown
    device: str
    threads: int


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """A finished answer."""

    text: str
    figures: GenerationFigures
