"""Take decisions from one database to another: export those in force, import those of somebody else.

Importing a file twice changes nothing. A decision about an article that is not there yet waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from quotetrack.core.domain import ArticleField, Failure
from quotetrack.core.settings import Settings
from quotetrack.ingest.outlets import Outlets
from quotetrack.pipeline.intake import facts_of
from quotetrack.review import articles
from quotetrack.review.annotations import (
    ArticleAnnotation,
    CorrectionAnnotation,
    Decision,
    JudgementAnnotation,
    SpeakerAnnotation,
)
from quotetrack.review.apply import Effect, apply_decision
from quotetrack.store import Session, Sessions, begin_naming
from quotetrack.store.article_decisions import import_article_decision, is_any_removed, read_article_decisions
from quotetrack.store.articles import put_outlet, stored_urls
from quotetrack.store.corrections import import_correction, read_corrections
from quotetrack.store.decisions import ImportResult, import_judgement, read_judgements
from quotetrack.store.speaker_decisions import import_speaker_decision, speaker_decisions_in_force
from quotetrack.store.worklists import Touched

DECISIONS_A_COMMIT = 100  # some tenths of a second, in which a run that is writing waits


@dataclass(slots=True)
class Imported:
    """What an import did: the number of decisions with each result, how many wait for an article, and what failed.

    `refused` has the number of each annotation that could not be stored, from 1, and why; `failures` are articles that
    could not be extracted again. `is_applied` is false where another run holds the lock: that run applies the decisions
    before it ends.
    """

    counts: dict[ImportResult, int] = field(default_factory=lambda: dict.fromkeys(ImportResult, 0))
    waiting: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    failures: Sequence[Failure] = ()
    is_applied: bool = True


def export_decisions(session: Session) -> list[Decision]:
    """Return all decisions in force as Web Annotations, those of each kind in the order in which they were made."""
    return [
        *(SpeakerAnnotation.of(decision) for decision in speaker_decisions_in_force(session)),
        *(CorrectionAnnotation.of(correction) for correction in read_corrections(session)),
        *(JudgementAnnotation.of(judgement) for judgement in read_judgements(session)),
        *(ArticleAnnotation.of(each) for each in read_article_decisions(session) if each.revoked_at is None),
    ]


def import_decisions(
    sessions: Sessions, annotations: Sequence[Decision], outlets: Outlets, *, now: datetime, settings: Settings
) -> Imported:
    """Store the decisions of another database (see `annotations.read_json`), and apply them.

    Raises LanguageModelMissing if an article has to be extracted again and there is no model: the next run does it.
    """
    imported, new = Imported(), _New()
    for start in range(0, len(annotations), DECISIONS_A_COMMIT):
        with sessions.begin() as session:
            begin_naming(session)
            for place, annotation in enumerate(annotations[start : start + DECISIONS_A_COMMIT], start + 1):
                try:
                    result = _import(session, annotation, outlets, new)
                except ValueError as error:
                    imported.refused.append((place, str(error)))
                else:
                    imported.counts[result] += 1
    urls = [_urls_of(annotation) for annotation in annotations]
    with sessions() as session:
        stored = stored_urls(session, {url for its_urls in urls for url in its_urls})
    imported.waiting = sum(not its_urls <= stored for its_urls in urls)
    if new.has_article_decision:
        failures = articles.apply(sessions, outlets, settings, lambda: now)
        imported.is_applied, imported.failures = failures is not None, failures or ()
    touched = Touched(sorted(new.speakers), sorted(new.articles & stored))
    if touched.speakers or touched.articles:
        effect = Effect.WORDS if new.corrected & stored else Effect.SPEAKERS if new.speakers else Effect.PAIRS
        imported.is_applied &= apply_decision(sessions, settings, now, touched, effect)
    return imported


@dataclass(slots=True)
class _New:
    """What new decisions are about: speakers by id, articles by URL, and those of the articles with a correction."""

    speakers: set[int] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    corrected: set[str] = field(default_factory=set)
    has_article_decision: bool = False


def _import(session: Session, annotation: Decision, outlets: Outlets, new: _New) -> ImportResult:
    """Store one decision, and add what it is about to `new` if it was not known. Raises ValueError."""
    by, at = annotation.creator.name, annotation.created
    is_of_words = isinstance(annotation, CorrectionAnnotation | JudgementAnnotation)
    if is_of_words and is_any_removed(session, _urls_of(annotation)):
        return ImportResult.OVERRULED  # its words would be stored again
    match annotation:
        case CorrectionAnnotation(target=target):
            result = import_correction(
                session,
                target.source,
                target.anchor,
                annotation.decision,
                annotation.value,
                decided_by=by,
                at=at,
                reason=annotation.reason,
                target=annotation.chosen,
            )
        case JudgementAnnotation(target=(left, right)):
            result = import_judgement(
                session,
                ((left.source, left.anchor), (right.source, right.anchor)),
                same=annotation.decision == "same",
                decided_by=by,
                at=at,
                reason=annotation.reason,
            )
        case SpeakerAnnotation():
            result, speakers = import_speaker_decision(session, annotation.speaker_decision)
            if result is ImportResult.NEW:
                new.speakers |= speakers
        case ArticleAnnotation(target=url):
            if annotation.decision is ArticleField.OUTLET and annotation.value:
                put_outlet(session, annotation.value, facts_of(outlets, annotation.value))
            result = import_article_decision(
                session,
                url,
                annotation.decision,
                annotation.value,
                decided_by=by,
                at=at,
                reason=annotation.reason,
            )
            new.has_article_decision |= result is ImportResult.NEW
    if result is ImportResult.NEW:
        new.articles |= _urls_of(annotation)
        if isinstance(annotation, CorrectionAnnotation):
            new.corrected.add(annotation.target.source)
    return result


def _urls_of(annotation: Decision) -> set[str]:
    """Return the articles that an annotation is about."""
    match annotation:
        case CorrectionAnnotation(target=target):
            return {target.source}
        case JudgementAnnotation(target=targets):
            return {target.source for target in targets}
        case ArticleAnnotation(target=url):
            return {url}
    return set()
