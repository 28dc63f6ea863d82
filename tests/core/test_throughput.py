import pytest

from desktop.core.throughput import ThroughputMeter, decode_speed


def meter_after(*stamps_s: float) -> ThroughputMeter:
    meter = ThroughputMeter()
    meter.add(stamps_s)
    return meter


@pytest.mark.parametrize(
    ("count", "first_s", "last_s", "speed"),
    [
        (3, 10.0, 10.5, 4.0),
        (2, 0.0, 2.0, 0.5),
        (1, 5.0, 5.0, None),
        (0, None, None, None),
        (2, 5.0, 5.0, None),
        (2, 5.0, 4.0, None),
        (2, None, 4.0, None),
        (2, 4.0, None, None),
    ],
)
def test_speed_is_intervals_by_time(
    count: int, first_s: float | None, last_s: float | None, speed: float | None
) -> None:
    assert decode_speed(count, first_s, last_s) == speed


@pytest.mark.parametrize("stamps_s", [(), (7.0,)])
def test_fewer_than_two_tokens_have_no_speed(stamps_s: tuple[float, ...]) -> None:
    meter = meter_after(*stamps_s)
    assert meter.now is None
    assert meter.average is None
    assert meter.token_count == len(stamps_s)


def test_a_steady_pace_is_the_speed_now_and_on_average() -> None:
    meter = meter_after(*(100 + step / 50 for step in range(200)))
    assert meter.now == pytest.approx(50)
    assert meter.average == pytest.approx(50)
    assert meter.token_count == 200


def test_batches_count_like_single_tokens() -> None:
    whole = meter_after(1.0, 1.1, 1.2, 1.4)
    parts = meter_after(1.0)
    parts.add(())
    parts.add((1.1, 1.2))
    parts.add((1.4,))
    assert (parts.now, parts.average, parts.token_count) == (
        whole.now,
        whole.average,
        whole.token_count,
    )


def test_the_speed_now_follows_a_change_within_a_second() -> None:
    meter = meter_after(*(step / 100 for step in range(100)))
    meter.add(tuple(1 + step / 10 for step in range(20)))
    assert meter.now == pytest.approx(10)
    assert meter.average == pytest.approx(119 / 2.9)


def test_a_model_slower_than_a_token_a_second_has_a_speed() -> None:
    meter = meter_after(0.0, 4.0, 8.0)
    assert meter.now == pytest.approx(0.25)
    assert meter.average == pytest.approx(0.25)


def test_after_a_pause_the_speed_now_is_low() -> None:
    meter = meter_after(0.0, 0.01, 0.02, 0.03)
    meter.add((5.03,))
    assert meter.now == pytest.approx(1 / 5.0)
