"""Describe a quoted part and its candidate mentions by features that a reader understands.

`SpeakerFeatures` and `WordsFeatures` are the rows of the two ensembles in `weights/attribution.json`, in the order of
the stored features. Features are 1 or 0 where nothing else is said; counts that may be large are log(1 + n).
`lang/en/reasons.txt` says what each feature of `SpeakerFeatures` means. A feature without a value raises TypeError.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import log1p
from typing import NamedTuple

from spacy.tokens import Token

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.embedding import cue_depth, embeds_source
from quotetrack.extract.attribution.rules import FRAGMENT_RULES, FULL_RULES, FoundMention, ParagraphScene
from quotetrack.extract.attribution.syntax import Cue, clause_end, clause_start
from quotetrack.extract.frames import Reading
from quotetrack.lang import lines, sections
from quotetrack.lang.en.words import (
    DEFINITE_DETERMINERS,
    INDEFINITE_DETERMINERS,
    NAMING_WORDS,
    OWN_PRONOUNS,
    PLAIN_SPEECH_VERBS,
    PRONOUN_KINDS,
    UNCAPITALISED_WORDS,
)

# Characters at the beginning of a text in which a headline may stand.
HEADLINE_END = 150


class SpeakerFeatures(NamedTuple):
    """One candidate mention of one quoted part, for the ensemble "speaker"."""

    after_words: float
    before: float
    before_cued: float
    behind_cued: float
    chosen: float
    closes_paragraph: float
    colon_before: float
    comma_before: float
    cue_base: float
    cue_before: float
    cue_clause: float
    cue_depth: float
    cue_elsewhere: float
    cue_gap: float
    cue_governs: float
    cue_holds: float
    cue_ing: float
    cue_parts_between: float
    cue_say: float
    cue_speech: float
    cues_between: float
    definite: float
    dep_ROOT: float
    dep_appos: float
    dep_attr: float
    dep_conj: float
    dep_dep: float
    dep_dobj: float
    dep_nsubj: float
    dep_nsubjpass: float
    dep_pobj: float
    dep_poss: float
    document: float
    elsewhere: float
    embeds: float
    ends_comma: float
    ends_query: float
    ends_stop: float
    fragment: float
    from_end: float
    governs: float
    has_cue: float
    indefinite: float
    is_he_she: float
    is_i: float
    is_it: float
    is_subject: float
    is_they: float
    is_who: float
    lower_after: float
    method: float
    name: float
    noun: float
    nouns_between: float
    office: float
    often: float
    opens_paragraph: float
    organisation: float
    own_subject: float
    paragraph: float
    part: float
    part_lower: float
    part_words: float
    parts: float
    parts_between: float
    person: float
    plural: float
    reporters_words: float
    rule_according_to: float
    rule_after_cue: float
    rule_before_cue: float
    rule_colon_name: float
    rule_dash_signature: float
    rule_earlier_part: float
    rule_embedded: float
    rule_introduced: float
    rule_last_speaker: float
    rule_later_part: float
    rule_own_subject: float
    rule_preceding_colon: float
    rule_preceding_paragraph: float
    rule_preceding_sentence: float
    rule_same_speaker: float
    rule_trailing_cue: float
    same_before: float
    same_before_word: float
    same_behind: float
    same_behind_word: float
    same_clause: float
    same_two_before: float
    stops_between: float
    verb_past: float
    verb_speech: float
    words_between: float


class WordsFeatures(NamedTuple):
    """One quoted part, for the ensemble "words"; `best_` is a feature of its likeliest speaker."""

    after_as: float
    after_in: float
    after_name: float
    after_that: float
    after_the: float
    after_verb: float
    before_and: float
    before_noun: float
    before_stop: float
    before_verb: float
    best_before: float
    best_chosen: float
    best_cue_clause: float
    best_cue_gap: float
    best_cue_governs: float
    best_cue_say: float
    best_cue_speech: float
    best_document: float
    best_has_cue: float
    best_is_he_she: float
    best_name: float
    best_noun: float
    best_organisation: float
    best_paragraph: float
    best_person: float
    best_same_before: float
    best_same_behind: float
    best_same_clause: float
    best_words_between: float
    capitals: float
    closes_paragraph: float
    colon_before: float
    comma_before: float
    ends_comma: float
    ends_query: float
    ends_stop: float
    first_capital: float
    fragment: float
    has_pronoun: float
    has_verb: float
    inner_capitals: float
    lower_after: float
    margin: float
    method: float
    opens_paragraph: float
    paragraph_place: float
    part: float
    part_lower: float
    part_words: float
    parts: float
    reporters_words: float
    score: float
    single: float
    title_place: float
    unclosed: float


class Neighbours(NamedTuple):
    """The mentions that the rules found for the parts around one part, over the whole article and in order."""

    before: FoundMention | None
    two_before: FoundMention | None
    behind: FoundMention | None


Values = dict[str, float]

# The rules by their number in the feature `method`.
METHODS = (*dict.fromkeys(name for name, _, _ in FULL_RULES + FRAGMENT_RULES), "earlier_part")
SUBJECTS = {"nsubj", "nsubjpass"}
_NOT_A_METHOD = -1.0
_OF_BEST = {field: field.removeprefix("best_") for field in WordsFeatures._fields if field.startswith("best_")}
_ORGANISATIONS = ("ORG", "GPE", "NORP")


def _zeros(*names: str) -> Values:
    return dict.fromkeys(names, 0.0)


# Groups of features that do not apply to every candidate.
_NO_RULE = _zeros(*(field for field in SpeakerFeatures._fields if field.startswith("rule_")))
_NO_DEPENDENCY = _zeros(*(field for field in SpeakerFeatures._fields if field.startswith("dep_")))
NO_WORD = _NO_DEPENDENCY | _zeros(
    *("person", "organisation", "name", "noun", "plural", "indefinite", "definite", "office", "document"),
    *("is_subject", "verb_speech", "verb_past", "is_he_she", "is_who", "is_i", "is_they", "is_it"),
)
NO_PLACE = _zeros(
    "before", "words_between", "stops_between", "parts_between", "same_clause", "nouns_between", "governs"
)
NO_CUE = _zeros(
    *("has_cue", "cue_speech", "cue_say", "cue_gap", "cue_before", "cue_governs", "cue_ing", "cue_base"),
    *("cue_clause", "cue_parts_between", "own_subject", "cues_between", "cue_depth", "cue_holds", "embeds"),
)
NOT_ELSEWHERE = _zeros("cue_elsewhere", "after_words", "from_end")


def part_features(scene: ParagraphScene, part: int, method: str | None) -> Values:
    """Return the features of a part that hold whoever spoke; `method` is the rule that chose its speaker."""
    reading = scene.reading
    here = reading.parts[part]
    words = here.span.of(reading.text)
    last = words.rstrip()[-1:]
    start, end = reading.first_token(part), reading.after_token(part)
    before = reading.tokens[start - 1].text if 0 < start <= len(reading.tokens) else ""
    outside = sum(inner < 0 and not token.is_punct for inner, token in zip(reading.inside, reading.tokens, strict=True))
    return {
        "fragment": float(here.is_fragment),
        "part_words": log1p(len(words.split())),
        "part_lower": float(words[:1].islower()),
        "ends_comma": float(last == ","),
        "ends_stop": float(last == "."),
        "ends_query": float(last in "?!"),
        "opens_paragraph": float(start <= 1),
        "closes_paragraph": float(end >= len(reading.tokens) - 1),
        "reporters_words": log1p(outside),
        "parts": float(len(reading.parts)),
        "part": float(part),
        "colon_before": float(before == ":"),
        "comma_before": float(before == ","),
        "lower_after": float(end < len(reading.tokens) and reading.tokens[end].text[:1].islower()),
        "method": float(METHODS.index(method)) if method is not None else _NOT_A_METHOD,
    }


def rule_features(names: Sequence[str]) -> Values:
    """Return one feature for each rule; `names` are the rules that point at the mention."""
    return _NO_RULE | {f"rule_{name}": 1.0 for name in names}


def word_features(reading: Reading, token: Token) -> Values:
    """Return the features of the noun or pronoun of a mention."""
    lower = token.lower_
    first = reading.tokens[token.left_edge.i].lower_
    pronoun = PRONOUN_KINDS.get(lower)
    reporting = sections("reporting.txt")
    features = {
        "person": float(token.ent_type_ == "PERSON"),
        "organisation": float(token.ent_type_ in _ORGANISATIONS),
        "name": float(token.pos_ == "PROPN"),
        "noun": float(token.pos_ == "NOUN"),
        "plural": float(token.tag_ in ("NNS", "NNPS")),
        "indefinite": float(first in INDEFINITE_DETERMINERS),
        "definite": float(first in DEFINITE_DETERMINERS),
        "office": float(lower in _offices()),
        "document": float(lower in reporting["document"]),
        "is_subject": float(token.dep_ in SUBJECTS),
        "verb_speech": float(token.head.lemma_.lower() in reporting["speech"]),
        "verb_past": float(token.head.tag_ == "VBD"),
        "is_he_she": float(pronoun == "he_she"),
        "is_who": float(pronoun == "who"),
        "is_i": float(pronoun == "i"),
        "is_they": float(pronoun == "they"),
        "is_it": float(pronoun == "it"),
        **_NO_DEPENDENCY,
    }
    if (dependency := f"dep_{token.dep_}") in _NO_DEPENDENCY:
        features[dependency] = 1.0
    return features


def place_features(scene: ParagraphScene, token: Token, part: int) -> Values:
    """Return the features of where a mention stands beside the part, in the part's own paragraph."""
    reading = scene.reading
    start, end = reading.first_token(part), reading.after_token(part)
    between = range(token.i, start) if token.i < start else range(end, token.i)
    words, stops, nouns = reading.outside_between(between)
    is_governing = (
        start + 1 < len(reading.tokens)
        and token.head in reading.tokens[min(start + 1, len(reading.tokens) - 1)].ancestors
    )
    return {
        "before": float(token.i < start),
        "words_between": log1p(words),
        "stops_between": float(stops),
        "parts_between": float(reading.parts_between(between, part)),
        "same_clause": float(clause_start(reading, part) <= token.i < clause_end(reading, end)),
        "nouns_between": float(nouns),
        "governs": float(is_governing),
    }


