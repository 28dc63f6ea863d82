import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

KEYS = {
    "text",
    "model",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
    "stop_reason",
    "load_s",
    "time_to_first_token_s",
    "prompt_tokens_per_s",
    "tokens_per_s",
    "peak_memory_bytes",
    "memory",
    "device",
    "threads",
}


def test_an_answer_as_json_has_the_text_and_every_figure(heft, starter_model: Path):
    arguments = ("chat", "--model", str(starter_model), "--json", "--seed", "1")
    told = heft(*arguments, "--max-tokens", "5", "Count from one to ten.")
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert set(answer) == KEYS
    assert answer["text"]
    assert answer["model"] == {
        "name": "SmolLM2 135M Instruct",
        "file": str(starter_model),
        "parameters": 134_515_008,
        "quantization": "Q4_1",
        "file_bytes": 98_362_432,
    }
    assert answer["completion_tokens"] == 5
    assert answer["stop_reason"] == "token_limit"
    assert set(answer["memory"]) == {"weights_bytes", "context_bytes", "compute_bytes"}
    again = heft(*arguments, "--max-tokens", "5", "Count from one to ten.")
    assert json.loads(again.stdout)["text"] == answer["text"]


def test_text_goes_to_stdout_and_figures_to_stderr_when_piped(heft, starter_model: Path):
    heft("add", str(starter_model))
    told = heft("chat", "--max-tokens", "3", stdin="Write one sentence about the sea.")
    assert told.returncode == 0
    assert told.stdout.strip()
    assert "tokens/s" not in told.stdout
    assert "tokens/s" in told.stderr


def test_what_was_measured_is_on_the_list_afterwards(heft, starter_model: Path):
    heft("add", str(starter_model))
    heft("chat", "--max-tokens", "17", "Write a long story about the sea.")
    (model,) = json.loads(heft("list", "--json").stdout)
    assert model["tokens_per_s_kind"] == "measured"


def test_errors_are_told_in_words(heft, tmp_path: Path):
    (tmp_path / "page.gguf").write_bytes(b"<html>")
    for arguments in (
        ("hi",),
        ("--model", "nope", "hi"),
        ("--model", str(tmp_path / "page.gguf"), "hi"),
    ):
        told = heft("chat", *arguments)
        assert told.returncode == 1
        assert told.stdout == ""
        assert told.stderr.startswith("Error: ")


class Terminal:
    """``heft chat`` on a terminal, with somebody who types."""

    def __init__(self, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "desktop", "chat", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def see(self, is_there: Callable[[str], bool]) -> str:
        """Wait until the screen shows something, and return what came since the last look."""
        seen = ""
        deadline_s = time.monotonic() + 60
        while not is_there(seen):
            assert time.monotonic() < deadline_s, seen
            if select.select([self._master], [], [], 1)[0]:
                seen += os.read(self._master, 4096).decode(errors="replace")
        return seen

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def interrupt_until_it_ends(self) -> int:
        """Press Ctrl+C as often as it takes: Python misses one between the prompt and the wait."""
        for _ in range(20):
            self.interrupt()
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(1)
        raise AssertionError("it did not end")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)


@pytest.fixture
def terminal(data_dir: Path, starter_model: Path) -> Iterator[Terminal]:
    terminal = Terminal("--model", str(starter_model), "--seed", "1", "--max-tokens", "300")
    yield terminal
    terminal.close()


def test_a_talk_remembers_and_ends_when_told(terminal: Terminal):
    terminal.see(lambda seen: seen.endswith("> "))
    terminal.type("Say hello.\n")
    terminal.see(lambda seen: "tokens/s" in seen and seen.endswith("> "))
    terminal.type("And again.\n")
    assert "of them kept" in terminal.see(lambda seen: "tokens/s" in seen and seen.endswith("> "))
    terminal.type("/quit\n")
    assert terminal.process.wait(20) == 0


def test_ctrl_c_stops_the_answer_and_the_talk_goes_on(terminal: Terminal):
    terminal.see(lambda seen: seen.endswith("> "))
    terminal.type("Write a very long story about a ship, with many chapters.\n")
    terminal.see(lambda seen: len(seen) > 90)
    terminal.interrupt()
    start_s = time.monotonic()
    assert "stopped" in terminal.see(lambda seen: "tokens/s" in seen and seen.endswith("> "))
    assert time.monotonic() - start_s < 5
    assert terminal.interrupt_until_it_ends() == 0
