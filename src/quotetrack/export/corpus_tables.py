"""The tables of a corpus: articles, quotations, reported statements and vectors of one partition, as Parquet.

Each table of a partition is one file. The rows of a partition are in the order of its articles, so that reading them
back needs no memory beyond that of an article and a batch of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.calendar import read_printed_moment
from quotetrack.core.domain import (
    Alternative,
    Article,
    Attribution,
    DateBasis,
    Quotation,
    QuotationKind,
    ReportedStatement,
    SaidOn,
    Span,
    StatementKind,
)
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.normalize import sha256, version_sha256

if TYPE_CHECKING:
    import pyarrow

ROWS_AT_ONCE = 1_000  # read from a file
COMPRESSION = "zstd"


class BrokenTable(QuotetrackError):
    """A table of a corpus is damaged. The message names its file."""


class Table(StrEnum):
    """The tables of a partition."""

    ARTICLES = "articles"
    QUOTATIONS = "quotations"
    STATEMENTS = "statements"
    VECTORS = "vectors"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type as one of the keys of `_arrow_types`, and what it holds."""

    name: str
    type: str
    description: str


_OF_ARTICLE = Column("article", "int", "Number of the article in its partition, counted from 0")
_STATEMENT = (
    _OF_ARTICLE,
    Column("number", "int", "Number of the row in its partition, counted from 0"),
    Column("words", "text", "The words as printed; several parts are joined by a space or by ` […] `"),
    Column("kind", "text", "`full` or `mixed`; of a reported statement `speech` or `attitude`"),
    Column("start", "int", "First character of the words in the text of the article, counted from 0"),
    Column("end", "int", "The character after the last one of the words"),
    Column("parts", "spans", "Start and end of each part in the text"),
    Column("speaker", "text", "Fullest name that the article gives, or the description that it prints"),
    Column("speaker_confidence", "float", "Probability, 0 to 1, that the name is right"),
    Column("alternatives", "alternatives", "Others who may be the speaker, with their probabilities"),
    Column("method", "text", "Rule that found the speaker; empty where nobody is mentioned"),
    Column("mention_start", "int", "First character of the mention of the speaker"),
    Column("mention_end", "int", "The character after the mention"),
    Column("mention_confidence", "float", "Probability, 0 to 1, that the mention is right"),
    Column("cue_start", "int", "First character of the cue (“said”)"),
    Column("cue_end", "int", "The character after the cue"),
    Column("said_first", "day", "First day on which the words may have been said; empty: open"),
    Column("said_last", "day", "Last day on which the words may have been said; empty: open"),
    Column("said_basis", "text", "How the day is known, as in the CSV"),
    Column("said_confidence", "float", "Probability, 0 to 1, that the days are right; empty where no day is claimed"),
    Column("said_start", "int", "First character of the words that tell the day"),
    Column("said_end", "int", "The character after them"),
    Column("context_start", "int", "First character of the paragraph of the words"),
    Column("context_end", "int", "The character after that paragraph"),
    Column("words_sha256", "text", "Key of the vector of the words"),
    Column("passage_sha256", "text", "Key of the vector of their paragraph with the one before"),
)
COLUMNS: Mapping[Table, tuple[Column, ...]] = {
    Table.ARTICLES: (
        _OF_ARTICLE,
        Column("url", "text", "Address; `file:` and the place in the source where the input gives none"),
        Column("outlet", "text", "Short name of who published it"),
        Column("timezone", "text", "IANA name of the outlet's time zone"),
        Column("external_id", "text", "The id that the input gives"),
        Column("title", "text", "Title"),
        Column("byline", "text", "Byline"),
        Column("language", "text", "Language"),
        Column("wire_credit", "text", "News agency that the article credits"),
        Column("published", "day", "Day of publication, as printed"),
        Column("published_at", "text", "Day or moment of publication, as printed, in ISO 8601"),
        Column("modified_at", "text", "Day or moment of the last change, as printed, in ISO 8601"),
        Column("fetched_at", "moment", "Moment in UTC at which it was fetched; empty where the input does not say"),
        Column("version_sha256", "text", "SHA-256 of its title, a NUL character and its text"),
        Column("evidence_sha256", "text", "SHA-256 of the bytes that were read"),
        Column("text", "text", "The text"),
        Column("notes", "notes", "What the reader found amiss"),
        Column("error", "text", "Why no quotations could be extracted; empty where they could"),
    ),
    Table.QUOTATIONS: (
        *_STATEMENT,
        Column("occasion", "text", "Where or to whom it was said, where the article tells"),
    ),
    Table.STATEMENTS: (
        *_STATEMENT,
        Column("cue_method", "text", "Kind of the cue"),
        Column("confidence", "float", "Probability, 0 to 1, that the words are a statement"),
        Column("quotations", "ints", "Numbers of the quotations of the article that stand inside it, from 0"),
    ),
    Table.VECTORS: (
        Column("text_sha256", "text", "SHA-256 of the text; one text may have several rows"),
        Column("model", "text", "Model and version that made the vector"),
        Column("vector", "vector", "Unit vector, of 16-bit floating-point numbers"),
    ),
}