def cue_features(scene: ParagraphScene, cue: Cue, part: int) -> Values:
    """Return the features of the reporting word whose subject the mention is, in the part's own paragraph."""
    reading = scene.reading
    start, end = reading.first_token(part), reading.after_token(part)
    verb = reading.tokens[cue.verb]
    above = reading.tokens[min(start + 1, len(reading.tokens) - 1)].ancestors if len(reading.tokens) else ()
    between = range(cue.verb, start) if cue.verb < start else range(end, cue.verb)
    low, high = min(cue.verb, start), max(cue.verb, start)
    depth, holds = cue_depth(reading, cue, scene.cues)
    return {
        "has_cue": 1.0,
        "cue_depth": float(depth),
        "cue_holds": float(holds),
        "embeds": float(embeds_source(reading, cue)),
        "cue_speech": float(cue.strength == "speech"),
        "cue_say": float(verb.lemma_.lower() in PLAIN_SPEECH_VERBS),
        "cue_gap": log1p(cue_gap(reading, cue.verb, part)),
        "cue_before": float(cue.verb < start),
        "cue_governs": float(verb in list(above)),
        "cue_ing": float(verb.tag_ == "VBG"),
        "cue_base": float(verb.tag_ == "VB"),
        "cue_clause": float(clause_start(reading, part) <= cue.verb < clause_end(reading, end)),
        "cue_parts_between": float(reading.parts_between(between, part)),
        "own_subject": float(verb.i != cue.subject and reading.tokens[cue.subject].head == verb),
        "cues_between": float(sum(low < other.verb < high for other in scene.cues)),
    }


