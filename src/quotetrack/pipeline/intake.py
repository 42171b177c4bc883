"""The context of a run, and the outcomes of taking articles in. An `Outcome` is given only after it is committed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.core.settings import Settings
from quotetrack.ingest.crawl.page_archive import archive
from quotetrack.ingest.outlets import Outlets
from quotetrack.store import Session, Sessions
from quotetrack.store import runs as run_store
from quotetrack.store.articles import OutletFacts, Taken, Taking, put_article, put_evidence, put_notes
from quotetrack.store.crawl import put_last_gave
from quotetrack.store.errors import UnstorableText, is_of_one_article

if TYPE_CHECKING:
    from quotetrack.ingest.html.quality_flags import QualityFlag

MOST_FAILURES_KEPT = 100  # in memory, to be printed at the end; the store keeps all of them


class OutcomeKind(StrEnum):
    """The kinds of outcome."""

    LISTED = "listed"  # pages that no listing had named before
    NEW = "new"
    EDITED = "edited"
    UNCHANGED = "unchanged"
    COMPLETED = "completed"  # its outlet or day was unknown, and now is not
    KEPT = "kept"  # less than the article stood at its address, or something else: the stored text stays
    REMOVED = "removed"  # a person removed the article: it is not taken in again
    UNREAD = "unread"  # a page on which no article was found
    GONE = "gone"
    DISALLOWED = "disallowed"
    NOT_A_PAGE = "not_a_page"
    LATER = "later"  # the host may not be asked again before the next run
    LEFT_OUT = "left_out"  # beyond a limit, or no article: nothing failed
    FAILED = "failed"


_KIND_OF_TAKING = {
    Taking.NEW: OutcomeKind.NEW,
    Taking.EDITED: OutcomeKind.EDITED,
    Taking.UNCHANGED: OutcomeKind.UNCHANGED,
    Taking.COMPLETED: OutcomeKind.COMPLETED,
    Taking.KEPT: OutcomeKind.KEPT,
    Taking.REMOVED: OutcomeKind.REMOVED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one page, article or file: its URL or path, and a reason where it gave no article.

    `number` counts pages where several were listed at once. `notice` says what of an article may be missing.
    """

    source: str
    kind: OutcomeKind
    where: str
    reason: str | None = None
    number: int = 1
    is_of_unknown_outlet: bool = False
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class RunContext:
    """The store, the id of the run, the outlets, the clock and the settings; `now` gives datetimes with a time zone."""

    sessions: Sessions
    run_id: int
    outlets: Outlets
    now: Callable[[], datetime]
    settings: Settings

    def record_failure(self, source: str, failure: Failure) -> Outcome:
        """Store a failure in its own transaction."""
        with self.sessions.begin() as session:
            return self.put_failure(session, source, failure)

    def put_failure(self, session: Session, source: str, failure: Failure) -> Outcome:
        """Store a failure in the caller's transaction."""
        run_store.put_failure(session, self.run_id, failure, self.now())
        return Outcome(source, OutcomeKind.FAILED, failure.where, failure.reason)

    def put_article(self, session: Session, article: Article, *, is_live: bool = False) -> Taken:
        """Store an article in the caller's transaction, and the bytes that were read, unless a setting says otherwise.

        `is_live`: it stands at its address now.
        The bytes are on disk before the transaction can be committed. Raises ValueError if the metadata are impossible,
        and OSError.
        """
        taken = put_article(
            session, article, self.run_id, self.now(), facts_of(self.outlets, article.outlet), is_live=is_live
        )
        if taken.version_id is None or taken.taking is Taking.KEPT:
            return taken
        if article.evidence is not None and article.evidence_sha256 is not None:
            is_evidence = put_evidence(session, taken.version_id, article.evidence_sha256)
            if is_evidence and self.settings.evidence is not None and self.settings.keep_files:
                archive(self.settings.evidence, article.evidence)
        return taken

    def put_source_article(
        self, session: Session, source: str, article: Article, flags: Iterable[QualityFlag], *, is_live: bool = False
    ) -> Taken:
        """Store an article that a source gave, with its quality notes. Raises ValueError as `put_article` does."""
        taken = self.put_article(session, article, is_live=is_live)
        if taken.version_id is not None and taken.taking is not Taking.KEPT:
            put_notes(session, taken.version_id, [(str(flag.kind), flag.detail) for flag in flags])
        if taken.taking in (Taking.NEW, Taking.EDITED):
            put_last_gave(session, source, self.now())
        return taken


def facts_of(outlets: Outlets, slug: str) -> OutletFacts:
    """Return what is known of an outlet; nothing of one that is in no list."""
    outlet = outlets.by_slug(slug)
    return OutletFacts(outlet.name, outlet.country, outlet.language, outlet.timezone) if outlet else OutletFacts()


def failure_of(where: str, error: Exception) -> Failure:
    """Return the failure of one article that cannot be stored. Raises the error again if no article could be."""
    if not is_of_one_article(error):
        raise error
    if isinstance(error, ValueError | UnstorableText) and not isinstance(error, UnicodeError):
        return Failure(where, str(error))  # impossible metadata: fetched at an hour without a time zone, for example
    return Failure(where, f"cannot be stored: {type(error).__name__}: {error}")


def outcome_of(source: str, taken: Taken, where: str) -> Outcome:
    """Return the outcome for an article that was stored, or that was removed before."""
    kind = _KIND_OF_TAKING[taken.taking]
    return Outcome(
        source, kind, where, taken.reason, is_of_unknown_outlet=taken.is_of_unknown_outlet, notice=taken.notice
    )


def outcome_of_left_out(source: str, left_out: LeftOut) -> Outcome:
    """Return the outcome for what a file or listing holds and no run takes."""
    return Outcome(source, OutcomeKind.LEFT_OUT, left_out.where, left_out.reason, left_out.number)


@dataclass(slots=True)
class Tally:
    """Counts of outcomes by source and kind, the first notices, and the first failures.

    Holds all failures if `most_failures` is None.
    """

    most_failures: int | None = MOST_FAILURES_KEPT
    counts: dict[str, Counter[OutcomeKind]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unknown_outlet: int = 0
    notices: list[Failure] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        """Add one outcome."""
        self.counts.setdefault(outcome.source, Counter())[outcome.kind] += outcome.number
        self.unknown_outlet += outcome.is_of_unknown_outlet
        if outcome.notice is not None and len(self.notices) < MOST_FAILURES_KEPT:
            self.notices.append(Failure(outcome.where, outcome.notice))
        has_room = self.most_failures is None or len(self.failures) < self.most_failures
        if outcome.kind is OutcomeKind.FAILED and has_room:
            self.failures.append(Failure(outcome.where, outcome.reason or ""))
        if outcome.kind is OutcomeKind.LEFT_OUT and len(self.left_out) < MOST_FAILURES_KEPT:
            self.left_out.append(LeftOut(outcome.where, outcome.reason or "", outcome.number))

    def number(self, kind: OutcomeKind) -> int:
        """Return the number of outcomes of this kind from all sources."""
        return sum(counts[kind] for counts in self.counts.values())
