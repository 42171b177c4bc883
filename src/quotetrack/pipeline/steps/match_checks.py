"""Compare sightings with the stored fact-checks, and store which ones are surely enough about the same claim.

Only new sightings are compared, and those whose words are near a new fact-check: any other keeps its matches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import FactCheck, MatchedCheck, Sighting
from quotetrack.core.normalize import sha256
from quotetrack.core.settings import Settings
from quotetrack.core.versions import MATCHER
from quotetrack.linking.fact_checks import Index, compared_texts, rank
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Session, Sessions
from quotetrack.store.check_matches import (
    fact_checks_to_match,
    follow_check_decisions,
    forget_other_matchers,
    has_fact_checks,
    has_matched_quotations,
    iter_matched_vectors,
    match_again,
    put_matcher_of_checks,
    put_matches,
    sightings_to_match,
)
from quotetrack.store.fact_checks import read_fact_checks
from quotetrack.store.sightings import read_sightings
from quotetrack.store.vectors import put_vectors, read_vectors, read_vectors_of_words

# The least cosine with a new claim or title for a quotation to be compared again. All 456 matches that are shown on the
# sentences of docs/how-to/checks.md have this much (28 November 2026), and three in a thousand of all pairs.
NEAR = 0.39
LEAST_CHARACTERS = 25  # of words that are compared: some five words
SIGHTINGS_A_COMMIT = 500
TEXTS_A_COMMIT = 256

Vectors = NDArray[np.float32]


def run(sessions: Sessions, settings: Settings, model: str, on_progress: OnProgress = ignore_progress) -> None:
    """Store the fact-checks that new sightings match, by the vectors of this model, and those that new ones match.

    Sightings without a vector wait for the next run. Without fact-checks, or without anything new, no model is loaded.
    Raises EmbeddingModelMissing if there are new fact-checks and no model.
    """
    maker = f"{MATCHER} {model}"
    with sessions.begin() as session:
        if not has_fact_checks(session):
            return
        forget_other_matchers(session, maker)
        new = fact_checks_to_match(session)
        has_old_sightings = bool(new) and has_matched_quotations(session, maker)
        if not has_old_sightings and not sightings_to_match(session, model):
            return
        checks = read_fact_checks(session)
    vectors = _vectors_of(checks, sessions, settings, model, on_progress)
    with sessions.begin() as session:
        match_again(session, _near_new(session, checks, new, vectors, model, maker) if has_old_sightings else [])
        put_matcher_of_checks(session, new, maker)
        waiting = sightings_to_match(session, model)
    if waiting:
        _match(sessions, waiting, Index(checks, vectors), model, maker, on_progress)
    with sessions.begin() as session:
        follow_check_decisions(session)


def _vectors_of(
    checks: Sequence[FactCheck], sessions: Sessions, settings: Settings, model: str, on_progress: OnProgress
) -> Vectors:
    """Return the vectors of `compared_texts`. Those that are not stored are computed and stored."""
    from quotetrack.models.embedder import embed, load_embedder, load_question_embedder
    from quotetrack.models.kept_vectors import FEW

    keyed = {sha256(text): text for text in compared_texts(checks)}
    with sessions() as session:
        found = read_vectors(session, model, list(keyed))
    waiting = sorted(keyed.keys() - found.keys(), key=lambda key: (len(keyed[key]), key))
    if waiting:
        if len(waiting) <= FEW:
            embedder = load_question_embedder(settings.embedding_model)
        else:
            embedder = load_embedder(settings.embedding_model, half_precision=settings.embedding_bfloat16)
    for start in range(0, len(waiting), TEXTS_A_COMMIT):
        on_progress("embedding fact-checks", start, len(waiting))
        keys = waiting[start : start + TEXTS_A_COMMIT]
        new = dict(zip(keys, embed([keyed[key] for key in keys], embedder), strict=True))
        with sessions.begin() as session:
            put_vectors(session, model, new)
        found |= new
    return np.array([found[sha256(text)] for text in compared_texts(checks)], dtype=np.float32)


def _near_new(
    session: Session, checks: Sequence[FactCheck], new: set[int], vectors: Vectors, model: str, maker: str
) -> list[int]:
    """Return the quotations that were compared before and whose words are near a new fact-check."""
    places = [place for place, check in enumerate(checks) if check.id in new]
    compared = vectors[[*places, *(len(checks) + place for place in places)]]
    near: list[int] = []
    for ids, words in iter_matched_vectors(session, model, maker):
        is_near = (words @ compared.T).max(axis=1) >= NEAR
        near += [quotation_id for quotation_id, each in zip(ids, is_near, strict=True) if each]
    return near


def _match(
    sessions: Sessions, waiting: Sequence[int], index: Index, model: str, maker: str, on_progress: OnProgress
) -> None:
    """Store the matches of sightings, one transaction for SIGHTINGS_A_COMMIT of them."""
    known: dict[tuple[str, str | None, date | None, date | None], list[MatchedCheck]] = {}
    for start in range(0, len(waiting), SIGHTINGS_A_COMMIT):
        on_progress("matching fact-checks", start, len(waiting))
        ids = waiting[start : start + SIGHTINGS_A_COMMIT]
        with sessions.begin() as session:
            vectors = read_vectors_of_words(session, model, ids)
            matches: dict[int, list[MatchedCheck]] = {quotation_id: [] for quotation_id in ids}
            for sighting in read_sightings(session, ids=ids):
                key = (sighting.words, sighting.speaker, sighting.said.last, sighting.published_on)
                if key not in known:  # several outlets print the same words
                    known[key] = _matched(sighting, vectors, index)
                matches[int(sighting.id)] = known[key]
            put_matches(session, matches, maker)
    on_progress("matching fact-checks", len(waiting), len(waiting))


def _matched(sighting: Sighting, vectors: Mapping[int, Vectors], index: Index) -> list[MatchedCheck]:
    if len(sighting.words) < LEAST_CHARACTERS:
        return []
    ranked = rank(sighting, vectors[int(sighting.id)], index)
    return [MatchedCheck(match.check, match.chance) for match in ranked if match.is_shown]