def cue_gap(reading: Reading, verb: int, part: int) -> int:
    """Return the number of tokens from a reporting word to the part's nearer mark."""
    start = reading.first_token(part)
    return start - verb if verb < start else verb - reading.after_token(part) + 1


def elsewhere_features(reading: Reading, token: Token, cue: Cue | None) -> Values:
    """Return the features of where a mention stands in another paragraph than the part."""
    last = reading.after_token(len(reading.parts) - 1) if reading.parts else 0
    return {
        "cue_elsewhere": float(cue is not None),
        "after_words": float(token.i >= last),
        "from_end": log1p(len(reading.tokens) - token.i),
    }


def context_features(head: Span, near: Neighbours, counts: Mapping[str, int], text: str) -> Values:
    """Return whether a mention speaks the parts around, and how often the article has its noun (`head`)."""
    noun = head.of(text)
    before, two_before, behind = near
    return {
        "same_before": float(before is not None and before.head == head),
        "same_before_word": float(before is not None and before.head.of(text) == noun),
        "same_two_before": float(two_before is not None and two_before.head.of(text) == noun),
        "same_behind": float(behind is not None and behind.head == head),
        "same_behind_word": float(behind is not None and behind.head.of(text) == noun),
        "before_cued": float(before is not None and before.is_cued),
        "behind_cued": float(behind is not None and behind.is_cued),
        "often": log1p(counts.get(noun.removesuffix("'s").removesuffix("’s"), 0)),
    }


