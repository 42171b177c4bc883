"""Sightings as text: the outlet's name, the name that the article prints, and what a person decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from quotetrack.core.domain import DateBasis, SaidOn, Sighting, Span, Utterance
from quotetrack.render.answers import citation
from quotetrack.render.quotations import decided_text, utterance_lines
from quotetrack.render.text import hyperlink

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


def test_a_decision_about_a_statement_is_told_in_the_same_words() -> None:
    assert decided_text(replace(SIGHTING, decided=("reported_speaker", "reported_day"))) == (
        "Decided by a person: speaker, day."
    )


SECOND = replace(SIGHTING, id=8, outlet="quay", outlet_name=None, wire_credit=None, words="The ferry will sail again.")
PIECES = {"\x1b[31mred": "�[31mred", "a\rb": "a�b", "\x9b2J": "�2J", "\u202etxt.exe": "�txt.exe", "\ud83d": "�"}


def lines_of(*sightings: Sighting, is_terminal: bool = False) -> list[str]:
    return list(utterance_lines(Utterance(3, sightings), is_terminal=is_terminal))


def test_a_sighting_shows_the_outlet_the_title_the_printed_name_and_the_decisions() -> None:
    assert lines_of(SIGHTING) == [
        "“The ferry will sail again”",
        "  Advocate Orla Venn, 10 Mar 2031 (from “on Monday”, paragraph 2)",
        "  Utterance 3",
        "  - The Tide (AFP), 2031-03-11, “Ferry to sail”: https://tide.example/ferry",
        "    Named in the article: “Adv Venn”",
        "    Decided by a person: speaker, day.",
    ]


def test_outlets_are_counted_only_where_they_are_several() -> None:
    assert lines_of(SIGHTING, SECOND)[2] == "  2 outlets, 2 independent sources; utterance 3"
    assert not [line for line in lines_of(SIGHTING, replace(SIGHTING, id=9)) if "outlet" in line]


def test_a_last_comma_makes_no_other_wording() -> None:
    bare, shorter = (replace(SIGHTING, id=9, words=words) for words in (SIGHTING.words[:-1], "The ferry will sail;"))
    assert lines_of(SIGHTING, bare)[-3:] == lines_of(SIGHTING)[-3:]
    assert "    Printed as: “The ferry will sail”" in lines_of(SIGHTING, shorter)


@pytest.mark.parametrize("printed", ["Advocate Orla Venn", None])
def test_nothing_is_added_where_the_article_has_the_shown_name_or_none(printed: str | None) -> None:
    plain = replace(SIGHTING, speaker_as_printed=printed, decided=(), outlet_name=None, wire_credit=None, title=None)
    assert lines_of(plain)[3:] == ["  - tide, 2031-03-11: https://tide.example/ferry"]


def test_on_a_terminal_the_title_opens_the_page_at_the_words() -> None:
    link = "https://tide.example/ferry#:~:text=The%20ferry%20will%20sail%20again"
    assert lines_of(SIGHTING, is_terminal=True)[3] == (
        f"  - The Tide (AFP), 2031-03-11: \x1b]8;;{link}\x1b\\“Ferry to sail”\x1b]8;;\x1b\\"
    )
    untitled = lines_of(replace(SIGHTING, title=None), is_terminal=True)[3]
    assert untitled.endswith("\x1b\\https://tide.example/ferry\x1b]8;;\x1b\\")
    assert lines_of(replace(SIGHTING, url="file:/news/a.txt"), is_terminal=True)[3].endswith("”: file:/news/a.txt")


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("field", ["words", "speaker", "outlet_name", "title", "sentence", "said_phrase", "url"])
def test_a_control_character_in_data_is_shown_and_not_obeyed(field: str, piece: str) -> None:
    given = replace(SIGHTING, **{field: f"https://x {piece} y"})
    (shown,) = {line.count(PIECES[piece]) for line in lines_of(given) if "https://x" in line}
    assert shown == 1
    ours = [line.split("\x1b\\")[1] if "\x1b]8;;" in line else line for line in lines_of(given, is_terminal=True)]
    assert not [line for line in ours if piece in line]


def test_no_url_ends_a_link_of_ours() -> None:
    link = hyperlink("title", "https://x.example/\x1b\\\x07 ö")
    assert link == "\x1b]8;;https://x.example/%1B\\%07%20%C3%B6\x1b\\title\x1b]8;;\x1b\\"


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
