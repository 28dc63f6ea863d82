"""The engine in a thread of its own, so that Ctrl+C is heard while native code computes."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from desktop.cli.program import INTERRUPTED_STATUS
from desktop.core.conversation import ChatMessage
from desktop.core.generation import GenerationResult, SamplingSettings
from desktop.core.local_model import LocalModel
from desktop.core.telemetry import EngineFacts
from desktop.engine.chat_engine import ChatEngine
from desktop.engine.generator import Batch

_POLL_S = 0.1
"""Where waiting for a thread cannot be interrupted (Windows), Ctrl+C is heard this often."""

_Result = TypeVar("_Result")


class EngineThread:
    """One engine. Ctrl+C stops what it does, a second one ends the program on the spot."""

    def __init__(self) -> None:
        self._engine = ChatEngine()
        self._pool = ThreadPoolExecutor(1)

    def load(self, model: LocalModel, on_progress: Callable[[float], None]) -> EngineFacts:
        """Load a model.

        Raises:
            AppError: The model cannot be loaded.
            LoadCancelledError: Ctrl+C came meanwhile.
        """
        return self._run(lambda: self._engine.load(model.path, model.name, on_progress=on_progress))

    def answer(
        self,
        messages: tuple[ChatMessage, ...],
        sampling: SamplingSettings,
        on_text: Callable[[str], None],
    ) -> GenerationResult:
        """Answer a conversation; `on_text` is called in the engine's thread.

        Raises:
            AppError: There can be no answer.
        """

        def on_batch(batch: Batch) -> None:
            on_text(batch.text)

        return self._run(lambda: self._engine.generate(messages, sampling, on_batch))

    def close(self) -> None:
        """Let the model go."""
        self._run(self._engine.close)
        self._pool.shutdown()

    def _run(self, work: Callable[[], _Result]) -> _Result:
        future = self._pool.submit(work)
        try:
            _wait_for(future)
        except KeyboardInterrupt:
            self._engine.cancel()
            self._wait_for_cancel(future)
        return future.result()

    @staticmethod
    def _wait_for_cancel(future: "Future[_Result]") -> None:
        try:
            _wait_for(future)
        except KeyboardInterrupt:
            # The thread cannot be ended, and leaving in the usual way would wait for it.
            os._exit(INTERRUPTED_STATUS)


def _wait_for(future: "Future[_Result]") -> None:
    while not future.done():
        wait([future], timeout=_POLL_S)
