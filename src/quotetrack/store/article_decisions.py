"""Decisions of people about articles: what a field should say, or that the article is removed. Appended or revoked.

A decision names its article by URL, and may come before the article. It reaches every output at once through the
columns `decided_...` of `articles`. If it changes what extraction reads, or if the article is removed, it also waits in
`decisions_to_apply` for the steps that do the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quotetrack.core.domain import ArticleDecision, ArticleField
from quotetrack.store.articles import article_at, extract_again, follow_decisions
from quotetrack.store.backends import backend_of
from quotetrack.store.backends.statements import numbers
from quotetrack.store.crawl import fetch_again
from quotetrack.store.decisions import (
    AppliedKind,
    ImportResult,
    apply_later,
    decisions_to_apply,
    find_judgements_again,
    were_applied,
)
from quotetrack.store.quotations import full_texts_of
from quotetrack.store.tables import (
    ArticleDecisionRow,
    ArticleRow,
    ArticleVersionRow,
    FetchRow,
    OutletRow,
    QuotationRow,
    ReportedStatementRow,
)


def put_article_decision(
    session: Session,
    article_url: str,
    field: ArticleField,
    value: str | None,
    *,
    decided_by: str,
    at: datetime,
    reason: str | None = None,
) -> int:
    """Store what a field of an article should say, or with `REMOVED` that it is removed. Return the decision's id.

    If the same decision is in force, its id is returned. Another one about the field is revoked. Raises ValueError for
    the URL of another article.
    """
    _refuse_url_of_another(session, article_url, field, value)
    for other in _in_force(session, article_url, field):
        if other.value == value:
            return other.id
        other.revoked_at = at
    row = ArticleDecisionRow(
        article_url=article_url, field=str(field), value=value, reason=reason, decided_by=decided_by, decided_at=at
    )
    session.add(row)
    session.flush()
    _follow(session, row)
    return row.id


def import_article_decision(
    session: Session,
    article_url: str,
    field: ArticleField,
    value: str | None,
    *,
    decided_by: str,
    at: datetime,
    reason: str | None,
) -> ImportResult:
    """Store a decision of another database about an article, which may come later. Raises as `put_article_decision`.

    Of two decisions about one field the later one stands, and the other is revoked.
    """
    others = [other for other in read_article_decisions(session, article_url) if other.field is field]
    if any(
        other.value == value and (other.revoked_at is None or (other.decided_by, other.decided_at) == (decided_by, at))
        for other in others
    ):
        return ImportResult.KNOWN
    if any(other.revoked_at is None and other.decided_at > at for other in others):
        return ImportResult.OVERRULED
    put_article_decision(session, article_url, field, value, decided_by=decided_by, at=at, reason=reason)
    return ImportResult.NEW


def revoke_article_decision(session: Session, decision_id: int, now: datetime) -> ArticleDecision:
    """Revoke a decision about an article, and return it. Raises LookupError if none of this id is in force."""
    row = session.get(ArticleDecisionRow, decision_id)
    if row is None or row.revoked_at is not None:
        raise LookupError(f"no decision {decision_id} about an article is in force")
    row.revoked_at = now
    session.flush()
    _follow(session, row)
    return _decision(row)


def read_article_decisions(session: Session, article_url: str | None = None) -> list[ArticleDecision]:
    """Return the decisions about an article, or about all articles, oldest first; revoked ones too."""
    wanted = select(ArticleDecisionRow).order_by(ArticleDecisionRow.id)
    if article_url is not None:
        wanted = wanted.where(ArticleDecisionRow.article_url == article_url)
    return [_decision(row) for row in session.scalars(wanted)]


def is_any_removed(session: Session, article_urls: Iterable[str]) -> bool:
    """Return whether a decision in force removes one of these articles."""
    removed = select(ArticleDecisionRow.id).where(
        ArticleDecisionRow.article_url.in_(article_urls),
        ArticleDecisionRow.field == ArticleField.REMOVED,
        ArticleDecisionRow.revoked_at.is_(None),
    )
    return session.scalar(removed.limit(1)) is not None


def urls_of_waiting_decisions(session: Session) -> list[str]:
    """Return the URLs of the articles whose decisions wait for a step."""
    waiting = select(numbers(decisions_to_apply(session, AppliedKind.ARTICLE)).c.value)
    wanted = select(ArticleDecisionRow.article_url).distinct().where(ArticleDecisionRow.id.in_(waiting))
    return sorted(session.scalars(wanted))


def extract_decided_articles(session: Session) -> list[int]:
    """Let the versions wait to be extracted again whose article a decision changed. Return their ids.

    A removed article is left to the step that erases it. One that is no longer removed, and was erased, loses its
    empty versions, so that it can be taken in again.
    """
    waiting = decisions_to_apply(session, AppliedKind.ARTICLE)
    decided = select(ArticleRow, ArticleDecisionRow.id)
    decided = decided.join_from(ArticleRow, ArticleDecisionRow, ArticleDecisionRow.article_url == ArticleRow.url)
    decided = decided.where(
        ArticleDecisionRow.id.in_(select(numbers(waiting).c.value)), ArticleRow.removed_at.is_(None)
    )
    applied: dict[int, int] = {decision_id: article.id for article, decision_id in session.execute(decided)}
    for article_id in set(applied.values()):
        _drop_empty_versions(session, article_id)
        extract_again(session, article_id)
    were_applied(session, AppliedKind.ARTICLE, applied)
    versions = select(ArticleVersionRow.id).where(
        ArticleVersionRow.article_id.in_(select(numbers(set(applied.values())).c.value))
    )
    return list(session.scalars(versions.order_by(ArticleVersionRow.id)))


def _refuse_url_of_another(session: Session, article_url: str, field: ArticleField, value: str | None) -> None:
    other = article_at(session, value) if field is ArticleField.URL and value else None
    if other is not None and other.url != article_url:
        raise ValueError(f"article {other.id} has the URL {value}: remove one of the two")


def _in_force(session: Session, article_url: str, field: ArticleField) -> list[ArticleDecisionRow]:
    wanted = select(ArticleDecisionRow).where(ArticleDecisionRow.article_url == article_url)
    wanted = wanted.where(ArticleDecisionRow.field == field, ArticleDecisionRow.revoked_at.is_(None))
    return list(session.scalars(wanted))


def _decision(row: ArticleDecisionRow) -> ArticleDecision:
    return ArticleDecision(
        id=row.id,
        article_url=row.article_url,
        field=ArticleField(row.field),
        value=row.value,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        revoked_at=row.revoked_at,
    )


def _follow(session: Session, decision: ArticleDecisionRow) -> None:
    """Bring a decision that is new or revoked to the article's row and to the full-text index."""
    row = session.scalars(select(ArticleRow).where(ArticleRow.url == decision.article_url)).one_or_none()
    if row is None:
        return
    was_read, was_removed = _read_by_extraction(session, row), row.removed_at is not None
    indexed = full_texts_of(session, row.id) if decision.field == ArticleField.TITLE else []
    backend_of(session).drop_full_text(session, indexed)
    follow_decisions(session, row)
    backend_of(session).put_full_text(session, full_texts_of(session, row.id) if indexed else [])
    is_removed = row.removed_at is not None
    if is_removed and not was_removed:
        _hide(session, row, decision.decided_at)
    if was_removed and not is_removed:
        fetch_again(session, row.id)
    if is_removed != was_removed or _read_by_extraction(session, row) != was_read:
        apply_later(session, AppliedKind.ARTICLE, [decision.id])


