import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.ingest.crawl.concurrency import interleave


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=6), st.integers(1, 4))
def test_nothing_is_lost_and_each_stream_keeps_its_order(lengths, at_once):
    streams = [iter([(stream, number) for number in range(length)]) for stream, length in enumerate(lengths)]
    told = list(interleave(streams, at_once))
    for stream, length in enumerate(lengths):
        assert [number for one, number in told if one == stream] == list(range(length))
    assert len(told) == sum(lengths)


def test_one_newspaper_is_read_while_another_rests():
    def resting():
        for number in range(5):
            time.sleep(0.05)
            yield number

    began = time.monotonic()
    assert len(list(interleave([resting() for _ in range(6)], 6))) == 30
    assert time.monotonic() - began < 0.9  # one after another takes 1.5


def test_no_more_than_so_many_at_once():
    under_way, most = set(), []

    def stream(name):
        under_way.add(name)
        most.append(len(under_way))
        time.sleep(0.01)
        yield name
        under_way.discard(name)

    assert sorted(interleave(map(stream, range(9)), 3)) == list(range(9))
    assert max(most) <= 3


def test_nobody_reads_far_ahead():
    read = []

    def endless():
        while True:
            read.append(1)
            yield len(read)

    told = interleave([endless()], 1)
    assert [next(told) for _ in range(5)] == [1, 2, 3, 4, 5]
    time.sleep(0.05)
    assert len(read) <= 8
    told.close()


def test_what_a_stream_raises_is_raised():
    def broken():
        yield 1
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError, match="a fault of ours"):
        list(interleave([broken()], 2))


def test_who_stops_listening_leaves_no_thread_behind():
    def endless():
        while True:
            yield 1

    before = threading.active_count()
    told = interleave([endless(), endless()], 2)
    next(told)
    told.close()
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert threading.active_count() <= before
