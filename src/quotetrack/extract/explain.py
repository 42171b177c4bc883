"""Explain each attribution: the mentions and names that were weighed, and the features that made the difference.

The reasons come from the same trees that decide. The types hold nothing of the parser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import expm1

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from quotetrack.core.domain import Article, Quotation, Span
from quotetrack.extract.attribution.ranker import RankedPart, speaker_trees
from quotetrack.extract.entities.confidence import How, Resolved
from quotetrack.extract.entities.coreference import Option, trees_for
from quotetrack.extract.extractor import (
    attribute_text,
    date_quotations,
    make_resolver,
    name_quotations,
    weigh_names,
)
from quotetrack.extract.windows import Encoder
from quotetrack.lang import sections
from quotetrack.models.trees import Trees

MOST_OPTIONS = 5  # options that are shown of a quotation: the rest are far behind
MOST_REASONS = 6  # reasons that are shown of an option: a reader does not read more
CHOICES = (How.CHOSEN, How.NOBODY)  # how a mention came by its name where several were weighed
LEAST_EFFECT = 0.05  # log-odds; less moves no choice
ENCODER = "encoder"  # as a feature: what the reading model adds to a score
FAR = 1e6  # characters: the number that stands for "nowhere in the article" lies above

Scores = NDArray[np.float64]
Row = tuple[float, ...]  # of features, in the order of the trees that score it


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature in which an option differs from its rival.

    The rival is the chosen option; that of the chosen one is the second. `effect` is by how much the option's score
    (log-odds) is higher than it would be with the rival's `rival_value`. Effects of several features do not add up:
    trees weigh them together.
    """

    feature: str
    says: str
    value: float
    rival_value: float
    effect: float


