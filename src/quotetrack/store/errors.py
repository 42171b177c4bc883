"""Errors of the store, as messages that a user can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from quotetrack.core.errors import QuotetrackError
from quotetrack.core.texts import gettext
from quotetrack.store.backends import POSTGRESQL, SQLITE, Backend, backend_named

TOO_LARGE = "54"  # the class of SQLSTATE for a value that an index or a type cannot hold, such as a very long URL
_SECRETS = ("password", "sslpassword")  # options in the query of a URL that no message prints

DriverError = sqlite3.Error  # raised as it is by what does not go through SQLAlchemy: SQLite's online backup


class StoreError(QuotetrackError):
    """The store cannot be used. The message names it and says what to do."""


class StoreLocked(StoreError):
    """Another run holds the lock, or another process wrote for longer than the time-out."""

    exit_code = 75


class UnstorableText(QuotetrackError):
    """A text has a character that the system of the database cannot store."""


@contextmanager
def translate_errors(url: str) -> Iterator[None]:
    """Raise StoreError for errors of the driver that a user can solve; raise every other error as it is."""
    try:
        yield
    except (DBAPIError, DriverError) as error:
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
        if str(getattr(error.orig, "sqlstate", None) or "").startswith(TOO_LARGE):
            return True
        return not isinstance(error, OperationalError) and _backend_of(error.orig).problem_of(error.orig) is None
    if isinstance(error, UnstorableText):
        return True
    return not isinstance(error, OSError | ImportError | MemoryError | QuotetrackError | DriverError)


def name_of(url: str) -> str:
    """Return how messages name a database: the file of a SQLite URL, or the URL without its password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return _without_user(url)
    return parsed.database if parsed.database and parsed.drivername.startswith(SQLITE) else printed_url(parsed)


def shown_url(url: str) -> str:
    """Return the URL of a database without its password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return _without_user(url)
    is_secret = parsed.password is not None or any(key in parsed.query for key in _SECRETS)
    return printed_url(parsed) if is_secret else url


def printed_url(url: URL) -> str:
    """Return a URL as messages print it, with *** for the password, also where it stands in the query."""
    secrets = {key: "***" for key in _SECRETS if key in url.query}
    return url.update_query_dict(secrets).render_as_string(hide_password=True).replace("%2A%2A%2A", "***")


def _without_user(url: str) -> str:
    """Return what is no URL without what stands before "@", which may hold a password."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme}://***@{rest.rpartition('@')[2]}" if separator and "@" in rest else url


def _as_store_error(name: str, cause: BaseException | None) -> StoreError | None:
    backend = _backend_of(cause)
    if backend.is_locked(cause):
        return StoreLocked(
            gettext("%(name)s is in use by another run of quotetrack: try again when it has ended", name=name)
        )
    problem = backend.problem_of(cause)
    return StoreError(f"{name} {problem}") if problem else None


def locked_by_a_run(name: str, process: str) -> StoreLocked:
    """Return the error that a run of this process has the database; the process is empty where it is not known."""
    if not process:
        return StoreLocked(gettext("%(name)s is in use by another run: try again when it has ended", name=name))
    return StoreLocked(
        gettext(
            "%(name)s is in use by another run (process %(process)s): try again when it has ended",
            name=name,
            process=process,
        )
    )


def _backend_of(cause: BaseException | None) -> Backend:
    return backend_named(SQLITE if isinstance(cause, sqlite3.Error) else POSTGRESQL)
