"""Fit how sure mentions and names are: `python -m quotetrack.training.calibration GOLD_FOLDER`. Twenty minutes.

Uses the articles that the pointer model has not seen, and trees that are fitted without them. For names these are too
few: `half_pointer.npz` is a pointer model that has not seen half of the others (`pointer.py --half`). Prints the
share of right mentions by the weight of the log-probability, and the figures of the names by the kind of article.
Writes `weights/encoder_calibration.json` and `weights/name_confidence.json`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Span
from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import GoldArticle
from quotetrack.extract.attribution.ranker import POINTER_WEIGHT, SURE, RankedPart
from quotetrack.extract.extractor import attribute_text
from quotetrack.extract.windows import Ask
from quotetrack.models.pointer import load_pointer
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.models.trees import load_calibration, replaced_trees
from quotetrack.training.attribution import fit_calibration, fit_speaker, read_examples
from quotetrack.training.coreference import fit_names, read_articles
from quotetrack.training.corpora import all_articles, domains_of, read_corpora
from quotetrack.training.folds import half_of, seen_by_pointer
from quotetrack.training.gradient_boosting import FittedTrees, Numbers, write_weights
from quotetrack.training.name_confidence import fit_name_confidence, named_parts
from quotetrack.training.pointer import HALF

WEIGHTS_TRIED = (0.0, 0.3, 0.5, 0.7, 1.0, 1.5)
WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "encoder_calibration.json"


@dataclass(frozen=True, slots=True)
class PartScores:
    """The scores of the candidates of one core part, shape (candidates,), and which candidates are right.

    `by_trees` are log-odds of trees that have not seen the article, `by_pointer` log-probabilities of the pointer
    model. `is_asked` says whether extraction asks the pointer model: the trees are not sure without it.
    """

    by_trees: Numbers
    by_pointer: NDArray[np.float64]
    is_right: list[bool]
    is_asked: bool

    def scores(self, weight: float) -> NDArray[np.float64]:
        """Return the sum of both scores, with this weight of the pointer model."""
        return self.by_trees + weight * self.by_pointer

    def is_best_right(self, weight: float) -> bool:
        """Return whether the candidate with the highest score is right."""
        return self.is_right[int(np.argmax(self.scores(weight)))]


def main(folder: Path) -> None:
    """Fit, report, write."""
    corpora = read_corpora(folder)
    articles = all_articles(corpora)
    seen = seen_by_pointer()
    unseen = {article.id for article in articles} - seen
    with _fitted_without(unseen, articles) as (held, trees):
        parts = _score_parts(held, trees)
        for weight in WEIGHTS_TRIED:
            print(f"weight {weight}: {np.mean([part.is_best_right(weight) for part in parts]):.4f} of {len(parts)}")
        scored = [(part.scores(POINTER_WEIGHT), part.is_best_right(POINTER_WEIGHT)) for part in parts if part.is_asked]
        print(f"asked about {len(scored)}, right {np.mean([is_right for _, is_right in scored]):.3f}")
        fitted_on = f"{len(unseen)} articles that the adapters and the trees did not see"
        write_weights(WEIGHTS, fitted_on, {}, fit_calibration(scored))
        load_calibration.cache_clear()
        names = named_parts(held, load_pointer())
    with _fitted_without(half_of(seen), articles) as (others, _):
        more = named_parts(others, load_pointer(HALF))
    fit_name_confidence(names, more, domains_of(corpora))


@contextmanager
def _fitted_without(
    unseen: Set[str], articles: Sequence[GoldArticle]
) -> Iterator[tuple[list[GoldArticle], FittedTrees]]:
    """Yield the articles of `unseen`, and the trees for mentions; extraction uses trees that are fitted on the rest."""
    rest = [article for article in articles if article.id not in unseen]
    trees = fit_speaker(read_examples(rest))
    names = fit_names(read_articles(rest))
    packed = {
        ("attribution", "speaker"): trees.pack(),
        **{("coreference", stage): entry for stage, entry in names.items()},
    }
    with replaced_trees(packed):
        yield [article for article in articles if article.id in unseen], trees


def _score_parts(articles: list[GoldArticle], trees: FittedTrees) -> list[PartScores]:
    """Return the scores of every core part that has a mention of its speaker."""
    nlp, encoder = load_language(Settings().spacy_model), load_pointer()
    parts = []
    for gold in articles:
        attributed = attribute_text(gold.article.text, nlp, encoder)
        judged = {span: right for span, ranked in attributed.ranked.items() if (right := _judge(gold, span, ranked))}
        if attributed.questions is None or not judged:
            continue
        answers = attributed.questions.ask(Ask.MENTION, list(judged))
        for (span, is_right), answer in zip(judged.items(), answers, strict=True):
            ranked = attributed.ranked[span]
            best = replace(ranked, by_encoder=None).best()
            parts.append(
                PartScores(
                    by_trees=trees.log_odds([c.features for c in ranked.part.candidates]),
                    by_pointer=np.array([answer.at([c.head]) for c in ranked.part.candidates]),
                    is_right=is_right,
                    is_asked=best is not None and best.confidence < SURE,
                )
            )
    return parts


def _judge(gold: GoldArticle, span: Span, ranked: RankedPart) -> list[bool]:
    """Return which candidates of a core part with a speaker are right; empty for other parts."""
    part = gold.part_at(span)
    if part is None or not part.is_core or not part.mentions:
        return []
    return [any(c.mention.overlap(mention) for mention in part.mentions) for c in ranked.part.candidates]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
