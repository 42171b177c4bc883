"""Write utterances as CSV: one row for each sighting, with its provenance."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TextIO

from quotetrack.core.domain import Link, Sighting, Span, Utterance, hull_of
from quotetrack.core.text_fragment import text_fragment_link

COLUMNS = (
    "utterance",
    "speaker",
    "words",
    "said_first",
    "said_last",
    "said_basis",
    "occasion",
    "outlet",
    "url",
    "title",
    "author",
    "published",
    "wire_credit",
    "version_sha256",
    "start",
    "end",
    "parts",
    "context_before",
    "context_after",
    "method",
    "confidence",
    "extractor",
    "link_kind",
    "link_score",
    "link_flags",
    "current",
    "link",
)

LONGEST_LINK_KIND = "itself"  # of an utterance's longest sighting, to which the others are linked

BYTE_ORDER_MARK = "\ufeff"  # by which Excel recognises UTF-8
DECIMALS = 4  # of confidence and score: more would be noise

# The characters that make a spreadsheet calculate a cell, after white space or invisible characters that it may skip.
# The full-width signs do it too if the spreadsheet's language is Chinese or Japanese.
_FORMULA = re.compile(r"[\t\r]|[\s\x00-\x1f\u200b\u2060\ufeff]*[=+\-@＝＋－＠]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

_Cell = str | int | float
LinkOf = Callable[[Sighting, Sighting], Link | None]


def write_csv(
    utterances: Iterable[Utterance], out: TextIO, *, link_of: LinkOf | None = None, excel: bool = False
) -> int:
    """Write a header and one row for each sighting, without buffering. Return the number of rows below the header.

    The format is RFC 4180: CRLF, cells quoted if needed, line breaks inside a cell kept. So `out` must be open as UTF-8
    with `newline=""`. `link_of(longest, sighting)` returns the link of a sighting to its utterance's longest one, as
    `linking.compare.compare` does; without it the columns of the link are empty. `excel` writes the byte-order mark
    first. Text that would make a spreadsheet calculate gets an apostrophe in front. Half a surrogate pair, which UTF-8
    cannot encode, becomes U+FFFD. Numbers stay as they are.
    """
    if excel:
        out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    rows = 0
    for utterance in utterances:
        for row in _rows(utterance, link_of):
            writer.writerow([_harmless(cell) for cell in row])
            rows += 1
    return rows


def _rows(utterance: Utterance, link_of: LinkOf | None) -> Iterator[list[_Cell]]:
    longest = utterance.longest
    for sighting in utterance.sightings:
        link = link_of(longest, sighting) if link_of and sighting is not longest else None
        yield [
            utterance.id,
            sighting.speaker or "",
            sighting.words,
            _iso(sighting.said.first),
            _iso(sighting.said.last),
            sighting.said.basis.value,
            sighting.occasion or "",
            sighting.outlet or "",
            sighting.url or "",
            sighting.title or "",
            sighting.author or "",
            _iso(sighting.published_at),
            sighting.wire_credit or "",
            sighting.version_sha256 or "",
            *_position(sighting.parts),
            sighting.context_before,
            sighting.context_after,
            sighting.method or "",
            round(sighting.confidence, DECIMALS),
            sighting.extractor or "",
            LONGEST_LINK_KIND if sighting is longest else link.kind.value if link else "",
            round(link.score, DECIMALS) if link else "",
            " ".join(link.flags) if link else "",
            "yes" if sighting.is_current else "no",
            text_fragment_link(sighting) or "",
        ]


def _iso(moment: date | None) -> str:
    """Return a day, or a moment (a `datetime` is a `date`), in ISO 8601; empty for None."""
    return moment.isoformat() if moment else ""


def _position(parts: tuple[Span, ...]) -> tuple[_Cell, _Cell, _Cell]:
    """Return start and end of all parts, and each part as `start-end`; empty cells if the place is unknown."""
    if not parts:
        return "", "", ""
    hull = hull_of(parts)
    return hull.start, hull.end, " ".join(f"{part.start}-{part.end}" for part in parts)


def _harmless(cell: _Cell) -> _Cell:
    if not isinstance(cell, str):
        return cell
    text = _LONE_SURROGATE.sub("\ufffd", cell)
    return f"'{text}" if _FORMULA.match(text) else text
