"""Fit how far to believe what the reading model was asked about: `python -m quotetrack.fit.asked GOLD_FOLDER`.

On the articles of train that the reading model has not seen, by trees that are fitted without them; some minutes.
Prints the share of right mentions by the weight of the model's log-chance, and writes `extract/weights/asked.json`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Span
from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import GoldArticle, held_out, read_gold
from quotetrack.extract.attribution.ranker import POINTER_WEIGHT, SURE, RankedPart
from quotetrack.extract.extractor import attribute_text
from quotetrack.extract.windows import Ask
from quotetrack.models.pointer import load_pointer
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.training import gradient_boosting as boost
from quotetrack.training.attribution import calibration, fit_speaker, read_examples

WEIGHTS_TRIED = (0.0, 0.3, 0.5, 0.7, 1.0, 1.5)
WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "asked.json"


@dataclass(frozen=True, slots=True)
class ScoredPart:
    """One core part: the scores of its candidates by trees that have not seen it, the model's, and which are right."""

    by_trees: boost.Numbers
    heard: NDArray[np.float64]
    right: list[bool]

    def scores(self, weight: float) -> NDArray[np.float64]:
        """The scores that decide, in log-odds."""
        return self.by_trees + weight * self.heard

    def is_right(self, weight: float) -> bool:
        """Whether the likeliest candidate is right."""
        return self.right[int(np.argmax(self.scores(weight)))]


def main(folder: Path) -> None:
    """Fit, report, write."""
    examples = read_examples(folder)
    unseen = held_out(gold.id for gold in read_gold(folder, "quotations_train"))
    names = boost.feature_names([c.features._asdict() for e in examples for c in e.part.candidates])
    trees = fit_speaker([e for e in examples if e.article not in unseen], names)
    nlp, encoder = load_language(Settings().spacy_model), load_pointer()
    parts: list[ScoredPart] = []
    asked: list[ScoredPart] = []
    for gold in read_gold(folder, "quotations_train"):
        if gold.id not in unseen:
            continue
        whose = attribute_text(gold.article.text, nlp, encoder)
        told = {span: right for span, one in whose.ranked.items() if (right := _right(gold, span, one))}
        if whose.questions is None or not told:
            continue
        for span, pointed in zip(told, whose.questions.ask(Ask.MENTION, list(told)), strict=True):
            candidates = whose.ranked[span].part.candidates
            chances = np.array([pointed.at([c.head]) for c in candidates])
            part = ScoredPart(trees.log_odds([c.features._asdict() for c in candidates]), chances, told[span])
            parts.append(part)
            best = replace(whose.ranked[span], by_encoder=None).best()
            if best is not None and best.confidence < SURE:
                asked.append(part)
    for weight in WEIGHTS_TRIED:
        print(f"weight {weight}: {np.mean([p.is_right(weight) for p in parts]):.4f} of {len(parts)}")
    rows = [(part.scores(POINTER_WEIGHT), part.is_right(POINTER_WEIGHT)) for part in asked]
    print(f"asked about {len(asked)}, right {np.mean([right for _, right in rows]):.3f}")
    fitted_on = f"quotations_train.jsonl: {len(unseen)} articles that the adapters and the trees did not see"
    boost.write(WEIGHTS, fitted_on, {}, calibration(rows))


def _right(gold: GoldArticle, span: Span, weighed: RankedPart) -> list[bool]:
    """Which candidates of a core part with a speaker are right; empty for other parts."""
    part = gold.part_at(span)
    if part is None or not part.is_core or not part.mentions:
        return []
    mentions: Sequence[Span] = part.mentions
    return [any(c.mention.overlap(m) for m in mentions) for c in weighed.part.candidates]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
