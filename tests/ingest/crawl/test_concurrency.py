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
    values = list(interleave(streams, at_once))
    for stream, length in enumerate(lengths):
        assert [number for source, number in values if source == stream] == list(range(length))
    assert len(values) == sum(lengths)


def test_one_stream_is_read_while_another_pauses():
    all_running = threading.Barrier(6, timeout=5)

    def pausing():
        for number in range(5):
            all_running.wait()  # breaks unless all streams run at once
            yield number

    assert len(list(interleave([pausing() for _ in range(6)], 6))) == 30


def test_no_more_than_the_given_number_run_at_once():
    running, most = set(), []

    def stream(name):
        running.add(name)
        most.append(len(running))
        time.sleep(0.01)
        yield name
        running.discard(name)

    assert sorted(interleave(map(stream, range(9)), 3)) == list(range(9))
    assert max(most) <= 3


def test_reading_ahead_is_bounded():
    read = []

    def endless():
        while True:
            read.append(1)
            yield len(read)

    values = interleave([endless()], 1)
    assert [next(values) for _ in range(5)] == [1, 2, 3, 4, 5]
    time.sleep(0.05)
    assert len(read) <= 8
    values.close()


def test_an_error_of_a_stream_is_raised():
    def broken():
        yield 1
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError, match="a fault of ours"):
        list(interleave([broken()], 2))


def test_closing_the_iterator_ends_the_threads():
    def endless():
        while True:
            yield 1

    before = threading.active_count()
    values = interleave([endless(), endless()], 2)
    next(values)
    values.close()
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert threading.active_count() <= before
