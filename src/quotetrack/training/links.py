"""Fit the weights of the linker on judged pairs: `python -m quotetrack.training.links ../shared`. Deterministic.

The weights are fitted on all of `links_dev.jsonl`, for which there is no train file. The printed figures are of
five-fold cross-validation with whole clusters in one fold, end to end: the weights of four folds link and cluster all
sightings, and the pairs and clusters of the fifth are scored. The information of a word is counted over the articles
of `quotations_train.jsonl`. Writes `models/weights/links.json`.
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
from sklearn.linear_model import LogisticRegression

from quotetrack.core.domain import Sighting
from quotetrack.linking.clusters import cluster_sightings
from quotetrack.linking.compare import Features, Weights, clear_weights_cache, features, find_links
from quotetrack.linking.wordings import FITTED, tokens_of

FOLDS = 5
RIDGE = 1.0  # penalty on the weights of features that are scaled to unit variance
TOLERANCE = 1e-10  # of the fit; small enough that all stored decimals are those of the optimum
LISTED_IN = 10  # least number of articles with a listed word
UNLISTED_IN = 5  # assumed number of articles with any other word
STEP = 0.5  # nats; words are listed by steps of this size
WEIGHT_DIGITS = 4  # decimals of a stored weight
CAPITALISED = 0.9  # least share of a name's places inside sentences that have a capital
_INSIDE_SENTENCE = re.compile(r"(?<=[a-z,] )[A-Za-z]+\b")  # words that do not begin a sentence

WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / FITTED


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sightings, by id, that a person judged: `same` where they are one utterance."""

    left: str
    right: str
    same: bool


@dataclass(frozen=True, slots=True)
class LinkGold:
    """Sightings by id, with the pairs and the whole clusters (of ids) that people judged."""

    sightings: dict[str, Sighting]
    pairs: list[Pair]
    clusters: list[frozenset[str]]


@dataclass(frozen=True, slots=True)
class WordInformation:
    """Words by their information in nats, the information of any other word, and the listed words that are names."""

    listed: dict[float, list[str]]
    unlisted: float
    names: list[str]


def main(shared: Path) -> None:
    """Count words, cross-validate, fit on everything, write the file."""
    information = count_information(shared / "gold" / "quotations_train.jsonl")
    # Features depend on the words of the weights file, so these are written first, with weights of 0.
    write_weights(information, Weights(0.0, Features(*[0.0] * len(Features._fields))))
    gold = read_link_gold(shared / "gold")
    for figure, value in cross_validate(gold).items():
        print(f"{figure} {100 * value:.1f}")
    write_weights(information, fit(gold, gold.pairs))


def count_information(articles: Path) -> WordInformation:
    """Return the information of each word: the log of all articles to articles with the word."""
    texts = [str(json.loads(line)["text"]) for line in articles.read_text(encoding="utf-8").splitlines()]
    seen_in = Counter(word for text in texts for word in sorted(set(tokens_of(text))))
    listed: dict[float, list[str]] = defaultdict(list)
    for word, count in sorted(seen_in.items()):
        if count >= LISTED_IN:
            listed[round(math.log(len(texts) / count) / STEP) * STEP].append(word)
    unlisted = round(math.log(len(texts) / UNLISTED_IN), 2)
    return WordInformation(dict(sorted(listed.items())), unlisted, _names(texts, set().union(*listed.values())))


def _names(texts: Sequence[str], listed: Container[str]) -> list[str]:
    """Return the listed words that nearly always have a capital inside sentences."""
    with_capital: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for text in texts:
        for word in _INSIDE_SENTENCE.findall(text):
            token = word.casefold()
            total[token] += 1
            with_capital[token] += word[0].isupper()
    return sorted(
        token
        for token, number in total.items()
        if token in listed and len(token) > 1 and with_capital[token] >= CAPITALISED * number
    )


def read_link_gold(folder: Path) -> LinkGold:
    """Return the judged pairs and clusters of dev. (A test set is held back from the project.)"""
    sightings = {row["id"]: _sighting(row) for row in _rows(folder / "sightings_dev.jsonl")}
    pairs = [
        Pair(row["left"], row["right"], row["label"].startswith("same_utterance"))
        for row in _rows(folder / "links_dev.jsonl")
    ]
    clusters = [frozenset(row["members"]) for row in _rows(folder / "clusters_dev.jsonl")]
    return LinkGold(sightings, pairs, clusters)


