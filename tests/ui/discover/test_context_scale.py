import pytest

from desktop.ui.discover.context_scale import ContextScale


def test_there_are_four_stops_to_each_doubling_and_the_limit_is_the_last():
    stops = ContextScale.between(512, 4096).stops
    assert stops == (1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096)
    assert ContextScale.between(512, 5000).stops[-2:] == (4096, 5000)


def test_every_stop_but_the_limit_is_what_llama_cpp_would_pad_to():
    stops = ContextScale.between(512, 131_072).stops
    assert [stop % 256 for stop in stops[:-1]] == [0] * (len(stops) - 1)


def test_a_short_limit_leaves_a_single_stop():
    scale = ContextScale.between(512, 700)
    assert scale.stops == (700,)
    assert scale.ticks() == (700,)
    assert scale.place_of(700) == 1.0


def test_equal_factors_are_equally_far_apart():
    scale = ContextScale.between(1024, 8192)
    places = [scale.place_of(tokens) for tokens in (1024, 2048, 4096, 8192)]
    assert places == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert scale.ticks() == (1024, 2048, 4096, 8192)


def test_a_length_between_two_stops_belongs_to_the_shorter():
    scale = ContextScale.between(1024, 8192)
    assert scale.stops[scale.index_of(2100)] == 2048
    assert scale.index_of(5) == 0
    assert scale.stops[scale.index_of(10**9)] == 8192


def test_what_would_be_loaded_can_be_made_a_stop():
    scale = ContextScale.between(1024, 8192).with_stop(3328)
    assert scale.stops[scale.index_of(3328)] == 3328
    assert ContextScale.between(1024, 8192).with_stop(99_999).stops[-1] == 8192
