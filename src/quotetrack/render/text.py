"""Phrases and marks that several renderers share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from enum import Enum
from urllib.parse import quote

from quotetrack.core.domain import SURE_SPEAKER, Alternative, Quotation, ReportedStatement, Sighting, Utterance
from quotetrack.core.texts import gettext, gettext_noop

NO_SPEAKER = gettext_noop("(no speaker named)")
BOLD_UNDERLINED, PLAIN = "\x1b[1;4m", "\x1b[0m"

# What a terminal would obey, or print in another order: control characters but line ends and tabs, other line ends,
# marks that turn the direction of writing, and halves of characters, which cannot be printed at all.
_OBEYED = (range(0x20), range(0x7F, 0xA0), range(0x2028, 0x202F), range(0x2066, 0x206A), range(0xD800, 0xE000))
_AS_SIGN = {code: "\N{REPLACEMENT CHARACTER}" for codes in _OBEYED for code in codes if chr(code) not in "\n\t"}
_LEFT_IN_URLS = "".join(chr(code) for code in range(0x21, 0x7F))


# Speakers


def speaker_of_quotation(quotation: Quotation | ReportedStatement, text: str) -> str:
    """Return the name; where it is unsure, the mention and who may be meant; `NO_SPEAKER` where nobody is mentioned."""
    found = quotation.attribution
    if found is None:
        return gettext(NO_SPEAKER)
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
    return speaker_of_sighting(surest) if surest else utterance.speaker or gettext(NO_SPEAKER)


def _probable(name: str | None, confidence: float, mention: str | None, mention_confidence: float | None) -> str | None:
    """Return the name with "(probably)" behind it where it is not sure.

    A name that the mention itself prints ("Reuters said") is as sure as the mention.
    """
    if not name or confidence >= SURE_SPEAKER:
        return name
    is_printed = mention is not None and name.split()[-1] in mention.split()
    if is_printed and mention_confidence is not None and mention_confidence >= SURE_SPEAKER:
        return name
    return gettext("%(name)s (probably)", name=name)


def _speaker_text(name: str | None, mention: str | None, alternatives: Sequence[Alternative]) -> str:
    """Return the name, else for example "she: Orla Venn, Ada Roth or Ilse Brandvold (unsure)"."""
    if name or not alternatives:
        return name or gettext(NO_SPEAKER)
    *others, last = (each.name for each in alternatives)
    names = gettext("%(names)s or %(last)s", names=", ".join(others), last=last) if others else last
    unsure = gettext("%(names)s (unsure)", names=names)
    return f"{one_line(mention)}: {unsure}" if mention else unsure


# Words and numbers


def visible(text: str) -> str:
    """Return a text with "�" for each character that a terminal would obey rather than show."""
    return text.translate(_AS_SIGN)


def shown(value: object) -> object:
    """Return what a page shows for a value: text made `visible`, anything else as it is."""
    return visible(value) if type(value) is str else value


def visible_utterance(utterance: Utterance) -> Utterance:
    """Return an utterance with all its texts `visible`, each of the same length."""
    return replace(utterance, sightings=tuple(map(visible_sighting, utterance.sightings)))


def visible_sighting(sighting: Sighting) -> Sighting:
    """Return a sighting with all its texts `visible`, each of the same length."""
    values = {field.name: getattr(sighting, field.name) for field in fields(sighting)}
    texts = {name: visible(v) for name, v in values.items() if isinstance(v, str) and not isinstance(v, Enum)}
    alternatives = tuple(replace(each, name=visible(each.name)) for each in sighting.alternatives)
    return replace(sighting, **(values | texts | {"alternatives": alternatives}))


def hyperlink(text: str, url: str) -> str:
    """Return a text that opens a URL on terminals that know the sequence OSC 8; others print the text alone."""
    return f"\x1b]8;;{quote(url, safe=_LEFT_IN_URLS, errors='replace')}\x1b\\{text}\x1b]8;;\x1b\\"


def quoted(words: str) -> str:
    """Return words in quotation marks on one line, without the last comma."""
    return f"“{without_last_comma(one_line(words))}”"


def without_last_comma(words: str) -> str:
    """Return words without a comma or semicolon at their end: it is the reporter's, whose sentence went on."""
    return words.rstrip(",;")


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())


def count(number: int, noun: str) -> str:
    """Return "1 outlet" or "5 outlets"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def size_text(size: int) -> str:
    """Return a number of bytes as "512 bytes", "1.5 KiB", "2.0 MiB" or "3.1 GiB"."""
    for exponent, unit in ((3, "GiB"), (2, "MiB"), (1, "KiB")):
        if size >= 1024**exponent:
            return f"{size / 1024**exponent:.1f} {unit}"
    return count(size, "byte")
