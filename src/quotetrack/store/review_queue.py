"""Candidates for the review queue: a bounded number of each kind, found by an index. No decision of a person is here.

What a person has decided about a sighting, a pair or a speaker is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from quotetrack.core.domain import Alternative, CorrectionFault, DateBasis, Link, LinkKind
from quotetrack.store.articles import outlet_of_article, published_at_of
from quotetrack.store.backends.statements import numbers
from quotetrack.store.sightings import alternatives_of, is_sighting, is_unsure
from quotetrack.store.speakers import SpeakerKind
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    JudgedPairRow,
    LinkRow,
    QuotationRow,
    SpeakerDecisionRow,
    SpeakerRow,
    published_day,
)


@dataclass(frozen=True, slots=True)
class UtteranceSpeaker:
    """One of the speakers of an utterance: the shown name, the number of quotations, and the newest of them.

    `is_open`: that is a sighting whose speaker no person gave, and that no person joined with another one.
    """

    utterance_id: int
    speaker_id: int
    name: str
    quotations: int
    newest: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class NearbyDay:
    """A sighting whose single day the article tells elsewhere, with the phrase and the day of publication.

    An older extractor found it, which gives a day no confidence; `confidence` is that of the name.
    """

    id: int
    version_id: int
    phrase_start: int
    said: date
    published: date
    phrase: str
    confidence: float


@dataclass(frozen=True, slots=True)
class UnlikelyDay:
    """A sighting whose single day has a low confidence, with the phrase that tells it, if one does."""

    id: int
    version_id: int
    said: date
    confidence: float
    phrase_start: int | None
    phrase: str | None


def unlikely_names(session: Session, below: float, most: int) -> dict[int, float]:
    """Return sightings whose name has a lower confidence, the lowest first: id and confidence."""
    wanted = select(QuotationRow.id, QuotationRow.attribution_confidence).join(ArticleVersionRow)
    wanted = wanted.where(QuotationRow.attribution_confidence < below, QuotationRow.speaker_name.is_not(None))
    wanted = wanted.where(_is_undecided(CorrectionFault.SPEAKER), is_sighting())
    rows = session.execute(wanted.order_by(QuotationRow.attribution_confidence).limit(most))
    return {quotation_id: confidence or 0.0 for quotation_id, confidence in rows}


def unsure_sightings(session: Session, most: int) -> dict[int, tuple[Alternative, ...]]:
    """Return sightings without a name that have alternatives, the newest first: id and alternatives."""
    wanted = select(QuotationRow.id, QuotationRow.alternatives).join(ArticleVersionRow)
    wanted = wanted.where(is_unsure(), _is_undecided(CorrectionFault.SPEAKER), is_sighting())
    rows = session.execute(wanted.order_by(QuotationRow.id.desc()).limit(most))
    return {quotation_id: alternatives_of(pairs) for quotation_id, pairs in rows}


def utterances_of_several_speakers(session: Session, most: int) -> list[list[UtteranceSpeaker]]:
    """Return the speakers of utterances that have several, merges followed; those with most quotations first."""
    several = select(QuotationRow.utterance_id).where(
        QuotationRow.retired_at.is_(None), QuotationRow.utterance_id.is_not(None), QuotationRow.speaker_id.is_not(None)
    )
    several = several.group_by(QuotationRow.utterance_id)
    several = several.having(func.min(QuotationRow.speaker_id) != func.max(QuotationRow.speaker_id))
    ids = session.scalars(several.order_by(func.count().desc()).limit(most)).all()
    speakers: dict[int, dict[int, UtteranceSpeaker]] = {each: {} for each in ids if each is not None}
    for speaker in _speakers_of_utterances(session, speakers):
        same = speakers[speaker.utterance_id].get(speaker.speaker_id)
        if same is not None:
            newest = max(same, speaker, key=lambda each: each.newest)
            speaker = replace(newest, quotations=same.quotations + speaker.quotations)
        speakers[speaker.utterance_id][speaker.speaker_id] = speaker
    return [list(each.values()) for each in speakers.values() if len(each) > 1]


def _speakers_of_utterances(session: Session, utterance_ids: Iterable[int]) -> list[UtteranceSpeaker]:
    """Return the speakers of utterances; one who was merged with another one of the same utterance is there twice."""
    grouped = select(
        QuotationRow.utterance_id,
        QuotationRow.speaker_id,
        func.count().label("quotations"),
        func.max(QuotationRow.id).label("newest"),
    )
    grouped = grouped.where(QuotationRow.utterance_id.in_(select(numbers(utterance_ids).c.value)))
    grouped = grouped.where(QuotationRow.retired_at.is_(None), QuotationRow.speaker_id.is_not(None))
    counted = grouped.group_by(QuotationRow.utterance_id, QuotationRow.speaker_id).subquery()
    own, canonical = aliased(SpeakerRow), aliased(SpeakerRow)
    is_open = and_(_is_undecided(CorrectionFault.SPEAKER), is_sighting(), ~_is_judged_same())
    wanted = select(
        counted.c.utterance_id, canonical.id, canonical.name, counted.c.quotations, counted.c.newest, is_open
    )
    wanted = wanted.join_from(counted, own, own.id == counted.c.speaker_id)
    wanted = wanted.join(canonical, canonical.id == own.canonical_id)
    wanted = wanted.join(QuotationRow, QuotationRow.id == counted.c.newest).join(ArticleVersionRow)
    return [UtteranceSpeaker(*row) for row in session.execute(wanted.order_by(counted.c.newest))]


def unlikely_rewordings(session: Session, below: float, most: int) -> list[Link]:
    """Return links with a lower score between two wordings of one utterance that nobody judged, the lowest first."""
    left, right = aliased(QuotationRow), aliased(QuotationRow)
    judged = exists().where(JudgedPairRow.left_id == LinkRow.left_id, JudgedPairRow.right_id == LinkRow.right_id)
    judged_too = exists().where(JudgedPairRow.left_id == LinkRow.right_id, JudgedPairRow.right_id == LinkRow.left_id)
    wanted = (
        select(LinkRow)
        .join(left, left.id == LinkRow.left_id)
        .join(right, right.id == LinkRow.right_id)
        # The kind is written into the statement, because SQLite would not use the index for a parameter.
        .where(LinkRow.kind == literal(str(LinkKind.REWORDED), literal_execute=True), LinkRow.score < below)
        .where(left.utterance_id == right.utterance_id, left.retired_at.is_(None), right.retired_at.is_(None))
        .where(~judged, ~judged_too)
        .order_by(LinkRow.score)
        .limit(most)
    )
    return [
        Link(row.left_id, row.right_id, LinkKind(row.kind), row.score, tuple(row.flags))
        for row in session.scalars(wanted)
    ]


def names_of_undecided_speakers(session: Session, most: int) -> dict[int, str]:
    """Return the shown names of speakers about whom nobody decided and who may be no persons, the newest first."""
    decided = exists().where(SpeakerDecisionRow.speaker_id == SpeakerRow.id)
    wanted = select(SpeakerRow.id, SpeakerRow.name).where(SpeakerRow.canonical_id == SpeakerRow.id, ~decided)
    wanted = wanted.where(or_(SpeakerRow.kind == SpeakerKind.DESCRIBED, SpeakerRow.name.contains(",")))
    return dict(session.execute(wanted.order_by(SpeakerRow.id.desc()).limit(most)).tuples().all())


def sightings_of_speakers(session: Session, speaker_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the sightings of each speaker whose name no person gave, merges not followed."""
    wanted = select(QuotationRow.speaker_id, QuotationRow.id).join(ArticleVersionRow)
    wanted = wanted.where(QuotationRow.speaker_id.in_(select(numbers(speaker_ids).c.value)), is_sighting())
    sightings: defaultdict[int, list[int]] = defaultdict(list)
    for speaker_id, quotation_id in session.execute(wanted.where(_is_undecided(CorrectionFault.SPEAKER))):
        sightings[speaker_id or 0].append(quotation_id)
    return sightings


