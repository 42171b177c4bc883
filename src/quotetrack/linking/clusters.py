"""From links and judgements to utterances."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from quotetrack.core.domain import Link, SaidOn, Sighting, Utterance
from quotetrack.linking.compare import Id, copies_by_wording, find_links, id_key
from quotetrack.linking.wordings import read_wording

LINKED_TO_MEMBER = 0.9  # score from which a link to a member who is not the hub will do


def hub_order(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Fullest first, as `cluster` wants the ids. Of equals the earliest published, then the lowest id."""
    return sorted(
        sightings, key=lambda s: (-len(read_wording(s.words).tokens), str(s.published_on or "~"), id_key(s.id))
    )


def cluster_sightings(
    sightings: Iterable[Sighting],
    links: Iterable[Link],
    judgements: Iterable[tuple[int | str, int | str, bool]] = (),
    alone: Collection[int | str] = (),
) -> list[frozenset[int | str]]:
    """Which sightings are one utterance, by the links that `find_links` gives: `cluster`, but for copies at once.

    `alone` as `find_links` had it: all that a person has judged.
    """
    copies = {one.first.id: one for one in chain.from_iterable(copies_by_wording(sightings, alone).values())}
    firsts = hub_order(one.first for one in copies.values())
    stated = {first.id: first.said for first in firsts if first.said.is_stated()}
    found = cluster([first.id for first in firsts], links, judgements, stated)
    return [frozenset(s.id for first in group for s in (copies[first].first, *copies[first].others)) for group in found]


def cluster(
    ids: Sequence[Id],
    links: Iterable[Link],
    judgements: Iterable[tuple[Id, Id, bool]] = (),
    stated: Mapping[Id, SaidOn] | None = None,
) -> list[frozenset[Id]]:
    """Star cover: each id, in the order given (see `hub_order`), joins the hub with its best link, or is a hub itself.

    Short pieces therefore chain nothing together: what is in a cluster is linked to its hub, or all but surely to
    another member (two outlets that print overlapping halves of one answer).

    Judgements (id, id, are they the same) come first: "same" joins whatever the score, "different" refuses every
    union that would bring the two together, also one that a "same" asks for. Clusters come in the order of their hubs.

    `stated` are days that articles tell. Two that cannot be one keep clusters apart, unless a person joined them: an
    undated copy of a stump line is linked to every occasion of it, and may go with one, not join two.
    """
    judged = list(judgements)
    apart: dict[Id, set[Id]] = defaultdict(set)
    for left, right, same in judged:
        if not same:
            apart[left].add(right)
            apart[right].add(left)
    ends = _scores_by_end(links)
    stated = stated or {}
    stars: list[set[Id]] = []
    days: list[set[SaidOn]] = []  # of each star
    star_of: dict[int | str, int] = {}  # id -> its place in stars
    hubs: set[int | str] = set()
    for atom in _atoms(ids, [(left, right) for left, right, same in judged if same], apart):
        its_days = {stated[each] for each in atom if each in stated}
        choice = (
            star
            for star in _stars_for(atom, ends, star_of, hubs)
            if not _kept_apart(atom, stars[star], apart) and _one_time(its_days, days[star])
        )
        star = next(choice, len(stars))
        if star == len(stars):
            stars.append(set())
            days.append(set())
            hubs |= atom
        stars[star] |= atom
        days[star] |= its_days
        star_of |= dict.fromkeys(atom, star)
    return [frozenset(star) for star in stars]


def keep_names(clusters: Sequence[frozenset[int]], named: Mapping[int, int]) -> tuple[list[int | None], dict[int, int]]:
    """The utterance id of each cluster, and where absorbed ids lead, when quotations are clustered afresh.

    `named` is quotation id -> the utterance id that it had. A cluster keeps the id that most of its members hold
    (of equals the lowest); an id that two clusters want goes to the one in which more members hold it, and the
    other keeps the next that it holds, if it is free. None: mint one. Every id that a member held is afterwards
    either some cluster's or redirected to one.
    """
    claims = [
        (-count, name, min(members), place)
        for place, members in enumerate(clusters)
        for name, count in Counter(named[member] for member in members if member in named).items()
    ]
    kept: dict[int, int] = {}
    taken: set[int] = set()
    for _, name, _, place in sorted(claims):
        if place not in kept and name not in taken:
            kept[place] = name
            taken.add(name)
    redirects: dict[int, int] = {}
    for _, name, _, place in sorted(claims):
        if name not in taken:  # then its cluster had a better one, for else it would have taken this
            redirects.setdefault(name, kept[place])
    return [kept.get(place) for place in range(len(clusters))], redirects


def link_sightings(sightings: Sequence[Sighting]) -> list[Utterance]:
    """Sightings from anywhere as utterances, numbered from 1 in the order of their lowest sighting id.

    Each holds its sightings from the earliest published to the latest, those without a date last.
    """
    by_id = {sighting.id: sighting for sighting in sightings}
    found = cluster_sightings(sightings, find_links(sightings))
    groups = sorted((sorted(group, key=id_key) for group in found), key=lambda group: id_key(group[0]))
    return [
        Utterance(number, tuple(sorted((by_id[i] for i in group), key=lambda s: str(s.published_on or "~"))))
        for number, group in enumerate(groups, start=1)
    ]


def _atoms(ids: Sequence[Id], same: Iterable[tuple[Id, Id]], apart: Mapping[Id, set[Id]]) -> Iterator[set[Id]]:
    """What the pairs hold together, in the order of the first of each; mostly one id alone."""
    atom_of = {each: {each} for each in ids}
    for left, right in same:
        if left not in atom_of or right not in atom_of or atom_of[left] is atom_of[right]:
            continue
        if not _kept_apart(atom_of[left], atom_of[right], apart):
            joined = atom_of[left] | atom_of[right]
            atom_of |= dict.fromkeys(joined, joined)
    done: set[Id] = set()
    for each in ids:
        if each not in done:
            done |= atom_of[each]
            yield atom_of[each]


def _kept_apart(one: Iterable[Id], other: set[Id], apart: Mapping[Id, set[Id]]) -> bool:
    return any(not apart[each].isdisjoint(other) for each in one if each in apart)


def _one_time(days: set[SaidOn], others: set[SaidOn]) -> bool:
    return all(day.may_be(other) for day in days for other in others)


def _scores_by_end(links: Iterable[Link]) -> dict[int | str, list[tuple[int | str, float]]]:
    ends: dict[int | str, list[tuple[int | str, float]]] = defaultdict(list)
    for link in links:
        ends[link.left].append((link.right, link.score))
        ends[link.right].append((link.left, link.score))
    return ends


def _stars_for(
    atom: Iterable[Id],
    ends: Mapping[int | str, list[tuple[int | str, float]]],
    star_of: Mapping[int | str, int],
    hubs: set[int | str],
) -> list[int]:
    """The stars that the atom may join, the best first: by its link to a hub, then by one to another member."""
    best: dict[int, tuple[bool, float]] = {}
    for each in atom:
        for other, score in ends.get(each, ()):
            if other in hubs or (other in star_of and score >= LINKED_TO_MEMBER):
                star = star_of[other]
                best[star] = max(best.get(star, (False, 0.0)), (other in hubs, score))
    return sorted(best, key=lambda star: (not best[star][0], -best[star][1], star))
