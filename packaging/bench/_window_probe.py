"""One start of the real window for the benchmark `window`; prints its figures as JSON."""

import json
import os
import sys
import time
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer, Slot

from desktop.app import App, create_application
from desktop.core.generation import GenerationResult
from desktop.core.telemetry import EnginePhase, EngineStatus
from desktop.core.window_options import WindowOptions
from desktop.storage.paths import Paths

TICK_MS = 4
ANSWER_MS = 6000
PROMPT = "Write a long story about a lighthouse keeper, her daughter and a ship."


class Probe(QObject):
    """Watches the window from inside its process."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self._loop = QEventLoop()
        self._ticked_s = 0.0
        self._phase = ""
        self._last_result: GenerationResult | None = None
        self.first_paint_s = 0.0
        self.stall_ms: dict[str, float] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        app.engine.status_changed.connect(self._on_engine_status_changed)
        app.engine.answer_finished.connect(self._on_engine_answer_finished)
        app.window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note when the window was painted first."""
        if event.type() == QEvent.Type.Paint and not self.first_paint_s:
            self.first_paint_s = time.monotonic() - float(os.environ["HEFT_STARTED_S"])
            self._app.window.removeEventFilter(self)
        return super().eventFilter(watched, event)

    def run(self) -> dict[str, object]:
        """Start, answer, swap and measure."""
        self._app.open()
        self._enter("loading")
        self._wait()
        own = psutil.Process()
        rss_mb = own.memory_info().rss / 1e6
        heavy = [name for name in ("llama_cpp", "huggingface_hub", "numpy") if name in sys.modules]
        # The probe's own timer would count as the window's work: it rests meanwhile.
        self._timer.stop()
        cpu_before, wall_before = sum(own.cpu_times()[:2]), time.monotonic()
        self._answer()
        cpu_s, wall_s = sum(own.cpu_times()[:2]) - cpu_before, time.monotonic() - wall_before
        figures = self._last_result.figures if self._last_result else None
        tokens_per_s = (figures.completion_tokens / wall_s) if figures else 0.0
        self._enter("answering")
        self._answer()
        self._enter("swapping")
        models = self._app.library.models
        self._app.switch.choose(next(m.path for m in models if m != self._app.engine.model))
        self._wait()
        self._timer.stop()
        self._app.window.close()
        return {
            "first_paint_s": self.first_paint_s,
            "rss_mb": rss_mb,
            "heavy_modules": heavy,
            "tokens_per_s": tokens_per_s,
            "cpu_percent_at_100": 100 * cpu_s / wall_s * 100 / tokens_per_s,
            "stall_ms": self.stall_ms,
        }

    def _answer(self) -> None:
        self._app.chat.send(PROMPT)
        QTimer.singleShot(ANSWER_MS, self._app.chat, self._app.chat.stop)
        self._wait()

    def _enter(self, phase: str) -> None:
        self._phase = phase
        self._ticked_s = 0.0
        self._timer.start()

    def _wait(self) -> None:
        self._loop.exec()

    @Slot()
    def _on_timer_timeout(self) -> None:
        now_s = time.perf_counter()
        if self._ticked_s:
            stall_ms = 1000 * (now_s - self._ticked_s) - TICK_MS
            self.stall_ms[self._phase] = max(self.stall_ms.get(self._phase, 0.0), stall_ms)
        self._ticked_s = now_s

    @Slot(object)
    def _on_engine_status_changed(self, status: EngineStatus) -> None:
        if status.phase is EnginePhase.IDLE:
            QTimer.singleShot(0, self._loop, self._loop.quit)

    @Slot(object)
    def _on_engine_answer_finished(self, result: GenerationResult) -> None:
        self._last_result = result


def main() -> int:
    """Run the probe on a data folder with two models."""
    application = create_application(sys.argv)
    paths = Paths.default()
    paths.create()
    starter = Path(os.environ["HEFT_STARTER_MODEL"])
    (paths.models / starter.name).symlink_to(starter)
    other = paths.data / "other.gguf"
    other.symlink_to(starter)
    options = WindowOptions(data_dir=None, model=None, files=())
    app = App(paths, options)
    app.model_store.add_file(other)
    print(json.dumps(Probe(app).run()))
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
