import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from chat_turns import user
from tiny_model import write_bad_files, write_tiny_model

from desktop.core.errors import AppError
from desktop.core.generation import SamplingSettings
from desktop.engine import backends
from desktop.engine.chat_engine import ChatEngine
from desktop.engine.generator import Batch
from desktop.engine.model import LoadCancelledError
from desktop.storage.model_file import inspect_file
from desktop.system.memory_probe import peak_resident_bytes

SAMPLING = SamplingSettings(max_tokens=4, seed=1)


@pytest.fixture(name="tiny")
def tiny_file(tmp_path: Path) -> Path:
    return write_tiny_model(tmp_path / "tiny.gguf", answer=[" Yes", ",", " fine", "."])


@pytest.mark.slow
def test_progress_runs_from_the_start_to_the_end_of_the_file(
    starter_model: Path, engine: ChatEngine
) -> None:
    fractions: list[float] = []
    engine.load(
        starter_model, "Starter", context_tokens=256, threads=1, on_progress=fractions.append
    )
    assert fractions == sorted(fractions)
    assert len(fractions) > 10
    assert fractions[0] < 0.1
    assert fractions[-1] == 1.0


def test_the_facts_are_those_of_the_file_and_of_the_request(tiny: Path, engine: ChatEngine) -> None:
    facts = engine.load(tiny, "Tiny", context_tokens=256, threads=1)
    assert facts == engine.facts
    assert facts.model_name == "Tiny"
    assert (facts.context_tokens, facts.context_limit_tokens) == (256, 512)
    assert facts.threads == 1
    assert facts.has_chat_template
    assert facts.notices == ()
    assert 0 < facts.load_s < 30
    assert facts.device


def test_a_small_model_gets_the_whole_context_it_was_made_for(
    tiny: Path, engine: ChatEngine
) -> None:
    assert engine.load(tiny, "Tiny").context_tokens == 512


def test_memory_is_that_of_weights_and_context(
    loaded_starter: ChatEngine, starter_model: Path
) -> None:
    facts, _ = inspect_file(starter_model)
    assert facts is not None
    memory = loaded_starter.facts.memory
    assert memory.weights_bytes == pytest.approx(facts.weights_bytes, rel=0.02)
    assert memory.weights_bytes == pytest.approx(starter_model.stat().st_size, rel=0.05)
    assert memory.context_bytes == facts.kv_bytes_per_token * loaded_starter.facts.context_tokens
    assert 1e6 < memory.compute_bytes < 100e6
    assert peak_resident_bytes() > memory.weights_bytes


def test_the_user_is_told_that_a_model_brings_no_template(
    tmp_path: Path, engine: ChatEngine
) -> None:
    path = write_tiny_model(tmp_path / "plain.gguf", template=None)
    facts = engine.load(path, "Plain")
    assert not facts.has_chat_template
    (notice,) = facts.notices
    assert "no chat template" in notice


def test_a_file_with_an_uncommon_name_is_loaded(tmp_path: Path, engine: ChatEngine) -> None:
    folder = tmp_path / "my models (日本)"
    folder.mkdir()
    path = write_tiny_model(folder / "naïve & 50 %.gguf")
    assert engine.load(path, "Odd").model_name == "Odd"


def test_another_model_takes_the_place_of_the_first(
    tiny: Path, tmp_path: Path, engine: ChatEngine
) -> None:
    engine.load(tiny, "One")
    other = write_tiny_model(tmp_path / "other.gguf", answer=[" No"])
    engine.load(other, "Two")
    assert engine.facts.model_name == "Two"
    assert engine.generate((user("Hello"),), SAMPLING, ignore).text == " No"


def test_without_a_model_there_is_no_answer(engine: ChatEngine) -> None:
    with pytest.raises(AppError, match="No model is loaded"):
        engine.generate((user("Hello"),), SAMPLING, ignore)


def test_closing_twice_does_no_harm(tiny: Path, engine: ChatEngine) -> None:
    engine.load(tiny, "Tiny")
    engine.close()
    engine.close()
    with pytest.raises(RuntimeError, match="no model"):
        _ = engine.facts


def test_a_load_can_be_cancelled_while_the_file_is_read(tiny: Path, engine: ChatEngine) -> None:
    fractions: list[float] = []

    def cancel(fraction: float) -> None:
        fractions.append(fraction)
        engine.cancel()

    with pytest.raises(LoadCancelledError):
        engine.load(tiny, "Tiny", on_progress=cancel)
    assert len(fractions) == 1, "the file was read on"
    check_nothing_is_loaded(engine)
    check_it_loads_and_answers(engine, tiny)


