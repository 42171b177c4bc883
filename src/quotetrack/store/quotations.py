"""Quotations of a version, as extracted and corrected. Storing the same quotations a second time changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, defer

from quotetrack.core.corrections import CorrectedQuotation, apply_corrections
from quotetrack.core.domain import (
    Attribution,
    DateBasis,
    Quotation,
    QuotationKind,
    ReportedStatement,
    SaidOn,
    Span,
)
from quotetrack.core.normalize import sha256, wording_key
from quotetrack.core.parts import split_parts
from quotetrack.store.articles import relink_versions_of
from quotetrack.store.backends import FullText, backend_of
from quotetrack.store.corrections import corrections_on
from quotetrack.store.decisions import find_judgements_again
from quotetrack.store.sightings import alternatives_of
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, QuotationRow, ReportedStatementRow, RunRow


def put_quotations(
    session: Session, version_id: int, quotations: Sequence[Quotation], extractor: str, run_id: int
) -> None:
    """Make these the live quotations of a version, as `extractor` found them and people corrected them.

    The same characters keep their row and id. A quotation that is gone is retired, as of the start of the run, and
    revived when it is found again. A quotation that changed waits to be linked again, and keeps its utterance until
    then. Words that the article already had in another version start with the utterance that they had there. Raises
    ValueError if the text has other words at the parts, or if two quotations have one span.
    """
    version = session.get_one(ArticleVersionRow, version_id)
    _refuse_wrong_words(version.text, quotations)
    rows = _rows_of(session, version.id)
    _put(session, version, rows, quotations, {}, run_id, session.get_one(RunRow, run_id).started_at)
    version.extracted_by, version.extract_error = extractor, None
    session.flush()


def correct_quotations(session: Session, article_url: str, now: datetime) -> None:
    """Apply the corrections in force to every extracted version of an article, without extracting it again."""
    for version, _ in session.execute(extracted_versions(), {"url": article_url}).all():
        rows = _rows_of(session, version.id)
        extracted = [quotation for row in rows.values() if (quotation := _extracted(row)) is not None]
        shown = {span: _quotation(row) for span, row in rows.items() if row.retired_at is None}
        _put(session, version, rows, extracted, shown, version.run_id, now)
        session.flush()


def corrected_quotations(session: Session, version: ArticleVersionRow, article_url: str) -> list[CorrectedQuotation]:
    """Return the quotations of a version as people left them; none where nobody corrected the article."""
    corrections = corrections_on(session, article_url)
    if not corrections:
        return []
    extracted = [found for row in _rows_of(session, version.id).values() if (found := _extracted(row)) is not None]
    return apply_corrections(version.text, extracted, corrections)


@cache
def extracted_versions() -> Select[ArticleVersionRow, ArticleRow]:
    """Return the statement for an article's extracted versions, oldest first; the session then holds the article."""
    wanted = select(ArticleVersionRow, ArticleRow).join_from(ArticleVersionRow, ArticleRow)
    wanted = wanted.where(ArticleRow.url == bindparam("url"), ArticleVersionRow.extracted_by.is_not(None))
    return wanted.order_by(ArticleVersionRow.id)


def _put(
    session: Session,
    version: ArticleVersionRow,
    rows: dict[Span, QuotationRow],
    quotations: Sequence[Quotation],
    shown: Mapping[Span, Quotation],
    run_id: int,
    now: datetime,
) -> None:
    """Store the extractor's quotations of a version with the corrections of people; `now` is when others are retired.

    A row whose quotation a person changed or took out keeps what the extractor found, so that the correction can be
    revoked. `rows` are all rows of the version. A row that holds its quotation in `shown` already is not filled again.
    """
    article = session.get_one(ArticleRow, version.article_id)
    if article.removed_at is not None:  # while it was being extracted
        return
    url = article.url
    corrected = apply_corrections(version.text, quotations, corrections_on(session, url))
    by_span = {each.quotation.span: each for each in corrected if each.quotation is not None}
    indexed = _full_texts(rows, version, article)
    wordings_before, spans_before = _live_wordings(rows), _live_spans(rows)
    for span in rows.keys() - by_span.keys():
        _retire(rows[span], now)
    utterances = _utterances_elsewhere(session, version) if by_span.keys() - rows.keys() else {}
    for each in corrected:
        hidden = each.extracted
        if hidden is not None and hidden.span not in by_span:
            if hidden.span not in rows:
                rows[hidden.span] = _new_quotation(session, version, hidden, run_id, {})
                rows[hidden.span].retired_at = now
            _mark_decided(rows[hidden.span], each)
    for span, each in by_span.items():
        assert each.quotation is not None
        if span not in rows:
            rows[span] = _new_quotation(session, version, each.quotation, run_id, utterances)
        elif each.quotation != shown.get(span):
            _change_quotation(session, rows[span], version, each.quotation, run_id)
        _mark_decided(rows[span], each)
    session.flush()
    if _live_wordings(rows) != wordings_before:
        relink_versions_of(session, version.article_id, but_for=version.id)
    if _live_spans(rows) != spans_before:
        find_judgements_again(session, url)
    _update_index(session, indexed, _full_texts(rows, version, article))


