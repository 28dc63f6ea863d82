"""Loading a model file into llama.cpp, and letting it go."""

import time
from collections.abc import Callable
from pathlib import Path

import llama_cpp

from desktop.core.errors import AppError
from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import MemoryBreakdown
from desktop.engine import backends
from desktop.engine.abort_flag import AbortFlag
from desktop.engine.load_problem import load_error
from desktop.engine.load_settings import LoadSettings, batch_tokens_on, context_parameters
from desktop.engine.mapped_pages import drop_mapped_pages
from desktop.engine.memory_report import has_repacked, read_memory_report
from desktop.engine.session import DecodeAbortedError, Session
from desktop.engine.thread_governor import ThreadGovernor
from desktop.engine.vocabulary import Vocabulary
from desktop.storage.model_file import parts_of
from desktop.system.huge_pages import uses_huge_pages
from desktop.system.memory_probe import machine_memory

COPYABLE_SHARE = 0.5
"""Of the available memory: up to here the weights are read into it, beyond the file is mapped."""


class LoadCancelledError(Exception):
    """The load was given up; nothing of it is left."""


class LoadedModel:
    """A model in memory with one context, ready to decode; close it to give the memory back."""

    def __init__(
        self,
        path: Path,
        facts: ModelFacts,
        settings: LoadSettings,
        abort: AbortFlag,
        on_progress: Callable[[float], None],
    ) -> None:
        """Load the model and decode one token.

        Raises:
            LoadCancelledError: The flag was set meanwhile.
            AppError: llama.cpp refuses the file, or there is not enough memory.
        """
        backends.start()
        started_s = time.perf_counter()
        self.settings = settings
        self.device = backends.compute_device()
        self._abort = abort
        self._model: llama_cpp.llama_model_p | None = None
        self._context: llama_cpp.llama_context_p | None = None
        with backends.log.capture() as lines:
            try:
                self._model = self._load(path, facts, on_progress, lines)
                if has_repacked(lines):
                    drop_mapped_pages(tuple(parts_of(path)))
                self._context = self._create_context(self._model, facts, lines)
                self.vocabulary = Vocabulary(self._model)
                self.session = Session(
                    self._context,
                    abort,
                    batch_tokens_on(self.device, facts),
                    ThreadGovernor(settings.threads),
                )
                self._warm_up()
            except DecodeAbortedError:
                self.close()
                raise LoadCancelledError from None
            except BaseException:
                self.close()
                raise
        self.memory: MemoryBreakdown = read_memory_report(lines, facts.weights_bytes)
        self.load_s = time.perf_counter() - started_s

    @property
    def context(self) -> llama_cpp.llama_context_p:
        """The llama.cpp context."""
        if self._context is None:
            raise RuntimeError("the model is closed")
        return self._context

    def chat_template(self) -> str | None:
        """Return the template that came with the model, if one did."""
        if self._model is None:
            return None
        template: bytes | None = llama_cpp.llama_model_chat_template(self._model, None)
        return template.decode("utf-8", errors="replace") if template else None

    def close(self) -> None:
        """Give all memory back; safe to call twice."""
        if self._context is not None:
            llama_cpp.llama_free(self._context)
            self._context = None
        if self._model is not None:
            llama_cpp.llama_model_free(self._model)
            self._model = None

    def _load(
        self,
        path: Path,
        facts: ModelFacts,
        on_progress: Callable[[float], None],
        lines: list[str],
    ) -> llama_cpp.llama_model_p:
        def report(fraction: float, _user_data: int | None) -> bool:
            on_progress(fraction)
            return not self._abort.is_set

        parameters = llama_cpp.llama_model_default_params()
        callback = llama_cpp.llama_progress_callback(report)
        parameters.progress_callback = callback
        parameters.load_mode = load_mode(facts)
        model: llama_cpp.llama_model_p | None
        model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        if self._abort.is_set:
            if model is not None:
                llama_cpp.llama_model_free(model)
            raise LoadCancelledError
        if model is None:
            raise load_error(path, tuple(lines[-backends.KEPT_LOG_LINES :]))
        return model

    def _create_context(
        self, model: llama_cpp.llama_model_p, facts: ModelFacts, lines: list[str]
    ) -> llama_cpp.llama_context_p:
        parameters = context_parameters(facts, self.settings, self.device)
        context: llama_cpp.llama_context_p | None
        context = llama_cpp.llama_init_from_model(model, parameters)
        if context is None:
            raise AppError(
                "Not enough memory for the context",
                f"A context of {self.settings.context_tokens:,} tokens could not be allocated.",
                "Close other programs, or choose a smaller model.",
                tuple(lines[-backends.KEPT_LOG_LINES :]),
            )
        self._abort.attach(context)
        return context

    def _warm_up(self) -> None:
        token = max(self.vocabulary.bos_id, 0)
        self.session.process([token], _ignore_progress)
        self.session.clear()


def load_mode(facts: ModelFacts) -> int:
    """Choose how the weights come into memory: read into huge pages, or as pages of the file.

    Mapped pages can be dropped and read again, which is the better end when memory is short; but
    they are small, and looking up their addresses takes a tenth of the decode speed.
    """
    has_room = facts.weights_bytes <= COPYABLE_SHARE * machine_memory().available_bytes
    if has_room and uses_huge_pages():
        return llama_cpp.LLAMA_LOAD_MODE_NONE
    return llama_cpp.LLAMA_LOAD_MODE_AUTO


def _ignore_progress(_count: int) -> None:
    """A warm-up has nothing to report."""
