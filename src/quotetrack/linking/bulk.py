"""Link in bulk: the parts of `find_links` and clustering that a shuffle between processes needs, on arrays. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from quotetrack.linking.compare import POSTINGS
from quotetrack.linking.wordings import Wording

Ids = NDArray[np.int64]


def limited_postings(wordings: Iterable[Wording]) -> Ids:
    """Return the postings of some wordings: rows of (word n-gram, wording), each once, in order of n-gram.

    At most POSTINGS + 1 of one n-gram: it is then too common, whatever other parts of a corpus add to it. This bounds
    what a slogan or a common phrase costs a shuffle.
    """
    rows = [(gram, wording.id) for wording in wordings for gram in wording.grams]
    postings = np.unique(np.array(rows, dtype=np.int64).reshape(-1, 2), axis=0)
    starts, sizes = _runs(postings[:, 0])
    place_in_run = np.arange(len(postings)) - np.repeat(starts, sizes)
    return postings[place_in_run <= POSTINGS]


def candidate_pairs(postings: Ids) -> Ids:
    """Return the pairs of wordings that share a word n-gram of at most POSTINGS wordings: rows of (lower, higher) id.

    `postings` are all those of these n-grams, from `limited_postings` of every part of a corpus.
    """
    postings = np.unique(postings.reshape(-1, 2), axis=0)
    starts, sizes = _runs(postings[:, 0])
    found: list[Ids] = [np.empty((0, 2), dtype=np.int64)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= POSTINGS)]):
        one, other = np.triu_indices(size, 1)
        first = starts[sizes == size][:, None]
        wordings = postings[:, 1]
        found.append(np.stack([wordings[first + one].ravel(), wordings[first + other].ravel()], axis=1))
    return np.unique(np.concatenate(found), axis=0)


def components(left: Ids, right: Ids) -> tuple[Ids, Ids]:
    """Return the ids that links connect, in order, and for each the lowest id of its connected component."""
    ids, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    ends, other_ends = places[: len(left)], places[len(left) :]
    labels = np.arange(len(ids))
    while True:
        lowest = np.minimum(labels[ends], labels[other_ends])
        lower = labels.copy()
        for each in (ends, other_ends, labels[ends], labels[other_ends]):  # the last two join whole trees at once
            np.minimum.at(lower, each, lowest)
        lower = lower[lower]
        if np.array_equal(lower, labels):
            return ids, ids[labels]
        labels = lower


def _runs(values: Ids) -> tuple[Ids, Ids]:
    """Return where each run of equal values starts, and its length."""
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else np.empty(0, dtype=np.int64)
    return starts, np.diff(np.append(starts, len(values)))
