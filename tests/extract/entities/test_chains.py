"""What is counted between a name and a pronoun."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.chains import ChainFeatures, Chains
from quotetrack.extract.entities.people import People
from quotetrack.extract.entities.reporter import ReporterText

TEXT = (
    "Anna Vale bought the mill. Ruth Lund sold it.\n\n"
    "Vale was glad. She smiled at the friend of Lund. “She is brave,” her son wrote to Peter Berg.\n\n"
    "“The wheel turns,” she said."
)


def chain_of(name: str, pronoun: str = "she said") -> ChainFeatures:
    """Return the features of a woman of the text for a pronoun of it."""
    people = People(TEXT)
    quoted = [
        Span(TEXT.index(words), TEXT.index(words) + len(words)) for words in ("“She is brave,”", "“The wheel turns,”")
    ]
    names = ArticleNames(TEXT, people, quoted, None, None, ())
    women = [person for person in people.persons if person.name in ("Anna Vale", "Ruth Lund")]
    at = TEXT.index(pronoun)
    above = [[place for place in person.places if place.start < at] for person in women]
    rows = Chains(names, ReporterText(names)).features(above, "she", at)
    return rows[[person.name for person in women].index(name)]


@pytest.mark.parametrize(
    ("feature", "vale", "lund"),
    [
        ("pronouns_between", 2.0, 1.0),  # "She smiled", "her son"; the quoted "She" is not the reporter's
        ("openers_between", 1.0, 0.0),
        ("others_between", 1.0, 0.0),
        ("others_acting", 0.0, 0.0),
        ("first_above", 1.0, 0.0),
        ("firsts_above", 2.0, 0.0),
        ("first_here", 0.0, 0.0),
        ("named_here", 0.0, 0.0),
        ("pronouns_here", 0.0, 0.0),
        ("quote_opens", 1.0, 1.0),
    ],
)
def test_what_stands_between_is_counted_for_each(feature, vale, lund):
    assert (getattr(chain_of("Anna Vale"), feature), getattr(chain_of("Ruth Lund"), feature)) == (vale, lund)


@pytest.mark.parametrize(
    ("feature", "vale", "lund"),
    [
        ("others_acting", 0.0, 1.0),  # "Vale was glad" stands behind Lund's last place
        ("first_here", 1.0, 0.0),
        ("named_here", 1.0, 1.0),
        ("pronouns_here", 0.0, 0.0),
        ("quote_opens", 0.0, 0.0),
    ],
)
def test_the_paragraph_of_the_pronoun_counts_too(feature, vale, lund):
    chains = chain_of("Anna Vale", "She smiled"), chain_of("Ruth Lund", "She smiled")
    assert tuple(getattr(chain, feature) for chain in chains) == (vale, lund)


def test_pronouns_above_in_the_paragraph_are_counted():
    assert chain_of("Anna Vale", "her son").pronouns_here == 1.0
