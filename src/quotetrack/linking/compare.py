"""Decide which sightings are the same words, said once: compare pairs, and find the links of many sightings. Pure.

A link is scored by nine features of two wordings (`wordings.py`), their speakers and their days, in a logistic
regression (`training/links.py` writes `links.json`). If the two wordings are linked although a "not", a number, a name
or a modal differs, the link's flags say so. Embeddings have no part in it: they put "will" beside "will not" at .97.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import mul
from typing import NamedTuple, TypeVar

from quotetrack.core.domain import Link, LinkKind, Sighting
from quotetrack.core.names import may_be_one_person, without_suffixes
from quotetrack.core.normalize import normalise
from quotetrack.linking.occasions import occasion_of
from quotetrack.linking.wordings import FITTED, Overlap, Wording, clear_word_caches, read_wording

CLOSE_DAYS = 7  # between the publications of one phrase
CLOSE_DAYS_UNNAMED = 2  # if one of the two has no speaker: .955 pair F1, against .933 if both need a speaker
LEAST_SCORE = 0.5  # of a link; .4 gives the same F1, .6 loses half a point
# Least shares in one article, which prints a speaker's words on many topics, and seldom one answer in two cuts.
ALIGNED_IN_ARTICLE, IN_ORDER_IN_ARTICLE = 0.75, 0.65
POSTINGS = 60  # wordings with one word n-gram; an n-gram that more wordings have proposes no candidates
NEIGHBOURS = 30  # sightings of a wording, before and after in time, with which a sighting is compared
INFORMATION_CAP = 30.0  # nats: ten rare words; a longer common block proves nothing more
LONGEST_COUNTED = 40  # words; more of them make a link no likelier: long statements share some words by chance
UNKNOWN_DAYS = 3.5  # days apart, if a sighting has no date: midway on the log scale of observed distances
SPEAKER_FLAG = "speaker"  # of a link between sightings whose speakers differ, though they may be one
MOST_DAYS = 36_500  # days apart, a century: enough for the upper bound of a score

Id = TypeVar("Id", bound=int | str)


class Features(NamedTuple):
    """The features of a pair. `shorter` and `longer` are the two wordings by number of words."""

    block: float  # information of the longest common run of words, in units of ten nats
    block_capped: float  # the same, at most INFORMATION_CAP
    containment: float  # share of the shorter's character n-grams that the longer has
    in_order: float  # share of the shorter's words that stand in the longer in the same order
    aligned: float  # share of equal words where the two lie side by side, the longest common run upon itself
    length: float  # log of the shorter's number of words, at most LONGEST_COUNTED
    speaker_agrees: float  # 0 or 1; this and the next are 0 if one of the two has no speaker
    speaker_conflicts: float
    days: float  # log of 1 + the days between


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over features."""

    bias: float
    weights: Features

    def score(self, pair: Features) -> float:
        """Return the probability, between 0 and 1, that two sightings are one utterance."""
        total = self.bias + sum(map(mul, self.weights, pair))
        return 1 / (1 + math.exp(-total))


@dataclass(frozen=True, slots=True)
class Copies:
    """Sightings that no comparison can tell apart, in order of id: one wording, one speaker, one day."""

    first: Sighting
    others: tuple[Sighting, ...] = ()


def compare(a: Sighting, b: Sighting) -> Link | None:
    """Return the link between two sightings, or None: not the same words, or not on one occasion.

    The lower id is left. Wordings that share neither three words in a row nor the whole are never linked.
    """
    left, right = sorted((a, b), key=_id_order)
    wording, other = read_wording(a.words), read_wording(b.words)
    if not wording.grams & other.grams:
        return None
    return _link(left, right, Overlap(wording, other), _fitted_weights())


def features(a: Sighting, b: Sighting) -> Features:
    """Return the features of a pair: the reason for its score, and the input on which the weights are fitted."""
    return _features(a, b, Overlap(read_wording(a.words), read_wording(b.words)))


def find_links(
    sightings: Sequence[Sighting], weights: Weights | None = None, judged: Collection[int | str] = ()
) -> list[Link]:
    """Return the links that clustering needs, by left and right id, without comparing all pairs.

    Each link is what `compare` returns for its pair. Of copies only the first is compared with other sightings; each of
    the rest has a link to the first. The order of the sightings does not matter. A word n-gram that more than POSTINGS
    wordings have proposes no candidates. `weights` are the fitted ones unless given; `judged` is passed on to
    `copies_by_wording`. Raises ValueError if two sightings have one id.
    """
    _refuse_duplicate_ids(sightings)
    copies = copies_by_wording(sightings, judged)
    links = [link for of_wording in copies.values() for link in link_one_wording(of_wording, weights)]
    for one, other in _candidates([read_wording(of_wording[0].first.words) for of_wording in copies.values()]):
        if may_be_linked(one, other, weights):
            links += link_two_wordings(copies[one.id], copies[other.id], weights)
    return sorted(links, key=lambda link: (id_order(link.left), id_order(link.right)))


