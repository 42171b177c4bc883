"""Build utterances from links and judgements: cluster sightings, and keep the ids of utterances. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Generic

from quotetrack.core.domain import Link, Sighting, Utterance
from quotetrack.linking.compare import Id, copies_by_wording, find_links, id_order
from quotetrack.linking.occasions import Occasion, SharedOccasion, occasion_of
from quotetrack.linking.wordings import read_wording

LINKED_TO_MEMBER = 0.9  # score from which a link to a member that is not the hub suffices


def link_sightings(sightings: Sequence[Sighting]) -> list[Utterance]:
    """Return the utterances of sightings from anywhere, numbered from 1 in the order of their lowest sighting id.

    Each holds its sightings from the earliest published to the latest; those without a date come last.
    """
    by_id = {sighting.id: sighting for sighting in sightings}
    clusters = cluster_sightings(sightings, find_links(sightings))
    groups = sorted((sorted(members, key=id_order) for members in clusters), key=lambda group: id_order(group[0]))
    return [
        Utterance(number, tuple(sorted((by_id[i] for i in group), key=lambda s: str(s.published_on or "~"))))
        for number, group in enumerate(groups, start=1)
    ]


def cluster_sightings(
    sightings: Iterable[Sighting],
    links: Iterable[Link],
    judgements: Iterable[tuple[int | str, int | str, bool]] = (),
    judged: Collection[int | str] = (),
) -> list[frozenset[int | str]]:
    """Return which sightings are one utterance, by the links of `find_links`: `cluster`, where copies count as one.

    `judged` are the same ids as for `find_links`: all that a person has judged.
    """
    copies = {each.first.id: each for each in chain.from_iterable(copies_by_wording(sightings, judged).values())}
    firsts = hub_order(each.first for each in copies.values())
    occasions = {first.id: occasion_of(first) for first in firsts}
    clusters = cluster([first.id for first in firsts], links, judgements, occasions)
    return [
        frozenset(s.id for first in members for s in (copies[first].first, *copies[first].others))
        for members in clusters
    ]


def hub_order(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Return the sightings in the order in which `cluster` wants their ids: the fullest first.

    Of equally full ones the earliest published comes first, then the lowest id.
    """
    return sorted(
        sightings, key=lambda s: (-len(read_wording(s.words).tokens), str(s.published_on or "~"), id_order(s.id))
    )


@dataclass(slots=True, eq=False)
class _Star(Generic[Id]):
    """A cluster as it grows. The first members are its hub."""

    number: int  # in the order in which stars begin
    members: set[Id] = field(default_factory=set)
    occasion: SharedOccasion = field(default_factory=SharedOccasion)


def cluster(
    ids: Sequence[Id],
    links: Iterable[Link],
    judgements: Iterable[tuple[Id, Id, bool]] = (),
    occasions: Mapping[Id, Occasion] | None = None,
) -> list[frozenset[Id]]:
    """Star cover: each id, in the order given (see `hub_order`), joins the hub with its best link, or becomes a hub.

    Short pieces therefore chain nothing together: each member of a cluster is linked to its hub, or with a high score
    to another member (two outlets that print overlapping halves of one answer).

    Judgements (id, id, are they the same) come first: "same" joins whatever the score, "different" refuses every
    union that would bring the two together, also one that a "same" asks for. Clusters come in the order of their hubs.

    Two `occasions` that exclude each other, by days or speakers, keep clusters apart, unless a person joined them: an
    undated copy of a stump line is linked to every occasion of it, and may join one, not unite two.
    """
    judged = list(judgements)
    apart: dict[Id, set[Id]] = defaultdict(set)
    for left, right, same in judged:
        if not same:
            apart[left].add(right)
            apart[right].add(left)
    scores = _scores_by_end(links)
    occasions = occasions or {}
    stars: list[_Star[Id]] = []
    star_of: dict[int | str, _Star[Id]] = {}
    hubs: set[int | str] = set()
    for atom in _atoms(ids, [(left, right) for left, right, same in judged if same], apart):
        its_occasions = [occasions[each] for each in atom if each in occasions]
        for star in _stars_by_score(atom, scores, star_of, hubs):
            if not _are_kept_apart(atom, star.members, apart) and all(map(star.occasion.may_have, its_occasions)):
                break
        else:
            star = _Star(len(stars))
            stars.append(star)
            hubs |= atom
        star.members |= atom
        for occasion in its_occasions:
            star.occasion.add(occasion)
        star_of |= dict.fromkeys(atom, star)
    return [frozenset(star.members) for star in stars]


