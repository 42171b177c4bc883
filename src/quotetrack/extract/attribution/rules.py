"""Who said it? The mention of the speaker and the cue, by rules tried in order.

A rule looks at one quoted part in its parsed paragraph and finds a mention, or nothing. What the rules choose is one
candidate among others for the fitted choice in `ranker.py`; the name of a rule is the `method` of what it pointed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Span as Tokens
from spacy.tokens import Token

from quotetrack.core.domain import Span
from quotetrack.extract.frames import Reading
from quotetrack.lang import sections

# Between a quotation and its cue or the cue's subject stand at most so many other words ("also", "later", "as").
FARTHEST_CUE = 4
# From the cue to the marks that it introduces ("told a crowd of supporters in Orle on Friday that").
FARTHEST_INTRODUCED = 14
# A cue with its subject after a full stop inside the marks: only as a short tag ("We won." Lee said.)
LONGEST_TAG = 7

_SUBJECTS = {"nsubj", "nsubjpass", "csubj"}
_AFTER_VERB = {"dobj", "attr", "oprd", "npadvmod", "dep", "appos"}
_BORROWS_SUBJECT = {"conj", "xcomp", "advcl", "dep"}
_CLAUSE_ENDS = {".", "!", "?", ";"}
_NOT_SPEAKERS = {"it", "that", "this", "which", "what", "there", "one", "these", "those"}
_DASH_NAME = re.compile(r"\s*[-‐–—―]{1,2}\s*(?P<name>[A-Z][^\n.,;:(\"“]{2,60})")
_COLON_NAME = re.compile(r"(?P<name>[A-Z][\w.'’-]*(?:\s+[\w.'’-]+){0,5})\s*:\s*$")


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """What a rule sees: the mention of a speaker, the noun in it that names him, and the cue."""

    mention: Span
    head: Span
    cue: Span | None = None


@dataclass(frozen=True, slots=True)
class FoundMention:
    """The mention, its head and the cue as characters of the text, with the rule that found them.

    `head` is the noun of the mention; for a relative pronoun ("who") the noun to which it refers.
    """

    mention: Span
    head: Span
    cue: Span | None
    method: str
    confidence: float
    is_cued: bool  # a reporting word ties these very words to the mention


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting word of the frame and its subject, as token indices of one reading."""

    verb: int
    subject: int
    strength: str  # "speech" or "stance"


@dataclass(frozen=True, slots=True)
class ParagraphScene:
    """One paragraph and the attributions before one of its parts: all that a rule may look at."""

    reading: Reading
    cues: Sequence[Cue]  # of the paragraph, in order
    previous: Reading | None  # the paragraph before, where it was read
    last: FoundMention | None  # the last attribution before this part, in this paragraph or an earlier one
    last_here: FoundMention | None  # the last attribution in this paragraph
    last_is_near: bool  # the last attribution stands in this paragraph or in one of the two before


def attribute_paragraph(
    scene: ParagraphScene, is_full: Sequence[bool]
) -> tuple[list[FoundMention | None], ParagraphScene]:
    """Return the attribution of each part of one paragraph, and the scene behind the last of them.

    `scene` is that of the first part. An attribution is None where no rule finds a speaker.
    """
    found: list[FoundMention | None] = []
    for part, full in enumerate(is_full):
        chosen = _attribute(scene, part, full)
        found.append(chosen)
        if chosen is not None and (full or chosen.is_cued):
            scene = replace(scene, last=chosen, last_here=chosen, last_is_near=True)
    return _backwards(found, is_full), scene


def _attribute(scene: ParagraphScene, part: int, full: bool) -> FoundMention | None:
    for name, rule, confidence in FULL_RULES if full else FRAGMENT_RULES:
        if (hit := rule(scene, part)) is not None:
            return FoundMention(hit.mention, hit.head, hit.cue, name, confidence, hit.cue is not None)
    return None


def _backwards(found: list[FoundMention | None], is_full: Sequence[bool]) -> list[FoundMention | None]:
    """A part that opens its paragraph and has no speaker of its own takes the next part's."""
    for index in range(len(found) - 2, -1, -1):
        following = found[index + 1]
        if found[index] is None and is_full[index] and following is not None:
            found[index] = FoundMention(following.mention, following.head, None, "earlier_part", 0.6, False)
    return found