def copies_by_wording(
    sightings: Iterable[Sighting],
    judged: Collection[int | str] = (),
    wording_ids: Mapping[int | str, int] | None = None,
) -> dict[int, list[Copies]]:
    """Group the sightings of each wording, by its id, into copies, in order of time, then of speaker and id.

    A sighting with an id in `judged`, about which a person has decided, is never grouped with another. Neither are
    short wordings without a speaker or a day: even the same words do not link those. `wording_ids` are those of the
    sightings where they are known: no words are then read, which takes a third of a millisecond a sighting.
    """
    alike: dict[tuple[object, ...], list[Sighting]] = defaultdict(list)
    for sighting in sorted(sightings, key=_id_order):
        wording = read_wording(sighting.words).id if wording_ids is None else wording_ids[sighting.id]
        said = sighting.said if sighting.said.is_stated() else None
        judged_id = sighting.id if sighting.id in judged else None
        alike[wording, sighting.speaker, sighting.speaker_id, sighting.published_on, said, judged_id].append(sighting)
    by_wording: dict[int, list[Copies]] = defaultdict(list)
    for (wording_id, *_), members in alike.items():
        assert isinstance(wording_id, int)
        by_wording[wording_id] += _as_copies(members)
    return {wording_id: sorted(copies, key=_time_order) for wording_id, copies in by_wording.items()}


def link_one_wording(copies: Sequence[Copies], weights: Weights | None = None) -> Iterator[Link]:
    """Yield the links between sightings of one wording: of each copy to its first, and of firsts near in time."""
    weights = weights or _fitted_weights()
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
            left, right = sorted((one.first, two.first), key=_id_order)
            if link := _link(left, right, overlap, weights):
                yield link


def link_two_wordings(
    copies: Sequence[Copies], others: Sequence[Copies], weights: Weights | None = None
) -> Iterator[Link]:
    """Yield the links between the first sightings of two wordings; of many, each with those nearest in time."""
    weights = weights or _fitted_weights()
    overlap = Overlap(read_wording(copies[0].first.words), read_wording(others[0].first.words))
    for one, other in _near_in_time(copies, others):
        left, right = sorted((one.first, other.first), key=_id_order)
        if link := _link(left, right, overlap, weights):
            yield link


def may_be_linked(one: Wording, other: Wording, weights: Weights | None = None) -> bool:
    """Return whether two wordings could be linked with the best possible evidence of speaker and days.

    Cheap: most candidates end here.
    """
    return _highest_total(Overlap(one, other), weights or _fitted_weights()) >= 0.0


# Candidates


def _refuse_duplicate_ids(sightings: Sequence[Sighting]) -> None:
    twice = [i for i, count in Counter(s.id for s in sightings).items() if count > 1]
    if twice:
        raise ValueError(f"two sightings have one id: {twice[0]!r}")


def _candidates(wordings: Sequence[Wording]) -> Iterator[tuple[Wording, Wording]]:
    """Yield every two wordings that share a word n-gram, once."""
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
    """Return all members as one group if their words link them, else each as its own group."""
    if len(members) == 1 or compare(members[0], members[1]):
        return [Copies(members[0], tuple(members[1:]))]
    return [Copies(member) for member in members]


def _time_order(copies: Copies) -> tuple[str, str, tuple[bool, int, str]]:
    first = copies.first
    return str(first.published_on or "~"), first.speaker or "", id_order(first.id)


def _near_in_time(copies: Sequence[Copies], others: Sequence[Copies]) -> Iterator[tuple[Copies, Copies]]:
    """Yield pairs once: each of one side with the NEIGHBOURS of the other side before it and after it."""
    if max(len(copies), len(others)) <= NEIGHBOURS:
        yield from ((one, other) for one in copies for other in others)
        return
    times, other_times = [_time_order(each) for each in copies], [_time_order(each) for each in others]
    pairs = {(i, j) for i, time in enumerate(times) for j in _around(bisect_left(other_times, time), len(others))}
    pairs |= {(i, j) for j, time in enumerate(other_times) for i in _around(bisect_left(times, time), len(copies))}
    yield from ((copies[i], others[j]) for i, j in sorted(pairs))


def _around(place: int, length: int) -> range:
    return range(max(0, place - NEIGHBOURS), min(length, place + NEIGHBOURS))


# One pair


