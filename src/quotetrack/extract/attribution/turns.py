"""Tell whose turn it is where a question and its answer stand in marks alone, without a word on who speaks.

"And after it?" below "...," Heffernan said, and above "Nothing," Heffernan said, is not Heffernan’s. Who asks is
another than who answers, so that two people take turns as long as questions follow answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention, ParagraphScene
from quotetrack.extract.attribution.syntax import RuleMatch, mention_of
from quotetrack.extract.entities.nouns import noun_of_person
from quotetrack.lang.en.pronouns import HE_OR_SHE
from quotetrack.lang.en.words import QUOTE_MARK, TAG_QUESTION, TO_YOU

# Confidence of who spoke two turns away or was spoken to.
TURN = 0.85
# Questions above words in marks alone, from which on an article is an interview.
FEWEST_QUESTIONS = 3

_WORD = re.compile(r"\w")
_BREAK = re.compile(r"\n\s*")
_QUESTION = re.compile(r"\?\W*$")
_OBJECTS = {"dobj", "dative"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One quoted part with its scene and the mention chosen for it."""

    scene: ParagraphScene
    number: int
    speaker: FoundMention | None

    @property
    def span(self) -> Span:
        """Return the characters of the part."""
        return self.scene.reading.parts[self.number].span

    @property
    def marked(self) -> Span:
        """Return the characters of the part with its marks."""
        return self.scene.reading.parts[self.number].marked

    @property
    def asks(self) -> bool:
        """Return whether the words end in a question mark, or are alone and ask for consent: "wasn’t it? It was."."""
        text = self.marked.of(self.scene.reading.text)
        return _QUESTION.search(text) is not None or (self.is_alone() and TAG_QUESTION.search(text) is not None)

    def is_alone(self) -> bool:
        """Return whether no word stands beside the part, up to the next parts and the ends of its paragraph."""
        reading, parts = self.scene.reading, self.scene.reading.parts
        start = parts[self.number - 1].marked.end if self.number else reading.paragraph.start
        is_last = self.number + 1 == len(parts)
        end = reading.paragraph.end if is_last else parts[self.number + 1].marked.start
        before, after = reading.text[start : self.marked.start], reading.text[self.marked.end : end]
        return not _WORD.search(before) and not _WORD.search(after)

    def goes_on_from(self, before: Turn) -> bool:
        """Return whether the part goes on with the words before it: "Nothing," Lund said. "It was shut."."""
        is_one = before.scene is self.scene and before.number + 1 == self.number
        return is_one and not before.is_alone() and not before.asks and _mention(before) == _mention(self)


def take_turns(parts: Sequence[Turn]) -> dict[Span, FoundMention | None]:
    """Return the speakers of the parts whose turn tells them, by part. `parts` are all of a text, in order.

    None tells that an answer is not by who asks, and that nothing says by whom it is.
    """
    turns: list[list[Turn]] = []
    for part in parts:
        if turns and part.goes_on_from(turns[-1][-1]):
            turns[-1].append(part)
        else:
            turns.append([part])
    changes = _changes(turns)
    found: dict[Span, FoundMention | None] = {}
    for index, (turn, *more) in enumerate(turns):
        if more or not turn.is_alone() or not (changes[index] or changes[index + 1]):
            continue
        speaker = _speaker_by_turns(turns, changes, index, found)
        is_asked = changes[index] and turns[index - 1][-1].asks and _mention(turns[index - 1][-1]) is not None
        if speaker is not None or (is_asked and _mention(turn) == _mention(turns[index - 1][-1])):
            found[turn.span] = speaker
    return found


def answers_to_you(parts: Sequence[Turn]) -> dict[Span, None]:
    """Return the answers in an interview whose speaker is wrong: one whom a question names for the first time.

    "Your first foreman, Bo Tapp, was hard on you." is no question to Tapp. `parts` are all of a text, in order.
    """
    answers = [(part, _question_above(part)) for part in parts if part.is_alone()]
    questions = [question for _, question in answers if question is not None]
    if len(questions) < FEWEST_QUESTIONS:
        return {}
    text = parts[0].scene.reading.text
    before = text[: questions[0].start]
    return {
        part.span: None
        for part, question in answers
        if question is not None
        and part.speaker is not None
        and part.speaker.cue is None
        and any(other.overlap(part.speaker.mention) for other in questions)
        and part.speaker.head.of(text) not in before
        and TO_YOU.fullmatch(part.speaker.mention.of(text)) is None
    }


