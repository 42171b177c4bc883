"""Extract the statements of whole files of articles to Parquet, one partition for each file.

A partition is done when its record is written, which is last; an earlier record goes before its tables do. A run does
the partitions without a record, and those whose record was made of another file or by other code.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.core.errors import QuotetrackError, require_pyarrow
from quotetrack.core.normalize import sha256
from quotetrack.core.settings import Settings
from quotetrack.core.versions import EXTRACTOR, REPORTER
from quotetrack.export.corpus_tables import (
    COLUMNS,
    ExtractedArticle,
    Table,
    TableWriter,
    article_row,
    quotation_row,
    reported_row,
)
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.reader import read_file
from quotetrack.pipeline.corpus.places import RECORDS, UNFINISHED, BrokenFile, NoCorpus, Partition, Prefix, local_file
from quotetrack.pipeline.executors.budget import Budget
from quotetrack.pipeline.executors.engine import Engine, Lost
from quotetrack.pipeline.nightly import OnEvent, ignore_event
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.pipeline.steps.extract import ArticleToRead, Statements, extract_article
from quotetrack.store.quotations import passage_of

if TYPE_CHECKING:
    from quotetrack.models.embedder import Embedder

ARTICLES_AT_ONCE = 500  # in memory, with all that was extracted from them: some 20 MB
BYTES_AT_ONCE = 2**20
MOST_FAILURES_KEPT = 1_000  # of one partition, in its record

T = TypeVar("T")


class OtherVersion(QuotetrackError):
    """A worker runs another version of our code than the command."""


@dataclass(frozen=True, slots=True)
class Making:
    """What a partition is made with: where a record has another one, the partition is made again.

    `reporter` and `embedding_model` are None where reported statements and vectors are not wanted.
    """

    extractor: str
    reporter: str | None
    spacy_model: str
    embedding_model: str | None
    half_precision: bool
    outlet: str | None
    published: str | None

    @classmethod
    def of(
        cls,
        settings: Settings,
        *,
        with_vectors: bool = True,
        outlet: str | None = None,
        published: datetime | date | None = None,
    ) -> Making:
        """Return what the code and the settings make; `outlet` and `published` are those of articles without one."""
        return cls(
            EXTRACTOR,
            REPORTER if settings.reported else None,
            settings.spacy_model,
            settings.embedding_model if with_vectors else None,
            settings.embedding_bfloat16,
            outlet,
            published.isoformat() if published else None,
        )


@dataclass(frozen=True, slots=True)
class Record:
    """A partition that is done, or that failed for a `reason`: its numbers of rows, and the articles that failed.

    `failures` are the first that could not be read, each a place and a reason; `failed` counts all. `errors` are the
    first that have a row, but from which nothing could be extracted; `not_extracted` counts all. `left_out` counts what
    was no article, by reason. `tables_sha256` is that of all tables but the vectors, one after the other.
    """

    partition: Partition
    making: Making
    rows: Mapping[str, int] = field(default_factory=dict)
    failed: int = 0
    failures: Sequence[tuple[str, str]] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    not_extracted: int = 0
    errors: Sequence[tuple[str, str]] = ()
    tables_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """The result of a run over a corpus: its partitions, and those of them that were done before."""

    records: Sequence[Record]
    done_before: int

    @property
    def failed(self) -> list[Record]:
        """Return the records of the partitions that failed."""
        return [record for record in self.records if record.reason is not None]

    @property
    def failures(self) -> list[Failure]:
        """Return the partitions that failed, then the articles that did, of each partition the first."""
        partitions = [Failure(record.partition.source, record.reason or "") for record in self.failed]
        articles = (place for record in self.records for place in (*record.failures, *record.errors))
        return partitions + [Failure(where, reason) for where, reason in articles]

    @property
    def failures_in_all(self) -> int:
        """Return the number of partitions and articles that failed."""
        return len(self.failed) + sum(record.failed + record.not_extracted for record in self.records)


def extract_corpus(
    partitions: Sequence[Partition],
    prefix: Prefix,
    engine: Engine,
    *,
    making: Making,
    settings: Settings,
    outlets: Outlets,
    on_progress: OnProgress = ignore_progress,
    on_event: OnEvent = ignore_event,
) -> Extracted:
    """Extract the partitions that are not done yet, in any order, and write their tables and records to the prefix.

    A partition that fails has a record with the reason, and is tried again by the next run. Raises ExtraMissing, an
    error of the engine, and OSError where the prefix cannot be written; what is done stays.
    """
    require_pyarrow()
    before = {record.partition: record for record in _readable_records(prefix)}
    done = [before[p] for p in partitions if p in before and before[p].making == making and before[p].reason is None]
    waiting = [partition for partition in partitions if partition not in {record.partition for record in done}]
    on_event("corpus_started", {"prefix": prefix.url, "partitions": len(partitions), "done_before": len(done)})
    work = partial(extract_partition, prefix, making, outlets, _budget(settings))
    records = list(done)
    on_progress("extracting", len(records), len(partitions))
    for partition, result in engine(work, waiting):
        if isinstance(result, Lost):
            result = Record(partition, making, reason=result.reason)
            write_record(prefix, result)
        records.append(result)
        on_event("partition_failed" if result.reason else "partition_done", _fields(result))
        on_progress("extracting", len(records), len(partitions))
    prefix.remove(UNFINISHED)
    extracted = Extracted(sorted(records, key=lambda record: record.partition.name), len(done))
    on_event("corpus_finished", {"partitions": len(partitions), "failed": len(extracted.failed)})
    return extracted


def _fields(record: Record) -> dict[str, str | float | None]:
    fields: dict[str, str | float | None] = {"partition": record.partition.name, "source": record.partition.source}
    if record.reason:
        return fields | {"reason": record.reason}
    return fields | {**record.rows, "failed": record.failed, "not_extracted": record.not_extracted}


def _budget(settings: Settings) -> Budget:
    return Budget(settings.article_seconds, settings.article_mebibytes)


# Records


def read_records(prefix: Prefix) -> list[Record]:
    """Return the records of a corpus, in order of the names of their partitions. Raises BrokenFile."""
    return [read_record(prefix, name) for name in prefix.names(RECORDS, ".json")]


def read_record(prefix: Prefix, name: str) -> Record:
    """Return the record of the partition with this name. Raises BrokenFile."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Record).validate_python(prefix.read_json(_record_path(name)))
    except ValidationError as error:
        raise prefix.broken(error, _record_path(name)) from error