def cross_validate(gold: LinkGold) -> dict[str, float]:
    """Return pair F1 and B-cubed F, each fold scored with weights that have not seen it."""
    fold_of = _folds(gold)
    sightings = list(gold.sightings.values())
    counts: Counter[str] = Counter()
    shares: list[tuple[float, float]] = []  # precision and recall of each clustered sighting
    for fold in range(FOLDS):
        weights = fit(gold, [pair for pair in gold.pairs if fold_of[pair.left] != fold])
        clusters = cluster_sightings(sightings, find_links(sightings, weights))
        cluster_of = {member: cluster for cluster in clusters for member in cluster}
        for pair in gold.pairs:
            if fold_of[pair.left] == fold:
                is_linked = pair.left in cluster_of[pair.right]
                counts["both"] += pair.same and is_linked
                counts["either"] += pair.same + is_linked
        for judged in gold.clusters:
            if fold_of[min(judged)] == fold:
                for member in judged:
                    common = len(judged & cluster_of[member])
                    shares.append((common / len(cluster_of[member]), common / len(judged)))
    precision, recall = np.mean(shares, axis=0)
    return {
        "pair_f1": 2 * counts["both"] / counts["either"],
        "b_cubed_f": float(2 * precision * recall / (precision + recall)),
    }


def fit(gold: LinkGold, pairs: Sequence[Pair]) -> Weights:
    """Fit the weights on judged pairs."""
    rows = [features(gold.sightings[pair.left], gold.sightings[pair.right]) for pair in pairs]
    return fit_rows(rows, [pair.same for pair in pairs])


def fit_rows(rows: Sequence[Features], is_same: Sequence[bool]) -> Weights:
    """Fit a ridge logistic regression; the weights are for features as they come, not scaled."""
    values = np.array(rows, dtype=float)
    mean, scale = values.mean(axis=0), values.std(axis=0)
    model = LogisticRegression(C=1 / RIDGE, solver="newton-cholesky", tol=TOLERANCE)
    model.fit((values - mean) / scale, is_same)
    weights = model.coef_[0] / scale
    bias = float(model.intercept_[0] - weights @ mean)
    return Weights(round(bias, WEIGHT_DIGITS), Features(*[round(float(w), WEIGHT_DIGITS) for w in weights]))


def write_weights(information: WordInformation, weights: Weights) -> None:
    """Write the file that `linking` reads, and clear its cache of the old one."""
    stored = {
        "bias": weights.bias,
        "weights": weights.weights._asdict(),
        "information_of_unlisted": information.unlisted,
        "names": " ".join(information.names),
        "information": {str(nats): " ".join(words) for nats, words in information.listed.items()},
    }
    WEIGHTS.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    clear_weights_cache()


def _folds(gold: LinkGold) -> Mapping[str, int]:
    """Return the fold of each judged sighting. Sightings that a pair or a cluster joins are in the same fold.

    The largest groups are dealt first, one fold after the other. GroupKFold deals each to the fold with the fewest
    rows: other folds than those behind the published figures.
    """
    group_of: dict[str, set[str]] = {}
    for members in [*({pair.left, pair.right} for pair in gold.pairs), *map(set, gold.clusters)]:
        joined = members.union(*(group_of.get(member, set()) for member in members))
        group_of |= dict.fromkeys(joined, joined)
    by_name = {min(group): group for group in group_of.values()}
    groups = sorted(by_name.items(), key=lambda named: (-len(named[1]), named[0]))
    return {member: place % FOLDS for place, (_, group) in enumerate(groups) for member in group}


def _sighting(row: Mapping[str, str | None]) -> Sighting:
    published = row["published"] or ""
    return Sighting(
        id=row["id"] or "",
        words=row["words"] or "",
        speaker=row["speaker"],
        outlet=row["outlet"],
        article=row["article"],
        # A bare year is no day: the days between two years would have no meaning.
        published_at=date.fromisoformat(published) if published.count("-") == 2 else None,
    )


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
