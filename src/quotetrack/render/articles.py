"""Articles as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from quotetrack.core.domain import ArticleField, day_of
from quotetrack.core.texts import gettext
from quotetrack.render.reported import reported_line
from quotetrack.render.text import count, one_line, speaker_of_sighting

if TYPE_CHECKING:
    from quotetrack.core.domain import ArticleDecision
    from quotetrack.store.article_records import ArticleFieldValue, ArticleRecord, ListedArticle, StoredVersion

SHORT_HASH = 12  # characters of a hash in a line


def article_line(article: ListedArticle) -> str:
    """Return one line of a list: id, day of publication, number of quotations, outlet, title."""
    day = str(day_of(article.published_at) or "no day")
    removed = f"  (removed {article.removed_at:%Y-%m-%d})" if article.removed_at else ""
    title = one_line(article.title) if article.title else article.url
    return f"{article.id:>6}  {day:<10} {article.quotations:>5}  {article.outlet}  {title}{removed}"


def article_lines(record: ArticleRecord, kept: Mapping[str, bool]) -> Iterator[str]:
    """Yield an article with its versions, fetches, quotations and decisions.

    `kept` says by hash whether evidence is in its folder; empty without a folder.
    """
    yield f"Article {record.id}  {record.url}"
    if record.external_id is not None:
        yield f"  Id in the input: {record.external_id}"
    if record.removed_at is not None:
        yield f"  Removed {record.removed_at:%Y-%m-%d}"
    yield from map(_field_line, record.fields)
    for version in record.versions:
        yield from _version_lines(version, kept)
    for fetch in record.fetches:
        body = fetch.body_sha256[:SHORT_HASH]
        yield f"Fetched {fetch.fetched_at:%Y-%m-%d %H:%M}  {fetch.status}  {body}  {fetch.url}"
    yield count(len(record.quotations), "quotation").capitalize()
    for utterance_id, sighting in record.quotations:
        place = f"utterance {utterance_id}" if utterance_id is not None else "not linked yet"
        gone = "" if sighting.is_current else "  (no longer in the article)"
        speaker = speaker_of_sighting(sighting)
        yield f"  Sighting {sighting.id}, {place}  {speaker}: “{one_line(sighting.words)}”{gone}"
    if record.reported:
        yield f"{count(len(record.reported), 'reported statement').capitalize()}, not quoted"
        yield from map(reported_line, record.reported)
    if record.decisions:
        yield "Decisions"
    yield from map(_decision_line, record.decisions)


def decision_text(decision: ArticleDecision) -> str:
    """Return what a decision says: "outlet: harbourpost", "removed"."""
    field = gettext(str(decision.field))
    return field if decision.value is None else f"{field}: {decision.value}"


def _field_line(field: ArticleFieldValue) -> str:
    name = "URL" if field.field is ArticleField.URL else str(field.field).capitalize()
    if field.decided is None:
        return f"  {name}: {field.printed or '(unknown)'}"
    return f"  {name}: {field.decided} (decided; printed: {field.printed or 'unknown'})"


def _version_lines(version: StoredVersion, kept: Mapping[str, bool]) -> Iterator[str]:
    seen = f"seen {version.first_seen_at:%Y-%m-%d} to {version.last_seen_at:%Y-%m-%d}"
    state = "current" if version.is_current else "older"
    yield f"Version {version.sha256[:SHORT_HASH]}  {state}, {seen}, {count(version.characters, 'character')}"
    if version.modified_at is not None:
        yield f"  Modified: {version.modified_at.isoformat()}"
    yield f"  Extractor: {version.error or version.extractor or 'not extracted yet'}"
    for kind, detail in version.notes:
        yield f"  Note: {kind}: {detail}"
    if version.evidence_sha256 is not None:
        is_kept = kept.get(version.evidence_sha256)
        place = "no evidence folder" if is_kept is None else "kept" if is_kept else "not in the evidence folder"
        yield f"  Evidence: {version.evidence_sha256[:SHORT_HASH]} ({place})"


def _decision_line(decision: ArticleDecision) -> str:
    reason = f" ({decision.reason})" if decision.reason else ""
    revoked = f"  revoked {decision.revoked_at:%Y-%m-%d}" if decision.revoked_at else ""
    made = f"{decision.id}  {decision.decided_at:%Y-%m-%d} {decision.decided_by}"
    return f"  {made}: {decision_text(decision)}{reason}{revoked}"
