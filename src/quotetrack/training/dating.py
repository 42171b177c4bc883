"""Fit when it was said: `python -m quotetrack.training.dating GOLD_FOLDER`. Half an hour on two cores.

Fitted on three kinds of articles (`corpora.py`), politics with the days of `days_read.tsv` (docs/decisions/0008). Folds
hold out whole outlets and genres. Writes `models/weights/dating.json` (trees), `day_reader.npz` (the reading model) and
`day_confidence.json`, whose chances are fitted on what the held-out folds chose. Prints for each kind of article how
many days are right, with the reading model and without it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from math import exp
from pathlib import Path

import numpy as np
from sklearn.model_selection import GroupKFold

from quotetrack.core.domain import DateBasis, SaidOn, Span
from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import FRESH_NEWS, GoldArticle, GoldPart, Label
from quotetrack.extract.dating.confidence import Chances, DayFeatures
from quotetrack.extract.dating.features import AnswerFeatures, DateFeatures
from quotetrack.extract.dating.ranker import (
    Answer,
    Candidates,
    DateCandidate,
    WeighedAnswers,
    claim_day,
    read_answers,
    shortlist,
)
from quotetrack.extract.extractor import attribute_text, make_dating, name_speakers
from quotetrack.models.day_question import DayQuestion, Floats
from quotetrack.models.day_reader import DayReader
from quotetrack.models.pointer import load_pointer
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.training.conditional_logit import ChoiceTreeOptions, FittedChoice, fit_choice
from quotetrack.training.corpora import FITTED_ON, INVENTED_WEIGHT, Domain, read_corpora
from quotetrack.training.day_reader import DayExample, fit_nets, write_nets
from quotetrack.training.days_read import with_days_read
from quotetrack.training.gradient_boosting import (
    FittedTrees,
    Numbers,
    Row,
    TreeOptions,
    fit_trees,
    rounded,
    write_weights,
)

FOLDS = 5
# On held-out folds of the person's 410 articles the right date was first for 81 % of the groups that a phrase dates;
# fitted row by row for 77 %.
FIRST_OPTIONS = ChoiceTreeOptions()
SECOND_OPTIONS = TreeOptions(max_iter=60, max_leaf_nodes=15, learning_rate=0.1)
# The second round is the mean of this many fits, each on half of the articles. The quotations of one article are much
# alike, and the figures of a single fit vary by two points with the articles that it saw.
FITS = 10
WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "dating.json"
CONFIDENCE = WEIGHTS.with_name("day_confidence.json")
# Quotations whose day the article does not state are a sixth of train and a quarter to a third of other news: without
# this weight hardly any would be left undated. On held-out folds 1.5, 2 and 2.5 leave 32, 47 and 54 % of them undated
# and date 88, 83 and 77 % of the fresh news right; of these 2 is best where undated ones count 1.7 times, as elsewhere.
WEIGHT_OF_UNDATED = 2.0
UNDATED_READ = 1.5  # weight of a quotation without a day in the reading model
# Of the surest half of the held-out quotations of US politics these trees date 92.7 % right, logistic regressions over
# the same features 92.5 %; of all broad news 71.0 and 63.6 %.
CHANCE_OPTIONS = TreeOptions(max_iter=150, max_leaf_nodes=6, learning_rate=0.04)


@dataclass(slots=True)
class DatingExample:
    """The quotations of one article: the candidates of each, and its label (None: nobody labelled it).

    `group` is the outlet or genre, which is held out as a whole. `is_core` tells the quotations that the scorer counts.
    `questions` are those to the reading model, `read` its answers. `shortlists` are the answers that reach the second
    round. Both are by fits that have not seen the group.
    """

    id: str
    domain: Domain
    group: str
    published: date
    candidates: list[Candidates]
    labels: list[Label | None]
    is_core: list[bool]
    questions: list[DayQuestion]
    shortlists: list[list[Answer]] = field(default_factory=list)
    read: list[Floats] = field(default_factory=list)


class MeanOfTrees:
    """Several fits over the same features; the score is the mean of theirs."""

    def __init__(self, models: Sequence[FittedTrees]) -> None:
        self._models = list(models)

    def log_odds(self, rows: Sequence[Row]) -> Numbers:
        """Return the mean score of each row, shape (rows,)."""
        scores: Numbers = np.mean([model.log_odds(rows) for model in self._models], axis=0)
        return scores

    def pack(self) -> dict[str, object]:
        """Return all trees as one ensemble; each leaf value is divided by the number of fits."""
        share = 1 / len(self._models)
        trees = [
            [[*node[:4], rounded(node[4] * share)] for node in tree]
            for model in self._models
            for tree in model.packed_trees()
        ]
        bias = sum(model.bias() for model in self._models) * share
        return {"features": self._models[0].names, "bias": bias, "trees": trees}


def main(folder: Path) -> None:
    """Fit, report, write."""
    examples = read_examples(folder)
    folds = _folds([example.group for example in examples])
    for fold in range(FOLDS):
        seen, held_out = _split(examples, folds, fold)
        _set_shortlists(held_out, _fit_first(seen))
        _set_read(held_out, DayReader(fit_nets(_day_examples(seen))))
    weighed: list[WeighedDay] = []
    for fold in range(FOLDS):
        seen, held_out = _split(examples, folds, fold)
        second = _fit_second(seen)
        weighed += [day for example in held_out for day in _weigh(example, second)]
    by_trees = [day.without_reading() for day in weighed]
    for line in (*report(weighed), "without the reading model:", *report(by_trees)):
        print(line)
    write_weights(WEIGHTS, FITTED_ON, {"first": _fit_first(examples).pack(), "second": _fit_second(examples).pack()})
    write_nets(fit_nets(_day_examples(examples)))
    chances = {"reading": FittedChances(weighed), "trees": FittedChances(by_trees)}
    stages = {f"{kind}_{of}": trees for kind, fitted in chances.items() for of, trees in fitted.pack().items()}
    write_weights(CONFIDENCE, FITTED_ON, stages)


def _split(
    examples: Sequence[DatingExample], folds: Sequence[int], fold: int
) -> tuple[list[DatingExample], list[DatingExample]]:
    """Return the examples outside a fold, and those in it."""
    inside = [own == fold for own in folds]
    return (
        [example for example, is_inside in zip(examples, inside, strict=True) if not is_inside],
        [example for example, is_inside in zip(examples, inside, strict=True) if is_inside],
    )


def read_examples(folder: Path) -> list[DatingExample]:
    """Return the labelled articles, with our own quotations and speakers: the input of dating in use."""
    articles = [
        (gold, domain)
        for domain, own in read_corpora(folder).items()
        for gold in with_days_read(own)
        if gold.article.published_on is not None and any(part.label for part in gold.parts)
    ]
    with ProcessPoolExecutor() as processes:
        return list(processes.map(_read_example, *zip(*articles, strict=True), chunksize=4))


def _read_example(gold: GoldArticle, domain: Domain) -> DatingExample:
    nlp, encoder = load_language(Settings().spacy_model), load_pointer()
    attributed = attribute_text(gold.article.text, nlp, encoder)
    quotations = name_speakers(gold.article, attributed)
    dating = make_dating(gold.article, attributed, nlp)
    candidates = dating.candidates(quotations)
    found = [_part_of(gold, quotation.parts) for quotation in quotations]
    published = gold.article.published_on
    assert published is not None
    return DatingExample(
        id=gold.id,
        domain=domain,
        group=_group_of(gold, domain),
        published=published,
        candidates=candidates,
        labels=[part.label if part is not None else None for part in found],
        is_core=[part is not None and part.is_core for part in found],
        questions=dating.questions(quotations, candidates) if quotations else [],
    )


def _group_of(gold: GoldArticle, domain: Domain) -> str:
    """Return the outlet; of an invented article the genre, with which its id begins."""
    return gold.id.rpartition("-")[0] if domain is Domain.INVENTED else gold.article.outlet or gold.id


def _folds(groups: Sequence[str]) -> list[int]:
    """Return the fold of each example; a group is in one fold."""
    fold_of = [0] * len(groups)
    for fold, (_, held_out) in enumerate(GroupKFold(FOLDS).split(groups, groups=groups)):
        for index in held_out:
            fold_of[index] = fold
    return fold_of


def _part_of(gold: GoldArticle, parts: Sequence[Span]) -> GoldPart | None:
    """Return the first part that is annotated; None where none is, or where it is called no quotation."""
    part = next((part for span in parts if (part := gold.part_at(span)) is not None), None)
    return part if part is not None and part.is_quotation else None


def _is_right(said: SaidOn, label: Label, published: date) -> bool:
    is_claimed = said.first is not None and said.basis is not DateBasis.UNKNOWN
    return label.is_day_right(said.first, said.last, published, is_claimed=is_claimed)


def _fit_first(examples: Sequence[DatingExample]) -> FittedChoice:
    """Fit which date is right, on the quotations of which one of the dates is."""
    groups: list[Sequence[DateCandidate]] = []
    is_right: list[list[bool]] = []
    for example in examples:
        for candidates, label in zip(example.candidates, example.labels, strict=True):
            if label is not None and label.said_on is not None and label.basis != FRESH_NEWS:
                right = [_is_right(c.said, label, example.published) for c in candidates.dates]
                if any(right):
                    groups.append(candidates.dates)
                    is_right.append(right)
    rows = [[c.features for c in group] for group in groups]
    return fit_choice(rows, is_right, DateFeatures._fields, FIRST_OPTIONS)


def _set_shortlists(examples: Sequence[DatingExample], first: FittedChoice) -> None:
    for example in examples:
        example.shortlists = [
            shortlist(candidates, first.log_odds([c.features for c in candidates.dates]))
            for candidates in example.candidates
        ]


def _fit_second(examples: Sequence[DatingExample]) -> MeanOfTrees:
    """Fit which of the likeliest dates is right, or that it is fresh news, or that the article does not say."""
    in_order = sorted(examples, key=lambda example: example.id)
    draw = np.random.default_rng(0)
    models = []
    for _ in range(FITS):
        half = draw.choice(len(in_order), len(in_order) // 2, replace=False)
        models.append(_fit_on([in_order[i] for i in half]))
    return MeanOfTrees(models)


def _fit_on(examples: Sequence[DatingExample]) -> FittedTrees:
    rows: list[Row] = []
    is_right: list[bool] = []
    weights: list[float] = []
    for example in examples:
        for answers, label in zip(example.shortlists, example.labels, strict=True):
            if label is not None:
                rows += [answer.features for answer in answers]
                is_right += [_is_right(answer.said, label, example.published) for answer in answers]
                weights += [WEIGHT_OF_UNDATED if label.said_on is None else 1.0] * len(answers)
    return fit_trees(rows, is_right, AnswerFeatures._fields, SECOND_OPTIONS, weights)


# --- the reading model -----------------------------------------------------------------------------------


def _day_examples(examples: Sequence[DatingExample]) -> list[DayExample]:
    """Return the labelled core quotations as questions with their right answers."""
    return [
        DayExample(question, _right_answers(own, label, example.published), _reading_weight(example.domain, label))
        for example in examples
        for question, own, label, is_core in zip(
            example.questions, example.candidates, example.labels, example.is_core, strict=True
        )
        if label is not None and is_core
    ]


def _right_answers(candidates: Candidates, label: Label, published: date) -> tuple[bool, ...]:
    """Return which dates are right, then whether "fresh news" and "unknown" are."""
    dates = [_is_right(candidate.said, label, published) for candidate in candidates.dates]
    fresh = [a for a in candidates.undated if a.features.is_implied and _is_right(a.said, label, published)]
    unknown = [a for a in candidates.undated if a.features.is_unknown and _is_right(a.said, label, published)]
    return (*dates, bool(fresh), bool(unknown))


def _reading_weight(domain: Domain, label: Label) -> float:
    return (INVENTED_WEIGHT if domain is Domain.INVENTED else 1.0) * (UNDATED_READ if label.said_on is None else 1.0)


def _set_read(examples: Sequence[DatingExample], reader: DayReader) -> None:
    for example in examples:
        example.read = reader.read(example.questions)


# --- the chances -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WeighedDay:
    """One labelled core quotation: its answers, weighed by fits that have not seen it, and which of them are right."""

    domain: Domain
    group: str
    weighed: WeighedAnswers
    is_right: list[bool]
    label: Label
    published: date

    def without_reading(self) -> WeighedDay:
        """Return the same without the reading model."""
        return replace(self, weighed=replace(self.weighed, read=None))

    def features(self) -> DayFeatures:
        """Return what its chances are computed from."""
        return self.weighed.opinions().features()

    def is_date_right(self) -> bool:
        """Return whether the likeliest date is right; False without a date."""
        number = self.weighed.opinions().likeliest_date()
        return number is not None and self.is_right[number]

    def is_fresh(self) -> bool:
        """Return whether "fresh news" is right."""
        return any(right and bool(answer.features.is_implied) for answer, right in self._answers())

    def is_unknown(self) -> bool:
        """Return whether "unknown" is right."""
        return any(right and bool(answer.features.is_unknown) for answer, right in self._answers())

    def _answers(self) -> Iterator[tuple[Answer, bool]]:
        return zip(self.weighed.answers, self.is_right, strict=True)


def _weigh(example: DatingExample, second: MeanOfTrees) -> Iterator[WeighedDay]:
    """Yield the labelled core quotations of an article."""
    for number, (answers, label, is_core) in enumerate(
        zip(example.shortlists, example.labels, example.is_core, strict=True)
    ):
        if label is not None and is_core:
            scores = [float(score) for score in second.log_odds([answer.features for answer in answers])]
            read = read_answers(example.candidates[number], answers, example.read[number])
            right = [_is_right(answer.said, label, example.published) for answer in answers]
            weighed = WeighedAnswers(answers, scores, read)
            yield WeighedDay(example.domain, example.group, weighed, right, label, example.published)


class FittedChances:
    """The trees of both chances."""

    def __init__(self, days: Sequence[WeighedDay]) -> None:
        rows = [day.features() for day in days]
        weights = [INVENTED_WEIGHT if day.domain is Domain.INVENTED else 1.0 for day in days]
        self._date = self._fit(rows, [day.is_date_right() for day in days], weights)
        told = [n for n, day in enumerate(days) if day.is_fresh() != day.is_unknown()]  # elsewhere a date is right
        self._fresh = self._fit(
            [rows[n] for n in told],
            [days[n].is_fresh() for n in told],
            [weights[n] * (WEIGHT_OF_UNDATED if days[n].is_unknown() else 1.0) for n in told],
        )

    def _fit(self, rows: Sequence[Row], is_right: Sequence[bool], weights: Sequence[float]) -> FittedTrees:
        return fit_trees(rows, is_right, DayFeatures._fields, CHANCE_OPTIONS, weights)

    def chances(self, days: Sequence[WeighedDay]) -> list[Chances]:
        """Return the chances of each quotation."""
        rows = [day.features() for day in days]
        odds = (self._date.log_odds(rows), self._fresh.log_odds(rows))
        return [Chances(*(1 / (1 + exp(-score)) for score in own)) for own in zip(*odds, strict=True)]

    def pack(self) -> dict[str, dict[str, object]]:
        """Return the trees of each chance, ready to be written."""
        return {"date": self._date.pack(), "fresh": self._fresh.pack()}


def report(days: Sequence[WeighedDay]) -> list[str]:
    """Return the figures of each kind of article, with chances of folds that have not seen the outlet or genre."""
    folds = _folds([day.group for day in days])
    lines = []
    chances: dict[int, Chances] = {}
    for fold in range(FOLDS):
        fitted = FittedChances([day for day, own in zip(days, folds, strict=True) if own != fold])
        inside = [i for i, own in enumerate(folds) if own == fold]
        chances |= dict(zip(inside, fitted.chances([days[i] for i in inside]), strict=True))
    for domain in Domain:
        own = [i for i, day in enumerate(days) if day.domain is domain]
        lines.append(f"{domain}: {_figures([days[i] for i in own], [chances[i] for i in own])}")
    return lines


def _figures(days: Sequence[WeighedDay], chances: Sequence[Chances]) -> str:
    """Return how many days are right, how many of the claimed ones, and how far the chances are off, in words."""
    claims = [claim_day(day.weighed, chance, day.published) for day, chance in zip(days, chances, strict=True)]
    right = np.array([_is_right(claim.said, day.label, day.published) for claim, day in zip(claims, days, strict=True)])
    is_claimed = np.array([claim.said.first is not None and claim.said.first == claim.said.last for claim in claims])
    date_chances = np.array([chance.date for chance in chances])
    is_date_right = np.array([day.is_date_right() for day in days])
    bins = np.minimum((date_chances * 10).astype(int), 9)
    gaps = [
        abs(date_chances[bins == b].mean() - is_date_right[bins == b].mean()) * (bins == b).mean() for b in set(bins)
    ]
    return (
        f"{len(days)} quotations, day right {right.mean():.3f}; one day claimed for {is_claimed.mean():.3f}, "
        f"of these right {right[is_claimed].mean():.3f}; expected calibration error {sum(gaps):.3f}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
