"""Read sightings JSONL: one quotation a line, found by any program, to be linked without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from quotetrack.core.domain import UNKNOWN_DAY, DateBasis, Failure, SaidOn, Sighting
from quotetrack.ingest.formats.detect import UnreadableFile
from quotetrack.ingest.formats.jsonl import Json, parse_object, read_lines
from quotetrack.ingest.timestamps import read_moment

_YEAR_OR_MONTH = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")


def read_sightings(stream: BinaryIO, where: str) -> Iterator[Sighting | Failure]:
    """Yield the sightings of a file, in order. A line that is malformed or repeats an id is a Failure at `where:line`.

    `id` (text or whole number) and `words` are required; `speaker`, `outlet`, `article`, `published` and `said` may be
    null or missing; other fields are ignored. A `published` that is only a month or a year counts as null: its day is
    unknown.
    """
    ids: set[int | str] = set()
    for line in read_lines(stream):
        if line.is_blank:
            continue
        try:
            sighting = _sighting(parse_object(line, "sighting", '{"id": "a1", "words": "..."}'))
            if sighting.id in ids:
                raise UnreadableFile(f"a second sighting with the id {sighting.id!r}: give each sighting its own id")
        except UnreadableFile as problem:
            yield Failure(f"{where}:{line.number}", str(problem))
        else:
            ids.add(sighting.id)
            yield sighting


def _sighting(fields: dict[str, Json]) -> Sighting:
    return Sighting(
        words=read_words(fields),
        id=read_id(fields),
        speaker=read_text_field(fields, "speaker"),
        outlet=read_text_field(fields, "outlet"),
        article=read_text_field(fields, "article"),
        published_at=_published(fields),
        said=_said(fields),
    )


def read_words(fields: dict[str, Json]) -> str:
    """Return the words of a line. Raises UnreadableFile where it has none."""
    words = fields.get("words")
    if words is None:
        raise UnreadableFile('no "words": add the words of the quotation')
    if not isinstance(words, str):
        raise UnreadableFile('"words" is not a string: put it in quotation marks')
    return words


def read_id(fields: dict[str, Json]) -> int | str:
    """Return the id of a line. Raises UnreadableFile where it has none."""
    value = fields.get("id")
    if value is None or value == "":
        raise UnreadableFile('no "id": add a text or a whole number')
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UnreadableFile('"id" is neither text nor a whole number: write "a1" or 1')
    return value


def read_text_field(fields: dict[str, Json], key: str) -> str | None:
    """Return the text under a key, None where it is empty or missing. Raises UnreadableFile for another type."""
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise UnreadableFile(f'"{key}" is not a string: put it in quotation marks, or leave it out')
    return value or None


def _published(fields: dict[str, Json]) -> datetime | date | None:
    printed = (read_text_field(fields, "published") or "").strip()
    if not printed or _YEAR_OR_MONTH.fullmatch(printed):
        return None
    moment = read_moment(printed)
    if moment is None:
        raise UnreadableFile(
            f'"published" is {printed!r}: write a day, a month or a year, as 2026-03-11, 2026-03 or 2026'
        )
    return moment


def _said(fields: dict[str, Json]) -> SaidOn:
    """Return the day of speaking, in the form that `extract --json` and `ask --json` write."""
    value = fields.get("said")
    if value is None:
        return UNKNOWN_DAY
    if not isinstance(value, dict):
        raise UnreadableFile(
            '"said" is no object: write {"first": "2026-03-10", "last": "2026-03-10", "basis": "implied"}'
        )
    try:
        return SaidOn(
            _day(value.get("first")), _day(value.get("last")), DateBasis(str(value.get("basis") or "unknown"))
        )
    except ValueError as error:
        raise UnreadableFile(f'"said" cannot be used: {error}') from error


def _day(value: Json) -> date | None:
    return date.fromisoformat(str(value)) if value else None
