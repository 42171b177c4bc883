"""Extraction on the annotated articles: no figure is below its pinned floor."""

import re
from itertools import pairwise

import pytest
from tests.quality import baseline
from tests.quality.gold_sets import GOLD, PINNED_SETS, Extractions, articles_of, extract_all, gold_lines
from tests.quality.scorer import KIND, Figures, score

from quotetrack.core.parts import OMISSION, split_parts

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not GOLD.is_dir(), reason=f"no measuring data at {GOLD}"),
]


@pytest.fixture(scope="module")
def extractions() -> dict[str, Extractions]:
    """The articles of each pinned set with their quotations."""
    return {gold.name: extract_all(articles_of(gold_lines(gold))) for gold in PINNED_SETS}


@pytest.fixture(scope="module")
def measured(extractions: dict[str, Extractions]) -> dict[str, Figures]:
    """The figures of each pinned set, all from this run."""
    return {gold.name: score(gold_lines(gold), gold, extractions[gold.name]).figures for gold in PINNED_SETS}


def test_the_gold_files_are_those_behind_the_floors():
    assert baseline.changed_files() == [], "the floors are of other files: measure, then run `pin`"


@pytest.mark.parametrize("name", [gold.name for gold in PINNED_SETS])
def test_no_figure_is_below_its_floor(measured, name, capsys):
    figures = measured[name]
    with capsys.disabled():
        print(f"\n{name} {KIND}: " + ", ".join(f"{figure} {value:.1f}" for figure, value in figures.items()))
    assert baseline.floors(name).keys() == figures.keys()
    assert baseline.shortfalls(baseline.floors(name), figures) == []


def test_no_words_are_printed_that_the_article_does_not_have(extractions):
    """Parts are verbatim. A space joins two parts only if the mention, the cue or no word stands between them."""
    several = 0
    for article, quotations in (entry for found in extractions.values() for entry in found):
        for quotation in quotations:
            parts = [part.of(article.text) for part in quotation.parts]
            assert split_parts(quotation.words, [len(part) for part in parts]) == parts
            several += len(parts) > 1
            if OMISSION in quotation.words:
                continue
            speaker = quotation.attribution
            spans = [span for span in (speaker.mention, speaker.cue) if span] if speaker else []
            for left, right in pairwise(quotation.parts):
                is_spoken_on = not re.search(r"\w", article.text[left.end : right.start])
                assert is_spoken_on or any(left.end <= span.start < right.start for span in spans), quotation.words
    assert several > 100, "there are too few quotations of several parts to tell"
