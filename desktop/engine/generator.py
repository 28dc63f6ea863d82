"""The token loop: one answer, from the prompt's tokens to its last word."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop.core.generation import SamplingSettings, StopReason
from desktop.engine.model import LoadedModel
from desktop.engine.sampler import Sampler
from desktop.engine.session import ContextFullError, DecodeAbortedError
from desktop.engine.text_stream import TextStream

BATCH_INTERVAL_S = 0.066
"""Each batch wakes the window, which takes a core from the engine for a moment."""


@dataclass(frozen=True, slots=True)
class PromptState:
    """How much of a prompt is in the context, and the time that took without the cached part."""

    total_tokens: int
    done_tokens: int
    cached_tokens: int
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Batch:
    """What was generated since the last batch; the stamps are `time.perf_counter` seconds."""

    text: str
    stamps_s: tuple[float, ...]
    context_used_tokens: int


@dataclass(frozen=True, slots=True)
class Generation:
    """A finished answer as the loop knows it.

    Attributes:
        tokens: Generated tokens, without the one that ended the turn.
        prompt_s: Time for the tokens that were not cached; None if the prompt was not finished.
        first_s: When the first token was known, by `time.perf_counter`; None if there is none.
        last_s: When the last one was.
        threads: Threads that computed at the end.
    """

    text: str
    tokens: tuple[int, ...]
    prompt_tokens: int
    cached_tokens: int
    stop_reason: StopReason
    prompt_s: float | None
    first_s: float | None
    last_s: float | None
    threads: int


class Generator:
    """Generates one answer; make a new one for each."""

    def __init__(
        self,
        model: LoadedModel,
        sampling: SamplingSettings,
        stop_strings: tuple[str, ...],
        on_prompt: Callable[[PromptState], None],
        on_batch: Callable[[Batch], None],
    ) -> None:
        self._model = model
        self._sampling = sampling
        self._stream = TextStream(stop_strings + sampling.stop_strings)
        self._on_prompt = on_prompt
        self._on_batch = on_batch
        self._looks_at_each = bool(stop_strings + sampling.stop_strings)
        self._tokens: list[int] = []
        self._unread: list[bytes] = []
        self._text: list[str] = []
        self._unsent_text: list[str] = []
        self._unsent_stamps_s: list[float] = []
        self._sent_s = 0.0
        self._first_s: float | None = None
        self._last_s: float | None = None

    def run(self, prompt: Sequence[int]) -> Generation:
        """Process the prompt and generate until something ends the answer."""
        session = self._model.session
        session.begin(is_steady=self._sampling.seed is not None)
        cached = session.keep_prefix(prompt)
        started_s = time.perf_counter()
        prompt_s: float | None = None

        def report(done_tokens: int) -> None:
            elapsed_s = time.perf_counter() - started_s
            self._on_prompt(PromptState(len(prompt), done_tokens, cached, elapsed_s))

        report(cached)
        sampler = Sampler(self._sampling, self._model.vocabulary.size)
        try:
            session.process(prompt, report)
            prompt_s = time.perf_counter() - started_s
            stop_reason = self._decode(sampler)
        except DecodeAbortedError:
            stop_reason = StopReason.CANCELLED
        except ContextFullError:
            stop_reason = StopReason.CONTEXT_FULL
        finally:
            sampler.close()
        self._read()
        self._take_text(self._stream.finish())
        self._send()
        return Generation(
            text="".join(self._text),
            tokens=tuple(self._tokens),
            prompt_tokens=len(prompt),
            cached_tokens=cached,
            stop_reason=stop_reason,
            prompt_s=prompt_s,
            first_s=self._first_s,
            last_s=self._last_s,
            threads=session.threads,
        )

    def _decode(self, sampler: Sampler) -> StopReason:
        model, vocabulary, session = self._model, self._model.vocabulary, self._model.session
        limit = self._sampling.max_tokens
        while True:
            token = sampler.sample(model.context)
            piece = vocabulary.generated_piece(token)
            if piece is None:
                return StopReason.END_OF_TURN
            self._take_token(token, piece)
            if self._is_stopped():
                return StopReason.STOP_STRING
            if limit is not None and len(self._tokens) >= limit:
                return StopReason.TOKEN_LIMIT
            session.append(token)

    def _take_token(self, token: int, piece: bytes) -> None:
        now_s = time.perf_counter()
        if self._first_s is None:
            self._first_s = now_s
        self._last_s = now_s
        self._tokens.append(token)
        self._unread.append(piece)
        self._unsent_stamps_s.append(now_s)

    def _is_stopped(self) -> bool:
        """Look at the text now and then, or after each token if it can end the answer.

        After each token the processor's caches are full of weights, and all that Python touches
        comes from memory again: what can be done for several tokens at once is done so.
        """
        is_due = self._last_s is not None and self._last_s - self._sent_s >= BATCH_INTERVAL_S
        if is_due or self._looks_at_each:
            self._read()
        if is_due:
            self._send()
            self._model.session.adapt()
        return self._stream.is_stopped

    def _read(self) -> None:
        for piece in self._unread:
            self._take_text(self._stream.feed(piece))
        self._unread.clear()

    def _take_text(self, text: str) -> None:
        if text:
            self._text.append(text)
            self._unsent_text.append(text)

    def _send(self) -> None:
        if not self._unsent_stamps_s and not self._unsent_text:
            return
        self._sent_s = time.perf_counter()
        self._on_batch(
            Batch(
                text="".join(self._unsent_text),
                stamps_s=tuple(self._unsent_stamps_s),
                context_used_tokens=self._model.session.used_tokens,
            )
        )
        self._unsent_text.clear()
        self._unsent_stamps_s.clear()
