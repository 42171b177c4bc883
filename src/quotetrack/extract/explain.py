"""Why this speaker? For each quotation the mentions and names that were weighed, and what made the difference.

Read off the same trees that decide, in plain nouns: nothing of the parser leaves the room.
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
from quotetrack.extract.attribution.candidates import Features
from quotetrack.extract.attribution.ranker import Weighed
from quotetrack.extract.entities.coreference import Option, trees_for
from quotetrack.extract.extractor import attributed, attribution_of, dated, resolver_of
from quotetrack.extract.windows import Encoder
from quotetrack.lang import sections
from quotetrack.models.trees import Trees, load_trees

MOST_OPTIONS = 5  # of a quotation that are told: the rest are far behind
MOST_REASONS = 6  # of an option: a reader does not read more
LEAST_EFFECT = 0.05  # log-odds; less moves no choice
BEYOND = "encoder"  # as a feature: what the reading model adds to a score
FAR = 1e6  # characters: the number that stands for "nowhere in the article" lies above


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature in which an option differs from its rival, which is the chosen one, or the second of the chosen.

    `effect` is by how much the option's score (log-odds) is higher than it would be with the rival's `rival_value`.
    Effects of several features do not add up: trees weigh them together.
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

    No `names` where the mention leaves no choice: it gives the name itself, or is told as printed.
    """

    quotation: Quotation
    mentions: tuple[MentionOption, ...]
    names: tuple[NameOption, ...]


def explain(
    article: Article, nlp: Language, encoder: Encoder | None = None, *, everything: bool = False
) -> list[Explanation]:
    """The quotations that `extract` gives of this article, in its order, each with what was weighed."""
    whose = attribution_of(article.text, nlp, encoder, everything=everything)
    resolver = resolver_of(article, whose)
    met: dict[Span, _Readings] = {}
    named = attributed(article, whose)
    spoken: list[str] = []  # the names of the speakers before a quotation
    for quotation, with_name in zip(whose.quotations, named, strict=True):
        found = whose.found_of(quotation)
        if found is not None and found.mention not in met:
            options = resolver.options(found, spoken)
            met[found.mention] = _Readings(options, resolver.scores(found, options) if options else np.zeros(0))
        if with_name.attribution is not None and with_name.attribution.name is not None:
            spoken.append(with_name.attribution.name)
    quotations = dated(article, named, whose)
    return [Explanation(q, _mentions_of(q, whose.weighed), _names_of(q, met)) for q in quotations]


@dataclass(frozen=True, slots=True)
class _Readings:
    """What a mention may mean, and the score of each reading."""

    options: Sequence[Option]
    scores: NDArray[np.float64]


def _mentions_of(quotation: Quotation, weighed: Mapping[Span, Weighed]) -> tuple[MentionOption, ...]:
    """The options of the part that decided for the whole quotation."""
    chosen = quotation.attribution.mention if quotation.attribution else None
    parts = [weighed[part] for part in quotation.parts if part in weighed]
    deciding = [part for part in parts if (best := part.best()) is not None and best.mention == chosen]
    if not parts:
        return ()
    told = (deciding or parts)[0]
    trees = load_trees("attribution")["speaker"]
    candidates, scores = told.part.candidates, told.scores
    is_chosen = [candidate.mention == chosen for candidate in candidates]
    shown = _shown(scores, is_chosen)
    features = [candidate.features for candidate in candidates]
    beyond = scores - told.by_trees
    return tuple(
        MentionOption(
            candidates[i].mention,
            candidates[i].cue,
            candidates[i].method,
            round(float(scores[i]), 3),
            is_chosen[i],
            _reasons(trees, features, beyond, _rival(i, shown, is_chosen), i, "mention"),
            _present(features[i]),
        )
        for i in shown
    )


