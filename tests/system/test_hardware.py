import os
import sys

import pytest

from desktop.system.hardware import describe_hardware, measure_memory_bandwidth, usable_cores


def test_the_machine_is_described():
    hardware = describe_hardware()
    assert hardware.cpu
    assert hardware.system
    assert 1 <= hardware.physical_cores <= hardware.logical_cores
    assert hardware.available_bytes <= hardware.total_bytes
    assert hardware.versions["llama-cpp-python"].startswith("0.3")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds a process to cores")
def test_cores_that_this_process_may_not_use_do_not_count():
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert usable_cores() == 1
        assert describe_hardware().logical_cores == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_the_bandwidth_is_that_of_a_computer():
    bytes_per_s = measure_memory_bandwidth(buffer_bytes=16 * 1024**2, rounds=2)
    assert 1e8 < bytes_per_s < 1e13
