"""Join the parts of one paragraph that are one quotation: "A," she said. "B".

Parts are joined where nothing but the attribution stands between them, never across a sentence with another subject and
never from a question to its answer. What stands between two parts is their gap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from quotetrack.core.domain import Quotation, QuotationKind, Span
from quotetrack.extract.attribution.rules import LONGEST_TAG, FoundMention, ParagraphScene
from quotetrack.extract.quotes import words_of
from quotetrack.lang import sections
from quotetrack.lang.en.sentences import SENTENCE_BOUNDARY
from quotetrack.lang.en.words import PERSONAL_PRONOUNS, PLAIN_SPEECH_VERBS

_WORD = re.compile(r"\w")
_MARK = re.compile(r"[\s(](?:''|``|[\"“„«‘‹])(?=\w)")  # opens words that no mark closes
_LEADS_ON = re.compile(r"[,:;—–-][\s\"“„«‘‹'`”»’›]*$")  # before the opening mark of the next part
_AND = re.compile(r",\s(?:and|but)\s[\"“„«‘‹'`]+$")
_STOPS = re.compile(r"[.?!][\s\"“„«‘‹'`”»’›]*$")
_OPEN = re.compile(r"(?:^|[.?!:…][\"”’'»)\]]*\s)[\s\"“„«‘‹'`—–-]*$")  # before words that open a sentence
_SUBJECTS = {"nsubj", "nsubjpass"}
_ASKING = {"ask", "press"}
_VERBS, _NOUNS = {"VERB", "AUX"}, {"NOUN", "PROPN"}

Mentions = Mapping[Span, FoundMention | None]
Scenes = Mapping[Span, ParagraphScene]


@dataclass(frozen=True, slots=True)
class _Gap:
    """The reporter's words between two quotations of one paragraph, with the speakers on both sides.

    `tokens` are the parsed ones (`places`: where each begins), `tag` is the verb by which
    the left speaker speaks, `cues` are the other reporting verbs.
    """

    text: str
    span: Span
    left: Quotation
    right: Quotation
    left_speaker: FoundMention
    right_speaker: FoundMention
    tokens: list[Token]
    places: list[int]
    tag: Token | None
    cues: list[Token]

    @property
    def words(self) -> str:
        """The characters of the gap."""
        return self.span.of(self.text)

    def sentences(self) -> list[int]:
        """Return where sentences of the reporter begin in the gap; a stop inside the marks ends one too."""
        start = self.span.start - 1
        boundaries = SENTENCE_BOUNDARY.finditer(self.text, start, self.span.end)
        return [b.start() for b in boundaries if _WORD.search(self.text, b.end(), self.span.end)]

    def has_tag(self) -> bool:
        """Return whether the gap says who speaks the words before it: "…," Lee said."""
        if self.span.start <= self.left_speaker.mention.start < self.span.end:
            return True
        is_short = len([t for t in self.tokens if not t.is_punct]) <= LONGEST_TAG
        return is_short and bool(self.cues) and self.left_end() in ",?!"

    def left_end(self) -> str:
        """Return the last character of the words before the gap."""
        return self.text[self.span.start - 1]

    def leads_on(self) -> bool:
        """Return whether the gap ends in a comma, a colon or a dash."""
        return _LEADS_ON.search(self.words) is not None


def join_quotations(
    text: str, paragraphs: Sequence[Span], quotations: Sequence[Quotation], mentions: Mentions, scenes: Scenes
) -> list[Quotation]:
    """Return the quotations, those that continue one another joined, in order; `mentions` and `scenes` are by part."""
    joined: list[Quotation] = []
    for quotation in quotations:
        before = joined[-1] if joined else None
        gap = _gap(text, paragraphs, before, quotation, mentions, scenes) if before is not None else None
        if before is not None and gap is not None and _continues(gap):
            kinds = {before.kind, quotation.kind}
            kind = QuotationKind.FULL if QuotationKind.FULL in kinds else QuotationKind.MIXED
            context = Span(before.context.start, quotation.context.end)
            joined[-1] = Quotation(before.parts + quotation.parts, before.words, kind, context)
        else:
            joined.append(quotation)
    return [_with_words(text, quotation, mentions) for quotation in joined]


def own_quotations(
    text: str,
    paragraphs: Sequence[Span],
    quotations: Sequence[Quotation],
    is_own: Mapping[Span, bool],
    mentions: Mentions,
    scenes: Scenes,
) -> list[Quotation]:
    """Return the quotations that are somebody's own words: those by `is_own`, and what continues them behind a tag.

    For example, "One," said Gus Ochoa. "Mine."
    """
    own = [is_own[quotation.parts[0]] for quotation in quotations]
    for index in range(1, len(quotations)):
        before, quotation = quotations[index - 1], quotations[index]
        if own[index - 1] == own[index]:
            continue
        gap = _gap(text, paragraphs, before, quotation, mentions, scenes)
        if gap is None or not gap.has_tag() or gap.left_end() not in ",?!":
            continue
        if (own[index - 1] or _opens_sentence(text, before)) and _continues(gap):
            own[index - 1] = own[index] = True
    return [quotation for quotation, kept in zip(quotations, own, strict=True) if kept]


def _opens_sentence(text: str, quotation: Quotation) -> bool:
    """Return whether no word of the reporter's sentence stands before a quotation."""
    line = text[quotation.context.start : quotation.parts[0].start]
    return _OPEN.search(line) is not None


