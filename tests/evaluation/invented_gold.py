"""Invented annotated articles, their labels, and predictions with errors of every kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]

HARBOUR = (
    "“The ferry will sail again,” said Orla Venn on Monday.\n\n"
    "“It is a fine ship,” she said.\n\n"
    "The board called the plan “a leaking bucket” and the crew “sea dogs”.\n\n"
    "The band played “Anchors Up” at the pier."
)
NETS = (
    "Tadeo Brisk recalled April. “Nets were torn and nobody mended them,” he wrote.\n\n"
    "“We mended two,” Amalia Brisk replied, “and the rest” were sold."
)
LOST = "“Nobody came,” said a keeper."


def ends(text: str, words: str) -> list[int]:
    start = text.index(words)
    return [start, start + len(words)]


def quote(text: str, words: str, speaker: str, group: str, kind: str = "full") -> Row:
    start, end = ends(text, words)
    number = len(words.split())
    spans = [ends(text, speaker)]
    return {"start": start, "end": end, "kind": kind, "words": number, "group": group, "speaker_spans": spans}


def gold_row(name: str, text: str, quotes: Sequence[Row], discard: Sequence[list[int]] = ()) -> Row:
    return {
        "id": name,
        "text": text,
        "date": "2031-03-12",
        "published": "2031-03-12",
        "quotes": [*quotes],
        "discard": [*discard],
        "ignore": [],
    }


def label(article: str, group: str, name: str, said_on: str | None, basis: str, precision: str, **other: Any) -> Row:
    return {
        "id": article,
        "group": group,
        "speaker_name": name,
        "speaker_type": "person",
        "said_on": said_on,
        "date_basis": basis,
        "date_precision": precision,
        "is_truly_quote": True,
        **other,
    }


def predicted(
    text: str,
    words: str,
    mention: str | None,
    name: str | None,
    first: str | None,
    last: str | None,
    confidence: float,
    day_confidence: float | None = None,
) -> Row:
    basis = "stated_here" if first else "unknown"
    return {
        "parts": [ends(text, words)],
        "speaker": {"name": name, "mention": ends(text, mention) if mention else None},
        "said": {"first": first, "last": last, "basis": basis, "confidence": day_confidence},
        "confidence": confidence,
    }


GOLD_ROWS = (
    gold_row(
        "harbour",
        HARBOUR,
        [
            quote(HARBOUR, "The ferry will sail again,", "Orla Venn", "1"),
            quote(HARBOUR, "It is a fine ship,", "she", "2"),
            quote(HARBOUR, "a leaking bucket", "The board", "3", "mixed"),
            quote(HARBOUR, "sea dogs", "The board", "4", "mixed"),
        ],
        [ends(HARBOUR, "Anchors Up")],
    ),
    gold_row(
        "nets",
        NETS,
        [
            quote(NETS, "Nets were torn and nobody mended them,", "he wrote", "1"),
            quote(NETS, "We mended two,", "Amalia Brisk", "2"),
            quote(NETS, "and the rest", "Amalia Brisk", "2", "mixed"),
        ],
    ),
    gold_row("lost", LOST, [quote(LOST, "Nobody came,", "a keeper", "1")]),
)
LABEL_ROWS = (
    label("harbour", "1", "Orla Venn", "2031-03-10", "explicit_here", "day"),
    label("harbour", "2", "Orla Venn", None, "none", "none"),
    label("harbour", "3", "The Harbour Board", "2031-03-12", "implied_recent", "day", speaker_type="organisation"),
    label("harbour", "4", "The board", None, "none", "none", is_truly_quote=False),
    label("nets", "1", "Tadeo Brisk", "2031-04", "past_occasion", "month"),
    label("nets", "2", "Amalia Brisk", None, "none", "none"),
)
PREDICTION_ROWS: tuple[Row, ...] = (
    {
        "id": "harbour",
        "quotations": [
            predicted(
                HARBOUR, "“The ferry will sail again,”", "Orla", "O. Venn", "2031-03-10", "2031-03-10", 0.97, 0.92
            ),
            predicted(HARBOUR, "It is a fine ship,", "she", "Venn", "2031-03-12", "2031-03-12", 0.95, 0.65),
            predicted(HARBOUR, "sea dogs", "The board", "The board", None, None, 0.4),
            predicted(HARBOUR, "Anchors Up", "The band", "The band", None, None, 0.2),
            predicted(HARBOUR, "at the pier", "The band", "The band", None, None, 0.2),
        ],
    },
    {
        "id": "nets",
        "quotations": [
            predicted(
                NETS,
                "Nets were torn and nobody mended them,",
                "Amalia Brisk",
                "Amalia Brisk",
                "2031-04-01",
                "2031-04-30",
                0.55,
                0.94,
            ),
            predicted(NETS, "We mended two,", "Amalia Brisk", "Amalia Brisk", None, None, 1.0),
            predicted(NETS, "rest", "Amalia Brisk", "Amalia Brisk", None, None, 0.9),
        ],
    },
)


def lines(rows: Sequence[Row]) -> list[str]:
    return [json.dumps(row) for row in rows]
