"""Runs over a corpus as text for a terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from quotetrack.render.schemas import FailureSchema, Json, Schema
from quotetrack.render.text import count

if TYPE_CHECKING:
    from quotetrack.pipeline.corpus.extract import Extracted
    from quotetrack.pipeline.corpus.link import Linked


class ExtractedCorpusSchema(Schema):
    """The output of `corpus extract --json`: numbers of partitions, then of rows in all of them, then what failed.

    `failed` counts partitions. Of the others, `unread` counts the articles that could not be read, and `not_extracted`
    those from which nothing could be extracted. `failures` are the partitions that failed, then the articles: of each
    partition the first.
    """

    partitions: int
    done_before: int
    failed: int
    rows: dict[str, int]
    unread: int
    not_extracted: int
    failures: list[FailureSchema]


class LinkedSchema(Schema):
    """The output of `corpus link --json`: numbers of the whole corpus."""

    sightings: int
    speakers: int
    links: int
    utterances: int


def linked_line(linked: Linked) -> str:
    """Return the summary of a run of `corpus link` on one line."""
    return (
        f"{count(linked.sightings, 'quotation')} of {count(linked.speakers, 'speaker')}, "
        f"{count(linked.links, 'link')}, {count(linked.utterances, 'utterance')}."
    )


def extracted_json(extracted: Extracted) -> Json:
    """Return the output of `corpus extract --json`."""
    rows = _rows(extracted)
    values = {
        "partitions": len(extracted.records),
        "done_before": extracted.done_before,
        "failed": len(extracted.failed),
        "rows": dict(rows),
        "unread": sum(record.failed for record in extracted.records),
        "not_extracted": sum(record.not_extracted for record in extracted.records),
        "failures": [{"where": each.where, "reason": each.reason} for each in extracted.failures],
    }
    return ExtractedCorpusSchema.of(values).to_json()


def extracted_line(extracted: Extracted) -> str:
    """Return the summary of a run of `corpus extract` on one line."""
    rows = ", ".join(f"{number} {table}" for table, number in _rows(extracted).items())
    unread = sum(record.failed for record in extracted.records)
    not_extracted = sum(record.not_extracted for record in extracted.records)
    parts = [
        f"{count(len(extracted.records), 'partition')} ({extracted.done_before} done before)",
        rows or "no rows",
        *([f"{count(unread, 'article')} not read"] if unread else []),
        *([f"nothing extracted from {count(not_extracted, 'article')}"] if not_extracted else []),
        *([f"{count(len(extracted.failed), 'partition')} failed"] if extracted.failed else []),
    ]
    return "; ".join(parts) + "."


def _rows(extracted: Extracted) -> Counter[str]:
    """Return the number of rows of each table."""
    rows: Counter[str] = Counter()
    for record in extracted.records:
        rows.update(record.rows)
    return rows
