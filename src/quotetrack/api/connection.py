"""The open database that the objects of the Python interface share, and what they ask of their arguments."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from os import PathLike, fspath
from pathlib import Path

from quotetrack.core.errors import QuotetrackError
from quotetrack.core.settings import Settings
from quotetrack.core.texts import gettext
from quotetrack.ingest.timestamps import read_moment
from quotetrack.store import Session, Sessions, StoreError, begin_reading, close_store, translate_errors
from quotetrack.store.errors import name_of


class WrongArgument(QuotetrackError):
    """An argument cannot be used: it is no day, or names nothing that is stored, for example."""


class Connection:
    """An open database with its settings. Each call uses its own session, so that several threads may call at once."""

    def __init__(self, url: str, sessions: Sessions, settings: Settings) -> None:
        self.url = url
        self.settings = settings
        self._sessions = sessions
        self._is_open = True

    @property
    def name(self) -> str:
        """The file of the database."""
        return name_of(self.url)

    @contextmanager
    def sessions(self) -> Iterator[Sessions]:
        """Give the sessions to use cases, which begin their own. Raises StoreError, also if the database is closed."""
        if not self._is_open:
            raise StoreError(f"{self.name} is closed: open it again with quotetrack.open")
        with translate_errors(self.url):
            yield self._sessions

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session for reading, in which the database stays as it is, also while another process writes.

        Raises StoreError, also if the database is closed.
        """
        with self.sessions() as sessions, sessions() as session:
            begin_reading(session)
            yield session

    def close(self) -> None:
        """Close the connections. Closing twice is allowed."""
        self._is_open = False
        close_store(self._sessions)


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def user_or(name: str | None) -> str:
    """Return the name of the person who decides: the given one, else that of the user. Raises WrongArgument."""
    try:
        return name or getpass.getuser()
    except (KeyError, OSError) as error:  # no USER, and no entry of this user in the system
        raise WrongArgument(gettext("this user has no name: say who decides, with by=NAME")) from error


def path_of(file: str | PathLike[str]) -> Path:
    """Return the path of a file that a user names; `~` is the home folder."""
    return Path(fspath(file)).expanduser()


def check_limit(limit: int | None) -> None:
    """Raise WrongArgument for a limit below 1; None is no limit."""
    if limit is not None and limit < 1:
        raise WrongArgument("a limit is 1 or more")


def moment_of(given: date | str | None) -> date | None:
    """Return a day or moment that is given as such or as text. Raises WrongArgument for text that is not a date."""
    if given is None or isinstance(given, date):
        return given
    moment = read_moment(given)
    if moment is None:
        raise WrongArgument(gettext("%(given)r is not a date: write 2026-03-11", given=given))
    return moment
