"""Test drives: figures of every kind, in a bounded time, and a way out."""

from dataclasses import replace
from pathlib import Path

import pytest
from synthetic_model import Shape, write_synthetic_model

from desktop.core.errors import AppError
from desktop.core.local_model import ModelFacts
from desktop.core.weighing import KvType, estimate_weighing
from desktop.engine.abort_flag import AbortFlag
from desktop.engine.model import LoadCancelledError
from desktop.engine.session import DecodeAbortedError
from desktop.engine.test_drive import DECODE_S, PROMPT_S, Route, drive, refuse_if_too_heavy
from desktop.storage.model_file import inspect_file


@pytest.fixture(name="model", scope="module")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ModelFacts]:
    shape = Shape(layers=1, embedding=128, feed_forward=256, context_length=4096)
    path = write_synthetic_model(tmp_path_factory.mktemp("drive") / "model.gguf", shape)
    facts, problem = inspect_file(path)
    assert facts is not None, problem
    return path, facts


def test_a_drive_measures_the_prompt_two_depths_and_the_memory(
    model: tuple[Path, ModelFacts],
) -> None:
    path, facts = model
    stages: list[tuple[float, str]] = []
    test_drive = drive(Route(path, 4096), facts, AbortFlag(), lambda *stage: stages.append(stage))
    assert test_drive.prompt_tokens_per_s > 0
    assert [speed.depth_tokens for speed in test_drive.decode] == [0, 1024]
    assert all(speed.tokens_per_s > 0 for speed in test_drive.decode)
    assert test_drive.resident_bytes > 50_000_000
    assert test_drive.context_tokens == 2048
    assert test_drive.threads >= 1
    assert test_drive.device
    assert test_drive.twin_disk_bytes == 4096
    assert 0 < test_drive.elapsed_s < PROMPT_S + 2 * DECODE_S + 20
    fractions = [fraction for fraction, _ in stages]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert fractions[-1] < 1
    assert stages[-1][1] == "Answering after the prompt"


def test_a_twin_cannot_know_how_good_the_answers_are(model: tuple[Path, ModelFacts]) -> None:
    path, facts = model
    mixture = replace(facts, active_weights_bytes=facts.weights_bytes // 4)
    of_model = drive(Route(path), facts, AbortFlag(), _ignore)
    of_twin = drive(Route(path, 1), facts, AbortFlag(), _ignore)
    of_mixture = drive(Route(path, 1), mixture, AbortFlag(), _ignore)
    assert of_model.unknowns == ()
    assert ["quality" in unknown for unknown in of_twin.unknowns] == [True]
    assert ["experts" in unknown for unknown in of_mixture.unknowns] == [False, True]


def test_a_short_context_is_driven_as_deep_as_it_goes(tmp_path: Path) -> None:
    path = write_synthetic_model(tmp_path / "short.gguf", Shape(layers=1, context_length=512))
    facts, _ = inspect_file(path)
    assert facts is not None
    test_drive = drive(Route(path), facts, AbortFlag(), _ignore)
    assert test_drive.context_tokens == 512
    assert test_drive.decode[1].depth_tokens == 256
    assert test_drive.decode[1].tokens_per_s > 0


@pytest.mark.parametrize("stage", ["Loading", "Answering", "Reading a prompt"])
def test_a_drive_ends_at_once_when_it_is_cancelled(
    model: tuple[Path, ModelFacts], stage: str
) -> None:
    path, facts = model
    flag = AbortFlag()

    def cancel_at(_fraction: float, reached: str) -> None:
        if reached == stage:
            flag.set()

    with pytest.raises((LoadCancelledError, DecodeAbortedError)):
        drive(Route(path), facts, flag, cancel_at)


def test_a_model_that_does_not_fit_is_not_driven(model: tuple[Path, ModelFacts]) -> None:
    _, facts = model
    refuse_if_too_heavy(estimate_weighing(facts, KvType.F16))
    huge = replace(facts, weights_bytes=10**15)
    with pytest.raises(AppError, match="does not fit for a test drive"):
        refuse_if_too_heavy(estimate_weighing(huge, KvType.F16))


def _ignore(_fraction: float, _stage: str) -> None:
    """Nobody looks at the progress."""
