"""The watchdog, on real processes that run, are stopped, or say nothing."""

import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest
from PySide6.QtCore import QTimer

from desktop.services.engine_watchdog import EngineWatchdog

pytestmark = pytest.mark.slow


@pytest.fixture
def pids() -> Iterator[list[int]]:
    """Two processes that wait; the second one is stopped."""
    command = [sys.executable, "-c", "input()"]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE) as running,
        subprocess.Popen(command, stdin=subprocess.PIPE) as stopped,
    ):
        psutil.Process(stopped.pid).suspend()
        yield [running.pid, stopped.pid]
        running.kill()
        stopped.kill()


@pytest.fixture
def dogs(qapp) -> Iterator[list[EngineWatchdog]]:
    dogs = [EngineWatchdog(), EngineWatchdog()]
    yield dogs
    for dog in dogs:
        dog.rest()


def test_a_stopped_process_is_noticed_and_a_quiet_one_is_not(qtbot, dogs, pids):
    findings = []
    dogs[0].hung.connect(lambda was_stopped: findings.append(("running", was_stopped)))
    dogs[1].hung.connect(lambda was_stopped: findings.append(("stopped", was_stopped)))
    for dog, pid in zip(dogs, pids, strict=True):
        dog.watch(pid)
    qtbot.waitUntil(lambda: bool(findings))
    assert findings == [("stopped", True)]


def test_a_stopped_process_is_reported_once(qtbot, dogs, pids):
    findings = []
    dogs[0].hung.connect(findings.append)
    dogs[0].watch(pids[1])
    qtbot.waitUntil(lambda: bool(findings))
    with qtbot.waitSignal(dogs[1].hung):
        dogs[1].watch(pids[1])
    assert findings == [True]


def test_a_process_that_is_silent_for_too_long_is_given_up(qtbot, dogs, pids, monkeypatch):
    monkeypatch.setattr("desktop.services.engine_watchdog.HUNG_S", 1.0)
    with qtbot.waitSignal(dogs[0].hung) as hung:
        dogs[0].watch(pids[0])
    assert hung.args == [False]


def test_a_process_that_is_heard_is_left_alone(qtbot, dogs, pids, monkeypatch):
    monkeypatch.setattr("desktop.services.engine_watchdog.HUNG_S", 1.0)
    findings = []
    dogs[0].hung.connect(findings.append)
    heartbeat = QTimer(interval=100)
    heartbeat.timeout.connect(dogs[0].heard)
    heartbeat.start()
    dogs[0].watch(pids[0])
    with qtbot.waitSignal(dogs[1].hung):
        dogs[1].watch(pids[0])
    heartbeat.stop()
    assert findings == []


def test_at_rest_nothing_is_expected(qtbot, dogs, pids):
    findings = []
    dogs[0].hung.connect(findings.append)
    dogs[0].watch(pids[1])
    dogs[0].rest()
    with qtbot.waitSignal(dogs[1].hung):
        dogs[1].watch(pids[1])
    assert findings == []
