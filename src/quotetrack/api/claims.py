"""The talking points of an open database: statements of any speakers to one effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from quotetrack.api.connection import Connection, check_limit, moment_of, utc_now
from quotetrack.core.domain import day_of
from quotetrack.pipeline.steps import group_points
from quotetrack.pipeline.steps.group_points import Grouped
from quotetrack.review.speakers import find_speaker
from quotetrack.search.talking_points import TalkingPoint, find_point, list_points
from quotetrack.store.lock import run_lock
from quotetrack.store.talking_points import PointsState, points_state


class Claims:
    """The talking points. `update` finds them; until then there are none, or those of the last update."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def update(self) -> Grouped:
        """Group all statements afresh; a point keeps its number. Raises StoreLocked while another run has the lock."""
        with run_lock(self._connection.url), self._connection.sessions() as sessions:
            return group_points.run(sessions, self._connection.settings, utc_now)

    def list(
        self,
        *,
        about: str | None = None,
        speaker: int | str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        limit: int | None = None,
    ) -> Sequence[TalkingPoint]:
        """Return the talking points with the most speakers first, all without a `limit`.

        Only those of which a statement has a word of the topic `about`, one is by this speaker, and one may have been
        said in these days. Raises SpeakerNotFound and WrongArgument.
        """
        check_limit(limit)
        with self._connection.session() as session:
            return list_points(
                session,
                about=about,
                speaker_ids=None if speaker is None else find_speaker(session, speaker).ids,
                since=day_of(moment_of(since)),
                until=day_of(moment_of(until)),
            )[:limit]

    def show(self, number: int) -> TalkingPoint:
        """Return a talking point, or the one it was merged into. Raises PointNotFound."""
        with self._connection.session() as session:
            return find_point(session, number)

    def state(self) -> PointsState:
        """Return whether there are talking points, when the last update began, and whether statements came since."""
        with self._connection.session() as session:
            return points_state(session)
