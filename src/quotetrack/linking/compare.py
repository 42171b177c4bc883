"""Which sightings are the same words, said once? Compare, find links, cluster, keep names. Pure.

A link is judged by eight features of two wordings (`wording.py`), their speakers and their days, weighed by a
logistic regression (`fit/links.py` makes `link_weights.json`). What is linked although a "not", a number, a name or a
modal differs says so in the link's flags. Embeddings have no part in it: they put "will" beside "will not" at .97.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import mul
from typing import NamedTuple, TypeVar

from quotetrack.core.domain import Link, Sighting
from quotetrack.core.normalize import normalise
from quotetrack.linking.wordings import FITTED, Overlap, Wording, forget_words, read_wording

CLOSE = 7  # days between the publications of one phrase
CLOSE_UNNAMED = 2  # days, where one of the two is not named: .955 pair F1, against .933 if both have to be
LINKED = 0.5  # score from which two sightings are linked; .4 gives the same F1, .6 loses half a point
POSTINGS = 60  # wordings with one word 3-gram: where more have it, it leads nowhere
NEIGHBOURS = 30  # of a wording's sightings, before and after in time, that one is compared with
INFORMATION_CAP = 30.0  # nats: ten rare words; a longer common block proves nothing more
UNKNOWN_DAYS = 3.5  # days apart, where a sighting has no date: midway on the log scale of what is seen

Id = TypeVar("Id", bound=int | str)


class Features(NamedTuple):
    """What a score is made of. `shorter` and `longer` are the two wordings by number of words."""

    block: float  # information of the longest common run of words, in units of ten nats
    block_capped: float  # the same, at most INFORMATION_CAP
    containment: float  # share of the shorter's character n-grams that the longer has
    in_order: float  # share of the shorter's words that stand in the longer in the same order
    length: float  # log of the shorter's number of words
    speaker_agrees: float  # 0 or 1; both 0 where one of the two is not named
    speaker_conflicts: float
    days: float  # log of 1 + the days between


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over features."""

    bias: float
    weights: Features

    def score(self, found: Features) -> float:
        """How likely two sightings are one utterance, between 0 and 1."""
        total = self.bias + sum(map(mul, self.weights, found))
        return 1 / (1 + math.exp(-total))


@dataclass(frozen=True, slots=True)
class Copies:
    """Sightings that no comparison can tell apart, in order of id: one wording, one speaker, one day."""

    first: Sighting
    others: tuple[Sighting, ...] = ()


def compare(a: Sighting, b: Sighting) -> Link | None:
    """The link between two sightings, or None: not the same words, or not on one occasion.

    The lower id is left. Wordings that share neither three words in a row nor the whole are never linked.
    """
    left, right = sorted((a, b), key=_by_id)
    one, other = read_wording(a.words), read_wording(b.words)
    return _link(left, right, Overlap(one, other), _fitted()) if one.grams & other.grams else None


def features(a: Sighting, b: Sighting) -> Features:
    """The reason for a score, and what the weights are fitted on."""
    return _features(a, b, Overlap(read_wording(a.words), read_wording(b.words)))


def find_links(
    sightings: Sequence[Sighting], weights: Weights | None = None, alone: Collection[int | str] = ()
) -> list[Link]:
    """Links enough to cluster by, by left and right id: what `compare` says of pairs, found without all pairs.

    Of copies only the first is compared with others; each of the rest has a link to it. The order of arrival does
    not matter. A word n-gram that more than POSTINGS wordings have leads nowhere. `weights` are those of
    `fit/links.py` on trial, else the fitted ones; `alone` as `copies_by_wording` takes it. Raises ValueError where
    two sightings have one id.
    """
    _refuse_twins(sightings)
    copies = copies_by_wording(sightings, alone)
    found = [link for each in copies.values() for link in links_within(each, weights)]
    for one, other in _candidates([read_wording(each[0].first.words) for each in copies.values()]):
        if may_link(one, other, weights):
            found += links_between(copies[one.id], copies[other.id], weights)
    return sorted(found, key=lambda link: (id_key(link.left), id_key(link.right)))


