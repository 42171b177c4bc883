"""The tables, in three kinds: evidence, decisions, derived. Alembic reads them; rows never leave `store`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    SQLColumnExpression,
    String,
    UniqueConstraint,
    func,
    literal_column,
    type_coerce,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from quotetrack.core.calendar import DAY_LENGTH, read_printed_moment
from quotetrack.store.backends.columns import STRING, TEXT, Float16Vector

# Constraints are named, so that a later migration can alter them, on SQLite too.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment of our own clock: with a time zone in Python, in UTC in the table. SQLite stores no time zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC. Raises ValueError for a datetime without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its time zone, UTC."""
        return value.replace(tzinfo=UTC) if value else None


class PrintedMoment(TypeDecorator[date]):
    """A day or a moment as an article prints it, in ISO 8601. A day stays a day; no time zone is added.

    The first ten characters are the day in the article's time zone. In UTC that day would be lost.
    """

    impl = STRING
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Return the day or moment in ISO 8601."""
        return value.isoformat() if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """Return a date, or a datetime if a time was printed."""
        return read_printed_moment(value)


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime, date: Date, str: TEXT}  # noqa: RUF012 read once, by SQLAlchemy


# EVIDENCE: only appended. Exceptions: last_seen_at and is_current change, and unknown facts of an outlet are filled in.


class RunRow(Base):
    """One execution of a job."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str]
    code_version: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None]
    # Of a night: {"sources": {source: {outcome: number}}, "stages": {stage: {"done": number, "seconds": number}}}.
    breakdown: Mapped[dict[str, dict[str, dict[str, float]]] | None] = mapped_column("told", JSON(none_as_null=True))


class FailureRow(Base):
    """A failure of a run: a file, line, page or article that could not be read."""

    __tablename__ = "failures"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    place: Mapped[str]
    reason: Mapped[str]
    failed_at: Mapped[datetime]


class OutletRow(Base):
    """A publisher: a newspaper, site or broadcaster."""

    __tablename__ = "outlets"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    country: Mapped[str | None]
    language: Mapped[str | None]
    timezone: Mapped[str | None]


class ArticleRow(Base):
    """An article: what an outlet publishes at one canonical URL.

    Where several articles were found at one address, all but the first have `#` and a day or a hash behind it.

    The columns `decided_...` and `removed_at` hold what the decisions in force about the article say (see
    ArticleDecisionRow); they are derived from these, and stand before what the outlet printed.
    """

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    url: Mapped[str] = mapped_column(unique=True)
    external_id: Mapped[str | None]
    address_key: Mapped[str | None] = mapped_column(index=True)  # what all forms of the address share: `article_key`
    decided_outlet_id: Mapped[int | None]  # without a foreign key, because SQLite can add one only by copying the table
    decided_url: Mapped[str | None]
    decided_title: Mapped[str | None]
    decided_byline: Mapped[str | None]
    decided_published_at: Mapped[date | None] = mapped_column(PrintedMoment)
    removed_at: Mapped[datetime | None]


