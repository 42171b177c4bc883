"""Answer a question: the utterances that match it in the order of its form, a yes or no, or a table.

Speaker, days and outlet narrow the search. The topic ranks: by the meaning of the passage (the paragraph of the words
and the one before), by the meaning of the words, and by full text. What mentions the topic stands before what is only
near it, and words in quotation marks before both. An utterance ranks once, with all its sightings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from quotetrack.core.domain import DateBasis, MatchedCheck, Related, ReportedWords, SaidOn, Utterance
from quotetrack.lang.en.question_forms import CLAUSE
from quotetrack.models.embedder import Embedder
from quotetrack.search.forms import Form
from quotetrack.search.highlight import words_that_hit
from quotetrack.search.question import Window
from quotetrack.search.quote_lookup import find_quotations_like, have_same_negations
from quotetrack.search.ranking import LEAST_NEAR, mentioning, score_quotations
from quotetrack.search.reported import FoundReported, find_reported
from quotetrack.search.understanding import NOTHING_GIVEN, Given, Understood, members_of_group, understand
from quotetrack.store import Session
from quotetrack.store.check_matches import checks_of_utterances
from quotetrack.store.related import related_to
from quotetrack.store.search import (
    Counted,
    Narrowing,
    days_of_utterances,
    lengths_of,
    most_quoted,
    outlets_of,
    said_of_utterances,
    utterance_days,
    utterances_in,
    utterances_of_speakers,
)
from quotetrack.store.speakers import StoredSpeaker, read_speakers
from quotetrack.store.utterances import read_utterances

if TYPE_CHECKING:
    from quotetrack.core.rows import Cell, LinkOf

LIMIT = 10
SOME_REPORTED = 3  # reported statements below the quotations of a page
SHORTEST_CLAUSE = 4  # words of a topic that may say something ("the barrier will hold") and not only name it
NEWEST_OF = 50  # best utterances that "newest first" orders; those after them are hardly about the topic
MOST_ROWS = 20  # of a table of speakers
MOST_MATCHES = 20  # utterances with remembered words
FEWEST_REMEMBERED = 3  # words without marks that may be somebody's words; fewer are a topic
LEAST_ALIKE_ASKED = 0.75  # from which words that are asked for without marks count as said
LEAST_ALIKE_QUOTED = 0.85  # the same for words in quotation marks
ABOVE_TOPICS = 10.0  # what words that were found add to the score
MOST_LIKENED, LONGEST_LIKENED = (
    3,
    1_000,
)  # utterances, and characters, of a speaker to which those of others are likened
MOST_SIMILAR = 20  # utterances of others
OF_WORDS = frozenset({Form.WHO_SAID, Form.EVER_SAID})  # their topic may be somebody's words
SAID_THEMSELVES = frozenset({Form.EVER_SAID, Form.COUNT, Form.OLDEST})  # in their own words, not in those around them
BY_DAY_OR_LENGTH = frozenset({Form.NEWEST, Form.OLDEST, Form.LONGEST, Form.CHANGES})


@dataclass(frozen=True, slots=True)
class RankedUtterance:
    """One utterance of an answer, and its score: higher is better, comparable within one answer only.

    `hits` say where words of the topic stand: `words`, `passage`, `title`, or `meaning` if they stand in none of these.
    `mentions` says whether it mentions the topic, or has the words that are asked for; others are only near it.
    `related` are statements in which the same speaker makes the point elsewhere. `certain` says of the days of the
    question whether it was said in them, each possible day among them, or only may have been; None without such days.
    `checks` are fact-checks of the claim that it makes, the likeliest first.
    """

    utterance: Utterance
    score: float
    hits: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    certain: bool | None = None
    mentions: bool = True
    checks: tuple[MatchedCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of the utterances that answer a question, and how it was understood.

    `total` counts the utterances of all pages; `months` counts them by the month of their last possible day, the oldest
    month first. `unsure` counts others that would answer if the asked speaker said them: it is one of the alternatives,
    and no name is sure enough. `uncertain` counts those of all pages that only may have been said in the days of the
    question. `mentions` counts those of all pages that mention the topic, from the first to the last of `days`. `table`
    has the speakers of "who is quoted most" and "who spoke about", or the outlets of "which outlets carried". `ranked`
    are the ids of the utterances of all pages, in order. `reported` are reported statements that answer as well, the
    best first, of `reported_total`; both are empty where they were not asked for. `reported_cut_at` is the number of
    them that were read, where more may answer; else None.
    """

    question: str
    understood: Understood
    utterances: tuple[RankedUtterance, ...]
    total: int
    months: tuple[tuple[str, int], ...] = ()
    unsure: int = 0
    uncertain: int = 0
    mentions: int = 0
    table: tuple[Counted, ...] = ()
    days: tuple[date, date] | None = None
    ranked: tuple[int, ...] = ()
    reported: tuple[ReportedWords, ...] = ()
    reported_total: int = 0
    reported_cut_at: int | None = None

    @property
    def is_yes(self) -> bool | None:
        """Return whether a speaker said what is asked ("did X mention Y?").

        None for another question, and where a "not" stands in the question or in the words alone.
        """
        if self.understood.form is not Form.EVER_SAID or self.is_reversed:
            return None
        return bool(self.mentions)

    @property
    def is_reversed(self) -> bool:
        """Return whether all words of this page that mention a clause differ from it by a "not"."""
        asked = self.understood.about or ""
        said = [ranked.utterance.words for ranked in self.utterances if ranked.mentions]
        is_clause = len(asked.split()) >= SHORTEST_CLAUSE
        return is_clause and bool(said) and not any(have_same_negations(asked, words) for words in said)

    @property
    def near(self) -> int:
        """Return the number of utterances of all pages that are near the topic and do not mention it."""
        return self.total - self.mentions

    @property
    def checks(self) -> dict[int, Sequence[MatchedCheck]]:
        """Return the fact-checks of the utterances of this page, by the id of the utterance."""
        return {ranked.utterance.id: ranked.checks for ranked in self.utterances}

    def rows(self, *, link_of: LinkOf | None = None) -> list[dict[str, Cell]]:
        """Return one row for each sighting, in the order of the answer: `pandas.DataFrame(answer.rows())`.

        A row has `rank`, `score`, `certain` and the columns of the CSV. `link_of` fills those of the link, as in
        `write_csv`.
        """
        from quotetrack.core.rows import rows_of

        return [
            {"rank": rank, "score": ranked.score, "certain": ranked.certain, **row.flat()}
            for rank, ranked in enumerate(self.utterances, start=1)
            for row in rows_of(ranked.utterance, link_of, ranked.checks)
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
    reported: int | None = SOME_REPORTED,
) -> Answer:
    """Answer a question from the store. `given` overrides what the question says.

    Without an embedder, only words are searched. The best utterance comes first, or the newest of the best; without a
    topic the newest always comes first, with score 0. "since November" and "last week" count from `today`, by default
    the day of the machine. Sightings with a lower confidence of the speaker than `min_confidence` are left out.
    `certain` keeps what was said in the days of the question, and leaves out what only may have been. Pages count from
    1; without a limit, all utterances are on page 1. `reported` is that of `answer_question`. Raises OutletUnknown if
    the store has no such outlet as the given one.
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
        reported=reported,
    )


def newest_of_speaker(session: Session, speaker: StoredSpeaker, *, limit: int) -> Answer:
    """Return the newest utterances of a speaker as an answer, by the ids: no name is understood, nothing is ranked.

    It has the newest reported statements, and neither related statements nor fact-checks.
    """
    understood = Understood(
        speaker.name, None, speaker_ids=speaker.ids, speakers=(speaker.name,), ids_by_speaker=(speaker.ids,)
    )
    narrowing = Narrowing(speakers=speaker.ids)
    days = utterance_days(session, narrowing)
    told = find_reported(session, None, narrowing, None)
    ranked = _newest_first(days)
    utterances = {utterance.id: utterance for utterance in read_utterances(session, ranked[:limit])}
    shown = tuple(RankedUtterance(utterances[i], 0.0) for i in ranked[:limit] if i in utterances)
    return Answer(
        "",
        understood,
        shown,
        total=len(ranked),
        months=_months(days),
        ranked=tuple(ranked),
        reported=tuple(told.words[:SOME_REPORTED]),
        reported_total=len(told.words),
        reported_cut_at=told.cut_at,
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
    reported: int | None = SOME_REPORTED,
) -> Answer:
    """Return one page, counted from 1, of the utterances that answer a question which is understood already.

    Without a limit, all utterances are on page 1. `certain` leaves out what only may have been said in its days.
    `reported` is the number of reported statements beside them on a page: for None all are on each, and for 0 none is
    looked for.
    """
    narrowing = narrowing_of(session, understood, min_confidence)
    search = _Search(session, understood, narrowing, embedder, only_certain=certain)
    if understood.form is Form.MOST_QUOTED:
        return Answer(question, understood, (), total=0, table=_most_quoted(search))
    found = _like_those_of_speaker(search) if understood.form is Form.SIMILAR else _found(search)
    certainty = certainty_of(session, understood, found.scores, only_certain=certain)
    days_found = days_of_utterances(session, list(certainty))
    ranked = _in_order(search, found, certainty, days_found, newest=newest)
    days = {utterance_id: days_found[utterance_id] for utterance_id in ranked}
    shown = ranked if limit is None else ranked[(page - 1) * limit : page * limit]
    if understood.form is Form.COMPARE and limit is not None:
        shown = _of_each_speaker(search, ranked, limit, page)
    utterances = {u.id: u for u in only_sure(read_utterances(session, shown), min_confidence)}
    related = related_to(session, list(utterances))
    checks = checks_of_utterances(session, list(utterances))
    page_of_answer = tuple(
        RankedUtterance(
            utterances[i],
            found.scores[i],
            hits=_hits(utterances[i], understood.about, is_mention=i in found.mentions),
            related=tuple(related[i]),
            certain=certainty[i],
            mentions=i in found.mentions,
            checks=tuple(checks[i]),
        )
        for i in shown
        if i in utterances
    )
    mentions = sum(utterance_id in found.mentions for utterance_id in ranked)
    told = FoundReported() if reported == 0 or understood.form is Form.SIMILAR else _reported(search)
    return Answer(
        question,
        understood,
        page_of_answer,
        total=len(ranked),
        months=_months(days),
        unsure=_count_unsure(session, understood, narrowing, embedder),
        uncertain=sum(certainty[utterance_id] is False for utterance_id in ranked),
        mentions=mentions,
        table=_table(search, ranked, found.mentions),
        days=_first_and_last(days[i] for i in ranked if i in found.mentions),
        ranked=tuple(ranked),
        reported=tuple(told.words if reported is None else told.words[(page - 1) * reported : page * reported]),
        reported_total=len(told.words),
        reported_cut_at=told.cut_at,
    )


def narrowing_of(session: Session, understood: Understood, min_confidence: float) -> Narrowing:
    """Return the conditions that a question sets, other than its topic."""
    return Narrowing(
        speakers=_speaker_ids(session, understood),
        since=understood.since,
        until=understood.until,
        published_since=understood.published_since,
        published_until=understood.published_until,
        outlet=understood.outlet,
        min_confidence=min_confidence,
    )


def _speaker_ids(session: Session, understood: Understood) -> Sequence[int] | None:
    """Return the ids of the speakers whose quotations answer: of a group, of those whom articles count among it."""
    if understood.form is not Form.GROUP or understood.called is None:
        return understood.speaker_ids
    members = members_of_group(session, understood.called, Window(understood.since, understood.until))
    return [i for speaker in members for i in speaker.ids]


@dataclass(frozen=True, slots=True)
class _Search:
    """What is searched for, and where."""

    session: Session
    understood: Understood
    narrowing: Narrowing
    embedder: Embedder | None
    only_certain: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """The score of each utterance that was found, and those that mention the topic or have the words asked for."""

    scores: Mapping[int, float]
    mentions: Set[int]


def _reported(search: _Search) -> FoundReported:
    """Return the reported statements that answer, the best first."""
    understood, topic = search.understood, search.understood.about or search.understood.quoted
    if understood.since and understood.until and understood.since > understood.until:
        return FoundReported()
    found = find_reported(search.session, topic, search.narrowing, search.embedder)
    if not search.only_certain:
        return found
    window = SaidOn(understood.since, understood.until, DateBasis.UNKNOWN)
    return FoundReported([each for each in found.words if each.best.said.lies_in(window)], found.cut_at)


def _found(search: _Search) -> _Found:
    """Find utterances with the words that are asked for, then by the topic; without either all of the narrowing."""
    about, quoted = search.understood.about, search.understood.quoted
    remembered = quoted or (about if search.understood.form in OF_WORDS else None)
    by_words = _with_words(search, remembered) if remembered else {}
    topic = about or quoted
    if topic is None:
        every = dict.fromkeys(utterances_in(search.session, search.narrowing), 0.0)
        return _Found(every, every.keys())
    if search.narrowing.speakers is not None and not search.narrowing.speakers:
        return _Found({}, frozenset())
    if by_words or (quoted is not None and search.understood.form not in OF_WORDS):
        return _Found(by_words, by_words.keys())  # which outlets carried the words, not others near them
    scores = score_quotations(search.session, topic, search.narrowing, search.embedder)
    is_said = search.understood.form in SAID_THEMSELVES
    mentions: Set[int] = frozenset()
    if quoted is None and not (remembered and CLAUSE.search(remembered)):  # else nobody said so: all others are near
        mentions = mentioning(search.session, topic, scores, in_words=is_said)
    return _Found({i: score for i, score in scores.items() if i in mentions or score >= LEAST_NEAR}, mentions)


def _with_words(search: _Search, remembered: str) -> dict[int, float]:
    """Return the utterances that have remembered words, or nearly; the nearest scores highest, and above any topic."""
    if len(remembered.split()) < FEWEST_REMEMBERED and search.understood.quoted is None:
        return {}
    narrowing = search.narrowing
    if narrowing.speakers is not None and not narrowing.speakers:
        return {}
    matches = find_quotations_like(search.session, remembered, narrowing, limit=MOST_MATCHES)
    least = LEAST_ALIKE_ASKED if search.understood.quoted is None else LEAST_ALIKE_QUOTED
    return {
        match.utterance.id: ABOVE_TOPICS + match.alike
        for match in matches
        if match.alike >= least and have_same_negations(remembered, match.sighting.words)
    }


def _like_those_of_speaker(search: _Search) -> _Found:
    """Find what others said nearest to what a speaker said about the topic, or said last. Agreement is not judged."""
    own = _found(search)
    if not own.scores:
        return own
    days = days_of_utterances(search.session, list(own.scores))
    best = sorted(
        own.scores, key=lambda i: (i not in own.mentions, -own.scores[i], -(days[i] or date.min).toordinal(), i)
    )
    words = " ".join(utterance.words for utterance in read_utterances(search.session, best[:MOST_LIKENED]))
    others = replace(search.narrowing, speakers=None, without_speakers=search.narrowing.speakers or ())
    scores = score_quotations(search.session, words[:LONGEST_LIKENED], others, search.embedder)
    topic = search.understood.about
    mentions = mentioning(search.session, topic, scores) if topic else set()
    if topic:
        scores = {each: score for each, score in scores.items() if each in mentions}
    kept = sorted(scores, key=lambda i: (-scores[i], i))[:MOST_SIMILAR]
    return _Found({i: scores[i] for i in kept}, mentions)


def _in_order(
    search: _Search,
    found: _Found,
    certainty: Mapping[int, bool | None],
    days: Mapping[int, date | None],
    *,
    newest: bool,
) -> list[int]:
    """Return the utterances as their form wants them: what mentions the topic before what is only near it."""
    form = search.understood.form
    has_topic = search.understood.about is not None or search.understood.quoted is not None
    best = sorted(certainty, key=lambda i: (i not in found.mentions, -found.scores[i], i))
    if not has_topic and form not in (Form.OLDEST, Form.LONGEST, Form.CHANGES):
        return _newest_first({i: days[i] for i in best})
    if form in BY_DAY_OR_LENGTH or newest:
        mentioned = [i for i in best if i in found.mentions]
        best = mentioned if mentioned and form in BY_DAY_OR_LENGTH else best[:NEWEST_OF]
    if form is Form.LONGEST:
        lengths = lengths_of(search.session, best)
        return sorted(best, key=lambda i: (-lengths.get(i, 0), i))
    if newest or form is Form.NEWEST:
        return _newest_first({i: days[i] for i in best})
    if form in (Form.OLDEST, Form.CHANGES):
        return _oldest_first({i: days[i] for i in best})
    return best


def _hits(utterance: Utterance, topic: str | None, *, is_mention: bool) -> tuple[str, ...]:
    """Return in which fields the words of the topic stand; in the passage, if only the paragraph before has them."""
    hits = words_that_hit(utterance, topic)
    return ("passage",) if is_mention and hits == ("meaning",) else hits


def _of_each_speaker(search: _Search, ranked: Sequence[int], limit: int, page: int) -> list[int]:
    """Return the page of each speaker who is compared, one speaker after the other."""
    shown: list[int] = []
    for ids in search.understood.ids_by_speaker:
        own = utterances_of_speakers(search.session, ids, ranked)
        shown += [i for i in ranked if i in own and i not in shown][(page - 1) * limit : page * limit]
    return shown


# Tables


def _most_quoted(search: _Search) -> tuple[Counted, ...]:
    """Return the people who are quoted most: of what mentions the topic, if there is one."""
    if search.understood.about is None:
        return tuple(most_quoted(search.session, search.narrowing, limit=MOST_ROWS))
    found = _found(search)
    certainty = certainty_of(search.session, search.understood, found.mentions, only_certain=search.only_certain)
    return tuple(most_quoted(search.session, search.narrowing, certainty, limit=MOST_ROWS))


def _table(search: _Search, ranked: Sequence[int], mentions: Set[int]) -> tuple[Counted, ...]:
    mentioned = [utterance_id for utterance_id in ranked if utterance_id in mentions]
    if search.understood.form is Form.OUTLETS_OF:
        return tuple(outlets_of(search.session, mentioned))
    if search.understood.form is Form.WHO_ABOUT:
        return tuple(most_quoted(search.session, search.narrowing, mentioned, limit=MOST_ROWS))
    return ()


def _first_and_last(days: Iterable[date | None]) -> tuple[date, date] | None:
    known = [day for day in days if day is not None]
    return (min(known), max(known)) if known else None


def certainty_of(
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


def _oldest_first(days: Mapping[int, date | None]) -> list[int]:
    return sorted(days, key=lambda utterance_id: (days[utterance_id] or date.max, utterance_id))


def _months(days: Mapping[int, date | None]) -> tuple[tuple[str, int], ...]:
    numbers = Counter((day.year, day.month) for day in days.values() if day)
    return tuple((f"{year:04}-{month:02}", number) for (year, month), number in sorted(numbers.items()))
