"""Mark the words of a topic in the text of an answer, and say in which fields they stand. For display only.

Full text finds words by their stems, with the Porter stemmer of the database. Here a word counts as a hit if it equals
a word of the topic once a common ending is taken off both. The two may disagree about a rare word: then an answer is
found and nothing in it is marked. Neither the choice nor the order of answers depends on `matches`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from quotetrack.core.domain import Span, Utterance
from quotetrack.core.normalize import normalise
from quotetrack.lang.en.words import FUNCTION_WORDS, WORD_ENDINGS

SHORTEST_STEM = 3  # letters that an ending must leave
KEPT_STEMS = 10_000  # words whose stems are kept: a tenth of an answer's time goes to finding them again

_WORD = re.compile(r"\w+")


def content_words(topic: str) -> str:
    """Return the words of a topic without function words; the topic unchanged if it has no others."""
    return " ".join(word for word in _WORD.findall(topic) if word.casefold() not in FUNCTION_WORDS) or topic


def matches(topic: str, text: str) -> list[Span]:
    """Return where a text has words of the topic, whatever their endings, in order."""
    wanted = {_stem(word) for word in _WORD.findall(content_words(topic))}
    return [Span(*match.span()) for match in _WORD.finditer(text) if _stem(match[0]) in wanted]


def terms_of(text: str) -> dict[str, str]:
    """Return the terms of a text, without function words, in order, each with the word as first printed.

    A term is a normalised word without its ending: "ferry" and "ferries" are one.
    """
    terms: dict[str, str] = {}
    for word in _WORD.findall(text):
        if word.casefold() not in FUNCTION_WORDS:
            terms.setdefault(_stem(word), word)
    return terms


def words_that_hit(utterance: Utterance, topic: str | None) -> tuple[str, ...]:
    """Return in which fields of its sightings the words of the topic stand; "meaning" if in none."""
    if topic is None:
        return ()
    texts = {
        "words": " ".join(utterance.variants),
        "passage": " ".join(f"{s.context_before} {s.context_after}" for s in utterance.sightings),
        "title": " ".join(s.title or "" for s in utterance.sightings),
    }
    return tuple(field for field, text in texts.items() if matches(topic, text)) or ("meaning",)


@lru_cache(maxsize=KEPT_STEMS)
def _stem(word: str) -> str:
    """Return a normalised word without the first listed ending that leaves enough of it."""
    bare = normalise(word)
    for ending in WORD_ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= SHORTEST_STEM:
            return bare.removesuffix(ending)
    return bare
