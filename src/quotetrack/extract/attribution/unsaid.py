"""Tell by rule that words are not those of the one whom everything else points at.

"Lee was asked, “Will you go?”": the words are those of whoever asked. "Lee “came up behind me”": somebody tells it of
Lee. Nobody is a better answer than the wrong one.
"""

from __future__ import annotations

from spacy.tokens import Token

from quotetrack.extract.attribution.rules import FoundMention, ParagraphScene
from quotetrack.extract.attribution.syntax import mention_of
from quotetrack.extract.frames import Reading
from quotetrack.lang.en.pronouns import FIRST_PERSON, SUBJECT_PRONOUNS
from quotetrack.lang.en.words import TELLING_VERBS

# Confidence of who asked, as told by "was asked by Lee".
BY = 0.9

_SUBJECTS = {"nsubj", "nsubjpass"}


def corrected(scene: ParagraphScene, part: int, speaker: FoundMention | None) -> FoundMention | None:
    """Return the speaker, another one, or None where the words cannot be the speaker's."""
    heard = _heard_verb(scene.reading, part)
    if heard is not None:
        return _by(scene.reading, heard)
    return None if speaker is not None and _is_told_of(scene.reading, part, speaker) else speaker


def _heard_verb(reading: Reading, part: int) -> Token | None:
    """Return "asked" of "was asked, “...”", directly before the marks; None where nobody was asked or told."""
    before = [t for t in reading.tokens[: reading.first_token(part)] if reading.inside[t.i] < 0 and not t.is_punct]
    if not before or before[-1].lemma_.lower() not in TELLING_VERBS or before[-1].tag_ != "VBN":
        return None
    verb = before[-1]
    is_passive = any(child.dep_ == "auxpass" for child in verb.children)
    gap = reading.text[reading.place(verb).end : reading.parts[part].marked.start]
    return verb if is_passive and gap.strip() in ("", ",", ":") else None


def _by(reading: Reading, verb: Token) -> FoundMention | None:
    """Return who asked: Lee in "was asked by Lee"; None where nothing says it."""
    for by in verb.children:
        for agent in by.children if by.dep_ == "agent" else ():
            match = mention_of(reading, agent.i, reading.place(verb))
            return FoundMention(match.mention, match.head, match.cue, "embedded", BY, True)
    return None


def _is_told_of(reading: Reading, part: int, speaker: FoundMention) -> bool:
    """Return whether a fragment that speaks of "me" begins with what somebody else does: Lee “came up behind me”."""
    words = reading.parts[part].span.of(reading.text)
    if speaker.cue is not None or not words[:1].islower() or FIRST_PERSON.search(words) is None:
        return False
    first = reading.first_token(part)
    before = next((t for t in reversed(reading.tokens[:first]) if not t.is_punct), None)
    if before is None or before.dep_ not in _SUBJECTS:
        return False
    inside = [t for t in reading.tokens[first : reading.after_token(part)] if t.is_alpha]
    return before.lower_ in SUBJECT_PRONOUNS or bool(inside and before.head.i == inside[0].i)
