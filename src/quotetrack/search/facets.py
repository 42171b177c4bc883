"""What narrows an answer further: its speakers, its outlets and its days, each with the number of utterances."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from quotetrack.search.answer import Answer
from quotetrack.store import Session
from quotetrack.store.facets import Facet, outlet_facets, speaker_facets
from quotetrack.store.search import said_of_utterances

MOST_FACETS = 12  # of speakers, and of outlets
MOST_COUNTED = 20_000  # utterances of an answer, the best: counting them takes less than a tenth of a second


@dataclass(frozen=True, slots=True)
class Facets:
    """The speakers and outlets of an answer, the most frequent first, and its days of speaking in order.

    A day is the last possible one. An utterance without any is in no day.
    """

    speakers: tuple[Facet, ...]
    outlets: tuple[Facet, ...]
    days: tuple[tuple[date, int], ...]


def facets_of(session: Session, answer: Answer) -> Facets:
    """Count the utterances of all pages of an answer, at most `MOST_COUNTED`."""
    counted = answer.ranked[:MOST_COUNTED]
    speaker_ids, outlet = answer.understood.speaker_ids, answer.understood.outlet
    days = Counter(said.last for said in said_of_utterances(session, counted).values() if said.last)
    return Facets(
        speakers=tuple(speaker_facets(session, counted, outlet, limit=MOST_FACETS)),
        outlets=tuple(outlet_facets(session, counted, speaker_ids, limit=MOST_FACETS)),
        days=tuple(sorted(days.items())),
    )
