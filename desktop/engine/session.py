"""The context of a loaded model: which tokens it holds, and how more are put into it."""

from collections.abc import Callable, Sequence

import llama_cpp

from desktop.core.errors import AppError
from desktop.engine.abort_flag import AbortFlag
from desktop.engine.backends import log
from desktop.engine.thread_governor import ThreadGovernor

_ABORTED = 2
_NO_SLOT = 1


class DecodeAbortedError(Exception):
    """The flag was set while tokens were being processed; the context holds those before."""


class ContextFullError(Exception):
    """There is no room for another token."""


class Session:
    """One sequence of tokens in a llama.cpp context, whose beginning is used again."""

    def __init__(
        self,
        context: llama_cpp.llama_context_p,
        abort: AbortFlag,
        batch_tokens: int,
        governor: ThreadGovernor,
    ) -> None:
        self.context = context
        self._governor = governor
        self._is_steady = True
        self.size_tokens = llama_cpp.llama_n_ctx(context)
        self._abort = abort
        self._memory = llama_cpp.llama_get_memory(context)
        self._batch_tokens = batch_tokens
        self._tokens: list[int] = []
        # llama_batch_get_one keeps a pointer only: the array must live as long as the call.
        self._one = (llama_cpp.llama_token * 1)()
        self._batch_of_one = llama_cpp.llama_batch_get_one(self._one, 1)

    @property
    def used_tokens(self) -> int:
        """Number of tokens in the context."""
        return len(self._tokens)

    @property
    def threads(self) -> int:
        """Number of threads that compute now."""
        return self._governor.threads

    def begin(self, *, is_steady: bool) -> None:
        """Get ready for an answer.

        Args:
            is_steady: Compute with the same number of threads throughout. Sums are not the same
                to the last digit with another number, and neither is then the text of a seed.
        """
        self._is_steady = is_steady
        if is_steady:
            self._governor.reset()
            self._set_threads()
        self._governor.begin()

    def clear(self) -> None:
        """Empty the context."""
        llama_cpp.llama_memory_clear(self._memory, True)
        self._tokens = []

    def keep_prefix(self, tokens: Sequence[int]) -> int:
        """Drop what differs from `tokens` and return how many of them are in the context.

        At least the last token is left to be processed, since its logits are needed.
        """
        common = 0
        limit = min(len(self._tokens), len(tokens) - 1)
        while common < limit and self._tokens[common] == tokens[common]:
            common += 1
        self._truncate(common)
        return self.used_tokens

    def process(self, tokens: Sequence[int], on_progress: Callable[[int], None]) -> None:
        """Process the tokens that are not in the context yet, in bounded batches.

        Args:
            tokens: The whole prompt, of which `keep_prefix` kept the beginning.
            on_progress: Called with the number of tokens in the context after each batch.

        Raises:
            DecodeAbortedError: The flag was set; the batches before it stay in the context.
        """
        while self.used_tokens < len(tokens):
            start = self.used_tokens
            batch = tokens[start : start + self._batch_tokens]
            array = (llama_cpp.llama_token * len(batch))(*batch)
            self._decode(llama_cpp.llama_batch_get_one(array, len(batch)), batch)
            self.adapt()
            on_progress(self.used_tokens)

    def append(self, token: int) -> None:
        """Process one generated token.

        Raises:
            ContextFullError: The context has no room for it.
            DecodeAbortedError: The flag was set.
        """
        if self.used_tokens >= self.size_tokens:
            raise ContextFullError
        self._one[0] = token
        self._decode(self._batch_of_one, (token,))

    def adapt(self) -> None:
        """Follow what the machine gives; to be called between tokens, now and then."""
        if not self._is_steady and self._governor.tick():
            self._set_threads()

    def _decode(self, batch: llama_cpp.llama_batch, tokens: Sequence[int]) -> None:
        if self._abort.is_set:
            raise DecodeAbortedError
        status = llama_cpp.llama_decode(self.context, batch)
        if status == 0:
            self._tokens += tokens
            return
        self._truncate(self.used_tokens)
        if status == _ABORTED:
            raise DecodeAbortedError
        if status == _NO_SLOT:
            raise ContextFullError
        raise AppError(
            "The engine could not process the text",
            f"llama.cpp reported error {status} while computing.",
            "Send the message again; if it fails again, load the model again.",
            tuple(log.tail),
        )

    def _set_threads(self) -> None:
        threads = self._governor.threads
        llama_cpp.llama_set_n_threads(self.context, threads, threads)

    def _truncate(self, count: int) -> None:
        if llama_cpp.llama_memory_seq_rm(self._memory, 0, count, -1):
            del self._tokens[count:]
        else:
            # Recurrent models cannot drop a part of their state.
            self.clear()
