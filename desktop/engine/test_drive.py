"""Running a model, or its weightless twin, for a few seconds to see how fast it is here."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import AppError
from desktop.core.generation import SamplingSettings
from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import RUNTIME_BYTES
from desktop.core.text_format import format_memory
from desktop.core.throughput import decode_speed
from desktop.core.weighing import DepthSpeed, TestDrive, Weighing
from desktop.engine.abort_flag import AbortFlag
from desktop.engine.load_settings import LoadSettings, batch_tokens_on
from desktop.engine.model import LoadedModel
from desktop.engine.sampler import Sampler
from desktop.system.hardware import usable_cores
from desktop.system.memory_probe import machine_memory, peak_resident_bytes, resident_bytes

CONTEXT_TOKENS = 2048
DEPTH_TOKENS = 1024
"""How deep the second measurement is, if the model gets there in time."""
PROMPT_TOKENS = 512
PROMPT_S = 6.0
DECODE_S = 1.5
MOST_DECODED_TOKENS = 128
FEWEST_DECODED_TOKENS = 8
_SETTLING_TOKENS = 2
_ADAPT_INTERVAL_S = 0.05
_SEED = 1
_STRIDE = 7919
"""A prime: each token of the prompt is another one."""

_QUALITY = "The quality of its answers: its weights were left out."
_EXPERTS = (
    "The effect of its experts: without weights all tokens go to the same ones. A real answer may "
    "be slower."
)

Report = Callable[[float, str], None]
"""Takes how far the drive is, 0 to 1, and what it does, in words."""


@dataclass(frozen=True, slots=True)
class Route:
    """What is driven.

    Attributes:
        path: The model or its twin.
        twin_disk_bytes: What the twin takes on the disk; None for the model itself.
    """

    path: Path
    twin_disk_bytes: int | None = None


def refuse_if_too_heavy(weighing: Weighing) -> None:
    """Refuse a drive that would push the machine into swap.

    Raises:
        AppError: The model takes more memory than is available now.
    """
    needed_bytes = weighing.total_bytes_at(_context_tokens(weighing.facts))
    available_bytes = machine_memory().available_bytes
    if needed_bytes > available_bytes:
        raise AppError(
            "This model does not fit for a test drive",
            f"It takes {format_memory(needed_bytes)} of memory, and "
            f"{format_memory(available_bytes)} are available now.",
            "Close other programs, or choose a smaller model.",
        )


def drive(route: Route, facts: ModelFacts, abort: AbortFlag, report: Report) -> TestDrive:
    """Load the model and measure it as a chat would use it; takes a few seconds.

    Raises:
        LoadCancelledError, DecodeAbortedError: The flag was set.
        AppError: It cannot be loaded.
    """
    started_s = time.perf_counter()
    before_bytes = resident_bytes()
    settings = LoadSettings(_context_tokens(facts), usable_cores())
    report(0.0, "Loading")
    model = LoadedModel(
        route.path, facts, settings, abort, lambda part: report(0.3 * part, "Loading")
    )
    try:
        road = _Road(model, batch_tokens_on(model.device, facts))
        report(0.3, "Answering")
        shallow = road.decode()
        report(0.5, "Reading a prompt")
        prompt_tokens_per_s = road.read_prompt(report)
        report(0.8, "Answering after the prompt")
        deep = road.decode()
        threads = model.session.threads
    finally:
        model.close()
    return TestDrive(
        prompt_tokens_per_s=prompt_tokens_per_s,
        decode=(shallow, deep),
        # What this process held before is not what the engine's would.
        resident_bytes=RUNTIME_BYTES + peak_resident_bytes() - before_bytes,
        context_tokens=settings.context_tokens,
        threads=threads,
        device=model.device.description if model.device.is_gpu else "CPU",
        twin_disk_bytes=route.twin_disk_bytes or 0,
        elapsed_s=time.perf_counter() - started_s,
        unknowns=_unknowns(route, facts),
    )


class _Road:
    """A loaded model under way, with a prompt of any words."""

    def __init__(self, model: LoadedModel, batch_tokens: int) -> None:
        self._model = model
        self._session = model.session
        room = max(1, self._session.size_tokens - 2 * MOST_DECODED_TOKENS)
        entries = model.vocabulary.size
        count = min(DEPTH_TOKENS, room)
        self._prompt = [number * _STRIDE % entries for number in range(count)]
        self._step = min(batch_tokens, len(self._prompt))
        self._session.begin(is_steady=False)

    def decode(self) -> DepthSpeed:
        """Generate some tokens from where the context ends, as an answer is generated."""
        depth_tokens = self._session.used_tokens
        if not depth_tokens:
            self._session.process(self._prompt[:1], _ignore)
        sampler = Sampler(SamplingSettings(seed=_SEED), self._model.vocabulary.size)
        try:
            stamps_s = self._stamps_s(sampler)[_SETTLING_TOKENS:]
        finally:
            sampler.close()
        first_s, last_s = (stamps_s[0], stamps_s[-1]) if stamps_s else (None, None)
        speed = decode_speed(len(stamps_s), first_s, last_s)
        return DepthSpeed(depth_tokens, speed or 0.0)

    def read_prompt(self, report: Report) -> float:
        """Process the prompt, as far as there is time, and return its speed in tokens a second."""
        self._session.clear()
        # The speed is that of the beginning, as of a prompt of ordinary length.
        start_s = time.perf_counter()
        marks = [(0, start_s)]
        for stop in range(self._step, len(self._prompt) + 1, self._step):
            self._session.process(self._prompt[:stop], _ignore)
            marks.append((stop, time.perf_counter()))
            report(0.5 + 0.3 * stop / len(self._prompt), "Reading a prompt")
            if marks[-1][1] - start_s > PROMPT_S:
                break
        tokens, end_s = [mark for mark in marks if mark[0] <= PROMPT_TOKENS][-1]
        return tokens / (end_s - start_s)

    def _stamps_s(self, sampler: Sampler) -> list[float]:
        started_s = adapted_s = time.perf_counter()
        room = self._session.size_tokens - self._session.used_tokens
        stamps_s: list[float] = []
        while len(stamps_s) < min(MOST_DECODED_TOKENS, room):
            self._session.append(sampler.sample(self._model.context))
            now_s = time.perf_counter()
            stamps_s.append(now_s)
            if now_s - started_s > DECODE_S and len(stamps_s) >= FEWEST_DECODED_TOKENS:
                break
            if now_s - adapted_s > _ADAPT_INTERVAL_S:
                self._session.adapt()
                adapted_s = now_s
        return stamps_s


def _context_tokens(facts: ModelFacts) -> int:
    return min(CONTEXT_TOKENS, facts.context_limit_tokens or CONTEXT_TOKENS)


def _unknowns(route: Route, facts: ModelFacts) -> tuple[str, ...]:
    if route.twin_disk_bytes is None:
        return ()
    # Of a dense model, half of the weights at most are a table of which one row is read.
    is_mixture = 0 < facts.active_weights_bytes < facts.weights_bytes // 2
    return (_QUALITY, _EXPERTS) if is_mixture else (_QUALITY,)


def _ignore(_count: int) -> None:
    """Nobody looks at the progress within a step."""
