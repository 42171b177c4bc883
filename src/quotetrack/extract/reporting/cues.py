"""Find the words of a parsed paragraph that may report speech, and describe them.

Any verb outside the marks may report; of nouns only those that `lang/en/reported.txt` lists. How often a word reports
is fitted (`models/weights/reported.json`) and looked up here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from spacy.tokens import Token

from quotetrack.extract.frames import Reading
from quotetrack.lang import sections
from quotetrack.lang.en.words import ACCORDING_TO

# Share of a word's places at which it reports, from which on the places are looked at.
LEAST_RATE = 0.01
# The rate of a word that was never seen in the fit, by kind.
UNSEEN_RATE = 0.05
# Places of a word whose prior counts as much as what was seen.
PRIOR_PLACES = 4

_AUXILIARIES = ("aux", "auxpass")
_CLAUSES = ("ccomp", "parataxis")
_OBJECTS = ("dobj", "obj", "attr", "oprd", "dative")


class CueKind(StrEnum):
    """How a word reports: "X said", "X's claim that", "according to X"."""

    VERB = "verb"
    NOUN = "noun"
    ACCORDING = "according"


class Complement(StrEnum):
    """The kind of phrase that follows a cue: what a verb reports depends on it ("called him", "called for")."""

    CLAUSE = "clause"
    INFINITIVE = "infinitive"
    OBJECT = "object"
    PREPOSITION = "preposition"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CueWord:
    """A word that may report: its token, its lemma, and the share of such words that report."""

    index: int
    lemma: str
    kind: CueKind
    complement: Complement
    rate: float  # of the lemma
    complement_rate: float  # of the lemma with this kind of complement


Rates = Mapping[str, tuple[int, int]]  # "lemma" or "lemma complement" -> places at which it reports, all places


def cue_words(reading: Reading, rates: Rates | None = None) -> list[CueWord]:
    """Return the words outside the marks that may report, in order. `rates` are those of the shipped fit by default."""
    known = load_rates() if rates is None else rates
    words = []
    for token in reading.tokens:
        if reading.inside[token.i] >= 0 or (kind := _kind_of(reading, token)) is None:
            continue
        lemma, complement = lemma_of(token), complement_of(token)
        rate = rate_of(lemma, known, UNSEEN_RATE)
        if rate >= LEAST_RATE:
            narrow = rate_of(f"{lemma} {complement}", known, rate)
            words.append(CueWord(token.i, lemma, kind, complement, rate, narrow))
    return words


def lemma_of(token: Token) -> str:
    """Return the key under which the rate of a word is kept: its lemma and whether it is a noun."""
    lemma = token.lemma_.lower()
    return f"{lemma}/n" if token.pos_ in ("NOUN", "PROPN") else lemma


def rate_of(key: str, rates: Rates, prior: float) -> float:
    """Return the share of places at which a word reports, drawn towards a prior where it was seldom seen."""
    reporting, places = rates.get(key, (0, 0))
    return (reporting + PRIOR_PLACES * prior) / (places + PRIOR_PLACES)


def is_attitude(cue: CueWord) -> bool:
    """Return whether a cue tells what somebody thinks or wants, not what was said."""
    return cue.lemma.split("/")[0] in sections("reported.txt")["attitude"]


def complement_of(token: Token) -> Complement:
    """Return the kind of phrase that a word governs: a clause before an infinitive, that before an object."""
    children = {child.dep_: child for child in token.children}
    if any(dep in children for dep in _CLAUSES) or "acl" in children:
        return Complement.CLAUSE
    if "xcomp" in children:
        return Complement.INFINITIVE
    if any(dep in children for dep in _OBJECTS):
        return Complement.OBJECT
    return Complement.PREPOSITION if "prep" in children else Complement.NONE


def _kind_of(reading: Reading, token: Token) -> CueKind | None:
    if token.lower_ == ACCORDING_TO[0]:
        behind = reading.tokens[token.i + 1].lower_ if token.i + 1 < len(reading.tokens) else ""
        return CueKind.ACCORDING if behind == ACCORDING_TO[1] else None
    if token.pos_ == "VERB" or (token.pos_ == "AUX" and token.dep_ not in _AUXILIARIES):
        return CueKind.VERB
    if token.pos_ == "NOUN" and token.lemma_.lower() in sections("reported.txt")["noun"]:
        return CueKind.NOUN
    return None


@cache
def load_rates() -> Rates:
    """Return how often each word reports, by its lemma alone and with each kind of complement."""
    stored = json.loads(files("quotetrack.models").joinpath("weights", "reported_words.json").read_text("utf-8"))
    return {key: (reporting, places) for key, (reporting, places) in stored["rates"].items()}