def _highest_total(overlap: Overlap, weights: Weights) -> float:
    """Return the highest total that a score of two wordings can have, with any speakers and days.

    Containment is slow, so it is only computed where it decides.
    """
    w = weights.weights
    rest = max(0.0, w.speaker_agrees, w.speaker_conflicts) + max(0.0, w.days * math.log1p(MOST_DAYS))
    total = weights.bias + rest + w.length * _length(overlap) + w.in_order * overlap.in_order
    total += w.block * overlap.block / 10 + w.block_capped * min(overlap.block, INFORMATION_CAP) / 10
    highest = total + max(0.0, w.containment) + max(0.0, w.aligned)
    # Of two wordings of one length, tokens alone do not say which counts as the shorter.
    if overlap.is_of_one_length or highest < 0.0:
        return highest
    total += w.aligned * overlap.aligned
    return total + (w.containment * overlap.containment if total + max(0.0, w.containment) >= 0.0 else 0.0)


def _link(left: Sighting, right: Sighting, overlap: Overlap, weights: Weights) -> Link | None:
    if not occasion_of(left).may_be(occasion_of(right)):
        return None
    if overlap.is_a_phrase and not (overlap.is_contained and _is_said_together(left, right)):
        return None
    score = weights.score(_features(left, right, overlap))
    if score < LEAST_SCORE or _are_two_of_one_article(left, right, overlap):
        return None
    speakers_differ = compare_speakers(left, right)[1]
    flags = (*overlap.flags, SPEAKER_FLAG) if speakers_differ else overlap.flags
    return Link(left.id, right.id, overlap.kind, round(score, 4), flags)


def _are_two_of_one_article(a: Sighting, b: Sighting, overlap: Overlap) -> bool:
    """Return whether one article prints two wordings that share some words, but are not the same words reworded."""
    if a.article is None or a.article != b.article or overlap.kind is not LinkKind.REWORDED:
        return False
    return overlap.aligned < ALIGNED_IN_ARTICLE or overlap.in_order < IN_ORDER_IN_ARTICLE


def _is_said_together(a: Sighting, b: Sighting) -> bool:
    """Return whether one speaker said both within a week, or within two days if an article names no speaker."""
    agrees, conflicts = compare_speakers(a, b)
    days = _days_between(a, b)
    return not conflicts and days is not None and days <= (CLOSE_DAYS if agrees else CLOSE_DAYS_UNNAMED)


def _features(a: Sighting, b: Sighting, overlap: Overlap) -> Features:
    agrees, conflicts = compare_speakers(a, b)
    days = _days_between(a, b)
    return Features(
        block=overlap.block / 10,
        block_capped=min(overlap.block, INFORMATION_CAP) / 10,
        containment=overlap.containment,
        in_order=overlap.in_order,
        aligned=overlap.aligned,
        length=_length(overlap),
        speaker_agrees=float(agrees),
        speaker_conflicts=float(conflicts),
        days=math.log1p(UNKNOWN_DAYS if days is None else days),
    )


def _length(overlap: Overlap) -> float:
    return math.log(min(overlap.shorter_length, LONGEST_COUNTED) or 1)


def _days_between(a: Sighting, b: Sighting) -> int | None:
    """Return the days between the publications: 0 if both state days that may be the same, None without a date."""
    if a.said.is_stated() and b.said.is_stated():
        return 0
    if a.published_on is None or b.published_on is None:
        return None
    return abs((a.published_on - b.published_on).days)


def compare_speakers(a: Sighting, b: Sighting) -> tuple[bool, bool]:
    """Return whether the speakers agree and whether they conflict; both are false if one is missing.

    One stored speaker agrees with itself; otherwise the names are compared.
    """
    if a.speaker_id is not None and a.speaker_id == b.speaker_id:
        return True, False
    name, other = _speaker_words(a.speaker), _speaker_words(b.speaker)
    if not name or not other:
        return False, False
    agrees = may_be_one_person(name, other)
    return agrees, not agrees


@lru_cache(maxsize=65536)
def _speaker_words(speaker: str | None) -> tuple[str, ...]:
    return tuple(without_suffixes(normalise(speaker or "").split()))


# The fitted model


@lru_cache(maxsize=1)
def _fitted_weights() -> Weights:
    stored = json.loads(files("quotetrack.models").joinpath("weights", FITTED).read_text(encoding="utf-8"))
    return Weights(stored["bias"], Features(**stored["weights"]))


def clear_weights_cache() -> None:
    """Read the fitted file again when it is next needed: for the job that writes it."""
    _fitted_weights.cache_clear()
    clear_word_caches()


# Order


def id_order(sighting_id: int | str) -> tuple[bool, int, str]:
    """Return a sort key for ids: numbers in their order, then texts in theirs."""
    return (False, sighting_id, "") if isinstance(sighting_id, int) else (True, 0, sighting_id)


def _id_order(sighting: Sighting) -> tuple[bool, int, str]:
    return id_order(sighting.id)
