"""The figures of an answer, as one line for people and as one object for programs."""

from desktop.core.generation import GenerationFigures, GenerationResult, StopReason
from desktop.core.local_model import LocalModel
from desktop.core.text_format import (
    format_count,
    format_memory,
    format_seconds,
    format_speed,
)

_STOP_WORDS = {
    StopReason.TOKEN_LIMIT: "ended at the token limit",
    StopReason.CONTEXT_FULL: "ended because the context is full",
    StopReason.CANCELLED: "stopped",
}


def figures_line(figures: GenerationFigures) -> str:
    """Return speed, time, memory and the rest in one line."""
    threads = f"{figures.threads} thread{'' if figures.threads == 1 else 's'}"
    cached = f", {format_count(figures.cached_tokens)} of them kept"
    parts = [
        format_speed(figures.tokens_per_s),
        f"first token {format_seconds(figures.time_to_first_token_s)}",
        f"{format_count(figures.completion_tokens)} tokens",
        f"prompt {format_count(figures.prompt_tokens)}{cached if figures.cached_tokens else ''}",
        f"memory {format_memory(figures.peak_memory_bytes)}",
        f"{figures.device}, {threads}",
    ]
    if figures.stop_reason in _STOP_WORDS:
        parts.append(_STOP_WORDS[figures.stop_reason])
    return " · ".join(parts)


def answer_object(model: LocalModel, result: GenerationResult) -> dict[str, object]:
    """Return an answer with all its figures, ready for JSON; None stands for not available."""
    figures = result.figures
    return {
        "text": result.text,
        "model": {
            "name": model.name,
            "file": str(model.path),
            "parameters": model.facts.parameters if model.facts else None,
            "quantization": model.facts.quantization if model.facts else None,
            "file_bytes": model.file_bytes,
        },
        "prompt_tokens": figures.prompt_tokens,
        "cached_tokens": figures.cached_tokens,
        "completion_tokens": figures.completion_tokens,
        "stop_reason": figures.stop_reason.value,
        "load_s": figures.load_s,
        "time_to_first_token_s": figures.time_to_first_token_s,
        "prompt_tokens_per_s": figures.prompt_tokens_per_s,
        "tokens_per_s": figures.tokens_per_s,
        "peak_memory_bytes": figures.peak_memory_bytes,
        "memory": {
            "weights_bytes": figures.memory.weights_bytes,
            "context_bytes": figures.memory.context_bytes,
            "compute_bytes": figures.memory.compute_bytes,
        },
        "device": figures.device,
        "threads": figures.threads,
    }