def test_a_load_can_be_cancelled_after_the_file_was_read(
    tiny: Path, engine: ChatEngine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "llama.cpp")
    caplog.handler.addFilter(_CancelAt(engine, "KV buffer size"))
    with pytest.raises(LoadCancelledError):
        engine.load(tiny, "Tiny")
    check_nothing_is_loaded(engine)
    check_it_loads_and_answers(engine, tiny)


def test_a_cancelled_load_leaves_no_other_model_behind(tiny: Path, engine: ChatEngine) -> None:
    engine.load(tiny, "Tiny")
    engine.cancel()
    with pytest.raises(LoadCancelledError):
        engine.load(tiny, "Again")
    check_nothing_is_loaded(engine)


def test_an_architecture_that_llama_cpp_does_not_know_is_named(
    tmp_path: Path, engine: ChatEngine
) -> None:
    path = write_bad_files(tmp_path)["unknown_architecture"]
    with pytest.raises(AppError) as failure:
        engine.load(path, "Odd")
    problem = failure.value.problem
    assert problem.title == "unknown_architecture.gguf could not be loaded"
    assert "“unheardof”" in problem.detail
    assert problem.next_step == "Choose another model, or update Heft."
    assert any("unknown model architecture" in line for line in problem.log)
    check_nothing_is_loaded(engine)


def test_the_cause_of_an_earlier_failure_is_not_told_again(
    tmp_path: Path, engine: ChatEngine
) -> None:
    with pytest.raises(AppError, match="unheardof"):
        engine.load(write_bad_files(tmp_path)["unknown_architecture"], "Odd")
    incomplete = write_tiny_model(tmp_path / "incomplete.gguf", architecture="falcon")
    with pytest.raises(AppError) as failure:
        engine.load(incomplete, "Odd")
    assert "unheardof" not in str(failure.value)
    assert "falcon.attention.layer_norm_epsilon" in failure.value.problem.detail
    assert "damaged" in failure.value.problem.next_step


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("not_gguf", "not a GGUF file"),
        ("empty", "is empty"),
        ("truncated", "is incomplete"),
        ("truncated_header", "is incomplete"),
        ("lfs_pointer", "Git LFS pointer"),
        ("html", "web page"),
        ("zip", "ZIP archive"),
        ("directory", "is a folder"),
        ("split_part_missing", "split-00002-of-00002.gguf"),
        ("projector", "vision projector"),
    ],
)
def test_a_bad_file_is_named_in_words_before_llama_cpp_sees_it(
    kind: str, words: str, tmp_path: Path, engine: ChatEngine
) -> None:
    path = write_bad_files(tmp_path)[kind]
    with backends.log.capture() as lines, pytest.raises(AppError, match=words):
        engine.load(path, "Bad")
    assert lines == []


def test_a_file_that_is_gone_is_named(tmp_path: Path, engine: ChatEngine) -> None:
    with pytest.raises(AppError, match=r"gone\.gguf"):
        engine.load(tmp_path / "gone.gguf", "Gone")


def test_a_context_that_cannot_be_allocated_is_an_error_in_words(
    tmp_path: Path, tiny: Path, engine: ChatEngine
) -> None:
    engine.load(tiny, "Tiny")
    path = write_tiny_model(tmp_path / "deep.gguf", layers=8)
    with (
        memory_limit(further_bytes=512 * 1024**2),
        pytest.raises(AppError, match="Not enough memory for the context") as failure,
    ):
        engine.load(path, "Deep", context_tokens=1024**2)
    assert "1,048,576 tokens" in failure.value.problem.detail
    check_nothing_is_loaded(engine)
    check_it_loads_and_answers(engine, tiny)


@contextmanager
def memory_limit(further_bytes: int) -> Iterator[None]:
    """Let this process allocate no more than so much from now on."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used_bytes = psutil.Process().memory_info().vms
    resource.setrlimit(resource.RLIMIT_AS, (used_bytes + further_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class _CancelAt(logging.Filter):
    """Cancels when llama.cpp logs a certain line for the first time."""

    def __init__(self, engine: ChatEngine, words: str) -> None:
        super().__init__()
        self._engine = engine
        self._words = words
        self._is_done = False

    def filter(self, record: logging.LogRecord) -> bool:
        if not self._is_done and self._words in record.getMessage():
            self._is_done = True
            self._engine.cancel()
        return True


def check_nothing_is_loaded(engine: ChatEngine) -> None:
    with pytest.raises(RuntimeError, match="no model"):
        _ = engine.facts


def check_it_loads_and_answers(engine: ChatEngine, path: Path) -> None:
    engine.forget_cancel()
    engine.load(path, "Tiny")
    assert engine.generate((user("Hello"),), SAMPLING, ignore).text == " Yes, fine."


def ignore(_batch: Batch) -> None:
    """The tests look at the result only."""
