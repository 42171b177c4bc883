"""Words of a question in the words of an answer."""

from __future__ import annotations

import re

from quotetrack.core.domain import Span, Utterance
from quotetrack.core.normalize import normalise

# In a topic these find every paragraph; a topic of nothing else is searched for as it is.
_FUNCTION_WORDS_LISTED = """
    a about after all an and any are as at be because been before being but by can could did do does for from had
    has have he her him his how i if in into is it its may me might more most my no not of on or our over s said say
    she should so some such than that the their them then there these they this those to under up us was we were what
    when where which while who whom why will with would you your
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_LISTED.split())


def content_words(topic: str) -> str:
    """The words of a topic that can tell one paragraph from another."""
    words = re.findall(r"\w+", topic)
    return " ".join(word for word in words if word.casefold() not in _FUNCTION_WORDS) or topic


# Where it hit

_WORD = re.compile(r"\w+")
_ENDINGS = ("ations", "ation", "ings", "ing", "ions", "ion", "ies", "ied", "ers", "er", "ed", "es", "s", "y", "e")
_SHORTEST_STEM = 3


def matches(topic: str, text: str) -> list[Span]:
    """Where a text has words of the topic, whatever their endings, in order."""
    wanted = {_stem(word) for word in _WORD.findall(content_words(topic))}
    return [Span(*found.span()) for found in _WORD.finditer(text) if _stem(found[0]) in wanted]


def _stem(word: str) -> str:
    """A word without its ending, roughly as the full-text index takes it off: only to show what hit."""
    bare = normalise(word)
    ending = next((e for e in _ENDINGS if bare.endswith(e) and len(bare) - len(e) >= _SHORTEST_STEM), "")
    return bare.removesuffix(ending)


def words_that_hit(utterance: Utterance, topic: str | None) -> tuple[str, ...]:
    """Return in which fields of a sighting the words of the topic stand."""
    if topic is None:
        return ()
    texts = {
        "words": " ".join(utterance.variants),
        "passage": " ".join(f"{s.context_before} {s.context_after}" for s in utterance.sightings),
        "title": " ".join(s.title or "" for s in utterance.sightings),
    }
    return tuple(field for field, text in texts.items() if matches(topic, text)) or ("meaning",)
