"""Find what answers the saved questions."""

from __future__ import annotations

from datetime import datetime

from quotetrack.core.domain import Watch
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.search.analysis import utterances_on
from quotetrack.search.understanding import understand
from quotetrack.store import Session, Sessions
from quotetrack.store.watches import known_utterances, put_hits, read_watches


def run(sessions: Sessions, now: datetime, on_progress: OnProgress = ignore_progress) -> None:
    """Store for each saved question the utterances that answer it and are not known yet. One transaction a question."""
    with sessions() as session:
        watches = read_watches(session)
    for done, watch in enumerate(watches):
        on_progress("watching", done, len(watches))
        with sessions.begin() as session:
            put_hits(session, watch.id, new_utterances(session, watch, now), found_at=now, reported_at=None)
    on_progress("watching", len(watches), len(watches))


def new_utterances(session: Session, watch: Watch, now: datetime) -> list[int]:
    """Return the utterances that the question asks for and that name its topic, without those that are known.

    "since November" counts from the day of `now`.
    """
    understood = understand(session, watch.question, today=now.date())
    known = known_utterances(session, watch.id)
    found = utterances_on(session, understood).utterances
    return [utterance.id for utterance in found if utterance.id not in known]