def _question_above(part: Turn) -> Span | None:
    """Return the paragraph directly above a part if it has no marks and asks, or speaks to "you"."""
    reading = part.scene.reading
    end = len(reading.text[: reading.paragraph.start].rstrip())
    if not end:
        return None
    above = Span(reading.text.rfind("\n", 0, end) + 1, end)
    words = above.of(reading.text)
    return above if QUOTE_MARK.search(words) is None and TO_YOU.search(words) is not None else None


def _changes(turns: Sequence[Sequence[Turn]]) -> list[bool]:
    """Return for each turn, and for the end, whether somebody else speaks from there on than before."""
    changes = [False] * (len(turns) + 1)
    for index in range(1, len(turns)):
        before, turn = turns[index - 1][-1], turns[index][0]
        text = turn.scene.reading.text
        breaks = len(_BREAK.findall(between := text[before.marked.end : turn.marked.start]))
        is_beside = breaks == 1 or not _WORD.search(between)
        is_asked = turns[index][-1].asks
        is_answer = before.asks or (is_asked and changes[index - 1])
        are_two = breaks == 1 and _are_two(before, turn)
        is_change = before.is_alone() or turn.is_alone() or are_two
        changes[index] = is_beside and ((is_answer and is_change) or (is_asked and are_two))
    return changes


def _mention(turn: Turn) -> str | None:
    """Return the words that name the speaker."""
    return turn.speaker.mention.of(turn.scene.reading.text) if turn.speaker is not None else None


def _are_two(asking: Turn, answering: Turn) -> bool:
    """Return whether a question and its answer have different speakers by their own words, one of them no pronoun."""
    names = {_mention(asking), _mention(answering)}
    is_told = None not in names and len(names) == 2
    return is_told and any(name is not None and name.lower() not in HE_OR_SHE for name in names)


def _speaker_by_turns(
    turns: Sequence[Sequence[Turn]], changes: Sequence[bool], index: int, found: Mapping[Span, FoundMention | None]
) -> FoundMention | None:
    """Return who spoke two turns away, else who was spoken to one turn away; None where the text tells neither.

    `found` are the speakers of the turns before that stand alone.
    """
    beside: list[Turn] = []
    for step in (-1, 1):
        at = index
        while changes[at if step < 0 else at + 1]:
            at += step
            turn = turns[at][0]
            speaker = found.get(turn.span) if turn.is_alone() else turn.speaker
            if speaker is not None and (at - index) % 2 == 0:
                return _with(speaker.mention, speaker.head, TURN)
            if speaker is not None and at == index + step:
                beside.append(turn)
    for turn in beside:
        if (addressed := _addressed(turn)) is not None:
            return _with(addressed.mention, addressed.head, TURN)
    return None


def _with(mention: Span, head: Span, confidence: float) -> FoundMention:
    return FoundMention(mention, head, None, "turn", confidence, False)


def _addressed(turn: Turn) -> RuleMatch | None:
    """Return the one to whom a turn speaks: "Nine," Lund replied to the guard; "Were you there?" Lund asked her."""
    reading = turn.scene.reading
    cue = turn.speaker.cue if turn.speaker is not None else None
    verb = next((t for t in reading.tokens if cue is not None and reading.place(t) == cue), None)
    if verb is None:
        return None
    behind = [t for t in verb.children if t.i > verb.i and reading.inside[t.i] < 0]
    objects = [t for t in behind if t.dep_ in _OBJECTS]
    objects += [t for to in behind if to.lower_ == "to" for t in to.children if t.dep_ == "pobj"]
    for token in objects:
        if turn.speaker is not None and turn.speaker.mention.overlap(reading.place(token)):
            continue  # "asked the coroner, Ann Lee": parsers take the subject behind its verb for an object
        is_one = token.tag_ == "NN" and noun_of_person(token.text) is not None
        if token.lower_ in HE_OR_SHE or token.ent_type_ == "PERSON" or is_one:
            return mention_of(reading, token.i)
    return None
