"""No worker outlives the program that started it, not even one that is stopped by a signal."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import psutil
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="how it is done differs by system"),
]

EXIT_LIMIT_S = 3

# Starts a worker whose events go to our own pipe, tells its process id, and waits to be killed.
PARENT = """
import subprocess, sys
worker = subprocess.Popen(
    [sys.executable, "-m", "desktop", "--worker", "inspect"], stdin=subprocess.PIPE
)
print(worker.pid, flush=True)
worker.stdin.write(b'{"type":"InspectFile","path":"/no/such/file"}\\n')
worker.stdin.flush()
worker.wait()
"""


POLL_S = 0.01


@pytest.fixture
def parent():
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        yield parent
        parent.kill()


@pytest.fixture
def worker(parent):
    worker = psutil.Process(int(parent.stdout.readline()))
    assert b"FileInspected" in parent.stdout.readline()
    yield worker
    # Nobody's child any more: the guard against what is left behind does not see it.
    if worker.is_running():
        worker.kill()


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline_s = time.monotonic() + EXIT_LIMIT_S
    pause = threading.Event()
    while not condition() and time.monotonic() < deadline_s:
        pause.wait(POLL_S)
    return condition()


def is_gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_worker_dies_with_a_killed_parent(parent, worker):
    os.kill(parent.pid, signal.SIGKILL)
    assert wait_until(lambda: is_gone(worker))


def test_a_stopped_worker_dies_with_a_killed_parent(parent, worker):
    worker.suspend()
    assert wait_until(lambda: worker.status() == psutil.STATUS_STOPPED)
    os.kill(parent.pid, signal.SIGKILL)
    assert wait_until(lambda: is_gone(worker))