def _with_words(text: str, quotation: Quotation, mentions: Mentions) -> Quotation:
    found = [speaker for part in quotation.parts if (speaker := mentions.get(part)) is not None]
    attribution = [span for speaker in found for span in (speaker.mention, speaker.cue) if span is not None]
    return replace(quotation, words=words_of(text, quotation.parts, attribution))


def _gap(
    text: str,
    paragraphs: Sequence[Span],
    left: Quotation,
    right: Quotation,
    mentions: Mentions,
    scenes: Scenes,
) -> _Gap | None:
    """Return what stands between two quotations; None in two paragraphs, or where one has no speaker."""
    first, second = left.parts[-1], right.parts[0]
    speakers = mentions.get(first), mentions.get(second)
    starts = {part.start for part in scenes}
    is_one_paragraph = any(p.start <= first.start and second.start < p.end for p in paragraphs)
    if not is_one_paragraph or speakers[0] is None or speakers[1] is None:
        return None
    marks = _MARK.finditer(text, first.end + 1, second.start - 1)
    unclosed = next((mark.start() for mark in marks if mark.end() not in starts), second.start)
    span = Span(first.end, max(first.end + 1, unclosed))
    readings = {id(scenes[part].reading): scenes[part] for part in (first, second)}.values()
    tokens: list[Token] = []
    begins: list[int] = []
    cues: list[Token] = []
    tag = None
    for scene in readings:
        reading = scene.reading
        places = {t.i: reading.place(t) for t in reading.tokens if reading.inside[t.i] < 0}
        inside = [t for t in reading.tokens if t.i in places and span.start <= places[t.i].start < span.end]
        verbs = {cue.verb for cue in scene.cues}
        tokens += inside
        begins += [places[t.i].start for t in inside]
        if span.start <= speakers[0].mention.start < span.end:
            tag = next((t for t in inside if places[t.i] == speakers[0].cue), tag)
        cues += [t for t in inside if t.i in verbs and t is not tag]
    return _Gap(text, span, left, right, speakers[0], speakers[1], tokens, begins, tag, cues)


def _continues(gap: _Gap) -> bool:
    """Return whether the words behind a gap continue those before it."""
    if not _WORD.search(gap.words):
        return _is_under_same_cue(gap) and not _has_question(gap)
    sentences = gap.sentences()
    later = [start for start in sentences if start >= gap.span.start]
    if later:
        return _both_full(gap) and _is_same_speaker(gap) and _speaks_of_nobody_else(gap, later)
    if sentences and not _is_tag_behind_stop(gap):
        return gap.leads_on() and _both_full(gap) and _is_under_same_cue(gap)
    return _continues_behind_tag(gap) if gap.has_tag() else _continues_under_cue(gap)


def _has_question(gap: _Gap) -> bool:
    """Return whether one side of a gap asks: what stands directly beside it is another's."""
    words = gap.right.parts[0].of(gap.text).rstrip()
    return gap.left_end() == "?" or words.endswith("?")


def _both_full(gap: _Gap) -> bool:
    return gap.left.kind is gap.right.kind is QuotationKind.FULL