def copies_by_wording(sightings: Iterable[Sighting], alone: Collection[int | str] = ()) -> dict[int, list[Copies]]:
    """The sightings of each wording (by its id) as copies, in order of time, then of speaker and id.

    Those with an id in `alone`, of which a person has judged, are copies of nobody. So are those of few words
    without a name or a day: even the same words do not link them.
    """
    alike: dict[tuple[object, ...], list[Sighting]] = defaultdict(list)
    for sighting in sorted(sightings, key=_by_id):
        wording = read_wording(sighting.words)
        said = sighting.said if sighting.said.is_stated() else None
        mine = sighting.id if sighting.id in alone else None
        alike[wording.id, sighting.speaker, sighting.published_on, said, mine].append(sighting)
    by_wording: dict[int, list[Copies]] = defaultdict(list)
    for (wording_id, *_), members in alike.items():
        assert isinstance(wording_id, int)
        by_wording[wording_id] += _as_copies(members)
    return {wording_id: sorted(copies, key=_in_time) for wording_id, copies in by_wording.items()}


def links_within(copies: Sequence[Copies], weights: Weights | None = None) -> Iterator[Link]:
    """Links between the sightings of one wording: of each copy to the first, and of the first ones near in time."""
    weights = weights or _fitted()
    wording = read_wording(copies[0].first.words)
    if not wording.grams:
        return
    overlap = Overlap(wording, wording)
    for each in copies:
        for other in each.others:
            if link := _link(each.first, other, overlap, weights):
                yield link
    for place, one in enumerate(copies):
        for two in copies[place + 1 : place + 1 + NEIGHBOURS]:
            left, right = sorted((one.first, two.first), key=_by_id)
            if link := _link(left, right, overlap, weights):
                yield link


def may_link(one: Wording, other: Wording, weights: Weights | None = None) -> bool:
    """Whether two wordings would be linked if everything else spoke for it. Cheap: most candidates end here."""
    return _at_best(Overlap(one, other), weights or _fitted()) >= 0.0


def links_between(ones: Sequence[Copies], others: Sequence[Copies], weights: Weights | None = None) -> Iterator[Link]:
    """Links between the first sightings of two wordings; of many, each with those nearest in time."""
    weights = weights or _fitted()
    overlap = Overlap(read_wording(ones[0].first.words), read_wording(others[0].first.words))
    for one, other in _near_in_time(ones, others):
        left, right = sorted((one.first, other.first), key=_by_id)
        if link := _link(left, right, overlap, weights):
            yield link


# Candidates


def _refuse_twins(sightings: Sequence[Sighting]) -> None:
    twice = [i for i, count in Counter(s.id for s in sightings).items() if count > 1]
    if twice:
        raise ValueError(f"two sightings have one id: {twice[0]!r}")


def _candidates(wordings: Sequence[Wording]) -> Iterator[tuple[Wording, Wording]]:
    """Every two wordings that share a word n-gram, once."""
    postings: dict[int, list[int]] = defaultdict(list)
    for place, wording in enumerate(wordings):
        for gram in wording.grams:
            postings[gram].append(place)
    for place, wording in enumerate(wordings):
        others = {other for gram in wording.grams if len(postings[gram]) <= POSTINGS for other in postings[gram]}
        for other in others:
            if other > place:
                yield wording, wordings[other]


def _as_copies(members: Sequence[Sighting]) -> list[Copies]:
    """All as one, where the same words make them one; else each for itself."""
    if len(members) == 1 or compare(members[0], members[1]):
        return [Copies(members[0], tuple(members[1:]))]
    return [Copies(member) for member in members]


def _in_time(copies: Copies) -> tuple[str, str, tuple[bool, int, str]]:
    first = copies.first
    return str(first.published_on or "~"), first.speaker or "", id_key(first.id)


def _near_in_time(ones: Sequence[Copies], others: Sequence[Copies]) -> Iterator[tuple[Copies, Copies]]:
    """Each of one with the NEIGHBOURS of the other before it and after it, and the other way round; once."""
    if max(len(ones), len(others)) <= NEIGHBOURS:
        yield from ((one, other) for one in ones for other in others)
        return
    times, other_times = [_in_time(each) for each in ones], [_in_time(each) for each in others]
    pairs = {(i, j) for i, time in enumerate(times) for j in _around(bisect_left(other_times, time), len(others))}
    pairs |= {(i, j) for j, time in enumerate(other_times) for i in _around(bisect_left(times, time), len(ones))}
    yield from ((ones[i], others[j]) for i, j in sorted(pairs))


