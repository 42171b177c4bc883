"""Find cues, subjects, mentions and clauses in a parsed paragraph.

Indices are those of the reading's tokens. "Outside" means outside the quotation marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Span as Tokens
from spacy.tokens import Token

from quotetrack.core.domain import Span
from quotetrack.extract.frames import Reading
from quotetrack.lang import sections
from quotetrack.lang.en.words import (
    ATTACHING_PREPOSITIONS,
    BACK,
    GESTURES,
    LOOSE_PREPOSITIONS,
    NOT_SPEAKERS,
    PERSONAL_PRONOUNS,
    RETORTS,
    WITH,
)

# Tokens of a phrase that a preposition ties to its noun, at most.
LONGEST_ATTACHED = 8
# Tokens from a verb to its subject behind it ("said Ann Lee").
FARTHEST_SUBJECT_BEHIND = 3
# Tokens from "came back" to "with", at most.
FARTHEST_WITH = 12
# Tokens in which the object of "according to" is looked for.
FARTHEST_OBJECT = 12

_SUBJECTS = {"nsubj", "nsubjpass", "csubj"}
_AFTER_VERB = {"dobj", "attr", "oprd", "npadvmod", "dep", "appos"}
_BORROWS_SUBJECT = {"conj", "xcomp", "advcl", "dep"}
_VERBS = ("VERB", "AUX")
_MAY_REPORT = ("VERB", "AUX", "NOUN", "PROPN", "ADJ", "ADP")  # the parser often takes a verb for another word
_NOT_A_VERB = ("compound", "nsubj", "pobj", "dobj")
_SAID = ("VBD", "VBZ")
_PERFECT = ("had", "has")
_NAMING = ("NOUN", "PROPN", "PRON")
_CLAUSE_ENDS = {".", "!", "?", ";"}


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting word of the frame and its subject."""

    verb: int
    subject: int
    strength: Literal["speech", "stance"]


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """The mention of a speaker, the noun in it that names the speaker, and the cue."""

    mention: Span
    head: Span
    cue: Span | None = None


# --- cues and subjects ---------------------------------------------------------------------------------------


def find_cues(reading: Reading) -> list[Cue]:
    """Return the reporting words outside the marks that have a subject, in order."""
    verbs = sections("reporting.txt")
    cues = []
    for token in reading.tokens:
        if reading.inside[token.i] >= 0 or token.pos_ not in _MAY_REPORT:
            continue
        lemma = token.lemma_.lower()
        is_speech = lemma in verbs["speech"] or _is_retort(reading, token)
        if not is_speech and lemma not in verbs["stance"]:
            continue
        if token.pos_ not in _VERBS and token.dep_ in _NOT_A_VERB:
            continue
        subject = subject_of(reading, token)
        if subject is None or reading.tokens[subject].lower_ in NOT_SPEAKERS:
            continue
        if not _is_gesture(reading, token, subject):
            cues.append(Cue(token.i, subject, "speech" if is_speech else "stance"))
    return cues


def _is_retort(reading: Reading, verb: Token) -> bool:
    """Return whether a verb with "back" leads up to the marks by "with": "Lee came back a day later with “...”"."""
    if verb.lemma_.lower() not in RETORTS or reading.tokens[min(verb.i + 1, len(reading.tokens) - 1)].lower_ != BACK:
        return False
    for token in reading.tokens[verb.i + 2 : verb.i + FARTHEST_WITH]:
        if reading.inside[token.i] >= 0 or token.text in _CLAUSE_ENDS:
            return False
        if token.lower_ == WITH and token.i + 1 < len(reading.tokens) and reading.inside[token.i + 1] >= 0:
            return True
    return False


def _is_gesture(reading: Reading, verb: Token, subject: int) -> bool:
    """Return whether a sentence behind words with a full stop tells what somebody did, not said: "Yes." Lee laughed."""
    if verb.lemma_.lower() not in GESTURES or subject > verb.i:
        return False
    start = leftmost(reading, subject)
    before = reading.inside[start - 1] if start else -1
    is_new = before >= 0 and reading.parts[before].span.of(reading.text).rstrip().endswith(".")
    behind = reading.tokens[verb.i + 1].text if verb.i + 1 < len(reading.tokens) else "."
    return is_new and reading.tokens[start].text[:1].isupper() and behind == "."


