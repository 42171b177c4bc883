"""The review queue: what a person should look at next, best first.

The best is what most likely is wrong and stands in most outlets. Each kind gives a bounded number of candidates, so
that the queue of a large store takes no longer. What a person has decided is not shown again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quotetrack.core.domain import Sighting
from quotetrack.core.doubts import (
    DIFFERENT_PEOPLE,
    WRONG_DAY,
    Doubt,
    DoubtKind,
    doubt_of_day,
    doubt_of_names,
    fault_of_name,
)
from quotetrack.core.names import is_full_name
from quotetrack.core.texts import gettext, ngettext
from quotetrack.core.worddiff import align
from quotetrack.store import Session
from quotetrack.store.review_queue import (
    UnlikelyDay,
    UtteranceSpeaker,
    names_of_undecided_speakers,
    nearby_days,
    outlets_by_sighting,
    sightings_of_speakers,
    unlikely_days,
    unlikely_names,
    unlikely_rewordings,
    unsure_sightings,
    utterances_of_several_speakers,
)
from quotetrack.store.sightings import read_sightings

CANDIDATES = 500  # of each kind
NEWEST_DAYS = 3_000  # sightings with a day told nearby, of which one in ten becomes a candidate
NEWEST_NAMES = 20_000  # speakers whose names are looked at
SIGHTINGS_OF_A_NAME = 5  # of which the one that most outlets carry is shown
LEAST_PROBABILITY = 0.1  # of an error; ten looks would find one
LEAST_CONFIDENCE = 0.7  # of a name; one with less is a candidate
LEAST_CONFIDENCE_OF_DAY = 0.7  # the same of a single day


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A doubt about a sighting before it is read. Of the candidates of one kind and group only the best is shown."""

    kind: DoubtKind
    probability: float
    sighting: int
    group: tuple[int, ...]
    why: str
    command: tuple[str, ...]
    other: int | None = None
    is_unsure: bool = False


def review_queue(session: Session, limit: int) -> list[Doubt]:
    """Return what a person should look at next, at most `limit` sightings, each of another utterance; best first."""
    candidates = [
        *_unsure_sightings(session),
        *_unlikely_names(session),
        *_different_speakers(session),
        *_rewordings(session),
        *_faulty_names(session),
        *_unlikely_days(session),
        *_nearby_days(session),
    ]
    carried = outlets_by_sighting(session, {candidate.sighting for candidate in candidates})
    candidates = [candidate for candidate in candidates if candidate.probability >= LEAST_PROBABILITY]
    candidates.sort(key=lambda c: (-c.probability * carried[c.sighting][1], -c.sighting))
    chosen: list[_Candidate] = []
    seen: set[tuple[object, ...]] = set()
    for candidate in _unsure_first(candidates):
        utterance_id = carried[candidate.sighting][0]
        keys = {("utterance", utterance_id or candidate), (candidate.kind, *candidate.group)}
        if len(chosen) < limit and seen.isdisjoint(keys):
            chosen.append(candidate)
            seen |= keys
    ids = {each for c in chosen for each in (c.sighting, c.other) if each is not None}
    sightings = {int(sighting.id): sighting for sighting in read_sightings(session, ids=sorted(ids))}
    return [
        _doubt(candidate, sightings, carried[candidate.sighting][1])
        for candidate in chosen
        if candidate.sighting in sightings  # one end of a link may stand in a version that a later one repeats
    ]


def _doubt(candidate: _Candidate, sightings: Mapping[int, Sighting], outlets: int) -> Doubt:
    sighting = sightings[candidate.sighting]
    other = sightings.get(candidate.other) if candidate.other is not None else None
    why = candidate.why
    if candidate.kind is DoubtKind.REWORDED and other is not None:
        changed = (step for step in align(sighting.words, other.words) if step.change != "same")
        number = sum(max(len(step.before.split()), len(step.after.split())) for step in changed)
        why += " " + ngettext("%(num)s words differ.", "%(num)s words differ.", number)
    return Doubt(candidate.kind, candidate.probability, outlets, sighting, why, candidate.command, other)


