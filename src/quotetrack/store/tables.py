"""The tables, in three kinds: evidence, decisions, derived. Alembic reads this; rows never leave the room."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    func,
    literal_column,
    type_coerce,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

# Constraints have names so that a later migration can alter them, on SQLite too.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
DAY_LENGTH = len("2024-11-07")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment of our own clock: aware in Python, UTC in the table. SQLite keeps no zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a naive datetime: nobody can tell which moment it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, aware."""
        return value.replace(tzinfo=UTC) if value else None


class PrintedMoment(TypeDecorator[date]):
    """A day or a moment as an article prints it, in ISO 8601: a day stays a day, a naive moment naive.

    The first ten characters are the day in the article's own zone, which UTC would lose.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """ISO 8601."""
        return value.isoformat() if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """A date or a datetime, which is a date as well."""
        if value is None:
            return None
        return date.fromisoformat(value) if len(value) == DAY_LENGTH else datetime.fromisoformat(value)


class Base(DeclarativeBase):
    """What all the tables share."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime, date: Date, str: Text}  # noqa: RUF012 read once, by SQLAlchemy


# EVIDENCE: only appended; last_seen_at and is_current move, and an outlet learns what was unknown about it.


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


class FailureRow(Base):
    """A file, or a line of one, that a run could not read."""

    __tablename__ = "failures"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    place: Mapped[str]
    reason: Mapped[str]
    failed_at: Mapped[datetime]


class OutletRow(Base):
    """Who publishes."""

    __tablename__ = "outlets"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    country: Mapped[str | None]
    language: Mapped[str | None]
    timezone: Mapped[str | None]


class ArticleRow(Base):
    """What an outlet keeps at one canonical URL."""

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    url: Mapped[str] = mapped_column(unique=True)
    external_id: Mapped[str | None]


class ArticleVersionRow(Base):
    """An article as one fetch found it."""

    __tablename__ = "article_versions"
    __table_args__ = (
        UniqueConstraint("article_id", "content_sha256"),
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
    raw_ref: Mapped[str | None]
    extracted_by: Mapped[str | None] = mapped_column(Text, index=True)
    extract_error: Mapped[str | None]
    # Last, since SQLite reads through a long text to reach the columns behind it.
    text: Mapped[str]


# DECISIONS: appended or revoked; no job writes here.


class SpeakerRow(Base):
    """A person, organisation or group, once."""

    __tablename__ = "speakers"
    __table_args__ = (CheckConstraint("merged_into_id != id", name="not_into_itself"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    wikidata_id: Mapped[str | None] = mapped_column(unique=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"), index=True)


class SpeakerNameRow(Base):
    """One of the names of a speaker."""

    __tablename__ = "speaker_names"
    __table_args__ = (UniqueConstraint("key", "speaker_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"), index=True)
    name: Mapped[str]
    key: Mapped[str] = mapped_column(Text, index=True)


class AnchorRow(Base):
    """Characters that a person pointed at."""

    __tablename__ = "anchors"
    __table_args__ = (UniqueConstraint("version_id", "start", "exact"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"))
    start: Mapped[int]
    exact: Mapped[str]
    prefix: Mapped[str]
    suffix: Mapped[str]


class CorrectionRow(Base):
    """A person's word about one quotation."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    anchor_id: Mapped[int] = mapped_column(ForeignKey("anchors.id"), index=True)
    fault: Mapped[str]
    value: Mapped[str | None]
    reason: Mapped[str | None]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class JudgementRow(Base):
    """A person's word about two quotations: same, or different."""

    __tablename__ = "judgements"
    __table_args__ = (CheckConstraint("left_anchor_id != right_anchor_id", name="two"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    left_anchor_id: Mapped[int] = mapped_column(ForeignKey("anchors.id"), index=True)
    right_anchor_id: Mapped[int] = mapped_column(ForeignKey("anchors.id"), index=True)
    same: Mapped[bool]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


# DERIVED: made again at any time; each row names its maker.


class UtteranceRow(Base):
    """An id that lasts, and where it went."""

    __tablename__ = "utterances"
    # AUTOINCREMENT: SQLite would otherwise give the id of the last row, once deleted, to another utterance.
    __table_args__ = (CheckConstraint("merged_into_id != id", name="not_into_itself"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("utterances.id"), index=True)


class QuotationRow(Base):
    """A quotation of one version, with what extraction and linking made of it.

    `words_sha256` and `context_sha256` are the text keys of its two embeddings.
    """

    __tablename__ = "quotations"
    __table_args__ = (
        UniqueConstraint("version_id", "start", "end"),
        CheckConstraint('start < "end"', name="some_characters"),
        CheckConstraint("attribution_confidence BETWEEN 0 AND 1", name="confidence"),
        CheckConstraint("said_first <= said_last", name="said_in_order"),
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
    speaker_name: Mapped[str | None] = mapped_column(Text, index=True)
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"), index=True)
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
    utterance_id: Mapped[int | None] = mapped_column(ForeignKey("utterances.id"), index=True)
    linked_by: Mapped[str | None]
    retired_at: Mapped[datetime | None]


class EmbeddingRow(Base):
    """A text as one model sees it: a unit vector in float16."""

    __tablename__ = "embeddings"
    __table_args__ = (UniqueConstraint("text_key", "model"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text_key: Mapped[str] = mapped_column(String(64))
    model: Mapped[str]
    vector: Mapped[bytes]


class LinkRow(Base):
    """Machine evidence that two sightings are one utterance."""

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("left_id", "right_id"),
        CheckConstraint("left_id < right_id", name="ordered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    left_id: Mapped[int] = mapped_column(ForeignKey("quotations.id"))
    right_id: Mapped[int] = mapped_column(ForeignKey("quotations.id"), index=True)
    kind: Mapped[str]
    score: Mapped[float]
    flags: Mapped[list[str]] = mapped_column(JSON)
    linker: Mapped[str]


def published_day(column: InstrumentedAttribute[date | None]) -> ColumnElement[str]:
    """The day of publication as printed, `2024-11-07`; NULL where the article tells none."""
    return func.substr(type_coerce(column, String), 1, DAY_LENGTH)
