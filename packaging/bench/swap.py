"""A swap of models, from the choice to the first token, against a fresh process doing the same."""

import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psutil
from paired_runs import compare, verdict
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Slot

from desktop.core.conversation import ChatMessage, Role
from desktop.core.generation import GenerationResult
from desktop.core.local_model import LocalModel, ModelOrigin
from desktop.core.sampling_preset import preset_for
from desktop.core.telemetry import EngineStatus
from desktop.services.engine_client import EngineClient

PAIRS = 7
TARGET = 1.15
NAME = "SmolLM2 135M Instruct"
QUESTION = (ChatMessage(Role.USER, "Hi, who are you?"),)


class Swapper(QObject):
    """Two models and an engine that goes from one to the other."""

    def __init__(self, models: tuple[LocalModel, LocalModel]) -> None:
        super().__init__()
        self._models = models
        self._loop = QEventLoop()
        self._first_token_s = 0.0
        self.left_bytes = 0
        self._client = self._new_client()
        self._client.load(models[0])
        self._loop.exec()

    def swap_s(self) -> float:
        """Return the time from the choice of the other model to its first token."""
        old_pid, current = self._client.pid, self._client.model
        other = self._models[0] if current == self._models[1] else self._models[1]
        seconds = self._answer_s(self._client, other)
        self.left_bytes = max(self.left_bytes, _resident_bytes(old_pid))
        return seconds

    def fresh_s(self) -> float:
        """Return the time from nothing to the first token of a model in a fresh process."""
        client = self._new_client()
        seconds = self._answer_s(client, self._models[0])
        client.shut_down()
        client.deleteLater()
        return seconds

    def close(self) -> None:
        """End the engine."""
        self._client.shut_down()

    def _answer_s(self, client: EngineClient, model: LocalModel) -> float:
        started_s = time.perf_counter()
        client.load(model)
        client.generate(QUESTION, replace(preset_for(NAME), seed=1, max_tokens=4))
        self._first_token_s = 0.0
        while client.is_answering:
            self._loop.exec()
        return self._first_token_s - started_s

    def _new_client(self) -> EngineClient:
        client = EngineClient(self)
        client.model_loaded.connect(self._on_client_model_loaded)
        client.tokens_received.connect(self._on_client_tokens_received)
        client.answer_finished.connect(self._on_client_answer_finished)
        return client

    @Slot(object)
    def _on_client_model_loaded(self, _status: EngineStatus) -> None:
        self._loop.quit()

    @Slot(object)
    def _on_client_tokens_received(self, _text: str) -> None:
        self._first_token_s = self._first_token_s or time.perf_counter()

    @Slot(object)
    def _on_client_answer_finished(self, _result: GenerationResult) -> None:
        self._loop.quit()


def _resident_bytes(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def main() -> int:
    """Compare; returns the exit status."""
    starter = Path(os.environ["HEFT_STARTER_MODEL"])
    application = QCoreApplication(sys.argv)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "other.gguf"
        shutil.copyfile(starter, copy)
        size = starter.stat().st_size
        models = (
            LocalModel(starter, NAME, size, ModelOrigin.HEFT),
            LocalModel(copy, NAME, size, ModelOrigin.HEFT),
        )
        swapper = Swapper(models)
        comparison = compare(swapper.swap_s, swapper.fresh_s, PAIRS)
        swapper.close()
    comparison.show("swap to first token", "s")
    is_met = verdict("swap against a fresh process", comparison.ratio, TARGET, at_most=True)
    left = float(swapper.left_bytes)
    is_met &= verdict("bytes left of the old engine", left, 0.0, at_most=True)
    del application
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