def _unsure_first(candidates: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """Yield the candidates in order, but at the places of doubtful names first the unsure ones."""
    names = iter(sorted((c for c in candidates if c.kind is DoubtKind.NAME), key=lambda c: not c.is_unsure))
    yield from (next(names) if candidate.kind is DoubtKind.NAME else candidate for candidate in candidates)


def _unsure_sightings(session: Session) -> Iterator[_Candidate]:
    for sighting, alternatives in unsure_sightings(session, CANDIDATES).items():
        names = ", ".join(f"{each.name} ({_percent(each.confidence)})" for each in alternatives)
        why = gettext("No name is sure enough: %(names)s.", names=names)
        command = _correct(sighting, "--speaker", "NAME")
        probability = 1 - alternatives[0].confidence
        yield _Candidate(DoubtKind.NAME, probability, sighting, (sighting,), why, command, is_unsure=True)


def _unlikely_names(session: Session) -> Iterator[_Candidate]:
    for sighting, confidence in unlikely_names(session, LEAST_CONFIDENCE, CANDIDATES).items():
        why = gettext(
            "The probability that the article means this speaker is %(percent)s.", percent=_percent(confidence)
        )
        command = _correct(sighting, "--speaker", "NAME")
        yield _Candidate(DoubtKind.NAME, 1 - confidence, sighting, (sighting,), why, command)


def _different_speakers(session: Session) -> Iterator[_Candidate]:
    for speakers in utterances_of_several_speakers(session, CANDIDATES):
        usual = max(speakers, key=lambda each: (each.quotations, is_full_name(each.name), -each.speaker_id))
        odd = [each for each in speakers if each is not usual and each.is_open]
        if odd:
            yield _named_otherwise(max(odd, key=lambda each: doubt_of_names(usual.name, each.name)), usual)


def _named_otherwise(odd: UtteranceSpeaker, usual: UtteranceSpeaker) -> _Candidate:
    probability = doubt_of_names(usual.name, odd.name)
    why = gettext("The two are linked as one utterance, and have different speakers.")
    command = _correct(odd.newest, "--speaker", usual.name if fault_of_name(usual.name) is None else "NAME")
    if probability == DIFFERENT_PEOPLE:
        command = ("review", "judge", str(usual.newest), str(odd.newest), "different")
    return _Candidate(DoubtKind.SPEAKERS, probability, odd.newest, (odd.newest,), why, command, usual.newest)


def _rewordings(session: Session) -> Iterator[_Candidate]:
    for link in unlikely_rewordings(session, 1 - LEAST_PROBABILITY, CANDIDATES):
        left, right = int(link.left), int(link.right)
        why = gettext("The probability that the two are the same words is %(percent)s.", percent=_percent(link.score))
        command = ("review", "judge", str(left), str(right), "different")
        yield _Candidate(DoubtKind.REWORDED, 1 - link.score, left, (left,), why, command, right)


def _faulty_names(session: Session) -> Iterator[_Candidate]:
    names = names_of_undecided_speakers(session, NEWEST_NAMES)
    faults = {speaker_id: fault for speaker_id, name in names.items() if (fault := fault_of_name(name)) is not None}
    worst = sorted(faults, key=lambda speaker_id: (-faults[speaker_id].probability, -speaker_id))[:CANDIDATES]
    for speaker_id, sightings in sightings_of_speakers(session, worst).items():
        name, fault = names[speaker_id], faults[speaker_id]
        why = gettext("“%(name)s” is hardly a speaker: %(fault)s.", name=" ".join(name.split()), fault=fault.what)
        for sighting in sightings[-SIGHTINGS_OF_A_NAME:]:
            yield _Candidate(
                DoubtKind.DEBRIS,
                fault.probability,
                sighting,
                (speaker_id,),
                why + _shared_text(len(sightings)),
                _correct(sighting, "--speaker", "NAME"),
            )


def _unlikely_days(session: Session) -> Iterator[_Candidate]:
    days = unlikely_days(session, LEAST_CONFIDENCE_OF_DAY, CANDIDATES)
    sharing = Counter(_place(day) for day in days)
    for day in days:
        why = _why_unlikely(day) + _shared_text(sharing[_place(day)])
        yield _Candidate(DoubtKind.DAY, 1 - day.confidence, day.id, _place(day), why, _correct(day.id, "--day", "DAY"))


def _why_unlikely(day: UnlikelyDay) -> str:
    percent = _percent(day.confidence)
    if not day.phrase:
        return gettext("The probability that it was said on %(day)s is %(percent)s.", day=day.said, percent=percent)
    return gettext(
        "The probability that it was said on %(day)s is %(percent)s: it is from “%(phrase)s”.",
        day=day.said,
        percent=percent,
        phrase=" ".join(day.phrase.split()),
    )


def _place(day: UnlikelyDay) -> tuple[int, int]:
    """Return what groups the quotations that have a day from one phrase; a day without a phrase is by itself."""
    return day.version_id, day.phrase_start if day.phrase_start is not None else -day.id


def _nearby_days(session: Session) -> Iterator[_Candidate]:
    days = nearby_days(session, NEWEST_DAYS)
    sharing = Counter((day.version_id, day.phrase_start) for day in days)
    for day in days:
        days_before = (day.published - day.said).days
        probability = doubt_of_day(days_before, day.confidence)
        if probability is not None:
            place = (day.version_id, day.phrase_start)
            why = _why_doubted(" ".join(day.phrase.split()), days_before) + _shared_text(sharing[place])
            yield _Candidate(DoubtKind.DAY, probability, day.id, place, why, _correct(day.id, "--day", "DAY"))


def _why_doubted(phrase: str, days_before: int) -> str:
    if days_before < 0:
        return gettext("The day is from “%(phrase)s” in another sentence, and after the publication.", phrase=phrase)
    if days_before >= min(WRONG_DAY):
        return ngettext(
            "The day is from “%(phrase)s” in another sentence, %(num)s days before publication.",
            "The day is from “%(phrase)s” in another sentence, %(num)s days before publication.",
            days_before,
            phrase=phrase,
        )
    return gettext("The day is from “%(phrase)s” in another sentence, and it is not sure who spoke.", phrase=phrase)


def _shared_text(quotations: int) -> str:
    if quotations < 2:
        return ""
    return " " + ngettext("%(num)s quotations have it.", "%(num)s quotations have it.", quotations)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _correct(sighting: int, option: str, value: str) -> tuple[str, ...]:
    return ("review", "correct", str(sighting), option, value)
