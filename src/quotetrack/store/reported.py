"""Reported statements of a version, as extracted and corrected.

The same characters keep their row and id. A statement that is gone, or that a person took out, is retired, and revived
when it is found again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.core.corrections import apply_to_reported
from quotetrack.core.domain import Anchor, DateBasis, ReportedStatement, SaidOn, Span, StatementKind
from quotetrack.core.parts import reported_words
from quotetrack.core.texts import gettext
from quotetrack.store.corrections import corrections_on
from quotetrack.store.decisions import anchor_at
from quotetrack.store.quotations import (
    attribution_of,
    corrected_quotations,
    extracted_versions,
    fill_statement,
    span_of,
)
from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, ReportedStatementRow, RunRow

_JSON = TypeAdapter(ReportedStatement)


def put_reported(
    session: Session, version_id: int, statements: Sequence[ReportedStatement], reporter: str, run_id: int
) -> None:
    """Make these the live reported statements of a version, as `reporter` found them.

    The quotations of the version come first: what people decided about one that stands inside a statement holds for the
    statement, unless they decided about the statement itself. Raises ValueError if the text has other words at the
    parts.
    """
    version = session.get_one(ArticleVersionRow, version_id)
    for statement in statements:
        printed = reported_words([part.of(version.text) for part in statement.parts])
        if statement.words != printed:
            raise ValueError(f"the text has other words at {statement.parts} than {statement.words!r}")
    _put(session, version, statements, run_id, session.get_one(RunRow, run_id).started_at)
    version.reported_by = reporter
    session.flush()


def put_unread_reported(session: Session, version_id: int, reporter: str) -> None:
    """Store that this reporter failed on a version. Only another one tries the version again."""
    session.get_one(ArticleVersionRow, version_id).reported_by = reporter
    session.flush()


def correct_reported(session: Session, article_url: str, now: datetime) -> None:
    """Follow the corrections in force of an article, in every version whose statements were read."""
    for version, _ in session.execute(extracted_versions(), {"url": article_url}).all():
        found = [row for row in _rows(session, version.id) if row.retired_at is None or row.extracted is not None]
        _put(session, version, [_extracted(row) for row in found], version.run_id, now)
        session.flush()


def anchor_of_reported(session: Session, number: int) -> tuple[str, Anchor]:
    """Return the URL of the article of a reported statement, and its characters. Raises LookupError."""
    wanted = select(ArticleRow.url, ArticleVersionRow.text, ReportedStatementRow.parts)
    wanted = wanted.join_from(ReportedStatementRow, ArticleVersionRow).join(ArticleRow)
    wanted = wanted.where(ReportedStatementRow.id == number, is_sighting(ReportedStatementRow))
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise LookupError(gettext("there is no reported statement r%(number)s", number=number))
    url, text, parts = found
    return url, anchor_at(text, [Span(start, end) for start, end in parts])


def _put(
    session: Session,
    version: ArticleVersionRow,
    statements: Sequence[ReportedStatement],
    run_id: int,
    now: datetime,
) -> None:
    article = session.get_one(ArticleRow, version.article_id)
    if article.removed_at is not None:  # while it was being extracted
        return
    rows = {(row.start, row.end, row.cue_start): row for row in _rows(session, version.id)}
    quotations = corrected_quotations(session, version, article.url)
    for each in apply_to_reported(version.text, statements, quotations, corrections_on(session, article.url)):
        found = each.extracted
        start, end = found.parts[0].start, found.parts[-1].end
        row = rows.pop((start, end, found.cue.start), None)
        if row is None:
            row = ReportedStatementRow(version_id=version.id, run_id=run_id, start=start, end=end)
            session.add(row)
        _fill(row, each.statement or found, version.text)
        row.decided = [str(fault) for fault in each.faults] or None
        row.extracted = _JSON.dump_python(_stored(found), mode="json") if each.faults else None
        row.retired_at = None if each.statement is not None else row.retired_at or now
        if session.is_modified(row):
            row.run_id = run_id
    for row in rows.values():
        row.retired_at, row.decided, row.extracted = row.retired_at or now, None, None
    session.flush()


def _rows(session: Session, version_id: int) -> Sequence[ReportedStatementRow]:
    wanted = select(ReportedStatementRow).where(ReportedStatementRow.version_id == version_id)
    return session.scalars(wanted.order_by(ReportedStatementRow.id)).all()


def _fill(row: ReportedStatementRow, statement: ReportedStatement, text: str) -> None:
    fill_statement(row, statement, text)
    row.method, row.confidence = statement.method, statement.confidence
    row.cue_start, row.cue_end = statement.cue.start, statement.cue.end


def _extracted(row: ReportedStatementRow) -> ReportedStatement:
    """Return the statement as it was extracted."""
    return _JSON.validate_json(json.dumps(row.extracted)) if row.extracted is not None else _statement(row)


def _statement(row: ReportedStatementRow) -> ReportedStatement:
    return ReportedStatement(
        parts=tuple(Span(start, end) for start, end in row.parts),
        words=row.words,
        kind=StatementKind(row.kind),
        cue=Span(row.cue_start, row.cue_end),
        method=row.method,
        confidence=row.confidence,
        context=Span(row.context_start, row.context_end),
        attribution=attribution_of(row),
        said=SaidOn(row.said_first, row.said_last, DateBasis(row.said_basis)),
        said_evidence=span_of(row.said_evidence_start, row.said_evidence_end),
        said_confidence=row.said_confidence,
    )


def _stored(statement: ReportedStatement) -> ReportedStatement:
    """Return a statement as it is stored: which quotations stand in it follows from the characters."""
    return replace(statement, quotations=())
