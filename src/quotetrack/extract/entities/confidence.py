"""Tell how sure a name is, and who else may be the speaker.

The chance that a name is right takes both choices together: which mention names the speaker, and whom the mention
means. It is told by boosted trees that `quotetrack.training.name_confidence` fits on articles which the choices were
not fitted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, log1p
from typing import NamedTuple

import numpy as np

from quotetrack.core.domain import Alternative
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.descriptions import UnnamedPerson
from quotetrack.extract.entities.features import BODY_KINDS, MentionKind
from quotetrack.extract.entities.people import Person
from quotetrack.lang.en.mention_words import INDEFINITE, THE
from quotetrack.models.trees import load_ensemble

# The least chance of a person whom a pronoun or description may mean: below it the person is not named. What a mention
# itself says ("Reuters", "the report") is no choice of ours, and always given.
#
# With .3, 423 of the public cases were right, with .4 421; of the 11 names that it added on pages 7 were right (before
# the last fit of the chances, 29 November 2026).
SHOWN = 0.3
# Other candidates that are kept, and the least chance of one.
MOST_ALTERNATIVES, LEAST_ALTERNATIVE = 3, 0.02
# Log-odds beyond which a choice counts as no surer.
SUREST = 8.0
DECIMALS = 3
RARE = 2  # places of a name of one word that may not be one
FARTHEST = 9_999  # characters to a name that does not stand before the mention


class How(StrEnum):
    """How a mention came by its name."""

    RULE = "rule"  # the article says it beside the mention
    CHOSEN = "chosen"  # the likeliest of several people
    NOBODY = "nobody"  # none of several people: the mention keeps its own words
    NAME = "name"  # the mention gives the name of one person
    OTHER = "other"  # the mention gives another name, of an organisation for example
    DESCRIBED = "described"  # the mention describes somebody without a name
    PRONOUN = "pronoun"  # a pronoun that nobody fits


@dataclass(frozen=True, slots=True)
class Resolved:
    """The name of one mention, with what was weighed: the other names and the chance of each, from 0 to 1.

    `chance` is that of the name among them; it is 1 where there was no choice. `person` is None where the name is
    that of no person whom the article names or describes.
    """

    name: str
    how: How
    kind: MentionKind | None
    chance: float
    others: tuple[tuple[str, float], ...]
    person: Person | None
    is_named_in_words: bool


class NameFeatures(NamedTuple):
    """What the chance of a name is computed from. Log-odds are cut at `SUREST`; the rest are numbers or yes and no."""

    mention: float  # log-odds that the mention is right
    choice: float  # log-odds of the name among the others; 0 without a choice
    no_choice: float
    rivals: float  # log(1 + number of others)
    agreed: float  # the second mention gives the same name
    disputed: float  # log-odds of the second mention, where it gives another name
    how_rule: float
    how_nobody: float
    how_name: float
    how_other: float
    how_described: float
    how_pronoun: float
    pronoun: float
    office: float
    body: float
    unnamed: float
    once: float  # the person is named once
    single: float  # the name is one word, and stands once or twice in the article
    long: float  # words of the name above three
    named_in_words: float
    cued: float
    indefinite: float  # the mention is "a farmer"
    definite: float  # the mention is "the farmer"
    places_before: float  # log(1 + places of the person before the mention)
    distance: float  # log(1 + characters from the last of these to the mention)
    rival: float  # the chance of the likeliest other


def name_features(
    text: str, found: FoundMention, resolved: Resolved, second: tuple[FoundMention, Resolved] | None
) -> NameFeatures:
    """Return the features of a name; `second` is the next mention with its name, where there is one."""
    at = found.mention.start
    before = [place.start for place in resolved.person.places if place.start < at] if resolved.person else []
    words = found.mention.of(text).lower()
    is_choice = bool(resolved.others)
    times = len(resolved.person.places) if resolved.person is not None else 0
    is_agreed = second is not None and second[1].name == resolved.name
    return NameFeatures(
        mention=_log_odds(found.confidence),
        choice=_log_odds(resolved.chance) if is_choice else 0.0,
        no_choice=float(not is_choice),
        rivals=log1p(len(resolved.others)),
        agreed=float(is_agreed),
        disputed=_log_odds(second[0].confidence) + SUREST if second is not None and not is_agreed else 0.0,
        how_rule=float(resolved.how is How.RULE),
        how_nobody=float(resolved.how is How.NOBODY),
        how_name=float(resolved.how is How.NAME),
        how_other=float(resolved.how is How.OTHER),
        how_described=float(resolved.how is How.DESCRIBED),
        how_pronoun=float(resolved.how is How.PRONOUN),
        pronoun=float(resolved.kind is MentionKind.PRONOUN),
        office=float(resolved.kind is MentionKind.OFFICE),
        body=float(resolved.kind in BODY_KINDS),
        unnamed=float(isinstance(resolved.person, UnnamedPerson)),
        once=float(times == 1),
        single=float(" " not in resolved.name and times <= RARE),
        long=float(max(0, len(resolved.name.split()) - 3)),
        named_in_words=float(resolved.is_named_in_words),
        cued=float(found.is_cued),
        indefinite=float(words.startswith(INDEFINITE)),
        definite=float(words.startswith(THE)),
        places_before=log1p(len(before)),
        distance=log1p(at - before[-1] if before else FARTHEST),
        rival=max((chance for _, chance in resolved.others), default=0.0),
    )


def chances_of(rows: Sequence[NameFeatures]) -> list[float]:
    """Return the calibrated chance that each name is right, from 0 to 1."""
    odds = load_ensemble("name_confidence", "name", NameFeatures._fields).score(rows)
    return [round(1 / (1 + exp(-one)), DECIMALS) for one in odds]


def is_given(resolved: Resolved, chance: float) -> bool:
    """Return whether a name is given: it is no pronoun, and where it was chosen, its chance is high enough."""
    if not resolved.name or resolved.how is How.PRONOUN:
        return False
    return chance >= SHOWN or resolved.how is not How.CHOSEN


def alternatives_of(
    name: str, chance: float, resolved: Sequence[tuple[Resolved, float]], *, with_name: bool
) -> tuple[Alternative, ...]:
    """Return the other candidates, likeliest first; `with_name` puts the name itself before them.

    `resolved` are the names of the likeliest mentions, each with the chance of the mention. What the name leaves of
    the chance is shared out among the others.
    """
    mass: dict[str, float] = {}
    for other, share in resolved:
        for candidate, own in ((other.name, other.chance), *other.others):
            mass[candidate] = mass.get(candidate, 0.0) + share * own
    mass.pop(name, None)
    mass.pop("", None)
    total = sum(mass.values())
    shared = [(candidate, (1 - chance) * weight / max(total, 1 - chance)) for candidate, weight in mass.items()]
    kept = sorted((entry for entry in shared if entry[1] >= LEAST_ALTERNATIVE), key=lambda entry: -entry[1])
    first = [(name, chance)] if with_name and name else []
    chosen = [*first, *kept][:MOST_ALTERNATIVES]
    return tuple(Alternative(candidate, round(min(1.0, weight), DECIMALS)) for candidate, weight in chosen)


def shares_of(scores: Sequence[float]) -> list[float]:
    """Return the chances of options from their log-odds: they sum to 1."""
    values = np.exp(np.asarray(scores, dtype=float) - max(scores))
    return [float(share) for share in values / values.sum()]


def _log_odds(chance: float) -> float:
    if chance in (0.0, 1.0):
        return SUREST if chance else -SUREST
    return max(-SUREST, min(SUREST, log(chance / (1 - chance))))
