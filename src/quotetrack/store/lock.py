"""One run at a time on a database: a lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from quotetrack.store.errors import StoreLocked


@contextmanager
def run_lock(url: str) -> Iterator[None]:
    """Hold the lock of a database, the file `NAME.lock` beside it; raises StoreLocked where another run holds it.

    The file stays: whoever removed it could remove it from under a run that has just opened it. A database in memory
    has no lock.
    """
    lock = _opened(url)
    if lock is None:
        yield
        return
    import fcntl  # not on Windows, where commands that take no lock work all the same

    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            process = lock.read().strip()
            by_whom = f" (process {process})" if process.isdigit() else ""
            name = lock.name.removesuffix(".lock")
            raise StoreLocked(f"{name} is in use by another run{by_whom}: try again when it has ended") from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _opened(url: str) -> IO[str] | None:
    """The lock's file; None where there can be none: then opening the store says what is wrong, if anything is."""
    try:
        name = make_url(url).database
        if not name or name == ":memory:":
            return None
        path = Path(f"{name}.lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="ascii")
    except (ArgumentError, OSError):
        return None
