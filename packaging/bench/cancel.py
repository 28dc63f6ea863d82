"""How soon an answer ends after Stop, in the middle of a long prompt and while words come."""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from paired_runs import verdict
from places import ROOT
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, Slot

from desktop.core.conversation import ChatMessage, Role
from desktop.core.generation import GenerationResult
from desktop.core.local_model import LocalModel, ModelOrigin
from desktop.core.sampling_preset import preset_for
from desktop.core.telemetry import EnginePhase, EngineStatus
from desktop.services.engine_client import EngineClient

sys.path.append(str(ROOT / "tests" / "fakes"))
from synthetic_model import Packing, Shape, write_synthetic_model

RUNS = 7
TARGET_MS = 100.0
WAIT_MS = 700
"""From the request to the Stop: long enough to be in the middle of the prompt."""
LONG, SHORT = "The keeper wrote the weather into the book every evening. ", "Hi, who are you?"
# As wide as models of three thousand million parameters: Stop is heard between two products of
# matrices, so their width decides, and a few layers will do.
LARGE = Shape(
    layers=4,
    embedding=3072,
    feed_forward=8192,
    heads=24,
    kv_heads=8,
    vocabulary=4096,
    packing=Packing.Q4_0,
    is_tied=True,
)


@dataclass(frozen=True)
class Case:
    """When Stop is pressed."""

    name: str
    words: str
    repeats: int
    phase: EnginePhase


READING = Case("in the middle of a prompt", LONG, 400, EnginePhase.READING)
ANSWERING = Case("while words come", SHORT, 1, EnginePhase.ANSWERING)


class Stopper(QObject):
    """One model in an engine of its own, stopped again and again."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._loop = QEventLoop()
        self._runs = 0
        self.client = EngineClient(self)
        self.client.status_changed.connect(self._on_client_status_changed)
        self.client.answer_finished.connect(self._on_client_answer_finished)
        self._awaited: EnginePhase | None = None
        self.client.load(LocalModel(path, "A model", path.stat().st_size, ModelOrigin.HEFT))
        self._wait_for(EnginePhase.IDLE)

    def stop_ms(self, case: Case) -> float:
        """Return the time from Stop to the end of the answer, in milliseconds."""
        self._runs += 1
        message = ChatMessage(Role.USER, f"{self._runs}. {case.words * case.repeats}")
        self.client.generate((message,), preset_for("SmolLM2"))
        self._wait_for(case.phase)
        if case.phase is EnginePhase.READING:
            QTimer.singleShot(WAIT_MS, self._loop, self._loop.quit)
            self._loop.exec()
            if self.client.status.phase is not case.phase:
                raise RuntimeError("the prompt was over before it could be stopped")
        started_s = time.perf_counter()
        self.client.stop_answer()
        self._loop.exec()
        return 1000 * (time.perf_counter() - started_s)

    def _wait_for(self, phase: EnginePhase) -> None:
        if self.client.status.phase is not phase:
            self._awaited = phase
            self._loop.exec()

    @Slot(object)
    def _on_client_status_changed(self, status: EngineStatus) -> None:
        if status.phase is self._awaited:
            self._awaited = None
            self._loop.quit()

    @Slot(object)
    def _on_client_answer_finished(self, _result: GenerationResult) -> None:
        self._loop.quit()


def main() -> int:
    """Stop a small and a large model; returns the exit status."""
    application = QCoreApplication(sys.argv)
    is_met = True
    with tempfile.TemporaryDirectory() as folder:
        large = write_synthetic_model(Path(folder, "3b.gguf"), LARGE)
        # The large one takes each letter for a token.
        fitting = replace(READING, repeats=READING.repeats // 4)
        starter = Path(os.environ["HEFT_STARTER_MODEL"])
        for name, path, reading in (("135M", starter, READING), ("3B", large, fitting)):
            stopper = Stopper(path)
            for case in (reading, ANSWERING):
                times_ms = [stopper.stop_ms(case) for _ in range(RUNS)]
                print(f"{name}, {case.name}: {[round(ms) for ms in times_ms]} ms", flush=True)
                middle_ms = statistics.median(times_ms)
                is_met &= verdict(
                    f"Stop of {name} {case.name}, ms", middle_ms, TARGET_MS, at_most=True
                )
            stopper.client.shut_down()
    del application
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
