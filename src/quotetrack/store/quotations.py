"""Upserts by natural key: the second call changes nothing. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.orm import Session, defer

from quotetrack.core.domain import Article, DateBasis, Failure, Link, Quotation, SaidOn, Span
from quotetrack.core.normalize import sha256, wording_key
from quotetrack.store.backends.sqlite import FullText, drop_full_text, insert_absent, put_full_text, upsert
from quotetrack.store.passage import passage_of
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    EmbeddingRow,
    FailureRow,
    LinkRow,
    OutletRow,
    QuotationRow,
    RunRow,
    UtteranceRow,
)

IDS_A_STATEMENT = 5_000  # SQLite takes 32,766 parameters


class Taking(StrEnum):
    """What an article was when it was taken in. `edited`: a new version of one on file."""

    NEW = "new"
    UNCHANGED = "unchanged"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Taken:
    """The version that holds an article, and what it was when it came."""

    version_id: int
    taking: Taking


@dataclass(frozen=True, slots=True)
class OutletFacts:
    """What is known about an outlet from elsewhere than its articles."""

    name: str | None = None
    country: str | None = None
    language: str | None = None
    timezone: str | None = None


def start_run(session: Session, command: str, code_version: str, now: datetime) -> int:
    """The id of a new run."""
    run = RunRow(command=command, code_version=code_version, started_at=now)
    session.add(run)
    session.flush()
    return run.id


def finish_run(session: Session, run_id: int, now: datetime, counts: Mapping[str, int], error: str | None) -> None:
    """Say how a run ended; `error` is None where it went through."""
    run = session.get_one(RunRow, run_id)
    run.finished_at, run.counts, run.error = now, dict(counts), error
    session.flush()


def put_failure(session: Session, run_id: int, failure: Failure, now: datetime) -> None:
    """Record what a run could not read."""
    session.add(FailureRow(run_id=run_id, place=failure.where, reason=failure.reason, failed_at=now))
    session.flush()


def put_article(
    session: Session, article: Article, run_id: int, now: datetime, outlet: OutletFacts | None = None
) -> Taken:
    """File an article under its URL: the same title and text once, every other title and text as a version.

    The version last seen is the current one, so that taking in two editions twice, in any order, changes nothing.
    An article without `fetched_at` is new to us now where its text is; where that is on file already as an older
    version, nobody can say that the outlet went back to it, and nothing moves. Metadata of the first time stay.
    """
    seen_at = _utc(article.fetched_at or now)
    outlet_id = _put_outlet(session, article.outlet, outlet or OutletFacts())
    article_id = session.scalar(select(ArticleRow.id).where(ArticleRow.url == article.url))
    if article_id is None:
        article_id = _put_new_article(session, article, outlet_id)
        return Taken(_put_version(session, article_id, article, run_id, seen_at, is_current=True), Taking.NEW)
    versions = _versions(session, article_id)
    current = next(v for v in versions if v.is_current)
    known = next((v for v in versions if v.content_sha256 == content_sha256(article)), None)
    if known is None:
        is_current = seen_at >= current.last_seen_at
        if is_current:
            _step_down(session, current)
        return Taken(_put_version(session, article_id, article, run_id, seen_at, is_current), Taking.EDITED)
    if known is current:
        known.last_seen_at = max(known.last_seen_at, seen_at)
    elif article.fetched_at is not None and seen_at > current.last_seen_at:
        _step_down(session, current)
        known.is_current, known.last_seen_at = True, seen_at
    session.flush()
    return Taken(known.id, Taking.UNCHANGED)


def content_sha256(article: Article) -> str:
    """The hash that tells versions apart, in hexadecimal: SHA-256 of the title, a NUL and the text."""
    return sha256(f"{article.title or ''}\0{article.text}")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"fetched at {moment}, but in which time zone?")
    return moment.astimezone(UTC)


def _put_outlet(session: Session, slug: str, facts: OutletFacts) -> int:
    """Only what was unknown is filled in: what stands is what the articles so far were filed under."""
    row = session.scalars(select(OutletRow).where(OutletRow.slug == slug)).one_or_none()
    if row is None:
        row = OutletRow(slug=slug)
        session.add(row)
    row.name = row.name or facts.name
    row.country = row.country or facts.country
    row.language = row.language or facts.language
    row.timezone = row.timezone or facts.timezone
    session.flush()
    return row.id


def _put_new_article(session: Session, article: Article, outlet_id: int) -> int:
    row = ArticleRow(outlet_id=outlet_id, url=article.url, external_id=article.external_id)
    session.add(row)
    session.flush()
    return row.id


def _versions(session: Session, article_id: int) -> Sequence[ArticleVersionRow]:
    wanted = select(ArticleVersionRow).where(ArticleVersionRow.article_id == article_id)
    return session.scalars(wanted.options(defer(ArticleVersionRow.text))).all()


def _step_down(session: Session, current: ArticleVersionRow) -> None:
    current.is_current = False
    _look_again(session, current.article_id)
    session.flush()  # before another one steps up: the table holds one current version of an article at any time


def _look_again(session: Session, article_id: int, but_for: int | None = None) -> None:
    """The linker has to see the quotations of an article's versions again: which are sightings may have changed."""
    versions = select(ArticleVersionRow.id).where(ArticleVersionRow.article_id == article_id)
    of_article = QuotationRow.version_id.in_(versions.where(ArticleVersionRow.id != (but_for or 0)))
    statement = update(QuotationRow).where(of_article, QuotationRow.linked_by.is_not(None)).values(linked_by=None)
    session.execute(statement.execution_options(synchronize_session="fetch"))


