"""Decode speed as the window's process receives it, against llama.cpp's own benchmark.

Same source, same file, same threads, same flash-attention setting, in turn, at two depths. A chat
always begins with some scaffold, so the reference starts at exactly as many tokens as ours did.
Other programs can only slow a run down: of each side the best of some runs counts, pair by pair.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

from llama_bench import LlamaBench, find_or_build
from paired_runs import compare, verdict
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Slot

from desktop.core.conversation import ChatMessage, Role
from desktop.core.generation import GenerationResult
from desktop.core.local_model import LocalModel, ModelOrigin
from desktop.core.sampling_preset import preset_for
from desktop.core.telemetry import EngineStatus
from desktop.services.engine_client import EngineClient

PAIRS = 9
REPEATS = 4
TOKENS = 128
DEPTHS_TOKENS = (0, 512)
TARGET = 0.97
FILLER, FILLER_TOKENS = "The keeper wrote the weather into the book every evening. ", 11
NAME = "SmolLM2 135M Instruct"


class Ours(QObject):
    """The engine in its own process, asked through the client that the window uses."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._loop = QEventLoop()
        self._speed = 0.0
        self._runs = 0
        self.prompt_tokens = 0
        self._client = EngineClient(self)
        self._client.model_loaded.connect(self._on_client_model_loaded)
        self._client.answer_finished.connect(self._on_client_answer_finished)
        self._client.load(LocalModel(path, NAME, path.stat().st_size, ModelOrigin.HEFT))
        self._loop.exec()

    @property
    def threads(self) -> int:
        """Threads it decodes with."""
        facts = self._client.status.facts
        return facts.threads if facts is not None else 0

    def decode_speed(self, depth_tokens: int) -> float:
        """Return the best of some answers after about `depth_tokens` of prompt, in tokens/s."""
        return max(self._answer_speed(depth_tokens) for _ in range(REPEATS))

    def close(self) -> None:
        """End the engine."""
        self._client.shut_down()

    def _answer_speed(self, depth_tokens: int) -> float:
        self._speed = 0.0
        while not self._speed:
            self._runs += 1
            filler = FILLER * (depth_tokens // FILLER_TOKENS)
            question = f"{filler}Story {self._runs}: write a long one about the sea."
            messages = (ChatMessage(Role.USER, question),)
            sampling = replace(preset_for(NAME), max_tokens=TOKENS)
            self._client.generate(messages, sampling)
            self._loop.exec()
        return self._speed

    @Slot(object)
    def _on_client_model_loaded(self, _status: EngineStatus) -> None:
        self._loop.quit()

    @Slot(object)
    def _on_client_answer_finished(self, result: GenerationResult) -> None:
        # An answer that ended early is asked for again: a short one says little about speed.
        if result.figures.completion_tokens == TOKENS:
            self._speed = result.figures.tokens_per_s or 0.0
            self.prompt_tokens = result.figures.prompt_tokens
        self._loop.quit()


def main() -> int:
    """Compare at each depth; returns the exit status."""
    model = Path(os.environ["HEFT_STARTER_MODEL"])
    program = find_or_build()
    application = QCoreApplication(sys.argv)
    ours = Ours(model)
    reference = LlamaBench(program, model, ours.threads)
    is_met = True
    for depth in DEPTHS_TOKENS:
        comparison = compare(
            lambda depth=depth: ours.decode_speed(depth),
            lambda: reference.decode_speed(ours.prompt_tokens, TOKENS, REPEATS),
            PAIRS,
        )
        comparison.show(f"decode at depth {depth} ({ours.prompt_tokens} tokens)", "tokens/s")
        name = f"decode speed at depth {depth} against llama-bench"
        is_met &= verdict(name, comparison.ratio, TARGET, at_most=False)
    ours.close()
    del application
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
