"""Read several streams at once: while the crawler pauses for one host, it reads the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

CHECK_INTERVAL = 0.1  # seconds after which a thread with an undelivered value checks whether the reader has stopped

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Message(Generic[T]):
    """A thread's message: the next value of a stream, or none where the thread has ended, with its error."""

    values: tuple[T, ...] = ()
    error: BaseException | None = None


def interleave(streams: Iterable[Iterator[T]], at_once: int) -> Iterator[T]:
    """Yield the values of all streams as they come, with at most `at_once` streams under way, in a thread each.

    The values of one stream keep their order; the order between streams is not defined. Reading ahead is bounded:
    at most `at_once` values wait, and one more in each thread. An error of a stream is raised here and ends all.
    A caller that closes the iterator ends the threads, each at its next value.
    """
    waiting = deque(streams)
    messages: Queue[_Message[T]] = Queue(maxsize=at_once)
    is_over = Event()
    # Daemon threads: an interrupted run does not wait for a thread that pauses two minutes for its host.
    threads = [
        Thread(target=_read, args=(waiting, messages, is_over), daemon=True) for _ in range(min(at_once, len(waiting)))
    ]
    try:
        for thread in threads:
            thread.start()
        running = len(threads)
        while running:
            message = messages.get()
            if message.error is not None:
                raise message.error
            if not message.values:
                running -= 1
            yield from message.values
    finally:
        is_over.set()


def _read(waiting: deque[Iterator[T]], messages: Queue[_Message[T]], is_over: Event) -> None:
    """Read one waiting stream after another until none is left, then send the end or the error."""
    error = None
    try:
        while waiting and not is_over.is_set():
            try:
                stream = waiting.popleft()
            except IndexError:  # another thread took the last one
                break
            for value in stream:
                if not _send(_Message((value,)), messages, is_over):
                    return
    except BaseException as raised:
        error = raised
    _send(_Message(error=error), messages, is_over)


def _send(message: _Message[T], messages: Queue[_Message[T]], is_over: Event) -> bool:
    """Wait for room in the queue, and return whether the message was delivered; False where the reader has stopped."""
    while not is_over.is_set():
        try:
            messages.put(message, timeout=CHECK_INTERVAL)
            return True
        except Full:
            continue
    return False