def keep_utterance_ids(
    clusters: Sequence[frozenset[int]], known: Mapping[int, int]
) -> tuple[list[int | None], dict[int, int]]:
    """Return the utterance id of each new cluster, and the id to which each absorbed id redirects.

    `known` maps a quotation id to the utterance id that it had. A cluster keeps the id that most of its members hold
    (of equals the lowest). An id that two clusters want goes to the one in which more members hold it; the other takes
    the next id that its members hold, if that is free. None: mint a new id. Every id that a member held is afterwards
    either the id of a cluster or redirected to one.
    """
    claims = sorted(
        (-count, utterance_id, min(members), place)
        for place, members in enumerate(clusters)
        for utterance_id, count in Counter(known[member] for member in members if member in known).items()
    )
    kept: dict[int, int] = {}
    taken: set[int] = set()
    for _, utterance_id, _, place in claims:
        if place not in kept and utterance_id not in taken:
            kept[place] = utterance_id
            taken.add(utterance_id)
    redirects: dict[int, int] = {}
    for _, utterance_id, _, place in claims:
        if utterance_id not in taken:  # so its cluster kept a better one, else it would have kept this
            redirects.setdefault(utterance_id, kept[place])
    return [kept.get(place) for place in range(len(clusters))], redirects


def _atoms(ids: Sequence[Id], same: Iterable[tuple[Id, Id]], apart: Mapping[Id, set[Id]]) -> Iterator[set[Id]]:
    """Yield the groups that the pairs join, in the order of the first id of each; most have one id."""
    atom_of = {each: {each} for each in ids}
    for left, right in same:
        if left not in atom_of or right not in atom_of or atom_of[left] is atom_of[right]:
            continue
        if not _are_kept_apart(atom_of[left], atom_of[right], apart):
            joined = atom_of[left] | atom_of[right]
            atom_of |= dict.fromkeys(joined, joined)
    done: set[Id] = set()
    for each in ids:
        if each not in done:
            done |= atom_of[each]
            yield atom_of[each]


def _are_kept_apart(ids: Iterable[Id], others: set[Id], apart: Mapping[Id, set[Id]]) -> bool:
    return any(not apart[each].isdisjoint(others) for each in ids if each in apart)


def _scores_by_end(links: Iterable[Link]) -> dict[int | str, list[tuple[int | str, float]]]:
    """Return for each id the ids that it is linked to, each with the score of the link."""
    scores: dict[int | str, list[tuple[int | str, float]]] = defaultdict(list)
    for link in links:
        scores[link.left].append((link.right, link.score))
        scores[link.right].append((link.left, link.score))
    return scores


def _stars_by_score(
    atom: Iterable[Id],
    scores: Mapping[int | str, list[tuple[int | str, float]]],
    star_of: Mapping[int | str, _Star[Id]],
    hubs: set[int | str],
) -> list[_Star[Id]]:
    """Return the stars that the atom may join, the best first: by its link to a hub, then to another member."""
    best: dict[_Star[Id], tuple[bool, float]] = {}
    for each in atom:
        for other, score in scores.get(each, ()):
            if other in hubs or (other in star_of and score >= LINKED_TO_MEMBER):
                star = star_of[other]
                best[star] = max(best.get(star, (False, 0.0)), (other in hubs, score))
    return sorted(best, key=lambda star: (not best[star][0], -best[star][1], star.number))
