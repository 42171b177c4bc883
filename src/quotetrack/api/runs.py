"""The past runs of an open database."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.api.connection import Connection
from quotetrack.core.domain import Failure
from quotetrack.core.errors import QuotetrackError
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

    def show(self, run: int) -> tuple[Run, Sequence[Failure]]:
        """Return one run, and its failures in order. Raises RunNotFound."""
        with self._connection.session() as session:
            found = read_run(session, run)
            if found is None:
                raise RunNotFound(f"there is no run {run}")
            return found, failures_of(session, run)
