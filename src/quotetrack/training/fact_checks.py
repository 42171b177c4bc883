"""Fit which fact-checks are about a statement: `python -m quotetrack.training.fact_checks ../shared [OUT.jsonl]`.

Fitted on the pairs of `checks/pairs_dev.jsonl`. The printed figures, and the ranked fact-checks that are written to
OUT.jsonl for `score.py checks`, are of folds over whole debates (and over single posts): the trees and the calibration
with which a statement is ranked have not seen its debate. Writes `models/weights/fact_checks.json`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path
from sklearn.linear_model import LogisticRegression

from quotetrack.core.domain import Failure, Sighting
from quotetrack.core.settings import Settings
from quotetrack.ingest.formats.claim_reviews import read_claim_reviews
from quotetrack.ingest.formats.statements_jsonl import read_statements
from quotetrack.linking.fact_checks import FITTED, LISTED, SHOWN, Features, Index, compared_texts, features, leads
from quotetrack.models.kept_vectors import kept_vectors
from quotetrack.training.gradient_boosting import FittedTrees, Numbers, TreeOptions, fit_trees, write_weights

FOLDS = 10
OPTIONS = TreeOptions(max_iter=120, learning_rate=0.05, max_leaf_nodes=6, min_samples_leaf=40)
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.82, 0.84, SHOWN, 0.88, 0.9)  # of which the figures are printed
LINEAR_C = 0.1  # inverse of the ridge penalty, for features of unit variance
LEAST_SCALE = 1e-9  # of a feature that never varies
WEIGHT_DIGITS = 4  # decimals of a stored weight
CALIBRATED_ON = 3  # best candidates of a statement
CALIBRATION_C = 1.0  # inverse of the ridge penalty
CALIBRATION_DIGITS = 4

WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / f"{FITTED}.json"


@dataclass(frozen=True, slots=True)
class Example:
    """A statement with its candidates, as places in the index, the features of each, and which are about it.

    `wanted` are the addresses of the fact-checks that are about it; `group` is its debate, or the post itself.
    """

    id: int | str
    group: str
    is_post: bool
    places: list[int]
    rows: list[Features]
    is_right: list[bool]
    wanted: frozenset[str]


def main(shared: Path, out: Path | None) -> None:
    """Fit in folds and report, then fit on everything and write the file."""
    index, examples = read_examples(shared / "checks")
    scores = held_out_scores(examples)
    chances = held_out_chances(examples, scores)
    report(index, examples, scores, chances)
    if out is not None:
        ranked = (_listed(index, *each) for each in zip(examples, scores, chances, strict=True))
        out.write_text("".join(map(_line, examples, ranked)), "utf-8")
    fitted_on = f"{len(examples)} sentences of debates and posts, checks/pairs_dev.jsonl"
    fit(examples).write(WEIGHTS, fitted_on, fit_chance(examples, scores))


def read_examples(folder: Path) -> tuple[Index, list[Example]]:
    """Return the index of all fact-checks, and the judged statements."""
    with (folder / "claimreview.json").open("rb") as stream:
        checks = [each for each in read_claim_reviews(stream, "feed") if not isinstance(each, Failure)]
    with (folder / "pairs_dev.jsonl").open("rb") as stream:
        statements = [each for each in read_statements(stream, "pairs") if not isinstance(each, Failure)]
    judged = [json.loads(line) for line in (folder / "pairs_dev.jsonl").read_text("utf-8").splitlines()]
    model, cache = Settings().embedding_model, user_cache_path("quotetrack", appauthor=False) / "vectors"
    index = Index(checks, kept_vectors(compared_texts(checks), model, cache))
    vectors = kept_vectors([statement.words for statement in statements], model, cache)
    return index, [
        _example(index, statement, vector, pair)
        for statement, vector, pair in zip(statements, vectors, judged, strict=True)
    ]


def _example(index: Index, statement: Sighting, vector: np.ndarray, pair: dict[str, object]) -> Example:
    checks = pair["checks"]
    wanted = frozenset(map(str, checks if isinstance(checks, list) else ()))
    places, rows = features(statement, vector, index)
    groups = [{index.checks[each].url for each in (place, *index.repeats.get(place, ()))} for place in places]
    is_post = pair["from"] == "tweet"
    group = str(pair["id"] if is_post else pair["date"])
    return Example(statement.id, group, is_post, places, rows, [not wanted.isdisjoint(g) for g in groups], wanted)


def folds_of(examples: Sequence[Example]) -> list[int]:
    """Return the fold of each statement: debate after debate in the order of their days, then post after post."""
    groups = sorted({(example.is_post, example.group) for example in examples})
    fold_of = {group: place % FOLDS for place, group in enumerate(groups)}
    return [fold_of[example.is_post, example.group] for example in examples]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Trees and a logistic regression over the same features, whose log-odds are added."""

    trees: FittedTrees
    bias: float
    weights: Features

    def log_odds(self, rows: Sequence[Features]) -> Numbers:
        """Return the score of each row, shape (rows,)."""
        scores: Numbers = self.trees.log_odds(rows) + self.bias + np.array(rows) @ np.array(self.weights)
        return scores

    def write(self, path: Path, fitted_on: str, calibration: Sequence[float]) -> None:
        """Write the file that `linking.fact_checks` reads."""
        write_weights(path, fitted_on, {"match": self.trees.pack()}, calibration)
        stored = json.loads(path.read_text("utf-8"))
        stored["linear"] = {"bias": self.bias, "weights": self.weights._asdict()}
        path.write_text(json.dumps(stored, separators=(",", ":")) + "\n", "utf-8")


