"""Find who is quoted within what somebody else says: Dahl in "Lee quoted Dahl as saying: ...".

So also in "Lee accused Dahl of calling it ...", "Lee dismissed Dahl’s remark that ...", "Lee said Dahl had texted:
...", "what Dahl called ...", "described by Dahl as ...", "was called “...” by Dahl", "met Dahl, who said that ...",
"Lee quotes Dahl: ...", "Lee recalled Dahl telling him ...", "Lee recalled how Dahl used to warn them that ...", "was
told by Dahl that ...", "signed a paper that said ...", "a call in which Dahl is heard to say: ...", "asked by Dahl",
"Dahl ended the report with the words ...", "read from Dahl’s diary: ...", "Lee said it was late; Dahl, that it was ..."
and "to Lee it is ..., to Dahl ...".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spacy.tokens import Token

from quotetrack.extract.attribution.syntax import Cue
from quotetrack.extract.entities.name_forms import gender_of, words_of
from quotetrack.extract.entities.nouns import noun_of_person
from quotetrack.extract.frames import Reading
from quotetrack.lang import sections
from quotetrack.lang.en.pronouns import HE, HE_OR_SHE, OWNERS
from quotetrack.lang.en.words import (
    ASKING_VERBS,
    BEFORE_CALLED,
    DEFINITE_DETERMINERS,
    ENDING_VERBS,
    FROM,
    GERUND,
    HEARD_OF,
    HEARD_PRONOUNS,
    HEARING_VERBS,
    IN_PAPER,
    ISSUING_VERBS,
    MESSAGES,
    NOT_OF_WORDS,
    NOT_SPEAKERS,
    OUT_OF,
    PRONOUN_KINDS,
    QUOTING_VERBS,
    READING_VERBS,
    READING_WORDS,
    RETELLING_VERBS,
    SENDING_VERBS,
    STATEMENT,
    TELLING_VERBS,
    VIEWS,
    WITH_THE_WORDS,
)

# Tokens behind the object of a verb within which "as saying" or "for calling" begins.
FARTHEST_SAYING = 14
# Tokens from the inner verb to the words, at most, and to a colon before the words; from its subject to the verb.
FARTHEST_WORDS, FARTHEST_COLON, FARTHEST_SUBJECT = 6, 14, 8
# Tokens from "what Dahl called" or "which Dahl called" to the words, at most.
FARTHEST_CALLED = 2
# Tokens from "remark" or "claim" to the words that it introduces.
FARTHEST_REMARK = 20

_LEADING = {"as", "for", "of"}
_OBJECTS = {"dobj", "nsubj", "pobj", "dative", "appos", "oprd", "ccomp"}
_SUBJECTS = {"nsubj", "nsubjpass"}
_FINITE = {"VBD", "VBZ", "VBP", "MD"}
_RELATIVE_PLACES = {"in", "where", "when", "on"}
_TIMES = {"DATE", "TIME"}
_PLACES = {"GPE", "LOC", "FAC"}
_BELONGING = {"by", "from", "of"}

Found = tuple[int, int]  # the noun that names the inner speaker, and the word by which it is said to speak


def embedded_source(reading: Reading, part: int, cues: Sequence[Cue], clause: range) -> Found | None:
    """Return the inner speaker of a part and the word for the speech, as tokens; None where nobody is quoted so.

    `clause` are the tokens of the reporter's sentence around the part.
    """
    start = reading.first_token(part)
    for index in clause:
        token = reading.tokens[index]
        if reading.inside[index] >= 0:
            continue
        for found in (
            _as_saying(reading, token, start),
            _remark(reading, token, part, cues),
            _agent(reading, token, start),
            _agent_behind(reading, token, part),
            _quoted(reading, token, start),
            _heard_saying(reading, token, part),
            _retold(reading, token, start),
            _asker(reading, token, part),
            _heard(reading, token, start),
            _sender(reading, token, start),
            _with_the_words(reading, token, start),
            _paper_that(reading, token, start),
            _read_out(reading, token, start),
        ):
            if found is not None:
                return token.i, found
    return (
        _gapped(reading, cues, clause, start)
        or _second_view(reading, part)
        or _told_by_another(reading, cues, clause, start)
        or _inner_cue(reading, part, cues, clause)
    )


def embeds_source(reading: Reading, cue: Cue) -> bool:
    """Return whether a reporting verb tells what its object said."""
    verb = reading.tokens[cue.verb]
    return _is_embedding(verb) and _saying_behind(reading, cue.verb) is not None


def cue_depth(reading: Reading, cue: Cue, cues: Sequence[Cue]) -> tuple[int, int]:
    """Return how many other cues with another subject govern a cue, and how many it governs."""
    verb = reading.tokens[cue.verb]
    above = {token.i for token in verb.ancestors}
    others = [other for other in cues if other.verb != cue.verb and other.subject != cue.subject]
    left, right = verb.left_edge.i, verb.right_edge.i  # what the verb governs stands between its edges
    inside = sum(
        verb.is_ancestor(reading.tokens[other.verb])
        for other in others
        if left <= other.verb <= right and other.verb not in above
    )
    return sum(other.verb in above for other in others), inside


def _as_saying(reading: Reading, token: Token, start: int) -> int | None:
    """Return "saying" of "quoted X as saying", where X is the token; the words may stand before the whole."""
    verb = token.head.head if token.dep_ == "appos" else token.head
    if token.dep_ not in _OBJECTS or verb.i >= token.i or not _is_embedding(verb):
        return None
    saying = _saying_behind(reading, token.i)
    if saying is None or (saying > start and verb.lemma_.lower() not in sections("reporting.txt")["citing"]):
        return None
    return saying


def _remark(reading: Reading, token: Token, part: int, cues: Sequence[Cue]) -> int | None:
    """Return "remark" of "X’s remark that", "the remark by X that" or "X’s “...” remark", where X is the token.

    So also in "a letter by X which said: ..." and "a message sent by X: ...". The words are another’s where a cue
    stands between that is no part of the remark: "Asked about X’s remark that it was late, Lee said: “No.”".
    """
    nouns = _nouns_of_speech()
    start, after = reading.first_token(part), reading.after_token(part)
    if token.dep_ == "poss":
        noun = token.head
        if token.lower_ in DEFINITE_DETERMINERS and token.pos_ == "PRON":
            return None
        if token.tag_ == "WP$":  # "the victim, whose statement was read, wrote": it only tells about the victim
            return None
        if token.i < start and noun.i == after and noun.lemma_.lower() in nouns:
            return int(noun.i)
    elif token.dep_ == "pobj" and token.head.lower_ in _BELONGING:
        noun = token.head.head
        if noun.tag_ == "VBN" and noun.lemma_.lower() in SENDING_VERBS:  # "a message sent by X", "was sent it by X"
            sent = [noun.head] if noun.dep_ == "acl" else noun.children
            noun = next((paper for paper in sent if _is_paper(paper)), noun)
        if token.head.lower_ == "from" and token.ent_type_ != "PERSON":
            return None  # "wrote in a letter from Paris"
        if noun.pos_ == "VERB" and token.head.i and reading.tokens[token.head.i - 1].lemma_.lower() in nouns:
            noun = reading.tokens[token.head.i - 1]  # parsed as "knocked by X" in "knocked a statement by X that ..."
        if token.head.lower_ in ("by", "from") and reading.tokens[start - 1].text == ":":
            nouns |= sections("reporting.txt")["document"]
    else:
        return None
    last = max(noun.i, token.i)
    while last + 1 < start and reading.tokens[last + 1].pos_ == "PROPN":  # "by the actor Ann Lee"
        last += 1
    is_introduced = last < start <= last + FARTHEST_REMARK and _introduces(reading, last + 1, start)
    if not is_introduced or noun.lemma_.lower() not in nouns or noun.dep_ == "nsubj":
        return None
    others = [c.verb for c in cues if last < c.verb < start and reading.tokens[c.subject].tag_ != "WDT"]
    return None if any(not noun.is_ancestor(reading.tokens[verb]) for verb in others) else int(noun.i)


@cache
def _nouns_of_speech() -> frozenset[str]:
    return sections("reporting.txt")["noun"] | sections("reporting.txt")["remark"]


def _introduces(reading: Reading, first: int, start: int) -> bool:
    """Return whether "that", or a colon directly before the words, follows "remark"."""
    return reading.tokens[first].lower_ in ("that", ":") or reading.tokens[start - 1].text == ":"


def _agent(reading: Reading, token: Token, start: int) -> int | None:
    """Return "described" of "described by X as", where X is the token."""
    by = token.head
    if token.dep_ != "pobj" or by.lower_ != "by" or by.head.tag_ != "VBN" or token.i >= start:
        return None
    between = [t for t in reading.tokens[token.i + 1 : start] if reading.inside[t.i] < 0]
    if by.head.lemma_.lower() in TELLING_VERBS and between and between[0].lower_ == "that":  # "was told by X that ..."
        return int(by.head.i) if len(between) <= FARTHEST_COLON else None
    if by.head.lemma_.lower() in sections("reporting.txt")["embedding"] and between and between[-1].lower_ in _LEADING:
        return int(by.head.i) if len(between) <= FARTHEST_CALLED else None  # "was accused by X of “...”"
    is_as = bool(between) and any(t.lower_ == "as" for t in between[-4:]) and len(between) <= FARTHEST_SAYING
    return int(by.head.i) if is_as and _is_speech(by.head) else None


def _agent_behind(reading: Reading, token: Token, part: int) -> int | None:
    """Return "called" of "was called “...” by X", where X is the token and "by" stands directly behind the words."""
    start, by = reading.first_token(part), token.head
    if token.dep_ != "pobj" or by.lower_ != "by" or by.i != reading.after_token(part) or token.ent_type_ in _TIMES:
        return None
    before = reversed([t for t in reading.tokens[max(0, start - FARTHEST_CALLED - 1) : start] if not t.is_punct])
    verb = next((t for t in before if t.lower_ not in BEFORE_CALLED), None)
    return verb.i if verb is not None and verb.tag_ == "VBN" and _is_speech(verb) else None


def _is_speech(verb: Token) -> bool:
    lists = sections("reporting.txt")
    return verb.lemma_.lower() in lists["speech"] or verb.lemma_.lower() in lists["stance"]


def _quoted(reading: Reading, token: Token, start: int) -> int | None:
    """Return "quotes" of "Lee quotes the poet X: “...”" and "Lee quoted X’s “...”", where X is the token."""
    between = reading.tokens[token.i + 1 : start]
    is_beside = token.i < start and all(t.is_punct or t.tag_ == "POS" for t in between)
    if token.pos_ != "PROPN" or not is_beside:
        return None
    verb = next((t for t in token.ancestors if t.i < token.i and t.lemma_.lower() in QUOTING_VERBS), None)
    if verb is None or verb.tag_ == "VBN" or token.i - verb.i > FARTHEST_SUBJECT:
        return None
    is_one = all(t.tag_ not in _FINITE and not t.is_punct for t in reading.tokens[verb.i + 1 : token.i])
    return int(verb.i) if is_one else None


def _heard_saying(reading: Reading, token: Token, part: int) -> int | None:
    """Return "telling" of "Lee recalled X telling him “...”" and "tells of X telling him “...”", where X is the token.

    The words may stand before the whole: "“...,” Lee recalled X telling him".
    """
    is_him = token.lower_ in HEARD_PRONOUNS
    is_noun = token.pos_ in ("PROPN", "NOUN") and token.lower_ not in NOT_SPEAKERS
    if not (is_him or is_noun) or token.i + 1 == len(reading.tokens):
        return None
    verb, left = reading.tokens[token.i + 1], token.left_edge.i
    while left and reading.tokens[left - 1].pos_ == "PROPN":  # "Ms" of "Ms Lee replying"
        left -= 1
    is_gerund = verb.tag_ == "NN" and verb.lower_.removesuffix(GERUND) in sections("reporting.txt")["speech"]
    if not (is_gerund or (verb.tag_ in ("VBG", "VB") and _is_spoken(verb))) or not left:
        return None
    above = reading.tokens[left - 1]
    if above.lower_ not in HEARD_OF and above.lemma_.lower() not in HEARING_VERBS:
        return None
    start, after = reading.first_token(part), reading.after_token(part)
    is_behind = after <= above.i <= after + FARTHEST_WORDS
    return int(verb.i) if verb.i < start <= verb.i + FARTHEST_WORDS or is_behind else None


def _retold(reading: Reading, token: Token, start: int) -> int | None:
    """Return "warn" of "Lee recalled how X used to warn them that it was “...”", where X is the token."""
    verb = token.head
    if token.dep_ != "nsubj" or verb.dep_ != "ccomp" or verb.head.lemma_.lower() not in RETELLING_VERBS:
        return None
    if not any(child.lower_ == "how" for child in verb.children) or token.lower_ in PRONOUN_KINDS:
        return None
    said = [each for each in (verb, *verb.children) if each.dep_ in ("ccomp", "xcomp") and _is_spoken(each)]
    is_near = bool(said) and token.i < said[-1].i < start <= said[-1].i + FARTHEST_COLON
    return int(said[-1].i) if is_near else None


def _is_spoken(verb: Token) -> bool:
    return verb.lemma_.lower() in sections("reporting.txt")["speech"]


def _asker(reading: Reading, token: Token, part: int) -> int | None:
    """Return "asked" of "Asked by X, “...?”, Lee said", where X is the token and the words are the question."""
    by, start = token.head, reading.first_token(part)
    is_question = reading.parts[part].span.of(reading.text).rstrip().endswith("?")
    if not is_question or token.dep_ != "pobj" or by.lower_ != "by" or by.head.lemma_.lower() not in ASKING_VERBS:
        return None
    between = [t for t in reading.tokens[token.i + 1 : start] if not t.is_punct]
    is_near = by.head.i < token.i < start and len(between) <= FARTHEST_COLON
    return int(by.head.i) if is_near and not any(t.tag_ in _FINITE for t in between) else None


def _heard(reading: Reading, token: Token, start: int) -> int | None:
    """Return "say" of "X is heard to say: ..." and of "X was recorded saying ...", where X is the token."""
    verb = token.head
    if token.dep_ != "nsubjpass" or verb.lemma_.lower() not in sections("reporting.txt")["citing"]:
        return None
    speech = sections("reporting.txt")["speech"]
    for said in verb.children:
        is_behind = verb.i < said.i < start <= said.i + FARTHEST_WORDS
        if is_behind and said.dep_ in ("xcomp", "advcl", "ccomp") and said.lemma_.lower() in speech:
            return int(said.i)
    return None


def _sender(reading: Reading, token: Token, start: int) -> int | None:
    """Return "sent" of "a message which X sent to his foreman: ...", where X is the token and a colon comes first.

    So also of "Lee said X had sent him a message reading: ...".
    """
    verb = token.head
    if token.dep_ not in _SUBJECTS or verb.lemma_.lower() not in SENDING_VERBS:
        return None
    if not token.i < verb.i < start <= verb.i + FARTHEST_COLON or reading.tokens[start - 1].text != ":":
        return None
    if token.tag_ in ("WP", "WDT") or token.lower_ in PRONOUN_KINDS:
        return None
    clause = verb.head if verb.dep_ == "ccomp" and _is_spoken(verb.head) else verb  # "which Lee said X sent"
    if clause.dep_ == "relcl":
        return int(verb.i) if _is_paper(clause.head) else None
    is_read = reading.tokens[start - 2].lower_ in READING_WORDS
    is_sent = any(_is_paper(between) for between in reading.tokens[verb.i + 1 : start])
    return int(verb.i) if verb.dep_ == "ccomp" and is_read and is_sent else None


def _with_the_words(reading: Reading, token: Token, start: int) -> int | None:
    """Return "ended" of "X ended the report with the words “...”", where X is the token."""
    behind = start - 1 if reading.tokens[start - 1].text in (",", ":") else start
    first = behind - len(WITH_THE_WORDS)
    words = tuple(other.lower_ for other in reading.tokens[max(0, first) : behind])
    if words != WITH_THE_WORDS or token.dep_ != "nsubj" or token.lower_ in PRONOUN_KINDS:
        return None
    verb = next((other for other in reading.tokens[first].ancestors if other.pos_ in ("VERB", "AUX")), None)
    is_of_verb = verb is not None and token.head.i == verb.i and token.i < verb.i
    return int(token.head.i) if is_of_verb and token.head.lemma_.lower() in ENDING_VERBS else None


def _paper_that(reading: Reading, token: Token, start: int) -> int | None:
    """Return "said" of "Lee left because of a notice that said “...”", where the notice is the token."""
    if token.lemma_.lower() not in sections("reporting.txt")["document"] or token.dep_ in _SUBJECTS:
        return None
    if token.head.lower_ in IN_PAPER or token.head.lemma_.lower() in ISSUING_VERBS:
        return None  # "Lee said in a letter that called it ...", "Lee issued a statement that called it ..."
    if reading.tokens[min(token.i + 1, len(reading.tokens) - 1)].lower_ in _BELONGING:
        return None  # "a message by Lee that said: ..."
    for verb in token.subtree:
        noun = verb.head
        is_beside = noun.dep_ == "pobj" and noun.pos_ == "NOUN" and noun.head.head.i == token.i  # "on the door"
        if noun.i != token.i and not is_beside:
            continue
        is_near = verb.dep_ == "relcl" and token.i < verb.i < start <= verb.i + FARTHEST_WORDS and _is_speech(verb)
        if is_near and any(child.dep_ == "nsubj" and child.tag_ == "WDT" for child in verb.children):
            between = reading.tokens[verb.i + 1 : start]
            return None if any(other.tag_ in _FINITE or other.is_sent_start for other in between) else int(verb.i)
    return None


def _read_out(reading: Reading, token: Token, start: int) -> int | None:
    """Return "statement" of "Lee reads from X’s statement: “...”" and "Lee put a message to him: “...”", the message.

    X is the token, else the paper is, where nobody is told to have written it. "He read from his notes" is his own, and
    who reads a statement speaks.
    """
    is_author = token.dep_ == "pobj" and token.head.lower_ in FROM and _is_named(token)
    is_owner = token.dep_ == "poss"
    paper = token.head.head if is_author else token.head if is_owner else token
    verb = paper.head.head if paper.dep_ == "pobj" and paper.head.lower_ in OUT_OF else paper.head
    last = max(token.i, paper.i)
    is_near = verb.i < token.i and last < start <= last + FARTHEST_WORDS and reading.tokens[start - 1].text == ":"
    subject = next((child for child in verb.children if child.dep_ == "nsubj"), None)
    if (
        not is_near
        or subject is None
        or verb.lemma_.lower() not in READING_VERBS
        or paper.lemma_.lower() not in MESSAGES
    ):
        return None
    if is_author:
        return int(paper.i)
    if not is_owner:
        is_told = any(child.dep_ == "poss" or child.lower_ in _BELONGING for child in paper.children)
        return None if is_told or paper.lemma_.lower() == STATEMENT else int(verb.i)
    names = [subject, *(child for child in subject.children if child.dep_ == "compound")]
    its_sex = next((own for name in names if (own := _sex_of(name.text)) is not None), None)
    sex = OWNERS.get(token.lower_)
    is_own = token.pos_ == "PRON" and (sex is None or sex == its_sex)
    return None if is_own else int(paper.i)


def _is_named(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.ent_type_ not in _PLACES


def _sex_of(word: str) -> str | None:
    """Return "m" or "f" for a pronoun or a given name that tells it."""
    if word.lower() in HE_OR_SHE:
        return "m" if word.lower() in HE else "f"
    return gender_of(word)


def _is_paper(noun: Token) -> bool:
    lists = sections("reporting.txt")
    return noun.lemma_.lower() in lists["document"] or noun.lemma_.lower() in lists["noun"]


def _second_view(reading: Reading, part: int) -> Found | None:
    """Return the second name, and its "to", of "To Lee she is “...”, to Dahl “...”"."""
    match = VIEWS.search(reading.text, reading.paragraph.start, reading.parts[part].marked.start)
    if match is None or match["first"].lower() != match["again"]:
        return None
    starts = {reading.place(token).start: token.i for token in reading.tokens}
    ends = {reading.place(token).end: token.i for token in reading.tokens}
    name, preposition = ends.get(match.end("name")), starts.get(match.start("again"))
    return (name, preposition) if name is not None and preposition is not None else None


def _gapped(reading: Reading, cues: Sequence[Cue], clause: range, start: int) -> Found | None:
    """Return the name that opens a clause whose verb is that of the clause before: "Lee said ...; Dahl, that ..."."""
    said = max((cue.verb for cue in cues if cue.verb < clause.start), default=None)
    if said is None or not clause.start or reading.tokens[clause.start - 1].text != ";":
        return None
    tokens = reading.tokens[clause.start : start]
    name = next((i for i, token in enumerate(tokens) if token.pos_ != "PROPN"), 0)
    is_gapped = name > 0 and [t.lower_ for t in tokens[name : name + 2]] == [",", "that"]
    return (tokens[name - 1].i, said) if is_gapped else None


def _told_by_another(reading: Reading, cues: Sequence[Cue], clause: range, start: int) -> Found | None:
    """Return subject and verb of "According to Lee, Dahl looked up and asked, “...”": the verb is beside the marks."""
    opening = [token.lower_ for token in reading.tokens[clause.start : clause.start + 2]]
    if opening != ["according", "to"] or reading.tokens[start - 1].text not in (",", ":"):
        return None
    cue = max((cue for cue in cues if cue.subject < cue.verb < start), key=lambda cue: cue.verb, default=None)
    if cue is None or cue.strength != "speech" or cue.verb < start - 2 or cue.verb not in clause:
        return None
    subject = reading.tokens[cue.subject]
    is_source = any(token.i in (clause.start, clause.start + 1) for token in subject.ancestors)
    return None if is_source or subject.dep_ not in _SUBJECTS else (cue.subject, cue.verb)


def _inner_cue(reading: Reading, part: int, cues: Sequence[Cue], clause: range) -> Found | None:
    """Return subject and verb of a cue inside another's: "Lee said Dahl had texted: ...", "what Dahl called ..."."""
    start = reading.first_token(part)
    inner = [cue for cue in cues if cue.verb in clause and cue.subject < cue.verb < start]
    if not inner:
        return None
    cue = max(inner, key=lambda cue: cue.verb)
    subject = reading.tokens[cue.subject]
    verb = reading.tokens[cue.verb]
    if _is_told_aside(reading, cue, start):
        return (cue.subject, cue.verb)
    is_told = subject.dep_ == "nsubjpass" and verb.lemma_.lower() in TELLING_VERBS  # "the jury was told that ..."
    is_asked = _is_asked_whether(reading, cue)
    is_direct = subject.dep_ in _SUBJECTS and subject.head.i in _verbs_of(verb) and not is_told and not is_asked
    if not is_direct or verb.tag_ == "VB" or subject.lower_ in PRONOUN_KINDS or subject.lower_ in NOT_SPEAKERS:
        return None
    has_colon = reading.tokens[start - 1].text == ":"
    farthest = FARTHEST_COLON if has_colon else FARTHEST_WORDS
    if min(_verbs_of(verb)) - cue.subject > FARTHEST_SUBJECT or start - cue.verb > farthest:
        return None
    left = min(token.i for token in subject.subtree)
    before = reading.tokens[left - 1].lower_ if left > 0 else ""
    if verb.dep_ == "relcl" and not (has_colon and before == "that" and _is_of_hearer(verb)):
        return (cue.subject, cue.verb) if _is_relative(reading, cue, left, start) else None
    if cue.strength == "stance":
        is_called = before == "what" and start - cue.verb <= FARTHEST_CALLED
        return (cue.subject, cue.verb) if is_called or _had_called(reading, cue, cues) else None
    is_named = any(child.dep_ == "appos" and child.pos_ == "PROPN" for child in subject.children)
    is_noun = subject.tag_ == "NN" and (verb.dep_ == "ccomp" or _may_tell(subject.lower_))
    is_person = subject.ent_type_ == "PERSON" or subject.pos_ == "PROPN" or is_noun or is_named
    depth, _ = cue_depth(reading, cue, cues)
    return (cue.subject, cue.verb) if is_person and depth > 0 else None


