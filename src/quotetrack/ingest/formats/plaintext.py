"""Read a plain-text article. Its title, byline and moment of publication are read from its head.

A text file is often a copied page, with section names, reading times and captions around the article. Nothing is cut,
so that offsets agree with the file; the extractor skips the lines that are not the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from quotetrack.core.domain import Article
from quotetrack.core.normalize import ends_sentence
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.timestamps import read_date_line
from quotetrack.lang.en.pages import BYLINE, BYLINE_END, HEAD_FURNITURE, NAMES_LINE

LONGEST_HEAD_LINE = 300  # characters; a longer line is prose, and no pattern of a head is tried on it
HEAD_LINES = 15  # lines that are not blank; the longest head we saw has nine
PROSE_WORDS = 15  # a line with as many words that ends like a sentence is a paragraph of the body, or a standfirst
FEWEST_TITLE_WORDS = 4  # "World News" and "Most popular" are shorter
MOST_TITLE_WORDS = 30

_TITLE_NEVER_ENDS = re.compile(r"[.:;,…][\"”’')\]]*$")
_PRINTED_TWICE = re.compile(r"(?P<once>\S.{2,}?)\s*(?P=once)")  # "Jane RoeJane Roe": label of a picture, and text


@dataclass(frozen=True, slots=True)
class Head:
    """The metadata in the lines above the body. None for anything that they do not say."""

    title: str | None
    byline: str | None
    published_at: datetime | date | None


def read_text(
    text: str,
    *,
    url: str,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
) -> Article:
    """Return the article of a text. `outlet` and `published` fill what the text does not say."""
    head = read_head(text)
    publisher = outlets.name_for(url, outlet)
    return Article(
        url=url,
        outlet=publisher,
        timezone=outlets.timezone_of(publisher),
        text=text,
        title=head.title,
        published_at=head.published_at or published,
        byline=head.byline,
        wire_credit=outlets.credit(text, head.byline, url),
    )


def read_head(text: str) -> Head:
    """Return the title, byline and moment of publication that the first lines of a text give."""
    lines = _head_lines(text)
    date_line, published_at = _first_date(lines)
    return Head(title=_title(lines), byline=_byline(lines, date_line), published_at=published_at)


def _head_lines(text: str) -> list[str]:
    """Return the first lines, up to the second of two paragraphs of prose in a row, which is surely the body.

    A single paragraph of prose may be a standfirst above the byline and the date.
    """
    lines: list[str] = []
    was_prose = False
    for line in filter(None, (line.strip() for line in text.splitlines())):
        is_prose = _is_prose(line)
        if len(lines) == HEAD_LINES or (is_prose and was_prose):
            break
        lines.append(line)
        was_prose = is_prose
    return lines


def _is_prose(line: str) -> bool:
    return len(line.split()) >= PROSE_WORDS and ends_sentence(line) is not None


def _first_date(lines: list[str]) -> tuple[int | None, datetime | date | None]:
    """Return the place of the first line that is a date, and its moment."""
    for place, line in enumerate(lines):
        moment = read_date_line(line)
        if moment:
            return place, moment
    return None, None


def _title(lines: list[str]) -> str | None:
    """Return the line that is printed twice, else the first that may be a title, if no prose stands above it."""
    titles = [line for line in lines if _may_be_title(line)]
    for line in titles:
        if titles.count(line) > 1:
            return line
    if not titles or any(map(_is_prose, lines[: lines.index(titles[0])])):
        return None
    return titles[0]


def _may_be_title(line: str) -> bool:
    return len(line) <= LONGEST_HEAD_LINE and (
        FEWEST_TITLE_WORDS <= len(line.split()) <= MOST_TITLE_WORDS
        and not _TITLE_NEVER_ENDS.search(line)
        and not HEAD_FURNITURE.fullmatch(line)
        and not BYLINE.fullmatch(line)
        and read_date_line(line) is None
    )


def _byline(lines: list[str], date_line: int | None) -> str | None:
    """Return the names after "By", else the names on a line that holds nothing else and is next to the date."""
    for line in lines:
        byline = BYLINE.fullmatch(line) if len(line) <= LONGEST_HEAD_LINE else None
        names = _names(byline["names"]) if byline else None
        if names:
            return names
    if date_line is None:
        return None
    for place in (date_line - 1, date_line + 1):
        names = _only_names(lines[place]) if 0 <= place < len(lines) else None
        if names:
            return names
    return None


def _names(printed: str) -> str | None:
    """Return the names at the start of a byline, without the post or place behind them."""
    names = BYLINE_END.sub("", _printed_once(printed)).strip(" ,")
    return names if names and len(names.split()) <= MOST_TITLE_WORDS and not ends_sentence(names) else None


def _only_names(line: str) -> str | None:
    if len(line) > LONGEST_HEAD_LINE:
        return None
    names = _printed_once(line)
    return names if NAMES_LINE.fullmatch(names) and not HEAD_FURNITURE.fullmatch(names) else None


def _printed_once(line: str) -> str:
    """Return the first half of a line whose second half repeats it; any other line as it is."""
    repeated = _PRINTED_TWICE.fullmatch(line)
    return repeated["once"].strip() if repeated else line
