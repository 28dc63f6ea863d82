"""Messages of the engine: loading a model and answering with it."""

from desktop.core.conversation import ChatMessage
from desktop.core.generation import GenerationResult, SamplingSettings
from desktop.core.telemetry import EngineFacts
from desktop.core.weighing import KvType
from desktop.wire.message import Cancel, Failed, Heartbeat, Message


class LoadModel(Message, frozen=True, tag=True):
    """Load the model at `path`; answered by LoadProgress, then Loaded, LoadCancelled or Failed.

    Attributes:
        name: The display name, for EngineFacts and error texts.
        context_tokens: Size of the context; None for the default that fits.
        threads: For decoding; None for the number of physical cores.
        kv_type: How keys and values of the context are packed.
    """

    path: str
    name: str
    context_tokens: int | None = None
    threads: int | None = None
    kv_type: KvType = KvType.F16


class Generate(Message, frozen=True, tag=True):
    """Answer a conversation; PromptProgress and TokenBatch follow, then Finished or Failed."""

    messages: tuple[ChatMessage, ...]
    sampling: SamplingSettings


class LoadProgress(Message, frozen=True, tag=True):
    """How far a load is: `fraction` runs from 0 to 1 over reading the file."""

    fraction: float


class Loaded(Message, frozen=True, tag=True):
    """The model is loaded and has decoded one token."""

    facts: EngineFacts


class LoadCancelled(Message, frozen=True, tag=True):
    """The load was given up; no model is loaded."""


class PromptProgress(Message, frozen=True, tag=True):
    """How much of the prompt is in the context.

    Attributes:
        done_tokens: In the context by now, of `total_tokens`.
        cached_tokens: Those of them that were there before.
        elapsed_s: Time spent on the others so far.
    """

    total_tokens: int
    done_tokens: int
    cached_tokens: int
    elapsed_s: float


class TokenBatch(Message, frozen=True, tag=True):
    """Text that was generated since the last batch; sent at most every 33 ms.

    Attributes:
        text: May be empty while a character is incomplete or a stop string may be under way.
        stamps_s: One time stamp a token, in seconds of the worker's monotonic clock.
        context_used_tokens: Tokens in the context now.
    """

    text: str
    stamps_s: tuple[float, ...]
    context_used_tokens: int


class Finished(Message, frozen=True, tag=True):
    """The answer is complete, also when it was cancelled."""

    result: GenerationResult


EngineRequest = LoadModel | Generate | Cancel

EngineEvent = (
    LoadProgress
    | Loaded
    | LoadCancelled
    | PromptProgress
    | TokenBatch
    | Finished
    | Failed
    | Heartbeat
)