@dataclass(frozen=True, slots=True)
class ExtractedArticle:
    """An article with what was extracted from it.

    `reported` is None where reported statements were not wanted, `error` where extraction succeeded.
    """

    article: Article
    quotations: Sequence[Quotation] = ()
    reported: Sequence[ReportedStatement] | None = None
    error: str | None = None


def _schema(columns: Sequence[Column]) -> pyarrow.Schema:
    """Return the Arrow schema of columns, with the description of each."""
    import pyarrow

    types = _arrow_types()
    return pyarrow.schema(
        [pyarrow.field(c.name, types[c.type], metadata={"description": c.description}) for c in columns]
    )


def _arrow_types() -> Mapping[str, pyarrow.DataType]:
    import pyarrow

    text, number, share = pyarrow.string(), pyarrow.int64(), pyarrow.float64()
    return {
        "text": text,
        "int": number,
        "ints": pyarrow.list_(number),
        "float": share,
        "day": pyarrow.date32(),
        "moment": pyarrow.timestamp("us", tz="UTC"),
        "spans": pyarrow.list_(pyarrow.struct({"start": number, "end": number})),
        "alternatives": pyarrow.list_(pyarrow.struct({"name": text, "confidence": share})),
        "notes": pyarrow.list_(pyarrow.struct({"kind": text, "detail": text})),
        "texts": pyarrow.list_(text),
        "vector": pyarrow.list_(pyarrow.float16()),
    }


# Writing


