"""Stored versions with their quotations, as they are verified against one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.core.domain import Span
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, QuotationRow, ReportedStatementRow

VERSIONS_AT_ONCE = 500

_Row = TypeVar("_Row", QuotationRow, ReportedStatementRow)


@dataclass(frozen=True, slots=True)
class StoredQuotation:
    """A live quotation or reported statement.

    The characters of its parts, context, mention, cue and day are those in the text of its version.
    """

    id: int
    words: str
    parts: tuple[Span, ...]
    context: Span | None
    mention: Span | None
    cue: Span | None
    said_evidence: Span | None


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version: the title and text as printed, the hashes that are stored with it, and its live statements."""

    id: int
    url: str
    title: str | None
    text: str
    content_sha256: str
    evidence_sha256: str | None
    quotations: tuple[StoredQuotation, ...]
    reported: tuple[StoredQuotation, ...]


def stored_versions(session: Session) -> Iterator[StoredVersion]:
    """Yield every version in order of id, but for those of removed articles, whose text is gone."""
    wanted = select(ArticleVersionRow, ArticleRow.url).join(ArticleRow).where(ArticleRow.removed_at.is_(None))
    wanted = wanted.order_by(ArticleVersionRow.id).limit(VERSIONS_AT_ONCE)
    last = 0
    while rows := session.execute(wanted.where(ArticleVersionRow.id > last)).all():
        last = rows[-1][0].id
        ids = [version.id for version, _ in rows]
        quotations, reported = _statements(session, QuotationRow, ids), _statements(session, ReportedStatementRow, ids)
        for version, url in rows:
            yield StoredVersion(
                id=version.id,
                url=url,
                title=version.title,
                text=version.text,
                content_sha256=version.content_sha256,
                evidence_sha256=version.evidence_sha256,
                quotations=tuple(quotations[version.id]),
                reported=tuple(reported[version.id]),
            )
        session.expunge_all()  # texts are long, and are not needed again


def _statements(session: Session, table: type[_Row], version_ids: list[int]) -> dict[int, list[StoredQuotation]]:
    wanted = select(table).where(table.version_id.in_(version_ids), table.retired_at.is_(None)).order_by(table.id)
    quotations: dict[int, list[StoredQuotation]] = defaultdict(list)
    for row in session.scalars(wanted):
        quotations[row.version_id].append(
            StoredQuotation(
                id=row.id,
                words=row.words,
                parts=tuple(Span(start, end) for start, end in row.parts),
                context=_span(row.context_start, row.context_end),
                mention=_span(row.mention_start, row.mention_end),
                cue=_span(row.cue_start, row.cue_end),
                said_evidence=_span(row.said_evidence_start, row.said_evidence_end),
            )
        )
    return quotations


def _span(start: int | None, end: int | None) -> Span | None:
    return Span(start, end) if start is not None and end is not None and start < end else None