def _may_tell(noun: str) -> bool:
    """Return whether a noun means a person, an organisation or a document: no ambulance is an inner speaker."""
    lists = sections("reporting.txt")
    return noun_of_person(noun) is not None or noun in words_of("body") | words_of("group") | lists["document"]


def _verbs_of(verb: Token) -> set[int]:
    """Return a verb with those before it that somebody tells of: "said that Dahl had opened the door and shouted"."""
    first = verb
    while first.dep_ == "conj" and first.head.i != first.i:
        first = first.head
    return {verb.i, first.i} if first.dep_ == "ccomp" else {verb.i}


def _is_told_aside(reading: Reading, cue: Cue, start: int) -> bool:
    """Return whether "who" tells the words that begin at `start`: "Lee met Dahl, who said it was “...”"."""
    verb, subject = reading.tokens[cue.verb], reading.tokens[cue.subject]
    is_relative = subject.tag_ == "WP" and verb.dep_ == "relcl" and cue.strength == "speech"
    return is_relative and any(verb.is_ancestor(token) for token in reading.tokens[start : start + 2])


def _is_of_hearer(verb: Token) -> bool:
    """Return whether a clause belongs to who is told something, so that it is what they are told.

    "told the hearing that Dahl wrote" is parsed as if the hearing were written.
    """
    return verb.head.dep_ in ("dobj", "dative") and verb.head.head.lemma_.lower() in TELLING_VERBS


