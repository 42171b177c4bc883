"""Sightings as text: the outlet's name, the name that the article prints, and what a person decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from quotetrack.core.domain import DateBasis, SaidOn, Sighting, Span, Utterance
from quotetrack.render.answers import citation
from quotetrack.render.quotations import utterance_lines

DAY = date(2031, 3, 10)
SIGHTING = Sighting(
    7,
    "The ferry will sail again,",
    speaker="Advocate Orla Venn",
    speaker_as_printed="Adv Venn",
    outlet="tide",
    outlet_name="The Tide",
    published_at=date(2031, 3, 11),
    said=SaidOn(DAY, DAY, DateBasis.STATED_HERE),
    said_evidence=Span(60, 69),
    said_phrase="on\nMonday",
    said_paragraph=2,
    url="https://tide.example/ferry",
    title="Ferry to sail",
    wire_credit="AFP",
    fetched_at=datetime(2031, 3, 15, 7, 30, tzinfo=UTC),
    decided=("speaker", "day"),
)
FOOTNOTE = (
    "Advocate Orla Venn, in the article “Adv Venn”, “The ferry will sail again”, 10 March 2031 "
    "(from “on Monday”, paragraph 2); The Tide, “Ferry to sail”, 11 March 2031, "
    "https://tide.example/ferry, accessed 15 March 2031. "
    "Decided by a person: speaker, day."
)


def lines_of(*sightings: Sighting) -> list[str]:
    return list(utterance_lines(Utterance(3, sightings), [sighting.url for sighting in sightings]))


def test_a_sighting_shows_the_outlet_the_printed_name_and_the_decisions() -> None:
    assert lines_of(SIGHTING)[3:] == [
        "  - The Tide (AFP), 2031-03-11: https://tide.example/ferry",
        "    Named in the article: “Adv Venn”",
        "    Decided by a person: speaker, day.",
    ]


@pytest.mark.parametrize("printed", ["Advocate Orla Venn", None])
def test_nothing_is_added_where_the_article_has_the_shown_name_or_none(printed: str | None) -> None:
    plain = replace(SIGHTING, speaker_as_printed=printed, decided=(), outlet_name=None, wire_credit=None)
    assert lines_of(plain)[3:] == ["  - tide, 2031-03-11: https://tide.example/ferry"]


def test_a_footnote_has_the_printed_name_and_the_decisions() -> None:
    assert citation(SIGHTING) == FOOTNOTE


def test_a_footnote_of_a_file_has_no_day_of_access() -> None:
    assert citation(replace(SIGHTING, url="file:/news/a.txt", decided=(), speaker_as_printed=None, title=None)) == (
        "Advocate Orla Venn, “The ferry will sail again”, 10 March 2031 (from “on Monday”, paragraph 2); The Tide, "
        "11 March 2031, file:/news/a.txt."
    )


def test_a_footnote_has_no_day_where_several_are_possible() -> None:
    week = SaidOn(date(2031, 3, 4), DAY, DateBasis.IMPLIED)
    assert "sail again”; The Tide" in citation(replace(SIGHTING, said=week))
    assert "probably 10 March 2031 (from “on Monday”" in citation(replace(SIGHTING, said_confidence=0.8))
