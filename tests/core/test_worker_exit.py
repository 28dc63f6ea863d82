import signal

import pytest

from desktop.core.worker_exit import KEPT_LINES, WorkerExit, describe_exit, describe_hang

WORDS = {
    "SIGKILL": "memory ran out",
    "SIGSEGV": "crashed inside llama.cpp",
    "SIGABRT": "llama.cpp gave up",
    "SIGBUS": "model file changed",
    "SIGILL": "newer processor",
    "SIGTERM": "asked it to end",
}


@pytest.mark.parametrize("name", WORDS)
def test_a_signal_is_told_as_a_cause_and_a_next_step(name: str) -> None:
    problem = describe_exit(WorkerExit(signal.Signals[name].value, True, "last words"))
    assert problem.title == "The engine stopped"
    assert WORDS[name] in problem.detail
    assert problem.next_step
    assert problem.log == (f"ended by {name}", "last words")


@pytest.mark.parametrize(
    ("code", "name"), [(signal.SIGHUP.value, "SIGHUP"), (0xC0000005, "code 3221225477")]
)
def test_any_other_end_from_outside_is_told_with_its_number(code: int, name: str) -> None:
    problem = describe_exit(WorkerExit(code, True, ""))
    assert "ended from outside or crashed" in problem.detail
    assert problem.log == (f"ended by {name}",)


def test_a_worker_that_never_started_is_told() -> None:
    problem = describe_exit(WorkerExit(None, True, ""))
    assert "could not be started" in problem.title
    assert problem.log == ()


def test_a_worker_that_left_is_told_with_its_code() -> None:
    problem = describe_exit(WorkerExit(3, False, "Traceback\nValueError: no"))
    assert "ended by itself" in problem.title
    assert "code 3" in problem.detail
    assert problem.log == ("Traceback", "ValueError: no")


def test_of_many_last_words_the_last_lines_are_kept() -> None:
    words = "\n".join(f"line {number}" for number in range(200))
    log = describe_exit(WorkerExit(1, False, words)).log
    assert len(log) == KEPT_LINES
    assert log[-1] == "line 199"


def test_a_hang_is_told_by_its_cause() -> None:
    paused, silent = describe_hang(was_stopped=True), describe_hang(was_stopped=False)
    assert "paused" in paused.title
    assert "stopped responding" in silent.title
    assert paused.next_step
    assert silent.next_step
