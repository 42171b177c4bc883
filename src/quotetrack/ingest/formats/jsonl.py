"""Article JSONL: one JSON object a line. The text is stored as given, character for character."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from quotetrack.core.domain import Article, Failure
from quotetrack.ingest.formats.detect import UnreadableFile
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.timestamps import read_moment

LONGEST_LINE = 16 * 2**20  # bytes: a thousand times a long article; keeps memory bounded

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def read_jsonl(
    stream: BinaryIO,
    where: str,
    *,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
    first_line: int = 1,
) -> Iterator[Article | Failure]:
    """The articles of a stream, in order; a line that holds none is a Failure at `where:line`.

    `where` names the stream; an article without a URL is `file:` + `where` + `#` + its id or line number, which is
    `first_line` where the stream stands. Blank lines are passed over.
    """
    for number, line in numbered_lines(stream, first_line):
        try:
            fields = object_of(line, 'article a line, as {"text": "..."}')
            identity = _identity(fields) or str(number)
            yield _article(fields, f"file:{where}#{identity}", outlet, published, outlets)
        except UnreadableFile as problem:
            yield Failure(f"{where}:{number}", str(problem))


def numbered_lines(stream: BinaryIO, first_line: int = 1) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, by their number; None for one that is too long to hold."""
    number = first_line - 1
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
            yield number, None
            continue
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if line.strip():
            yield number, line


def object_of(line: bytes | None, wanted: str) -> dict[str, Json]:
    """The JSON object of a line, which should be one `wanted`; raises UnreadableFile."""
    if line is None:
        raise UnreadableFile(f"the line is longer than {LONGEST_LINE // 2**20} MiB: not one {wanted.split()[0]}")
    try:
        value: Json = json.loads(line.rstrip(b"\r\n").decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"not UTF-8 at byte {error.start + 1} of the line: save it as UTF-8") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"not valid JSON at column {error.colno}: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise UnreadableFile(f"not JSON that we can read: {error}") from error
    if not isinstance(value, dict):
        raise UnreadableFile(f"not a JSON object: write one {wanted}")
    return value


def _article(
    fields: dict[str, Json], own_url: str, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> Article:
    url = _string(fields, "url")
    text = _text(fields)
    byline = _byline(fields.get("author"))
    by = _string(fields, "outlet") or outlets.name_for(url, outlet)
    return Article(
        url=url or own_url,
        outlet=by,
        timezone=outlets.timezone_of(by),
        text=text,
        title=_string(fields, "title"),
        language=_string(fields, "language"),
        published_at=_moment(fields, "published") or published,
        fetched_at=_fetched(fields),
        byline=byline,
        wire_credit=outlets.credit(text, byline, url),
        external_id=_identity(fields),
    )


def _text(fields: dict[str, Json]) -> str:
    text = fields.get("text")
    if text is None:
        raise UnreadableFile('no "text"')
    if not isinstance(text, str):
        raise UnreadableFile('"text" is not a string')
    if not text.strip():
        raise UnreadableFile('"text" is empty')
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnreadableFile(f'"text" holds half a character (a lone surrogate) at {error.start}') from error
    return text


def _identity(fields: dict[str, Json]) -> str | None:
    given = fields.get("id")
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return None
    return _storable(str(given))


def _string(fields: dict[str, Json], key: str) -> str | None:
    """A string that says something, as given; None for anything else."""
    value = fields.get(key)
    return _storable(value) if isinstance(value, str) else None


def _storable(value: str) -> str | None:
    """The string without the half characters that no database keeps; None where nothing is left."""
    whole = value.encode("utf-8", "replace").decode("utf-8")
    return whole if whole.strip() else None


def _byline(author: Json) -> str | None:
    names = author if isinstance(author, list) else [author]
    told = [_storable(name) for name in names if isinstance(name, str)]
    return ", ".join(name.strip() for name in told if name) or None


def _moment(fields: dict[str, Json], key: str) -> datetime | date | None:
    printed = _string(fields, key)
    return read_moment(printed) if printed else None


def _fetched(fields: dict[str, Json]) -> datetime | None:
    moment = _moment(fields, "fetched")
    return moment if isinstance(moment, datetime) else None
