"""The past runs of an open database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from quotetrack.api.connection import Connection, utc_now
from quotetrack.core.domain import Failure
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.texts import gettext
from quotetrack.pipeline.nightly import QuietSource, quiet_sources
from quotetrack.store.runs import Run, failures_of, read_run, read_runs

LIMIT = 20  # runs of a list


class RunNotFound(QuotetrackError):
    """No run has this number."""


class Runs:
    """The runs, with their counts and failures."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int = LIMIT) -> Sequence[Run]:
        """Return the runs, newest first."""
        with self._connection.session() as session:
            return read_runs(session, limit)

    def quiet(self) -> Sequence[QuietSource]:
        """Return the sources of the settings that have given no new article for the days that the settings say."""
        settings = self._connection.settings
        with self._connection.session() as session:
            return quiet_sources(session, settings.source, utc_now() - timedelta(days=settings.quiet_days))

    def show(self, run: int) -> tuple[Run, Sequence[Failure]]:
        """Return one run, and its failures in order. Raises RunNotFound."""
        with self._connection.session() as session:
            found = read_run(session, run)
            if found is None:
                raise RunNotFound(gettext("there is no run %(id)s", id=run))
            return found, failures_of(session, run)