@dataclass(frozen=True, slots=True)
class MentionOption:
    """One mention that may name the speaker; `score` in log-odds, `method` the rule that points at it.

    `features` are those that are not 0, by name.
    """

    mention: Span
    cue: Span | None
    method: str
    score: float
    is_chosen: bool
    reasons: tuple[Reason, ...]
    features: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class NameOption:
    """One person whom the mention may mean, None for nobody of the others; `score` in log-odds."""

    name: str | None
    score: float
    is_chosen: bool
    reasons: tuple[Reason, ...]
    features: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A quotation with the mentions and the names that were weighed, best first, the chosen one always among them.

    `names` is empty where the mention leaves no choice: it gives the name itself, or is kept as printed.
    """

    quotation: Quotation
    mentions: tuple[MentionOption, ...]
    names: tuple[NameOption, ...]


def explain(
    article: Article, nlp: Language, encoder: Encoder | None = None, *, everything: bool = False
) -> list[Explanation]:
    """Return the quotations that `extract` gives of this article, in its order, each with what was weighed."""
    attributed = attribute_text(article.text, nlp, encoder, everything=everything)
    resolver = make_resolver(article, attributed)
    names = weigh_names(attributed, resolver)
    weighed: dict[Span, _WeighedNames] = {}
    spoken: list[str] = []  # the names of the speakers before a quotation
    for quotation in attributed.quotations:
        name = names.get(quotation.parts[0])
        if name is None:
            continue
        if name.found.mention not in weighed:
            options = resolver.options(name.found, spoken) if name.resolved.how in CHOICES else []
            scores = resolver.scores(name.found, options) if options else np.zeros(0)
            weighed[name.found.mention] = _WeighedNames(options, scores, name.resolved)
        if name.resolved.name:
            spoken.append(name.resolved.name)
    quotations = date_quotations(article, name_quotations(attributed, names), attributed, nlp)
    return [Explanation(q, _mention_options(q, attributed.ranked), _name_options(q, weighed)) for q in quotations]


@dataclass(frozen=True, slots=True)
class _WeighedNames:
    """The persons whom a mention may mean, and the score of each."""

    options: Sequence[Option]
    scores: Scores
    resolved: Resolved


def _mention_options(quotation: Quotation, ranked: Mapping[Span, RankedPart]) -> tuple[MentionOption, ...]:
    """Return the options of the part that decided for the whole quotation."""
    chosen = quotation.attribution.mention if quotation.attribution else None
    parts = [ranked[part] for part in quotation.parts if part in ranked]
    if not parts:
        return ()
    deciding = (part for part in parts if (best := part.best()) is not None and best.mention == chosen)
    part = next(deciding, parts[0])
    candidates, trees = part.part.candidates, speaker_trees()
    comparison = _Comparison(
        trees,
        "mention",
        [candidate.features for candidate in candidates],
        part.scores,
        part.scores - part.by_trees,
        [candidate.mention == chosen for candidate in candidates],
    )
    return tuple(
        MentionOption(
            candidates[i].mention,
            candidates[i].cue,
            candidates[i].method,
            round(float(part.scores[i]), 3),
            comparison.is_chosen[i],
            comparison.reasons(i),
            comparison.present_features(i),
        )
        for i in comparison.shown()
    )


def _name_options(quotation: Quotation, weighed: Mapping[Span, _WeighedNames]) -> tuple[NameOption, ...]:
    attribution = quotation.attribution
    names_weighed = weighed.get(attribution.mention) if attribution and attribution.mention else None
    if names_weighed is None or not names_weighed.options or attribution is None:
        return ()
    options, scores = names_weighed.options, names_weighed.scores
    trees = trees_for(options)
    rows = [option.features for option in options]
    names = [option.person.name if option.person else None for option in options]
    chosen = names_weighed.resolved.name if names_weighed.resolved.how is How.CHOSEN else None
    comparison = _Comparison(
        trees, "name", rows, scores, scores - trees.score(rows), [name == chosen for name in names]
    )
    return tuple(
        NameOption(
            names[i],
            round(float(scores[i]), 3),
            comparison.is_chosen[i],
            comparison.reasons(i),
            comparison.present_features(i),
        )
        for i in comparison.shown()
    )


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The options of one choice, compared with one another.

    `kind` is the section of `reasons.txt` that phrases the features; `beyond` is the part of the scores that the
    encoder added to those of the trees.
    """

    trees: Trees
    kind: str
    rows: Sequence[Row]
    scores: Scores
    beyond: Scores
    is_chosen: Sequence[bool]

    def shown(self) -> list[int]:
        """Return the numbers of the options to show, best first, the chosen one always among them."""
        order = sorted(range(len(self.scores)), key=lambda i: -self.scores[i])
        return order[:MOST_OPTIONS] + [i for i in order[MOST_OPTIONS:] if self.is_chosen[i]]

    def present_features(self, option: int) -> tuple[tuple[str, float], ...]:
        """Return the features of an option that are not 0, by name."""
        values = zip(self.trees.features, self.rows[option], strict=True)
        return tuple((name, round(value, 4)) for name, value in values if value)

    def reasons(self, option: int) -> tuple[Reason, ...]:
        """Return what sets an option apart from its rival, the strongest first; nothing without a rival."""
        rival = self._rival(option)
        if rival is None:
            return ()
        own, other = self.rows[option], self.rows[rival]
        differing = [i for i in range(len(own)) if own[i] != other[i]]
        swapped = [(*own[:i], other[i], *own[i + 1 :]) for i in differing]
        score, *swapped_scores = self.trees.score([tuple(own), *swapped])
        reasons = [
            _reason(self.trees.features[i], own[i], other[i], float(score - swapped_score), self.kind)
            for i, swapped_score in zip(differing, swapped_scores, strict=True)
        ]
        own_extra, other_extra = float(self.beyond[option]), float(self.beyond[rival])
        reasons.append(_reason(ENCODER, own_extra, other_extra, own_extra - other_extra, self.kind))
        strong = [reason for reason in reasons if abs(reason.effect) >= LEAST_EFFECT]
        return tuple(sorted(strong, key=lambda reason: -abs(reason.effect))[:MOST_REASONS])

    def _rival(self, option: int) -> int | None:
        """Return the option to compare with: the chosen one, or the best of the others for the chosen one itself."""
        others = [i for i in self.shown() if i != option]
        chosen = [i for i in others if self.is_chosen[i] and not self.is_chosen[option]]
        return next(iter(chosen or others), None)


def _reason(name: str, value: float, rival_value: float, effect: float, kind: str) -> Reason:
    phrase, measure = _phrases(kind).get(name, (name.replace("_", " "), ""))
    if not measure and {value, rival_value} <= {0.0, 1.0}:
        says = phrase if value else f"not: {phrase}"
    else:
        says = f"{phrase}: {_number(value, measure)} (rival: {_number(rival_value, measure)})"
    return Reason(name, says, round(value, 4), round(rival_value, 4), round(effect, 3))


def _number(value: float, measure: str) -> str:
    number = expm1(value) if measure == "log" else value
    return "none" if number > FAR else f"{number:.2f}".rstrip("0").rstrip(".")


@cache
def _phrases(kind: str) -> dict[str, tuple[str, str]]:
    """Return the phrase of each feature, with `number` or `log` where the feature is not a yes or no."""
    entries = [entry.split("\t") for entry in sections("reasons.txt")[kind]]
    return {name: (phrase, measure[0] if measure else "") for name, phrase, *measure in entries}
