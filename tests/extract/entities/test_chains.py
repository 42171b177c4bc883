"""What is counted between a name and a pronoun."""

from __future__ import annotations

import re

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.chains import ChainFeatures, Chains, PronounFeatures
from quotetrack.extract.entities.people import People
from quotetrack.extract.entities.reporter import ReporterText

TEXT = (
    "Anna Vale bought the mill. Ruth Lund sold it.\n\n"
    "Vale was glad. She smiled at the friend of Lund. “She is brave,” her son wrote to Peter Berg.\n\n"
    "“The wheel turns,” she said."
)


def features_at(name: str, pronoun: str, text: str = TEXT) -> tuple[PronounFeatures, ChainFeatures]:
    """Return the features of a pronoun of a text, and of a woman for it."""
    people = People(text)
    quoted = [Span(match.start(), match.end()) for match in re.finditer("“.*?”", text)]
    names = ArticleNames(text, people, quoted, None, None, ())
    women = [person for person in people.persons if person.name in ("Anna Vale", "Ruth Lund")]
    at = text.index(pronoun)
    above = [[place for place in person.places if place.start < at] for person in women]
    of_pronoun, rows = Chains(names, ReporterText(names)).features(above, "she", at)
    return of_pronoun, rows[[person.name for person in women].index(name)]


def chain_of(name: str, pronoun: str = "she said") -> ChainFeatures:
    """Return the features of a woman of the text for a pronoun of it."""
    return features_at(name, pronoun)[1]


def paragraph_of(pronoun: str) -> PronounFeatures:
    """Return the features of a pronoun of the text."""
    return features_at("Anna Vale", pronoun)[0]


@pytest.mark.parametrize(
    ("feature", "vale", "lund"),
    [
        ("pronouns_between", 2.0, 1.0),  # "She smiled", "her son"; the quoted "She" is not the reporter's
        ("openers_between", 1.0, 0.0),
        ("others_between", 1.0, 0.0),
        ("others_acting", 0.0, 0.0),
        ("below_pronouns", 0.0, 1.0),  # "She smiled"
        ("introduced_rank", 0.0, 1.0),
        ("is_object", 0.0, 1.0),
        ("first_above", 1.0, 0.0),
        ("firsts_above", 2.0, 0.0),
        ("first_here", 0.0, 0.0),
    ],
)
def test_what_stands_between_is_counted_for_each(feature, vale, lund):
    assert (getattr(chain_of("Anna Vale"), feature), getattr(chain_of("Ruth Lund"), feature)) == (vale, lund)


@pytest.mark.parametrize(
    ("feature", "vale", "lund"),
    [
        ("others_acting", 0.0, 1.0),  # "Vale was glad" stands behind Lund's last place
        ("first_here", 1.0, 0.0),
    ],
)
def test_the_paragraph_of_the_pronoun_counts_too(feature, vale, lund):
    chains = chain_of("Anna Vale", "She smiled"), chain_of("Ruth Lund", "She smiled")
    assert tuple(getattr(chain, feature) for chain in chains) == (vale, lund)


def test_who_stands_behind_the_subject_of_the_sentence_is_told():
    chains = chain_of("Anna Vale", "her son"), chain_of("Ruth Lund", "her son")
    assert [(chain.behind_pronoun, chain.behind_other) for chain in chains] == [(0.0, 0.0), (1.0, 0.0)]
    text = "Anna Vale met Ruth Lund, who wept. She said so."
    vale, lund = (features_at(name, "She said", text)[1] for name in ("Anna Vale", "Ruth Lund"))
    assert (vale.behind_other, vale.is_told_of) == (0.0, 0.0)
    assert (lund.behind_other, lund.is_told_of) == (1.0, 1.0)


def test_the_paragraph_of_the_pronoun_is_the_same_for_all():
    assert paragraph_of("she said") == PronounFeatures(named_here=0.0, pronouns_here=0.0, quote_opens=1.0)
    assert paragraph_of("She smiled") == PronounFeatures(named_here=1.0, pronouns_here=0.0, quote_opens=0.0)
    assert paragraph_of("her son").pronouns_here == 1.0
