"""No regular expression of the program takes more than linear time, or its callers bound what they give it."""

from __future__ import annotations

import pytest
from tests.pumping import patterns, slowest, worst_growth

from quotetrack.core.paragraphs import LONGEST_PARAGRAPH
from quotetrack.core.urls import LONGEST_URL
from quotetrack.ingest.formats.detect import SNIFFED
from quotetrack.ingest.formats.plaintext import LONGEST_HEAD_LINE
from quotetrack.ingest.html.block_kinds import LONGEST_FURNITURE
from quotetrack.ingest.html.edges import LONGEST_CREDIT
from quotetrack.ingest.html.metadata import LONGEST_BYLINE
from quotetrack.ingest.timestamps import LONGEST_MOMENT
from quotetrack.search.question import LONGEST_QUESTION
from quotetrack.search.roles import LONGEST_NAME_BEFORE

PATTERNS = patterns()
# The most characters that the callers of the patterns of a module give them.
BOUNDS = {
    "core.doubts": 300,  # a name
    "core.urls": LONGEST_URL,
    "extract.": LONGEST_PARAGRAPH,
    "ingest.formats.detect": SNIFFED,
    "ingest.html.block_kinds.page_furniture": LONGEST_FURNITURE,
    "ingest.html.edges.end_credit": LONGEST_CREDIT,
    "ingest.html.metadata.MARKUP_BYLINE_END": LONGEST_BYLINE,
    "ingest.formats.plaintext": LONGEST_HEAD_LINE,
    "ingest.timestamps": LONGEST_MOMENT,
    "lang.en.question_forms": LONGEST_QUESTION,
    "lang.en.role_words.NAME_BEFORE": LONGEST_NAME_BEFORE,
    "lang.en.": LONGEST_PARAGRAPH,
    "search.question": LONGEST_QUESTION,
}


# Used with `match` at one place only, where the time is linear.
ONLY_AT_ONE_PLACE = (
    "export.csv._FORMULA",
    "lang.en.date_words.BEHIND_DATELINE",
    "lang.en.date_words.CLAUSE_BEHIND",
    "lang.en.printed_names.CLAUSE",
)
# A question is read with one space between its words.
SPACED_ONCE = ("lang.en.question_forms", "search.question")


def bound_of(place: str) -> int | None:
    return next((bound for start, bound in BOUNDS.items() if place.startswith(start)), None)


def test_the_patterns_are_found():
    assert len(PATTERNS) > 200
    assert any(place.startswith("lang.en.") for place in PATTERNS)


@pytest.mark.slow
@pytest.mark.parametrize("place", sorted(PATTERNS))
def test_a_pattern_takes_no_more_than_linear_time(place):
    if place in ONLY_AT_ONE_PLACE:
        return
    pattern, bound = PATTERNS[place], bound_of(place)
    if bound is None:
        assert worst_growth(pattern) is None
    else:
        assert slowest(pattern, bound, is_spaced_once=place.startswith(SPACED_ONCE)) is None
