"""Speed and time left, as the list of downloads shows them."""

from desktop.core.transfer_speed import TransferSpeed


def test_nothing_is_said_in_the_first_three_seconds():
    speed = TransferSpeed()
    assert speed.bytes_per_s is None
    for second in (0.0, 1.0, 2.9):
        speed.add(second, int(second * 100))
        assert speed.bytes_per_s is None
        assert speed.remaining_s(100) is None
    speed.add(3.0, 300)
    assert speed.bytes_per_s == 100
    assert speed.remaining_s(500) == 5


def test_it_is_the_average_over_the_last_five_seconds():
    speed = TransferSpeed()
    for second in range(20):
        speed.add(float(second), min(second, 10) * 1000)
    assert speed.bytes_per_s == 0
    assert speed.remaining_s(10) is None
    speed.add(20.0, 15_000)
    assert speed.bytes_per_s == 1000


def test_a_start_from_the_beginning_begins_anew():
    speed = TransferSpeed()
    speed.add(0.0, 5000)
    speed.add(4.0, 9000)
    speed.add(5.0, 100)
    assert speed.bytes_per_s is None
