"""Who said the words, and between which days: what keeps the same words of two sightings apart. Pure.

Two people whose names exclude one another do not share an utterance, and neither do two occasions. Both hold for pairs
(`compare.py`) and through a third sighting (`clusters.py`): one without a name or a day joins one of the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from quotetrack.core.domain import UNKNOWN_DAY, DateBasis, SaidOn, Sighting
from quotetrack.core.names import are_two_people, is_a_persons_name

LONGEST_ECHO = timedelta(days=365)  # from the words to the last article that prints them and states no day
LARGEST_PREDATING = timedelta(days=7)  # from an article's date to the words that are added to it


@dataclass(frozen=True, slots=True)
class Occasion:
    """The speaker of a sighting, if it has one, and the days on which the words may have been said."""

    speaker: str | None
    speaker_id: int | None
    days: SaidOn

    def may_be(self, other: Occasion) -> bool:
        """Return whether one person may have said the words of both, on one day."""
        if not self.days.may_be(other.days):
            return False
        if self.speaker is None or other.speaker is None:
            return True
        has_same_id = self.speaker_id is not None and self.speaker_id == other.speaker_id
        return has_same_id or not are_two_people(self.speaker, other.speaker)


def occasion_of(sighting: Sighting) -> Occasion:
    """Return the occasion of a sighting: its days are those that the article states, else the year up to its date."""
    return Occasion(sighting.speaker, sighting.speaker_id, _days_of(sighting))


def _days_of(sighting: Sighting) -> SaidOn:
    if sighting.said.is_stated():
        return sighting.said
    published = sighting.published_on
    if published is None:
        return UNKNOWN_DAY
    first = published - min(LONGEST_ECHO, published - date.min)
    return SaidOn(first, published + min(LARGEST_PREDATING, date.max - published), DateBasis.IMPLIED)


@dataclass(slots=True)
class SharedOccasion:
    """The occasion of the members of a growing cluster.

    `days` are those that all members allow; None after a person joined sightings whose days exclude one another, since
    then they say nothing. `names` and `ids` are of all speakers; `people` are the names that may exclude another one.
    """

    days: SaidOn | None = UNKNOWN_DAY
    names: set[str] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)
    people: list[str] = field(default_factory=list)

    def may_have(self, occasion: Occasion) -> bool:
        """Return whether a sighting of this occasion may belong to the cluster by what the articles say."""
        if self.days is not None and not self.days.may_be(occasion.days):
            return False
        # A speaker whom a person joined with another one is welcome, although the other's name excludes his.
        if occasion.speaker is None or occasion.speaker in self.names or occasion.speaker_id in self.ids:
            return True
        return not any(are_two_people(occasion.speaker, name) for name in self.people)

    def add(self, occasion: Occasion) -> None:
        """Add a member."""
        if self.days is not None:
            self.days = _common_days(self.days, occasion.days)
        if occasion.speaker_id is not None:
            self.ids.add(occasion.speaker_id)
        if occasion.speaker is not None and occasion.speaker not in self.names:
            self.names.add(occasion.speaker)
            if is_a_persons_name(occasion.speaker):
                self.people.append(occasion.speaker)


def _common_days(one: SaidOn, other: SaidOn) -> SaidOn | None:
    """Return the days that both allow, None if there are none."""
    if not one.may_be(other):
        return None
    firsts = [day for day in (one.first, other.first) if day is not None]
    lasts = [day for day in (one.last, other.last) if day is not None]
    return SaidOn(max(firsts, default=None), min(lasts, default=None), DateBasis.UNKNOWN)
