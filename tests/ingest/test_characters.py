import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.ingest.characters import repair, visible


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
