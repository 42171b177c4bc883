"""Fits `link_weights.json` on judged pairs: `python -m quotetrack.fit.links ../shared`. Deterministic.

The weights are fitted on all of `links_dev.jsonl`, for which there is no train file. What is printed is five-fold
cross-validation with whole clusters in one fold, end to end: the weights of four folds link and cluster all
sightings, and the pairs and clusters of the fifth are scored. What a word tells is counted over the articles of
`quotations_train.jsonl`.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Sighting
from quotetrack.linking import wordings as wording
from quotetrack.linking.clusters import cluster_sightings
from quotetrack.linking.compare import Features, Weights, clear_weights_cache, features, find_links
from quotetrack.linking.wordings import tokens_of

FOLDS = 5
RIDGE = 1.0  # on the weights of features scaled to unit variance
STEPS = 30  # of Newton's method, which stands still after ten
LISTED_IN = 10  # articles in which a word must stand to be listed
UNLISTED_IN = 5  # articles in which any other word is taken to stand
STEP = 0.5  # nats: words are listed by half nats
DIGITS = 4  # of a stored weight
CAPITALISED = 0.9  # of a word's places inside sentences, where it is a name
_INSIDE = re.compile(r"(?<=[a-z,] )[A-Za-z]+\b")  # words that no end of a sentence stands before

FITTED = Path(__file__).parents[1] / "models" / "weights" / wording.FITTED


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sightings that a person has judged."""

    left: str
    right: str
    same: bool


