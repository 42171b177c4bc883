"""Count and compare the utterances that answer a question: by speaker, outlet, month or topic, and over time.

Only what names the topic is counted: each word of it, whatever its ending, stands in the words, the paragraphs around
them or the title of one sighting. What is merely near a topic in meaning would be counted for every topic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from quotetrack.core.domain import CountBy, DateBasis, SaidOn, Sighting, Utterance
from quotetrack.search.answer import narrowing_of, only_sure
from quotetrack.search.highlight import content_words, terms_of
from quotetrack.search.understanding import Given, Understood, understand
from quotetrack.store import Session
from quotetrack.store.search import (
    Narrowing,
    full_text,
    hits,
    said_of_utterances,
    utterance_days,
)
from quotetrack.store.utterances import read_utterances

MOST_FOUND = 50_000  # sightings that full text proposes
MOST_READ = 5_000  # utterances that are read for one analysis, which takes some seconds; the best by full text
NO_SPEAKER = "(no speaker named)"
UNDATED = "undated"
LEAST_SHARED = 2  # utterances that share a word, which is then a topic


@dataclass(frozen=True, slots=True)
class Found:
    """Utterances by id. `is_cut` says that there are more, which were not read."""

    utterances: list[Utterance]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many utterances one speaker, outlet, month or topic has."""

    label: str
    utterances: int


@dataclass(frozen=True, slots=True)
class SpeakerTimeline:
    """A speaker's utterances by month, as `YYYY-MM`, the oldest first; months without any are left out."""

    speaker: str
    months: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """An utterance of a speaker, and the words in it that none of the earlier ones has, as printed."""

    utterance: Utterance
    new_words: tuple[str, ...]


def utterances_on(session: Session, understood: Understood, *, min_confidence: float = 0.0) -> Found:
    """Return the utterances that a question asks for and that name its topic.

    At most `MOST_READ` are read: the best by full text, or without a topic the newest.
    """
    if understood.is_unknown:
        return Found([])
    narrowing = narrowing_of(session, understood, min_confidence)
    ids = _said_in_window(session, understood, _proposed(session, understood.about, narrowing))
    read = only_sure(read_utterances(session, ids[:MOST_READ]), min_confidence)
    naming = [utterance for utterance in read if names_topic(utterance.sightings, understood.about)]
    return Found(naming, is_cut=len(ids) > MOST_READ)


def utterances_of(session: Session, speaker: str | None, given: Given, *, today: date) -> tuple[Understood, Found]:
    """Return how a speaker and other limits were understood, and the utterances that they leave: see `utterances_on`.

    Raises OutletUnknown if the store has no such outlet.
    """
    understood = understand(session, "", today=today, given=replace(given, speaker=speaker))
    return understood, utterances_on(session, understood)


def _proposed(session: Session, topic: str | None, narrowing: Narrowing) -> list[int]:
    """Return the ids of the utterances with a word of the topic, the best first; without a topic of all, the newest."""
    if topic is None:
        days = utterance_days(session, narrowing)
        return sorted(days, key=lambda utterance_id: (days[utterance_id] or date.min, utterance_id), reverse=True)
    words = content_words(topic)
    ranked = [quotation_id for quotation_id, _ in full_text(session, words, narrowing, limit=MOST_FOUND)]
    found = hits(session, ranked)
    return list(dict.fromkeys(found[quotation_id].utterance_id for quotation_id in ranked if quotation_id in found))


def _said_in_window(session: Session, understood: Understood, ids: Sequence[int]) -> list[int]:
    """Return the utterances that may have been said in the days of the question, in their order."""
    if understood.since is None and understood.until is None:
        return list(ids)
    window = SaidOn(understood.since, understood.until, DateBasis.UNKNOWN)
    said_of = said_of_utterances(session, ids)
    return [each for each in ids if each in said_of and said_of[each].may_be(window)]


def names_topic(sightings: Iterable[Sighting], topic: str | None) -> bool:
    """Return whether one of these has each word of the topic in its words, the paragraphs around them or its title."""
    wanted = set(terms_of(topic or ""))
    return any(wanted <= set(terms_of(_text_of(sighting))) for sighting in sightings)


def _text_of(sighting: Sighting) -> str:
    return f"{sighting.title or ''}\n{sighting.context_before}{sighting.words}{sighting.context_after}"


# Counts


