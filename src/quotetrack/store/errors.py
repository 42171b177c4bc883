"""Errors of the store, as messages that a user can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from quotetrack.core.errors import QuotetrackError
from quotetrack.store.backends import sqlite


class StoreError(QuotetrackError):
    """The store cannot be used. The message names it and says what to do."""


class StoreLocked(StoreError):
    """Another run holds the lock, or another process wrote for longer than the time-out."""

    exit_code = 75


@contextmanager
def translate_errors(url: str) -> Iterator[None]:
    """Raise StoreError for errors of the driver that a user can solve; raise every other error as it is."""
    try:
        yield
    except (DBAPIError, sqlite.DriverError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        store_error = _as_store_error(name_of(url), cause)
        if store_error is None:
            raise
        raise store_error from error


def is_of_one_article(error: Exception) -> bool:
    """Return whether an error comes from the values of one article, so that the next article may do better.

    A full disk, a locked or damaged database, a missing file of ours and a want of memory stop every article.
    """
    if isinstance(error, DBAPIError):
        return not isinstance(error, OperationalError) and sqlite.problem_of(error.orig) is None
    return not isinstance(error, OSError | ImportError | MemoryError | QuotetrackError | sqlite.DriverError)


def name_of(url: str) -> str:
    """Return how messages name a database: the file of a SQLite URL, or the URL without its password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return url
    return parsed.database or str(parsed)


def _as_store_error(name: str, cause: BaseException | None) -> StoreError | None:
    if sqlite.is_locked(cause):
        return StoreLocked(f"{name} is in use by another run of quotetrack: try again when it has ended")
    problem = sqlite.problem_of(cause)
    return StoreError(f"{name} {problem}") if problem else None