def put_extract_error(session: Session, version_id: int, extractor: str, error: str) -> None:
    """Store why this extractor failed on a version. Only another extractor tries the version again."""
    version = session.get_one(ArticleVersionRow, version_id, options=[defer(ArticleVersionRow.text)])
    version.extracted_by, version.extract_error = extractor, error
    session.flush()


def _refuse_wrong_words(text: str, quotations: Sequence[Quotation]) -> None:
    for quotation in quotations:
        parts = [part.of(text) for part in quotation.parts]
        if split_parts(quotation.words, [len(part) for part in parts]) != parts:
            raise ValueError(f"the text has other words at {quotation.parts} than {quotation.words!r}")
    if len({quotation.span for quotation in quotations}) < len(quotations):
        raise ValueError("two quotations with one span")


def _rows_of(session: Session, version_id: int) -> dict[Span, QuotationRow]:
    rows = session.scalars(_of_version(), {"version": version_id})
    return {Span(row.start, row.end): row for row in rows}


@cache
def _of_version() -> Select[QuotationRow]:
    return select(QuotationRow).where(QuotationRow.version_id == bindparam("version"))


def _live_wordings(rows: Mapping[Span, QuotationRow]) -> set[str]:
    return {row.wording_key for row in rows.values() if row.retired_at is None}


def _live_spans(rows: Mapping[Span, QuotationRow]) -> set[Span]:
    return {span for span, row in rows.items() if row.retired_at is None}


def full_texts_of(session: Session, article_id: int) -> list[FullText]:
    """Return the texts of all quotations of an article, as the full-text index has them."""
    wanted = select(QuotationRow, ArticleVersionRow, ArticleRow).join_from(QuotationRow, ArticleVersionRow)
    rows = session.execute(wanted.join(ArticleRow).where(ArticleRow.id == article_id).order_by(QuotationRow.id))
    return [_full_text(quotation, version, article) for quotation, version, article in rows]


def _full_texts(
    rows: Mapping[Span, QuotationRow], version: ArticleVersionRow, article: ArticleRow
) -> dict[Span, FullText]:
    return {span: _full_text(row, version, article) for span, row in rows.items()}


def _full_text(row: QuotationRow, version: ArticleVersionRow, article: ArticleRow) -> FullText:
    passage = passage_of(version.text, row.context_start, row.context_end)
    return FullText(row.id, row.words, passage, article.decided_title or version.title or "")


def _retire(row: QuotationRow, at: datetime) -> None:
    row.decided = row.correction_id = row.extracted = None
    if row.retired_at is None:
        row.retired_at, row.linked_by = at, None


