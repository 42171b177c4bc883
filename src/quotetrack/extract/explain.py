"""Why this speaker? For each quotation the mentions and names that were weighed, and what made the difference.

Read off the same trees that decide, in plain nouns: nothing of the parser leaves the room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import expm1

import numpy as np
from spacy.language import Language

from quotetrack.extract import attribution_of, extract, parsed
from quotetrack.extract.candidates import Candidate, Features
from quotetrack.extract.coref import Option, Resolver
from quotetrack.extract.cues import sections
from quotetrack.extract.ranker import describe
from quotetrack.extract.trees import Trees, load_trees
from quotetrack.model import Article, Quotation, Span

MOST_OPTIONS = 5  # of a quotation that are told: the rest are far behind
MOST_REASONS = 6  # of an option: a reader does not read more
LEAST_EFFECT = 0.05  # log-odds; less moves no choice
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


def explain(article: Article, nlp: Language, *, everything: bool = False) -> list[Explanation]:
    """The quotations that `extract` gives of this article, in its order, each with what was weighed."""
    quotations = extract(article, nlp, everything=everything)
    if not quotations:
        return []
    weighed = _weighed_mentions(article.text, nlp)
    met = _met_names(article, nlp, everything)
    return [Explanation(q, _mentions_of(q, weighed), _names_of(q, met)) for q in quotations]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The candidates of one part and their scores, in one order."""

    candidates: Sequence[Candidate]
    scores: Sequence[float]

    @property
    def best(self) -> Candidate | None:
        """The candidate with the highest score."""
        return self.candidates[int(np.argmax(self.scores))] if self.candidates else None


def _weighed_mentions(text: str, nlp: Language) -> dict[Span, _Weighed]:
    """The scored candidates of each quoted part."""
    trees = load_trees("attribution")["speaker"]
    described = describe(text, *parsed(text, nlp))
    return {
        part: _Weighed(told.candidates, [float(s) for s in trees.score([c.features for c in told.candidates])])
        for part, told in described.items()
    }


def _mentions_of(quotation: Quotation, weighed: Mapping[Span, _Weighed]) -> tuple[MentionOption, ...]:
    """The options of the part that decided for the whole quotation."""
    chosen = quotation.attribution.mention if quotation.attribution else None
    parts = [weighed[part] for part in quotation.parts if part in weighed]
    deciding = [part for part in parts if part.best is not None and part.best.mention == chosen]
    if not parts:
        return ()
    told = (deciding or parts)[0]
    trees = load_trees("attribution")["speaker"]
    is_chosen = [candidate.mention == chosen for candidate in told.candidates]
    shown = _shown(told.scores, is_chosen)
    features = [candidate.features for candidate in told.candidates]
    return tuple(
        MentionOption(
            told.candidates[i].mention,
            told.candidates[i].cue,
            told.candidates[i].method,
            round(told.scores[i], 3),
            is_chosen[i],
            _reasons(trees, features, _rival(i, shown, is_chosen), i, "mention"),
            _present(features[i]),
        )
        for i in shown
    )


def _met_names(article: Article, nlp: Language, everything: bool) -> dict[Span, list[Option]]:
    """The readings of each mention as they were when it was first met, in the order of the text."""
    whose = attribution_of(article.text, nlp, everything=everything)
    resolver = Resolver(article.text, whose.people, whose.quoted, article.byline, article.title)
    met: dict[Span, list[Option]] = {}
    for quotation in whose.quotations:
        found = whose.found_of(quotation)
        if found is not None:
            if found.mention not in met:
                met[found.mention] = resolver.options(found)
            resolver.name(found)
    return met


def _names_of(quotation: Quotation, met: Mapping[Span, list[Option]]) -> tuple[NameOption, ...]:
    attribution = quotation.attribution
    options = met.get(attribution.mention, []) if attribution and attribution.mention else []
    if not options or attribution is None:
        return ()
    trees = load_trees("coref")["person"]
    features = [option.features for option in options]
    scores = [float(score) for score in trees.score(features)]
    names = [option.person.name if option.person else None for option in options]
    chosen = attribution.name if attribution.name in names else None
    is_chosen = [name == chosen for name in names]
    shown = _shown(scores, is_chosen)
    return tuple(
        NameOption(
            names[i],
            round(scores[i], 3),
            is_chosen[i],
            _reasons(trees, features, _rival(i, shown, is_chosen), i, "name"),
            _present(features[i]),
        )
        for i in shown
    )


def _shown(scores: Sequence[float], is_chosen: Sequence[bool]) -> list[int]:
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
    trees: Trees, features: Sequence[Features], rival: int | None, option: int, kind: str
) -> tuple[Reason, ...]:
    """What sets an option apart from its rival, the strongest first."""
    if rival is None:
        return ()
    own, other = features[option], features[rival]
    differing = [name for name in trees.features if own.get(name, 0.0) != other.get(name, 0.0)]
    swapped = [{**own, name: other.get(name, 0.0)} for name in differing]
    scores = trees.score([own, *swapped])
    reasons = [
        _reason(name, own.get(name, 0.0), other.get(name, 0.0), float(scores[0] - score), kind)
        for name, score in zip(differing, scores[1:], strict=True)
    ]
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
