"""Fit who said it: `python -m quotetrack.fit.attribution GOLD_FOLDER`. Deterministic; some ten minutes on two cores.

Fitted on `quotations_train.jsonl` alone. Writes `extract/weights/attribution.json`: the trees that score candidates,
the trees that tell own words from terms and titles (fitted on held-out scores of the first), and the calibration of
the confidence. The figures printed are of held-out folds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import GoldPart, articles_in_folds, read_gold
from quotetrack.extract.attribution.ranker import NO_RIVAL, OWN_WORDS, DescribedPart, describe_parts, words_features
from quotetrack.extract.extractor import parse_text
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.training import gradient_boosting as boost

SPEAKER_FOLDS, WORDS_FOLDS = 3, 5
SPEAKER_OPTIONS = boost.TreeOptions(max_iter=150, max_leaf_nodes=31, learning_rate=0.08)
WORDS_OPTIONS = boost.TreeOptions(max_iter=100, max_leaf_nodes=11, learning_rate=0.07, min_samples_leaf=20)
FITTED_ON = "quotations_train.jsonl: 840 US political news articles, November 2015 to September 2016"
WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "attribution.json"


@dataclass(slots=True)
class AttributionExample:
    """One quoted part of a gold article: its candidates, which of them are right, and its held-out scores."""

    article: str
    part: DescribedPart
    gold: GoldPart | None
    right: list[bool]
    scores: boost.Numbers


def main(folder: Path) -> None:
    """Fit, report, write."""
    examples = read_examples(folder)
    names = boost.feature_names([c.features._asdict() for e in examples for c in e.part.candidates])
    fold_of = articles_in_folds([e.article for e in examples], SPEAKER_FOLDS)
    for fold in range(SPEAKER_FOLDS):
        model = fit_speaker([e for e in examples if fold_of[e.article] != fold], names)
        for example in (e for e in examples if fold_of[e.article] == fold):
            example.scores = model.log_odds([c.features._asdict() for c in example.part.candidates])
    told = [e for e in examples if e.gold is not None and e.gold.mentions and e.part.candidates]
    core = [_is_right(e) for e in told if e.gold is not None and e.gold.is_core]
    print(f"right mention, given the part, held out, core: {np.mean(core):.4f} of {len(core)}")
    speaker = fit_speaker(examples, names)
    words = _fit_words(examples)
    stages = {"speaker": speaker.packed(), "words": words.packed()}
    boost.write(WEIGHTS, FITTED_ON, stages, calibration([(e.scores, _is_right(e)) for e in told]))


def read_examples(folder: Path) -> list[AttributionExample]:
    """Every quoted part of train that the annotators did not pass over."""
    nlp = load_language(Settings().spacy_model)
    examples = []
    for gold in read_gold(folder, "quotations_train"):
        parsed = parse_text(gold.article.text, nlp)
        for span, part in describe_parts(gold.article.text, parsed.quotations, parsed.readings).items():
            annotated = gold.part_at(span)
            if annotated is None and gold.is_passed_over(span):
                continue
            right = [
                annotated is not None and any(c.mention.overlap(m) for m in annotated.mentions) for c in part.candidates
            ]
            examples.append(AttributionExample(gold.id, part, annotated, right, np.zeros(0)))
    return examples


def fit_speaker(examples: list[AttributionExample], names: list[str]) -> boost.Model:
    """The trees that score candidates."""
    told = [e for e in examples if e.gold is not None and e.gold.mentions]
    rows = [c.features._asdict() for e in told for c in e.part.candidates]
    return boost.fit(rows, [right for e in told for right in e.right], names, SPEAKER_OPTIONS)


def _fit_words(examples: list[AttributionExample]) -> boost.Model:
    rows = [words_features(e.part, e.scores)._asdict() for e in examples]
    own = [e.gold is not None for e in examples]
    names = boost.feature_names(rows)
    fold_of = articles_in_folds([e.article for e in examples], WORDS_FOLDS)
    counts = np.zeros(3)
    for fold in range(WORDS_FOLDS):
        inside = [i for i, e in enumerate(examples) if fold_of[e.article] != fold]
        model = boost.fit([rows[i] for i in inside], [own[i] for i in inside], names, WORDS_OPTIONS)
        held = [i for i, e in enumerate(examples) if fold_of[e.article] == fold]
        for i, odds in zip(held, model.log_odds([rows[i] for i in held]), strict=True):
            part = examples[i].gold
            counts += [
                odds >= OWN_WORDS and part is not None and part.is_core,
                odds >= OWN_WORDS and part is None,
                part is not None and part.is_core,
            ]
    print(
        f"own words, held out, core: precision {counts[0] / (counts[0] + counts[1]):.4f} "
        f"recall {counts[0] / counts[2]:.4f}"
    )
    return boost.fit(rows, own, names, WORDS_OPTIONS)


def _is_right(example: AttributionExample) -> bool:
    return example.right[int(np.argmax(example.scores))]


def calibration(judged: Sequence[tuple[boost.Numbers, bool]]) -> list[float]:
    """Log-odds of being right as a function of the score and its margin, on held-out scores of the candidates."""
    rows = []
    for scores, _ in judged:
        ranked = np.sort(scores)[::-1]
        rows.append([ranked[0], ranked[0] - ranked[1] if len(ranked) > 1 else NO_RIVAL])
    model = LogisticRegression(C=10.0).fit(np.array(rows), np.array([right for _, right in judged]))
    return [round(float(w), 4) for w in (*model.coef_[0], model.intercept_[0])]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
