"""Several streams at a time: while one newspaper's host rests, the others are read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

LOOKS_A_SECOND = 10  # whether anybody still wants to know, by a thread that waits to tell

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _StreamItem(Generic[T]):
    """What a thread has to tell: the next of a stream, or, without one, that it has ended, and why."""

    one: tuple[T, ...] = ()
    error: BaseException | None = None


def interleave(streams: Iterable[Iterator[T]], at_once: int) -> Iterator[T]:
    """What the streams give, as it comes: each in its own order, and `at_once` of them under way, a thread each.

    Nobody reads ahead: a thread goes on when what it told was taken or waits among `at_once` others. What a stream
    raises is raised here, and ends all.
    """
    waiting = deque(streams)
    told: Queue[_StreamItem[T]] = Queue(maxsize=at_once)
    is_over = Event()
    # Daemons: a run that is interrupted does not wait for a host that rests for two minutes.
    threads = [
        Thread(target=_read, args=(waiting, told, is_over), daemon=True) for _ in range(min(at_once, len(waiting)))
    ]
    try:
        for thread in threads:
            thread.start()
        under_way = len(threads)
        while under_way:
            heard = told.get()
            if heard.error is not None:
                raise heard.error
            yield from heard.one
            under_way -= not heard.one
    finally:
        is_over.set()


def _read(waiting: deque[Iterator[T]], told: Queue[_StreamItem[T]], is_over: Event) -> None:
    """Read one waiting stream after another until none is left, and then say so."""
    error = None
    try:
        while waiting and not is_over.is_set():
            try:
                stream = waiting.popleft()
            except IndexError:  # another thread was faster
                break
            for one in stream:
                if not _tell(_StreamItem((one,)), told, is_over):
                    return
    except BaseException as raised:
        error = raised
    _tell(_StreamItem(error=error), told, is_over)


def _tell(what: _StreamItem[T], told: Queue[_StreamItem[T]], is_over: Event) -> bool:
    """Whether somebody will hear it."""
    while not is_over.is_set():
        try:
            told.put(what, timeout=1 / LOOKS_A_SECOND)
            return True
        except Full:
            continue
    return False