def _read_by_extraction(session: Session, row: ArticleRow) -> tuple[object, ...]:
    """Return the decided values on which the speakers and days of the quotations depend."""
    outlet = session.get_one(OutletRow, row.decided_outlet_id or row.outlet_id)
    return outlet.timezone, row.decided_published_at, row.decided_title, row.decided_byline


def _hide(session: Session, article: ArticleRow, at: datetime) -> None:
    """Retire the statements of an article. They wait to be linked again, and judgements about them to be applied."""
    versions = select(ArticleVersionRow.id).where(ArticleVersionRow.article_id == article.id)
    retired = update(QuotationRow).where(QuotationRow.version_id.in_(versions)).values(retired_at=at, linked_by=None)
    session.execute(retired.execution_options(synchronize_session=False))
    statements = update(ReportedStatementRow).where(ReportedStatementRow.version_id.in_(versions))
    session.execute(statements.values(retired_at=at).execution_options(synchronize_session=False))
    session.expire_all()
    find_judgements_again(session, article.url)


def _drop_empty_versions(session: Session, article_id: int) -> None:
    empty = select(ArticleVersionRow.id).where(ArticleVersionRow.article_id == article_id, ArticleVersionRow.text == "")
    fetches = update(FetchRow).where(FetchRow.version_id.in_(empty)).values(version_id=None)
    session.execute(fetches.execution_options(synchronize_session=False))
    dropped = delete(ArticleVersionRow).where(ArticleVersionRow.id.in_(empty))
    session.execute(dropped.execution_options(synchronize_session=False))
    session.expire_all()
