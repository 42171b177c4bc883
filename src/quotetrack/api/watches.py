"""The saved questions of an open database."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.api.connection import Connection, user_or, utc_now
from quotetrack.core.domain import Watch, WatchReport
from quotetrack.review import watches as review


class Watches:
    """The saved questions. Each night finds what answers them; a report lists what is new since the last one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, question: str, *, by: str | None = None) -> Watch:
        """Save a question. What answers it already counts as reported. Raises QuestionTooWide."""
        with self._connection.sessions() as sessions:
            return review.add(sessions, question, added_by=user_or(by), now=utc_now())[0]

    def list(self) -> Sequence[Watch]:
        """Return the saved questions, the oldest first."""
        with self._connection.sessions() as sessions:
            return review.saved(sessions)

    def remove(self, watch_id: int) -> Watch:
        """Remove a saved question, and return it. Raises WatchNotFound."""
        with self._connection.sessions() as sessions:
            return review.remove(sessions, watch_id, now=utc_now())

    def report(self, *, peek: bool = False) -> Sequence[WatchReport]:
        """Return what is new since the last report, by question. With `peek`, it is new in the next one again."""
        now = utc_now()
        with self._connection.sessions() as sessions:
            reports = review.report(sessions)
            if not peek:
                review.mark(sessions, utc_now(), now)
        return reports