def unlikely_days(session: Session, below: float, most: int) -> list[UnlikelyDay]:
    """Return sightings with a single day of a lower confidence, the lowest first."""
    wanted = select(
        QuotationRow.id,
        QuotationRow.version_id,
        QuotationRow.said_first,
        QuotationRow.said_confidence,
        QuotationRow.said_evidence_start,
        _phrase_of_day(),
    )
    wanted = wanted.join_from(QuotationRow, ArticleVersionRow)
    wanted = wanted.where(QuotationRow.said_confidence < below, QuotationRow.said_first == QuotationRow.said_last)
    wanted = wanted.where(_is_undecided(CorrectionFault.DAY), is_sighting())
    rows = session.execute(wanted.order_by(QuotationRow.said_confidence, QuotationRow.id).limit(most))
    return [
        UnlikelyDay(quotation_id, version_id, said, confidence or 0.0, start, phrase)
        for quotation_id, version_id, said, confidence, start, phrase in rows
        if said is not None
    ]


def nearby_days(session: Session, most: int) -> list[NearbyDay]:
    """Return the newest sightings of older extractors whose single day the article tells elsewhere."""
    day = published_day(published_at_of())
    wanted = select(
        QuotationRow.id,
        QuotationRow.version_id,
        QuotationRow.said_evidence_start,
        QuotationRow.said_first,
        day,
        _phrase_of_day(),
        QuotationRow.attribution_confidence,
    )
    wanted = wanted.join_from(QuotationRow, ArticleVersionRow).join(ArticleRow)
    wanted = wanted.where(
        QuotationRow.said_first == QuotationRow.said_last,
        QuotationRow.said_basis == DateBasis.STATED_NEARBY,
        QuotationRow.said_evidence_start.is_not(None),
        QuotationRow.said_confidence.is_(None),
        published_at_of().is_not(None),
        is_sighting(),
    )
    rows = session.execute(wanted.order_by(QuotationRow.id.desc()).limit(most))
    return [
        NearbyDay(quotation_id, version_id, start, said, date.fromisoformat(published), words, confidence or 0.0)
        for quotation_id, version_id, start, said, published, words, confidence in rows
        if start is not None and said is not None
    ]


