"""The set of bytes that are there."""

import itertools

from desktop.hub.byte_ranges import ByteRanges


def test_spans_that_touch_or_overlap_become_one():
    ranges = ByteRanges([(10, 20), (30, 40), (20, 25), (24, 30), (50, 60)])
    assert ranges.spans == ((10, 40), (50, 60))
    assert ranges.total_bytes == 40


def test_the_prefix_ends_at_the_first_gap():
    ranges = ByteRanges([(10, 20)])
    assert ranges.prefix_bytes == 0
    ranges.add(0, 10)
    assert ranges.prefix_bytes == 20


def test_gaps_are_what_is_missing():
    ranges = ByteRanges([(10, 20), (30, 40)])
    assert list(ranges.gaps(50)) == [(0, 10), (20, 30), (40, 50)]
    assert list(ranges.gaps(40)) == [(0, 10), (20, 30)]
    assert list(ByteRanges([(0, 5)]).gaps(5)) == []
    assert list(ByteRanges().gaps(5)) == [(0, 5)]


def test_nothing_is_added_by_an_empty_span():
    assert ByteRanges([(5, 5), (7, 6)]).spans == ()


def test_it_holds_what_a_set_of_bytes_would_hold():
    some = list(itertools.combinations(range(7), 2))
    for spans in itertools.product(some, repeat=3):
        ranges = ByteRanges(spans)
        expected = {at for start, stop in spans for at in range(start, stop)}
        found = [at for start, stop in ranges.spans for at in range(start, stop)]
        missing = [at for start, stop in ranges.gaps(7) for at in range(start, stop)]
        assert found == sorted(expected)
        assert missing == sorted(set(range(7)) - expected)
        assert all(end < start for (_, end), (start, _) in itertools.pairwise(ranges.spans))
