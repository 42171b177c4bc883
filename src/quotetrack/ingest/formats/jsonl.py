"""Read article JSONL: one JSON object a line. Texts are stored as given, with broken characters repaired.

A text that holds markup or entities is read as a browser shows it.
"""

from __future__ import annotations

import codecs
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from quotetrack.core.domain import Article, Failure
from quotetrack.core.urls import canonical_url, names_an_article, original_url
from quotetrack.ingest.characters import repair
from quotetrack.ingest.formats.detect import UnreadableFile, unforeseen
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.timestamps import is_ambiguous, later_than, read_moment

LONGEST_DETAIL = 200  # characters of an address or date in a note
LONGEST_LINE = 16 * 2**20  # bytes: a thousand times a long article; keeps memory bounded

_LOST = "\ufffd"
_TAG = re.compile(r"</?(?:p|br|div|span|a|em|strong|b|i|q|blockquote|h[1-6])(?:\s[^<>]{0,500})?/?>", re.I)
_ENTITY = re.compile(r"&(?:[lr][ds]quo|quot|apos|amp|nbsp|[mn]dash|hellip|#\d{2,6}|#x[0-9a-f]{2,5});", re.I)

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file. `content` is None if the line has more than LONGEST_LINE bytes.

    `size` counts all bytes of the line with its line end; `is_whole` is False if the line end is missing.
    """

    number: int
    content: bytes | None
    size: int
    is_whole: bool

    @property
    def is_blank(self) -> bool:
        """Return whether the line holds nothing but white space."""
        return self.content is not None and not self.content.strip()


def read_jsonl(
    stream: BinaryIO,
    where: str,
    *,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
) -> Iterator[Article | Failure]:
    """Yield the articles of a stream, in order. A malformed line is a Failure at `where:line`; blank lines are skipped.

    `where` names the stream. `outlet` and `published` fill the fields that a line does not have. An article without a
    URL gets `file:` + `where` + `#` + its id or line number.
    """
    for line in read_lines(stream):
        if not line.is_blank:
            yield read_article_line(line, where, outlet=outlet, published=published, outlets=outlets)


def read_lines(stream: BinaryIO, first_number: int = 1) -> Iterator[Line]:
    """Yield all lines from the stream's position on; `first_number` is the number of the line there.

    A byte-order mark at the start of line 1 is dropped. A line that is too long is not held in memory.
    """
    number = first_number
    while content := stream.readline(LONGEST_LINE + 1):
        if len(content) > LONGEST_LINE:
            yield _skip_long_line(stream, content, number)
        else:
            text = content.removeprefix(codecs.BOM_UTF8) if number == 1 else content
            yield Line(number, text, len(content), content.endswith(b"\n"))
        number += 1


def read_article_line(
    line: Line,
    where: str,
    *,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
) -> Article | Failure:
    """Return the article of one line, or the Failure at `where:line`. The arguments are those of `read_jsonl`.

    The evidence is the line without its line end, so that a last line is the same before and after it has got one.
    """
    try:
        fields = parse_object(line, "article", '{"text": "..."}')
        external_id = _external_id(fields)
        # An id of digits may be the number of another line.
        fragment = f"id={external_id}" if external_id and external_id.isdecimal() else external_id or str(line.number)
        article = _article(fields, f"file:{where}#{fragment}", outlet, published, outlets)
        return article.read_from((line.content or b"").rstrip(b"\r\n"))
    except UnreadableFile as problem:
        return Failure(f"{where}:{line.number}", str(problem))
    except Exception as error:
        return Failure(f"{where}:{line.number}", unforeseen(error))


def parse_object(line: Line, noun: str, example: str) -> dict[str, Json]:
    """Return the JSON object of a line. Raises UnreadableFile, with `noun` and `example` in the message."""
    if line.content is None:
        raise UnreadableFile(
            f"the line is longer than {LONGEST_LINE // 2**20} MiB: not one {noun}; write one {noun} a line"
        )
    try:
        value: Json = json.loads(line.content.rstrip(b"\r\n").decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"not UTF-8 at byte {error.start + 1} of the line: save it as UTF-8") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"not valid JSON at column {error.colno}: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise UnreadableFile(f"not JSON that we can read: {error}") from error
    if not isinstance(value, dict):
        raise UnreadableFile(f"not a JSON object: write one {noun} a line, as {example}")
    return value


def _skip_long_line(stream: BinaryIO, start: bytes, number: int) -> Line:
    size = len(start)
    piece = start
    while piece and not piece.endswith(b"\n"):
        piece = stream.readline(LONGEST_LINE)
        size += len(piece)
    return Line(number, None, size, piece.endswith(b"\n"))


def _article(
    fields: dict[str, Json], own_url: str, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> Article:
    given_url = _string(fields, "url")
    address = canonical_url(original_url(_absolute(given_url))) if given_url else None
    url = address if address is not None and names_an_article(address) else None
    given_text = _text(fields)
    text = repair(_as_shown(given_text))
    byline = _byline(fields.get("author"))
    publisher = " ".join((_string(fields, "outlet") or "").split()) or outlets.name_for(url, outlet)
    fetched_at = _moment(fields, "fetched")
    day_first = outlets.is_day_first(url) if url else None
    published_at = _moment(fields, "published", day_first) or published
    return Article(
        url=url or own_url,
        outlet=publisher,
        timezone=outlets.timezone_of(publisher),
        text=text,
        title=_string(fields, "title"),
        language=_string(fields, "language"),
        published_at=published_at,
        fetched_at=fetched_at if isinstance(fetched_at, datetime) else None,
        byline=byline,
        wire_credit=outlets.credit(text, byline, url),
        external_id=_external_id(fields),
        modified_at=later_than(published_at, _moment(fields, "modified", day_first)),
        notes=(
            *_notes(given_url, address, url, _printed(fields, "published"), published_at),
            *_notes_of_text(given_text, text),
        ),
    )


def _absolute(url: str) -> str:
    """Return `//site.example/a` with the scheme that browsers try first; any other URL as it is."""
    return f"https:{url.strip()}" if url.strip().startswith("//") else url


def _notes(
    given_url: str | None,
    address: str | None,
    url: str | None,
    printed: str | None,
    published_at: datetime | date | None,
) -> Iterator[tuple[str, str]]:
    """Yield notes of what a line gives that is not taken: an address or date that is none, a date of two days."""
    if given_url is not None and address is None:
        yield "address", f"its url “{given_url[:LONGEST_DETAIL]}” is no web address"
    elif given_url is not None and url is None:
        yield "address", f"its url “{given_url[:LONGEST_DETAIL]}” is that of a front page or section, not of an article"
    elif given_url is not None and original_url(given_url) != given_url:
        yield "copy", f"read from the copy at {given_url}"
    if printed is not None and published_at is None and is_ambiguous(printed):
        yield "date", f"dated “{printed[:LONGEST_DETAIL]}”, which may be two days, and so is not read"
    elif printed is not None and published_at is None:
        yield "date", f"dated “{printed[:LONGEST_DETAIL]}”, which is no day that can be read"


def _notes_of_text(given: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield notes of a text that is not as it was printed: with markup in it, or with characters lost before."""
    if text != repair(given):
        yield "markup", "its text holds markup or entities, and is read as a browser shows it"
    if lost := text.count(_LOST):
        yield "characters", f"{lost} characters of its text were lost before it came here: it has “{_LOST}” for them"


