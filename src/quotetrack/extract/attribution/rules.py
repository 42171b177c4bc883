"""Find the mention of the speaker and the cue of a quoted part, by rules tried in order.

A rule looks at one quoted part in its parsed paragraph and returns a mention, or None. The choice of the rules is one
candidate among others for the fitted choice in `ranker.py`. The name of a rule is the `method` of its mention.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.embedding import embedded_source
from quotetrack.extract.attribution.syntax import (
    Cue,
    RuleMatch,
    clause_end,
    clause_start,
    last_subject_before,
    leftmost,
    mention_of,
    object_after,
    paragraph_subject,
    sentence_end,
    subject_of,
)
from quotetrack.extract.frames import Reading
from quotetrack.lang import sections
from quotetrack.lang.en.words import ACCORDING_TO, COORDINATING, INTRODUCING, NOT_SPEAKERS

# Words between a quotation and its cue, or the cue's subject, at most ("also", "later", "as").
FARTHEST_CUE = 4
# Tokens from a quotation to a verb that is not on the list of cues, at most.
FARTHEST_PLAIN_VERB = 8
# Tokens from the cue to the marks that it introduces ("told a crowd of supporters in Orle on Friday that").
FARTHEST_INTRODUCED = 14
# Tokens of a cue with its subject after a full stop inside the marks: only a short tag counts ("We won." Lee said.)
LONGEST_TAG = 7
# Confidence of the speaker that a part takes from the part behind it; those of the rules stand in their tables.
EARLIER_PART_CONFIDENCE = 0.6

_DASH_NAME = re.compile(r"\s*[-‐–—―]{1,2}\s*(?P<name>[A-Z][^\n.,;:(\"“]{2,60})")
# A line of its own, directly below: a name, a comma and who that is, without a stop.
_NAME_BELOW = re.compile(
    r"[ \t]*\r?\n[ \t]*(?P<name>[A-Z][\w.’'-]*(?: (?:[A-Z][\w.’'-]*|de|van|von|der|bin|al)){1,4}), "
    r"[^\n.!?:;\"“”]{2,60}(?=\s*(?:\n|$))"
)
_FINITE = ("VBD", "VBZ", "VBP", "MD")
_POSSESSIVES = ("’", "'", "’s", "'s")
_COLON_NAME = re.compile(r"(?P<name>[A-Z][\w.'’-]*(?:\s+[\w.'’-]+){0,5})\s*:\s*$")


@dataclass(frozen=True, slots=True)
class FoundMention:
    """The mention of a speaker, its head and the cue as characters of the text, with the rule that found them.

    `head` is the noun of the mention; for a relative pronoun ("who") the noun to which it refers.
    """

    mention: Span
    head: Span
    cue: Span | None
    method: str
    confidence: float
    is_cued: bool  # a reporting word ties these very words to the mention


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
        if (match := rule(scene, part)) is not None:
            return FoundMention(match.mention, match.head, match.cue, name, confidence, match.cue is not None)
    return None


def _backwards(found: list[FoundMention | None], is_full: Sequence[bool]) -> list[FoundMention | None]:
    """Give each full part without a speaker the speaker of the part behind it."""
    for index in range(len(found) - 2, -1, -1):
        following = found[index + 1]
        if found[index] is None and is_full[index] and following is not None:
            found[index] = FoundMention(
                following.mention, following.head, None, "earlier_part", EARLIER_PART_CONFIDENCE, False
            )
    return found


# --- the rules -----------------------------------------------------------------------------------------------


Rule = Callable[[ParagraphScene, int], RuleMatch | None]  # takes the number of the part in its paragraph


def embedded(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match who is quoted by somebody else: Lee quoted Bo Dahl as saying: "…"; Lee accused Dahl of calling it "…"."""
    reading = scene.reading
    clause = range(clause_start(reading, part), clause_end(reading, reading.after_token(part)))
    found = embedded_source(reading, part, scene.cues, clause)
    if found is None:
        return None
    noun, verb = found
    return mention_of(reading, noun, reading.place(reading.tokens[verb]))


