"""Find the mentions that may say who makes a reported statement, and describe them for the fitted choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from spacy.tokens import Token

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.syntax import mention_of, subject_of
from quotetrack.extract.frames import Reading
from quotetrack.extract.reporting.contents import Content, sentence_of
from quotetrack.extract.reporting.cues import CueKind, CueWord
from quotetrack.extract.reporting.features import LEAST_CHANCE
from quotetrack.extract.windows import Pieces
from quotetrack.lang.en.words import NOT_SPEAKERS, PRONOUN_KINDS
from quotetrack.models.statement_answer import CueAnswer

MOST_SOURCES = 16  # nouns of a sentence that are weighed, those nearest to the cue

_HEADS = ("NOUN", "PROPN", "PRON")
_NEVER = frozenset({"compound", "amod", "nummod", "npadvmod", "det", "punct", "predet"})
_BELONGING = frozenset({"of", "by", "from"})


class SourceFeatures(NamedTuple):
    """How a mention stands to the cue, and what kind of word it is."""

    subject: float  # of the cue, or borrowed from the verb above it
    own_subject: float
    agent: float  # "by X"
    possessor: float
    of_noun: float  # "the claim of X", "a statement from X"
    after_according: float
    governing_subject: float  # of the verb that governs a noun: "X made the claim"
    any_subject: float
    object: float
    before: float
    distance: float
    commas: float
    in_content: float
    person: float
    body: float
    proper: float
    pronoun: float
    thing: float
    relative: float
    common: float
    plural: float
    verb_cue: float
    noun_cue: float
    according_cue: float
    passive: float
    gerund: float
    read: float  # log-chance by the reading model
    read_lead: float  # behind the likeliest of the candidates


@dataclass(frozen=True, slots=True)
class Source:
    """A mention that may say who makes a statement; `head` is the noun in it."""

    mention: Span
    head: Span
    features: SourceFeatures


def sources_of(reading: Reading, cue: CueWord, content: Content, answer: CueAnswer, pieces: Pieces) -> list[Source]:
    """Return the mentions that may say who makes the statement; `answer` is that of the reading model."""
    verb = reading.tokens[cue.index]
    subject = subject_of(reading, verb) if cue.kind is CueKind.VERB else None
    found = [(token, mention_of(reading, token.i)) for token in _nouns(reading, verb)]
    read = [_read(answer, pieces, match.mention) for _, match in found]
    best = max(read, default=0.0)
    return [
        Source(match.mention, match.head, _features(reading, cue, content, token, subject, chance, best))
        for (token, match), chance in zip(found, read, strict=True)
    ]


def _nouns(reading: Reading, cue: Token) -> Iterator[Token]:
    first, last = sentence_of(reading, cue)
    nouns = [
        token
        for token in reading.tokens[first : last + 1]
        if token.pos_ in _HEADS and token.dep_ not in _NEVER and token.i != cue.i and reading.inside[token.i] < 0
    ]
    nouns.sort(key=lambda token: abs(token.i - cue.i))
    yield from nouns[:MOST_SOURCES]


def _read(answer: CueAnswer, pieces: Pieces, mention: Span) -> float:
    own = pieces.inside(mention)
    low, high = max(0, own.start - answer.offset), max(0, own.stop - answer.offset)
    return log(float(answer.source[low:high].sum()) + LEAST_CHANCE)


def _features(
    reading: Reading,
    cue: CueWord,
    content: Content,
    noun: Token,
    subject: int | None,
    chance: float,
    best: float,
) -> SourceFeatures:
    verb = reading.tokens[cue.index]
    low, high = sorted((noun.i, cue.index))
    above = noun.head
    is_cue_noun = cue.kind is CueKind.NOUN
    governor = verb.head if is_cue_noun and verb.dep_ != "ROOT" else None
    is_in_hole = content.hole is not None and content.hole[0] <= noun.i <= content.hole[1]
    return SourceFeatures(
        subject=noun.i == subject,
        own_subject=noun.dep_ in ("nsubj", "nsubjpass") and above.i == cue.index,
        agent=above.lower_ == "by" and above.head.i == cue.index,
        possessor=noun.dep_ == "poss" and above.i == cue.index,
        of_noun=above.lower_ in _BELONGING and above.head.i == cue.index and is_cue_noun,
        after_according=cue.kind is CueKind.ACCORDING and above.lower_ == "to" and above.head.i == cue.index,
        governing_subject=governor is not None and noun.dep_ == "nsubj" and above.i == governor.i,
        any_subject=noun.dep_ in ("nsubj", "nsubjpass"),
        object=noun.dep_ in ("dobj", "obj", "pobj"),
        before=noun.i < cue.index,
        distance=min(30, high - low),
        commas=sum(token.text == "," for token in reading.tokens[low + 1 : high]),
        in_content=content.first <= noun.i <= content.last and not is_in_hole,
        person=noun.ent_type_ == "PERSON",
        body=noun.ent_type_ in ("ORG", "GPE", "NORP"),
        proper=noun.pos_ == "PROPN",
        pronoun=noun.lower_ in PRONOUN_KINDS,
        thing=noun.lower_ in NOT_SPEAKERS,
        relative=noun.tag_ in ("WP", "WDT"),
        common=noun.pos_ == "NOUN",
        plural=noun.tag_ in ("NNS", "NNPS"),
        verb_cue=cue.kind is CueKind.VERB,
        noun_cue=is_cue_noun,
        according_cue=cue.kind is CueKind.ACCORDING,
        passive=any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children),
        gerund=verb.tag_ == "VBG",
        read=chance,
        read_lead=chance - best,
    )
