"""Links what is new against what is on file, reading of it only what the new leads to.

The result is that of linking everything afresh, however the articles were split into nights. What makes it so: a
wording's links depend on its sightings and on its candidates alone; a word n-gram that gets one wording too many takes
the links that it alone led to with it; and a cluster depends on what is connected with it by links, by a judgement
"same", or by the utterance's id. All of that is looked at again, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quotetrack.core.domain import Judgement, Link, Sighting
from quotetrack.core.versions import LINKER
from quotetrack.linking.clusters import cluster_sightings, keep_utterance_ids
from quotetrack.linking.compare import (
    POSTINGS,
    Copies,
    copies_by_wording,
    link_one_wording,
    link_two_wordings,
    may_be_linked,
)
from quotetrack.linking.wordings import Wording, read_wording, wording_of_tokens
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Session, Sessions
from quotetrack.store.decisions import judgements_in_force, judgements_to_link
from quotetrack.store.links import (
    FiledWording,
    drop_links,
    drop_wordings,
    forget_other_linkers,
    linkable,
    linkable_with,
    links_with,
    postings,
    put_judgements_linked,
    put_linker,
    put_links,
    put_wording_ids,
    put_wordings,
    sizes,
    tokens_of_wordings,
    utterance_mates,
    without_sightings,
    wording_ids,
    words_of,
)
from quotetrack.store.utterances import put_utterances, utterance_ids
from quotetrack.store.worklists import quotations_for_linker

QUOTATIONS_A_COMMIT = 5_000  # some seconds: what a crash may cost, and what is in memory at once


@dataclass(frozen=True, slots=True)
class _Decisions:
    """What people said, as clustering takes it: pairs in force, the ids in them, and who stands with whom."""

    pairs: list[tuple[int, int, bool]]
    alone: frozenset[int] = field(default_factory=frozenset)
    with_same: Mapping[int, set[int]] = field(default_factory=dict)


def relink(sessions: Sessions, on_progress: OnProgress = ignore_progress) -> None:
    """Give every sighting that waits for the linker its utterance, and honour every judgement that it has not seen."""
    with sessions.begin() as session:
        forget_other_linkers(session, LINKER)
    with sessions() as session:
        waiting = quotations_for_linker(session, LINKER)
        news = judgements_to_link(session, LINKER)
        judged = _judged(judgements_in_force(session)) if waiting or news else _Decisions([])
    looked_at = {quotation_id for judgement in news for quotation_id in (*judgement.left, *judgement.right)}
    waiting += sorted(looked_at - set(waiting))
    for start in range(0, len(waiting), QUOTATIONS_A_COMMIT):
        on_progress("linking", start, len(waiting))
        with sessions.begin() as session:
            _relink_some(session, waiting[start : start + QUOTATIONS_A_COMMIT], judged)
    if news:
        with sessions.begin() as session:
            put_judgements_linked(session, {one.id: not one.is_revoked for one in news}, LINKER)
    if waiting:
        on_progress("linking", len(waiting), len(waiting))


def _judged(judgements: Iterable[Judgement]) -> _Decisions:
    pairs = [pair for judgement in judgements for pair in judgement.pairs]
    with_same: dict[int, set[int]] = defaultdict(set)
    for left, right, same in pairs:
        if same:
            with_same[left].add(right)
            with_same[right].add(left)
    return _Decisions(pairs, frozenset(each for left, right, _ in pairs for each in (left, right)), with_same)


def _relink_some(session: Session, quotation_ids: Sequence[int], judged: _Decisions) -> None:
    """File the wordings of some quotations, then their links, then the utterances of all that these touch."""
    sightings = linkable(session, quotation_ids)
    filed = _file_wordings(session, quotation_ids, sightings)
    put_linker(session, quotation_ids, LINKER)
    touched = _file_links(session, quotation_ids, filed, judged)
    _file_utterances(session, touched, judged)


# Wordings and their postings


@dataclass(frozen=True, slots=True)
class _Filed:
    """Wordings to link anew, and those of n-grams that have just become too common to lead anywhere."""

    wordings: set[int]
    too_common: dict[int, list[int]]  # n-gram -> its wordings


def _file_wordings(session: Session, quotation_ids: Sequence[int], sightings: Sequence[Sighting]) -> _Filed:
    read = {int(sighting.id): read_wording(sighting.words) for sighting in sightings}
    before = wording_ids(session, quotation_ids)
    put_wording_ids(session, {each: read[each].id if each in read else None for each in {*read, *before}})
    new = {wording.id: wording for wording in read.values()}
    for known in words_of(session, new):
        del new[known]
    gone_ids = without_sightings(session, set(before.values()))
    gone = {each: read_wording(words) for each, words in words_of(session, gone_ids).items()}
    counts = _put_postings(session, new, gone)
    reopened = [gram for gram, (was, now) in counts.items() if was > POSTINGS >= now]
    overfull = [gram for gram, (was, now) in counts.items() if was <= POSTINGS < now]
    wordings = {wording.id for wording in read.values()} | set(before.values()) - gone.keys()
    for members in postings(session, reopened).values():
        wordings.update(members)
    return _Filed(wordings, postings(session, overfull))


def _put_postings(
    session: Session, new: Mapping[int, Wording], gone: Mapping[int, Wording]
) -> dict[int, tuple[int, int]]:
    """How many wordings each n-gram of a wording that comes or goes had before, and has now."""
    grams = {gram for wording in (*new.values(), *gone.values()) for gram in wording.grams}
    drop_wordings(session, {each: wording.grams for each, wording in gone.items()})
    filed = [FiledWording(w.id, w.words, " ".join(w.tokens), w.grams) for w in new.values()]
    put_wordings(session, filed, LINKER)
    change: dict[int, int] = defaultdict(int)
    for wording in new.values():
        for gram in wording.grams:
            change[gram] += 1
    for wording in gone.values():
        for gram in wording.grams:
            change[gram] -= 1
    most = POSTINGS + max(map(abs, change.values()), default=0)  # so that a crossing is seen from both sides
    now = sizes(session, grams, most)
    return {gram: (now[gram] - change[gram], now[gram]) for gram in grams}


# Links


def _file_links(session: Session, quotation_ids: Sequence[int], filed: _Filed, judged: _Decisions) -> set[int]:
    """Bring the links of these wordings up to date; the sightings whose cluster may be another by now."""
    candidates = _candidates(session, filed.wordings)
    near = {other for others in candidates.values() for other in others}
    by_wording = copies_by_wording(linkable_with(session, filed.wordings | near, LINKER), judged.alone)
    ours = {
        int(sighting.id)
        for wording_id in filed.wordings
        for copies in by_wording.get(wording_id, ())
        for sighting in (copies.first, *copies.others)
    }
    stored = links_with(session, ours.union(quotation_ids))
    found = set(_links(by_wording, candidates, filed.wordings))
    lost = _lost_links(session, filed)
    drop_links(session, (set(stored) - found) | lost)
    put_links(session, sorted(found - set(stored), key=lambda link: (link.left, link.right)), LINKER)
    ends = {int(end) for link in (set(stored) - found) | lost for end in (link.left, link.right)}
    return ours | (ends - set(quotation_ids))


def _candidates(session: Session, wordings: Collection[int]) -> dict[int, list[int]]:
    """For each wording the others that it might be linked with, by their words; each pair once."""
    words = words_of(session, wordings)
    grams = {each: read_wording(words[each]).grams for each in words}
    counted = sizes(session, {gram for each in grams.values() for gram in each}, POSTINGS)
    leading = postings(session, [gram for gram, size in counted.items() if 1 < size <= POSTINGS])
    others: dict[int, set[int]] = {}
    for each in sorted(words):
        found = {other for gram in grams[each] if gram in leading for other in leading[gram]}
        others[each] = {other for other in found if other != each and (other > each or other not in words)}
    tokens = tokens_of_wordings(session, {*others, *(other for found in others.values() for other in found)})
    looked_at = {each: wording_of_tokens(words) for each, words in tokens.items()}
    return {
        each: [other for other in sorted(found) if may_be_linked(looked_at[each], looked_at[other])]
        for each, found in others.items()
    }


def _links(
    by_wording: Mapping[int, Sequence[Copies]], candidates: Mapping[int, Iterable[int]], wordings: Iterable[int]
) -> Iterator[Link]:
    """A wording may be without sightings, where these wait for a later batch."""
    for each in wordings:
        if each in by_wording:
            yield from link_one_wording(by_wording[each])
            for other in candidates[each]:
                if other in by_wording:
                    yield from link_two_wordings(by_wording[each], by_wording[other])


def _lost_links(session: Session, filed: _Filed) -> set[Link]:
    """Links between wordings, not linked anew, that only n-grams led to which have become too common."""
    shaken = {each for members in filed.too_common.values() for each in members} - filed.wordings
    if not shaken:
        return set()
    wording_of = {int(sighting.id): read_wording(sighting.words) for sighting in linkable_with(session, shaken, LINKER)}
    links = [link for link in links_with(session, wording_of) if link.left in wording_of and link.right in wording_of]
    shared = {link: _grams_shared(link, wording_of) for link in links}
    counted = sizes(session, {gram for grams in shared.values() for gram in grams}, POSTINGS)
    return {
        link
        for link, grams in shared.items()
        if wording_of[int(link.left)].id != wording_of[int(link.right)].id
        and all(counted[gram] > POSTINGS for gram in grams)
    }


def _grams_shared(link: Link, wording_of: Mapping[int, Wording]) -> frozenset[int]:
    return wording_of[int(link.left)].grams & wording_of[int(link.right)].grams


# Utterances


def _file_utterances(session: Session, touched: set[int], judged: _Decisions) -> None:
    """Cluster again all that is connected with what was touched; ids go to those of whom most had them."""
    ids, links = _connected(session, touched, judged)
    sightings = linkable(session, sorted(ids))
    here = {int(sighting.id) for sighting in sightings}
    pairs = [pair for pair in judged.pairs if pair[0] in here and pair[1] in here]
    inside = [link for link in links if link.left in here and link.right in here]
    clusters = [
        frozenset(map(int, members)) for members in _in_order(cluster_sightings(sightings, inside, pairs, judged.alone))
    ]
    names, redirects = keep_utterance_ids(clusters, utterance_ids(session, sorted(here)))
    put_utterances(session, clusters, names, redirects, LINKER)


def _in_order(clusters: Iterable[frozenset[int | str]]) -> list[frozenset[int | str]]:
    """By their lowest sighting, so that new ids are minted in the order in which articles came."""
    return sorted(clusters, key=lambda members: min(map(int, members)))


def _connected(session: Session, touched: set[int], judged: _Decisions) -> tuple[set[int], set[Link]]:
    """All sightings that links, a judgement "same" or an utterance connect with these, and the links among them."""
    ids: set[int] = set()
    links: set[Link] = set()
    fresh = set(touched)
    while fresh:
        ids |= fresh
        found = links_with(session, fresh)
        links.update(found)
        reached = {int(end) for link in found for end in (link.left, link.right)}
        reached |= {other for each in fresh for other in judged.with_same.get(each, ())}
        fresh = (reached | utterance_mates(session, fresh, LINKER)) - ids
    return ids, links