class ArticleVersionRow(Base):
    """A version: the title and text of an article as one fetch found them."""

    __tablename__ = "article_versions"
    __table_args__ = (
        UniqueConstraint("article_id", "content_sha256"),
        Index("ix_article_versions_content_sha256", "content_sha256"),
        Index("ix_article_versions_one_current", "article_id", unique=True, sqlite_where=literal_column("is_current")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    is_current: Mapped[bool]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    title: Mapped[str | None]
    byline: Mapped[str | None]
    language: Mapped[str | None]
    wire_credit: Mapped[str | None]
    published_at: Mapped[date | None] = mapped_column(PrintedMoment)
    evidence_sha256: Mapped[str | None]  # of the bytes that were read, under which the page archive may hold them
    extracted_by: Mapped[str | None] = mapped_column(TEXT, index=True)
    extract_error: Mapped[str | None]
    # Behind the others, because SQLite reads through a long text to reach the columns after it.
    text: Mapped[str]
    modified_at: Mapped[date | None] = mapped_column(
        PrintedMoment
    )  # when the outlet says that it changed the page last
    reported_by: Mapped[str | None] = mapped_column(TEXT, index=True)  # what read its reported statements, if anything


class SourceRow(Base):
    """A source of the settings: when it was first read, and when it last gave an article."""

    __tablename__ = "sources"

    name: Mapped[str] = mapped_column(primary_key=True)
    first_read_at: Mapped[datetime]
    last_gave_at: Mapped[datetime | None]


class ListingRow(Base):
    """A feed or sitemap as it was read last, with the validators and the hash that tell whether it has changed."""

    __tablename__ = "listings"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_sha256: Mapped[str] = mapped_column(String(64))
    read_at: Mapped[datetime]


class KeptAnswerRow(Base):
    """A cached answer, compressed by zlib. Its body is needed even if unchanged: a robots.txt or sitemap index."""

    __tablename__ = "kept_answers"

    url: Mapped[str] = mapped_column(primary_key=True)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    packed: Mapped[bytes]


class PageRow(Base):
    """A page that a source has listed, and its state; all URLs of one article share its `key`.

    A page whose state is `waiting` is on the work list. `fetched_at` is when its server last answered; `tries` is the
    number of runs in a row in which the server did not.
    """

    __tablename__ = "pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    source: Mapped[str] = mapped_column(TEXT, index=True)
    listed_at: Mapped[datetime]
    listed_published: Mapped[date | None] = mapped_column(PrintedMoment)
    state: Mapped[str] = mapped_column(TEXT, index=True)
    reason: Mapped[str | None]
    tries: Mapped[int]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    moved_to: Mapped[str | None]
    fetched_at: Mapped[datetime | None]
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)


class FetchRow(Base):
    """An answer of a server: URL, time, and the hash of the body, under which the page archive may hold the body.

    `version_id` is the version of the article that the answer contained.
    """

    __tablename__ = "fetches"

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("article_versions.id"), index=True)
    final_url: Mapped[str]
    status: Mapped[int]
    headers: Mapped[list[list[str]]] = mapped_column(JSON)
    body_sha256: Mapped[str] = mapped_column(String(64))
    fetched_at: Mapped[datetime]


class NoteRow(Base):
    """A quality note about a version: that it is a stub in front of a paywall, for example."""

    __tablename__ = "notes"
    __table_args__ = (UniqueConstraint("version_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"))
    kind: Mapped[str]
    detail: Mapped[str]


class FileRow(Base):
    """A file of a source, and the position to read from: `next_offset` in bytes, `next_line` from 1.

    `size`, `changed_ns` and the hash of its first bytes tell whether the file is the same, has grown, or is another.
    """

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    changed_ns: Mapped[int] = mapped_column(BigInteger)
    head_sha256: Mapped[str] = mapped_column(String(64))
    next_offset: Mapped[int] = mapped_column(BigInteger)
    next_line: Mapped[int] = mapped_column(BigInteger)
    is_done: Mapped[bool]