def after_cue(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match a cue that follows: "…," said Ann Lee; "…," Ann Lee, the mayor, told reporters."""
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
        left = min(cue.verb, leftmost(reading, cue.subject))
        if not _is_near(reading, start, left):
            return None
        if ends == "." and not is_tag and not _is_continued(reading, start):
            return None
        return _cue_match(reading, cue)
    return _plain_after(scene, start, stop) if ends in ",?!" else None


def tag(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match a tag that nothing parts from the marks: "Who is it?" the guard replied; "Nobody," said Ann Lee.

    None where a cue leads up to the marks as well (Lee recalled that he said, "...," the office said), or words without
    a comma do: a reply began "...," the office said.
    """
    reading = scene.reading
    start = reading.after_token(part)
    words = reading.parts[part].span.of(reading.text).rstrip(" \"'”’)]")
    if words[-1:] not in (",", "?", "!") or start >= len(reading.tokens) or introduced(scene, part) is not None:
        return None
    first = reading.first_token(part)
    if first and reading.inside[first - 1] < 0 and not reading.tokens[first - 1].is_punct:
        return None
    for cue in scene.cues:
        left = min(cue.verb, leftmost(reading, cue.subject)) if start <= min(cue.verb, cue.subject) else -1
        right = max(cue.verb, cue.subject)
        if left != start or cue.strength != "speech" or right - left > LONGEST_PLAIN_TAG:
            continue
        is_small = reading.tokens[start].text[:1].islower()
        is_end = right + 1 == len(reading.tokens) or reading.tokens[right + 1].text in (".", ",", ";", ":")
        if (is_small and words[-1:] != ",") or is_end:
            return _cue_match(reading, cue)
    return None


def _plain_after(scene: ParagraphScene, start: int, stop: int) -> RuleMatch | None:
    """Match a verb that is not on the list of cues, directly beside its subject: "…," chuckled Ann Lee."""
    tokens = scene.reading.tokens
    for verb in tokens[start:stop]:
        if verb.pos_ != "VERB" or verb.i > start + FARTHEST_PLAIN_VERB:
            continue
        subject = subject_of(scene.reading, verb)
        if subject is None or not start <= subject < stop or tokens[subject].lower_ in NOT_SPEAKERS:
            continue
        if _is_near(scene.reading, start, min(verb.i, leftmost(scene.reading, subject))):
            return mention_of(scene.reading, subject, scene.reading.place(verb))
    return None


def before_cue(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match a cue that comes first: Ann Lee said: "…"; Lee, who called it "…"; Lee said that "…"."""
    cue = _cue_before(scene, part)
    return _cue_match(scene.reading, cue) if cue is not None else None


def introduced(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match a cue that leads up to the marks themselves: Lee replied: "…"; Lee answered him with, "…"."""
    reading = scene.reading
    end = reading.first_token(part)
    cue = _cue_before(scene, part)
    if cue is None or reading.tokens[end - 1].text not in INTRODUCING or end - cue.verb > FARTHEST_INTRODUCED:
        return None
    return _cue_match(reading, cue)


def _cue_before(scene: ParagraphScene, part: int) -> Cue | None:
    """Return the cue before a part in its sentence that governs it; else the last that reports speech."""
    reading = scene.reading
    start, end = clause_start(reading, part), reading.first_token(part)
    cues = [cue for cue in scene.cues if start <= cue.verb < end and cue.subject < end]
    if not cues or end >= len(reading.tokens):
        return None
    above = {token.i for token in reading.tokens[min(end + 1, len(reading.tokens) - 1)].ancestors}
    return max(cues, key=lambda cue: (_weight(reading, cue, above, end), cue.verb))


def _weight(reading: Reading, cue: Cue, above: set[int], end: int) -> int:
    """Return how surely a cue before the marks at `end` governs them: 3 (surely) to 0. `above` are its governors."""
    is_near, governs = end - cue.verb <= FARTHEST_CUE, cue.verb in above
    if cue.strength == "speech":
        return 3 if governs or is_near else 2
    if is_near and governs:
        return 3
    return 1 if is_near or governs else 0


def according_to(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match "according to": According to Ann Lee, "…"; "…," according to the report."""
    reading = scene.reading
    start, end = clause_start(reading, part), clause_end(reading, reading.after_token(part))
    for token in reading.tokens[start:end]:
        following = reading.tokens[token.i + 1 : token.i + 3]
        if token.lower_ != ACCORDING_TO[0] or len(following) < 2 or reading.inside[token.i] >= 0:
            continue
        named = object_after(reading, token.i + 2)
        if named is not None and following[0].lower_ == ACCORDING_TO[1]:
            cue = Span(reading.place(token).start, reading.place(following[0]).end)
            return mention_of(reading, named, cue)
    return None


def colon_name(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match a name and a colon: Lee: "…". A clause is no name; its owner speaks: Lee’s words were clear: "…"."""
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
    cue = Span(colon, colon + 1)
    tokens = _tokens_in(reading, name)
    verb = next((t for t in tokens if _is_finite(t)), None)
    if verb is None:
        return RuleMatch(name, _last_word(reading.text, name), cue)
    if not any(t.dep_ in ("nsubj", "nsubjpass") for t in verb.children):  # a surname that is a verb: May added: "…"
        end = len(reading.text[: reading.place(verb).start].rstrip())
        return _clause_subject(reading, Span(name.start, end), verb) if end > name.start else None
    return owner_before_colon(scene, part)


def owner_before_colon(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match the owner of what a clause before a colon speaks of: Lee’s words were clear: "…"."""
    reading = scene.reading
    start, end = clause_start(reading, part), reading.first_token(part)
    if end < 1 or end > len(reading.tokens) or reading.tokens[end - 1].text != ":":
        return None
    tokens = [t for t in reading.tokens[start : end - 1] if reading.inside[t.i] < 0]
    subject = next((t for t in tokens if t.dep_ == "nsubj" and t.i < t.head.i and _is_finite(t.head)), None)
    if subject is None or subject.lemma_.lower() not in sections("reporting.txt")["noun"]:
        return None
    owner = next((t for t in subject.lefts if _owns(reading, t)), None)
    colon = reading.place(reading.tokens[end - 1])
    return mention_of(reading, owner.i, colon) if owner is not None else None


def _owns(reading: Reading, token: Token) -> bool:
    """Return whether a token is a name in the possessive, or "his"; the parser does not know that of "Fors’ words"."""
    following = reading.tokens[token.i + 1].text if token.i + 1 < len(reading.tokens) else ""
    is_possessive = token.dep_ == "poss" or following in _POSSESSIVES
    return is_possessive and (token.pos_ == "PROPN" or token.lower_ in ("his", "her"))


def _is_finite(token: Token) -> bool:
    return token.tag_ in _FINITE and token.text[:1].islower()


def _tokens_in(reading: Reading, span: Span) -> list[Token]:
    """Return the tokens outside the marks that begin in some characters."""
    outside = [t for t in reading.tokens if reading.inside[t.i] < 0]
    return [t for t in outside if span.start <= reading.place(t).start < span.end]


def _clause_subject(reading: Reading, subject: Span, verb: Token) -> RuleMatch | None:
    """Return the capitalised words before a reporting verb as the speaker; None where they are no name."""
    words = subject.of(reading.text).split()
    is_name = bool(words) and all(word[:1].isupper() for word in words) and words[0].lower() not in NOT_SPEAKERS
    if not is_name or verb.lemma_.lower() not in sections("reporting.txt")["speech"]:
        return None
    return RuleMatch(subject, _last_word(reading.text, subject), reading.place(verb))


def trailing_cue(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match a cue at the end of a sentence that goes on after the fragment: "…" would be right, Lee said.

    Where the words end with a full stop, a cue with a clause of its own reports something else: "… ahead." Lee said
    demand had fallen.
    """
    reading = scene.reading
    start, stop = reading.after_token(part), sentence_end(reading, reading.after_token(part))
    is_new = reading.parts[part].marked.of(reading.text).rstrip("”’\"'").endswith(".")
    for cue in scene.cues:
        if start <= cue.verb < stop and start <= cue.subject < stop and cue.strength == "speech":
            behind = reading.tokens[cue.verb + 1 : stop]
            has_clause = any(_is_finite(t) and reading.inside[t.i] < 0 for t in behind)
            return None if is_new and has_clause else _cue_match(reading, cue)
    return None


def dash_signature(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match a name that signs the words, behind or below them: "…" - Ann Lee. Below: Ann Lee, mayor."""
    reading = scene.reading
    end = reading.parts[part].marked.end
    match = _DASH_NAME.match(reading.text, end)
    if match is None or reading.text[match.end() : match.end() + 1] not in ("", "\n", ",", "."):
        match = _NAME_BELOW.match(reading.text, end)
    if match is None:
        return None
    name = Span(match.start("name"), match.end("name"))
    return RuleMatch(name, _last_word(reading.text, name))


def later_part(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match the speaker of the part before in the paragraph: "…," Lee said. "…"."""
    return _again(scene.last_here)


def preceding_sentence(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match the subject of the sentence just before, in the same paragraph: Lee shook her head. "…"."""
    return last_subject_before(scene.reading, scene.reading.first_token(part))


def preceding_colon(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match the subject of the paragraph before where that ends with a colon, a dash or dots."""
    previous = scene.previous
    if part or previous is None or not previous.paragraph.of(previous.text).rstrip().endswith((":", "—", "…")):
        return None
    return paragraph_subject(previous)


def same_speaker(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match the speaker of the paragraph before, who may go on in this one."""
    if scene.last is None or not scene.last_is_near:
        return None
    if scene.previous is not None and not _ends_quoted(scene.previous):
        return None
    return _again(scene.last)


def preceding_paragraph(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match the subject of the last sentence of the paragraph before."""
    return paragraph_subject(scene.previous) if scene.previous is not None else None


def last_speaker(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match the last speaker, however far above."""
    return _again(scene.last)


def own_subject(scene: ParagraphScene, part: int) -> RuleMatch | None:
    """Match the subject of the sentence in which a fragment stands."""
    reading = scene.reading
    first = reading.first_token(part)
    if first >= len(reading.tokens):
        return None
    for head in [reading.tokens[first], *reading.tokens[first].ancestors]:
        if reading.inside[head.i] < 0 and head.pos_ in ("VERB", "AUX"):
            subject = subject_of(reading, head)
            if subject is not None and reading.inside[subject] < 0:
                return mention_of(reading, subject)
    return last_subject_before(reading, first)


# Tokens of a tag that tells the speaker for sure: "the duty officer said".
LONGEST_PLAIN_TAG = 5
# The rules in the order in which they are tried, each with its name and the confidence of what it finds.
FULL_RULES: tuple[tuple[str, Rule, float], ...] = (
    ("embedded", embedded, 0.9),
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
    ("embedded", embedded, 0.9),
    ("before_cue", before_cue, 0.9),
    ("according_to", according_to, 0.95),
    ("after_cue", after_cue, 0.85),
    ("trailing_cue", trailing_cue, 0.7),
    ("dash_signature", dash_signature, 0.8),
    ("later_part", later_part, 0.6),
    ("own_subject", own_subject, 0.5),
    ("last_speaker", last_speaker, 0.3),
)


# --- parts of the rules --------------------------------------------------------------------------------------


def _cue_match(reading: Reading, cue: Cue) -> RuleMatch:
    return mention_of(reading, cue.subject, reading.place(reading.tokens[cue.verb]))


def _again(found: FoundMention | None) -> RuleMatch | None:
    return RuleMatch(found.mention, found.head) if found is not None else None


def _last_word(text: str, name: Span) -> Span:
    words = name.of(text).split()
    start = name.start + name.of(text).rindex(words[-1])
    return Span(start, start + len(words[-1]))


def _is_near(reading: Reading, start: int, left: int) -> bool:
    """Return whether few words, and no "and" or "but", stand between two tokens."""
    between = [t for t in reading.tokens[start:left] if not t.is_punct and not t.is_space]
    is_joined = any(t.pos_ == "CCONJ" and t.lower_ in COORDINATING for t in between)
    return len(between) <= FARTHEST_CUE and not is_joined


def _is_continued(reading: Reading, start: int) -> bool:
    """Return whether the reporter's sentence goes on at a token, in a small letter."""
    return start < len(reading.tokens) and reading.tokens[start].text[:1].islower()


def _ends_quoted(reading: Reading) -> bool:
    """Return whether the paragraph has words in its last sentence, so that its speaker may go on."""
    if not reading.parts:
        return False
    after = reading.text[reading.parts[-1].marked.end : reading.paragraph.end]
    return not re.search(r"[.?!]\s+\S", after)