# --- the rules -----------------------------------------------------------------------------------------------


Rule = Callable[[ParagraphScene, int], RuleMatch | None]


def after_cue(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """The cue follows: "…," said Ann Lee; "…," Ann Lee, the mayor, told reporters."""
    reading = scene.reading
    start = reading.after_token(part)
    stop = clause_end(reading, start)
    if start >= stop:
        return None
    ends = reading.parts[part].span.of(reading.text).rstrip(" \"'”’)]")[-1:]
    is_tag = stop - start <= LONGEST_TAG
    for cue in scene.cues:
        if not (start <= cue.verb < stop and start <= cue.subject < stop):
            continue
        left = min(cue.verb, _left(reading, cue.subject))
        if not _is_near(reading, start, left):
            return None
        if ends == "." and not is_tag and not _joined_after(reading, start):
            return None
        return _hit(reading, cue)
    return _plain_after(scene, start, stop) if ends in ",?!" else None


def _plain_after(scene: ParagraphScene, start: int, stop: int) -> RuleMatch | None:
    """ "…," chuckled Ann Lee: a verb that is not on the list, directly beside its subject."""
    tokens = scene.reading.tokens
    for verb in tokens[start:stop]:
        if verb.pos_ != "VERB" or verb.i > start + 2 * FARTHEST_CUE:
            continue
        subject = _subject(scene.reading, verb)
        if subject is None or not start <= subject < stop or tokens[subject].lower_ in _NOT_SPEAKERS:
            continue
        if _is_near(scene.reading, start, min(verb.i, _left(scene.reading, subject))):
            return mention_of(scene.reading, subject, scene.reading.place(verb))
    return None


def before_cue(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """The cue comes first: Ann Lee said: "…"; Lee, who called it "…"; Lee said that "…"."""
    cue = _cue_before(scene, part)
    return _hit(scene.reading, cue) if cue is not None else None


def introduced(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """The cue leads up to the marks themselves: Lee replied: "…"; Lee answered him with, "…"."""
    reading = scene.reading
    end = reading.first_token(part)
    cue = _cue_before(scene, part)
    if cue is None or reading.tokens[end - 1].text not in (",", ":", "that") or end - cue.verb > FARTHEST_INTRODUCED:
        return None
    return _hit(reading, cue)


def _cue_before(scene: ParagraphScene, part: int) -> Cue | None:
    """Of the cues before a part in its sentence, the one that governs it; else the last that reports speech."""
    reading = scene.reading
    start, end = clause_start(reading, part), reading.first_token(part)
    cues = [cue for cue in scene.cues if start <= cue.verb < end and cue.subject < end]
    if not cues or end >= len(reading.tokens):
        return None
    above = {token.i for token in reading.tokens[min(end + 1, len(reading.tokens) - 1)].ancestors}
    return max(cues, key=lambda cue: (_weight(reading, cue, above, end), cue.verb))


def _weight(reading: Reading, cue: Cue, above: set[int], end: int) -> int:
    near = end - cue.verb <= FARTHEST_CUE
    if cue.strength == "speech":
        return 3 if cue.verb in above or near else 2
    return 3 if near and cue.verb in above else 1 if near or cue.verb in above else 0


def according_to(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """According to Ann Lee, "…"; "…," according to the report."""
    reading = scene.reading
    start, end = clause_start(reading, part), clause_end(reading, reading.after_token(part))
    for token in reading.tokens[start:end]:
        if token.lower_ == "according" and token.i + 2 < len(reading.tokens) and reading.inside[token.i] < 0:
            named = _object_after(reading, token.i + 2)
            if named is not None and reading.tokens[token.i + 1].lower_ == "to":
                cue = Span(reading.place(token).start, reading.place(reading.tokens[token.i + 1]).end)
                return mention_of(reading, named, cue)
    return None


def colon_name(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """A name and a colon: Lee: "…"."""
    reading = scene.reading
    before = reading.text[reading.paragraph.start : reading.parts[part].marked.start]
    match = _COLON_NAME.search(before)
    if match is None:
        return None
    start = reading.paragraph.start
    sentence = max((before.rfind(end, 0, match.end("name")) + 2 for end in (". ", "? ", "! ")), default=0)
    first = max(match.start("name"), sentence if sentence > 1 else 0)
    name = Span(start + first, start + match.end("name"))
    colon = start + match.end("name") + match[0][match.end("name") - match.start() :].index(":")
    return RuleMatch(name, _last_word(reading.text, name), Span(colon, colon + 1))


def trailing_cue(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """The reporter's sentence goes on after the fragment and ends in the cue: "…" would be right, Lee said."""
    reading = scene.reading
    start, stop = reading.after_token(part), _sentence_end(reading, reading.after_token(part))
    for cue in scene.cues:
        if start <= cue.verb < stop and start <= cue.subject < stop and cue.strength == "speech":
            return _hit(reading, cue)
    return None


def dash_signature(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """The name is signed below or behind: "…" - Ann Lee."""
    reading = scene.reading
    match = _DASH_NAME.match(reading.text, reading.parts[part].marked.end)
    if match is None or reading.text[match.end() : match.end() + 1] not in ("", "\n", ",", "."):
        return None
    name = Span(match.start("name"), match.end("name"))
    return RuleMatch(name, _last_word(reading.text, name))


def later_part(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """A later part of the paragraph without a cue of its own: "…," Lee said. "…"."""
    return _again(scene.last_here)


def preceding_sentence(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """The subject of the sentence just before, in the same paragraph: Lee shook her head. "…"."""
    reading = scene.reading
    end = reading.first_token(part)
    return _sentence_subject(reading, end)


def preceding_colon(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """The paragraph before ends with a colon: its last sentence names the speaker."""
    previous = scene.previous
    if part or previous is None or not previous.paragraph.of(previous.text).rstrip().endswith((":", "—", "…")):
        return None
    return _paragraph_subject(previous)


def same_speaker(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """A paragraph of words alone: the speaker of the paragraph before goes on."""
    if scene.last is None or not scene.last_is_near:
        return None
    if scene.previous is not None and not _ends_quoted(scene.previous):
        return None
    return _again(scene.last)


def preceding_paragraph(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """The subject of the last sentence of the paragraph before."""
    return _paragraph_subject(scene.previous) if scene.previous is not None else None


def last_speaker(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Whoever spoke last."""
    return _again(scene.last)


def own_subject(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """The subject of the sentence in which a fragment stands."""
    reading = scene.reading
    first = reading.first_token(part)
    if first >= len(reading.tokens):
        return None
    token: Token = reading.tokens[first]
    for head in [token, *token.ancestors]:
        if reading.inside[head.i] < 0 and head.pos_ in ("VERB", "AUX"):
            subject = _subject(reading, head)
            if subject is not None and reading.inside[subject] < 0:
                return mention_of(reading, subject)
    return _sentence_subject(reading, first)


FULL_RULES: tuple[tuple[str, Rule, float], ...] = (
    ("introduced", introduced, 0.93),
    ("after_cue", after_cue, 0.95),
    ("before_cue", before_cue, 0.93),
    ("according_to", according_to, 0.95),
    ("colon_name", colon_name, 0.8),
    ("dash_signature", dash_signature, 0.8),
    ("trailing_cue", trailing_cue, 0.7),
    ("later_part", later_part, 0.9),
    ("preceding_sentence", preceding_sentence, 0.6),
    ("preceding_colon", preceding_colon, 0.7),
    ("same_speaker", same_speaker, 0.8),
    ("preceding_paragraph", preceding_paragraph, 0.5),
    ("last_speaker", last_speaker, 0.4),
)
FRAGMENT_RULES: tuple[tuple[str, Rule, float], ...] = (
    ("before_cue", before_cue, 0.9),
    ("according_to", according_to, 0.95),
    ("after_cue", after_cue, 0.85),
    ("trailing_cue", trailing_cue, 0.7),
    ("dash_signature", dash_signature, 0.8),
    ("later_part", later_part, 0.6),
    ("own_subject", own_subject, 0.5),
    ("last_speaker", last_speaker, 0.3),
)


# --- what the rules look at ----------------------------------------------------------------------------------


def find_cues(reading: Reading) -> list[Cue]:
    """The reporting words outside the marks that have a subject, in order."""
    verbs = sections("reporting.txt")
    found = []
    for token in reading.tokens:
        if reading.inside[token.i] >= 0 or token.pos_ not in ("VERB", "AUX", "NOUN", "PROPN", "ADJ", "ADP"):
            continue
        lemma = token.lemma_.lower()
        strength = "speech" if lemma in verbs["speech"] else "stance" if lemma in verbs["stance"] else None
        if strength is None or (
            token.pos_ not in ("VERB", "AUX") and token.dep_ in ("compound", "nsubj", "pobj", "dobj")
        ):
            continue
        subject = _subject(reading, token)
        if subject is not None and reading.tokens[subject].lower_ not in _NOT_SPEAKERS:
            found.append(Cue(token.i, subject, strength))
    return found


def _subject(reading: Reading, verb: Token) -> int | None:
    """The subject of a verb outside the marks: its own, the noun behind it, or that of the verb it leans on."""
    own = [t for t in verb.children if t.dep_ in _SUBJECTS and reading.inside[t.i] < 0]
    if own:
        return min(own, key=lambda t: abs(t.i - verb.i)).i
    behind = [t for t in verb.children if t.dep_ in _AFTER_VERB and 0 < t.i - verb.i <= 3 and _can_speak(reading, t)]
    before = verb.i == 0 or reading.inside[verb.i - 1] >= 0 or reading.tokens[verb.i - 1].is_punct
    if behind and before:
        return behind[0].i
    if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in ("NOUN", "PROPN", "PRON"):
        return _described(reading, verb.head)
    if verb.dep_ in _BORROWS_SUBJECT and verb.head is not verb and verb.head.pos_ in ("VERB", "AUX"):
        return _subject(reading, verb.head) if reading.inside[verb.head.i] < 0 else None
    return None


def _described(reading: Reading, noun: Token) -> int | None:
    """The noun that a participle describes; of a paper that somebody issues ("put out a statement saying"), who."""
    if (
        noun.dep_ == "dobj"
        and noun.lemma_.lower() in sections("reporting.txt")["document"]
        and noun.head.pos_ == "VERB"
    ):
        issuer = _subject(reading, noun.head)
        if issuer is not None:
            return issuer
    return noun.i if reading.inside[noun.i] < 0 else None


def _can_speak(reading: Reading, token: Token) -> bool:
    return reading.inside[token.i] < 0 and token.pos_ in ("PROPN", "NOUN", "PRON") and token.ent_type_ != "DATE"


def _hit(reading: Reading, cue: Cue) -> RuleMatch | None:
    return mention_of(reading, cue.subject, reading.place(reading.tokens[cue.verb]))


def mention_of(reading: Reading, index: int, cue: Span | None = None) -> RuleMatch:
    """The mention around a noun.

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
    beside = next(
        (t for t in token.children if t.dep_ == "appos" and t.pos_ == "PROPN" and _outside(reading, index, t.i)), None
    )
    is_person = beside is not None and beside.ent_type_ == "PERSON" and token.ent_type_ != "PERSON"
    if beside is not None and (token.pos_ == "NOUN" or is_person):
        phrase = reading.doc[phrase.start : max(phrase.end, beside.i + 1)]
        token = beside
    return RuleMatch(reading.place(phrase), reading.place(token), cue)


def _outside(reading: Reading, start: int, end: int) -> bool:
    return all(reading.inside[i] < 0 for i in range(start, end + 1))


def _again(found: FoundMention | None) -> RuleMatch | None:
    return RuleMatch(found.mention, found.head) if found is not None else None


def _last_word(text: str, name: Span) -> Span:
    words = name.of(text).split()
    start = name.start + name.of(text).rindex(words[-1])
    return Span(start, start + len(words[-1]))


def _noun_phrase(reading: Reading, index: int) -> Tokens:
    """The words of a mention: the noun with what stands before it and its "of" and "for", without asides."""
    tokens, token = reading.tokens, reading.tokens[index]
    left = index
    for child in token.subtree:
        if child.i < left and all(reading.inside[i] < 0 for i in range(child.i, index)):
            left = child.i
    right = index
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ in ("of", "for", "from", "at", "with", "in") and child.i == right + 1:
            last = max(t.i for t in child.subtree)
            if last - child.i <= 8 and all(reading.inside[i] < 0 for i in range(child.i, last + 1)):
                right = last
    if right + 2 < len(tokens) and tokens[right + 1].lower_ in ("for", "of") and right == index:
        behind = tokens[right + 1]  # the parser may tie it to the verb: "a spokesman for the Skippers said"
        last = max(t.i for t in behind.subtree)
        if last - right <= 8 and behind.i > index and all(reading.inside[i] < 0 for i in range(right, last + 1)):
            right = last
    while left < index and (tokens[left].is_punct or tokens[left].is_space or tokens[left].pos_ in ("CCONJ", "ADV")):
        left += 1
    return reading.doc[left : right + 1]


def _left(reading: Reading, index: int) -> int:
    return min((t.i for t in reading.tokens[index].subtree if reading.inside[t.i] < 0), default=index)


def _is_near(reading: Reading, start: int, left: int) -> bool:
    between = [t for t in reading.tokens[start:left] if not t.is_punct and not t.is_space]
    return len(between) <= FARTHEST_CUE and not any(
        t.pos_ in ("CCONJ",) and t.lower_ in ("and", "but") for t in between
    )


def _joined_after(reading: Reading, start: int) -> bool:
    return start < len(reading.tokens) and reading.tokens[start].text[:1].islower()


def clause_end(reading: Reading, start: int) -> int:
    """The first token from `start` that ends the reporter's sentence, or the next quoted part."""
    for index in range(start, len(reading.tokens)):
        if reading.inside[index] >= 0 or reading.tokens[index].text in _CLAUSE_ENDS:
            return index
    return len(reading.tokens)


def _sentence_end(reading: Reading, start: int) -> int:
    for index in range(start, len(reading.tokens)):
        if reading.inside[index] < 0 and reading.tokens[index].text in _CLAUSE_ENDS:
            return index
    return len(reading.tokens)


def clause_start(reading: Reading, part: int) -> int:
    """The first token of the reporter's sentence in which a part stands; whole quotations end it."""
    index = reading.first_token(part)
    while index > 0:
        before = index - 1
        inner = reading.inside[before]
        if inner < 0 and reading.tokens[before].text in _CLAUSE_ENDS:
            return index
        if inner >= 0 and not reading.parts[inner].is_fragment and _ends_sentence(reading, inner):
            return index
        index = before
    return 0


def _ends_sentence(reading: Reading, part: int) -> bool:
    return reading.parts[part].span.of(reading.text).rstrip()[-1:] in ".?!"


def _object_after(reading: Reading, start: int) -> int | None:
    for token in reading.tokens[start : start + 12]:
        if reading.inside[token.i] >= 0:
            return None
        if token.dep_ in ("pobj", "dobj", "nsubj") or (token.pos_ in ("PROPN", "PRON") and token.dep_ != "compound"):
            return int(token.i)
    return None


def _sentence_subject(reading: Reading, end: int) -> RuleMatch | None:
    """The last subject before a token that can speak: a person rather than a thing."""
    best = None
    for token in reading.tokens[:end]:
        if token.dep_ in _SUBJECTS and _can_speak(reading, token) and token.lower_ not in _NOT_SPEAKERS:
            best = token.i if best is None or _is_personal(token) or not _is_personal(reading.tokens[best]) else best
    return mention_of(reading, best) if best is not None else None


def _is_personal(token: Token) -> bool:
    return token.ent_type_ == "PERSON" or token.lower_ in ("he", "she", "who")


def _paragraph_subject(reading: Reading) -> RuleMatch | None:
    """The subject of the last sentence that has one; of a person where there is a choice."""
    ends = [i for i, t in enumerate(reading.tokens) if t.text in _CLAUSE_ENDS and reading.inside[i] < 0]
    last = next((end for end in reversed(ends) if end < len(reading.tokens) - 2), -1)
    for token in reading.tokens[last + 1 :]:
        if token.dep_ in _SUBJECTS and _can_speak(reading, token) and token.lower_ not in _NOT_SPEAKERS:
            return mention_of(reading, token.i)
    return _sentence_subject(reading, len(reading.tokens))


def _ends_quoted(reading: Reading) -> bool:
    """Whether the paragraph has words in its last sentence, so that its speaker may go on."""
    if not reading.parts:
        return False
    after = reading.text[reading.parts[-1].marked.end : reading.paragraph.end]
    return not re.search(r"[.?!]\s+\S", after)