def _put_version(
    session: Session, article_id: int, article: Article, run_id: int, seen_at: datetime, is_current: bool
) -> int:
    row = ArticleVersionRow(
        article_id=article_id,
        run_id=run_id,
        content_sha256=content_sha256(article),
        is_current=is_current,
        first_seen_at=seen_at,
        last_seen_at=seen_at,
        title=article.title,
        byline=article.byline,
        language=article.language,
        wire_credit=article.wire_credit,
        published_at=article.published_at,
        text=article.text,
    )
    session.add(row)
    session.flush()
    return row.id


def put_quotations(
    session: Session, version_id: int, quotations: Sequence[Quotation], extractor: str, run_id: int
) -> None:
    """Make these the live quotations of a version, as `extractor` found them.

    The same characters keep their row and id; what is gone is retired, as of the start of the run, and revived when
    it is found again. What reads differently is to be linked again and keeps its utterance until then; words that
    the article already had in another version start with the utterance they had there.
    Raises ValueError where words are not what the text holds at their parts, or two quotations have one span.
    """
    version = session.get_one(ArticleVersionRow, version_id)
    found = _by_span(version.text, quotations)
    rows = _rows_of(session, version_id)
    indexed = {span: _full_text(row, version) for span, row in rows.items()}
    said_before = _live_wordings(rows)
    for span in rows.keys() - found.keys():
        _retire(rows[span], session.get_one(RunRow, run_id).started_at)
    names = _names_elsewhere(session, version)
    for span, quotation in found.items():
        if span in rows:
            _change_quotation(session, rows[span], version, quotation, run_id)
        else:
            rows[span] = _new_quotation(session, version, quotation, run_id, names)
    version.extracted_by, version.extract_error = extractor, None
    session.flush()
    if _live_wordings(rows) != said_before:
        _look_again(session, version.article_id, but_for=version_id)
    _index_anew(session, indexed, {span: _full_text(row, version) for span, row in rows.items()})


def put_extract_error(session: Session, version_id: int, extractor: str, error: str) -> None:
    """Record that this extractor cannot read a version, which is not tried again before there is another."""
    version = session.get_one(ArticleVersionRow, version_id, options=[defer(ArticleVersionRow.text)])
    version.extracted_by, version.extract_error = extractor, error
    session.flush()


