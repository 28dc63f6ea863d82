"""Models that are on this machine: their facts, their files, and what is known of them here."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from desktop.core.errors import Problem
from desktop.core.figure import Figure
from desktop.core.model_class import ClassVerdict


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What the header of a GGUF file says.

    Attributes:
        architecture: llama.cpp's name of the architecture, such as ``llama``.
        parameters: Number of weights; 0 if the header lists none.
        quantization: Such as ``Q4_K_M``; see `core.quantization`.
        file_bytes: Size of the file, or of all parts of a split model.
        weights_bytes: Size of the tensor data alone.
        context_limit_tokens: What the model was trained for; 0 if not stated.
        kv_bytes_per_token: Size of the 16-bit KV cache for one token, over all layers.
        embedding_length: Width of the model.
        feed_forward_length: Widest feed-forward layer; 0 if not stated.
        vocabulary_tokens: Number of entries of the vocabulary.
        has_chat_template: Whether the file says how a conversation is written.
        license: As the file states it; empty if it does not.
        active_weights_bytes: Those weights that one token is computed with: without unused experts
            and the table of token embeddings; 0 if not known.
        windowed_kv_bytes_per_token: The part of `kv_bytes_per_token` in layers that look back over
            `window_tokens` only.
        window_tokens: Length of the sliding window; 0 if there is none.
        state_bytes: State of recurrent layers, which does not grow with the context.
    """

    architecture: str
    parameters: int
    quantization: str
    file_bytes: int
    weights_bytes: int
    context_limit_tokens: int
    kv_bytes_per_token: int
    embedding_length: int
    feed_forward_length: int
    vocabulary_tokens: int
    has_chat_template: bool
    license: str
    active_weights_bytes: int = 0
    windowed_kv_bytes_per_token: int = 0
    window_tokens: int = 0
    state_bytes: int = 0


class ModelOrigin(Enum):
    """Who put a model file where it is; the value is what the user reads."""

    HEFT = "Heft"
    ADDED = "added by you"
    LM_STUDIO = "LM Studio"
    JAN = "Jan"
    GPT4ALL = "GPT4All"
    OLLAMA = "Ollama"
    HUB_CACHE = "Hugging Face cache"

    @property
    def is_ours(self) -> bool:
        """Whether the file lies in the model folder and Heft may move it; others are only read."""
        return self is ModelOrigin.HEFT


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model file on this machine; `facts` is None while unread or when there is a `problem`."""

    path: Path
    name: str
    file_bytes: int
    origin: ModelOrigin
    facts: ModelFacts | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a model was measured to take on this machine, at the last load and answer.

    Attributes:
        resident_bytes: Peak resident memory of the engine process.
        context_tokens: The context size it was loaded with.
        tokens_per_s: Decode speed of the last answer of at least 16 tokens; None if there was none.
    """

    resident_bytes: int
    context_tokens: int
    tokens_per_s: float | None


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One row of the model dropdown and of the library.

    Attributes:
        model: The file and its facts.
        resident_bytes: Memory of the engine with this model; None while unknown.
        tokens_per_s: Decode speed; None while unknown.
        fit: The words of `core.memory_fit.Fit`; empty while unknown.
        is_heavy: Whether loading it would not fit the available memory.
        class_verdict: Small or large, and why; None while unknown.
        last_used_at: ISO 8601; empty if it never was.
        verified_at: When its SHA-256 was last compared, ISO 8601; empty if it never was.
    """

    model: LocalModel
    resident_bytes: Figure | None
    tokens_per_s: Figure | None
    fit: str
    is_heavy: bool
    class_verdict: ClassVerdict | None = None
    last_used_at: str = ""
    verified_at: str = ""


def preferred_model(models: tuple[LocalModel, ...], last_path: Path | None) -> LocalModel | None:
    """Return the model to begin with: the one used last, else the smallest usable one."""
    usable = [model for model in models if model.facts is not None]
    last = [model for model in usable if model.path == last_path]
    return last[0] if last else min(usable, key=lambda model: model.file_bytes, default=None)


def display_name(path: Path, quantization: str = "") -> str:
    """Name a model after its file, without the quantisation, the part number and the hyphens.

    >>> display_name(Path("SmolLM2-135M-Instruct.Q4_1.gguf"), "Q4_1")
    'SmolLM2 135M Instruct'
    """
    stem = path.name.removesuffix(".gguf")
    head, separator, _ = stem.rpartition("-of-")
    if separator and head[-6:-5] == "-" and head[-5:].isdigit():
        stem = head[:-6]
    position = stem.lower().rfind(quantization.lower()) if quantization else -1
    if position > 0:
        stem = stem[:position]
    return stem.strip("-._ ").replace("-", " ").replace("_", " ") or path.name
