"""Answer "what did X say about Y?": the utterances that match a question, and how it was understood.

Speaker, days and outlet narrow the search. The topic ranks: by the meaning of the passage (the paragraph of the words
and the one before), by the meaning of the words, and by full text. An utterance ranks once, with all its sightings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from quotetrack.core.domain import DateBasis, Related, SaidOn, Utterance
from quotetrack.core.rows import Cell, LinkOf, rows_of
from quotetrack.models.embedder import Embedder
from quotetrack.search.highlight import words_that_hit
from quotetrack.search.ranking import score_quotations
from quotetrack.search.understanding import NOTHING_GIVEN, Given, Understood, understand
from quotetrack.store import Session
from quotetrack.store.related import related_to
from quotetrack.store.search import Narrowing, days_of_utterances, said_of_utterances, utterance_days
from quotetrack.store.speakers import read_speakers
from quotetrack.store.utterances import read_utterances

LIMIT = 10
NEWEST_OF = 50  # best utterances that "newest first" orders; those after them are hardly about the topic


@dataclass(frozen=True, slots=True)
class RankedUtterance:
    """One utterance of an answer, and its score: higher is better, comparable within one answer only.

    `hits` say where words of the topic stand: `words`, `passage`, `title`, or `meaning` if they stand in none of these.
    `related` are statements in which the same speaker makes the point elsewhere. `certain` says of the days of the
    question whether it was said in them, each possible day among them, or only may have been; None without such days.
    """

    utterance: Utterance
    score: float
    hits: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    certain: bool | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of the utterances that answer a question, and how it was understood.

    `total` counts the utterances of all pages; `months` counts them by the month of their last possible day, the oldest
    month first. `unsure` counts others that would answer if the asked speaker said them: it is one of the alternatives,
    and no name is sure enough. `uncertain` counts those of all pages that only may have been said in the days of the
    question.
    """

    question: str
    understood: Understood
    utterances: tuple[RankedUtterance, ...]
    total: int
    months: tuple[tuple[str, int], ...] = ()
    unsure: int = 0
    uncertain: int = 0

    def rows(self, *, link_of: LinkOf | None = None) -> list[dict[str, Cell]]:
        """Return one row for each sighting, in the order of the answer: `pandas.DataFrame(answer.rows())`.

        A row has `rank`, `score`, `certain` and the columns of the CSV. `link_of` fills those of the link, as in
        `write_csv`.
        """
        return [
            {"rank": rank, "score": ranked.score, "certain": ranked.certain, **row.flat()}
            for rank, ranked in enumerate(self.utterances, start=1)
            for row in rows_of(ranked.utterance, link_of)
        ]


def ask(
    session: Session,
    question: str,
    *,
    embedder: Embedder | None = None,
    given: Given = NOTHING_GIVEN,
    today: date | None = None,
    newest: bool = False,
    limit: int | None = LIMIT,
    page: int = 1,
    min_confidence: float = 0.0,
    certain: bool = False,
) -> Answer:
    """Answer a question from the store. `given` overrides what the question says.

    Without an embedder, only words are searched. The best utterance comes first, or the newest of the best; without a
    topic the newest always comes first, with score 0. "since November" and "last week" count from `today`, by default
    the day of the machine. Sightings with a lower confidence of the speaker than `min_confidence` are left out.
    `certain` keeps what was said in the days of the question, and leaves out what only may have been. Pages count from
    1; without a limit, all utterances are on page 1. Raises OutletUnknown if the store has no such outlet as the given
    one.
    """
    understood = understand(session, question, today=today or date.today(), given=given)
    return answer_question(
        session,
        question,
        understood=understood,
        embedder=embedder,
        newest=newest,
        limit=limit,
        page=page,
        min_confidence=min_confidence,
        certain=certain,
    )


