"""A child of ours: what it says arrives, and how it ends is always reported, once."""

import json
import sys
from collections.abc import Callable, Iterator

import psutil
import pytest
import scripted_worker
from PySide6.QtCore import QObject, Slot

from desktop.core.worker_exit import WorkerExit
from desktop.services.worker_process import KEPT_STDERR_BYTES, WorkerProcess
from desktop.wire.codec import encode
from desktop.wire.engine_messages import LoadProgress, TokenBatch
from desktop.wire.message import Cancel, Heartbeat
from desktop.wire.messages import Event

Start = Callable[..., "Listener"]


class Listener(QObject):
    """A worker, and all that was heard of it."""

    def __init__(self) -> None:
        super().__init__()
        self.worker = WorkerProcess(self)
        self.events: list[Event] = []
        self.exits: list[WorkerExit] = []
        self.worker.event_received.connect(self._on_worker_event_received)
        self.worker.exited.connect(self._on_worker_exited)

    def texts(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, TokenBatch)]

    @Slot(object)
    def _on_worker_event_received(self, event: Event) -> None:
        self.events.append(event)

    @Slot(object)
    def _on_worker_exited(self, worker_exit: WorkerExit) -> None:
        self.exits.append(worker_exit)


@pytest.fixture
def start(qtbot) -> Iterator[Start]:
    started: list[Listener] = []

    def start(**script: list[list[object]]) -> Listener:
        listener = Listener()
        started.append(listener)
        listener.worker.start(sys.executable, [scripted_worker.__file__, json.dumps(script)])
        return listener

    yield start
    for listener in started:
        listener.worker.stop(grace_ms=200)


def say(text: str) -> list[object]:
    return ["write", encode(TokenBatch(text, (), 0)).decode()]


def test_events_arrive_in_order(qtbot, start: Start):
    heard = start(Cancel=[say("a"), say("b"), say("c")])
    heard.worker.send(Cancel())
    qtbot.waitUntil(lambda: heard.texts() == ["a", "b", "c"])


def test_a_line_that_comes_in_pieces_is_one_event(qtbot, start: Start):
    whole = encode(TokenBatch("naïve", (), 0)).decode()
    at = whole.index("v")
    heard = start(
        start=[say("first"), ["write", whole[:at]]],
        Cancel=[["write", whole[at:]]],
    )
    qtbot.waitUntil(lambda: heard.texts() == ["first"])
    heard.worker.send(Cancel())
    qtbot.waitUntil(lambda: heard.texts() == ["first", "naïve"])


def test_several_events_in_one_piece_stay_several(qtbot, start: Start):
    line = encode(Heartbeat()).decode()
    heard = start(start=[["write", line * 3]])
    qtbot.waitUntil(lambda: heard.events == [Heartbeat()] * 3)


def test_a_line_of_a_megabyte_arrives_whole(qtbot, start: Start):
    heard = start(start=[["fill", 1_000_000]])
    qtbot.waitUntil(lambda: len(heard.events) == 1)
    assert heard.texts() == ["x" * 1_000_000]


def test_a_flood_of_events_arrives_in_order(qtbot, start: Start):
    heard = start(start=[["count", 20_000]])
    qtbot.waitUntil(lambda: len(heard.events) == 20_000)
    assert heard.events == [LoadProgress(float(at)) for at in range(20_000)]


def test_a_line_that_is_no_event_ends_nothing_and_is_kept_as_last_words(qtbot, start: Start):
    heard = start(
        start=[["write", "Loading weights: 12 %\n"], ["write", '{"type":"Nonsense"}\n'], say("a")],
        Cancel=[["exit", 3]],
    )
    qtbot.waitUntil(lambda: heard.texts() == ["a"])
    heard.worker.send(Cancel())
    qtbot.waitUntil(lambda: bool(heard.exits))
    assert "Loading weights: 12 %" in heard.exits[0].last_words
    assert "Nonsense" in heard.exits[0].last_words


def test_a_crash_is_reported_once_with_the_last_words(qtbot, start: Start):
    heard = start(Cancel=[say("half an ans"), ["tell", "GGML_ASSERT(n > 0) failed\n"], ["crash"]])
    heard.worker.send(Cancel())
    qtbot.waitUntil(lambda: bool(heard.exits))
    assert heard.texts() == ["half an ans"]
    heard.worker.stop()
    [worker_exit] = heard.exits
    assert worker_exit.crashed
    assert "GGML_ASSERT(n > 0) failed" in worker_exit.last_words


def test_what_was_said_before_the_end_is_heard_before_the_end(qtbot, start: Start):
    heard = start(start=[["count", 5_000], ["exit", 0]])
    with qtbot.waitSignal(heard.worker.exited):
        pass
    assert len(heard.events) == 5_000


def test_leaving_with_a_code_is_no_crash(qtbot, start: Start):
    heard = start(start=[["exit", 3]])
    qtbot.waitUntil(lambda: bool(heard.exits))
    [worker_exit] = heard.exits
    assert (worker_exit.exit_code, worker_exit.crashed) == (3, False)


@pytest.mark.parametrize("rubbish", ["tell", "write"])
def test_only_the_end_of_long_last_words_is_kept(qtbot, start: Start, rubbish: str):
    heard = start(start=[[rubbish, "noise\n" * 10_000], [rubbish, "the cause\n"], ["exit", 1]])
    qtbot.waitUntil(lambda: bool(heard.exits))
    assert "the cause" in heard.exits[0].last_words
    assert len(heard.exits[0].last_words) <= KEPT_STDERR_BYTES


def test_a_missing_program_is_reported_once(qtbot):
    heard = Listener()
    heard.worker.start("/no/such/program", [])
    qtbot.waitUntil(lambda: bool(heard.exits))
    heard.worker.stop()
    assert [one.exit_code for one in heard.exits] == [None]
    assert not heard.worker.is_running


def test_a_worker_without_a_process_can_be_stopped_and_spoken_to(qtbot):
    heard = Listener()
    heard.worker.send(Cancel())
    heard.worker.stop()
    assert heard.exits == []
    assert heard.worker.pid == 0


def test_closing_stdin_is_enough_to_stop_a_worker(qtbot, start: Start):
    heard = start(start=[say("ready")])
    qtbot.waitUntil(lambda: bool(heard.events))
    heard.worker.stop(grace_ms=5_000)
    assert [(one.exit_code, one.crashed) for one in heard.exits] == [(0, False)]


def test_a_worker_may_finish_what_it_was_sent(qtbot, start: Start):
    heard = start(Cancel=[say("done")])
    heard.worker.send(Cancel())
    heard.worker.finish()
    qtbot.waitUntil(lambda: bool(heard.exits))
    assert heard.texts() == ["done"]
    assert not heard.exits[0].crashed


def test_a_worker_that_ignores_the_end_of_stdin_is_killed(qtbot, start: Start):
    heard = start(start=[say("ready"), ["hang"]])
    qtbot.waitUntil(lambda: bool(heard.events))
    pid = heard.worker.pid
    heard.worker.stop(grace_ms=100)
    assert [one.crashed for one in heard.exits] == [True]
    assert not psutil.pid_exists(pid)


def test_a_hung_worker_can_be_killed(qtbot, start: Start):
    heard = start(start=[say("ready")], Cancel=[["hang"]])
    qtbot.waitUntil(lambda: bool(heard.events))
    heard.worker.send(Cancel())
    with qtbot.waitSignal(heard.worker.exited):
        heard.worker.kill()
    assert len(heard.exits) == 1
    assert heard.exits[0].crashed
