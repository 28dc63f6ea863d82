"""The number of threads follows what the machine gives."""

import pytest

from desktop.engine.thread_governor import RISE_INTERVAL_S, WINDOW_S, ThreadGovernor


class Machine:
    """A machine whose clocks the test moves."""

    def __init__(self, cores: int) -> None:
        self.now_s = 0.0
        self.cpu_s = 0.0
        self.idle = 0.0
        self.governor = ThreadGovernor(
            cores, lambda: self.idle, lambda: self.now_s, lambda: self.cpu_s
        )

    def work(self, seconds: float, given_cores: float) -> int:
        """Compute for a while with that many cores, and return the threads chosen then."""
        self.now_s += seconds
        self.cpu_s += seconds * given_cores
        self.governor.tick()
        return self.governor.threads


def test_on_a_calm_machine_all_threads_compute() -> None:
    machine = Machine(4)
    assert [machine.work(0.1, 3.9) for _ in range(50)] == [4] * 50


def test_a_core_taken_by_another_program_costs_a_thread_at_once() -> None:
    machine = Machine(2)
    assert machine.work(WINDOW_S, 1.4) == 1


def test_as_many_threads_are_left_as_cores_were_given() -> None:
    assert Machine(8).work(0.1, 4.9) == 5


def test_one_thread_is_always_left() -> None:
    machine = Machine(2)
    machine.work(0.1, 0.2)
    assert machine.work(0.1, 0.1) == 1


def test_all_threads_come_back_when_the_cores_are_idle() -> None:
    machine = Machine(4)
    machine.work(0.1, 1.5)
    machine.idle = 2.0
    assert machine.work(RISE_INTERVAL_S, 2.0) == 4


@pytest.mark.parametrize("idle", [0.0, 0.5])
def test_the_number_does_not_swing_while_the_other_program_computes(idle: float) -> None:
    machine = Machine(2)
    machine.work(0.1, 1.2)
    machine.idle = idle
    assert [machine.work(0.2, 1.0) for _ in range(50)] == [1] * 50


def test_a_moment_too_short_to_judge_changes_nothing() -> None:
    machine = Machine(2)
    assert machine.work(WINDOW_S / 2, 0.0) == 2


def test_time_between_two_answers_does_not_count() -> None:
    machine = Machine(2)
    machine.now_s += 60
    machine.governor.begin()
    assert machine.work(0.1, 2.0) == 2
