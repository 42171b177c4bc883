"""Read statements JSONL: one sentence a line, to be compared with published fact-checks without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from quotetrack.core.domain import UNKNOWN_DAY, DateBasis, Failure, SaidOn, Sighting, day_of
from quotetrack.ingest.formats.detect import UnreadableFile
from quotetrack.ingest.formats.jsonl import Json, parse_object, read_lines
from quotetrack.ingest.formats.sightings_jsonl import read_id, read_text_field, read_words
from quotetrack.ingest.timestamps import read_moment

_YEAR_OR_MONTH = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")


def read_statements(stream: BinaryIO, where: str) -> Iterator[Sighting | Failure]:
    """Yield the statements of a file, in order. A malformed line is a Failure at `where:line`.

    `id` (text or whole number) and `words` are required; `speaker` and `date`, the day of speaking, may be null or
    missing; other fields are ignored. A date that is only a month or a year counts as null. An id may be repeated:
    each line is answered by itself.
    """
    for line in read_lines(stream):
        if line.is_blank:
            continue
        try:
            yield _statement(parse_object(line, "sentence", '{"id": "a1", "words": "..."}'))
        except UnreadableFile as problem:
            yield Failure(f"{where}:{line.number}", str(problem))


def _statement(fields: dict[str, Json]) -> Sighting:
    day = _day(fields)
    said = SaidOn(day, day, DateBasis.STATED_HERE) if day else UNKNOWN_DAY
    return Sighting(read_id(fields), read_words(fields), read_text_field(fields, "speaker"), said=said)


def _day(fields: dict[str, Json]) -> date | None:
    printed = (read_text_field(fields, "date") or "").strip()
    if not printed or _YEAR_OR_MONTH.fullmatch(printed):
        return None
    day = day_of(read_moment(printed))
    if day is None:
        raise UnreadableFile(f'"date" is {printed!r}: write a day, as 2026-03-11')
    return day