def answer_question(
    session: Session,
    question: str,
    *,
    understood: Understood,
    embedder: Embedder | None,
    newest: bool = False,
    limit: int | None = LIMIT,
    page: int = 1,
    min_confidence: float = 0.0,
    certain: bool = False,
) -> Answer:
    """Return one page, counted from 1, of the utterances that answer a question which is understood already.

    Without a limit, all utterances are on page 1. `certain` leaves out what only may have been said in its days.
    """
    narrowing = Narrowing(
        speakers=understood.speaker_ids,
        since=understood.since,
        until=understood.until,
        published_since=understood.published_since,
        published_until=understood.published_until,
        outlet=understood.outlet,
        min_confidence=min_confidence,
    )
    if understood.about is None:
        days = utterance_days(session, narrowing)
        scores = dict.fromkeys(days, 0.0)
    else:
        scores = score_quotations(session, understood.about, narrowing, embedder)
    certainty = _certainty(session, understood, scores, only_certain=certain)
    if understood.about is None:
        days = {utterance_id: days[utterance_id] for utterance_id in certainty}
        ranked = _newest_first(days)
    else:
        ranked = sorted(certainty, key=lambda utterance_id: (-scores[utterance_id], utterance_id))
        if newest:
            ranked = ranked[:NEWEST_OF]
        days = days_of_utterances(session, ranked)
        if newest:
            ranked = _newest_first(days)
    shown = ranked if limit is None else ranked[(page - 1) * limit : page * limit]
    utterances = {u.id: u for u in only_sure(read_utterances(session, shown), min_confidence)}
    related = related_to(session, list(utterances))
    page_of_answer = tuple(
        RankedUtterance(
            utterances[i],
            scores[i],
            hits=words_that_hit(utterances[i], understood.about),
            related=tuple(related[i]),
            certain=certainty[i],
        )
        for i in shown
        if i in utterances
    )
    return Answer(
        question,
        understood,
        page_of_answer,
        total=len(ranked),
        months=_months(days),
        unsure=_count_unsure(session, understood, narrowing, embedder),
        uncertain=sum(certainty[utterance_id] is False for utterance_id in ranked),
    )


def _certainty(
    session: Session, understood: Understood, utterance_ids: Collection[int], *, only_certain: bool
) -> dict[int, bool | None]:
    """Return the utterances that may have been said in the days of the question, and whether they certainly were.

    The day is that of the whole utterance: where one outlet tells it and another does not, the told one counts. None
    where the question has no days.
    """
    since, until = understood.since, understood.until
    if since is None and until is None:
        return dict.fromkeys(utterance_ids)
    if since is not None and until is not None and since > until:
        return {}
    window = SaidOn(since, until, DateBasis.UNKNOWN)
    said_of = said_of_utterances(session, list(utterance_ids))
    certainty = {each: said.lies_in(window) for each, said in said_of.items() if said.may_be(window)}
    return {each: is_certain for each, is_certain in certainty.items() if is_certain or not only_certain}


def _count_unsure(session: Session, understood: Understood, narrowing: Narrowing, embedder: Embedder | None) -> int:
    if not understood.speaker_ids:
        return 0
    names = [name for speaker in read_speakers(session, understood.speaker_ids) for name in speaker.names]
    unsure = replace(narrowing, speakers=None, unsure_of=names)
    utterances = utterance_days(session, unsure)
    if not utterances or understood.about is None:
        return len(utterances)
    return len(score_quotations(session, understood.about, unsure, embedder))


def only_sure(utterances: Iterable[Utterance], min_confidence: float) -> Iterator[Utterance]:
    """Yield the utterances without sightings of a lower confidence; an utterance left with none is left out.

    A confidence is the calibrated probability that the name of the speaker is the right one.
    """
    for utterance in utterances:
        kept = tuple(s for s in utterance.sightings if s.speaker_confidence >= min_confidence)
        if kept:
            yield replace(utterance, sightings=kept)


def _newest_first(days: Mapping[int, date | None]) -> list[int]:
    return sorted(days, key=lambda utterance_id: (days[utterance_id] or date.min, utterance_id), reverse=True)


def _months(days: Mapping[int, date | None]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(f"{day:%Y-%m}" for day in days.values() if day).items()))
