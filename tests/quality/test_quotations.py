"""Extraction on the annotated articles: no figure is below its pinned floor."""

import pytest
from tests.quality import baseline
from tests.quality.gold_sets import GOLD, PINNED_SETS, articles_of, extract_all, gold_lines
from tests.quality.scorer import KIND, Figures, score

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not GOLD.is_dir(), reason=f"no measuring data at {GOLD}"),
]


@pytest.fixture(scope="module")
def measured() -> dict[str, Figures]:
    """The figures of each pinned set, all from this run."""
    figures = {}
    for gold in PINNED_SETS:
        lines = gold_lines(gold)
        figures[gold.name] = score(lines, gold, extract_all(articles_of(lines))).figures
    return figures


def test_the_gold_files_are_those_behind_the_floors():
    assert baseline.changed_files() == [], "the floors are of other files: measure, then run `pin`"


@pytest.mark.parametrize("name", [gold.name for gold in PINNED_SETS])
def test_no_figure_is_below_its_floor(measured, name, capsys):
    figures = measured[name]
    with capsys.disabled():
        print(f"\n{name} {KIND}: " + ", ".join(f"{figure} {value:.1f}" for figure, value in figures.items()))
    assert baseline.floors(name).keys() == figures.keys()
    assert baseline.shortfalls(baseline.floors(name), figures) == []
