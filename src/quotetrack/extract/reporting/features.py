"""Describe what a cue may report, in features that a reader understands.

The fitted trees (`models/weights/reported.json`) rate each candidate by them: is this the content of a statement?
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from spacy.tokens import Token

from quotetrack.extract.attribution.syntax import subject_of
from quotetrack.extract.frames import Reading
from quotetrack.extract.reporting.contents import Content, sentence_of
from quotetrack.extract.reporting.cues import Complement, CueKind, CueWord, is_attitude
from quotetrack.lang import sections
from quotetrack.lang.en.words import MODALS, NOT_SPEAKERS, PRONOUN_KINDS
from quotetrack.models.statement_answer import CueAnswer

LEAST_CHANCE = 1e-4  # nothing is impossible for a model that may be wrong

_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_BODIES = frozenset({"ORG", "GPE", "NORP"})


class CueFeatures(NamedTuple):
    """What the cue and its surroundings say, the same for all its candidates."""

    rate: float
    complement_rate: float
    is_verb: float
    is_noun: float
    is_according: float
    is_speech: float  # in `reporting.txt`
    is_stance: float
    is_attitude: float
    past: float
    present: float
    gerund: float
    participle: float
    bare: float
    root: float
    ccomp: float
    conj: float
    advcl: float
    relcl: float
    acl: float
    xcomp: float
    parataxis: float
    clause: float  # governs a clause
    infinitive: float
    object: float
    preposition: float
    subject: float
    subject_person: float
    subject_body: float
    subject_pronoun: float
    subject_speaker: float  # first or second person
    subject_thing: float  # "it", "this"
    subject_common: float
    subject_distance: float
    passive: float
    negated: float
    modal: float
    under_cue: float  # depends on a verb that reports often
    sentence_words: float
    place: float  # in its sentence, 0 to 1


class ContentFeatures(NamedTuple):
    """What a candidate says beyond its cue."""

    right: float
    left: float
    around: float
    antecedent: float
    opens_clause: float
    opens_infinitive: float
    opens_object: float
    opens_preposition: float
    opens_adverbial: float
    opens_that: float
    opens_colon: float
    opens_next: float
    closes_sentence: float
    closes_cue: float
    closes_clause: float
    closes_object: float
    closes_before: float
    words: float
    share: float  # of the words of the sentence
    gap: float  # tokens between the cue and the content
    that: float
    to: float
    of_for: float
    as_: float
    other_preposition: float
    first_gerund: float
    first_adverb: float  # "when", "after", "because": how or when it was said
    finite: float
    own_subject: float
    head_is_verb: float
    head_is_noun: float
    in_marks: float
    has_marks: float
    has_comma: float
    comma_behind: float
    comma_before: float
    cues_inside: float
    cues_between: float


class ModelFeatures(NamedTuple):
    """What the reading model says: log-chances, and shares of the tokens."""

    reports: float  # log-odds that the cue reports something
    first: float  # log-chance that the content begins here
    last: float
    first_lead: float  # behind the likeliest beginning
    last_lead: float
    agreement: float  # expected intersection over union
    inside: float  # mean chance of the pieces to be inside


NOTHING_SAID = ModelFeatures(*([0.0] * len(ModelFeatures._fields)))


def cue_features(reading: Reading, cue: CueWord, frequent: frozenset[int]) -> CueFeatures:
    """Return the features of a cue; `frequent` are the tokens of the cues that report often."""
    token = reading.tokens[cue.index]
    verbs = sections("reporting.txt")
    lemma = token.lemma_.lower()
    subject = subject_of(reading, token) if cue.kind is CueKind.VERB else None
    spoken = reading.tokens[subject] if subject is not None else None
    first, last = sentence_of(reading, token)
    children = [child.dep_ for child in token.children]
    tag, dep = token.tag_, token.dep_
    return CueFeatures(
        rate=cue.rate,
        complement_rate=cue.complement_rate,
        is_verb=cue.kind is CueKind.VERB,
        is_noun=cue.kind is CueKind.NOUN,
        is_according=cue.kind is CueKind.ACCORDING,
        is_speech=lemma in verbs["speech"],
        is_stance=lemma in verbs["stance"],
        is_attitude=is_attitude(cue),
        past=tag == "VBD",
        present=tag in ("VBZ", "VBP"),
        gerund=tag == "VBG",
        participle=tag == "VBN",
        bare=tag == "VB",
        root=dep == "ROOT",
        ccomp=dep == "ccomp",
        conj=dep == "conj",
        advcl=dep == "advcl",
        relcl=dep == "relcl",
        acl=dep == "acl",
        xcomp=dep == "xcomp",
        parataxis=dep == "parataxis",
        clause=cue.complement is Complement.CLAUSE,
        infinitive=cue.complement is Complement.INFINITIVE,
        object=cue.complement is Complement.OBJECT,
        preposition=cue.complement is Complement.PREPOSITION,
        subject=spoken is not None,
        subject_person=spoken is not None and spoken.ent_type_ == "PERSON",
        subject_body=spoken is not None and spoken.ent_type_ in _BODIES,
        subject_pronoun=spoken is not None and spoken.lower_ in PRONOUN_KINDS,
        subject_speaker=spoken is not None and spoken.lower_ in ("i", "we", "you"),
        subject_thing=spoken is not None and spoken.lower_ in NOT_SPEAKERS,
        subject_common=spoken is not None and spoken.pos_ == "NOUN",
        subject_distance=min(20, cue.index - subject) if subject is not None else 30,
        passive="nsubjpass" in children or "auxpass" in children,
        negated="neg" in children,
        modal=any(child.dep_ == "aux" and child.lower_ in MODALS for child in token.children),
        under_cue=token.head.i in frequent and token.head is not token,
        sentence_words=min(60, last - first + 1),
        place=(cue.index - first) / (last - first + 1),
    )


def content_features(reading: Reading, cue: CueWord, content: Content, frequent: frozenset[int]) -> ContentFeatures:
    """Return the features of a candidate."""
    tokens = reading.tokens
    inner = inner_tokens(reading, content)
    first = tokens[content.first]
    sentence = sentence_of(reading, tokens[cue.index])
    low, high = sorted((cue.index, content.first if content.side == "right" else content.last))
    head = head_of(reading, content)
    behind = tokens[content.last + 1].text if content.last + 1 < len(tokens) else "."
    before = tokens[content.first - 1].text if content.first else "."
    in_marks = sum(reading.inside[token.i] >= 0 for token in inner)
    opens, closes = content.opens, content.closes
    return ContentFeatures(
        right=content.side == "right",
        left=content.side == "left",
        around=content.side == "around",
        antecedent=content.side == "noun",
        opens_clause=opens in ("ccomp", "parataxis"),
        opens_infinitive=opens == "xcomp",
        opens_object=opens in ("dobj", "obj", "attr", "oprd", "nsubjpass"),
        opens_preposition=opens in ("prep", "pcomp", "dative"),
        opens_adverbial=opens == "advcl",
        opens_that=opens == "that",
        opens_colon=opens == "colon",
        opens_next=opens == "next",
        closes_sentence=closes == "sentence",
        closes_cue=closes == "cue",
        closes_clause=closes in ("ccomp", "xcomp", "parataxis"),
        closes_object=closes in ("dobj", "obj", "attr", "oprd"),
        closes_before=closes.startswith("before_"),
        words=min(60, len(inner)),
        share=len(inner) / (sentence[1] - sentence[0] + 1),
        gap=min(30, high - low),
        that=first.lower_ == "that",
        to=first.lower_ == "to",
        of_for=first.lower_ in ("of", "for"),
        as_=first.lower_ == "as",
        other_preposition=first.pos_ == "ADP" and first.lower_ not in ("to", "of", "for", "as"),
        first_gerund=first.tag_ == "VBG",
        first_adverb=first.pos_ in ("ADV", "SCONJ") and first.lower_ != "that",
        finite=any(token.tag_ in _FINITE for token in inner),
        own_subject=any(token.dep_ in _SUBJECTS for token in inner),
        head_is_verb=head.pos_ in ("VERB", "AUX"),
        head_is_noun=head.pos_ in ("NOUN", "PROPN", "PRON"),
        in_marks=in_marks / len(inner),
        has_marks=in_marks > 0,
        has_comma=any(token.text == "," for token in inner),
        comma_behind=behind == ",",
        comma_before=before == ",",
        cues_inside=sum(token.i in frequent for token in inner),
        cues_between=sum(index in frequent for index in range(low + 1, high)),
    )


def inner_tokens(reading: Reading, content: Content) -> list[Token]:
    """Return the tokens of a candidate, without those of its hole."""
    tokens = reading.tokens[content.first : content.last + 1]
    if content.hole is None:
        return tokens
    return [token for token in tokens if not content.hole[0] <= token.i <= content.hole[1]]


def head_of(reading: Reading, content: Content) -> Token:
    """Return the token of a candidate on which its others depend."""
    for token in inner_tokens(reading, content):
        if not content.first <= token.head.i <= content.last or token.head is token:
            return token
    return reading.tokens[content.first]


def model_features(read: CueAnswer, pieces: Sequence[slice]) -> ModelFeatures:
    """Return what the model says about a candidate, given the pieces of each of its spans."""
    size = len(read.first)
    inside = read.inside()
    low, high = max(0, pieces[0].start - read.offset), min(size, pieces[-1].stop - read.offset)
    if low >= high:
        return NOTHING_SAID._replace(reports=_log_odds(read.reports), first=log(LEAST_CHANCE), last=log(LEAST_CHANCE))
    own = sum(float(inside[max(0, p.start - read.offset) : max(0, p.stop - read.offset)].sum()) for p in pieces)
    length = sum(p.stop - p.start for p in pieces)
    first, last = log(read.first[low] + LEAST_CHANCE), log(read.last[high - 1] + LEAST_CHANCE)
    return ModelFeatures(
        reports=_log_odds(read.reports),
        first=first,
        last=last,
        first_lead=first - log(float(read.first.max()) + LEAST_CHANCE),
        last_lead=last - log(float(read.last.max()) + LEAST_CHANCE),
        agreement=own / max(1e-6, length + float(inside.sum()) - own),
        inside=own / max(1, length),
    )


def _log_odds(chance: float) -> float:
    return log((chance + LEAST_CHANCE) / (1 - chance + LEAST_CHANCE))
