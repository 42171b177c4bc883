"""Footnotes name the article, the speaker, the words and the day; nothing of them breaks the form that carries them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from quotetrack.core.domain import DateBasis, SaidOn, Sighting
from quotetrack.render.citations import apa, bibtex, chicago, csl_json, ris

TELLE = Sighting(
    23,
    "The barrier will not hold,",
    speaker="Ragna Telle",
    outlet="saltmere-courier",
    outlet_name="Saltmere Courier",
    title="Barrier & sea: 50% “gone”",
    author="Jo Marsh and staff",
    published_at=date(2026, 3, 11),
    fetched_at=datetime(2026, 3, 15, tzinfo=UTC),
    url="https://saltmere-courier.example/a_b",
    said=SaidOn(date(2026, 3, 10), date(2026, 3, 10), DateBasis.STATED_HERE),
)
BARE = Sighting(7, "It is {gone} # $1\nnow", outlet="post", url="file:///tmp/a.txt")
SAID = "10 March 2026 (from the sentence with the words)"


def test_a_note_of_chicago_says_who_is_quoted_in_what() -> None:
    assert chicago(TELLE) == (
        f"“The barrier will not hold”, Ragna Telle, {SAID}, quoted in Jo Marsh and staff, "
        "“Barrier & sea: 50% “gone””, Saltmere Courier, March 11, 2026, https://saltmere-courier.example/a_b."
    )
    assert chicago(BARE) == "“It is {gone} # $1 now”, (no speaker named), quoted in post, undated."


def test_an_entry_of_apa_begins_with_the_author_else_the_title() -> None:
    assert apa(TELLE) == (
        "Jo Marsh and staff. (2026, March 11). Barrier & sea: 50% “gone”. Saltmere Courier. "
        f"https://saltmere-courier.example/a_b [Ragna Telle, {SAID}: “The barrier will not hold”]"
    )
    assert apa(BARE).startswith("[Untitled article]. (n.d.). post.")


def test_bibtex_escapes_what_latex_would_obey() -> None:
    assert bibtex(TELLE) == (
        "@misc{quotetrack-23,\n"
        "  author = {{Jo Marsh and staff}},\n"
        "  title = {{Barrier \\& sea: 50\\% “gone”}},\n"
        "  howpublished = {Saltmere Courier},\n"
        "  year = {2026},\n  month = {3},\n  day = {11},\n"
        "  url = {https://saltmere-courier.example/a_b},\n  urldate = {2026-03-15},\n"
        f"  note = {{Ragna Telle, {SAID}: “The barrier will not hold”}}\n}}"
    )
    assert "It is \\textbraceleft{}gone\\textbraceright{} \\# \\$1 now" in bibtex(BARE)


def test_ris_has_one_line_for_each_field() -> None:
    assert ris(TELLE).split("\r\n") == [
        "TY  - NEWS", "ID  - quotetrack-23", "AU  - Jo Marsh and staff", "TI  - Barrier & sea: 50% “gone”",
        "T2  - Saltmere Courier", "PY  - 2026", "DA  - 2026/03/11", "UR  - https://saltmere-courier.example/a_b",
        "Y2  - 2026/03/15", f"N1  - Ragna Telle, {SAID}: “The barrier will not hold”", "ER  - ", "",
    ]  # fmt: skip
    assert len(ris(BARE).splitlines()) == 5


def test_an_item_of_csl_has_no_empty_field_and_no_address_of_this_machine() -> None:
    assert json.loads(json.dumps(csl_json(TELLE))) == {
        "id": "quotetrack-23",
        "type": "article-newspaper",
        "title": "Barrier & sea: 50% “gone”",
        "author": [{"literal": "Jo Marsh and staff"}],
        "container-title": "Saltmere Courier",
        "issued": {"date-parts": [[2026, 3, 11]]},
        "URL": "https://saltmere-courier.example/a_b",
        "accessed": {"date-parts": [[2026, 3, 15]]},
        "note": f"Ragna Telle, {SAID}: “The barrier will not hold”",
    }
    assert csl_json(BARE).keys() == {"id", "type", "container-title", "note"}
