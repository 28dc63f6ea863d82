from pathlib import Path

import pytest

from desktop.system.energy_probe import EnergyProbe


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def counters(tmp_path: Path) -> Path:
    for name in ("intel-rapl:0", "intel-rapl:1", "intel-rapl:0:0"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "max_energy_range_uj").write_text("1000000000\n", "ascii")
    count(tmp_path, 0, 0)
    return tmp_path


def count(counters: Path, first: int, second: int) -> None:
    (counters / "intel-rapl:0" / "energy_uj").write_text(f"{first}\n", "ascii")
    (counters / "intel-rapl:1" / "energy_uj").write_text(f"{second}\n", "ascii")
    (counters / "intel-rapl:0:0" / "energy_uj").write_text(f"{first}\n", "ascii")


def test_power_is_energy_over_time_of_all_packages(counters: Path):
    clock = Clock()
    probe = EnergyProbe(counters, clock)
    assert probe.watts() is None
    clock.now_s += 2
    count(counters, 30_000_000, 10_000_000)
    assert probe.watts() == pytest.approx(20)


def test_a_counter_that_begins_again_is_understood(counters: Path):
    clock = Clock()
    count(counters, 990_000_000, 0)
    probe = EnergyProbe(counters, clock)
    probe.watts()
    clock.now_s += 1
    count(counters, 5_000_000, 0)
    assert probe.watts() == pytest.approx(15)


def test_without_counters_there_is_no_figure(tmp_path: Path):
    probe = EnergyProbe(tmp_path)
    assert probe.watts() is None
    assert probe.watts() is None


def test_counters_that_cannot_be_read_any_more_give_no_figure(counters: Path):
    clock = Clock()
    probe = EnergyProbe(counters, clock)
    probe.watts()
    (counters / "intel-rapl:1" / "energy_uj").unlink()
    clock.now_s += 1
    assert probe.watts() is None
    count(counters, 0, 0)
    assert probe.watts() is None
    clock.now_s += 1
    assert probe.watts() == 0
