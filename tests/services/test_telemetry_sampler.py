"""What the sampler sees: real numbers, and None where there is nothing to see."""

import pytest

from desktop.core.telemetry import MachineSnapshot
from desktop.services.telemetry_sampler import TelemetrySampler


@pytest.fixture
def sampler(engine):
    sampler = TelemetrySampler(engine)
    yield sampler
    sampler.stop()


@pytest.fixture
def sample(qtbot, sampler):
    def sample() -> MachineSnapshot:
        with qtbot.waitSignal(sampler.snapshot_taken) as taken:
            sampler.sample()
        return taken.args[0]

    return sample


def test_the_machine_and_the_app_are_seen_without_an_engine(sample):
    snapshot = sample()
    assert snapshot.engine is None
    assert snapshot.engine_cpu_percent is None
    assert 0 < snapshot.available_bytes < snapshot.total_bytes
    assert 20e6 < snapshot.app.rss_bytes < snapshot.total_bytes
    assert 0 <= snapshot.machine_cpu_percent <= 100


def test_a_sensor_that_is_missing_is_none_and_never_zero(sample):
    sample()
    snapshot = sample()
    assert snapshot.power_watts is None or snapshot.power_watts > 0
    for device in snapshot.devices:
        assert device.total_bytes is None or device.total_bytes > 0


@pytest.mark.slow
def test_an_engine_at_work_is_seen(sample, load, ask, heard, engine, wait_for, talker):
    load(talker)
    ask()
    wait_for(lambda: len(heard.all("tokens_received")) > 3)
    snapshot = sample()
    assert snapshot.engine_cpu_percent > 1
    breakdown = engine.status.facts.memory
    assert breakdown.context_bytes < snapshot.engine.rss_bytes < snapshot.total_bytes
    assert snapshot.engine.pss_bytes is None or snapshot.engine.pss_bytes > 10e6


@pytest.mark.slow
def test_an_engine_that_is_gone_is_not_seen_any_more(sample, load, engine, greeter):
    load(greeter)
    assert sample().engine is not None
    engine.shut_down()
    snapshot = sample()
    assert snapshot.engine is None
    assert snapshot.engine_cpu_percent is None


@pytest.mark.slow
def test_snapshots_come_by_themselves_until_it_is_stopped(qtbot, sampler):
    taken = []
    sampler.snapshot_taken.connect(taken.append)
    sampler.start()
    assert len(taken) == 1
    qtbot.waitUntil(lambda: len(taken) == 3)
    sampler.stop()
    sampler.stop()
