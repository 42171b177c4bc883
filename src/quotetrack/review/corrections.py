"""Corrections of one quotation: record what a person decided, then correct and link the article's quotations again."""

from __future__ import annotations

from datetime import datetime

from quotetrack.core.corrections import find_words, named_check, read_days
from quotetrack.core.domain import Anchor, Correction, CorrectionFault, Span
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.settings import Settings
from quotetrack.core.texts import gettext
from quotetrack.review.apply import Effect, Recorded, apply_decision
from quotetrack.store import Session, Sessions
from quotetrack.store.articles import text_of_article
from quotetrack.store.corrections import put_correction, read_corrections, revoke_correction
from quotetrack.store.decisions import anchor_at, anchor_of_sighting, version_of_sighting
from quotetrack.store.fact_checks import read_fact_check
from quotetrack.store.reported import anchor_of_reported
from quotetrack.store.sightings import read_sightings
from quotetrack.store.utterances import read_utterance, utterance_ids
from quotetrack.store.worklists import Touched

_OF_REPORTED = {
    CorrectionFault.SPEAKER: CorrectionFault.REPORTED_SPEAKER,
    CorrectionFault.DAY: CorrectionFault.REPORTED_DAY,
    CorrectionFault.NOT_A_QUOTATION: CorrectionFault.NOT_REPORTED,
}


class WordsNotFound(QuotetrackError):
    """The article does not have these words, or has them at several places."""


def correct(
    sessions: Sessions,
    sighting: int,
    fault: CorrectionFault,
    value: str | None,
    *,
    decided_by: str,
    now: datetime,
    settings: Settings,
    reason: str | None = None,
    everywhere: bool = False,
) -> list[Recorded]:
    """Record what is wrong with a sighting, and correct it.

    `value` is the speaker's name, the days (see `read_days`), the words to choose in the article instead, or what names
    a fact-check (`named_check`); None for `NOT_A_QUOTATION`. With `everywhere` the same is recorded for every sighting
    of the utterance. Raises LookupError for an id that is no sighting, InvalidDays, and WordsNotFound; then nothing is
    recorded.
    """
    if fault is CorrectionFault.MISSED:
        raise ValueError("a sighting is not missed: see add_missed")
    if fault is CorrectionFault.DAY:
        read_days(value or "")
    reason = reason or None
    ids, urls = [], set()
    with sessions.begin() as session:
        for each in _same_utterance(session, sighting) if everywhere else [sighting]:
            url, anchor = anchor_of_sighting(session, each)
            target = _chosen(session, each, value or "") if fault is CorrectionFault.WORDS else None
            kept = value if target is None else None
            correction_id = put_correction(
                session, url, anchor, fault, kept, decided_by=decided_by, now=now, reason=reason, target=target
            )
            ids.append(correction_id)
            urls.add(url)
        agreed = {each.id for each in read_corrections(session, ids) if each.decided_by != decided_by}
    effects = {CorrectionFault.WORDS: Effect.WORDS, CorrectionFault.DAY: Effect.DAYS}
    effect = effects.get(fault, Effect.QUOTATIONS)
    is_applied = apply_decision(sessions, settings, now, Touched(articles=sorted(urls)), effect)
    return [Recorded(correction_id, is_applied, is_agreement=correction_id in agreed) for correction_id in ids]


def correct_reported(
    sessions: Sessions,
    number: int,
    fault: CorrectionFault,
    value: str | None,
    *,
    decided_by: str,
    now: datetime,
    settings: Settings,
    reason: str | None = None,
) -> Recorded:
    """Record what is wrong with a reported statement, given by the number behind its r, and correct it.

    The fault is that of a quotation: speaker, day, or that it is none. Raises LookupError for a number that is no
    reported statement, InvalidDays, and ValueError for another fault; then nothing is recorded.
    """
    if fault not in _OF_REPORTED:
        raise ValueError("the words of a reported statement are the reporter's: correct the speaker or the day")
    if fault is CorrectionFault.DAY:
        read_days(value or "")
    with sessions.begin() as session:
        url, anchor = anchor_of_reported(session, number)
        correction_id = put_correction(
            session, url, anchor, _OF_REPORTED[fault], value, decided_by=decided_by, now=now, reason=reason or None
        )
        (stored,) = read_corrections(session, [correction_id])
    is_applied = apply_decision(sessions, settings, now, Touched(articles=[url]), Effect.QUOTATIONS)
    return Recorded(correction_id, is_applied, is_agreement=stored.decided_by != decided_by)