class FactCheckRow(Base):
    """A published fact-check as one import found it, never edited; of a revised one the newest is current.

    `key` is the hash of its address and claim, `content_sha256` that of all that was read. `claimant_key` is the key of
    the claimant's name, `evidence_sha256` the hash of the file that was read, which the evidence folder may hold.
    `matched_by` names the code that has compared it with the quotations; without a name it waits.
    """

    __tablename__ = "fact_checks"
    __table_args__ = (
        UniqueConstraint("key", "content_sha256"),
        CheckConstraint("rating BETWEEN 0 AND 1", name="rating"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    is_current: Mapped[bool]
    url: Mapped[str]
    claim: Mapped[str]
    title: Mapped[str | None]
    claimant: Mapped[str | None]
    claimant_key: Mapped[str | None] = mapped_column(TEXT, index=True)
    verdict: Mapped[str | None]
    rating: Mapped[float | None]
    publisher: Mapped[str | None]
    published: Mapped[date | None]
    evidence_sha256: Mapped[str | None] = mapped_column(String(64))
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    matched_by: Mapped[str | None]


# DECISIONS: appended or revoked; no job writes here.


class SpeakerRow(Base):
    """A speaker: one person, organisation or group.

    `merged_into_id` is the decision of a person; `canonical_id` follows from it: the speaker at the end of all merges,
    the speaker's own id if there is none.
    """

    __tablename__ = "speakers"
    __table_args__ = (CheckConstraint("merged_into_id != id", name="not_into_itself"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    wikidata_id: Mapped[str | None] = mapped_column(unique=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"), index=True)
    canonical_id: Mapped[int | None] = mapped_column(index=True)  # None only until the row has its id


class SpeakerNameRow(Base):
    """One of the names of a speaker."""

    __tablename__ = "speaker_names"
    __table_args__ = (UniqueConstraint("key", "speaker_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"), index=True)
    name: Mapped[str]
    key: Mapped[str] = mapped_column(TEXT, index=True)


class SpeakerDecisionRow(Base):
    """A decision about a speaker: merged, revoked, split, renamed or imported; `value` is the name it is about."""

    __tablename__ = "speaker_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"), index=True)
    decision: Mapped[str]
    value: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]


class AnchorRow(Base):
    """Characters that a person pointed at, with their surroundings, in any version of an article.

    `exact` runs from the first quoted character to the last; `parts` are `[start, end]` of each part inside `exact`.
    An anchor names its article by URL: it can be imported before the article is there.
    """

    __tablename__ = "anchors"
    __table_args__ = (UniqueConstraint("article_url", "start", "exact"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_url: Mapped[str]
    start: Mapped[int]
    exact: Mapped[str]
    prefix: Mapped[str]
    suffix: Mapped[str]
    parts: Mapped[list[list[int]]] = mapped_column(JSON)


class CorrectionRow(Base):
    """A correction: the decision of a person about one quotation.

    `value` is the speaker's name or the days; `target_anchor_id` are the characters to choose in place of those of the
    anchor, where the fault is `words`.
    """

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    anchor_id: Mapped[int] = mapped_column(ForeignKey("anchors.id"), index=True)
    fault: Mapped[str]
    value: Mapped[str | None]
    reason: Mapped[str | None]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    target_anchor_id: Mapped[int | None]  # without a foreign key, because SQLite can add one only by copying the table


class ArticleDecisionRow(Base):
    """A decision about an article: what one of its fields should say, or that the article is removed."""

    __tablename__ = "article_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_url: Mapped[str] = mapped_column(TEXT, index=True)
    field: Mapped[str]
    value: Mapped[str | None]
    reason: Mapped[str | None]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class JudgementRow(Base):
    """A judgement: the decision of a person that two quotations are the same utterance, or different ones."""

    __tablename__ = "judgements"
    __table_args__ = (CheckConstraint("left_anchor_id != right_anchor_id", name="two"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    left_anchor_id: Mapped[int] = mapped_column(ForeignKey("anchors.id"), index=True)
    right_anchor_id: Mapped[int] = mapped_column(ForeignKey("anchors.id"), index=True)
    same: Mapped[bool]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    reason: Mapped[str | None]


# DERIVED: can be rebuilt at any time; each row names its maker.


class UtteranceRow(Base):
    """An utterance id that lasts, and the id that it was merged into."""

    __tablename__ = "utterances"
    # AUTOINCREMENT, because SQLite would otherwise use the id of a deleted last row again.
    __table_args__ = (CheckConstraint("merged_into_id != id", name="not_into_itself"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("utterances.id"), index=True)


class QuotationRow(Base):
    """A quotation of one version, with the results of extraction and linking.

    `words_sha256` and `context_sha256` are the text keys of its two vectors: of the words and of the passage (see
    `quotations.passage_of`). `linked_by`, `related_by` and `matched_by` name the code that has processed the row as it
    is now, sighting or not. A row without a name waits to be processed.

    `decided` names the faults that a person corrected here, and `correction_id` is the newest of these corrections.
    `extracted` is the extractor's own quotation where a correction changed or removed it.

    `attribution_confidence` is that of the name. `mention_confidence` is NULL in rows of extractors before `reader-6`,
    whose `attribution_confidence` is that of the mention. `alternatives` are pairs of name and confidence of the others
    who may be the speaker, the likeliest first; without a `speaker_name` the quotation is unsure.

    `said_confidence` is that of the day. It is NULL where no day is claimed, and in rows of extractors before
    `reader-7`.
    """

    __tablename__ = "quotations"
    __table_args__ = (
        UniqueConstraint("version_id", "start", "end"),
        Index("ix_quotations_speaker_id_retired_at", "speaker_id", "retired_at"),  # counts without reading the rows
        # Finds the utterances whose sightings have different speakers without reading the rows.
        Index("ix_quotations_utterance_id_speaker_id", "utterance_id", "speaker_id", "retired_at"),
        Index(
            "ix_quotations_attribution_confidence",
            "attribution_confidence",
            sqlite_where=literal_column("retired_at IS NULL"),
        ),
        Index("ix_quotations_said_confidence", "said_confidence", sqlite_where=literal_column("retired_at IS NULL")),
        CheckConstraint('start < "end"', name="some_characters"),
        CheckConstraint("attribution_confidence BETWEEN 0 AND 1", name="confidence"),
        CheckConstraint("mention_confidence BETWEEN 0 AND 1", name="mention_confidence"),
        CheckConstraint("said_first <= said_last", name="said_in_order"),
        CheckConstraint("said_confidence BETWEEN 0 AND 1", name="said_confidence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    parts: Mapped[list[list[int]]] = mapped_column(JSON)
    words: Mapped[str]
    kind: Mapped[str]
    wording_key: Mapped[str] = mapped_column(String(64))
    words_sha256: Mapped[str] = mapped_column(String(64))
    context_sha256: Mapped[str] = mapped_column(String(64))
    context_start: Mapped[int]
    context_end: Mapped[int]
    speaker_name: Mapped[str | None] = mapped_column(TEXT, index=True)
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"))
    mention_start: Mapped[int | None]
    mention_end: Mapped[int | None]
    cue_start: Mapped[int | None]
    cue_end: Mapped[int | None]
    attribution_method: Mapped[str | None]
    attribution_confidence: Mapped[float | None]
    said_first: Mapped[date | None]
    said_last: Mapped[date | None]
    said_basis: Mapped[str]
    said_evidence_start: Mapped[int | None]
    said_evidence_end: Mapped[int | None]
    occasion: Mapped[str | None]
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("corrections.id"), index=True)
    utterance_id: Mapped[int | None] = mapped_column(ForeignKey("utterances.id"))
    linked_by: Mapped[str | None] = mapped_column(TEXT, index=True)
    retired_at: Mapped[datetime | None]
    # Without a foreign key, because SQLite can add one only by copying the table.
    wording_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    related_by: Mapped[str | None] = mapped_column(TEXT, index=True)
    decided: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    extracted: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    mention_confidence: Mapped[float | None]
    alternatives: Mapped[list[list[Any]] | None] = mapped_column(JSON(none_as_null=True))
    said_confidence: Mapped[float | None]
    matched_by: Mapped[str | None] = mapped_column(TEXT, index=True)


class ReportedStatementRow(Base):
    """A reported statement of one version: the reporter's words for what somebody said.

    `confidence` is that of the words, `method` the kind of cue. All other columns mean what those of a quotation do;
    `decided` and `extracted` come from corrections of a quotation that stands inside it.
    """

    __tablename__ = "reported_statements"
    __table_args__ = (
        UniqueConstraint("version_id", "start", "end", "cue_start"),
        Index("ix_reported_statements_speaker_id_retired_at", "speaker_id", "retired_at"),
        CheckConstraint('start < "end"', name="some_characters"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        CheckConstraint("attribution_confidence BETWEEN 0 AND 1", name="attribution_confidence"),
        CheckConstraint("mention_confidence BETWEEN 0 AND 1", name="mention_confidence"),
        CheckConstraint("said_first <= said_last", name="said_in_order"),
        CheckConstraint("said_confidence BETWEEN 0 AND 1", name="said_confidence"),
        # AUTOINCREMENT, so that the number of an erased statement is never that of another one.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    parts: Mapped[list[list[int]]] = mapped_column(JSON)
    words: Mapped[str]
    kind: Mapped[str]
    method: Mapped[str]
    confidence: Mapped[float]
    wording_key: Mapped[str] = mapped_column(String(64))
    words_sha256: Mapped[str] = mapped_column(String(64))
    context_sha256: Mapped[str] = mapped_column(String(64))
    context_start: Mapped[int]
    context_end: Mapped[int]
    speaker_name: Mapped[str | None] = mapped_column(TEXT, index=True)
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"))
    mention_start: Mapped[int | None]
    mention_end: Mapped[int | None]
    cue_start: Mapped[int]
    cue_end: Mapped[int]
    attribution_method: Mapped[str | None]
    attribution_confidence: Mapped[float | None]
    mention_confidence: Mapped[float | None]
    alternatives: Mapped[list[list[Any]] | None] = mapped_column(JSON(none_as_null=True))
    said_first: Mapped[date | None]
    said_last: Mapped[date | None]
    said_basis: Mapped[str]
    said_evidence_start: Mapped[int | None]
    said_evidence_end: Mapped[int | None]
    said_confidence: Mapped[float | None]
    decided: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    extracted: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    retired_at: Mapped[datetime | None]


StatementTable: TypeAlias = type[QuotationRow] | type[ReportedStatementRow]
"""A table of statements: both have the columns of words, place, speaker and day."""


class EmbeddingRow(Base):
    """The vector of a text by one model: a unit vector in float16."""

    __tablename__ = "embeddings"
    __table_args__ = (UniqueConstraint("text_key", "model"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text_key: Mapped[str] = mapped_column(String(64))
    model: Mapped[str]
    vector: Mapped[bytes] = mapped_column(Float16Vector)


class LinkRow(Base):
    """Machine evidence that two sightings are one utterance."""

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("left_id", "right_id"),
        Index("ix_links_reworded_score", "score", sqlite_where=literal_column("kind = 'reworded'")),
        CheckConstraint("left_id < right_id", name="ordered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    left_id: Mapped[int] = mapped_column(ForeignKey("quotations.id"))
    right_id: Mapped[int] = mapped_column(ForeignKey("quotations.id"), index=True)
    kind: Mapped[str]
    score: Mapped[float]
    flags: Mapped[list[str]] = mapped_column(JSON)
    linker: Mapped[str]


class WordingRow(Base):
    """A wording: words as the linker compares them, once for all sightings that have them. The id is their hash."""

    __tablename__ = "wordings"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    words: Mapped[str]
    tokens: Mapped[str]  # as compared, so that a candidate can be rejected without tokenizing its words again
    linker: Mapped[str]


class PostingRow(Base):
    """A posting: a wording that has a word n-gram. `gram` is the hash of the n-gram.

    The largest table, with some twenty rows a wording, in the order of the n-grams. It has no foreign key, which would
    look up the wording for each row.
    """

    __tablename__ = "postings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    gram: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    wording_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class DecisionToApplyRow(Base):
    """A correction or judgement that a step has still to apply, or to take back where it was revoked."""

    __tablename__ = "decisions_to_apply"

    kind: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class JudgedPairRow(Base):
    """Two sightings that a judgement in force is about, as its anchors were found last."""

    __tablename__ = "judged_pairs"

    judgement_id: Mapped[int] = mapped_column(ForeignKey("judgements.id"), primary_key=True)
    left_id: Mapped[int] = mapped_column(ForeignKey("quotations.id"), primary_key=True, index=True)
    right_id: Mapped[int] = mapped_column(ForeignKey("quotations.id"), primary_key=True, index=True)
    same: Mapped[bool]


class RelatedRow(Base):
    """Two sightings that may make one point in other words, or on another occasion. This never makes one utterance."""

    __tablename__ = "related"
    __table_args__ = (
        UniqueConstraint("left_id", "right_id"),
        CheckConstraint("left_id < right_id", name="ordered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    left_id: Mapped[int] = mapped_column(ForeignKey("quotations.id"))
    right_id: Mapped[int] = mapped_column(ForeignKey("quotations.id"), index=True)
    cosine: Mapped[float]
    related_by: Mapped[str]


class FactCheckMatchRow(Base):
    """A fact-check that is likely about the claim that a sighting makes, with the chance that it is.

    `decided` says whether a person found it right; NULL where nobody decided.
    """

    __tablename__ = "fact_check_matches"
    __table_args__ = (
        UniqueConstraint("quotation_id", "fact_check_id"),
        CheckConstraint("chance BETWEEN 0 AND 1", name="chance"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotations.id"))
    fact_check_id: Mapped[int] = mapped_column(ForeignKey("fact_checks.id"), index=True)
    chance: Mapped[float]
    matched_by: Mapped[str]
    decided: Mapped[bool | None]


class TalkingPointRow(Base):
    """The id of a talking point, which lasts, and the id that it was merged into. Its members are rows of their own."""

    __tablename__ = "talking_points"
    __table_args__ = (CheckConstraint("merged_into_id != id", name="not_into_itself"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("talking_points.id"), index=True)


class TalkingPointMemberRow(Base):
    """A statement that makes a talking point or contradicts it, with the chance that it does.

    `place` orders the members of a point; 0 is the centre. A statement is an utterance or a reported statement, and
    makes one point at most. `words_sha256` is the hash of the words that were compared, which may change later.
    """

    __tablename__ = "talking_point_members"
    __table_args__ = (
        CheckConstraint("(utterance_id IS NULL) != (reported_id IS NULL)", name="one_statement"),
        CheckConstraint("chance BETWEEN 0 AND 1", name="chance"),
        UniqueConstraint("point_id", "contradicts", "place"),
        Index(
            "ix_talking_point_members_utterance_id",
            "utterance_id",
            unique=True,
            sqlite_where=literal_column("utterance_id IS NOT NULL AND NOT contradicts"),
        ),
        Index(
            "ix_talking_point_members_reported_id",
            "reported_id",
            unique=True,
            sqlite_where=literal_column("reported_id IS NOT NULL AND NOT contradicts"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("talking_points.id"))
    place: Mapped[int]
    utterance_id: Mapped[int | None] = mapped_column(ForeignKey("utterances.id"))
    reported_id: Mapped[int | None] = mapped_column(ForeignKey("reported_statements.id"))
    words_sha256: Mapped[str] = mapped_column(String(64))
    contradicts: Mapped[bool]
    chance: Mapped[float]
    grouped_by: Mapped[str]


class WatchRow(Base):
    """A question that a person saved, until it is removed."""

    __tablename__ = "watches"
    # AUTOINCREMENT, so that the number of a removed question is never that of another one.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(TEXT)
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class WatchHitRow(Base):
    """An utterance that answers a saved question, and when a report listed it: NULL until then.

    What answered when the question was saved counts as reported.
    """

    __tablename__ = "watch_hits"
    __table_args__ = (UniqueConstraint("watch_id", "utterance_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    watch_id: Mapped[int] = mapped_column(ForeignKey("watches.id"))
    utterance_id: Mapped[int] = mapped_column(ForeignKey("utterances.id"))
    found_at: Mapped[datetime]
    reported_at: Mapped[datetime | None]


# USERS: who may see the page where others can reach it. Decisions keep the name of who decided, not the id.


class UserRow(Base):
    """Somebody who may sign in to the page; `password_hash` is Argon2's."""

    __tablename__ = "users"
    # AUTOINCREMENT, so that nobody has the id of somebody who was removed.
    __table_args__ = (
        CheckConstraint("role IN ('reader', 'reviewer')", name="role"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(TEXT, unique=True)
    role: Mapped[str]
    password_hash: Mapped[str]
    added_at: Mapped[datetime]


class SignInRow(Base):
    """A user who is signed in until `expires_at`, by the hash of the token that the browser or program holds."""

    __tablename__ = "sign_ins"

    token_sha256: Mapped[str] = mapped_column(TEXT, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    signed_in_at: Mapped[datetime]
    expires_at: Mapped[datetime]


def published_day(column: SQLColumnExpression[date] | InstrumentedAttribute[date | None]) -> ColumnElement[str]:
    """Return the day of publication as printed, such as "2024-11-07"; NULL if the article gives none."""
    return func.substr(type_coerce(column, String), 1, DAY_LENGTH)
