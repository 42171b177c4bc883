"""Saved questions: what people want to be told about after each night."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quotetrack.core.domain import Watch, WatchReport
from quotetrack.core.errors import QuotetrackError
from quotetrack.pipeline.steps.watch import new_utterances
from quotetrack.search.understanding import Understood, understand
from quotetrack.store import Sessions
from quotetrack.store.utterances import read_utterances
from quotetrack.store.watches import mark_reported, put_hits, put_watch, read_watches, remove_watch, unreported


class QuestionTooWide(QuotetrackError):
    """A question asks for everything, and would report every quotation."""


class WatchNotFound(QuotetrackError):
    """No saved question has this number."""


def add(sessions: Sessions, question: str, *, added_by: str, now: datetime) -> tuple[Watch, Understood]:
    """Save a question, and return it with how it is understood today. Saving it twice changes nothing.

    What answers it already counts as reported: reports list what comes later. Raises QuestionTooWide.
    """
    asked = " ".join(question.split())
    with sessions.begin() as session:
        understood = understand(session, asked, today=now.date())
        if understood.speaker_ids is None and understood.about is None and understood.outlet is None:
            raise QuestionTooWide("This question asks for everything: name a speaker, a topic or an outlet.")
        watch = put_watch(session, asked, added_by=added_by, now=now)
        if watch.added_at == now:
            put_hits(session, watch.id, new_utterances(session, watch, now), found_at=now, reported_at=now)
    return watch, understood


def remove(sessions: Sessions, watch_id: int, *, now: datetime) -> Watch:
    """Remove a saved question, and return it. Raises WatchNotFound."""
    with sessions.begin() as session:
        removed = remove_watch(session, watch_id, now)
    if removed is None:
        raise WatchNotFound(f"No saved question has the number {watch_id}. See `quotetrack watch list`.")
    return removed


def report(sessions: Sessions) -> list[WatchReport]:
    """Return what each saved question has found since the last report; questions without anything new are left out."""
    with sessions() as session:
        found = unreported(session)
        watches = [watch for watch in read_watches(session) if watch.id in found]
        reports = [WatchReport(each, tuple(read_utterances(session, found[each.id]))) for each in watches]
    return [each for each in reports if each.utterances]


def mark(sessions: Sessions, now: datetime, found_until: datetime) -> None:
    """Mark as reported what was found until a moment. Call it when the report has reached its reader."""
    with sessions.begin() as session:
        mark_reported(session, now, found_until)


def saved(sessions: Sessions) -> Sequence[Watch]:
    """Return the saved questions, the oldest first."""
    with sessions() as session:
        return read_watches(session)