def _around(place: int, length: int) -> range:
    return range(max(0, place - NEIGHBOURS), min(length, place + NEIGHBOURS))


# One pair


def _at_best(overlap: Overlap, weights: Weights) -> float:
    """What the total of a score is at most, whoever said it when; containment, which is slow, only where it counts."""
    w = weights.weights
    rest = max(0.0, w.speaker_agrees, w.speaker_conflicts) + max(0.0, w.days * math.log1p(MOST_DAYS))
    total = weights.bias + rest + w.length * math.log(overlap.shorter_length or 1) + w.in_order * overlap.in_order
    total += w.block * overlap.block / 10 + w.block_capped * min(overlap.block, INFORMATION_CAP) / 10
    ahead = max(0.0, w.containment)
    # Of one length either may be the shorter, which tokens alone do not tell.
    return (
        total + ahead
        if overlap.is_of_one_length or total + ahead < 0.0
        else total + w.containment * overlap.containment
    )


def _link(left: Sighting, right: Sighting, overlap: Overlap, weights: Weights) -> Link | None:
    if not _one_occasion(left, right):
        return None
    if overlap.is_a_phrase and not (overlap.is_contained and _said_together(left, right)):
        return None
    score = weights.score(_features(left, right, overlap))
    return Link(left.id, right.id, overlap.kind, round(score, 4), overlap.flags) if score >= LINKED else None


def _one_occasion(a: Sighting, b: Sighting) -> bool:
    """Only two stated days can speak against it; what is implied is evidence for the score."""
    return not (a.said.is_stated() and b.said.is_stated()) or a.said.may_be(b.said)


def _said_together(a: Sighting, b: Sighting) -> bool:
    """By one speaker within a week; where an article does not name the speaker, within two days."""
    agrees, conflicts = _speakers(a, b)
    days = _days_between(a, b)
    return not conflicts and days is not None and days <= (CLOSE if agrees else CLOSE_UNNAMED)


def _features(a: Sighting, b: Sighting, overlap: Overlap) -> Features:
    agrees, conflicts = _speakers(a, b)
    days = _days_between(a, b)
    return Features(
        block=overlap.block / 10,
        block_capped=min(overlap.block, INFORMATION_CAP) / 10,
        containment=overlap.containment,
        in_order=overlap.in_order,
        length=math.log(overlap.shorter_length or 1),
        speaker_agrees=float(agrees),
        speaker_conflicts=float(conflicts),
        days=math.log1p(UNKNOWN_DAYS if days is None else days),
    )


def _days_between(a: Sighting, b: Sighting) -> int | None:
    """Between the publications; none where both state days that may be the same, None where one has no date."""
    if a.said.is_stated() and b.said.is_stated():
        return 0
    if a.published_on is None or b.published_on is None:
        return None
    return abs((a.published_on - b.published_on).days)


_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def _speakers(a: Sighting, b: Sighting) -> tuple[bool, bool]:
    """Do the names agree, do they conflict? Both false where one is not given."""
    one, other = _name(a.speaker), _name(b.speaker)
    if not one or not other:
        return False, False
    agree = one[-1] == other[-1] and _first_names_agree(one[:-1], other[:-1])
    return agree, not agree


def _first_names_agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """A missing one, an initial and a title agree with anything; "Hillary" and "Bill" do not."""
    return not one or not other or bool(set(one) & set(other)) or one[0][0] == other[0][0]


@lru_cache(maxsize=65536)
def _name(speaker: str | None) -> tuple[str, ...]:
    return tuple(word for word in normalise(speaker or "").split() if word not in _SUFFIXES)


# The fitted model


@lru_cache(maxsize=1)
def _fitted() -> Weights:
    stored = json.loads(files("quotetrack.models").joinpath("weights", FITTED).read_text(encoding="utf-8"))
    return Weights(stored["bias"], Features(**stored["weights"]))


def forget_fitted() -> None:
    """Read the fitted file again when it is next needed: for the job that writes it."""
    _fitted.cache_clear()
    forget_words()


# Clusters and order


def id_key(sighting_id: int | str) -> tuple[bool, int, str]:
    """Numbers in their order, then texts in theirs."""
    return (False, sighting_id, "") if isinstance(sighting_id, int) else (True, 0, sighting_id)


def _by_id(sighting: Sighting) -> tuple[bool, int, str]:
    return id_key(sighting.id)


MOST_DAYS = 36_500
