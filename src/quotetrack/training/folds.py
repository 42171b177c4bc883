"""Which articles of train are held out of a fit. The same ids give the same answer in every run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

# The pointer model is fitted on all articles of train except one in this many.
HELD_OUT_ONE_IN = 6
# The ids of the articles on which the shipped pointer model was fitted; its fit writes them.
SEEN = Path(__file__).with_name("pointer_articles.txt")


def articles_in_folds(ids: Sequence[str], number: int) -> dict[str, int]:
    """Return the fold of each article, from 0 to `number` - 1: article after article in the order of their ids.

    scikit-learn's GroupKFold balances the folds by the rows of each article, which would give other folds than those
    behind the published figures.
    """
    return {key: index % number for index, key in enumerate(sorted(set(ids)))}


def held_out(ids: Iterable[str]) -> set[str]:
    """Return the articles on which the next fit of the pointer model is not fitted, whatever the other articles are."""
    return {key for key in ids if crc32(key.encode()) % HELD_OUT_ONE_IN == 0}


def seen_by_pointer() -> set[str]:
    """Return the articles on which the shipped pointer model was fitted."""
    return set(SEEN.read_text(encoding="utf-8").split())


def half_of(ids: Iterable[str]) -> set[str]:
    """Return every other article, in the order of the ids."""
    return set(sorted(ids)[::2])