class TableWriter:
    """Writes the rows of one table to a stream. The rows of one call make a row group, and are all in memory then."""

    def __init__(self, stream: BinaryIO, columns: Sequence[Column]) -> None:
        import pyarrow.parquet

        self._schema = _schema(columns)
        self._writer = pyarrow.parquet.ParquetWriter(stream, self._schema, compression=COMPRESSION)
        self.rows = 0

    def write(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Write rows, if there are any."""
        import pyarrow

        if rows:
            self._writer.write_table(pyarrow.Table.from_pylist(list(rows), schema=self._schema))
            self.rows += len(rows)

    def write_vectors(self, keys: Sequence[str], model: str, vectors: NDArray[np.float32]) -> None:
        """Write one vector for each key, if there are any; `vectors` has the shape (keys, dimensions)."""
        import pyarrow

        if keys:
            ends = np.arange(len(keys) + 1, dtype=np.int32) * vectors.shape[1]
            values = pyarrow.ListArray.from_arrays(ends, pyarrow.array(vectors.astype(np.float16).ravel()))
            columns = [pyarrow.array(keys), pyarrow.array([model] * len(keys)), values]
            self._writer.write_table(pyarrow.Table.from_arrays(columns, schema=self._schema))
            self.rows += len(keys)

    def close(self) -> None:
        """Write the end of the file."""
        self._writer.close()


def article_row(number: int, extracted: ExtractedArticle) -> dict[str, object]:
    """Return the row of an article."""
    article = extracted.article
    return {
        "article": number,
        "url": article.url,
        "outlet": article.outlet,
        "timezone": article.timezone,
        "external_id": article.external_id,
        "title": article.title,
        "byline": article.byline,
        "language": article.language,
        "wire_credit": article.wire_credit,
        "published": article.published_on,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "modified_at": article.modified_at.isoformat() if article.modified_at else None,
        "fetched_at": article.fetched_at,
        "version_sha256": version_sha256(article.title, article.text),
        "evidence_sha256": article.evidence_sha256,
        "text": article.text,
        "notes": [{"kind": kind, "detail": detail} for kind, detail in article.notes],
        "error": extracted.error,
    }


def quotation_row(article: int, number: int, quotation: Quotation, passage_sha256: str) -> dict[str, object]:
    """Return the row of a quotation; the numbers are those of its article and of the row."""
    cue = quotation.attribution.cue if quotation.attribution else None
    row = _statement_row(article, number, quotation, cue, passage_sha256)
    return row | {"occasion": quotation.occasion}


def reported_row(article: int, number: int, statement: ReportedStatement, passage_sha256: str) -> dict[str, object]:
    """Return the row of a reported statement; the numbers are those of its article and of the row."""
    return _statement_row(article, number, statement, statement.cue, passage_sha256) | {
        "cue_method": statement.method,
        "confidence": statement.confidence,
        "quotations": list(statement.quotations),
    }


def _statement_row(
    article: int, number: int, said: Quotation | ReportedStatement, cue: Span | None, passage_sha256: str
) -> dict[str, object]:
    attribution = said.attribution
    alternatives = attribution.alternatives if attribution else ()
    return {
        "article": article,
        "number": number,
        "words": said.words,
        "kind": said.kind.value,
        "start": said.parts[0].start,
        "end": said.parts[-1].end,
        "parts": [{"start": part.start, "end": part.end} for part in said.parts],
        "speaker": attribution.name if attribution else None,
        "speaker_confidence": attribution.confidence if attribution else None,
        "alternatives": [{"name": each.name, "confidence": each.confidence} for each in alternatives],
        "method": attribution.method if attribution else None,
        **_ends("mention", attribution.mention if attribution else None),
        "mention_confidence": attribution.mention_confidence if attribution else None,
        **_ends("cue", cue),
        "said_first": said.said.first,
        "said_last": said.said.last,
        "said_basis": said.said.basis.value,
        "said_confidence": said.said_confidence,
        **_ends("said", said.said_evidence),
        "context_start": said.context.start,
        "context_end": said.context.end,
        "words_sha256": sha256(said.words),
        "passage_sha256": passage_sha256,
    }


def _ends(name: str, span: Span | None) -> dict[str, object]:
    return {f"{name}_start": span.start if span else None, f"{name}_end": span.end if span else None}


# Reading


def read_rows(stream: BinaryIO, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table in order, with all columns or only these. Raises BrokenTable."""
    for batch in read_batches(stream, columns):
        yield from batch.to_pylist()


def read_batches(stream: BinaryIO, columns: Sequence[str] | None = None) -> Iterator[pyarrow.RecordBatch]:
    """Yield the rows of a table in order, some at a time. Raises BrokenTable."""
    import pyarrow.parquet

    try:
        yield from pyarrow.parquet.ParquetFile(stream).iter_batches(ROWS_AT_ONCE, columns=columns)
    except pyarrow.ArrowException as error:
        place = getattr(stream, "path", None) or getattr(stream, "name", "a stream")
        raise BrokenTable(
            f"{place}: not a whole Parquet table ({error}).",
            "If it lies under PREFIX/link, remove that folder and link again. Else remove the record of its partition, "
            "in PREFIX/partitions, and run `quotetrack corpus extract` again.",
        ) from error


def read_extracted(
    articles: BinaryIO, quotations: BinaryIO, statements: BinaryIO | None = None
) -> Iterator[ExtractedArticle]:
    """Yield the articles of a partition in order, each with its quotations, and its reported statements if given."""
    quoted, reported = _RowsByArticle(quotations), _RowsByArticle(statements) if statements else None
    for row in read_rows(articles):
        number = row["article"]
        statements_of_it = [_reported(each) for each in reported.of(number)] if reported else None
        error = row["error"]
        yield ExtractedArticle(
            _article(row),
            [_quotation(each) for each in quoted.of(number)],
            None if error else statements_of_it,
            error,
        )


def read_vectors(stream: BinaryIO) -> Iterator[tuple[str, dict[str, NDArray[np.float16]]]]:
    """Yield vectors by the key of their text, some at a time, each time with the name of their model."""
    for batch in read_batches(stream):
        keys, models = batch.column("text_sha256").to_pylist(), batch.column("model").to_pylist()
        rows = batch.column("vector").flatten().to_numpy(zero_copy_only=False).reshape(len(keys), -1)
        by_model: dict[str, dict[str, NDArray[np.float16]]] = {}
        for key, model, vector in zip(keys, models, rows, strict=True):
            by_model.setdefault(model, {})[key] = vector
        yield from by_model.items()


class _RowsByArticle:
    """The rows of a table of statements, read as far as they are asked for."""

    def __init__(self, stream: BinaryIO) -> None:
        self._rows = read_rows(stream)
        self._next = next(self._rows, None)

    def of(self, article: int) -> Iterator[dict[str, Any]]:
        """Yield the rows of an article; articles are asked for in order."""
        while self._next is not None and self._next["article"] == article:
            row, self._next = self._next, next(self._rows, None)
            yield row


def _article(row: Mapping[str, Any]) -> Article:
    return Article(
        url=row["url"],
        outlet=row["outlet"],
        text=row["text"],
        title=row["title"],
        language=row["language"],
        published_at=read_printed_moment(row["published_at"]),
        fetched_at=row["fetched_at"],
        byline=row["byline"],
        wire_credit=row["wire_credit"],
        external_id=row["external_id"],
        timezone=row["timezone"],
        modified_at=read_printed_moment(row["modified_at"]),
        evidence_sha256=row["evidence_sha256"],
        notes=tuple((note["kind"], note["detail"]) for note in row["notes"]),
    )


def _quotation(row: Mapping[str, Any]) -> Quotation:
    return Quotation(
        parts=_parts(row),
        words=row["words"],
        kind=QuotationKind(row["kind"]),
        context=Span(row["context_start"], row["context_end"]),
        attribution=_attribution(row),
        said=said_of(row),
        said_evidence=_span(row, "said"),
        occasion=row["occasion"],
        said_confidence=row["said_confidence"],
    )


def _reported(row: Mapping[str, Any]) -> ReportedStatement:
    return ReportedStatement(
        parts=_parts(row),
        words=row["words"],
        kind=StatementKind(row["kind"]),
        cue=Span(row["cue_start"], row["cue_end"]),
        method=row["cue_method"],
        confidence=row["confidence"],
        context=Span(row["context_start"], row["context_end"]),
        attribution=_attribution(row),
        said=said_of(row),
        said_evidence=_span(row, "said"),
        said_confidence=row["said_confidence"],
        quotations=tuple(row["quotations"]),
    )


def said_of(row: Mapping[str, Any]) -> SaidOn:
    """Return the days of speaking of a row."""
    return SaidOn(row["said_first"], row["said_last"], DateBasis(row["said_basis"]))


def _attribution(row: Mapping[str, Any]) -> Attribution | None:
    if row["method"] is None:
        return None
    return Attribution(
        name=row["speaker"],
        mention=_span(row, "mention"),
        cue=_span(row, "cue"),
        method=row["method"],
        confidence=row["speaker_confidence"],
        mention_confidence=row["mention_confidence"],
        alternatives=tuple(Alternative(each["name"], each["confidence"]) for each in row["alternatives"]),
    )


def _parts(row: Mapping[str, Any]) -> tuple[Span, ...]:
    return tuple(Span(part["start"], part["end"]) for part in row["parts"])


def _span(row: Mapping[str, Any], name: str) -> Span | None:
    start, end = row[f"{name}_start"], row[f"{name}_end"]
    return Span(start, end) if start is not None and end is not None else None
