"""The figures of an answer in words: one line under it, and all of them in its tooltip."""

from desktop.core.generation import GenerationFigures, StopReason
from desktop.core.text_format import format_count, format_memory, format_seconds, format_speed

_ENDINGS = {
    StopReason.END_OF_TURN: "",
    StopReason.STOP_STRING: "ended at a stop text",
    StopReason.TOKEN_LIMIT: "token limit reached",
    StopReason.CONTEXT_FULL: "context full",
    StopReason.CANCELLED: "stopped by you",
    StopReason.ENGINE_FAILED: "broken off",
}


def figures_line(figures: GenerationFigures) -> str:
    """Write the line under an answer; figures that are not known are left out."""
    first_s = figures.time_to_first_token_s
    parts = (
        _ENDINGS[figures.stop_reason],
        "" if figures.tokens_per_s is None else format_speed(figures.tokens_per_s),
        "" if first_s is None else f"first token {format_seconds(first_s)}",
        _tokens(figures.completion_tokens),
        f"{format_memory(figures.peak_memory_bytes)} peak" if figures.peak_memory_bytes else "",
    )
    return " · ".join(part for part in parts if part)


def figures_tooltip(figures: GenerationFigures) -> str:
    """Write every figure, one a line."""
    answer, prompt = _tokens(figures.completion_tokens), _tokens(figures.prompt_tokens)
    memory = figures.memory
    parts = (
        f"weights {format_memory(memory.weights_bytes)}",
        f"context {format_memory(memory.context_bytes)}",
        f"compute {format_memory(memory.compute_bytes)}",
    )
    return "\n".join(
        (
            f"Answer: {answer} at {format_speed(figures.tokens_per_s)}",
            f"First token after {format_seconds(figures.time_to_first_token_s)}",
            f"Prompt: {prompt}, {format_count(figures.cached_tokens)} of them cached",
            f"Prompt speed: {format_speed(figures.prompt_tokens_per_s)}",
            f"Loading the model: {format_seconds(figures.load_s)}",
            f"Peak memory of the engine: {format_memory(figures.peak_memory_bytes)}",
            f"Memory: {', '.join(parts)}",
            f"Device: {figures.device}, {_threads(figures.threads)}",
        )
    )


def decode_s(figures: GenerationFigures) -> float:
    """Return the time from the first token to the last, in seconds; 0 if not known."""
    if not figures.tokens_per_s:
        return 0.0
    return max(0, figures.completion_tokens - 1) / figures.tokens_per_s


def _tokens(count: int) -> str:
    return "1 token" if count == 1 else f"{format_count(count)} tokens"


def _threads(count: int) -> str:
    return "1 thread" if count == 1 else f"{count} threads"