def _is_asked_whether(reading: Reading, cue: Cue) -> bool:
    """Return whether somebody asks if the subject told something: "Lee asked if Dahl had told a lie “to ...”"."""
    verb = reading.tokens[cue.verb]
    has_thing = any(child.dep_ == "dobj" and child.tag_ in ("NN", "NNS") for child in verb.children)
    has_if = any(child.dep_ == "mark" and child.lower_ in ("if", "whether") for child in verb.children)
    return has_thing and has_if and verb.head.lemma_.lower() in ASKING_VERBS


def _had_called(reading: Reading, cue: Cue, cues: Sequence[Cue]) -> bool:
    """Return whether somebody says that the subject of a cue had spoken: "Lee agreed that Dahl had called him ...".

    Without "had" the words may be Lee’s own: "Lee said critics call it ...".
    """
    verb = reading.tokens[cue.verb]
    has_had = any(child.lower_ == "had" and child.dep_ == "aux" for child in verb.children)
    is_of_words = verb.lemma_.lower() not in NOT_OF_WORDS
    return verb.dep_ == "ccomp" and has_had and is_of_words and cue_depth(reading, cue, cues)[0] > 0


def _is_relative(reading: Reading, cue: Cue, left: int, start: int) -> bool:
    """Return whether a relative clause tells whose the words are: "which Dahl called ...", "in which Dahl said: ...".

    `left` is the first token of the subject of the cue, `start` that of the words.
    """
    before = [t.lower_ for t in reading.tokens[max(0, left - 2) : left]]
    if before[-1:] in (["that"], ["which"]) and before[0] not in _RELATIVE_PLACES:
        return start - cue.verb <= FARTHEST_CALLED
    is_place = before[-1:] in (["where"], ["when"]) or (len(before) == 2 and before[1] == "which")
    return is_place and cue.strength == "speech" and reading.tokens[start - 1].text == ":"


def _is_embedding(verb: Token) -> bool:
    return verb.pos_ in ("VERB", "AUX") and verb.lemma_.lower() in sections("reporting.txt")["embedding"]


def _saying_behind(reading: Reading, start: int) -> int | None:
    """Return the verb of "as saying", "for calling" or "of having said" where one follows shortly behind a token."""
    speech, stance = sections("reporting.txt")["speech"], sections("reporting.txt")["stance"]
    tokens = [t for t in reading.tokens[start + 1 : start + 1 + FARTHEST_SAYING] if reading.inside[t.i] < 0]
    for first, second, third in zip(tokens, tokens[1:], [*tokens[2:], None], strict=False):
        if first.lower_ not in _LEADING or second.tag_ != "VBG":
            continue
        verb = third if second.lower_ == "having" and third is not None else second
        if verb.lemma_.lower() in speech or verb.lemma_.lower() in stance:
            return int(verb.i)
    return None