def _readable_records(prefix: Prefix) -> Iterator[Record]:
    """Yield the records of a corpus; a partition whose record is damaged is made again."""
    for name in prefix.names(RECORDS, ".json"):
        with suppress(BrokenFile):
            yield read_record(prefix, name)


def done_partitions(prefix: Prefix) -> list[Record]:
    """Return the records of the partitions that are done. Raises NoCorpus where there is none."""
    done = [record for record in read_records(prefix) if record.reason is None]
    if not done:
        raise NoCorpus(
            f"{prefix.url} holds no extracted partition. Make one: quotetrack corpus extract SOURCE --to PREFIX"
        )
    return done


def write_record(prefix: Prefix, record: Record) -> None:
    """Write a record in the place of an earlier one of its partition, and remove the tables that it does not name."""
    name = record.partition.name
    prefix.remove(_record_path(name))
    for table in Table:
        if table not in record.rows:
            prefix.remove(path_of(table, name))
    prefix.write_json(_record_path(name), asdict(record))


def _record_path(partition: str) -> str:
    return f"{RECORDS}/{partition}.json"


# One partition


def extract_partition(prefix: Prefix, making: Making, outlets: Outlets, budget: Budget, partition: Partition) -> Record:
    """Extract one partition and write its tables, then its record. The work of an engine: a process keeps its models.

    Memory does not grow with the partition. What fails is in the record. Raises OtherVersion, ImportError and
    QuotetrackError where a package or model of ours is missing: that is no fault of the partition.
    """
    if (making.extractor, making.reporter) != (EXTRACTOR, REPORTER if making.reporter else None):
        raise OtherVersion(
            "A worker runs another version of quotetrack. Install the same one for all, and restart them."
        )
    try:
        record = _write_tables(prefix, making, outlets, budget, partition)
    except (ImportError, QuotetrackError):
        raise
    except _NothingRead as problem:
        record = Record(partition, making, reason=str(problem))
    except Exception as error:  # a file may break in any way; the run goes on with the others
        record = Record(partition, making, reason=f"{type(error).__name__}: {error}")
    write_record(prefix, record)
    return record


def _write_tables(prefix: Prefix, making: Making, outlets: Outlets, budget: Budget, partition: Partition) -> Record:
    tables = [Table.ARTICLES, Table.QUOTATIONS]
    tables += [Table.STATEMENTS] if making.reporter else []
    tables += [Table.VECTORS] if making.embedding_model else []
    unread, not_extracted = _Unread(), _Failures()
    with prefix.written(*(path_of(table, partition.name) for table in tables)) as streams:
        writers = {table: TableWriter(stream, COLUMNS[table]) for table, stream in zip(tables, streams, strict=True)}
        articles = unread.without(_read(partition, making, outlets))
        for some in _some(articles, ARTICLES_AT_ONCE):
            batch = [_extract(article, making, budget) for article in some]
            for each in batch:
                if each.error is not None:
                    not_extracted.add(Failure(each.article.url, each.error))
            _write(writers, batch, making)
        for writer in writers.values():
            writer.close()
        rows = {table.value: writer.rows for table, writer in writers.items()}
        if unread.failures.first and not rows[Table.ARTICLES]:
            _, reason = unread.failures.first[0]
            raise _NothingRead(reason)
        prefix.remove(_record_path(partition.name))  # the tables change now: whoever dies in between is done again
    return Record(
        partition,
        making,
        rows,
        failed=unread.failures.number,
        failures=unread.failures.first,
        left_out=dict(unread.left_out),
        not_extracted=not_extracted.number,
        errors=not_extracted.first,
        tables_sha256=_hash_of(prefix, partition.name, [table for table in tables if table is not Table.VECTORS]),
    )