def _speaks_of_nobody_else(gap: _Gap, sentences: Sequence[int]) -> bool:
    """Return whether the sentences behind a tag only go on with its subject: "…," Lee said. She sat down. "…".

    Without a subject they must lead on to the words: "…," he said. Then, "…". A question is put by somebody else.
    """
    tokens = [t for t, place in zip(gap.tokens, gap.places, strict=True) if place > sentences[0]]
    subjects = [t for t in tokens if t.dep_ in _SUBJECTS]
    if "?" in gap.words or any(t.lemma_.lower() in _ASKING for t in tokens):
        return False
    if not subjects:
        is_short = len([t for t in tokens if not t.is_punct]) <= LONGEST_TAG
        return len(sentences) == 1 and is_short and re.search(r",\W*$", gap.words) is not None
    return all(t.lower_ in PERSONAL_PRONOUNS for t in subjects)


def _is_tag_behind_stop(gap: _Gap) -> bool:
    """Return whether a gap behind a stop inside the marks is a tag: "Where?" she asked. "No." Lee said."""
    if gap.tag is None:
        return False
    verb = gap.tag.lemma_.lower()
    if gap.left_end() in "?!":
        return verb in sections("reporting.txt")["speech"]
    return verb in PLAIN_SPEECH_VERBS and not gap.leads_on()


def _continues_behind_tag(gap: _Gap) -> bool:
    """Return whether the words behind "…," Lee said go on with Lee's: no other subject, no new cue before them."""
    if _has_other_subject(gap) or gap.right_speaker.mention.start >= gap.right.parts[0].end:
        return False
    begins_small = gap.right.parts[0].of(gap.text).lstrip("([…. ")[:1].islower()
    if not gap.leads_on() and not _STOPS.search(gap.words) and not _AND.search(gap.words):
        is_plain = gap.right.kind is QuotationKind.MIXED or _ends_in_tag(gap)
        goes_on = gap.left.kind is gap.right.kind or (begins_small and gap.tag is not None and not gap.cues)
        return is_plain and goes_on and _is_under_same_cue(gap)
    has_new_cue = gap.left_end() == "?" or (bool(gap.cues) and gap.right_speaker.cue != gap.left_speaker.cue)
    if gap.leads_on() and not begins_small and has_new_cue:
        return False
    is_sentence = gap.right.kind is QuotationKind.FULL or gap.right.parts[0].of(gap.text).rstrip()[-1:] in ".?!"
    return is_sentence or begins_small or _is_under_same_cue(gap)


def _ends_in_tag(gap: _Gap) -> bool:
    """Return whether nothing stands behind the speaker and the verb: "…," he said "…"."""
    last = len(gap.words.rstrip(" \t\n\"“„«‘‹'`")) + gap.span.start
    cue = gap.left_speaker.cue
    return last in (gap.left_speaker.mention.end, cue.end if cue is not None else None)


def _continues_under_cue(gap: _Gap) -> bool:
    """Return whether two parts under a cue before both are one: Lee called it "a" and "b"."""
    has_new_cue = any(cue.dep_ == "conj" or (cue.dep_ == "advcl" and cue.tag_ == "VBG") for cue in gap.cues)
    return (_both_full(gap) or not has_new_cue) and _is_under_same_cue(gap)


def _has_other_subject(gap: _Gap) -> bool:
    """Return whether somebody else speaks or acts beside the tag: "Lee said, and her husband cut in"."""
    for verb in gap.tokens:
        if verb.pos_ not in _VERBS:
            continue
        is_joined = verb.dep_ == "conj" and gap.tag is not None and verb.head.i == gap.tag.i
        is_answer = verb.dep_ == "relcl" and any(t.lower_ == "which" and t.dep_ == "pobj" for t in verb.subtree)
        if (is_joined or is_answer) and any(t.dep_ in _SUBJECTS and t.pos_ in _NOUNS for t in verb.children):
            return True
    return False


def _is_same_speaker(gap: _Gap) -> bool:
    return gap.left_speaker.mention == gap.right_speaker.mention


def _is_under_same_cue(gap: _Gap) -> bool:
    """Return whether both sides have one mention and one cue, or none that is new."""
    left, right = gap.left_speaker, gap.right_speaker
    if not _is_same_speaker(gap):
        return False
    if right.cue is not None:
        return right.cue == left.cue or left.cue is None
    return gap.right.kind is QuotationKind.FULL or not re.search(r"[.?!]\s", gap.words)