def _names_of(quotation: Quotation, met: Mapping[Span, _Readings]) -> tuple[NameOption, ...]:
    attribution = quotation.attribution
    readings = met.get(attribution.mention) if attribution and attribution.mention else None
    if readings is None or not readings.options or attribution is None:
        return ()
    options, scores = readings.options, readings.scores
    features = [option.features._asdict() for option in options]
    trees = trees_for(options)
    beyond = scores - trees.score([option.features for option in options])
    names = [option.person.name if option.person else None for option in options]
    chosen = attribution.name if attribution.name in names else None
    is_chosen = [name == chosen for name in names]
    shown = _shown(scores, is_chosen)
    return tuple(
        NameOption(
            names[i],
            round(float(scores[i]), 3),
            is_chosen[i],
            _reasons(trees, features, beyond, _rival(i, shown, is_chosen), i, "name"),
            _present(features[i]),
        )
        for i in shown
    )


def _shown(scores: NDArray[np.float64], is_chosen: Sequence[bool]) -> list[int]:
    """The options to tell, best first; the chosen one is told wherever it stands."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    told = order[:MOST_OPTIONS]
    return told + [i for i in order[MOST_OPTIONS:] if is_chosen[i]]


def _rival(option: int, shown: Sequence[int], is_chosen: Sequence[bool]) -> int | None:
    """Whom an option is compared with: the chosen one; the best of the others for the chosen one itself."""
    others = [i for i in shown if i != option]
    chosen = [i for i in others if is_chosen[i] and not is_chosen[option]]
    return next(iter(chosen or others), None)


def _present(features: Features) -> tuple[tuple[str, float], ...]:
    return tuple((name, round(value, 4)) for name, value in sorted(features.items()) if value)


def _reasons(
    trees: Trees,
    features: Sequence[Features],
    beyond: NDArray[np.float64],
    rival: int | None,
    option: int,
    kind: str,
) -> tuple[Reason, ...]:
    """What sets an option apart from its rival, the strongest first; `beyond` is what did not come from the trees."""
    if rival is None:
        return ()
    own, other = features[option], features[rival]
    differing = [name for name in trees.features if own.get(name, 0.0) != other.get(name, 0.0)]
    swapped = [{**own, name: other.get(name, 0.0)} for name in differing]
    scores = trees.score([tuple(row.get(name, 0.0) for name in trees.features) for row in (own, *swapped)])
    reasons = [
        _reason(name, own.get(name, 0.0), other.get(name, 0.0), float(scores[0] - score), kind)
        for name, score in zip(differing, scores[1:], strict=True)
    ]
    own_extra, other_extra = float(beyond[option]), float(beyond[rival])
    reasons.append(_reason(BEYOND, own_extra, other_extra, own_extra - other_extra, kind))
    told = [reason for reason in reasons if abs(reason.effect) >= LEAST_EFFECT]
    return tuple(sorted(told, key=lambda reason: -abs(reason.effect))[:MOST_REASONS])


def _reason(name: str, value: float, rival_value: float, effect: float, kind: str) -> Reason:
    phrase, measure = _phrases(kind).get(name, (name.replace("_", " "), ""))
    if measure:
        says = f"{phrase}: {_told(value, measure)} (rival: {_told(rival_value, measure)})"
    elif {value, rival_value} <= {0.0, 1.0}:
        says = phrase if value else f"not: {phrase}"
    else:
        says = f"{phrase}: {_told(value, 'number')} (rival: {_told(rival_value, 'number')})"
    return Reason(name, says, round(value, 4), round(rival_value, 4), round(effect, 3))


def _told(value: float, measure: str) -> str:
    number = expm1(value) if measure == "log" else value
    return "none" if number > FAR else f"{number:.2f}".rstrip("0").rstrip(".")


@cache
def _phrases(kind: str) -> dict[str, tuple[str, str]]:
    """By feature: what it says, and `number` or `log` where it is no yes or no."""
    entries = [entry.split("\t") for entry in sections("reasons.txt")[kind]]
    return {name: (phrase, measure[0] if measure else "") for name, phrase, *measure in entries}
