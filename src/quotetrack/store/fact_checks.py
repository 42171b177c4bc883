"""Published fact-checks: evidence, which is appended. A revised one keeps its earlier form beside the new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.core.domain import FactCheck
from quotetrack.core.names import name_key
from quotetrack.core.normalize import normalise, sha256
from quotetrack.core.urls import canonical_url
from quotetrack.store.tables import FactCheckRow

NEW, REVISED, UNCHANGED = "new", "revised", "unchanged"


def put_fact_check(session: Session, check: FactCheck, evidence_sha256: str | None, now: datetime) -> str:
    """Store a fact-check, and return NEW, REVISED or UNCHANGED.

    It is known by its address, in any of its forms, and its claim. If anything else differs from what is current, the
    newer form is current and the earlier one stays. A form that was stored before is not stored twice.
    """
    key = _key(check.url, check.claim)
    content = _content_sha256(check)
    stored = session.scalars(select(FactCheckRow).where(FactCheckRow.key == key)).all()
    same = next((row for row in stored if row.content_sha256 == content), None)
    outcome = UNCHANGED if same is not None and same.is_current else REVISED if stored else NEW
    for row in stored:
        if row.is_current != (row is same):
            row.is_current, row.matched_by = row is same, None
    if same is not None:
        same.last_seen_at = now
        return outcome
    session.flush()  # the earlier form first
    session.add(
        FactCheckRow(
            key=key,
            content_sha256=content,
            is_current=True,
            url=check.url,
            claim=check.claim,
            title=check.title,
            claimant=check.claimant,
            claimant_key=name_key(check.claimant) if check.claimant else None,
            verdict=check.verdict,
            rating=check.rating,
            publisher=check.publisher,
            published=check.published,
            evidence_sha256=evidence_sha256,
            first_seen_at=now,
            last_seen_at=now,
        )
    )
    session.flush()
    return outcome


def _key(url: str, claim: str) -> str:
    return sha256(f"{canonical_url(url) or url}\0{normalise(claim)}")


def current_fact_check(session: Session, url: str, claim: str) -> int | None:
    """Return the id of the current form of a fact-check, by its address and claim; None if it is not stored."""
    wanted = select(FactCheckRow.id).where(FactCheckRow.key == _key(url, claim), FactCheckRow.is_current)
    return session.scalar(wanted)


def put_fact_checks(
    session: Session, checks: Sequence[FactCheck], evidence_sha256: str | None, now: datetime
) -> Counter[str]:
    """Store fact-checks, and return how many were NEW, REVISED and UNCHANGED."""
    return Counter(put_fact_check(session, check, evidence_sha256, now) for check in checks)


def read_fact_checks(session: Session, claimants: Sequence[str] | None = None) -> list[FactCheck]:
    """Return the current fact-checks, the newest review first; of claims by these names only, if they are given."""
    wanted = select(FactCheckRow).where(FactCheckRow.is_current)
    if claimants is not None:
        wanted = wanted.where(FactCheckRow.claimant_key.in_({name_key(name) for name in claimants}))
    rows = session.scalars(wanted.order_by(FactCheckRow.published.desc().nulls_last(), FactCheckRow.id))
    return [fact_check_of(row) for row in rows]


def read_fact_check(session: Session, fact_check_id: int) -> list[FactCheck]:
    """Return the forms of a fact-check, the current one first; none if there is no fact-check with this id."""
    row = session.get(FactCheckRow, fact_check_id)
    if row is None:
        return []
    forms = select(FactCheckRow).where(FactCheckRow.key == row.key)
    return [
        fact_check_of(form)
        for form in session.scalars(forms.order_by(FactCheckRow.is_current.desc(), FactCheckRow.id.desc()))
    ]


def fact_check_of(row: FactCheckRow) -> FactCheck:
    """Return the fact-check of a row."""
    return FactCheck(
        row.url,
        row.claim,
        title=row.title,
        claimant=row.claimant,
        verdict=row.verdict,
        rating=row.rating,
        publisher=row.publisher,
        published=row.published,
        id=row.id,
    )


def _content_sha256(check: FactCheck) -> str:
    fields = (check.claim, check.title, check.claimant, check.verdict, check.rating, check.publisher, check.published)
    return sha256("\0".join("" if field is None else str(field) for field in fields))
