"""Sightings: the quotations that readers see.

A *sighting* is a live quotation of an article's current version. A live quotation of an older version is one too, if no
later version of the article has its wording: those words are no longer in the article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from quotetrack.core.domain import (
    Alternative,
    ArticleField,
    DateBasis,
    QuotationKind,
    SaidOn,
    Sighting,
    Span,
    StatementKind,
    reported_id,
)
from quotetrack.core.paragraphs import paragraph_number
from quotetrack.core.sentences import sentence_around
from quotetrack.store.articles import outlet_of_article, texts_of
from quotetrack.store.backends.statements import BATCH, batches
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    FailureRow,
    LinkRow,
    OutletRow,
    QuotationRow,
    ReportedStatementRow,
    RunRow,
    SpeakerRow,
    StatementTable,
)

SightingRows: TypeAlias = tuple[QuotationRow, ArticleVersionRow, ArticleRow, OutletRow, SpeakerRow | None]
UtteranceSighting: TypeAlias = tuple[int | None, Sighting]  # the id of its utterance, and the sighting


@cache
def is_sighting(table: StatementTable = QuotationRow) -> ColumnElement[bool]:
    """Return the condition for sightings, in statements over a table of statements joined with its ArticleVersionRow.

    A reported statement is one by the same rule. Cached, because it never changes and nearly every statement contains
    it. Example: three versions of one article and the live quotations of each; the third version is current.

        version 1               "We will sail."   "Not before May."
        version 2               "We will sail."   "Not before May."   "Who knows?"
        version 3 (current)     "We will sail."

    The sightings are "We will sail." of version 3, "Not before May." of version 2 and "Who knows?" of version 2. The
    same words in version 1 are none, because a later version repeats them. The subquery `repeated` below is true for
    those: another version of the article that is current or newer has a live quotation with the same wording key.
    """
    again, other = aliased(table), aliased(ArticleVersionRow)
    repeated = (
        exists()
        .where(
            other.article_id == ArticleVersionRow.article_id,
            or_(other.is_current, other.id > ArticleVersionRow.id),
            again.version_id == other.id,
            again.wording_key == table.wording_key,
            again.retired_at.is_(None),
        )
        .correlate(table, ArticleVersionRow)
    )
    return and_(table.retired_at.is_(None), or_(ArticleVersionRow.is_current, ~repeated))


def is_unsure() -> ColumnElement[bool]:
    """Return the condition for quotations without a name that have alternatives; the index of names finds them."""
    return and_(
        QuotationRow.speaker_name.is_(None), QuotationRow.alternatives.is_not(None), QuotationRow.retired_at.is_(None)
    )


def read_sightings(
    session: Session, *, ids: Sequence[int] | None = None, utterances: Sequence[int] | None = None
) -> list[Sighting]:
    """Return sightings in order of id: all, or those with these ids, or those of these utterances.

    An id that is no sighting, such as that of a retired quotation, is left out. Raises ValueError for both arguments.
    """
    if ids is not None and utterances is not None:
        raise ValueError("give ids or utterances, not both")
    rows: Iterator[list[UtteranceSighting]]
    if ids is not None:
        rows = (read_rows(session, select_sightings().where(QuotationRow.id.in_(batch))) for batch in batches(ids))
    elif utterances is not None:
        rows = (
            read_rows(session, select_sightings().where(QuotationRow.utterance_id.in_(batch)))
            for batch in batches(utterances)
        )
    else:
        rows = _read_all(session)
    return sorted((sighting for batch in rows for _, sighting in batch), key=lambda sighting: int(sighting.id))


def counts(session: Session) -> dict[str, int]:
    """Return the number of rows by kind.

    `quotations` and `reported_statements` count live ones, `utterances` those with a live quotation.
    """
    live = QuotationRow.retired_at.is_(None)
    counted = {
        "outlets": select(func.count()).select_from(OutletRow),
        "articles": select(func.count()).select_from(ArticleRow),
        "versions": select(func.count()).select_from(ArticleVersionRow),
        "quotations": select(func.count()).select_from(QuotationRow).where(live),
        "reported_statements": select(func.count())
        .select_from(ReportedStatementRow)
        .where(ReportedStatementRow.retired_at.is_(None)),
        "sightings": select(func.count()).select_from(QuotationRow).join(ArticleVersionRow).where(is_sighting()),
        "utterances": select(func.count(func.distinct(QuotationRow.utterance_id))).where(live),
        "links": select(func.count()).select_from(LinkRow),
        "failures": select(func.count()).select_from(FailureRow),
        "runs": select(func.count()).select_from(RunRow),
    }
    return {kind: session.scalars(statement).one() for kind, statement in counted.items()}


def select_sightings() -> Select[*SightingRows]:
    """Return the statement that selects every sighting with its version, article, outlet and canonical speaker."""
    own, canonical = aliased(SpeakerRow), aliased(SpeakerRow)
    return (
        select(QuotationRow, ArticleVersionRow, ArticleRow, OutletRow, canonical)
        .join_from(QuotationRow, ArticleVersionRow)
        .join(ArticleRow)
        .join(OutletRow, OutletRow.id == outlet_of_article())
        .outerjoin(own, own.id == QuotationRow.speaker_id)
        .outerjoin(canonical, canonical.id == own.canonical_id)
        .where(is_sighting())
        .options(defer(ArticleVersionRow.text))
    )


def _read_all(session: Session) -> Iterator[list[UtteranceSighting]]:
    last = 0
    while batch := read_rows(
        session, select_sightings().where(QuotationRow.id > last).order_by(QuotationRow.id).limit(BATCH)
    ):
        yield batch
        last = int(batch[-1][1].id)


def read_rows(session: Session, wanted: Select[*SightingRows]) -> list[UtteranceSighting]:
    """Run a statement of `select_sightings` and return its sightings, each with the id of its utterance."""
    rows = session.execute(wanted).all()
    texts = texts_of(session, (version.id for _, version, _, _, _ in rows))
    return [
        (quotation.utterance_id, sighting_of(quotation, version, article, outlet, speaker, texts[version.id]))
        for quotation, version, article, outlet, speaker in rows
    ]


def sighting_of(
    row: QuotationRow | ReportedStatementRow,
    version: ArticleVersionRow,
    article: ArticleRow,
    outlet: OutletRow,
    speaker: SpeakerRow | None,
    text: str,
) -> Sighting:
    """Return the sighting of a row, with the text of its version. The id of a reported statement is such as r12."""
    is_reported = isinstance(row, ReportedStatementRow)
    mention, cue = _span(row.mention_start, row.mention_end), _span(row.cue_start, row.cue_end)
    parts = tuple(Span(start, end) for start, end in row.parts)
    place = cue or mention
    evidence = _span(row.said_evidence_start, row.said_evidence_end)
    return Sighting(
        id=reported_id(row.id) if is_reported else row.id,
        words=row.words,
        speaker=speaker.name if speaker else row.speaker_name,
        outlet=outlet.slug,
        article=article.external_id or article.decided_url or article.url,
        published_at=article.decided_published_at or version.published_at,
        said=SaidOn(row.said_first, row.said_last, DateBasis(row.said_basis)),
        url=article.decided_url or article.url,
        title=article.decided_title or version.title,
        author=article.decided_byline or version.byline,
        wire_credit=version.wire_credit,
        version_sha256=version.content_sha256,
        parts=parts,
        context_before=text[row.context_start : row.start],
        context_after=text[row.end : row.context_end],
        occasion=None if isinstance(row, ReportedStatementRow) else row.occasion,
        method=row.attribution_method,
        speaker_confidence=row.attribution_confidence or 0.0,
        mention_confidence=row.mention_confidence,
        alternatives=alternatives_of(row.alternatives),
        extractor=version.reported_by if is_reported else version.extracted_by,
        is_current=version.is_current,
        speaker_id=speaker.id if speaker else None,
        speaker_as_printed=row.speaker_name,
        wikidata_id=speaker.wikidata_id if speaker else None,
        kind=StatementKind(row.kind) if is_reported else QuotationKind(row.kind),
        mention=mention,
        mention_words=mention.of(text) if mention else None,
        cue=cue,
        cue_words=cue.of(text) if cue else None,
        sentence=sentence_around(text, place, parts).of(text) if place else None,
        outlet_name=outlet.name,
        country=outlet.country,
        modified_at=version.modified_at,
        fetched_at=version.first_seen_at,
        evidence_sha256=version.evidence_sha256,
        decided=(*(row.decided or ()), *_decided_fields(article)),
        said_confidence=row.said_confidence,
        said_evidence=evidence,
        said_phrase=evidence.of(text) if evidence else None,
        said_paragraph=paragraph_number(text, evidence.start) if evidence else None,
        statement_confidence=row.confidence if isinstance(row, ReportedStatementRow) else None,
    )


def alternatives_of(pairs: Sequence[Sequence[Any]] | None) -> tuple[Alternative, ...]:
    """Return the alternatives that a row has as pairs of name and confidence."""
    return tuple(Alternative(name, confidence) for name, confidence in pairs or ())


def _span(start: int | None, end: int | None) -> Span | None:
    return Span(start, end) if start is not None and end is not None else None


def _decided_fields(article: ArticleRow) -> tuple[str, ...]:
    """Return the fields of an article that a person decided."""
    decided = {
        ArticleField.OUTLET: article.decided_outlet_id,
        ArticleField.PUBLISHED: article.decided_published_at,
        ArticleField.TITLE: article.decided_title,
        ArticleField.AUTHOR: article.decided_byline,
        ArticleField.URL: article.decided_url,
    }
    return tuple(field for field, value in decided.items() if value is not None)
