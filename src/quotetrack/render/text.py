"""Phrases and marks that several renderers share."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.core.controls import visible
from quotetrack.core.domain import SURE_SPEAKER, Alternative, Quotation, Sighting, Utterance

NO_SPEAKER = "(no speaker named)"
BOLD_UNDERLINED, PLAIN = "\x1b[1;4m", "\x1b[0m"


# Speakers


def speaker_of_quotation(quotation: Quotation, text: str) -> str:
    """Return the name; where it is unsure, the mention and who may be meant; `NO_SPEAKER` where nobody is mentioned."""
    found = quotation.attribution
    if found is None:
        return NO_SPEAKER
    mention = found.mention.of(text) if found.mention else None
    name = _probable(found.name, found.confidence, mention, found.mention_confidence)
    return _speaker_text(name, mention, found.alternatives)


def speaker_of_sighting(sighting: Sighting) -> str:
    """Return the same as `speaker_of_quotation` for a sighting."""
    name = _probable(sighting.speaker, sighting.speaker_confidence, sighting.mention_words, sighting.mention_confidence)
    return _speaker_text(name, sighting.mention_words, sighting.alternatives)


def speaker_of_utterance(utterance: Utterance) -> str:
    """Return the same as `speaker_of_quotation` for an utterance."""
    unsure = utterance.unsure_sighting
    if unsure is not None:
        return speaker_of_sighting(unsure)
    own = [s for s in utterance.sightings if s.speaker == utterance.speaker]
    surest = max(own, key=lambda sighting: sighting.speaker_confidence, default=None)
    return speaker_of_sighting(surest) if surest else utterance.speaker or NO_SPEAKER


def _probable(name: str | None, confidence: float, mention: str | None, mention_confidence: float | None) -> str | None:
    """Return the name with "(probably)" behind it where it is not sure.

    A name that the mention itself prints ("Reuters said") is as sure as the mention.
    """
    if not name or confidence >= SURE_SPEAKER:
        return name
    is_printed = mention is not None and name.split()[-1] in mention.split()
    if is_printed and mention_confidence is not None and mention_confidence >= SURE_SPEAKER:
        return name
    return f"{name} (probably)"


def _speaker_text(name: str | None, mention: str | None, alternatives: Sequence[Alternative]) -> str:
    """Return the name, else for example "she: Orla Venn, Ada Roth or Ilse Brandvold (unsure)"."""
    if name or not alternatives:
        return name or NO_SPEAKER
    *others, last = (each.name for each in alternatives)
    names = f"{', '.join(others)} or {last}" if others else last
    return f"{one_line(mention)}: {names} (unsure)" if mention else f"{names} (unsure)"


# Words and numbers


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())


def shown(value: object) -> object:
    """Return what a page shows for a value: text with its control characters shown, anything else as it is."""
    return visible(value) if type(value) is str else value


def count(number: int, noun: str) -> str:
    """Return "1 outlet" or "5 outlets"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def size_text(size: int) -> str:
    """Return a number of bytes as "512 bytes", "1.5 KiB", "2.0 MiB" or "3.1 GiB"."""
    for exponent, unit in ((3, "GiB"), (2, "MiB"), (1, "KiB")):
        if size >= 1024**exponent:
            return f"{size / 1024**exponent:.1f} {unit}"
    return count(size, "byte")