def _utterances_elsewhere(session: Session, version: ArticleVersionRow) -> dict[str, int | None]:
    """Return the utterance of each wording in the other versions of the article, by wording key; the oldest row's.

    An edited article repeats most of its quotations, and their public utterance ids should last.
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
    session: Session,
    version: ArticleVersionRow,
    quotation: Quotation,
    run_id: int,
    utterances: Mapping[str, int | None],
) -> QuotationRow:
    row = QuotationRow(version_id=version.id, run_id=run_id, start=quotation.span.start, end=quotation.span.end)
    _fill(row, quotation, version.text)
    row.utterance_id = utterances.get(row.wording_key)
    session.add(row)
    return row


def _change_quotation(
    session: Session, row: QuotationRow, version: ArticleVersionRow, quotation: Quotation, run_id: int
) -> None:
    if _fields_for_linking(row) != (quotation.words, _name(quotation), quotation.said) or row.retired_at:
        row.linked_by = row.related_by = row.matched_by = None
    row.retired_at = None
    _fill(row, quotation, version.text)
    if session.is_modified(row):
        row.run_id = run_id


def _mark_decided(row: QuotationRow, corrected: CorrectedQuotation) -> None:
    """Store which faults people corrected, and what the extractor found at these characters, if anything."""
    corrections = corrected.corrections
    row.decided = list(dict.fromkeys(str(correction.fault) for correction in corrections)) or None
    row.correction_id = max((correction.id for correction in corrections), default=None)
    found = corrected.extracted
    is_found_here = found is not None and found.span == Span(row.start, row.end)
    row.extracted = _to_json(found) if corrections and found is not None and is_found_here else None


def _extracted(row: QuotationRow) -> Quotation | None:
    """Return the quotation that the extractor found at these characters; None if a person pointed at them, or none."""
    if row.extracted is not None:
        return _from_json(row.extracted)
    return None if row.decided or row.retired_at else _quotation(row)


def _quotation(row: QuotationRow) -> Quotation:
    return Quotation(
        parts=tuple(Span(start, end) for start, end in row.parts),
        words=row.words,
        kind=QuotationKind(row.kind),
        context=Span(row.context_start, row.context_end),
        attribution=attribution_of(row),
        said=SaidOn(row.said_first, row.said_last, DateBasis(row.said_basis)),
        said_evidence=span_of(row.said_evidence_start, row.said_evidence_end),
        occasion=row.occasion,
        said_confidence=row.said_confidence,
    )


def attribution_of(row: QuotationRow | ReportedStatementRow) -> Attribution | None:
    """Return the speaker of a row; None where nobody is mentioned."""
    if row.attribution_method is None:
        return None
    confidence = row.attribution_confidence or 0.0
    return Attribution(
        name=row.speaker_name,
        mention=span_of(row.mention_start, row.mention_end),
        cue=span_of(row.cue_start, row.cue_end),
        method=row.attribution_method,
        confidence=confidence,
        # The extractors before "reader-6" had one confidence, which was of the mention.
        mention_confidence=confidence if row.mention_confidence is None else row.mention_confidence,
        alternatives=alternatives_of(row.alternatives),
    )


def span_of(start: int | None, end: int | None) -> Span | None:
    """Return the span of two columns; None where they are NULL."""
    return Span(start, end) if start is not None and end is not None else None


_JSON = TypeAdapter(Quotation)


def _to_json(quotation: Quotation) -> dict[str, object]:
    value: dict[str, object] = _JSON.dump_python(quotation, mode="json")
    return value


def _from_json(value: Mapping[str, object]) -> Quotation:
    return _JSON.validate_json(json.dumps(value))


def _fields_for_linking(row: QuotationRow) -> tuple[str, str | None, SaidOn]:
    return row.words, row.speaker_name, SaidOn(row.said_first, row.said_last, DateBasis(row.said_basis))


def _name(quotation: Quotation | ReportedStatement) -> str | None:
    return quotation.attribution.name if quotation.attribution else None


def _fill(row: QuotationRow, quotation: Quotation, text: str) -> None:
    fill_statement(row, quotation, text)
    row.cue_start, row.cue_end = _ends(quotation.attribution.cue if quotation.attribution else None, text)
    row.occasion = quotation.occasion


def fill_statement(
    row: QuotationRow | ReportedStatementRow, statement: Quotation | ReportedStatement, text: str
) -> None:
    """Fill the columns that rows of quotations and of reported statements share; a new name waits for its speaker.

    Raises ValueError if a span is not inside the text.
    """
    attribution, said = statement.attribution, statement.said
    row.parts = [[part.start, part.end] for part in statement.parts]
    row.words = statement.words
    row.kind = str(statement.kind)
    row.wording_key = wording_key(statement.words)
    row.words_sha256 = sha256(statement.words)
    row.context_sha256 = sha256(passage_of(text, statement.context.start, statement.context.end))
    row.context_start, row.context_end = statement.context.start, statement.context.end
    if row.speaker_name != _name(statement):
        row.speaker_name, row.speaker_id = _name(statement), None
    row.mention_start, row.mention_end = _ends(attribution.mention if attribution else None, text)
    row.attribution_method = attribution.method if attribution else None
    row.attribution_confidence = attribution.confidence if attribution else None
    row.mention_confidence = attribution.mention_confidence if attribution else None
    alternatives = attribution.alternatives if attribution else ()
    row.alternatives = [[each.name, each.confidence] for each in alternatives] or None
    row.said_first, row.said_last, row.said_basis = said.first, said.last, str(said.basis)
    row.said_evidence_start, row.said_evidence_end = _ends(statement.said_evidence, text)
    row.said_confidence = statement.said_confidence


def _ends(span: Span | None, text: str) -> tuple[int | None, int | None]:
    """Return the two columns of a span. Raises ValueError if the span is not inside the text."""
    if span is None:
        return None, None
    span.of(text)
    return span.start, span.end


def _update_index(session: Session, before: Mapping[Span, FullText], after: Mapping[Span, FullText]) -> None:
    changed = [span for span in after if after[span] != before.get(span)]
    backend_of(session).drop_full_text(session, [before[span] for span in changed if span in before])
    backend_of(session).put_full_text(session, [after[span] for span in changed])


PARAGRAPH_BREAK = "\n\n"


def passage_of(text: str, context_start: int, context_end: int) -> str:
    """Return the text from the beginning of the paragraph before the context to the end of the context.

    Questions search in it: "It's a disaster" does not say what the disaster is, but the paragraph before does. On 30
    judged questions the vector of the own paragraph reaches nDCG@10 .52, that of both paragraphs .58 (docs/quality.md).
    """
    before = text[:context_start].rstrip()
    start = before.rfind(PARAGRAPH_BREAK) + len(PARAGRAPH_BREAK) if PARAGRAPH_BREAK in before else 0
    return text[start:context_end]
