"""Tell by rule whether words in marks are a person's own, where a rule tells it for sure.

Everything else is left to the fitted trees of `ranker.py`.
"""

from __future__ import annotations

import re

from quotetrack.extract.attribution.rules import FoundMention, ParagraphScene
from quotetrack.lang import sections
from quotetrack.lang.en.words import CALLED_BEFORE, UNCAPITALISED_WORDS, WORK_BEFORE

# Confidence of the speaker from which words that are said to be said are the speaker's own.
SURE_SPEAKER = 0.5

_SENTENCE_BEFORE = re.compile(r"(?:^|[.?!:…][\"”’'»)\]]*|[—–])\s*$")
_ENDS = re.compile(r"[,.?!…—–-]$")
_LEADS_ON = re.compile(r"[,:]\s*$")
_GOES_ON = re.compile(r"\W*[a-z]")


def are_own(scene: ParagraphScene, part: int, speaker: FoundMention | None) -> bool | None:
    """Return whether a part is a person's own words; None where no rule tells."""
    if _is_title(scene, part):
        return False
    if _is_said(scene, part, speaker) or _is_whole_paragraph(scene, part) or _is_called_by(scene, part, speaker):
        return True
    return None


def _before(scene: ParagraphScene, part: int) -> str:
    reading = scene.reading
    return reading.text[reading.paragraph.start : reading.parts[part].marked.start]


def _is_title(scene: ParagraphScene, part: int) -> bool:
    """Return whether a part is what something is called: the project, called "A Roof"; a song, "We Had No Choice"."""
    before = _before(scene, part)
    is_called = CALLED_BEFORE.search(before) is not None or WORK_BEFORE.search(before) is not None
    return is_called and _has_title_case(scene.reading.parts[part].span.of(scene.reading.text))


def _has_title_case(words: str) -> bool:
    """Return whether all but the small words have a capital, and there are two at least."""
    first, *others = words.split()
    weighed = [word for word in others if word.lower() not in UNCAPITALISED_WORDS]
    has_capitals = all(word[:1].isupper() or not word[:1].isalpha() for word in weighed)
    return bool(weighed) and first[:1].isupper() and has_capitals


def _is_said(scene: ParagraphScene, part: int, speaker: FoundMention | None) -> bool:
    """Return whether a verb of speech stands directly beside words that are a sentence: "Faster!" Lee called."""
    if speaker is None or speaker.cue is None or speaker.confidence < SURE_SPEAKER:
        return False
    reading = scene.reading
    words = reading.parts[part].span.of(reading.text).rstrip()
    if words[:1].islower() or not _ENDS.search(words):
        return False
    verb = next((t for t in reading.tokens if reading.place(t) == speaker.cue), None)
    if verb is None or verb.lemma_.lower() not in sections("reporting.txt")["speech"]:
        return False
    before = _before(scene, part)
    if speaker.method == "after_cue":
        return _SENTENCE_BEFORE.search(before) is not None
    after = reading.text[reading.parts[part].marked.end : reading.paragraph.end]
    return speaker.method == "introduced" and bool(_LEADS_ON.search(before)) and not _GOES_ON.match(after)


def _is_called_by(scene: ParagraphScene, part: int, speaker: FoundMention | None) -> bool:
    """Return whether words stand beside their speaker: called “a disgrace” by Lee, quoted Lee’s “first rule”."""
    if speaker is None or speaker.method != "embedded":
        return False
    text, marked = scene.reading.text, scene.reading.parts[part].marked
    is_owned = text[speaker.mention.end : marked.start].strip() in ("’s", "'s")
    return is_owned or text[marked.end : speaker.mention.start].strip() == "by"


def _is_whole_paragraph(scene: ParagraphScene, part: int) -> bool:
    """Return whether a part is a paragraph of its own with a closing stop, below one with quoted words: a dialogue."""
    reading = scene.reading
    if reading.parts[part].marked != reading.paragraph or scene.previous is None or not scene.previous.parts:
        return False
    words = reading.parts[part].span.of(reading.text).rstrip()
    return words[-1:] in ".?!…" and not words[:1].islower() and not _has_title_case(words)
