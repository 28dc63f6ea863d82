"""The engine's process: one model in llama.cpp, driven by messages."""

from pathlib import Path

from desktop.engine.chat_engine import ChatEngine
from desktop.engine.generator import Batch, PromptState
from desktop.engine.model import LoadCancelledError
from desktop.wire.engine_messages import (
    Finished,
    Generate,
    LoadCancelled,
    Loaded,
    LoadModel,
    LoadProgress,
    PromptProgress,
    TokenBatch,
)
from desktop.wire.messages import Request
from desktop.workers.runtime import Send, run_worker

PROGRESS_STEP = 0.01


class EngineRole:
    """Carries out the engine's requests."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._engine = ChatEngine()
        self._reported_progress = 0.0

    def handle(self, request: Request) -> None:
        """Carry out one request."""
        match request:
            case LoadModel():
                self._load(request)
            case Generate():
                self._generate(request)
            case _:
                raise ValueError(f"not for the engine: {type(request).__name__}")

    def cancel(self) -> None:
        """Give up the load or the answer under way."""
        self._engine.cancel()

    def forget_cancel(self) -> None:
        """Take back a cancel that came too late."""
        self._engine.forget_cancel()

    def _load(self, request: LoadModel) -> None:
        self._reported_progress = 0.0
        try:
            facts = self._engine.load(
                Path(request.path),
                request.name,
                context_tokens=request.context_tokens,
                threads=request.threads,
                kv_type=request.kv_type,
                on_progress=self._report_progress,
            )
        except LoadCancelledError:
            self._send(LoadCancelled())
        else:
            self._send(Loaded(facts))

    def _generate(self, request: Generate) -> None:
        result = self._engine.generate(
            request.messages,
            request.sampling,
            on_batch=self._report_batch,
            on_prompt=self._report_prompt,
        )
        self._send(Finished(result))

    def _report_progress(self, fraction: float) -> None:
        if fraction - self._reported_progress >= PROGRESS_STEP:
            self._reported_progress = fraction
            self._send(LoadProgress(fraction))

    def _report_prompt(self, state: PromptState) -> None:
        self._send(
            PromptProgress(
                state.total_tokens, state.done_tokens, state.cached_tokens, state.elapsed_s
            )
        )

    def _report_batch(self, batch: Batch) -> None:
        self._send(TokenBatch(batch.text, batch.stamps_s, batch.context_used_tokens))


def main() -> None:
    """Run the engine's process."""
    run_worker(EngineRole)
