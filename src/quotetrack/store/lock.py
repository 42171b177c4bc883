"""One run at a time on a database: a lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError

from quotetrack.store.engine import Sessions
from quotetrack.store.errors import StoreLocked


@contextmanager
def run_lock(url: str) -> Iterator[None]:
    """Hold the lock of a database: the file `NAME.lock` in its folder. Raises StoreLocked if another run holds it.

    The file stays when the lock ends, and names the process that held it last. A database in memory has no lock. Where
    the file cannot be made there is no lock either: opening the store then reports the reason.
    """
    path = _lock_path(url)
    if path is None:
        yield
        return
    holder = _process_in(path)  # read before the attempt, which empties the file in filelock 3
    lock = FileLock(path, blocking=False)
    try:
        lock.acquire()
    except Timeout as error:
        by_process = f" (process {holder})" if holder else ""
        name = str(path).removesuffix(".lock")
        raise StoreLocked(f"{name} is in use by another run{by_process}: try again when it has ended") from error
    except OSError:
        yield
        return
    try:
        with suppress(OSError):  # Windows lets nobody write a locked file: there the message names no process
            _write_process(path)
        yield
    finally:
        lock.release()


def _lock_path(url: str) -> Path | None:
    try:
        name = make_url(url).database
        if not name or name == ":memory:":
            return None
        path = Path(f"{name}.lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
    except (ArgumentError, OSError):
        return None


def _write_process(path: Path) -> None:
    """Write this process's id over what the file holds: a file that is emptied first is written through to the disk."""
    with path.open("r+", encoding="ascii") as file:
        file.write(str(os.getpid()))
        file.truncate()


def _process_in(path: Path) -> str | None:
    """Return the process id in a lock file, if there is one."""
    try:
        process = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return process if process.isdigit() else None


@contextmanager
def lock_of(sessions: Sessions) -> Iterator[None]:
    """Hold the lock of the database of these sessions, as `run_lock` does."""
    engine = sessions.kw["bind"]
    assert isinstance(engine, Engine)
    with run_lock(engine.url.render_as_string(hide_password=False)):
        yield
