"""What comes in on a night, from the web or from files: each thing is on file when it is told here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from quotetrack.core.domain import Article, Failure
from quotetrack.ingest.outlets import UNKNOWN, Outlets
from quotetrack.store import Session, Sessions
from quotetrack.store.articles import OutletFacts, Taken, Taking, put_article
from quotetrack.store.crawl import put_last_gave, put_notes
from quotetrack.store.runs import put_failure

if TYPE_CHECKING:
    from quotetrack.ingest.html.quality_flags import QualityFlag

MOST_FAILURES_KEPT = 100  # in memory, to be told at the end; all of them are on file


class OutcomeKind(StrEnum):
    """What an arrival was."""

    LISTED = "listed"  # pages that no listing had named before
    NEW = "new"
    EDITED = "edited"
    UNCHANGED = "unchanged"
    UNREAD = "unread"  # a page on which no article was found
    GONE = "gone"
    DISALLOWED = "disallowed"
    NOT_A_PAGE = "not_a_page"
    LATER = "later"  # its host is to be left alone until the next run
    FAILED = "failed"


_WHAT = {Taking.NEW: OutcomeKind.NEW, Taking.EDITED: OutcomeKind.EDITED, Taking.UNCHANGED: OutcomeKind.UNCHANGED}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that came in: where it stands, and a reason where it gave no article."""

    source: str
    what: OutcomeKind
    where: str
    reason: str | None = None
    number: int = 1
    is_of_unknown_outlet: bool = False


@dataclass(frozen=True, slots=True)
class IntakeContext:
    """What every step that files something needs: the store, the run, and who the outlets are.

    `now` is the clock, with a zone; `evidence` the folder that keeps the bytes of pages, if any does.
    """

    sessions: Sessions
    run_id: int
    outlets: Outlets
    now: Callable[[], datetime]
    evidence: Path | None = None

    def failed(self, source: str, failure: Failure) -> Outcome:
        """Record what could not be read, in a transaction of its own."""
        with self.sessions.begin() as session:
            return self.put_failed(session, source, failure)

    def put_failed(self, session: Session, source: str, failure: Failure) -> Outcome:
        """Record what could not be read, in the caller's transaction."""
        put_failure(session, self.run_id, failure, self.now())
        return Outcome(source, OutcomeKind.FAILED, failure.where, failure.reason)

    def put(self, session: Session, article: Article) -> Taken:
        """File an article, in the caller's transaction; raises ValueError for what cannot be filed."""
        return put_article(session, article, self.run_id, self.now(), self._facts(article.outlet))

    def put_from(self, session: Session, source: str, article: Article, notes: Iterable[QualityFlag]) -> Taken:
        """The same for an article of a source, with what is to be known about it."""
        taken = self.put(session, article)
        put_notes(session, taken.version_id, [(str(note.kind), note.detail) for note in notes])
        if taken.taking is not Taking.UNCHANGED:
            put_last_gave(session, source, self.now())
        return taken

    def _facts(self, slug: str) -> OutletFacts | None:
        outlet = self.outlets.by_slug(slug)
        return OutletFacts(outlet.name, outlet.country, outlet.language, outlet.timezone) if outlet else None


def outcome_of(source: str, article: Article, taken: Taken, where: str) -> Outcome:
    """That an article is on file."""
    return Outcome(source, _WHAT[taken.taking], where, is_of_unknown_outlet=article.outlet == UNKNOWN)


@dataclass(slots=True)
class Tally:
    """What came in so far, by source; of the failures the first ones, or all."""

    most_failures: int | None = MOST_FAILURES_KEPT
    counts: dict[str, Counter[OutcomeKind]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    unknown_outlet: int = 0

    def counted(self, arrivals: Iterable[Outcome]) -> Iterator[Outcome]:
        """Count arrivals as they pass."""
        for arrival in arrivals:
            self.counts.setdefault(arrival.source, Counter())[arrival.what] += arrival.number
            self.unknown_outlet += arrival.is_of_unknown_outlet
            is_kept = self.most_failures is None or len(self.failures) < self.most_failures
            if arrival.what is OutcomeKind.FAILED and is_kept:
                self.failures.append(Failure(arrival.where, arrival.reason or ""))
            yield arrival

    def of(self, what: OutcomeKind) -> int:
        """How many of this kind came from all sources."""
        return sum(counts[what] for counts in self.counts.values())
