"""Utterances as CSV: one row a sighting, with its provenance."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TextIO

from quotetrack.core.domain import Link, Sighting, Span, Utterance, hull_of
from quotetrack.export.text_fragment import text_fragment_link

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

ITSELF = "itself"  # the link_kind of an utterance's longest sighting, to which the others are linked

BYTE_ORDER_MARK = "\ufeff"
DECIMALS = 4  # of confidence and score: more would be noise

# What makes a spreadsheet calculate a cell, after white space or invisible characters that it may pass over. The
# full-width signs do it too where the spreadsheet's language is Chinese or Japanese.
_FORMULA = re.compile(r"[\t\r]|[\s\x00-\x1f\u200b\u2060\ufeff]*[=+\-@＝＋－＠]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

_Cell = str | int | float
LinkOf = Callable[[Sighting, Sighting], Link | None]


def write_csv(
    utterances: Iterable[Utterance], out: TextIO, *, link_of: LinkOf | None = None, excel: bool = False
) -> int:
    """Write a header and one row a sighting as they come (nothing is held back); returns the rows below the header.

    RFC 4180: CRLF, quoted where needed, new lines inside a cell kept; so `out` must be open with `newline=""`, as
    UTF-8. `link_of(longest, sighting)` tells what links a sighting to its utterance's longest (`link.compare` does);
    without it those columns are empty. `excel` writes the byte-order mark first, by which Excel knows UTF-8.
    Text at which a spreadsheet would start to calculate gets an apostrophe before it, and half a surrogate pair, which
    UTF-8 cannot hold, becomes U+FFFD; numbers of ours are left as they are.
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
            *_place(sighting.parts),
            sighting.context_before,
            sighting.context_after,
            sighting.method or "",
            round(sighting.confidence, DECIMALS),
            sighting.extractor or "",
            ITSELF if sighting is longest else link.kind.value if link else "",
            round(link.score, DECIMALS) if link else "",
            " ".join(link.flags) if link else "",
            "yes" if sighting.is_current else "no",
            text_fragment_link(sighting) or "",
        ]


def _iso(moment: date | None) -> str:
    """A day as a day and a moment (a `datetime` is a `date`) as a moment, in ISO 8601."""
    return moment.isoformat() if moment else ""


def _place(parts: tuple[Span, ...]) -> tuple[_Cell, _Cell, _Cell]:
    """The hull's start and end, and each part as `start-end`; empty where the sighting tells no place."""
    if not parts:
        return "", "", ""
    hull = hull_of(parts)
    return hull.start, hull.end, " ".join(f"{part.start}-{part.end}" for part in parts)


def _harmless(cell: _Cell) -> _Cell:
    if not isinstance(cell, str):
        return cell
    text = _LONE_SURROGATE.sub("\ufffd", cell)
    return f"'{text}" if _FORMULA.match(text) else text
