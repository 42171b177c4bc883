"""The features that are produced, stored in the weights and phrased for readers are the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from quotetrack.extract.attribution.features import METHODS, SpeakerFeatures, WordsFeatures
from quotetrack.extract.attribution.ranker import DescribedPart, describe_parts, words_features
from quotetrack.extract.attribution.rules import FRAGMENT_RULES, FULL_RULES
from quotetrack.extract.explain import ENCODER
from quotetrack.extract.extractor import parse_text
from quotetrack.lang import sections
from quotetrack.models.trees import load_trees

Describe = Callable[[str], list[DescribedPart]]


@pytest.fixture
def describe(nlp: Language) -> Describe:
    """Return the function that describes the quoted parts of a text."""

    def parts_of(text: str) -> list[DescribedPart]:
        parsed = parse_text(text, nlp)
        return list(describe_parts(text, parsed.quotations, parsed.readings).values())

    return parts_of


@pytest.mark.parametrize(("stage", "features"), [("speaker", SpeakerFeatures), ("words", WordsFeatures)])
def test_the_fields_are_the_stored_features_in_their_order(stage, features):
    assert load_trees("attribution")[stage].features == features._fields


def test_every_feature_of_a_mention_has_its_phrase():
    phrased = {entry.split("\t")[0] for entry in sections("reasons.txt")["mention"]}
    assert phrased == {*SpeakerFeatures._fields, ENCODER}


def test_every_rule_has_its_feature():
    rules = {name for name, _, _ in FULL_RULES + FRAGMENT_RULES}
    assert {field for field in SpeakerFeatures._fields if field.startswith("rule_")} == {f"rule_{m}" for m in METHODS}
    assert set(METHODS) == rules | {"earlier_part"}


def features_of(part: DescribedPart, text: str, mention: str) -> SpeakerFeatures:
    (features,) = (c.features for c in part.candidates if c.mention.of(text) == mention)
    return features


def test_the_subject_of_the_reporting_word_is_described_by_it(describe: Describe):
    text = "“The mill will open in May,” Ingrid Vale said on Monday."
    features = features_of(describe(text)[0], text, "Ingrid Vale")
    assert (features.name, features.dep_nsubj, features.noun) == (1, 1, 0)
    assert (features.has_cue, features.cue_say, features.cue_before, features.cue_gap > 0) == (1, 1, 0, True)
    assert (features.rule_after_cue, features.chosen, features.paragraph, features.before) == (1, 1, 0, 0)
    assert METHODS[int(features.method)] == "after_cue"


def test_a_noun_without_a_reporting_word_has_no_features_of_one(describe: Describe):
    text = "“The mill will open in May,” Ingrid Vale said in the square."
    features = features_of(describe(text)[0], text, "the square")
    assert (features.noun, features.definite, features.dep_pobj) == (1, 1, 1)
    assert (features.has_cue, features.cue_say, features.cue_gap, features.rule_after_cue) == (0, 0, 0, 0)


def test_a_mention_of_another_paragraph_is_described_by_its_place_there(describe: Describe):
    text = "Ingrid Vale bought the mill in March.\n\n“We are ready and the corn is ripe.”"
    features = features_of(describe(text)[0], text, "Ingrid Vale")
    assert (features.paragraph, features.rule_preceding_paragraph, features.from_end > 0) == (-1, 1, True)
    assert (features.words_between, features.same_clause, features.elsewhere) == (0, 0, 0)


def test_a_speaker_outside_the_parsed_paragraphs_is_known_by_the_rules_alone(describe: Describe):
    text = "“The mill will open in May,” Vale said.\n\nThe rain fell.\n\nIt fell.\n\nIt fell still.\n\n“We are ready.”"
    features = features_of(describe(text)[-1], text, "Vale")
    assert (features.elsewhere, features.rule_last_speaker) == (1, 1)
    assert (features.person, features.dep_nsubj, features.chosen, features.same_before) == (0, 0, 0, 1)


def test_words_are_described_with_the_features_of_their_likeliest_speaker(describe: Describe):
    text = "“The mill will open in May,” Ingrid Vale said in the square."
    (part,) = describe(text)
    scores = [1.0 if c.mention.of(text) == "Ingrid Vale" else -2.0 for c in part.candidates]
    features = words_features(part, scores)
    assert (features.score, features.margin) == (1.0, 3.0)
    assert (features.best_name, features.best_has_cue, features.best_chosen) == (1, 1, 1)
    assert (features.ends_comma, features.first_capital, features.method) == (1, 1, -1)


def test_words_without_a_candidate_have_no_features_of_a_speaker(describe: Describe):
    (part,) = describe("“Ruin”.")
    features = words_features(part, [])
    assert part.candidates == []
    assert [value for name, value in features._asdict().items() if name.startswith("best_") and value] == []
