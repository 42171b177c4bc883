"""What did X say about Y? A question, the quotations that answer it, and how it was understood.

The speaker, the days and the outlet narrow; the topic ranks: by the meaning of the passage (the paragraph before and
the paragraph of the words), by that of the words, and by full text. An utterance ranks once, with all its sightings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import escape

from quotetrack.core.domain import Related, Utterance
from quotetrack.models.embedder import Embedder
from quotetrack.search.highlight import words_that_hit
from quotetrack.search.notebook import answer_html
from quotetrack.search.ranking import score_quotations
from quotetrack.search.understanding import NOTHING_GIVEN, Given, Understood, understand, understood_text
from quotetrack.store import Session
from quotetrack.store.related import related_to
from quotetrack.store.search import Narrowing, days_of_utterances, utterance_days
from quotetrack.store.utterances import read_utterances

LIMIT = 10
NEWEST_OF = 50  # the best utterances, of which "newest first" is an order: what comes after is hardly about the topic


@dataclass(frozen=True, slots=True)
class RankedUtterance:
    """One utterance that answers, and its score: higher is better, comparable within one answer only.

    `hits` say where the topic was found: `words`, `passage`, `title`, or `meaning` where none of its words is there.
    `related` are statements of the same speaker that make the point elsewhere.
    """

    utterance: Utterance
    score: float
    hits: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of the utterances that answer a question, and how it was understood.

    `total` counts all that answer; `months` counts them by the month of their last possible day, oldest first.
    """

    question: str
    understood: Understood
    utterances: tuple[RankedUtterance, ...]
    total: int
    months: tuple[tuple[str, int], ...] = ()

    def rows(self) -> list[dict[str, str | int | float | date | None]]:
        """A row a sighting, in the order of the answer: `pandas.DataFrame(answer.rows())`."""
        return [
            {
                "rank": rank,
                "score": found.score,
                "utterance": found.utterance.id,
                "speaker": sighting.speaker,
                "words": sighting.words,
                "said_first": sighting.said.first,
                "said_last": sighting.said.last,
                "said_basis": str(sighting.said.basis),
                "occasion": sighting.occasion,
                "outlet": sighting.outlet,
                "wire_credit": sighting.wire_credit,
                "title": sighting.title,
                "author": sighting.author,
                "published": sighting.published_on,
                "url": sighting.url,
                "confidence": sighting.confidence,
            }
            for rank, found in enumerate(self.utterances, start=1)
            for sighting in found.utterance.sightings
        ]

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        told = "".join(answer_html(found, self.understood.about or "") for found in self.utterances)
        return f"<p><small>{escape(understood_text(self.understood))}</small></p>{told or '<p>Nothing on file.</p>'}"


def ask(
    session: Session,
    question: str,
    *,
    embedder: Embedder | None = None,
    given: Given = NOTHING_GIVEN,
    today: date | None = None,
    newest: bool = False,
    limit: int = LIMIT,
    page: int = 1,
    min_confidence: float = 0.0,
) -> Answer:
    """Answer a question from the store. What is `given` counts before what the question says.

    Without an embedder, by words alone. Best first, or newest first of the best; without a topic always newest first,
    with score 0. `today` is what "since November" and "last week" count from, by default the day of the machine.
    `min_confidence` leaves out the sightings whose mention of the speaker is less surely the right one.
    """
    understood = understand(session, question, today or date.today(), given)
    return answer_question(
        session,
        question,
        understood,
        embedder=embedder,
        newest=newest,
        limit=limit,
        page=page,
        min_confidence=min_confidence,
    )


def answer_question(
    session: Session,
    question: str,
    understood: Understood,
    *,
    embedder: Embedder | None,
    newest: bool = False,
    limit: int = LIMIT,
    page: int = 1,
    min_confidence: float = 0.0,
) -> Answer:
    """One page, from 1, of the utterances for a question that was understood so."""
    narrowing = _narrowing(understood, min_confidence)
    if understood.about is None:
        days = utterance_days(session, narrowing)
        scores = dict.fromkeys(_newest(days), 0.0)
    else:
        scores = _best_first(score_quotations(session, understood.about, narrowing, embedder))
        if newest:
            scores = dict(list(scores.items())[:NEWEST_OF])
        days = days_of_utterances(session, list(scores))
        if newest:
            scores = {utterance_id: scores[utterance_id] for utterance_id in _newest(days)}
    shown = list(scores)[(page - 1) * limit : page * limit]
    read = {u.id: u for u in only_sure(read_utterances(session, shown), min_confidence)}
    related = related_to(session, list(read))
    found = (
        RankedUtterance(read[i], scores[i], words_that_hit(read[i], understood.about), tuple(related[i]))
        for i in shown
        if i in read
    )
    return Answer(question, understood, tuple(found), len(scores), _months(days))


def only_sure(utterances: Iterable[Utterance], min_confidence: float) -> Iterator[Utterance]:
    """Utterances without the sightings whose attribution is less sure; one that is left with none is left out.

    A confidence is the calibrated probability that the mention of the speaker is the right one.
    """
    for utterance in utterances:
        kept = tuple(s for s in utterance.sightings if s.confidence >= min_confidence)
        if kept:
            yield replace(utterance, sightings=kept)


def _narrowing(understood: Understood, min_confidence: float) -> Narrowing:
    return Narrowing(
        speakers=understood.speaker_ids,
        since=understood.since,
        until=understood.until,
        published_since=understood.published_since,
        published_until=understood.published_until,
        outlet=understood.outlet,
        min_confidence=min_confidence,
    )


def _best_first(scores: Mapping[int, float]) -> dict[int, float]:
    return dict(sorted(scores.items(), key=lambda one: (-one[1], one[0])))


def _newest(days: Mapping[int, date | None]) -> list[int]:
    return sorted(days, key=lambda utterance_id: (days[utterance_id] or date.min, utterance_id), reverse=True)


def _months(days: Mapping[int, date | None]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(f"{day:%Y-%m}" for day in days.values() if day).items()))