def _as_shown(text: str) -> str:
    """Return a text as a browser shows it: without the tags and entities that some systems leave in it."""
    if _TAG.search(text):
        from quotetrack.ingest.html.main_text import body_paragraphs  # loads lxml, which most files do not need

        return "\n\n".join(body_paragraphs(text)) or text
    return html.unescape(text) if _ENTITY.search(text) else text


def _text(fields: dict[str, Json]) -> str:
    text = fields.get("text")
    if text is None:
        raise UnreadableFile('no "text": add the text of the article')
    if not isinstance(text, str):
        raise UnreadableFile('"text" is not a string')
    if not text.strip():
        raise UnreadableFile('"text" is empty: add the text of the article')
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnreadableFile(
            f'"text" holds half a character (a lone surrogate) at {error.start}: remove or repair it'
        ) from error
    return text


def _external_id(fields: dict[str, Json]) -> str | None:
    value = fields.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _storable(str(value))


def _string(fields: dict[str, Json], key: str) -> str | None:
    """Return the string under a key; None if it is blank or no string."""
    value = fields.get(key)
    return _storable(value) if isinstance(value, str) else None


def _printed(fields: dict[str, Json], key: str) -> str | None:
    """Return what is printed under a key, a number as its digits; None if it is blank."""
    value = fields.get(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else _string(fields, key)


def _storable(value: str) -> str | None:
    """Return the string with "?" for lone surrogates, which no database stores; None if it is blank."""
    storable = repair(value.encode("utf-8", "replace").decode("utf-8"))
    return storable if storable.strip() else None


def _byline(author: Json) -> str | None:
    authors = author if isinstance(author, list) else [author]
    given = [each.get("name") if isinstance(each, dict) else each for each in authors]
    names = [_storable(name) for name in given if isinstance(name, str)]
    return ", ".join(name.strip() for name in names if name) or None


def _moment(fields: dict[str, Json], key: str, day_first: bool | None = None) -> datetime | date | None:
    printed = _string(fields, key)
    return read_moment(printed, day_first) if printed else None
