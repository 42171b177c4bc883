"""The evidence that the store refers to: bodies of pages and files, by their hash, and what they are needed for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import case, or_, select, union_all
from sqlalchemy.orm import Session

from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import ArticleVersionRow, FactCheckRow, FetchRow, QuotationRow, ReportedStatementRow


@dataclass(frozen=True, slots=True)
class Evidence:
    """A body, when it was last fetched or seen as the evidence of a version, and for which versions it may be needed.

    Each version in use that this body gave is in `needed_for` with the hash of the body by which it is verified.
    Another hash means that this body is one more copy of the same text, with other advertisements for example. A file
    of fact-checks is needed for itself.
    """

    sha256: str
    last_used_at: datetime
    needed_for: frozenset[str]


def read_evidence(session: Session) -> Iterator[Evidence]:
    """Yield every body that the store refers to, in order of the hash.

    A version is in use if it is current, or if it has a sighting, quoted or reported, which no newer version repeats.
    """
    version = ArticleVersionRow
    with_sighting = select(QuotationRow.version_id).join(version).where(is_sighting())
    reported = select(ReportedStatementRow.version_id).join(version).where(is_sighting(ReportedStatementRow))
    is_in_use = or_(version.is_current, version.id.in_(with_sighting), version.id.in_(reported))
    verified_by = case((is_in_use, version.evidence_sha256)).label("verified_by")
    fetched = select(FetchRow.body_sha256.label("body"), FetchRow.fetched_at.label("used_at"), verified_by)
    of_versions = select(version.evidence_sha256, version.last_seen_at, verified_by).where(
        version.evidence_sha256.is_not(None)
    )
    check = FactCheckRow
    of_checks = select(check.evidence_sha256, check.last_seen_at, check.evidence_sha256).where(
        check.evidence_sha256.is_not(None)
    )
    uses = (
        union_all(fetched.outerjoin(version), of_versions, of_checks).order_by("body").execution_options(yield_per=1000)
    )
    for body, rows in groupby(session.execute(uses).tuples(), key=itemgetter(0)):
        moments, needed_for = zip(*((used_at, needed) for _, used_at, needed in rows), strict=True)
        yield Evidence(body, max(moments), frozenset(needed for needed in needed_for if needed is not None))
