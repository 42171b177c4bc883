"""Fit whether two statements make one point: `python -m quotetrack.training.talking_points ../shared`.

Fitted on judged pairs of statements of the articles of train (`talking_points.tsv`, which names articles by a hash and
holds no word of their texts). The articles are in two halves, and both statements of a pair are of one half: the
printed figures are of each half by weights that were fitted on the other one. Invented pairs (`points_invented.tsv`)
measure what is kept apart; fitted on as well, they made the figures of the judged pairs worse. Writes
`models/weights/talking_points.json`, fitted on both halves.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from csv import DictReader
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from platformdirs import user_cache_path
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import read_gold_files
from quotetrack.linking.talking_points import (
    FITTED,
    SAME,
    Features,
    Model,
    are_kept_apart,
    contradict,
    features,
    read_proposition,
)
from quotetrack.models.kept_vectors import kept_vectors
from quotetrack.training.days_read import hash_of

JUDGED = Path(__file__).with_name("talking_points.tsv")
INVENTED = Path(__file__).with_name("points_invented.tsv")
WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / f"{FITTED}.json"

SAME_POINT, CONTRADICTS, RELATED = "same", "contradicts", "related"  # labels; the fourth is "different"
HALVES = 5, 2  # an article whose hash, divided by the first, leaves less than the second is of the second half
RIDGE = 3.0  # penalty on the weights of features that are scaled to unit variance
LEAST_SCALE = 1e-9  # of a feature that never varies
DIGITS = 4  # decimals of a stored weight
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # of which the figures are printed, beside SAME
CHANCES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.01)  # between which the chances are compared with what is right
_LABELS_INVENTED = {
    ("claim", "same"): SAME_POINT,
    ("claim", "contradicts"): CONTRADICTS,
    ("same", "contradicts"): CONTRADICTS,
}


class Place(NamedTuple):
    """Where a statement stands: the hash of its article, and its characters."""

    article: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pair:
    """The words of two statements with their label, and the label of a second reading where there was one.

    `half` is that of their articles: 0 or 1.
    """

    left: str
    right: str
    label: str
    second: str = ""
    half: int = 0


def main(shared: Path) -> None:
    """Report on each half by what is fitted on the other, then fit on both and write."""
    judged = read_judged(shared / "gold" / "quotations_train.jsonl")
    invented = list(read_invented())
    read_twice = [pair for pair in judged if pair.second]
    print(f"{len(read_twice)} pairs were read twice, kappa {kappa(read_twice):.2f}")
    rows, invented_rows = rows_of(judged, invented)
    report("held out", judged, held_out_chances(judged, rows))
    model = fit(judged, rows)
    report("invented", invented, [model.chance(row) for row in invented_rows])
    write(model, f"{len(judged)} judged pairs of statements in quotations_train.jsonl")


def read_judged(articles: Path) -> list[Pair]:
    """Return the judged pairs of talking_points.tsv, with their words from the articles."""
    texts = {hash_of(gold.id): gold.article.text for gold in read_gold_files(articles)}

    def words(place: Place) -> str:
        return texts[place.article][place.start : place.end]

    pairs = []
    with JUDGED.open(encoding="utf-8", newline="") as lines:
        for row in DictReader(lines, delimiter="\t"):
            left, right = (
                Place(row[f"{side}_article"], int(row[f"{side}_start"]), int(row[f"{side}_end"]))
                for side in ("left", "right")
            )
            pairs.append(Pair(words(left), words(right), row["label"], row["second"], half_of(left.article)))
    return pairs


def half_of(article: str) -> int:
    """Return the half, 0 or 1, of an article with this hash."""
    divisor, least = HALVES
    return int(int(article, 16) % divisor < least)


def read_invented() -> Iterator[Pair]:
    """Yield the pairs of each row of points_invented.tsv: a claim, the same, its contradiction, and a related one."""
    with INVENTED.open(encoding="utf-8", newline="") as lines:
        for row in DictReader(lines, delimiter="\t"):
            for one, other in combinations(row, 2):
                yield Pair(row[one], row[other], _LABELS_INVENTED.get((one, other), RELATED))


def kappa(pairs: Sequence[Pair]) -> float:
    """Return Cohen's kappa of the two readings."""
    return float(cohen_kappa_score([pair.label for pair in pairs], [pair.second for pair in pairs]))


