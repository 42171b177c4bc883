"""The features of coreference: produced, stored in the weights and phrased for readers under the same names."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.coreference import Option, Resolver, trees_for
from quotetrack.extract.entities.features import BodyFeatures, PersonFeatures, is_named_in
from quotetrack.extract.entities.organisations import organisations_of
from quotetrack.extract.entities.people import People
from quotetrack.lang import sections
from quotetrack.models.trees import load_ensemble

PERSON = "Anna Vale met Ruth Lund. She said so."
BODY = "The Harbour Council of Nye rejected the plan of Anna Vale. The council said so."
# The reading model adds to a score beside the features, and its part is explained like one.
ENCODER = "encoder"


def options_of(text: str, word: str) -> list[Option]:
    people = People(text)
    organisations = organisations_of(text, [Span(0, len(text))], [], people.persons)
    span = Span(text.rindex(word), text.rindex(word) + len(word))
    found = FoundMention(span, span, None, "after_cue", 0.9, True)
    return Resolver(text, people, [], None, None, organisations).options(found, ["Ruth Lund"])


@pytest.mark.parametrize(("stage", "features"), [("person", PersonFeatures), ("body", BodyFeatures)])
def test_the_weights_hold_the_features_in_this_order(stage, features):
    assert load_ensemble("coreference", stage, features._fields).features == features._fields


@pytest.mark.parametrize(
    ("text", "word", "features"), [(PERSON, "She", PersonFeatures), (BODY, "council", BodyFeatures)]
)
def test_every_option_has_the_features_of_the_trees_that_rate_it(text, word, features):
    options = options_of(text, word)
    assert len(options) > 1 and all(type(option.features) is features for option in options)
    assert trees_for(options).features == features._fields


def test_every_feature_has_its_phrase_and_no_phrase_is_left_over():
    phrased = {entry.split("\t")[0] for entry in sections("reasons.txt")["name"]}
    assert phrased == {*PersonFeatures._fields, *BodyFeatures._fields, ENCODER}


@pytest.mark.parametrize(("text", "word"), [(PERSON, "She"), (BODY, "council")])
def test_only_nobody_is_nobody(text, word):
    assert [option.features.nobody for option in options_of(text, word)] == [
        *(0.0 for _ in options_of(text, word)[1:]),
        1.0,
    ]


def test_the_history_is_an_argument():
    vale, lund, _ = sorted(options_of(PERSON, "She"), key=lambda option: option.person.name if option.person else "Z")
    assert (vale.features.spoke_last, lund.features.spoke_last) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("words", "is_named"),
    [
        ("Vale is brave", True),
        ("Look, Anna, it turns", True),
        ("Anna Lund is brave", False),  # another Anna
        ("The vale is green", False),
        ("It turns", False),
    ],
)
def test_words_name_a_person_by_the_surname_or_the_given_name(words, is_named):
    text = f"Anna Vale met Ruth Lund. “{words},” she said."
    (vale,) = [person for person in People(text).persons if person.name == "Anna Vale"]
    assert is_named_in(text, vale, [Span(text.index(words), text.index(words) + len(words))]) is is_named
