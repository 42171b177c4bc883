"""A plain-text article: title, byline and moment are read from its head, the text itself is kept as given.

A text file often comes from a copied page, so that section names, reading times and captions stand around what we
want. Nothing is cut: offsets agree with the file, and the extractor passes over what is not the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from quotetrack.core.domain import Article
from quotetrack.core.normalize import ends_sentence
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.timestamps import read_date_line

HEAD_LINES = 15  # lines that are not empty; the longest head we saw has nine
PROSE_WORDS = 15  # a line this long that ends like a sentence is a paragraph of the body, or a standfirst
FEWEST_TITLE_WORDS = 4  # "World News" and "Most popular" are shorter
MOST_TITLE_WORDS = 30

_TITLE_NEVER_ENDS = re.compile(r"[.:;,…][\"”’')\]]*$")
_BY = re.compile(r"\W*(?i:written\s+by|story\s+by|reported\s+by|by|author)\b\s*:?\s+(?P<names>[A-Z].*)")
_NAME_PART = r"(?:[A-Z][\w’'.-]*[a-z.]|[A-Z][’'][A-Z]\w+|de|del|della|van|der|den|von|bin|al|la|le|da|dos|el)"
_NAME = rf"[A-Z][\w’'.-]*(?:\s+{_NAME_PART}){{1,4}}"
_NAMES = re.compile(rf"{_NAME}(?:(?:,|\s+and|,\s+and|\s+&)\s+{_NAME})*")
_BYLINE_TAIL = re.compile(
    r"\s*(?:[|•·/]|\s[–—-]\s|,\s+(?:[a-z]|[\w ]+\b(?i:editor|correspondent|reporter|writer)\b)).*"
)
# What stands around the head of a copied page, and is neither title nor name.
_FURNITURE = re.compile(
    r"(?i)\W*(?:edit post|\d+\s*min(?:ute)?s?\s+read|share(?: this.*)?|listen(?: to.*)?|save|print|comments?.*|"
    r"advertisement.*|sign up.*|subscribe.*|skip to .*|read more.*|related.*|photo\b.*|image\b.*|file photo.*|"
    r"this (?:audio|article|story) (?:is|was) .*|most (?:popular|read).*|breaking news|(?:top|latest) stories|"
    r"editors?[’']?s? picks?|(?:published|updated|posted|last modified)\b.*|copy link.*|follow .*|recommended.*)"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the lines above the body tell."""

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
    """The article; `outlet` and `published` fill what it does not say."""
    head = read_head(text)
    by = outlets.name_for(url, outlet)
    return Article(
        url=url,
        outlet=by,
        timezone=outlets.timezone_of(by),
        text=text,
        title=head.title,
        published_at=head.published_at or published,
        byline=head.byline,
        wire_credit=outlets.credit(text, head.byline, url),
    )


def read_head(text: str) -> Head:
    """The title, byline and moment of publication that the head of a text tells."""
    lines = _head_lines(text)
    moments = [(place, moment) for place, line in enumerate(lines) if (moment := read_date_line(line))]
    first_date = moments[0][0] if moments else None
    return Head(
        title=_title(lines),
        byline=_byline(lines, first_date),
        published_at=moments[0][1] if moments else None,
    )


def _head_lines(text: str) -> list[str]:
    """The first lines up to the second paragraph of prose: the first may be a standfirst above byline and date."""
    lines: list[str] = []
    was_prose = False
    for line in filter(None, (line.strip() for line in text.splitlines())):
        is_prose = len(line.split()) >= PROSE_WORDS and ends_sentence(line)
        if len(lines) == HEAD_LINES or (is_prose and was_prose):
            break
        lines.append(line)
        was_prose = is_prose
    return lines


def _title(lines: list[str]) -> str | None:
    """The line that is printed twice, else the first that looks like a title before any prose."""
    titles = [line for line in lines if _may_be_title(line)]
    twice = next((line for line in titles if titles.count(line) > 1), None)
    return twice or next((line for line in titles[:1] if _stands_first(line, lines)), None)


def _may_be_title(line: str) -> bool:
    return (
        FEWEST_TITLE_WORDS <= len(line.split()) <= MOST_TITLE_WORDS
        and not _TITLE_NEVER_ENDS.search(line)
        and not _FURNITURE.fullmatch(line)
        and not _BY.fullmatch(line)
        and read_date_line(line) is None
    )


def _stands_first(title: str, lines: list[str]) -> bool:
    """Whether no paragraph of prose comes before the line."""
    above = lines[: lines.index(title)]
    return not any(len(line.split()) >= PROSE_WORDS and ends_sentence(line) for line in above)


def _byline(lines: list[str], date_line: int | None) -> str | None:
    """The names after "By", else a line that is nothing but names and stands next to the date."""
    for line in lines:
        found = _BY.fullmatch(line)
        if found and (names := _names(found["names"])):
            return names
    beside = (
        [lines[place] for place in (date_line - 1, date_line + 1) if 0 <= place < len(lines)]
        if date_line is not None
        else []
    )
    return next((names for line in beside if (names := _only_names(line))), None)


def _names(printed: str) -> str | None:
    """The names at the start of a byline, without the post or place that follows them."""
    bare = _BYLINE_TAIL.sub("", _undoubled(printed)).strip(" ,")
    return bare if bare and len(bare.split()) <= MOST_TITLE_WORDS and not ends_sentence(bare) else None


def _only_names(line: str) -> str | None:
    bare = _undoubled(line)
    return bare if _NAMES.fullmatch(bare) and not _FURNITURE.fullmatch(bare) else None


def _undoubled(line: str) -> str:
    """Once what a page prints twice, as picture label and as text: "Jane RoeJane Roe"."""
    found = re.fullmatch(r"(?P<once>\S.{2,}?)\s*(?P=once)", line)
    return found["once"].strip() if found else line
