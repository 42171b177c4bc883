"""Link new quotations against the store, reading only the part of the store that they can affect.

The result is that of linking everything afresh, however the articles were split into nights. Three facts make it so:
- the links of a wording depend only on its sightings and its candidates;
- a word n-gram that gets one wording too many loses the links that no other n-gram led to;
- a cluster depends only on what is connected with it by links, by a judgement "same", or by its utterance id.
All of that is read again, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from quotetrack.core.domain import CorrectionFault, Link, Sighting
from quotetrack.core.versions import LINKER
from quotetrack.linking.clusters import cluster_sightings, keep_utterance_ids
from quotetrack.linking.compare import (
    POSTINGS,
    Copies,
    compare_speakers,
    copies_by_wording,
    link_one_wording,
    link_two_wordings,
    may_be_linked,
)
from quotetrack.linking.wordings import Wording, read_wording, wording_of_tokens
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Session, Sessions
from quotetrack.store.decisions import find_judged_pairs, find_judgements_again, judged_pairs
from quotetrack.store.links import (
    StoredWording,
    days_of_wordings,
    drop_links,
    drop_wordings,
    forget_other_linkers,
    linkable,
    linkable_with,
    linked,
    links_with,
    postings,
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
from quotetrack.store.worklists import Touched, quotations_for_linker

ANY_DAY = (date.min, date.max)
QUOTATIONS_A_COMMIT = 5_000  # some seconds of work: the most that a crash can lose, and the most in memory at once


def run(sessions: Sessions, on_progress: OnProgress = ignore_progress, touched: Touched | None = None) -> None:
    """Apply every judgement that waits, and give every waiting sighting its utterance.

    Only the sightings that a decision touches, if it is given; all of them if another linker was here before.
    """
    with sessions.begin() as session:
        if forget_other_linkers(session, LINKER):
            find_judgements_again(session)
            touched = None
        judged = find_judged_pairs(session)
        waiting = quotations_for_linker(session, LINKER, touched)
        _store_utterances(session, judged)
    for start in range(0, len(waiting), QUOTATIONS_A_COMMIT):
        on_progress("linking", start, len(waiting))
        with sessions.begin() as session:
            _link_batch(session, waiting[start : start + QUOTATIONS_A_COMMIT])
    if waiting:
        on_progress("linking", len(waiting), len(waiting))


def _link_batch(session: Session, quotation_ids: Sequence[int]) -> None:
    """Store the wordings of these quotations, then their links, then the utterances of all that the links touch."""
    put_linker(session, quotation_ids, LINKER)  # first, so that what a person decides meanwhile takes the mark away
    changed = _store_wordings(session, quotation_ids, linkable(session, quotation_ids))
    touched = _store_links(session, quotation_ids, changed)
    _store_utterances(session, touched)


# Wordings and their postings


@dataclass(frozen=True, slots=True)
class _ChangedWordings:
    """Wordings to link anew, and the wordings of each n-gram that has just become too common to lead to candidates."""

    to_link: set[int]
    too_common: dict[int, list[int]]  # n-gram -> its wordings


def _store_wordings(session: Session, quotation_ids: Sequence[int], sightings: Sequence[Sighting]) -> _ChangedWordings:
    wording_of = {int(sighting.id): read_wording(sighting.words) for sighting in sightings}
    before = wording_ids(session, quotation_ids)
    ids_now = {
        quotation: wording_of[quotation].id if quotation in wording_of else None for quotation in {*wording_of, *before}
    }
    changed = {quotation: now for quotation, now in ids_now.items() if now != before.get(quotation)}
    put_wording_ids(session, changed)
    new = {wording_of[quotation].id: wording_of[quotation] for quotation in changed if quotation in wording_of}
    for stored in words_of(session, new):
        del new[stored]
    gone_ids = without_sightings(session, {before[quotation] for quotation in changed if quotation in before})
    gone = {wording_id: read_wording(words) for wording_id, words in words_of(session, gone_ids).items()}
    counts = _put_postings(session, new, gone)
    common_no_more = [gram for gram, (was, now) in counts.items() if was > POSTINGS >= now]
    too_common = [gram for gram, (was, now) in counts.items() if was <= POSTINGS < now]
    to_link = {wording.id for wording in wording_of.values()} | set(before.values()) - gone.keys()
    for wordings in postings(session, common_no_more).values():
        to_link.update(wordings)
    return _ChangedWordings(to_link, postings(session, too_common))


def _put_postings(
    session: Session, new: Mapping[int, Wording], gone: Mapping[int, Wording]
) -> dict[int, tuple[int, int]]:
    """Store new wordings and drop those that are gone. Return for each of their n-grams its wordings before and now."""
    grams = {gram for wording in (*new.values(), *gone.values()) for gram in wording.grams}
    drop_wordings(session, {wording_id: wording.grams for wording_id, wording in gone.items()})
    put_wordings(session, [StoredWording(w.id, w.words, " ".join(w.tokens), w.grams) for w in new.values()], LINKER)
    change: dict[int, int] = defaultdict(int)
    for wording in new.values():
        for gram in wording.grams:
            change[gram] += 1
    for wording in gone.values():
        for gram in wording.grams:
            change[gram] -= 1
    # Counting stops above POSTINGS and the largest change, so that crossing POSTINGS is seen in both directions.
    most = POSTINGS + max(map(abs, change.values()), default=0)
    now = sizes(session, grams, most)
    return {gram: (now[gram] - change[gram], now[gram]) for gram in grams}


# Links


def _store_links(session: Session, quotation_ids: Sequence[int], changed: _ChangedWordings) -> set[int]:
    """Bring the links of the changed wordings up to date. Return the sightings whose cluster may have changed."""
    candidates = _candidates(session, changed.to_link)
    near = {other for others in candidates.values() for other in others}
    loaded = linkable_with(session, changed.to_link | near, LINKER)
    wording_of = {sighting.id: wording_id for wording_id, sighting in loaded}
    judged = _judged(judged_pairs(session, map(int, wording_of)))
    by_wording = copies_by_wording((sighting for _, sighting in loaded), judged, wording_of)
    linked_anew = {
        int(sighting.id)
        for wording_id in changed.to_link
        for copies in by_wording.get(wording_id, ())
        for sighting in (copies.first, *copies.others)
    }
    stored = set(links_with(session, linked_anew.union(quotation_ids)))
    links = set(_links(by_wording, candidates, changed.to_link))
    lost = (stored - links) | _links_of_common_grams(session, changed)
    drop_links(session, lost)
    put_links(session, sorted(links - stored, key=lambda link: (link.left, link.right)), LINKER)
    ends = {int(end) for link in lost for end in (link.left, link.right)}
    return linked_anew | (ends - set(quotation_ids))


def _candidates(session: Session, wordings: Collection[int]) -> dict[int, list[int]]:
    """Return for each wording the others that share a rare n-gram and may be linked by their words; each pair once."""
    words = words_of(session, wordings)
    grams = {wording_id: read_wording(words[wording_id]).grams for wording_id in words}
    counted = sizes(session, {gram for its_grams in grams.values() for gram in its_grams}, POSTINGS)
    leading = postings(session, [gram for gram, size in counted.items() if 1 < size <= POSTINGS])
    sharing = {
        wording_id: {other for gram in its_grams if gram in leading for other in leading[gram]}
        for wording_id, its_grams in grams.items()
    }
    days = days_of_wordings(session, {*words, *(other for others in sharing.values() for other in others)})
    others: dict[int, set[int]] = {}
    for wording_id in sorted(words):
        others[wording_id] = {
            other
            for other in sharing[wording_id]
            if (other > wording_id or other not in words) and _may_be_one_occasion(wording_id, other, days)
        }
    tokens = tokens_of_wordings(session, {*others, *(other for its_others in others.values() for other in its_others)})
    looks = {wording_id: wording_of_tokens(its_tokens) for wording_id, its_tokens in tokens.items()}
    return {
        wording_id: [other for other in sorted(its_others) if may_be_linked(looks[wording_id], looks[other])]
        for wording_id, its_others in others.items()
    }


def _may_be_one_occasion(wording_id: int, other: int, days: Mapping[int, tuple[date, date]]) -> bool:
    """Return whether the stated days allow it. Where they do not, comparing the words is work for nothing."""
    (first, last), (other_first, other_last) = days.get(wording_id, ANY_DAY), days.get(other, ANY_DAY)
    return wording_id != other and first <= other_last and other_first <= last


def _links(
    by_wording: Mapping[int, Sequence[Copies]], candidates: Mapping[int, Iterable[int]], wordings: Iterable[int]
) -> Iterator[Link]:
    for wording_id in wordings:
        if wording_id in by_wording:  # otherwise its sightings wait for a later batch
            yield from link_one_wording(by_wording[wording_id])
            for other in candidates[wording_id]:
                if other in by_wording:
                    yield from link_two_wordings(by_wording[wording_id], by_wording[other])


def _links_of_common_grams(session: Session, changed: _ChangedWordings) -> set[Link]:
    """Return the links between wordings that are not linked anew and share only n-grams that are too common now."""
    affected = {wording_id for wordings in changed.too_common.values() for wording_id in wordings} - changed.to_link
    if not affected:
        return set()
    wording_of = {
        int(sighting.id): read_wording(sighting.words) for _, sighting in linkable_with(session, affected, LINKER)
    }
    links = [link for link in links_with(session, wording_of) if link.left in wording_of and link.right in wording_of]
    shared = {link: wording_of[int(link.left)].grams & wording_of[int(link.right)].grams for link in links}
    counted = sizes(session, {gram for grams in shared.values() for gram in grams}, POSTINGS)
    return {
        link
        for link, grams in shared.items()
        if wording_of[int(link.left)].id != wording_of[int(link.right)].id
        and all(counted[gram] > POSTINGS for gram in grams)
    }


# Utterances


def _store_utterances(session: Session, touched: set[int]) -> None:
    """Cluster everything that is connected with these sightings again. A cluster keeps the id that most of it had."""
    if not touched:
        return
    ids, links, judged = _connected(session, touched)
    sightings = linked(session, ids, LINKER)
    present = {int(sighting.id) for sighting in sightings}
    pairs = [pair for pair in judged if pair[0] in present and pair[1] in present]
    pairs += _kept_apart_by_speaker(sightings, pairs)
    inside = [link for link in links if link.left in present and link.right in present]
    clusters = [frozenset(map(int, c)) for c in cluster_sightings(sightings, inside, pairs, _judged(judged))]
    clusters.sort(key=min)  # new ids are given in the order in which the articles came
    known = utterance_ids(session, sorted(present))
    names, redirects = keep_utterance_ids(clusters, known)
    put_utterances(session, clusters, names, redirects, LINKER, known)


def _kept_apart_by_speaker(
    sightings: Sequence[Sighting], judged: Iterable[tuple[int, int, bool]]
) -> list[tuple[int, int, bool]]:
    """Return the pairs of which one has a speaker by a person's decision, and the other another speaker.

    A pair that a person judged the same stays together.
    """
    same = {frozenset[int | str]((left, right)) for left, right, is_same in judged if is_same}
    decided = [sighting for sighting in sightings if CorrectionFault.SPEAKER in sighting.decided]
    return [
        (int(one.id), int(other.id), False)
        for one in decided
        for other in sightings
        if compare_speakers(one, other)[1] and frozenset((one.id, other.id)) not in same
    ]


def _connected(session: Session, touched: set[int]) -> tuple[set[int], set[Link], set[tuple[int, int, bool]]]:
    """Return the sightings that links, a judgement "same" or an utterance connect with these.

    The links of all of them follow, and the pairs that people judged and that have one of them.
    """
    ids: set[int] = set()
    links: set[Link] = set()
    judged: set[tuple[int, int, bool]] = set()
    fresh = set(touched)
    while fresh:
        ids |= fresh
        links_of_fresh = links_with(session, fresh)
        links.update(links_of_fresh)
        reached = {int(end) for link in links_of_fresh for end in (link.left, link.right)}
        judged_of_fresh = judged_pairs(session, fresh)
        judged.update(judged_of_fresh)
        reached |= _judged(pair for pair in judged_of_fresh if pair[2])
        fresh = (reached | utterance_mates(session, fresh, LINKER)) - ids
    return ids, links, judged


def _judged(pairs: Iterable[tuple[int, int, bool]]) -> set[int]:
    """Return the ids of the sightings in pairs about which a person has decided."""
    return {end for left, right, _ in pairs for end in (left, right)}