def subject_of(reading: Reading, verb: Token) -> int | None:
    """Return the subject of a verb outside the marks: its own, the noun behind it, or that of its head."""
    own = [t for t in verb.children if t.dep_ in _SUBJECTS and reading.inside[t.i] < 0]
    if own:
        before = [t for t in own if t.i < verb.i]
        is_hers = bool(before) and all(t in before or _opens_words(reading, t) for t in own)
        return min(before if is_hers else own, key=lambda t: abs(t.i - verb.i)).i
    behind = _noun_behind(reading, verb)
    if behind is not None:
        return behind
    has_perfect = verb.i > 0 and reading.tokens[verb.i - 1].lower_ in _PERFECT
    between = verb.i - 2 if has_perfect else verb.i - 1
    if is_surname_between(reading, between):
        return between
    if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in ("NOUN", "PROPN", "PRON"):
        return _described_noun(reading, verb.head)
    if verb.dep_ in _BORROWS_SUBJECT and verb.head is not verb and verb.head.pos_ in _VERBS:
        return subject_of(reading, verb.head) if reading.inside[verb.head.i] < 0 else None
    return None


def _opens_words(reading: Reading, token: Token) -> bool:
    """Return whether a pronoun stands directly before the marks: "Lee said she “...”" tells what she did."""
    is_before = token.i + 1 < len(reading.tokens) and reading.inside[token.i + 1] >= 0
    return token.pos_ == "PRON" and is_before


def _noun_behind(reading: Reading, verb: Token) -> int | None:
    """Return the noun just behind a verb that opens its clause: "said Ann Lee"."""
    if not (verb.i == 0 or reading.inside[verb.i - 1] >= 0 or reading.tokens[verb.i - 1].is_punct):
        return None
    for token in verb.children:
        is_near = 0 < token.i - verb.i <= FARTHEST_SUBJECT_BEHIND
        if token.dep_ in _AFTER_VERB and is_near and _can_speak(reading, token):
            return token.i
    return None


def is_surname_between(reading: Reading, index: int) -> bool:
    """Return whether a common word with a capital stands between marks and a verb of speech: ",” Or said"."""
    if not 0 < index < len(reading.tokens) - 1:
        return False
    token, before, verb = reading.tokens[index], reading.tokens[index - 1], reading.tokens[index + 1]
    is_said = verb.tag_ in _SAID
    if verb.lower_ in _PERFECT and index + 2 < len(reading.tokens):  # "Or had said"
        verb, is_said = reading.tokens[index + 2], True
    is_between = reading.inside[index - 1] >= 0 and before.is_punct and reading.inside[index] < 0
    is_speech = is_said and verb.lemma_.lower() in sections("reporting.txt")["speech"]
    return is_between and is_speech and token.is_title and token.pos_ not in _NAMING and token.tag_ != "WRB"


def _described_noun(reading: Reading, noun: Token) -> int | None:
    """Return the noun that a participle describes; of an issued paper ("put out a statement saying"), its issuer."""
    is_document = noun.lemma_.lower() in sections("reporting.txt")["document"]
    if noun.dep_ == "dobj" and is_document and noun.head.pos_ == "VERB":
        issuer = subject_of(reading, noun.head)
        if issuer is not None:
            return issuer
    return noun.i if reading.inside[noun.i] < 0 else None


def _can_speak(reading: Reading, token: Token) -> bool:
    return reading.inside[token.i] < 0 and token.pos_ in ("PROPN", "NOUN", "PRON") and token.ent_type_ != "DATE"


def _is_speaking_subject(reading: Reading, token: Token) -> bool:
    return token.dep_ in _SUBJECTS and _can_speak(reading, token) and token.lower_ not in NOT_SPEAKERS


def last_subject_before(reading: Reading, end: int) -> RuleMatch | None:
    """Return the last subject before a token that can speak: a person rather than a thing."""
    best: Token | None = None
    for token in reading.tokens[:end]:
        if _is_speaking_subject(reading, token) and (best is None or _is_personal(token) or not _is_personal(best)):
            best = token
    return mention_of(reading, best.i) if best is not None else None


def _is_personal(token: Token) -> bool:
    return token.ent_type_ == "PERSON" or token.lower_ in PERSONAL_PRONOUNS


def paragraph_subject(reading: Reading) -> RuleMatch | None:
    """Return the subject of the last sentence; without one, the last subject of the paragraph."""
    ends = [i for i, t in enumerate(reading.tokens) if t.text in _CLAUSE_ENDS and reading.inside[i] < 0]
    last = next((end for end in reversed(ends) if end < len(reading.tokens) - 2), -1)
    for token in reading.tokens[last + 1 :]:
        if _is_speaking_subject(reading, token):
            return mention_of(reading, token.i)
    return last_subject_before(reading, len(reading.tokens))


def object_after(reading: Reading, start: int) -> int | None:
    """Return the noun of the phrase that begins at a token; None where marks come first."""
    for token in reading.tokens[start : start + FARTHEST_OBJECT]:
        if reading.inside[token.i] >= 0:
            return None
        if token.dep_ in ("pobj", "dobj", "nsubj") or (token.pos_ in ("PROPN", "PRON") and token.dep_ != "compound"):
            return int(token.i)
    return None


