"""Read the clause of a date: which verb it says the time of, in what kind of clause, and whether that is yet to come.

"said Lena Fors, who will face the council on Monday": the date is that of "face", in a relative clause, and lies ahead.
"told the radio in an interview on Monday": it is that of "told", by way of "interview". From the parse alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from spacy.language import Language
from spacy.tokens import Token

from quotetrack.core.domain import Span
from quotetrack.extract.dating.expressions import find_phrases
from quotetrack.extract.frames import Reading, read_paragraphs
from quotetrack.extract.sentences import Reporter
from quotetrack.lang import sections
from quotetrack.lang.en import date_words
from quotetrack.lang.en.occasions import KIND


class Clause(StrEnum):
    """The kind of clause in which a date stands, seen from the verb that it modifies."""

    MAIN = "main"
    CONTENT = "content"  # what somebody says or thinks: "said that the pool had closed on Monday"
    RELATIVE = "relative"  # "who was sacked in January"
    PARTICIPLE = "participle"  # "elected in 2019"
    ADVERBIAL = "adverbial"  # "after the river broke its bank on Sunday"
    APPOSITION = "apposition"  # "author of the 2014 report"
    NOUN = "noun"  # no verb at all: a headline


@dataclass(frozen=True, slots=True)
class DateClause:
    """What the grammar says about one date.

    `verbs` are the characters of the verbs whose time it tells: the one that it modifies, and those joined to it by
    "and". `by_way_of` is the noun between the two ("interview"), in lower case. Where that is no occasion and no text,
    the date is that of the noun alone, and `verbs` are empty ("supported the 2011 raid"), unless the verb stands beside
    an event ("said during the 2021 campaign"). `about` is the noun of which a relative clause, participle or apposition
    tells. `is_earlier`: the verb has "had". `is_ahead`: the verb stands in a future form, follows "due", "plans" or the
    like, or is a present that tells a timetable.
    """

    clause: Clause
    verbs: tuple[Span, ...] = ()
    preposition: str = ""
    by_way_of: str = ""
    is_ahead: bool = False
    is_present: bool = False
    is_perfect: bool = False
    is_earlier: bool = False
    is_speech: bool = False
    is_negated: bool = False
    subject: Span | None = None
    about: Span | None = None


NO_CLAUSE = DateClause(Clause.NOUN)
_KINDS_BY_DEPENDENCY = {
    "relcl": Clause.RELATIVE,
    "acl": Clause.PARTICIPLE,
    "advcl": Clause.ADVERBIAL,
    "ccomp": Clause.CONTENT,
    "pcomp": Clause.ADVERBIAL,
    "csubj": Clause.CONTENT,
}


def read_clauses(
    text: str, paragraphs: Sequence[Span], quoted: Sequence[Span], readings: Sequence[Reading], nlp: Language
) -> dict[Span, DateClause]:
    """Return the clause of each date that a text writes outside its quoted parts.

    `readings` are the paragraphs that are parsed already; the sentences of other dates are parsed here.
    """
    dates = find_phrases(text)
    clauses: dict[Span, DateClause] = {}
    for reading in readings:
        clauses |= clauses_of(reading, [date for date in dates if reading.paragraph.overlap(date)])
    reporter = Reporter(text, paragraphs, quoted)
    left = [date for date in dates if not reporter.is_quoted(date.start) and not _is_parsed(date, readings)]
    sentences = sorted({reporter.sentence(date.start) for date in left})
    with nlp.select_pipes(disable=[name for name in ("ner",) if name in nlp.pipe_names]):
        for reading in read_paragraphs(text, [(sentence, ()) for sentence in sentences], nlp):
            clauses |= clauses_of(reading, [date for date in left if reading.paragraph.overlap(date)])
    return clauses


def _is_parsed(date: Span, readings: Sequence[Reading]) -> bool:
    return any(reading.paragraph.overlap(date) for reading in readings)


def clauses_of(reading: Reading, dates: Sequence[Span]) -> Mapping[Span, DateClause]:
    """Return the clause of each date that stands in a parsed paragraph, outside its quoted parts."""
    if not dates:
        return {}
    written = [token for token in reading.tokens if reading.inside[token.i] < 0]
    places = [reading.place(token) for token in written]
    starts, ends = [place.start for place in places], [place.end for place in places]
    found = {}
    for date in dates:
        first = bisect_right(ends, date.start)
        behind = bisect_left(starts, date.end)
        if first < behind:
            found[date] = _clause_of(reading, written[first:behind])
    return found


def _clause_of(reading: Reading, tokens: Sequence[Token]) -> DateClause:
    inside = {token.i for token in tokens}
    token = next((token for token in tokens if token.head.i not in inside or token.head.i == token.i), tokens[0])
    preposition = last_preposition = ""
    nouns: list[str] = []
    is_paper = False
    while token.pos_ not in ("VERB", "AUX") or _tells_of_occasion(token):
        if token.head.i == token.i:
            return DateClause(Clause.NOUN, preposition=preposition, by_way_of=nouns[0] if nouns else "")
        if token.dep_ == "appos" and token.i not in inside:
            return DateClause(Clause.APPOSITION, preposition=preposition, about=reading.place(token.head))
        is_paper |= token.pos_ == "VERB" and _is_paper(token)
        token = token.head
        if token.i in inside:
            continue
        if token.pos_ in ("ADP", "SCONJ"):
            preposition, last_preposition = preposition or token.lower_, token.lower_
        elif token.pos_ in ("NOUN", "PROPN", "NUM") and token.lower_ not in date_words.TIMES:
            nouns.append(token.lower_)
    verb = _main_verb(token)
    is_event = len(nouns) == 1 and last_preposition in date_words.AT_EVENT
    is_direct = not nouns or _is_occasion(nouns[0]) or is_event or is_paper
    spoken = [verb, *_joined(verb), *_said_then(verb)]
    clause, about = _kind_of(verb)
    return DateClause(
        clause=clause,
        verbs=tuple(reading.place(other) for other in spoken) if is_direct else (),
        preposition=preposition,
        by_way_of=nouns[0] if nouns else "",
        is_ahead=is_direct and _is_ahead(verb),
        is_present=_is_present(verb),
        is_perfect=any(child.dep_ == "aux" and child.lemma_ == "have" for child in verb.children),
        is_earlier=any(child.dep_ == "aux" and child.lower_ in ("had", "’d", "'d") for child in verb.children),
        is_speech=any(_is_speech(other) for other in spoken),
        is_negated=any(child.dep_ == "neg" for child in verb.children),
        subject=_subject(reading, verb),
        about=reading.place(about) if about is not None else None,
    )


def _is_occasion(noun: str) -> bool:
    """Return whether words may be said at or in what a noun means: an interview, a letter."""
    return bool(KIND.fullmatch(noun)) or noun in date_words.STATEMENTS or noun in sections("reporting.txt")["document"]


def _tells_of_occasion(verb: Token) -> bool:
    """Return whether a participle only describes an occasion or a text: "a statement released on Monday"."""
    return verb.dep_ == "acl" and (_is_occasion(verb.head.lower_) or _is_paper(verb))


def _is_paper(verb: Token) -> bool:
    """Return whether a participle tells of a paper in which something is said: "in a warning issued on Sunday"."""
    noun = verb.head
    is_medium = noun.dep_ == "pobj" and noun.head.lower_ in date_words.IN_PAPER
    return is_medium and verb.lemma_.lower() in date_words.COMES_OUT_AS_PAPER


def _main_verb(verb: Token) -> Token:
    """Return the verb to which a participle belongs: "Speaking on Monday, she said", "Asked on Monday, she said"."""
    lemma = verb.lemma_.lower()
    is_of_speech = (verb.tag_ == "VBG" and lemma in date_words.SPEAKS) or (
        verb.tag_ in ("VBN", "VBD") and lemma == date_words.ASK
    )
    return verb.head if verb.dep_ == "advcl" and is_of_speech and not _has_marker(verb) else verb


def _joined(verb: Token) -> Iterator[Token]:
    """Yield the verbs that follow a verb by "and", of which its time holds too."""
    for child in verb.children:
        if child.dep_ == "conj" and child.pos_ in ("VERB", "AUX") and child.i > verb.i:
            yield child
            yield from _joined(child)


def _said_then(verb: Token) -> Iterator[Token]:
    """Yield the verb beside which something else happens at its time: "said when she took office in 2021"."""
    is_then = any(
        child.lower_ in ("when", "as", "while") and child.dep_ in ("mark", "advmod") for child in verb.children
    )
    if verb.dep_ == "advcl" and is_then:
        yield verb.head


def _kind_of(verb: Token) -> tuple[Clause, Token | None]:
    """Return the kind of clause of a verb, and the noun of which a relative clause or participle tells."""
    token = verb
    while token.dep_ in ("conj", "xcomp", "aux", "auxpass") and token.head.i != token.i:
        token = token.head
    kind = _KINDS_BY_DEPENDENCY.get(token.dep_, Clause.MAIN)
    return kind, token.head if kind in (Clause.RELATIVE, Clause.PARTICIPLE) else None


def _is_ahead(verb: Token) -> bool:
    """Return whether a verb tells what is to come: also the present of a timetable, "the council meets on Monday"."""
    if _is_present(verb):
        return not _is_speech(verb)
    helpers = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    if any(child.tag_ == "MD" and child.lower_ in date_words.WILL for child in helpers):
        return True
    if any(child.lower_ == "to" for child in helpers) and verb.head.lemma_.lower() in date_words.PLANS:
        return True
    return verb.lemma_.lower() in date_words.PLANNED and verb.tag_ in ("VBN", "JJ")


def _is_present(verb: Token) -> bool:
    return verb.tag_ in ("VBP", "VBZ") and not any(child.dep_ in ("aux", "auxpass") for child in verb.children)


def _is_speech(verb: Token) -> bool:
    return verb.lemma_.lower() in sections("reporting.txt")["speech"] or verb.lemma_.lower() in date_words.SPEAKS


def _has_marker(verb: Token) -> bool:
    return any(child.dep_ == "mark" or child.lower_ in ("after", "before", "since") for child in verb.children)


def _subject_token(verb: Token) -> Token | None:
    return next((child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")), None)


def _subject(reading: Reading, verb: Token) -> Span | None:
    """Return the characters of the subject of a verb, or of the verb to which it is joined."""
    while True:
        subject = _subject_token(verb)
        if subject is not None:
            return reading.place(subject.doc[subject.left_edge.i : subject.right_edge.i + 1])
        if verb.dep_ != "conj" or verb.head.i == verb.i:
            return None
        verb = verb.head