def _by_span(text: str, quotations: Sequence[Quotation]) -> dict[Span, Quotation]:
    for quotation in quotations:
        if quotation.words != " ".join(part.of(text) for part in quotation.parts):
            raise ValueError(f"the text has other words at {quotation.parts} than {quotation.words!r}")
    found = {quotation.span: quotation for quotation in quotations}
    if len(found) < len(quotations):
        raise ValueError("two quotations with one span")
    return found


def _rows_of(session: Session, version_id: int) -> dict[Span, QuotationRow]:
    rows = session.scalars(select(QuotationRow).where(QuotationRow.version_id == version_id))
    return {Span(row.start, row.end): row for row in rows}


def _live_wordings(rows: Mapping[Span, QuotationRow]) -> set[str]:
    return {row.wording_key for row in rows.values() if row.retired_at is None}


def _full_text(row: QuotationRow, version: ArticleVersionRow) -> FullText:
    passage = passage_of(version.text, row.context_start, row.context_end)
    return FullText(row.id, row.words, passage, version.title or "")


def _retire(row: QuotationRow, at: datetime) -> None:
    if row.retired_at is None:
        row.retired_at, row.linked_by = at, None


def _names_elsewhere(session: Session, version: ArticleVersionRow) -> dict[str, int | None]:
    """The utterance of each wording in the other versions of the article, by wording key; the first one of several.

    An edited article repeats most of its quotations: their utterances, which are public, go on.
    """
    wanted = (
        select(QuotationRow.wording_key, QuotationRow.utterance_id)
        .join(ArticleVersionRow, ArticleVersionRow.id == QuotationRow.version_id)
        .where(ArticleVersionRow.article_id == version.article_id, ArticleVersionRow.id != version.id)
        .where(QuotationRow.utterance_id.is_not(None))
        .order_by(QuotationRow.id.desc())
    )
    return {row.wording_key: row.utterance_id for row in session.execute(wanted)}


def _new_quotation(
    session: Session, version: ArticleVersionRow, quotation: Quotation, run_id: int, names: Mapping[str, int | None]
) -> QuotationRow:
    row = QuotationRow(version_id=version.id, run_id=run_id, start=quotation.span.start, end=quotation.span.end)
    _fill(row, quotation, version.text)
    row.utterance_id = names.get(row.wording_key)
    session.add(row)
    return row


def _change_quotation(
    session: Session, row: QuotationRow, version: ArticleVersionRow, quotation: Quotation, run_id: int
) -> None:
    if _what_linking_reads(row) != (quotation.words, _name(quotation), quotation.said) or row.retired_at:
        row.linked_by = row.related_by = None
    row.retired_at = None
    _fill(row, quotation, version.text)
    if session.is_modified(row):
        row.run_id = run_id


def _what_linking_reads(row: QuotationRow) -> tuple[str, str | None, SaidOn]:
    return row.words, row.speaker_name, SaidOn(row.said_first, row.said_last, DateBasis(row.said_basis))


def _name(quotation: Quotation) -> str | None:
    return quotation.attribution.name if quotation.attribution else None


def _fill(row: QuotationRow, quotation: Quotation, text: str) -> None:
    attribution, said = quotation.attribution, quotation.said
    row.parts = [[part.start, part.end] for part in quotation.parts]
    row.words = quotation.words
    row.kind = str(quotation.kind)
    row.wording_key = wording_key(quotation.words)
    row.words_sha256 = sha256(quotation.words)
    row.context_sha256 = sha256(passage_of(text, quotation.context.start, quotation.context.end))
    row.context_start, row.context_end = quotation.context.start, quotation.context.end
    if row.speaker_name != _name(quotation):
        row.speaker_name, row.speaker_id = _name(quotation), None
    row.mention_start, row.mention_end = _ends(attribution.mention if attribution else None, text)
    row.cue_start, row.cue_end = _ends(attribution.cue if attribution else None, text)
    row.attribution_method = attribution.method if attribution else None
    row.attribution_confidence = attribution.confidence if attribution else None
    row.said_first, row.said_last, row.said_basis = said.first, said.last, str(said.basis)
    row.said_evidence_start, row.said_evidence_end = _ends(quotation.said_evidence, text)
    row.occasion = quotation.occasion