# --- mentions ------------------------------------------------------------------------------------------------


def mention_of(reading: Reading, index: int, cue: Span | None = None) -> RuleMatch:
    """Return the mention around a noun.

    A relative pronoun is mentioned with the noun to which it points back, an office with the name beside it
    ("the harbour master, Ann Lee,"): the head is then the noun, or the name.
    """
    token = reading.tokens[index]
    phrase = _noun_phrase(reading, index)
    clause = token.head
    if token.tag_ in ("WP", "WDT") and clause.dep_ in ("relcl", "acl") and reading.inside[clause.head.i] < 0:
        antecedent = _noun_phrase(reading, clause.head.i)
        if 0 <= phrase.start - antecedent.end <= 1:
            phrase = reading.doc[antecedent.start : phrase.end]
        return RuleMatch(reading.place(phrase), reading.place(clause.head), cue)
    name = _name_beside(reading, token)
    is_person = name is not None and name.ent_type_ == "PERSON" and token.ent_type_ != "PERSON"
    if name is not None and (token.pos_ == "NOUN" or is_person):
        phrase = reading.doc[phrase.start : max(phrase.end, name.i + 1)]
        token = name
    return RuleMatch(reading.place(phrase), reading.place(token), cue)


def _name_beside(reading: Reading, token: Token) -> Token | None:
    """Return the name that stands as an apposition to a noun, with no marks between."""
    for child in token.children:
        if child.dep_ == "appos" and child.pos_ == "PROPN" and _is_outside(reading, token.i, child.i):
            return child
    return None


def _noun_phrase(reading: Reading, index: int) -> Tokens:
    """Return the words of a mention: the noun with the words before it and its "of" and "for", without asides."""
    tokens, noun = reading.tokens, reading.tokens[index]
    left = index
    for token in noun.subtree:
        if token.i < left and _is_outside(reading, token.i, index - 1):
            left = token.i
    while left < index and (tokens[left].is_punct or tokens[left].is_space or tokens[left].pos_ in ("CCONJ", "ADV")):
        left += 1
    right = index
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in ATTACHING_PREPOSITIONS and child.i == right + 1:
            last = max(token.i for token in child.subtree)
            if last - child.i <= LONGEST_ATTACHED and _is_outside(reading, child.i, last):
                right = last
    if right == index:
        right = _end_of_loose_phrase(reading, index)
    return reading.doc[left : right + 1]


def _end_of_loose_phrase(reading: Reading, index: int) -> int:
    """Return the end of the "of" or "for" behind a noun that the parser ties to the verb; else the noun itself.

    For example: "a spokesman for the Skippers said".
    """
    if index + 2 >= len(reading.tokens) or reading.tokens[index + 1].lower_ not in LOOSE_PREPOSITIONS:
        return index
    last: int = max(token.i for token in reading.tokens[index + 1].subtree)
    is_phrase = last - index <= LONGEST_ATTACHED and _is_outside(reading, index, last)
    return last if is_phrase else index


def _is_outside(reading: Reading, first: int, last: int) -> bool:
    """Return whether all tokens from `first` to `last` stand outside the marks."""
    return all(inside < 0 for inside in reading.inside[first : last + 1])


def leftmost(reading: Reading, index: int) -> int:
    """Return the first token outside the marks that depends on a noun, or the noun itself."""
    return min((t.i for t in reading.tokens[index].subtree if reading.inside[t.i] < 0), default=index)


# --- clauses -------------------------------------------------------------------------------------------------


def clause_start(reading: Reading, part: int) -> int:
    """Return the first token of the reporter's sentence in which a part stands; whole quotations end it."""
    for index in range(reading.first_token(part), 0, -1):
        inner = reading.inside[index - 1]
        if inner < 0 and reading.tokens[index - 1].text in _CLAUSE_ENDS:
            return index
        if inner >= 0 and not reading.parts[inner].is_fragment and _ends_in_stop(reading, inner):
            return index
    return 0


def _ends_in_stop(reading: Reading, part: int) -> bool:
    return reading.parts[part].span.of(reading.text).rstrip()[-1:] in ".?!"


def clause_end(reading: Reading, start: int) -> int:
    """Return the first token from `start` that ends the reporter's sentence, or the next quoted part."""
    for index in range(start, len(reading.tokens)):
        if reading.inside[index] >= 0 or reading.tokens[index].text in _CLAUSE_ENDS:
            return index
    return len(reading.tokens)


def sentence_end(reading: Reading, start: int) -> int:
    """Return the first token from `start` that ends the reporter's sentence, over quoted parts."""
    for index in range(start, len(reading.tokens)):
        if reading.inside[index] < 0 and reading.tokens[index].text in _CLAUSE_ENDS:
            return index
    return len(reading.tokens)