def decide_check(
    sessions: Sessions,
    utterance: int,
    fact_check: int,
    *,
    is_right: bool,
    decided_by: str,
    now: datetime,
    settings: Settings,
    reason: str | None = None,
) -> list[Recorded]:
    """Record that a fact-check is about the claim that an utterance makes, or is not: for each of its sightings.

    Raises LookupError for an utterance or a fact-check that is not stored.
    """
    with sessions() as session:
        shown, forms = read_utterance(session, utterance), read_fact_check(session, fact_check)
    if shown is None:
        raise LookupError(gettext("there is no utterance %(id)s", id=utterance))
    if not forms:
        raise LookupError(gettext("there is no fact-check %(id)s", id=fact_check))
    return correct(
        sessions,
        int(shown.sightings[0].id),
        CorrectionFault.FACT_CHECK if is_right else CorrectionFault.NOT_FACT_CHECK,
        named_check(forms[0].url, forms[0].claim),
        decided_by=decided_by,
        now=now,
        settings=settings,
        reason=reason,
        everywhere=True,
    )


def _same_utterance(session: Session, sighting: int) -> list[int]:
    utterance = utterance_ids(session, [sighting]).get(sighting)
    if utterance is None:
        return [sighting]
    return [int(each.id) for each in read_sightings(session, utterances=[utterance])]


def _chosen(session: Session, sighting: int, words: str) -> Anchor:
    text, span = version_of_sighting(session, sighting)
    return anchor_at(text, _find(text, words, span))


def add_missed(
    sessions: Sessions,
    article_url: str,
    words: str,
    speaker: str | None,
    *,
    decided_by: str,
    now: datetime,
    settings: Settings,
    reason: str | None = None,
) -> Recorded:
    """Record words of an article's current version that the extractor missed, and add them.

    The speaker may be `unknown`; None leaves the speaker to the extractor. Raises LookupError for an article that the
    store does not have, and WordsNotFound.
    """
    with sessions.begin() as session:
        text = text_of_article(session, article_url)
        anchor = anchor_at(text, _find(text, words))
        correction_id = put_correction(
            session,
            article_url,
            anchor,
            CorrectionFault.MISSED,
            speaker,
            decided_by=decided_by,
            now=now,
            reason=reason or None,
        )
    return Recorded(
        correction_id, apply_decision(sessions, settings, now, Touched(articles=[article_url]), Effect.WORDS)
    )


def undo(sessions: Sessions, correction_id: int, *, now: datetime, settings: Settings) -> Recorded | None:
    """Revoke a correction, and show again what the extractor found. None if none with this id is in force.

    What was decided about a fact-check of an utterance is one act about all its sightings, and is revoked for all.
    """
    with sessions.begin() as session:
        if not revoke_correction(session, correction_id, now):
            return None
        (correction,) = read_corrections(session, [correction_id])
        urls = {correction.article_url}
        for each in read_corrections(session) if correction.fault.is_of_fact_check else ():
            if _act(each) == _act(correction):
                revoke_correction(session, each.id, now)
                urls.add(each.article_url)
    touched = Touched(articles=sorted(urls))
    return Recorded(correction_id, apply_decision(sessions, settings, now, touched, Effect.QUOTATIONS))


def _act(correction: Correction) -> tuple[object, ...]:
    """Return what was decided, by whom and when: decisions that agree in it were made at one time."""
    return correction.fault, correction.value, correction.decided_by, correction.decided_at


def _find(text: str, words: str, near: Span | None = None) -> tuple[Span, ...]:
    parts = find_words(text, words, near)
    if parts is None:
        raise WordsNotFound(
            gettext(
                "the article does not have these words, or has them at several places: copy them from the article, "
                "and write […] where words are left out"
            )
        )
    return parts