def _ends(span: Span | None, text: str) -> tuple[int | None, int | None]:
    """The two columns of a span that has to lie inside the text."""
    if span is None:
        return None, None
    span.of(text)
    return span.start, span.end


def _index_anew(session: Session, before: Mapping[Span, FullText], after: Mapping[Span, FullText]) -> None:
    changed = [span for span in after if after[span] != before.get(span)]
    drop_full_text(session, [before[span] for span in changed if span in before])
    put_full_text(session, [after[span] for span in changed])


def put_vectors(session: Session, model: str, vectors: Mapping[str, NDArray[np.floating]]) -> None:
    """File one unit vector for each text key (`text.sha256`); a key that has one keeps it."""
    rows = [{"text_key": key, "model": model, "vector": _half(vector)} for key, vector in vectors.items()]
    insert_absent(session, EmbeddingRow, rows, ("text_key", "model"))


def _half(vector: NDArray[np.floating]) -> bytes:
    if vector.ndim != 1 or not np.isfinite(vector).all():
        raise ValueError(f"no vector: shape {vector.shape}")
    return vector.astype("<f2").tobytes()


def forget_links(session: Session, quotation_ids: Sequence[int]) -> None:
    """Drop every link that touches one of these quotations, which are about to be linked again."""
    for start in range(0, len(quotation_ids), IDS_A_STATEMENT):
        ids = quotation_ids[start : start + IDS_A_STATEMENT]
        session.execute(delete(LinkRow).where(or_(LinkRow.left_id.in_(ids), LinkRow.right_id.in_(ids))))


def put_links(session: Session, links: Sequence[Link], linker: str) -> None:
    """File links between quotations on file; a pair that has one is brought up to date."""
    session.flush()
    upsert(session, LinkRow, [_link_values(link, linker) for link in links], ("left_id", "right_id"))
    session.expire_all()


def _link_values(link: Link, linker: str) -> dict[str, object]:
    if not isinstance(link.left, int) or not isinstance(link.right, int):
        raise TypeError(f"{link} is not between quotations on file")
    return {
        "left_id": min(link.left, link.right),
        "right_id": max(link.left, link.right),
        "kind": str(link.kind),
        "score": link.score,
        "flags": list(link.flags),
        "linker": linker,
    }


def put_utterances(
    session: Session,
    clusters: Sequence[frozenset[int]],
    ids: Sequence[int | None],
    redirects: Mapping[int, int],
    linker: str,
) -> list[int]:
    """Give each cluster of quotations its utterance and say who linked it; takes what `keep_names` gives.

    None in `ids` mints an id, which nothing had before; an absorbed id (a key of `redirects`) leads to the one that
    absorbed it. Returns the id of each cluster.
    """
    session.flush()
    for absorbed, kept in redirects.items():
        _redirect(session, absorbed, kept)
    minted = iter(_mint(session, sum(known is None for known in ids)))
    named = [next(minted) if known is None else known for known in ids]
    values = [
        {"quotation": quotation_id, "utterance": utterance_id}
        for utterance_id, cluster in zip(named, clusters, strict=True)
        for quotation_id in sorted(cluster)
    ]
    if values:
        this = update(QuotationRow).where(QuotationRow.__table__.c.id == bindparam("quotation"))
        statement = this.values(utterance_id=bindparam("utterance"), linked_by=linker)
        session.connection().execute(statement, values)  # as rows, which is ten times as fast as by objects
    session.expire_all()
    return named


def _redirect(session: Session, absorbed: int, kept: int) -> None:
    session.execute(update(UtteranceRow).where(UtteranceRow.id == absorbed).values(merged_into_id=kept))
    # Retired sightings as well, so that one that is revived comes back under a name in use.
    moved = update(QuotationRow).where(QuotationRow.utterance_id == absorbed).values(utterance_id=kept)
    session.execute(moved.execution_options(synchronize_session=False))


def _mint(session: Session, how_many: int) -> list[int]:
    rows = [UtteranceRow() for _ in range(how_many)]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]