def count_by(utterances: Sequence[Utterance], by: CountBy, *, topic: str | None = None) -> list[Count]:
    """Count utterances, the highest number first; months are in order.

    An utterance counts once for each outlet that carries it, and once for each word of it that another utterance
    shares; words of `topic`, which all have, are left out.
    """
    match by:
        case CountBy.SPEAKER:
            labels: Iterable[str] = (utterance.speaker or NO_SPEAKER for utterance in utterances)
        case CountBy.OUTLET:
            labels = (name for utterance in utterances for name in _outlet_names(utterance))
        case CountBy.MONTH:
            labels = (month_of(utterance) for utterance in utterances)
        case CountBy.TOPIC:
            return _shared_words(utterances, topic)
    counted = Counter(labels)
    if by is CountBy.MONTH:
        return [Count(month, counted[month]) for month in sorted(counted)]
    return _highest_first(counted)


def top_speakers(utterances: Sequence[Utterance]) -> list[Count]:
    """Count utterances by speaker, without those of nobody named; the most quoted come first."""
    return [each for each in count_by(utterances, CountBy.SPEAKER) if each.label != NO_SPEAKER]


def _highest_first(counted: Counter[str]) -> list[Count]:
    return [Count(label, counted[label]) for label in sorted(counted, key=lambda label: (-counted[label], label))]


def _outlet_names(utterance: Utterance) -> set[str]:
    return {sighting.outlet_name or sighting.outlet or "unknown" for sighting in utterance.sightings}


def _shared_words(utterances: Sequence[Utterance], topic: str | None) -> list[Count]:
    left_out = set(terms_of(topic or ""))
    counted: Counter[str] = Counter()
    printed: dict[str, Counter[str]] = {}
    for utterance in utterances:
        terms = {term: word for term, word in terms_of(utterance.words).items() if term not in left_out}
        counted.update(terms.keys())
        for term, word in terms.items():
            printed.setdefault(term, Counter())[word.casefold()] += 1
    shared = Counter({_most_printed(printed[t]): number for t, number in counted.items() if number >= LEAST_SHARED})
    return _highest_first(shared)


def _most_printed(words: Counter[str]) -> str:
    return min(words, key=lambda word: (-words[word], word))


def month_of(utterance: Utterance) -> str:
    """Return the month of the last possible day, else of the first publication, as `YYYY-MM`; or "undated"."""
    day = _last_day(utterance)
    return f"{day:%Y-%m}" if day else UNDATED


def _last_day(utterance: Utterance) -> date | None:
    published = [sighting.published_on for sighting in utterance.sightings if sighting.published_on]
    return utterance.said.last or min(published, default=None)


# Over time


def timelines(utterances: Sequence[Utterance], *, limit: int) -> list[SpeakerTimeline]:
    """Return the months of the speakers with the most utterances, the most quoted first."""
    speakers = [each.label for each in top_speakers(utterances)[:limit]]
    return [timeline_of(name, [each for each in utterances if each.speaker == name]) for name in speakers]


def timeline_of(speaker: str, utterances: Sequence[Utterance]) -> SpeakerTimeline:
    """Return the months of these utterances under the name of their speaker. Undated ones are left out."""
    counts = count_by(utterances, CountBy.MONTH)
    return SpeakerTimeline(speaker, tuple((each.label, each.utterances) for each in counts if each.label != UNDATED))


def changes(utterances: Sequence[Utterance]) -> list[Change]:
    """Return the utterances in the order in which they were said, with the words of each that are new in it.

    Function words never count as new. Of one day the utterance with the lower id is the earlier one; those without a
    day come last.
    """
    said: set[str] = set()
    changed = []
    for utterance in sorted(utterances, key=lambda each: (_last_day(each) or date.max, each.id)):
        terms = terms_of(utterance.words)
        changed.append(Change(utterance, tuple(word for term, word in terms.items() if term not in said)))
        said |= terms.keys()
    return changed


@dataclass(frozen=True, slots=True)
class Side:
    """One speaker of a comparison: the number of utterances on the topic, and the newest of them, newest first."""

    speaker: str
    total: int
    utterances: tuple[Utterance, ...]


def side_of(speaker: str, utterances: Sequence[Utterance], *, limit: int) -> Side:
    """Return the side of a speaker in a comparison, with at most `limit` utterances."""
    newest = sorted(utterances, key=lambda each: (_last_day(each) or date.min, each.id), reverse=True)
    return Side(speaker, len(utterances), tuple(newest[:limit]))
