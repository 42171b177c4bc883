"""Group the stored statements into talking points: all of them afresh. A point keeps its id when statements come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.normalize import sha256
from quotetrack.core.settings import Settings
from quotetrack.core.versions import GROUPER, package_version
from quotetrack.linking.clusters import keep_utterance_ids
from quotetrack.linking.talking_points import Point, group, is_compared
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.pipeline.steps import embed
from quotetrack.store import Session, Sessions
from quotetrack.store.reported_search import iter_reported
from quotetrack.store.runs import finish_run, start_run
from quotetrack.store.talking_points import (
    COMMAND,
    Member,
    points_of_statements,
    put_points,
    statement_of,
    utterance_words,
)
from quotetrack.store.vectors import read_vectors

LEAST_CHARACTERS = 25  # some five words: the vectors of shorter statements say little


@dataclass(frozen=True, slots=True)
class Grouped:
    """The result of grouping: the number of statements that were compared, of points, and of points that are new."""

    statements: int
    points: int
    new: int


def run(
    sessions: Sessions, settings: Settings, now: Callable[[], datetime], on_progress: OnProgress = ignore_progress
) -> Grouped:
    """Store the talking points of all statements in place of the stored ones, in one transaction, with a run of it.

    Missing vectors are computed first. Raises EmbeddingModelMissing if there is one to compute and no model.
    """
    started = now()
    model = embed.run(sessions, settings, on_progress)
    with sessions() as session:
        statements, words, vectors = _statements(session, model)
    keys = [sha256(each) for each in words]
    points = group(words, vectors, lambda done: on_progress("comparing statements", done, len(words)))
    members = [list(_members(point, statements, keys)) for point in points]
    with sessions.begin() as session:
        known = points_of_statements(session)
        makers = [frozenset(each.statement for each in point if not each.contradicts) for point in members]
        ids, redirects = keep_utterance_ids(makers, known)
        put_points(session, members, ids, redirects, f"{GROUPER} {model}")
        run_id = start_run(session, COMMAND, package_version(), started)
        done = Grouped(len(words), len(points), ids.count(None))
        counts = {"statements": done.statements, "talking_points": done.points, "new": done.new}
        finish_run(session, run_id, now(), counts, None)
    return done


def _statements(session: Session, model: str) -> tuple[list[int], list[str], NDArray[np.float32]]:
    """Return the ids, words and vectors of what is compared: utterances, and reported statements (ids with a minus)."""
    found = list(utterance_words(session, LEAST_CHARACTERS))
    for reported in iter_reported(session):
        sighting = reported.best
        if len(sighting.words) >= LEAST_CHARACTERS and is_compared(sighting.words, sighting.cue_words or ""):
            found.append((statement_of(sighting), sighting.words, sha256(sighting.words)))
    stored = read_vectors(session, model, sorted({key for _, _, key in found}))
    kept = [each for each in found if each[2] in stored]
    vectors = np.array([stored[key] for _, _, key in kept], dtype=np.float32)
    return [each for each, _, _ in kept], [words for _, words, _ in kept], vectors


def _members(point: Point, statements: Sequence[int], keys: Sequence[str]) -> Iterator[Member]:
    for place, chance in point.members:
        yield Member(statements[place], chance, keys[place])
    for place, chance in point.against:
        yield Member(statements[place], chance, keys[place], contradicts=True)
