"""Quotations of a version. Storing the same quotations a second time changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from quotetrack.core.domain import DateBasis, Quotation, SaidOn, Span
from quotetrack.core.normalize import sha256, wording_key
from quotetrack.core.parts import split_parts
from quotetrack.store.articles import relink_versions_of
from quotetrack.store.backends.sqlite import FullText, drop_full_text, put_full_text
from quotetrack.store.decisions import find_judgements_again
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, QuotationRow, RunRow


def put_quotations(
    session: Session, version_id: int, quotations: Sequence[Quotation], extractor: str, run_id: int
) -> None:
    """Make these the live quotations of a version, as `extractor` found them.

    The same characters keep their row and id. A quotation that is gone is retired, as of the start of the run, and
    revived when it is found again. A quotation that changed waits to be linked again, and keeps its utterance until
    then. Words that the article already had in another version start with the utterance that they had there. Raises
    ValueError if the text has other words at the parts, or if two quotations have one span.
    """
    version = session.get_one(ArticleVersionRow, version_id)
    by_span = _by_span(version.text, quotations)
    rows = _rows_of(session, version_id)
    indexed = {span: _full_text(row, version) for span, row in rows.items()}
    wordings_before = _live_wordings(rows)
    for span in rows.keys() - by_span.keys():
        _retire(rows[span], session.get_one(RunRow, run_id).started_at)
    utterances = _utterances_elsewhere(session, version)
    for span, quotation in by_span.items():
        if span in rows:
            _change_quotation(session, rows[span], version, quotation, run_id)
        else:
            rows[span] = _new_quotation(session, version, quotation, run_id, utterances)
    version.extracted_by, version.extract_error = extractor, None
    session.flush()
    if _live_wordings(rows) != wordings_before:
        relink_versions_of(session, version.article_id, but_for=version_id)
    find_judgements_again(session, session.get_one(ArticleRow, version.article_id).url)
    _update_index(session, indexed, {span: _full_text(row, version) for span, row in rows.items()})


def put_extract_error(session: Session, version_id: int, extractor: str, error: str) -> None:
    """Store why this extractor failed on a version. Only another extractor tries the version again."""
    version = session.get_one(ArticleVersionRow, version_id, options=[defer(ArticleVersionRow.text)])
    version.extracted_by, version.extract_error = extractor, error
    session.flush()


def _by_span(text: str, quotations: Sequence[Quotation]) -> dict[Span, Quotation]:
    for quotation in quotations:
        parts = [part.of(text) for part in quotation.parts]
        if split_parts(quotation.words, [len(part) for part in parts]) != parts:
            raise ValueError(f"the text has other words at {quotation.parts} than {quotation.words!r}")
    by_span = {quotation.span: quotation for quotation in quotations}
    if len(by_span) < len(quotations):
        raise ValueError("two quotations with one span")
    return by_span


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
        row.linked_by = row.related_by = None
    row.retired_at = None
    _fill(row, quotation, version.text)
    if session.is_modified(row):
        row.run_id = run_id


def _fields_for_linking(row: QuotationRow) -> tuple[str, str | None, SaidOn]:
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
    """Return the two columns of a span. Raises ValueError if the span is not inside the text."""
    if span is None:
        return None, None
    span.of(text)
    return span.start, span.end


def _update_index(session: Session, before: Mapping[Span, FullText], after: Mapping[Span, FullText]) -> None:
    changed = [span for span in after if after[span] != before.get(span)]
    drop_full_text(session, [before[span] for span in changed if span in before])
    put_full_text(session, [after[span] for span in changed])


PARAGRAPH_BREAK = "\n\n"


def passage_of(text: str, context_start: int, context_end: int) -> str:
    """Return the text from the beginning of the paragraph before the context to the end of the context.

    Questions search in it: "It's a disaster" does not say what the disaster is, but the paragraph before does. On 30
    judged questions the vector of the own paragraph reaches nDCG@10 .52, that of both paragraphs .58 (docs/quality.md).
    """
    before = text[:context_start].rstrip()
    start = before.rfind(PARAGRAPH_BREAK) + len(PARAGRAPH_BREAK) if PARAGRAPH_BREAK in before else 0
    return text[start:context_end]
