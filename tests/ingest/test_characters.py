import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.core.domain import Span
from quotetrack.ingest.characters import Alignment, repair, visible


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("â€œWe wait,â€\x9d said José.", "“We wait,” said José."),
        ("â€œWe wait,â€\ufffd said Bo.", "“We wait,” said Bo."),
        ("â€œWe wait,â€ said Bo.", "“We wait,” said Bo."),
        ("\xe2\x80\x9cWe wait,\xe2\x80\x9d said Bo.", "“We wait,” said Bo."),  # read as Latin-1
        ("weâ€™re MartÃ\xadn cafÃ© Â£5 â€“ naÃ¯ve", "we’re Martín café £5 – naïve"),
        ("\x93We wait,\x94 said Bo\x92s son.", "“We wait,” said Bo’s son."),
        ("Jose\u0301 A\u030angstro\u0308m \u212bs", "José Ångström Ås"),
        ("São Paulo, château, NÃO, l’âme", "São Paulo, château, NÃO, l’âme"),
        ("plain", "plain"),
    ],
)
def test_broken_characters_are_repaired(broken, whole):
    assert repair(broken) == whole


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="ÃÂâ", exclude_categories=["Cc"])))
def test_a_text_without_broken_characters_is_only_composed(text):
    assert repair(text) == unicodedata.normalize("NFC", text)


def test_characters_that_no_browser_shows_are_dropped():
    assert visible("\u202b“Qu\u00aday”\u202c \u200eOriel\u200f be\u200cneath\ufeff") == "“Quay” Oriel beneath"
    assert visible("می\u200cخواهم") == "می\u200cخواهم"  # Persian is written with it


@given(
    st.lists(
        st.sampled_from(["Vale ", "said", "é", "e\u0301", "â€œ", "â€\x9d", "A\u0303©", "\n", " “No” ", "\x93", "’"]),
        max_size=40,
    )
)
@settings(deadline=None)
def test_a_place_in_a_repaired_text_is_that_of_the_given_one(pieces):
    given_text = "".join(pieces)
    repaired = repair(given_text)
    alignment = Alignment(given_text, repaired)
    for match in re.finditer(r"said|Vale", repaired):
        place = alignment.in_given(Span(*match.span()))
        assert given_text[place.start : place.end] == match[0]


@pytest.mark.parametrize(
    ("given_text", "words"),
    [
        ("Rene\u0301e said: “Yes.”", "Rene\u0301e"),
        ("FranÃ§ois said: “Yes.”", "FranÃ§ois"),
        ("Ada said: â€œYes.â€\x9d", "Yes."),
        ("One\nRene\u0301e\nTwo", "Two"),
    ],
)
def test_a_place_covers_the_characters_that_were_repaired(given_text, words):
    repaired = repair(given_text)
    start = repaired.index(repair(words))
    place = Alignment(given_text, repaired).in_given(Span(start, start + len(repair(words))))
    assert given_text[place.start : place.end] == words