@cache
def _offices() -> frozenset[str]:
    return frozenset(line.split("\t")[0] for line in lines("titles.txt"))


def describe_words(
    scene: ParagraphScene, part: int, best: SpeakerFeatures | None, score: float, margin: float
) -> WordsFeatures:
    """Return the features that separate a person's own words from titles, terms and the reporter's scare quotes.

    `best` are the features of the likeliest speaker and `score` its log-odds; `margin` is how far the next candidate
    is behind.
    """
    return WordsFeatures(
        **part_features(scene, part, None),
        **_case_features(scene.reading, part),
        **_neighbour_features(scene.reading, part),
        **_own_words_features(scene.reading, part),
        **{field: getattr(best, name) if best is not None else 0.0 for field, name in _OF_BEST.items()},
        score=score,
        margin=margin,
    )


def _case_features(reading: Reading, part: int) -> Values:
    """Return how much the quoted words are written in capitals, as a title is."""
    words = reading.parts[part].span.of(reading.text)
    tokens = words.split()
    capitals = sum(token[:1].isupper() or token[:1].isdigit() for token in tokens)
    small = sum(token.lower() in UNCAPITALISED_WORDS for token in tokens)
    return {
        "capitals": (capitals + small) / len(tokens),
        "first_capital": float(words[:1].isupper()),
        "inner_capitals": sum(token[:1].isupper() for token in tokens[1:]) / max(1, len(tokens) - 1),
    }


def _neighbour_features(reading: Reading, part: int) -> Values:
    """Return the features of the tokens directly before and after the marks."""
    start, end = reading.first_token(part), reading.after_token(part)
    before = reading.tokens[start - 1] if 0 < start <= len(reading.tokens) else None
    after = reading.tokens[end] if end < len(reading.tokens) else None
    kind_before = before.pos_ if before is not None else ""
    kind_after = after.pos_ if after is not None else ""
    word_before = before.lower_ if before is not None else ""
    return {
        "after_the": float(kind_before == "DET"),
        "after_in": float(kind_before == "ADP"),
        "after_as": float(word_before in NAMING_WORDS),
        "after_that": float(word_before == "that"),
        "after_verb": float(kind_before in ("VERB", "AUX")),
        "after_name": float(kind_before in ("NOUN", "PROPN", "ADJ")),
        "before_noun": float(kind_after in ("NOUN", "PROPN", "ADJ")),
        "before_verb": float(kind_after in ("VERB", "AUX")),
        "before_stop": float(after is None or after.is_punct),
        "before_and": float(kind_after in ("CCONJ", "ADP", "SCONJ", "PART")),
    }


def _own_words_features(reading: Reading, part: int) -> Values:
    """Return the features of the part's marks, its place in the text and its own words."""
    here = reading.parts[part]
    tokens = reading.tokens[reading.first_token(part) : reading.after_token(part)]
    words = here.span.of(reading.text).split()
    return {
        "title_place": float(reading.paragraph.start < HEADLINE_END),
        "single": float(reading.text[max(0, here.span.start - 1)] in "'‘‚"),
        "unclosed": float(here.marked.end == here.span.end),
        "has_verb": float(any(t.pos_ in ("VERB", "AUX") for t in tokens)),
        "has_pronoun": float(any(word.lower() in OWN_PRONOUNS for word in words)),
        "paragraph_place": log1p(reading.paragraph.start / 100),
    }
