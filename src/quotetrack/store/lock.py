"""One run at a time on a database: a lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from quotetrack.store.backends import backend_at
from quotetrack.store.engine import Sessions, parse_url
from quotetrack.store.errors import StoreError


@contextmanager
def run_lock(url: str) -> Iterator[None]:
    """Hold the lock of a database. Raises StoreLocked if another run holds it, and StoreError for no answer.

    A URL of no database has no lock: opening the store then reports the reason.
    """
    try:
        parsed = parse_url(url)
    except StoreError:
        yield
        return
    with backend_at(parsed).run_lock(parsed):
        yield


@contextmanager
def lock_of(sessions: Sessions) -> Iterator[None]:
    """Hold the lock of the database of these sessions, as `run_lock` does."""
    engine = sessions.kw["bind"]
    assert isinstance(engine, Engine)
    with run_lock(engine.url.render_as_string(hide_password=False)):
        yield