def _phrase_of_day() -> ColumnElement[str]:
    length = QuotationRow.said_evidence_end - QuotationRow.said_evidence_start
    return func.substr(ArticleVersionRow.text, QuotationRow.said_evidence_start + 1, length)


def outlets_by_sighting(session: Session, quotation_ids: Collection[int]) -> dict[int, tuple[int | None, int]]:
    """Return for each sighting its utterance and the number of outlets that carry the utterance, at least 1."""
    pairs = select(QuotationRow.id, QuotationRow.utterance_id)
    pairs = pairs.where(QuotationRow.id.in_(select(numbers(quotation_ids).c.value)))
    utterance_of = dict(session.execute(pairs).tuples().all())
    counted = select(QuotationRow.utterance_id, func.count(func.distinct(outlet_of_article())))
    counted = counted.join_from(QuotationRow, ArticleVersionRow).join(ArticleRow)
    ids = {utterance_id for utterance_id in utterance_of.values() if utterance_id is not None}
    counted = counted.where(
        QuotationRow.utterance_id.in_(select(numbers(ids).c.value)), QuotationRow.retired_at.is_(None)
    )
    outlets = dict(session.execute(counted.group_by(QuotationRow.utterance_id)).tuples().all())
    return {
        quotation_id: (utterance_id, outlets.get(utterance_id, 1))
        for quotation_id, utterance_id in utterance_of.items()
    }


def _is_undecided(fault: CorrectionFault) -> ColumnElement[bool]:
    """Return the condition that no person decided this about a quotation."""
    decided = cast(QuotationRow.decided, String)
    return or_(decided.is_(None), ~decided.contains(f'"{fault}"'))


def _is_judged_same() -> ColumnElement[bool]:
    ends = or_(JudgedPairRow.left_id == QuotationRow.id, JudgedPairRow.right_id == QuotationRow.id)
    return exists().where(and_(JudgedPairRow.same, ends))