# Fitting


def rows_of(*groups: Sequence[Pair]) -> list[list[Features]]:
    """Return the features of the pairs of each group."""
    texts = sorted({words for pairs in groups for pair in pairs for words in (pair.left, pair.right)})
    cache = user_cache_path("quotetrack", appauthor=False) / "vectors"
    vectors = dict(zip(texts, kept_vectors(texts, Settings().embedding_model, cache), strict=True))
    read = {words: read_proposition(words) for words in texts}
    return [
        [features(read[pair.left], read[pair.right], float(vectors[pair.left] @ vectors[pair.right])) for pair in pairs]
        for pairs in groups
    ]


def held_out_chances(pairs: Sequence[Pair], rows: Sequence[Features]) -> list[float]:
    """Return the chance of each pair by weights that were fitted on the other half."""
    models = [
        fit(*zip(*((pair, row) for pair, row in zip(pairs, rows, strict=True) if pair.half != half), strict=True))
        for half in (0, 1)
    ]
    return [models[pair.half].chance(row) for pair, row in zip(pairs, rows, strict=True)]


def fit(pairs: Sequence[Pair], rows: Sequence[Features]) -> Model:
    """Fit the chance of pairs to make one point."""
    values = np.array(rows)
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), LEAST_SCALE)
    is_same = [pair.label == SAME_POINT for pair in pairs]
    model = LogisticRegression(C=1 / RIDGE, max_iter=1000).fit((values - mean) / scale, is_same)
    weights = model.coef_[0] / scale
    bias = float(model.intercept_[0] - weights @ mean)
    return Model(round(bias, DIGITS), Features(*(round(float(weight), DIGITS) for weight in weights)))


def write(model: Model, fitted_on: str) -> None:
    """Write the file that `linking.talking_points` reads."""
    stored = {"fitted_on": fitted_on, "bias": model.bias, "weights": model.weights._asdict()}
    WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


# Figures


def report(name: str, pairs: Sequence[Pair], chances: Sequence[float]) -> None:
    """Print precision and recall of "same point" at some thresholds, calibration, and what is kept apart."""
    is_same = np.array([pair.label == SAME_POINT for pair in pairs])
    read = [(read_proposition(pair.left), read_proposition(pair.right)) for pair in pairs]
    is_apart = np.array([are_kept_apart(*both) for both in read])
    chance = np.array(chances)
    print(f"{name}: {len(pairs)} pairs, {is_same.sum()} of them the same point, mean chance {chance.mean():.3f}")
    for threshold in sorted({*THRESHOLDS, SAME}):
        found = (chance >= threshold) & ~is_apart
        right, number = int((found & is_same).sum()), int(found.sum())
        share, recall = right / max(number, 1), right / is_same.sum()
        print(f"  same from {threshold:.2f}: {right} of {number} right, precision {share:.3f}, recall {recall:.3f}")
    for least, most in pairwise(CHANCES):
        inside = (chance >= least) & (chance < most)
        print(f"  chance {least:.1f} to {most:.1f}: {is_same[inside].sum()} of {inside.sum()} are the same point")
    is_against = np.array([pair.label == CONTRADICTS for pair in pairs])
    shown = (chance >= SAME) & np.array([contradict(*both) for both in read])
    mixed = ((chance >= SAME) & ~is_apart & is_against).sum()
    print(f"  shown as contradictions: {(shown & is_against).sum()} of {shown.sum()} are; taken for the same: {mixed}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