def fit(examples: Sequence[Example]) -> Fitted:
    """Fit on all candidates, those of statements without a fact-check among them.

    Trees that choose within a statement (`conditional_logit`) rank as well, but their scores do not tell a statement
    without a fact-check.
    """
    rows = [row for example in examples for row in example.rows]
    is_right = [right for example in examples for right in example.is_right]
    values = np.array(rows)
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), LEAST_SCALE)
    model = LogisticRegression(C=LINEAR_C, max_iter=1000).fit((values - mean) / scale, is_right)
    weights = model.coef_[0] / scale
    bias = round(float(model.intercept_[0] - weights @ mean), WEIGHT_DIGITS)
    linear = Features(*(round(float(weight), WEIGHT_DIGITS) for weight in weights))
    return Fitted(fit_trees(rows, is_right, Features._fields, OPTIONS), bias, linear)


def held_out_scores(examples: Sequence[Example]) -> list[Numbers]:
    """Return the scores of the candidates of each statement, by trees that have not seen its fold."""
    folds = folds_of(examples)
    scores: list[Numbers] = [np.zeros(0)] * len(examples)
    for fold in range(FOLDS):
        trees = fit([example for example, its in zip(examples, folds, strict=True) if its != fold])
        for place, (example, its) in enumerate(zip(examples, folds, strict=True)):
            if its == fold:
                scores[place] = trees.log_odds(example.rows)
    return scores


def fit_chance(examples: Sequence[Example], scores: Sequence[Numbers]) -> list[float]:
    """Return the weights of score, lead and constant that give the log-odds of a candidate to be right."""
    rows, is_right = [], []
    for example, its_scores in zip(examples, scores, strict=True):
        order = np.argsort(-its_scores, kind="stable")
        for place, lead in list(zip(order, leads(its_scores[order]), strict=True))[:CALIBRATED_ON]:
            rows.append([its_scores[place], lead])
            is_right.append(example.is_right[place])
    model = LogisticRegression(C=CALIBRATION_C).fit(np.array(rows), np.array(is_right))
    return [round(float(w), CALIBRATION_DIGITS) for w in (*model.coef_[0], model.intercept_[0])]


def held_out_chances(examples: Sequence[Example], scores: Sequence[Numbers]) -> list[Numbers]:
    """Return the chance of each candidate, by a calibration that has not seen the fold of its statement."""
    folds = np.array(folds_of(examples))
    chances: list[Numbers] = [np.zeros(0)] * len(examples)
    for fold in range(FOLDS):
        others = [int(place) for place in np.flatnonzero(folds != fold)]
        by_score, by_lead, constant = fit_chance([examples[i] for i in others], [scores[i] for i in others])
        for place in map(int, np.flatnonzero(folds == fold)):
            order = np.argsort(-scores[place], kind="stable")
            its_leads = np.empty(len(order))
            its_leads[order] = leads(scores[place][order])
            chances[place] = 1 / (1 + np.exp(-(by_score * scores[place] + by_lead * its_leads + constant)))
    return chances


# Figures


@dataclass(frozen=True, slots=True)
class Listed:
    """A fact-check in the list of a statement, its chance, and whether it only repeats the one before it."""

    url: str
    chance: float
    is_repeat: bool

    def is_shown(self, threshold: float = SHOWN) -> bool:
        """Return whether a reader would see it."""
        return self.chance >= threshold and not self.is_repeat


def report(index: Index, examples: Sequence[Example], scores: Sequence[Numbers], chances: Sequence[Numbers]) -> None:
    """Print MAP by kind, and what is shown at several thresholds."""
    lists = [_listed(index, *each) for each in zip(examples, scores, chances, strict=True)]
    judged = list(zip(examples, lists, strict=True))
    for name, is_post in (("debates", False), ("posts", True)):
        precisions = [_precision(e, listed) for e, listed in judged if e.wanted and e.is_post == is_post]
        print(f"{name}: MAP {np.mean(precisions):.3f} of {len(precisions)}")
    for threshold in THRESHOLDS:
        shown = [[each.url for each in listed if each.is_shown(threshold)] for listed in lists]
        right = [sum(url in e.wanted for url in urls) for e, urls in zip(examples, shown, strict=True)]
        number = sum(map(len, shown))
        found = np.mean([r > 0 for e, r in zip(examples, right, strict=True) if e.wanted])
        quiet = np.mean([not urls for e, urls in zip(examples, shown, strict=True) if not e.wanted])
        share = sum(right) / max(number, 1)
        print(f"chance {threshold:.2f}: shown {number}, right {share:.3f}, found {found:.3f}, quiet {quiet:.3f}")


def _listed(index: Index, example: Example, scores: Numbers, chances: Numbers) -> list[Listed]:
    listed: list[Listed] = []
    for row in map(int, np.argsort(-scores, kind="stable")[:LISTED]):
        place, chance = example.places[row], float(chances[row])
        listed.append(Listed(index.checks[place].url, chance, is_repeat=False))
        listed += [Listed(index.checks[each].url, chance, is_repeat=True) for each in index.repeats.get(place, ())]
    return listed[:LISTED]


def _precision(example: Example, listed: Sequence[Listed]) -> float:
    """Return the average precision of a statement, as `score.py checks` counts it."""
    hits = [place for place, each in enumerate(listed, start=1) if each.url in example.wanted]
    return sum(number / place for number, place in enumerate(hits, start=1)) / len(example.wanted)


def _line(example: Example, listed: Sequence[Listed]) -> str:
    ranked = [{"url": each.url, "score": round(each.chance, 6), "shown": each.is_shown()} for each in listed]
    return f"{json.dumps({'id': example.id, 'ranked': ranked})}\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