@dataclass(frozen=True, slots=True)
class JudgedSightings:
    """Sightings by id, and what people said of some: pairs, and whole clusters of ids."""

    sightings: dict[str, Sighting]
    pairs: list[Pair]
    clusters: list[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Information:
    """Words by what each tells, in nats, and what any other word tells."""

    listed: dict[float, list[str]]
    unlisted: float
    names: list[str]  # the listed words that are nearly always written with a capital


def main(shared: Path) -> None:
    """Count words, cross-validate, fit on everything, write the file."""
    information = count_information(shared / "gold" / "quotations_train.jsonl")
    write_fitted(
        information, Weights(0.0, Features(*[0.0] * len(Features._fields)))
    )  # features are worked out with the words on file
    judged = read_judged(shared / "gold")
    for figure, value in cross_validate(judged).items():
        print(f"{figure} {100 * value:.1f}")
    write_fitted(information, fit(judged, judged.pairs))


def count_information(articles: Path) -> Information:
    """How seldom an article has each word: the log of articles to articles with it."""
    texts = [str(json.loads(line)["text"]) for line in articles.read_text(encoding="utf-8").splitlines()]
    seen_in = Counter(word for text in texts for word in sorted(set(tokens_of(text))))
    listed: dict[float, list[str]] = defaultdict(list)
    for word, count in sorted(seen_in.items()):
        if count >= LISTED_IN:
            listed[round(math.log(len(texts) / count) / STEP) * STEP].append(word)
    unlisted = round(math.log(len(texts) / UNLISTED_IN), 2)
    return Information(dict(sorted(listed.items())), unlisted, _names(texts, set().union(*listed.values())))


def _names(texts: Sequence[str], listed: Container[str]) -> list[str]:
    """Of the listed words those of which, inside sentences, hardly any is written without a capital."""
    capitals: Counter[str] = Counter()
    all_of_it: Counter[str] = Counter()
    for text in texts:
        for word in _INSIDE.findall(text):
            token = word.casefold()
            all_of_it[token] += 1
            capitals[token] += word[0].isupper()
    return sorted(t for t, n in all_of_it.items() if t in listed and len(t) > 1 and capitals[t] >= CAPITALISED * n)


def read_judged(gold: Path) -> JudgedSightings:
    """The judged half that the project has."""
    sightings = {row["id"]: _sighting(row) for row in _rows(gold / "sightings_dev.jsonl")}
    pairs = [
        Pair(row["left"], row["right"], row["label"].startswith("same_utterance"))
        for row in _rows(gold / "links_dev.jsonl")
    ]
    clusters = [frozenset(row["members"]) for row in _rows(gold / "clusters_dev.jsonl")]
    return JudgedSightings(sightings, pairs, clusters)


def cross_validate(judged: JudgedSightings) -> dict[str, float]:
    """Pair F1 and B-cubed F on what each fold's weights have not seen."""
    fold_of = _folds(judged)
    sightings = list(judged.sightings.values())
    pairs: Counter[str] = Counter()
    shares: list[tuple[float, float]] = []
    for fold in range(FOLDS):
        weights = fit(judged, [pair for pair in judged.pairs if fold_of[pair.left] != fold])
        found = cluster_sightings(sightings, find_links(sightings, weights))
        with_it = {member: group for group in found for member in group}
        for pair in judged.pairs:
            if fold_of[pair.left] == fold:
                linked = pair.left in with_it[pair.right]
                pairs["both"] += pair.same and linked
                pairs["either"] += pair.same + linked
        for wanted in judged.clusters:
            if fold_of[min(wanted)] == fold:
                for member in wanted:
                    common = len(wanted & with_it[member])
                    shares.append((common / len(with_it[member]), common / len(wanted)))
    precision, recall = np.mean(shares, axis=0)
    return {
        "pair_f1": 2 * pairs["both"] / pairs["either"],
        "b_cubed_f": float(2 * precision * recall / (precision + recall)),
    }


def fit(judged: JudgedSightings, pairs: Sequence[Pair]) -> Weights:
    """A ridge logistic regression, by Newton's method; its weights are for features as they come, not scaled."""
    found = [features(judged.sightings[pair.left], judged.sightings[pair.right]) for pair in pairs]
    rows = np.array(found, dtype=np.float64)
    same = np.array([pair.same for pair in pairs], dtype=np.float64)
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    fitted = _newton(np.column_stack([np.ones(len(rows)), (rows - mean) / scale]), same)
    weights = fitted[1:] / scale
    return Weights(
        round(float(fitted[0] - weights @ mean), DIGITS), Features(*[round(float(w), DIGITS) for w in weights])
    )


def write_fitted(information: Information, weights: Weights) -> None:
    """The file that link.py reads."""
    stored = {
        "bias": weights.bias,
        "weights": weights.weights._asdict(),
        "information_of_unlisted": information.unlisted,
        "names": " ".join(information.names),
        "information": {str(nats): " ".join(words) for nats, words in information.listed.items()},
    }
    FITTED.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    clear_weights_cache()


def _newton(rows: NDArray[np.float64], same: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.zeros(rows.shape[1])
    ridge = RIDGE * np.eye(rows.shape[1])
    ridge[0, 0] = 0.0  # the bias is free
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (likely - same) + ridge @ weights
        curve = rows.T @ (rows * (likely * (1 - likely))[:, None]) + ridge
        weights = weights - np.linalg.solve(curve, slope)
    return weights


def _folds(judged: JudgedSightings) -> Mapping[str, int]:
    """The fold of each judged sighting: those joined by a pair or a cluster in one, the largest groups dealt first."""
    group_of: dict[str, set[str]] = {}
    for members in [*({pair.left, pair.right} for pair in judged.pairs), *map(set, judged.clusters)]:
        joined = members.union(*(group_of.get(member, set()) for member in members))
        group_of |= dict.fromkeys(joined, joined)
    groups = sorted({min(group): group for group in group_of.values()}.items(), key=lambda g: (-len(g[1]), g[0]))
    return {member: place % FOLDS for place, (_, group) in enumerate(groups) for member in group}


def _sighting(row: Mapping[str, str | None]) -> Sighting:
    return Sighting(
        id=row["id"] or "",
        words=row["words"] or "",
        speaker=row["speaker"],
        outlet=row["outlet"],
        article=row["article"],
        published_at=_day(row["published"] or ""),
    )


def _day(published: str) -> date | None:
    """None for a bare year: days between two years are not days."""
    return date.fromisoformat(published) if published.count("-") == 2 else None


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
