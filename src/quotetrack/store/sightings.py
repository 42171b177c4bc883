"""Rows to nouns.

A *sighting* is a live quotation of an article's current version, and a live quotation of an older version whose
wording no later version of the article has: those words are no longer in the article.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from quotetrack.core.domain import Article, DateBasis, Link, LinkKind, Related, SaidOn, Sighting, Span, Utterance
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    FailureRow,
    LinkRow,
    OutletRow,
    QuotationRow,
    RelatedRow,
    RunRow,
    UtteranceRow,
    published_day,
)

BATCH = 500  # ids in one statement, and utterances in memory at once

SightingRows: TypeAlias = tuple[QuotationRow, ArticleVersionRow, ArticleRow, OutletRow]
NamedSighting: TypeAlias = tuple[int | None, Sighting]  # with the id of its utterance


@cache
def is_sighting() -> ColumnElement[bool]:
    """For statements over QuotationRow joined to its ArticleVersionRow."""
    again, other = aliased(QuotationRow), aliased(ArticleVersionRow)
    said_later = (
        exists()
        .where(
            other.article_id == ArticleVersionRow.article_id,
            or_(other.is_current, other.id > ArticleVersionRow.id),
            again.version_id == other.id,
            again.wording_key == QuotationRow.wording_key,
            again.retired_at.is_(None),
        )
        .correlate(QuotationRow, ArticleVersionRow)
    )
    return and_(QuotationRow.retired_at.is_(None), or_(ArticleVersionRow.is_current, ~said_later))


def read_version(session: Session, version_id: int) -> Article:
    """The article as this version has it; raises sqlalchemy.exc.NoResultFound for an id that is not on file."""
    wanted = select(ArticleVersionRow, ArticleRow, OutletRow).join_from(ArticleVersionRow, ArticleRow).join(OutletRow)
    version, article, outlet = session.execute(wanted.where(ArticleVersionRow.id == version_id)).one()
    return Article(
        url=article.url,
        outlet=outlet.slug,
        timezone=outlet.timezone,
        text=version.text,
        title=version.title,
        language=version.language,
        published_at=version.published_at,
        fetched_at=version.first_seen_at,
        byline=version.byline,
        wire_credit=version.wire_credit,
        external_id=article.external_id,
    )


def read_sightings(
    session: Session, *, ids: Sequence[int] | None = None, utterances: Sequence[int] | None = None
) -> list[Sighting]:
    """Sightings in order of id: all, or those of these quotations, or those of these utterances, not of both.

    An id that is no sighting, such as a retired quotation, is left out.
    """
    if ids is not None and utterances is not None:
        raise ValueError("sightings by their ids, or by their utterances")
    found: Iterator[list[NamedSighting]]
    if ids is not None:
        found = (_read(session, _sightings().where(QuotationRow.id.in_(batch))) for batch in batches(ids))
    elif utterances is not None:
        found = (_read(session, _of_utterances(batch)) for batch in batches(utterances))
    else:
        found = _read_all(session)
    return sorted((sighting for batch in found for _, sighting in batch), key=lambda sighting: int(sighting.id))


def iter_utterances(session: Session) -> Iterator[Utterance]:
    """Every utterance that has a sighting, in order of id, read in batches as they are asked for."""
    last = 0
    while ids := _utterance_ids_after(session, last):
        yield from _utterances(session, ids)
        last = ids[-1]


def read_utterances(session: Session, ids: Sequence[int]) -> list[Utterance]:
    """These utterances in order of id, without those that have no sighting; ids are taken as they are."""
    return [utterance for batch in batches(sorted(set(ids))) for utterance in _utterances(session, batch)]


def read_utterance(session: Session, utterance_id: int) -> Utterance | None:
    """The utterance that goes by this id today, wherever it was merged; None where it has no sighting."""
    return next(_utterances(session, [follow(session, utterance_id)]), None)


def follow(session: Session, utterance_id: int) -> int:
    """The id that an id leads to by now; an id that leads nowhere is itself."""
    merged_into = select(UtteranceRow.merged_into_id)
    while (kept := session.scalar(merged_into.where(UtteranceRow.id == utterance_id))) is not None:
        utterance_id = kept
    return utterance_id


def utterance_ids(session: Session, quotation_ids: Sequence[int] | None = None) -> dict[int, int]:
    """The utterance of each live quotation that has one, as `keep_names` takes it: all, or those of these."""
    wanted = select(QuotationRow.id, QuotationRow.utterance_id).where(
        QuotationRow.utterance_id.is_not(None), QuotationRow.retired_at.is_(None)
    )
    if quotation_ids is None:
        rows = list(session.execute(wanted))
    else:
        rows = [
            row for batch in batches(quotation_ids) for row in session.execute(wanted.where(QuotationRow.id.in_(batch)))
        ]
    return {quotation_id: utterance_id for quotation_id, utterance_id in rows if utterance_id is not None}


def links_of(session: Session, utterance_id: int) -> list[Link]:
    """The links inside an utterance, in order of their pairs."""
    left, right = aliased(QuotationRow), aliased(QuotationRow)
    wanted = (
        select(LinkRow)
        .join(left, left.id == LinkRow.left_id)
        .join(right, right.id == LinkRow.right_id)
        .where(left.utterance_id == utterance_id, right.utterance_id == utterance_id)
        .where(left.retired_at.is_(None), right.retired_at.is_(None))
        .order_by(LinkRow.left_id, LinkRow.right_id)
    )
    return [
        Link(row.left_id, row.right_id, LinkKind(row.kind), row.score, tuple(row.flags))
        for row in session.scalars(wanted)
    ]


def related_to(session: Session, utterance_ids: Sequence[int]) -> dict[int, list[Related]]:
    """For each of these, other utterances of the speaker to the same effect, the nearest first, each once."""
    nearest: dict[int, dict[int, Related]] = {utterance_id: {} for utterance_id in utterance_ids}
    for wanted in _related():
        for batch in batches(utterance_ids):
            for of, name, words, speaker, cosine in session.execute(wanted, {"asked": batch}):
                if of is None or name is None:
                    continue
                if name not in nearest[of] or cosine > nearest[of][name].cosine:
                    nearest[of][name] = Related(name, words, speaker, cosine)
    return {
        utterance_id: sorted(found.values(), key=lambda related: (-related.cosine, related.utterance_id))
        for utterance_id, found in nearest.items()
    }


@cache
def _related() -> tuple[Select[int | None, int | None, str, str | None, float], ...]:
    """The statements for either end of a relation; `asked` are the utterances."""
    mine, other = aliased(QuotationRow), aliased(QuotationRow)
    ends = ((RelatedRow.left_id, RelatedRow.right_id), (RelatedRow.right_id, RelatedRow.left_id))
    asked: BindParameter[int] = bindparam("asked", expanding=True)
    return tuple(
        select(mine.utterance_id, other.utterance_id, other.words, other.speaker_name, RelatedRow.cosine)
        .join_from(RelatedRow, mine, mine.id == this)
        .join(other, other.id == that)
        .where(mine.utterance_id.in_(asked), other.utterance_id != mine.utterance_id)
        .where(mine.retired_at.is_(None), other.retired_at.is_(None))
        for this, that in ends
    )


def speaker_counts(session: Session) -> list[tuple[str, int]]:
    """Each name on file with its number of sightings, most first."""
    sightings = func.count()
    wanted = (
        select(QuotationRow.speaker_name, sightings)
        .join_from(QuotationRow, ArticleVersionRow)
        .where(is_sighting(), QuotationRow.speaker_name.is_not(None))
        .group_by(QuotationRow.speaker_name)
        .order_by(sightings.desc(), QuotationRow.speaker_name)
    )
    return [(name, number) for name, number in session.execute(wanted) if name is not None]


def counts(session: Session) -> dict[str, int]:
    """How much is on file, by kind; `quotations` are live ones, `utterances` those that have one."""
    live = QuotationRow.retired_at.is_(None)
    counted = {
        "outlets": select(func.count()).select_from(OutletRow),
        "articles": select(func.count()).select_from(ArticleRow),
        "versions": select(func.count()).select_from(ArticleVersionRow),
        "quotations": select(func.count()).select_from(QuotationRow).where(live),
        "utterances": select(func.count(func.distinct(QuotationRow.utterance_id))).where(live),
        "links": select(func.count()).select_from(LinkRow),
        "failures": select(func.count()).select_from(FailureRow),
        "runs": select(func.count()).select_from(RunRow),
    }
    return {what: session.scalars(statement).one() for what, statement in counted.items()}


def article_text(session: Session, sighting: Sighting) -> str:
    """The whole text in which the words of a sighting on file stand."""
    wanted = select(ArticleVersionRow.text).join(QuotationRow, QuotationRow.version_id == ArticleVersionRow.id)
    return session.scalars(wanted.where(QuotationRow.id == sighting.id)).one()


def _sightings() -> Select[*SightingRows]:
    return (
        select(QuotationRow, ArticleVersionRow, ArticleRow, OutletRow)
        .join_from(QuotationRow, ArticleVersionRow)
        .join(ArticleRow)
        .join(OutletRow)
        .where(is_sighting())
        .options(defer(ArticleVersionRow.text))
    )


def _of_utterances(ids: Sequence[int]) -> Select[*SightingRows]:
    return _sightings().where(QuotationRow.utterance_id.in_(ids))


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids, so many at a time as one statement takes well."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def texts_of(session: Session, version_ids: Iterable[int]) -> dict[int, str]:
    """The text of each version."""
    wanted = select(ArticleVersionRow.id, ArticleVersionRow.text)
    return {
        version_id: text
        for batch in batches(sorted(set(version_ids)))
        for version_id, text in session.execute(wanted.where(ArticleVersionRow.id.in_(batch)))
    }


def _read_all(session: Session) -> Iterator[list[NamedSighting]]:
    last = 0
    while batch := _read(session, _sightings().where(QuotationRow.id > last).order_by(QuotationRow.id).limit(BATCH)):
        yield batch
        last = int(batch[-1][1].id)


def _read(session: Session, wanted: Select[*SightingRows]) -> list[NamedSighting]:
    rows = session.execute(wanted).all()
    texts = texts_of(session, (version.id for _, version, _, _ in rows))
    return [
        (quotation.utterance_id, _sighting(quotation, version, article, outlet, texts[version.id]))
        for quotation, version, article, outlet in rows
    ]


def _sighting(
    row: QuotationRow, version: ArticleVersionRow, article: ArticleRow, outlet: OutletRow, text: str
) -> Sighting:
    return Sighting(
        id=row.id,
        words=row.words,
        speaker=row.speaker_name,
        outlet=outlet.slug,
        article=article.external_id or article.url,
        published_at=version.published_at,
        said=SaidOn(row.said_first, row.said_last, DateBasis(row.said_basis)),
        url=article.url,
        title=version.title,
        author=version.byline,
        wire_credit=version.wire_credit,
        version_sha256=version.content_sha256,
        parts=tuple(Span(start, end) for start, end in row.parts),
        context_before=text[row.context_start : row.start],
        context_after=text[row.end : row.context_end],
        occasion=row.occasion,
        method=row.attribution_method,
        confidence=row.attribution_confidence or 0.0,
        extractor=version.extracted_by,
        is_current=version.is_current,
    )


def _utterance_ids_after(session: Session, last: int) -> Sequence[int]:
    wanted = select(QuotationRow.utterance_id).where(QuotationRow.utterance_id > last)
    wanted = wanted.distinct().order_by(QuotationRow.utterance_id).limit(BATCH)
    return [utterance_id for utterance_id in session.scalars(wanted) if utterance_id is not None]


def _utterances(session: Session, ids: Sequence[int]) -> Iterator[Utterance]:
    """In the order of the ids; their sightings in order of publication, undated ones last."""
    published = published_day(ArticleVersionRow.published_at)
    wanted = _of_utterances(ids).order_by(published.is_(None), published, QuotationRow.id)
    members: defaultdict[int | None, list[Sighting]] = defaultdict(list)
    for utterance_id, sighting in _read(session, wanted):
        members[utterance_id].append(sighting)
    return (Utterance(utterance_id, tuple(members[utterance_id])) for utterance_id in ids if utterance_id in members)
