import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from desktop.system.memory_probe import (
    CpuSampler,
    ProcessState,
    machine_memory,
    peak_resident_bytes,
    physical_cores,
    process_memory,
    process_state,
    proportional_bytes,
)

MEGABYTE = 1_000_000


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that sleeps until it is told to end."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def wait_until(is_true: Callable[[], bool]) -> bool:
    pause = threading.Event()
    deadline_s = time.monotonic() + 5
    while not is_true() and time.monotonic() < deadline_s:
        pause.wait(0.01)
    return is_true()


def test_the_machine_has_memory_and_some_of_it_is_available():
    memory = machine_memory()
    assert 100 * MEGABYTE < memory.available_bytes <= memory.total_bytes


def test_memory_that_is_taken_shows_in_the_process():
    before = process_memory(os.getpid())
    block = bytearray(b"\1" * (50 * MEGABYTE))
    after = process_memory(os.getpid())
    assert before is not None
    assert after is not None
    assert after.rss_bytes - before.rss_bytes > 45 * MEGABYTE
    del block


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells shares and swap")
def test_linux_tells_the_share_of_shared_pages_and_swap():
    memory = process_memory(os.getpid())
    share_bytes = proportional_bytes(os.getpid())
    assert memory is not None
    assert share_bytes is not None
    assert 0 < share_bytes <= memory.rss_bytes
    assert memory.swap_bytes is not None


def test_a_process_that_is_gone_has_no_memory(child: subprocess.Popen[bytes]):
    child.kill()
    assert wait_until(lambda: process_state(child.pid) is ProcessState.GONE)
    assert process_memory(child.pid) is None
    child.wait()
    assert process_memory(child.pid) is None


def test_the_peak_stays_when_the_memory_is_given_back():
    block = bytearray(b"\1" * (80 * MEGABYTE))
    peak = peak_resident_bytes()
    del block
    after = process_memory(os.getpid())
    assert after is not None
    assert peak_resident_bytes() >= peak > after.rss_bytes


def test_the_peak_of_a_child_is_not_that_of_its_parent():
    block = bytearray(b"\1" * (100 * MEGABYTE))
    program = "from desktop.system.memory_probe import *; print(peak_resident_bytes())"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert int(told.stdout) < 80 * MEGABYTE
    del block


def test_the_state_of_a_process_is_told(child: subprocess.Popen[bytes]):
    assert process_state(child.pid) is ProcessState.RUNNING
    child.send_signal(signal.SIGSTOP)
    assert wait_until(lambda: process_state(child.pid) is ProcessState.STOPPED)
    child.kill()
    child.wait()
    assert process_state(child.pid) is ProcessState.GONE


def test_a_busy_process_takes_processor_time():
    sampler = CpuSampler()
    assert sampler.process_percent(os.getpid()) is None
    deadline_s = time.process_time() + 0.2
    while time.process_time() < deadline_s:
        pass
    percent = sampler.process_percent(os.getpid())
    assert percent is not None
    assert percent > 5
    assert 0 <= sampler.machine_percent() <= 100


def test_a_process_that_is_gone_takes_no_processor_time(child: subprocess.Popen[bytes]):
    sampler = CpuSampler()
    sampler.process_percent(child.pid)
    child.kill()
    child.wait()
    assert sampler.process_percent(child.pid) is None
    assert sampler.process_percent(child.pid) is None


def test_the_machine_has_at_least_one_core_if_it_says_so():
    assert (physical_cores() or 1) >= 1
