"""Find the reported statements that answer a question, beside its quotations.

Speaker, days and outlet narrow them. A topic ranks them as it ranks quotations, by the meaning of the passage and of
the words; what names the topic in its words, its paragraph or its title comes first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quotetrack.core.domain import ReportedWords, Sighting, number_of_reported
from quotetrack.core.normalize import wording_key
from quotetrack.models.embedder import Embedder, embed
from quotetrack.search.highlight import matches
from quotetrack.search.ranking import LEAST_NEAR, WORDS_WEIGHT
from quotetrack.store import Session
from quotetrack.store.reported_search import cosines_of_reported, has_reported, read_reported, reported_ids
from quotetrack.store.search import Narrowing

MOST_SCANNED = 20_000  # statements whose vectors are read; of more, the last said
MOST_READ = 200  # statements whose words and paragraphs are looked at: the nearest in meaning, else the last said
MENTION = 1.0  # what a statement gains that has a word of the topic in its words; half of it elsewhere


@dataclass(frozen=True, slots=True)
class FoundReported:
    """Reported statements that answer. `cut_at` is the number that was read, where more may answer; else None."""

    words: Sequence[ReportedWords] = ()
    cut_at: int | None = None


def find_reported(
    session: Session, topic: str | None, narrowing: Narrowing, embedder: Embedder | None
) -> FoundReported:
    """Return the reported statements that answer, the best first; without a topic the last said first.

    The same words of one speaker are one answer. Without an embedder only words are searched. At most `MOST_READ`
    statements are given.
    """
    if not has_reported(session) or (narrowing.speakers is not None and not narrowing.speakers):
        return FoundReported()
    ids = reported_ids(session, narrowing, limit=MOST_SCANNED)
    is_cut = len(ids) > MOST_READ
    if topic is None:
        return FoundReported(same_words(_in_order(session, ids[:MOST_READ])), MOST_READ if is_cut else None)
    near = _cosines(session, topic, embedder, ids) if embedder is not None else {}
    pool = sorted(ids, key=lambda i: -near.get(i, 0.0))[:MOST_READ]  # stable: of equals the last said
    found = {number_of_reported(each.id): each for each in read_reported(session, pool)}
    scores = {i: near.get(i, 0.0) + _mention(found[i], topic) for i in pool if i in found}
    kept = sorted((i for i in scores if scores[i] >= LEAST_NEAR), key=lambda i: -scores[i])
    is_cut = is_cut and (embedder is None or near.get(pool[-1], 0.0) >= LEAST_NEAR)  # else the others are farther
    return FoundReported(same_words([found[i] for i in kept]), MOST_READ if is_cut else None)


def _cosines(session: Session, topic: str, embedder: Embedder, ids: Sequence[int]) -> Mapping[int, float]:
    (vector,) = embed([topic], embedder)
    found = cosines_of_reported(session, vector, embedder.name, ids)
    return dict(zip(found.ids.tolist(), (found.passage + WORDS_WEIGHT * found.words).tolist(), strict=True))


def _mention(sighting: Sighting, topic: str) -> float:
    if matches(topic, sighting.words):
        return MENTION
    around = f"{sighting.context_before} {sighting.context_after} {sighting.title or ''}"
    return MENTION / 2 if matches(topic, around) else 0.0


def _in_order(session: Session, ids: Sequence[int]) -> list[Sighting]:
    place = {each: number for number, each in enumerate(ids)}
    return sorted(read_reported(session, ids), key=lambda sighting: place[number_of_reported(sighting.id)])


def same_words(sightings: Sequence[Sighting]) -> list[ReportedWords]:
    """Return the same words of one speaker together, where all may be of one day, in the order of the first of them."""
    groups: list[list[Sighting]] = []
    alike: defaultdict[tuple[str, int | str], list[list[Sighting]]] = defaultdict(list)
    for sighting in sightings:
        same = alike[wording_key(sighting.words), sighting.speaker_id or sighting.speaker or str(sighting.id)]
        group = next((each for each in same if all(other.said.may_be(sighting.said) for other in each)), None)
        if group is None:
            group = []
            same.append(group)
            groups.append(group)
        group.append(sighting)
    return [ReportedWords(tuple(group)) for group in groups]
