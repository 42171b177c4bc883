"""Which articles of train are held out of a fit. The same ids give the same answer in every run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# The pointer model is fitted on all articles of train except one in this many.
HELD_OUT_ONE_IN = 6


def articles_in_folds(ids: Sequence[str], number: int) -> dict[str, int]:
    """Return the fold of each article, from 0 to `number` - 1: article after article in the order of their ids.

    scikit-learn's GroupKFold balances the folds by the rows of each article, which would give other folds than those
    behind the published figures.
    """
    return {key: index % number for index, key in enumerate(sorted(set(ids)))}


def held_out(ids: Iterable[str]) -> set[str]:
    """Return the articles that the pointer model has not seen. The calibration of its confidence is fitted on them."""
    return {key for index, key in enumerate(sorted(ids)) if index % HELD_OUT_ONE_IN == 0}
