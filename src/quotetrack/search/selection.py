"""Choose what an export holds: the utterances that options name, and of each the sightings that they name.

Speaker, topic and days of speaking choose utterances, and each comes with all its sources. Outlet, days of publication,
confidence and number of words choose sightings. A topic has to be named, as where utterances are counted (`analysis`):
what is only near it in meaning is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from quotetrack.core.domain import DateBasis, ReportedWords, SaidOn, Sighting, Utterance
from quotetrack.core.parts import number_of_words
from quotetrack.search.analysis import names_topic
from quotetrack.search.answer import certainty_of, narrowing_of
from quotetrack.search.highlight import content_words
from quotetrack.search.understanding import NOTHING_GIVEN, Given, Understood, understand
from quotetrack.store import Session
from quotetrack.store.reported_search import iter_reported, read_reported, reported_ids
from quotetrack.store.search import EVERYTHING, Narrowing, utterances_in, utterances_with_words
from quotetrack.store.utterances import iter_utterances, read_utterances

BATCH = 500  # utterances in memory at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What an export should hold; by default everything.

    `certain` leaves out words that only may have been said in the days of `given`. `min_confidence` is the least
    confidence that the name of the speaker is right, `min_words` the least number of words of a quotation. With
    `reported` it holds reported statements too, by the same conditions.
    """

    given: Given = NOTHING_GIVEN
    certain: bool = False
    min_confidence: float = 0.0
    min_words: int = 0
    reported: bool = False

    @property
    def is_everything(self) -> bool:
        """Return whether nothing is left out."""
        return self == Selection(certain=self.certain, reported=self.reported)


@dataclass(frozen=True, slots=True)
class Selected:
    """How a selection was understood, and its utterances in order of id, each read when it is asked for.

    `reported` are its reported statements, each by itself; None where the selection has none.
    """

    understood: Understood
    utterances: Iterator[Utterance]
    reported: Iterator[ReportedWords] | None


def select_utterances(session: Session, selection: Selection, *, today: date) -> Selected:
    """Find the utterances of a selection, without the sightings that it leaves out. Raises OutletUnknown.

    What is in memory at once is the ids and a batch of utterances.
    """
    understood = understand(session, "", today=today, given=selection.given)
    if selection.is_everything:
        return Selected(understood, iter_utterances(session), iter_reported(session) if selection.reported else None)
    reported = _chosen_reported(session, understood, selection) if selection.reported else None
    return Selected(understood, _chosen(session, understood, selection), reported)


def with_words(utterances: Iterable[Utterance], min_words: int) -> Iterator[Utterance]:
    """Yield the utterances without sightings of fewer words; an utterance left with none is left out."""
    for utterance in utterances:
        if kept := tuple(s for s in utterance.sightings if number_of_words(s.words) >= min_words):
            yield replace(utterance, sightings=kept)


def _chosen(session: Session, understood: Understood, selection: Selection) -> Iterator[Utterance]:
    ids = _proposed(session, understood, selection)
    for start in range(0, len(ids), BATCH):
        may_be = certainty_of(session, understood, ids[start : start + BATCH], only_certain=selection.certain)
        for utterance in read_utterances(session, list(may_be)):
            sightings = tuple(s for s in utterance.sightings if _is_chosen(s, understood, selection))
            if sightings and names_topic(utterance.sightings, understood.about):
                yield replace(utterance, sightings=sightings)


def _chosen_reported(session: Session, understood: Understood, selection: Selection) -> Iterator[ReportedWords]:
    ids = sorted(reported_ids(session, narrowing_of(session, understood, selection.min_confidence)))
    window = SaidOn(understood.since, understood.until, DateBasis.UNKNOWN)
    for start in range(0, len(ids), BATCH):
        for sighting in read_reported(session, ids[start : start + BATCH]):
            is_certain = not selection.certain or sighting.said.lies_in(window)
            is_named = names_topic((sighting,), understood.about)
            if is_certain and is_named and _is_chosen(sighting, understood, selection):
                yield ReportedWords((sighting,))


def _proposed(session: Session, understood: Understood, selection: Selection) -> list[int]:
    """Return in order the ids of the utterances that meet all conditions but the days and, in part, the topic.

    Different sightings may meet the conditions on the speaker, on the days of speaking, and on the rows. The least
    confidence is a condition on rows; where a speaker is asked for, it is also one on the name of that speaker: the
    sighting that gives it has to be sure enough.
    """
    all_conditions = narrowing_of(session, understood, selection.min_confidence)
    of_rows = replace(all_conditions, speakers=None, since=None, until=None)
    of_days = Narrowing(since=all_conditions.since, until=all_conditions.until)
    of_speaker = EVERYTHING
    if all_conditions.speakers is not None:
        of_speaker = Narrowing(speakers=all_conditions.speakers, min_confidence=selection.min_confidence)
    ids = set(utterances_in(session, of_rows))
    for narrowing in (of_days, of_speaker):
        if narrowing != EVERYTHING:
            ids &= set(utterances_in(session, narrowing))
    if understood.about is None:
        return sorted(ids)
    return sorted(utterances_with_words(session, [content_words(understood.about).split()], sorted(ids)))


def _is_chosen(sighting: Sighting, understood: Understood, selection: Selection) -> bool:
    published, since, until = sighting.published_on, understood.published_since, understood.published_until
    return (
        (understood.outlet is None or sighting.outlet == understood.outlet)
        and (since is None or (published is not None and published >= since))
        and (until is None or (published is not None and published <= until))
        and sighting.speaker_confidence >= selection.min_confidence
        and number_of_words(sighting.words) >= selection.min_words
    )
