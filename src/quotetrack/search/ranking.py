"""Score quotations against the topic of a question, by meaning, full text and place, and rank their utterances.

The score of a quotation is the sum of: the cosine of its passage to the topic, that of its words, its full-text score,
a gain from other quotations near it in its article, and a bonus if it has the topic word for word; a scrap loses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np

from quotetrack.core.normalize import normalise, unaccented
from quotetrack.models.embedder import Embedder, embed
from quotetrack.search.highlight import content_words
from quotetrack.store import Session
from quotetrack.store.search import (
    Narrowing,
    SearchHit,
    candidates,
    full_text,
    full_text_among,
    hits,
    utterances_with_words,
)
from quotetrack.store.vectors import Cosines, cosines

# The weights were fitted on fifteen judged questions (docs/quality.md, Questions); the cosine of the passage has 1.
WORDS_WEIGHT = 0.15  # of the cosine of the words
SAID_BONUS = 0.15  # for words that have the topic word for word; with less, a paragraph or a title outranks them
NEARBY = 1_500  # characters within which another quotation shares the theme of its article
NEARBY_WEIGHT = 0.2  # of the weighted cosines of the best quotation nearby
LONE_SHARE = 0.6  # of its own weighted cosines, which a quotation gains if no other is nearby
FULL_TEXT_WEIGHT = 0.1  # of the BM25 score, as a share of the best hit's
SHORT_PENALTY = 0.5  # for a scrap of a sentence: of 1,566 of up to three words, no reader took one for an answer
SHORTEST = 5  # words that are no scrap

POOL = 500  # sightings that full text proposes: a wire report may fill a hundred places with one utterance
MOST_SCANNED = 20_000  # sightings whose vectors are all read, in half a second; of more, only those of full text are
PAIR = 2  # words of a topic that may belong together
MOST_TOPIC_WORDS = 8  # that are looked for in the words of a yes or no
# A floor for what does not mention the topic: the first tens of the judged questions lose nothing by it, and of 37 such
# utterances a question 5 are left.
LEAST_NEAR = 0.4
LEAST_COSINE = 0.25  # of a topic to words or passage; with MiniLM, texts about different things have less

_NAME = re.compile(r"\b[A-Z]\w*(?: [A-Z]\w*)*")


def score_quotations(session: Session, topic: str, narrowing: Narrowing, embedder: Embedder | None) -> dict[int, float]:
    """Return the score of each utterance that is about the topic: that of its best sighting.

    Without an embedder, only full text proposes and scores. Among more than `MOST_SCANNED` sightings, meaning scores
    only those that full text proposes.
    """
    words = content_words(topic)
    ids = candidates(session, narrowing, most=MOST_SCANNED)
    if ids is None:
        by_text = dict(full_text(session, words, narrowing, limit=POOL))
    else:
        by_text = dict(full_text_among(session, words, ids, limit=POOL))
    meanings = {}
    if embedder is not None:
        (vector,) = embed([topic], embedder)
        meanings = weighted_cosines(cosines(session, vector, embedder.name, ids or sorted(by_text)), by_text)
    proposed = hits(session, sorted(by_text.keys() | meanings.keys()))
    return score_utterances(topic, proposed, by_text, meanings)


def mentioning(session: Session, topic: str, utterance_ids: Iterable[int], *, in_words: bool = False) -> set[int]:
    """Return those of these utterances that mention a topic in words, passage or title; the others are only near it.

    A topic that is nothing but names has to be named: by the last word of one of them. Of two words that belong
    together ("climate change") both have to stand there, of others one. With `in_words`, for a yes or no, the words
    themselves have to mention it: each name, and of up to two other words each, of more all but one.
    """
    wanted = _words_of_strict_mention(topic) if in_words else _words_of_mention(topic)
    return utterances_with_words(session, wanted, utterance_ids, in_words=in_words)


def _words_of_mention(topic: str) -> list[set[str]]:
    """Return sets of words, of each of which a mention has one."""
    words = content_words(topic).split()
    others = [word for word in words if not word[:1].isupper()]
    names = _NAME.findall(topic.replace("’", "'").replace("'s", ""))
    if names and not others:
        return [{name.split()[-1] for name in names}]
    if len(words) == len(others) == PAIR and " ".join(words) in topic:
        return [{word} for word in words]
    return [set(words)]


def _words_of_strict_mention(topic: str) -> list[set[str]]:
    words = list(dict.fromkeys(content_words(topic).split()))[:MOST_TOPIC_WORDS]
    named = [word for word in words if word[:1].isupper()]
    others = [word for word in words if word not in named]
    if len(others) <= PAIR:
        return [{word} for word in (*named, *others)]
    return [*({word} for word in named), *({one, other} for one, other in combinations(others, 2))]


def score_utterances(
    topic: str, proposed: Mapping[int, SearchHit], by_text: Mapping[int, float], meanings: Mapping[int, float]
) -> dict[int, float]:
    """Return the score of each utterance, that of its best quotation.

    `proposed` are the quotations by id; `by_text` their BM25 scores, `meanings` their weighted cosines, each where
    there is one.
    """
    best_text = max(by_text.values(), default=1.0)
    nearby = nearby_gains(proposed, meanings)
    topic_words = normalise(topic)
    longest = max(topic_words.split(), key=len, default="")  # a cheap first test, before all words are normalised
    scores: dict[int, float] = {}
    for quotation_id, hit in proposed.items():
        score = FULL_TEXT_WEIGHT * by_text.get(quotation_id, 0.0) / best_text
        score += meanings.get(quotation_id, 0.0)
        score += nearby.get(quotation_id, 0.0)
        if len(hit.words.split()) < SHORTEST:
            score -= SHORT_PENALTY
        if longest in unaccented(hit.words) and topic_words in normalise(hit.words):
            score += SAID_BONUS
        scores[hit.utterance_id] = max(score, scores.get(hit.utterance_id, score))
    return scores


def nearby_gains(proposed: Mapping[int, SearchHit], meanings: Mapping[int, float]) -> dict[int, float]:
    """Return what each quotation gains from the best quotation near it in its article: they share a theme."""
    by_version: dict[int, list[int]] = defaultdict(list)
    for quotation_id in meanings.keys() & proposed.keys():
        by_version[proposed[quotation_id].version_id].append(quotation_id)
    gains = {}
    for of_one_article in by_version.values():
        for quotation_id in of_one_article:
            start = proposed[quotation_id].start
            near = [
                meanings[other]
                for other in of_one_article
                if other != quotation_id and abs(proposed[other].start - start) < NEARBY
            ]
            gains[quotation_id] = NEARBY_WEIGHT * max(near, default=LONE_SHARE * meanings[quotation_id])
    return gains


def weighted_cosines(found: Cosines, also: Iterable[int]) -> dict[int, float]:
    """Return the weighted cosines of the topic to passage and words: of the nearest by either, and of `also`."""
    pool = set(also)
    for near in (found.passage, found.words):
        best = np.lexsort((found.ids, -near))[:POOL]
        pool.update(found.ids[best[near[best] >= LEAST_COSINE]].tolist())
    meanings = dict(zip(found.ids.tolist(), (found.passage + WORDS_WEIGHT * found.words).tolist(), strict=True))
    return {quotation_id: meanings.get(quotation_id, 0.0) for quotation_id in pool}
