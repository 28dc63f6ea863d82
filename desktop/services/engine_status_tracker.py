"""Keeps the engine's status as its events come in."""

import time
from dataclasses import replace

from desktop.core.generation import GenerationResult
from desktop.core.telemetry import EngineFacts, EnginePhase, EngineStatus
from desktop.core.throughput import ThroughputMeter
from desktop.wire.engine_messages import PromptProgress, TokenBatch


class EngineStatusTracker:
    """Holds the current EngineStatus; every method is one thing that happened."""

    def __init__(self) -> None:
        self.status = EngineStatus()
        self._meter = ThroughputMeter()
        self._requested_s = 0.0

    def model_chosen(self, model_name: str) -> None:
        """A model begins to load; what was known of the one before is gone."""
        self.status = EngineStatus(phase=EnginePhase.LOADING, model_name=model_name)

    def load_progressed(self, fraction: float) -> None:
        """More of the file was read."""
        self.status = replace(self.status, progress=fraction)

    def model_loaded(self, facts: EngineFacts) -> None:
        """The model is ready."""
        self.status = EngineStatus(
            phase=EnginePhase.IDLE, model_name=facts.model_name, facts=facts, progress=1.0
        )

    def model_gone(self) -> None:
        """There is no model any more."""
        self.status = EngineStatus()

    def answer_requested(self) -> None:
        """The engine was asked to answer."""
        self._meter = ThroughputMeter()
        self._requested_s = time.monotonic()
        self.status = replace(
            self.status,
            phase=EnginePhase.READING,
            prompt_tokens=0,
            prompt_done_tokens=0,
            cached_tokens=0,
            tokens_per_s_now=None,
            tokens_per_s_average=None,
            time_to_first_token_s=None,
            prompt_tokens_per_s=None,
        )

    def prompt_progressed(self, event: PromptProgress) -> None:
        """More of the prompt is in the context."""
        processed = event.done_tokens - event.cached_tokens
        self.status = replace(
            self.status,
            prompt_tokens=event.total_tokens,
            prompt_done_tokens=event.done_tokens,
            cached_tokens=event.cached_tokens,
            prompt_tokens_per_s=processed / event.elapsed_s if processed else None,
            context_used_tokens=event.done_tokens,
        )

    def tokens_generated(self, event: TokenBatch) -> None:
        """Tokens arrived."""
        if self.status.time_to_first_token_s is None:
            waited_s = time.monotonic() - self._requested_s
            self.status = replace(self.status, time_to_first_token_s=waited_s)
        self._meter.add(event.stamps_s)
        is_stopping = self.status.phase is EnginePhase.STOPPING
        self.status = replace(
            self.status,
            phase=EnginePhase.STOPPING if is_stopping else EnginePhase.ANSWERING,
            tokens_per_s_now=self._meter.now,
            tokens_per_s_average=self._meter.average,
            context_used_tokens=event.context_used_tokens,
        )

    def stop_requested(self) -> None:
        """The engine was asked to stop answering."""
        self.status = replace(self.status, phase=EnginePhase.STOPPING)

    def answer_finished(self, result: GenerationResult) -> None:
        """The answer is complete; its exact figures take the place of the live ones."""
        figures = result.figures
        self.status = replace(
            self.status,
            phase=EnginePhase.IDLE,
            tokens_per_s_now=None,
            tokens_per_s_average=figures.tokens_per_s,
            time_to_first_token_s=figures.time_to_first_token_s,
            prompt_tokens_per_s=figures.prompt_tokens_per_s,
        )

    def answer_failed(self) -> None:
        """The answer broke off; the engine lives."""
        self.status = replace(self.status, phase=EnginePhase.IDLE, tokens_per_s_now=None)
