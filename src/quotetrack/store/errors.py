"""What can go wrong with a store, reported so that a person can act on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from quotetrack.core.errors import QuotetrackError


class StoreError(QuotetrackError):
    """The store cannot be used; the message names it and says what to do."""


class StoreLocked(StoreError):
    """Another process is writing, and did not finish within the time-out."""

    exit_code = 75


# By SQLite's primary result code (the lower byte of the extended one). Each is a sentence about the database.
_TOLD = {
    sqlite3.SQLITE_READONLY: "cannot be written: make the file and its folder writable, or name another database",
    sqlite3.SQLITE_CORRUPT: "is damaged: restore it from a copy, or save what can be read with `sqlite3 FILE .recover`",
    sqlite3.SQLITE_NOTADB: "is not a SQLite database: name another database, or move this file away",
    sqlite3.SQLITE_FULL: "does not fit on its disk: free some space and run it again; what was committed is kept",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: does its folder exist, and may you read and write in it?",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error, or is full",
    sqlite3.SQLITE_PERM: "cannot be opened: you may not read or write it",
}
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PRIMARY = 0xFF


@contextmanager
def translate_errors(url: str) -> Iterator[None]:
    """Any work with the store at `url`: what a user can mend comes out as StoreError, our own faults as they are."""
    try:
        yield
    except DBAPIError as error:
        failure = _as_store_error(name_of(url), error.orig)
        if failure is None:
            raise
        raise failure from error


def name_of(url: str) -> str:
    """The file of a SQLite URL, as a message names it; any other URL without its password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return url
    return parsed.database or str(parsed)


def _as_store_error(name: str, cause: BaseException | None) -> StoreError | None:
    code = getattr(cause, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return None
    if code & _PRIMARY in _LOCKED:
        return StoreLocked(f"{name} is in use by another run of quotetrack: try again when it has ended")
    sentence = _TOLD.get(code & _PRIMARY)
    return StoreError(f"{name} {sentence}") if sentence else None
