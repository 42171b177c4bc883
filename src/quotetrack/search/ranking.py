"""Score quotations against the topic of a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from quotetrack.core.normalize import normalise, unaccented
from quotetrack.models.embedder import Embedder, embed
from quotetrack.search.highlight import content_words
from quotetrack.store import Session
from quotetrack.store.search import Narrowing, SearchHit, candidates, full_text, full_text_among, hits
from quotetrack.store.vectors import Cosines, cosines

POOL = 500  # sightings that full text gives: a wire report may fill a hundred places with one utterance
# Fitted on fifteen judged questions (docs/quality.md, Questions): the cosine of the passage counts 1.
WORDS_WEIGHT = 0.15  # of the cosine of the words
SAID_BONUS = 0.15  # for words that hold the topic as it was asked for: less lets a paragraph or a title win over them
NEARBY = 1_500  # characters within which another quotation shares the theme of its article
NEARBY_WEIGHT = 0.2  # of the meaning of the best of those
ALONE = 0.8  # share of its own meaning that a quotation gains where no other is near
FULL_TEXT_WEIGHT = 0.1  # of the BM25 score, as a share of the best hit's
SHORT_PENALTY = 0.5  # for a scrap of a sentence: of 1,566 of up to three words, no reader took one for an answer
SHORTEST = 5  # words that are no scrap
MOST_SCANNED = 20_000  # sightings of whose vectors each is read: half a second; beyond, full text proposes
LEAST_COSINE = 0.25  # of a topic to words or passage; texts about different things have less with MiniLM


# Ranking


def score_quotations(session: Session, topic: str, narrowing: Narrowing, embedder: Embedder | None) -> dict[int, float]:
    """The score of each utterance that has to do with the topic: that of its best sighting.

    Among more than `MOST_SCANNED` sightings meaning ranks only what full text found.
    """
    words = content_words(topic)
    ids = candidates(session, narrowing, limit=MOST_SCANNED + 1)
    if len(ids) <= MOST_SCANNED:
        by_text = dict(full_text_among(session, words, ids, limit=POOL))
    else:
        by_text, ids = dict(full_text(session, words, narrowing, limit=POOL)), []
    best_hit = max(by_text.values(), default=1.0)
    scores = {quotation_id: FULL_TEXT_WEIGHT * score / best_hit for quotation_id, score in by_text.items()}
    meanings = {}
    if embedder is not None:
        (vector,) = embed([topic], embedder)
        meanings = _meanings(cosines(session, vector, embedder.name, ids or sorted(by_text)), by_text)
    found = hits(session, sorted(scores.keys() | meanings.keys()))
    near = _nearby(found, meanings)
    of_utterances: dict[int, float] = {}
    asked = normalise(topic)
    longest = max(asked.split(), key=len, default="")  # looked for first: it is quicker than to normalise all words
    for quotation_id, hit in found.items():
        score = scores.get(quotation_id, 0.0) + meanings.get(quotation_id, 0.0) + near.get(quotation_id, 0.0)
        score -= SHORT_PENALTY if len(hit.words.split()) < SHORTEST else 0.0
        is_said = longest in unaccented(hit.words) and asked in normalise(hit.words)
        score += SAID_BONUS if is_said else 0.0
        of_utterances[hit.utterance_id] = max(score, of_utterances.get(hit.utterance_id, score))
    return of_utterances


def _nearby(found: Mapping[int, SearchHit], meanings: Mapping[int, float]) -> dict[int, float]:
    """What each sighting gains by the best of those that stand near it in its article, on one theme with it."""
    by_version: dict[int, list[int]] = {}
    for quotation_id in meanings.keys() & found.keys():
        by_version.setdefault(found[quotation_id].version_id, []).append(quotation_id)
    gains = {}
    for together in by_version.values():
        for one in together:
            others = [
                meanings[other]
                for other in together
                if other != one and abs(found[other].start - found[one].start) < NEARBY
            ]
            gains[one] = NEARBY_WEIGHT * max(others, default=ALONE * meanings[one])
    return gains


def _meanings(found: Cosines, also: Iterable[int]) -> dict[int, float]:
    """The weighed cosines of the topic to passage and words: of those nearest by either, and of `also`."""
    pool = set(also)
    for near in (found.passage, found.words):
        best = np.lexsort((found.ids, -near))[:POOL]
        pool.update(found.ids[best[near[best] >= LEAST_COSINE]].tolist())
    meanings = dict(zip(found.ids.tolist(), (found.passage + WORDS_WEIGHT * found.words).tolist(), strict=True))
    return {i: meanings.get(i, 0.0) for i in pool}
