"""Fit who said it: `python -m quotetrack.training.attribution GOLD_FOLDER`. Deterministic; ten minutes on two cores.

Fitted on the articles of `corpora.py`. Writes `models/weights/attribution.json`: the trees that score candidates, the
trees that separate a speaker's own words from terms and titles (fitted on held-out scores of the first), and the
calibration of the confidence. The printed figures are of held-out folds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import GoldArticle, GoldPart
from quotetrack.extract.attribution.features import SpeakerFeatures, WordsFeatures
from quotetrack.extract.attribution.ranker import NO_RIVAL, OWN_WORDS, DescribedPart, describe_parts, words_features
from quotetrack.extract.extractor import parse_text
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.training.corpora import FITTED_ON, all_articles, domains_of, read_corpora
from quotetrack.training.folds import articles_in_folds
from quotetrack.training.gradient_boosting import FittedTrees, Numbers, TreeOptions, fit_trees, write_weights

SPEAKER_FOLDS, WORDS_FOLDS = 3, 5
SPEAKER_OPTIONS = TreeOptions(max_iter=150, max_leaf_nodes=31, learning_rate=0.08)
WORDS_OPTIONS = TreeOptions(max_iter=100, max_leaf_nodes=11, learning_rate=0.07, min_samples_leaf=20)
CALIBRATION_C = 10.0  # inverse strength of the penalty
CALIBRATION_DIGITS = 4  # decimals of a stored weight
WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "attribution.json"


@dataclass(slots=True)
class AttributionExample:
    """A part in quotation marks of a gold article: its candidates, which of them are right, and held-out scores.

    `gold` is None where the annotators found no quotation.
    """

    article: str
    part: DescribedPart
    gold: GoldPart | None
    is_right: list[bool]
    scores: Numbers

    def has_speaker(self) -> bool:
        """Return whether the annotators marked a mention of the speaker."""
        return self.gold is not None and bool(self.gold.mentions)

    def is_best_right(self) -> bool:
        """Return whether the candidate with the highest score is right."""
        return self.is_right[int(np.argmax(self.scores))]


def main(folder: Path) -> None:
    """Fit, report, write."""
    corpora = read_corpora(folder)
    domain_of = domains_of(corpora)
    examples = read_examples(all_articles(corpora))
    fold_of = articles_in_folds([e.article for e in examples], SPEAKER_FOLDS)
    for fold in range(SPEAKER_FOLDS):
        model = fit_speaker([e for e in examples if fold_of[e.article] != fold])
        for example in (e for e in examples if fold_of[e.article] == fold):
            example.scores = model.log_odds([c.features for c in example.part.candidates])
    scored = [e for e in examples if e.has_speaker() and e.part.candidates]
    for domain in corpora:
        core = [
            e.is_best_right()
            for e in scored
            if e.gold is not None and e.gold.is_core and domain_of[e.article] is domain
        ]
        print(f"right mention, given the part, held out, core, {domain}: {np.mean(core):.4f} of {len(core)}")
    stages = {"speaker": fit_speaker(examples).pack(), "words": _fit_words(examples).pack()}
    write_weights(WEIGHTS, FITTED_ON, stages, fit_calibration([(e.scores, e.is_best_right()) for e in scored]))


def read_examples(articles: Sequence[GoldArticle]) -> list[AttributionExample]:
    """Return every part in quotation marks of some articles that the annotators did not exclude."""
    nlp = load_language(Settings().spacy_model)
    examples = []
    for gold in articles:
        parsed = parse_text(gold.article.text, nlp)
        for span, part in describe_parts(gold.article.text, parsed.quotations, parsed.readings).items():
            annotated = gold.part_at(span)
            if annotated is None and gold.is_excluded(span):
                continue
            mentions = annotated.mentions if annotated is not None else ()
            is_right = [any(c.mention.overlap(mention) for mention in mentions) for c in part.candidates]
            examples.append(AttributionExample(gold.id, part, annotated, is_right, np.zeros(0)))
    return examples


def fit_speaker(examples: list[AttributionExample]) -> FittedTrees:
    """Fit the trees that score candidates, on the parts with an annotated speaker."""
    scored = [e for e in examples if e.has_speaker()]
    rows = [c.features for e in scored for c in e.part.candidates]
    is_right = [right for e in scored for right in e.is_right]
    return fit_trees(rows, is_right, SpeakerFeatures._fields, SPEAKER_OPTIONS)


def _fit_words(examples: list[AttributionExample]) -> FittedTrees:
    """Fit the trees that recognise a speaker's own words; print precision and recall of held-out folds."""
    rows = [words_features(e.part, e.scores) for e in examples]
    is_own = [e.gold is not None for e in examples]
    names = WordsFeatures._fields
    fold_of = articles_in_folds([e.article for e in examples], WORDS_FOLDS)
    right = wrong = annotated = 0  # core parts that are accepted, other words that are accepted, core parts
    for fold in range(WORDS_FOLDS):
        inside = [i for i, e in enumerate(examples) if fold_of[e.article] != fold]
        model = fit_trees([rows[i] for i in inside], [is_own[i] for i in inside], names, WORDS_OPTIONS)
        held_out = [i for i, e in enumerate(examples) if fold_of[e.article] == fold]
        for i, odds in zip(held_out, model.log_odds([rows[i] for i in held_out]), strict=True):
            part = examples[i].gold
            is_core = part is not None and part.is_core
            right += bool(odds >= OWN_WORDS) and is_core
            wrong += bool(odds >= OWN_WORDS) and part is None
            annotated += is_core
    print(f"own words, held out, core: precision {right / (right + wrong):.4f} recall {right / annotated:.4f}")
    return fit_trees(rows, is_own, names, WORDS_OPTIONS)


def fit_calibration(scored: Sequence[tuple[Numbers, bool]]) -> list[float]:
    """Return the weights of score, margin and bias that give the log-odds of being right.

    Each example has the held-out scores of its candidates, and whether the best one is right.
    """
    rows = []
    for scores, _ in scored:
        ranked = np.sort(scores)[::-1]
        rows.append([ranked[0], ranked[0] - ranked[1] if len(ranked) > 1 else NO_RIVAL])
    model = LogisticRegression(C=CALIBRATION_C).fit(np.array(rows), np.array([is_right for _, is_right in scored]))
    return [round(float(w), CALIBRATION_DIGITS) for w in (*model.coef_[0], model.intercept_[0])]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