def _hash_of(prefix: Prefix, partition: str, tables: Sequence[Table]) -> str:
    digest = hashlib.sha256()
    for table in tables:
        with prefix.opened(path_of(table, partition)) as stream:
            while block := stream.read(BYTES_AT_ONCE):
                digest.update(block)
    return digest.hexdigest()


def path_of(table: Table, partition: str) -> str:
    """Return the path of a table of a partition under the prefix."""
    return f"{table}/{partition}.parquet"


class _NothingRead(Exception):
    """No article of a partition could be read, for the reason of its message."""


class _Failures:
    """Failures, counted; the first are kept, each as a place and a reason."""

    def __init__(self) -> None:
        self.number = 0
        self.first: list[tuple[str, str]] = []

    def add(self, failure: Failure) -> None:
        """Count one more."""
        self.number += 1
        if len(self.first) < MOST_FAILURES_KEPT:
            self.first.append((failure.where, failure.reason))


class _Unread:
    """What of a partition was no article."""

    def __init__(self) -> None:
        self.failures = _Failures()
        self.left_out: Counter[str] = Counter()

    def without(self, results: Iterable[Article | Failure | LeftOut]) -> Iterator[Article]:
        """Yield the articles, and count the rest."""
        for result in results:
            if isinstance(result, Article):
                yield result
            elif isinstance(result, LeftOut):
                self.left_out[result.reason] += result.number
            else:
                self.failures.add(result)


def _read(partition: Partition, making: Making, outlets: Outlets) -> Iterator[Article | Failure | LeftOut]:
    """Yield what a partition holds; articles without their evidence, which nobody reads any more."""
    from quotetrack.core.calendar import read_printed_moment

    with local_file(partition) as file:
        published = read_printed_moment(making.published)
        for result in read_file(file, partition.source, outlet=making.outlet, published=published, outlets=outlets):
            yield _checked(replace(result, evidence=None)) if isinstance(result, Article) else result


def _checked(article: Article) -> Article | Failure:
    """Return the article; a Failure if it was fetched at an hour without a time zone, as the store has it."""
    fetched_at = article.fetched_at
    if fetched_at is None or fetched_at.tzinfo is not None:
        return article
    return Failure(article.url, f"fetched at {fetched_at}, but in which time zone?")


def _some(items: Iterable[T], number: int) -> Iterator[list[T]]:
    """Yield lists of this number of items; the last may be shorter."""
    remaining = iter(items)
    while some := list(islice(remaining, number)):
        yield some


def _extract(article: Article, making: Making, budget: Budget) -> ExtractedArticle:
    wanted = ArticleToRead(article, with_reported=making.reporter is not None)
    result = extract_article(making.spacy_model, wanted, budget)
    if isinstance(result, Statements):
        return ExtractedArticle(article, result.quotations, result.reported)
    return ExtractedArticle(article, error=result.reason)


def _write(writers: Mapping[Table, TableWriter], batch: Sequence[ExtractedArticle], making: Making) -> None:
    """Write the rows of some articles to all tables."""
    rows: dict[Table, list[dict[str, object]]] = {table: [] for table in writers}
    texts: dict[str, str] = {}

    def numbered(table: Table) -> int:
        return writers[table].rows + len(rows[table])

    def keyed(text: str) -> str:
        key = sha256(text)
        texts[key] = text
        return key

    for extracted in batch:
        text, article = extracted.article.text, numbered(Table.ARTICLES)
        rows[Table.ARTICLES].append(article_row(article, extracted))
        for quotation in extracted.quotations:
            keyed(quotation.words)
            passage = keyed(passage_of(text, quotation.context.start, quotation.context.end))
            rows[Table.QUOTATIONS].append(quotation_row(article, numbered(Table.QUOTATIONS), quotation, passage))
        for statement in extracted.reported or ():
            keyed(statement.words)
            passage = keyed(passage_of(text, statement.context.start, statement.context.end))
            rows[Table.STATEMENTS].append(reported_row(article, numbered(Table.STATEMENTS), statement, passage))
    for table, its_rows in rows.items():
        writers[table].write(its_rows)
    if making.embedding_model:
        _write_vectors(writers[Table.VECTORS], texts, _load_embedder(making.embedding_model, making.half_precision))


def _write_vectors(writer: TableWriter, texts: Mapping[str, str], embedder: Embedder) -> None:
    from quotetrack.models.embedder import embed

    writer.write_vectors(list(texts), embedder.name, embed(list(texts.values()), embedder))


@lru_cache(maxsize=1)
def _load_embedder(model: str, half_precision: bool) -> Embedder:
    from quotetrack.models.embedder import load_embedder

    return load_embedder(model, half_precision=half_precision)
