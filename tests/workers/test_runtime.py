"""The loop of every worker: only events on stdout, nothing unreadable ends it."""

import pytest
import talkative_worker

from desktop.core.errors import Problem
from desktop.wire.inspect_messages import FileInspected, InspectFile, MeasureBandwidth
from desktop.wire.message import Cancel, Failed, Heartbeat


@pytest.fixture
def worker(start_worker):
    return start_worker(program=talkative_worker.__file__)


def test_nothing_that_is_printed_gets_into_the_protocol(worker):
    worker.say(InspectFile("a"), InspectFile("b"))
    assert worker.answer() == FileInspected("a", None, None)
    assert worker.answer() == FileInspected("b", None, None)
    assert worker.close_stdin() == 0
    for place in ("the start", "Python", "the descriptor", "C"):
        assert f"hello from {place}" in worker.log()


def test_a_line_that_is_no_request_is_passed_over(worker):
    worker.write(b'{"type":"InspectFile"\nrubbish\n\n\xff\xfe\n{"type":"Dance"}\n')
    worker.say(InspectFile("a"))
    assert worker.answer() == FileInspected("a", None, None)
    assert "Dance" in worker.log()


def test_a_refusal_arrives_as_it_was_worded_and_the_worker_lives_on(worker):
    worker.say(InspectFile("refuse"), InspectFile("a"))
    assert worker.answer() == Failed(Problem("Refused", "It was asked to.", "Ask otherwise."))
    assert worker.answer() == FileInspected("a", None, None)


def test_a_mistake_is_told_logged_and_survived(worker):
    worker.say(MeasureBandwidth(), InspectFile("a"))
    failed = worker.answer()
    assert failed.problem.log == ("ZeroDivisionError: a mistake",)
    assert failed.problem.next_step
    assert worker.answer() == FileInspected("a", None, None)
    assert "Traceback" in worker.log()


def test_a_cancel_without_a_request_is_not_passed_on(worker):
    worker.say(InspectFile("a"))
    worker.answer()
    worker.say(Cancel(), InspectFile("b"))
    worker.answer()
    worker.close_stdin()
    assert "hello from the reader" not in worker.log()


def test_it_shows_signs_of_life_while_it_has_nothing_to_say(worker):
    worker.say(InspectFile("think"))
    assert [worker.hear() for _ in range(3)] == [Heartbeat()] * 3
    worker.say(Cancel())
    assert worker.answer() == FileInspected("think", None, None)


def test_it_ends_when_stdin_closes(worker):
    worker.say(InspectFile("a"))
    worker.answer()
    assert worker.close_stdin() == 0


def test_it_ends_when_stdin_closes_before_anything_was_said(worker):
    assert worker.close_stdin() == 0


def test_an_unknown_role_is_refused_in_words(start_worker):
    worker = start_worker("dance")
    assert worker.process.wait(10) == 2
    assert "engine" in worker.log()
