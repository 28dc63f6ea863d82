import pytest
from PySide6.QtCore import QElapsedTimer, QObject

from desktop.ui.status.refresh_pace import INTERVAL_MS, RefreshPace


class Counter(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.times_ms: list[int] = []
        self.clock = QElapsedTimer()
        self.clock.start()

    def count(self) -> None:
        self.times_ms.append(self.clock.elapsed())


@pytest.fixture
def counter(qapp) -> Counter:
    return Counter()


@pytest.fixture
def pace(counter: Counter) -> RefreshPace:
    pace = RefreshPace(counter)
    pace.due.connect(counter.count)
    return pace


def test_the_first_request_is_served_at_once(pace: RefreshPace, counter: Counter):
    pace.request()
    assert len(counter.times_ms) == 1


def test_many_requests_make_at_most_four_refreshes_a_second(
    pace: RefreshPace, counter: Counter, qtbot
):
    for _ in range(100):
        pace.request()
    assert len(counter.times_ms) == 1
    qtbot.waitUntil(lambda: len(counter.times_ms) == 2)
    assert counter.times_ms[1] - counter.times_ms[0] >= INTERVAL_MS - 15


def test_a_refresh_at_once_serves_what_was_waiting(pace: RefreshPace, counter: Counter, qtbot):
    pace.request()
    pace.request()
    pace.refresh()
    assert len(counter.times_ms) == 2
    pace.request()
    qtbot.waitUntil(lambda: len(counter.times_ms) == 3)
    assert counter.times_ms[2] - counter.times_ms[1] >= INTERVAL_MS - 15
