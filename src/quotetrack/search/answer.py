"""What did X say about Y? A question, the quotations that answer it, and how it was understood.

The speaker, the days and the outlet narrow; the topic ranks: by the meaning of the passage (the paragraph before and
the paragraph of the words), by that of the words, and by full text. An utterance ranks once, with all its sightings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from html import escape

import numpy as np
from rapidfuzz import fuzz, process

from quotetrack.core.domain import Related, Sighting, Span, Utterance
from quotetrack.core.normalize import normalise, unaccented
from quotetrack.linking.speaker_names import are_compatible, name_words, surname_sound
from quotetrack.models.embedder import Embedder, embed
from quotetrack.search.question import Window, read_question
from quotetrack.store import Session
from quotetrack.store.search import (
    Hit,
    Narrowing,
    candidates,
    days_of_utterances,
    full_text,
    full_text_among,
    hits,
    outlet_names,
    speakers_around,
    utterance_days,
)
from quotetrack.store.sightings import read_utterances, related_to
from quotetrack.store.speakers import Named, SpeakerOnFile, find_names, read_speakers
from quotetrack.store.vectors import Cosines, cosines

POOL = 500  # sightings that full text gives: a wire report may fill a hundred places with one utterance
# Fitted on fifteen judged questions (docs/quality.md, Questions): the cosine of the passage counts 1.
WORDS_WEIGHT = 0.15  # of the cosine of the words
SAID_BONUS = 0.15  # for words that hold the topic as it was asked for: less lets a paragraph or a title win over them
NEARBY = 1_500  # characters within which another quotation shares the theme of its article
NEARBY_WEIGHT = 0.2  # of the meaning of the best of those
ALONE = 0.8  # share of its own meaning that a quotation gains where no other is near
FULL_TEXT_WEIGHT = 0.1  # of the BM25 score, as a share of the best hit's
SHORT_PENALTY = 0.5  # for a scrap of a sentence: of 1,566 of up to three words, no reader took one for an answer
SHORTEST = 5  # words that are no scrap
MOST_SCANNED = 20_000  # sightings of whose vectors each is read: half a second; beyond, full text proposes
LEAST_COSINE = 0.25  # of a topic to words or passage; texts about different things have less with MiniLM
LEAST_LIKENESS = 60  # of 100, from which a name on file may be the one that was meant
NEAR_NAMES = 5
MOST_CANDIDATES = 5  # names told where one is ambiguous
LIMIT = 10
NEWEST_OF = 50  # the best utterances, of which "newest first" is an order: what comes after is hardly about the topic


class OutletUnknown(Exception):
    """No outlet on file is called so; the message has the near ones."""


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was read. `speaker_ids` are those that answer; None if it asks for nobody in particular.

    `speaker` without any `speaker_ids` is nobody on file, and `near_names` are those who may be meant. Of several who
    are called so, the one most quoted is taken; `candidates` are all of them with their number of quotations.
    `called` is how the question called a speaker whom only passages around those words gave away.
    """

    speaker: str | None
    about: str | None
    since: date | None = None
    until: date | None = None
    outlet: str | None = None
    published_since: date | None = None
    published_until: date | None = None
    speaker_ids: tuple[int, ...] | None = None
    candidates: tuple[tuple[str, int], ...] = ()
    near_names: tuple[str, ...] = ()
    called: str | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether the question names a speaker who is not on file."""
        return self.speaker_ids == ()


@dataclass(frozen=True, slots=True)
class Given:
    """What a user says beside the question; it counts before what the question says. None says nothing."""

    speaker: str | None = None
    about: str | None = None
    since: date | None = None
    until: date | None = None
    outlet: str | None = None
    published_since: date | None = None
    published_until: date | None = None


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class Found:
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
    utterances: tuple[Found, ...]
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
        told = "".join(_html(found, self.understood.about or "") for found in self.utterances)
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
    return answer(
        session,
        question,
        understood,
        embedder=embedder,
        newest=newest,
        limit=limit,
        page=page,
        min_confidence=min_confidence,
    )


def understand(session: Session, question: str, today: date, given: Given = NOTHING_GIVEN) -> Understood:
    """Read a question: the speaker by the names on file, the outlet and the days, and the topic, which is what is left.

    Raises OutletUnknown for a given outlet that is not on file.
    """
    outlets = _outlets(session)
    holding = _names_holding(session)
    asked = read_question(question, today, lambda name: bool(_named(name, holding)), outlets)
    who = _who(session, given.speaker or asked.speaker, holding)
    window = Window(given.since or asked.window.since, given.until or asked.window.until)
    return replace(
        who,
        about=given.about or asked.about,
        since=window.since,
        until=window.until,
        outlet=_outlet(given.outlet, outlets) or asked.outlet,
        published_since=given.published_since,
        published_until=given.published_until,
    )


def answer(
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
        scores = _best_first(_scores(session, understood.about, narrowing, embedder))
        if newest:
            scores = dict(list(scores.items())[:NEWEST_OF])
        days = days_of_utterances(session, list(scores))
        if newest:
            scores = {utterance_id: scores[utterance_id] for utterance_id in _newest(days)}
    shown = list(scores)[(page - 1) * limit : page * limit]
    read = {u.id: u for u in only_sure(read_utterances(session, shown), min_confidence)}
    related = related_to(session, list(read))
    found = (Found(read[i], scores[i], _hits(read[i], understood.about), tuple(related[i])) for i in shown if i in read)
    return Answer(question, understood, tuple(found), len(scores), _months(days))


def only_sure(utterances: Iterable[Utterance], min_confidence: float) -> Iterator[Utterance]:
    """Utterances without the sightings whose attribution is less sure; one that is left with none is left out.

    A confidence is the calibrated probability that the mention of the speaker is the right one.
    """
    for utterance in utterances:
        kept = tuple(s for s in utterance.sightings if s.confidence >= min_confidence)
        if kept:
            yield replace(utterance, sightings=kept)


def understood_text(understood: Understood) -> str:
    """How a question was read, in one line: "speaker: Orla Venn · about: the ferry · since 1 Nov 2030"."""
    called = f" (as “{understood.called}”)" if understood.called else ""
    told = (
        f"speaker: {understood.speaker or 'anybody'}{called}",
        f"about: {understood.about or 'anything'}",
        f"since {_day(understood.since)}" if understood.since else "",
        f"until {_day(understood.until)}" if understood.until else "",
        f"in: {understood.outlet}" if understood.outlet else "",
        f"published since {_day(understood.published_since)}" if understood.published_since else "",
        f"published until {_day(understood.published_until)}" if understood.published_until else "",
    )
    return " · ".join(filter(None, told))


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


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


# Ranking


def _scores(session: Session, topic: str, narrowing: Narrowing, embedder: Embedder | None) -> dict[int, float]:
    """The score of each utterance that has to do with the topic: that of its best sighting.

    Among more than `MOST_SCANNED` sightings meaning ranks only what full text found.
    """
    words = content_words(topic)
    ids = candidates(session, narrowing, limit=MOST_SCANNED + 1)
    if len(ids) <= MOST_SCANNED:
        by_text = dict(full_text_among(session, words, ids, limit=POOL))
    else:
        by_text, ids = dict(full_text(session, words, narrowing, limit=POOL)), []
    best_hit = max(by_text.values(), default=1.0)
    scores = {quotation_id: FULL_TEXT_WEIGHT * score / best_hit for quotation_id, score in by_text.items()}
    meanings = {}
    if embedder is not None:
        (vector,) = embed([topic], embedder)
        meanings = _meanings(cosines(session, vector, embedder.name, ids or sorted(by_text)), by_text)
    found = hits(session, sorted(scores.keys() | meanings.keys()))
    near = _nearby(found, meanings)
    of_utterances: dict[int, float] = {}
    asked = normalise(topic)
    longest = max(asked.split(), key=len, default="")  # looked for first: it is quicker than to normalise all words
    for quotation_id, hit in found.items():
        score = scores.get(quotation_id, 0.0) + meanings.get(quotation_id, 0.0) + near.get(quotation_id, 0.0)
        score -= SHORT_PENALTY if len(hit.words.split()) < SHORTEST else 0.0
        is_said = longest in unaccented(hit.words) and asked in normalise(hit.words)
        score += SAID_BONUS if is_said else 0.0
        of_utterances[hit.utterance_id] = max(score, of_utterances.get(hit.utterance_id, score))
    return of_utterances


def _nearby(found: Mapping[int, Hit], meanings: Mapping[int, float]) -> dict[int, float]:
    """What each sighting gains by the best of those that stand near it in its article, on one theme with it."""
    by_version: dict[int, list[int]] = {}
    for quotation_id in meanings.keys() & found.keys():
        by_version.setdefault(found[quotation_id].version_id, []).append(quotation_id)
    gains = {}
    for together in by_version.values():
        for one in together:
            others = [
                meanings[other]
                for other in together
                if other != one and abs(found[other].start - found[one].start) < NEARBY
            ]
            gains[one] = NEARBY_WEIGHT * max(others, default=ALONE * meanings[one])
    return gains


def _meanings(found: Cosines, also: Iterable[int]) -> dict[int, float]:
    """The weighed cosines of the topic to passage and words: of those nearest by either, and of `also`."""
    pool = set(also)
    for near in (found.passage, found.words):
        best = np.lexsort((found.ids, -near))[:POOL]
        pool.update(found.ids[best[near[best] >= LEAST_COSINE]].tolist())
    meanings = dict(zip(found.ids.tolist(), (found.passage + WORDS_WEIGHT * found.words).tolist(), strict=True))
    return {i: meanings.get(i, 0.0) for i in pool}


def _best_first(scores: Mapping[int, float]) -> dict[int, float]:
    return dict(sorted(scores.items(), key=lambda one: (-one[1], one[0])))


def _newest(days: Mapping[int, date | None]) -> list[int]:
    return sorted(days, key=lambda utterance_id: (days[utterance_id] or date.min, utterance_id), reverse=True)


def _months(days: Mapping[int, date | None]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(f"{day:%Y-%m}" for day in days.values() if day).items()))


# In a topic these find every paragraph; a topic of nothing else is searched for as it is.
_FUNCTION_WORDS_LISTED = """
    a about after all an and any are as at be because been before being but by can could did do does for from had
    has have he her him his how i if in into is it its may me might more most my no not of on or our over s said say
    she should so some such than that the their them then there these they this those to under up us was we were what
    when where which while who whom why will with would you your
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_LISTED.split())


def content_words(topic: str) -> str:
    """The words of a topic that can tell one paragraph from another."""
    words = re.findall(r"\w+", topic)
    return " ".join(word for word in words if word.casefold() not in _FUNCTION_WORDS) or topic


# Where it hit

_WORD = re.compile(r"\w+")
_ENDINGS = ("ations", "ation", "ings", "ing", "ions", "ion", "ies", "ied", "ers", "er", "ed", "es", "s", "y", "e")
_SHORTEST_STEM = 3


def matches(topic: str, text: str) -> list[Span]:
    """Where a text has words of the topic, whatever their endings, in order."""
    wanted = {_stem(word) for word in _WORD.findall(content_words(topic))}
    return [Span(*found.span()) for found in _WORD.finditer(text) if _stem(found[0]) in wanted]


def _stem(word: str) -> str:
    """A word without its ending, roughly as the full-text index takes it off: only to show what hit."""
    bare = normalise(word)
    ending = next((e for e in _ENDINGS if bare.endswith(e) and len(bare) - len(e) >= _SHORTEST_STEM), "")
    return bare.removesuffix(ending)


def _hits(utterance: Utterance, topic: str | None) -> tuple[str, ...]:
    if topic is None:
        return ()
    texts = {
        "words": " ".join(utterance.variants),
        "passage": " ".join(f"{s.context_before} {s.context_after}" for s in utterance.sightings),
        "title": " ".join(s.title or "" for s in utterance.sightings),
    }
    return tuple(field for field, text in texts.items() if matches(topic, text)) or ("meaning",)


# Who

# Of "a spokesman for the mayor" and "director of the zoo": somebody else than the name at their end.
_OF_SOMEBODY = frozenset({"for", "of", "to", "at", "from"})

_Words = tuple[str, ...]
_NamesHolding = Callable[[str], list[Named]]


def speakers_called(session: Session, asked: str) -> list[SpeakerOnFile]:
    """The speakers on file whom a name may mean, the likeliest first: that is the one most quoted."""
    return _speakers_of(session, _named(asked, _names_holding(session)))


def _speakers_of(session: Session, named: Iterable[Named]) -> list[SpeakerOnFile]:
    return read_speakers(session, sorted({each.speaker_id for each in named}))


def near_names(session: Session, asked: str) -> tuple[str, ...]:
    """Names on file that are spelled nearly so, nearest first."""
    names = sorted({named.name for named in find_names(session, "")})
    hits = process.extract(
        asked, names, scorer=fuzz.WRatio, processor=normalise, limit=NEAR_NAMES, score_cutoff=LEAST_LIKENESS
    )
    return tuple(name for name, _, _ in hits)


def _names_holding(session: Session) -> _NamesHolding:
    """The names on file that hold given words, looked for once: is this a name, whose, and who else has it."""
    return cache(partial(find_names, session))


def _who(session: Session, asked: str | None, holding: _NamesHolding) -> Understood:
    """The speaker part of how a question is understood."""
    if asked is None:
        return Understood(None, None)
    called = _speakers_of(session, _named(asked, holding))
    if called:
        likeliest = called[0]
        others = tuple((speaker.name, speaker.quotations) for speaker in called[:MOST_CANDIDATES])
        return Understood(
            likeliest.name,
            None,
            speaker_ids=(*likeliest.ids, *_bare_surname(session, likeliest, holding)),
            candidates=others if len(called) > 1 else (),
        )
    described = _described(session, asked)
    if described is not None:
        return Understood(described.name, None, speaker_ids=described.ids, called=asked)
    return Understood(asked, None, speaker_ids=(), near_names=near_names(session, asked))


def _named(asked: str, holding: _NamesHolding) -> list[Named]:
    """The names on file that a name may mean: the very same, else who is called so, else whose description has it."""
    wanted = name_words(asked)
    if not wanted:
        return []
    with_last_word = holding(wanted[-1]) or _spelled_otherwise(asked, holding)
    same = [named for named in with_last_word if _words(named) == wanted]
    if same and len(wanted) > 1:
        return same
    called = [named for named in with_last_word if _is_called(named, wanted) or are_compatible(named.name, asked)]
    people = [named for named in called if len(_words(named)) > 1]
    return people or called or [named for named in with_last_word if _holds(_words(named), wanted)]


def _spelled_otherwise(asked: str, holding: _NamesHolding) -> list[Named]:
    """Names whose surname sounds as the asked one does: nobody on file has it in these letters."""
    sound = surname_sound(asked)
    alike = [named for named in holding("") if surname_sound(named.name) == sound]
    if len(name_words(asked)) == 1:
        return [replace(named, key=" ".join((*_words(named)[:-1], *name_words(asked)))) for named in alike]
    return alike


def _bare_surname(session: Session, speaker: SpeakerOnFile, holding: _NamesHolding) -> tuple[int, ...]:
    """The speaker who goes by nothing but this one's surname, where this one is the most quoted of all who bear it."""
    surname = name_words(speaker.name)[-1]
    bearers = [named for named in holding(surname) if _is_called(named, (surname,))]
    people = sorted({named.speaker_id for named in bearers if len(_words(named)) > 1})
    if not people or (people != [speaker.id] and read_speakers(session, people)[0].id != speaker.id):
        return ()
    return tuple({n.speaker_id for n in bearers if len(_words(n)) == 1} - {*speaker.ids})


def _described(session: Session, asked: str) -> SpeakerOnFile | None:
    """Who is quoted around the words of an office ("the harbour master"); None for what may be a name."""
    if asked.split()[0].casefold() != "the":
        return None
    around = speakers_around(session, asked, limit=1)
    return read_speakers(session, [around[0][0]])[0] if around else None


def _words(named: Named) -> _Words:
    return tuple(named.key.split())


def _is_called(named: Named, wanted: _Words) -> bool:
    """Whether the name ends so and is nobody's spokesman."""
    words = _words(named)
    return _OF_SOMEBODY.isdisjoint(words) and words[-len(wanted) :] == wanted


def _holds(words: _Words, wanted: _Words) -> bool:
    width = len(wanted)
    return any(words[i : i + width] == wanted for i in range(len(words) - width + 1))


# Where


def _outlets(session: Session) -> dict[str, str]:
    """The slug of each outlet on file by its slug and by its name, in normalised words."""
    slugs: dict[str, str] = {}
    for slug, name in outlet_names(session):
        for called in filter(None, (slug, name, (name or "").removeprefix("The "))):
            slugs[normalise(called)] = slug
    return slugs


def _outlet(given: str | None, outlets: Mapping[str, str]) -> str | None:
    if given is None:
        return None
    slug = outlets.get(normalise(given))
    if slug is None:
        near = [name for name, _, _ in process.extract(normalise(given), list(outlets), limit=NEAR_NAMES)]
        raise OutletUnknown(f"no outlet on file is called {given!r}; near ones: {', '.join(near) or 'none'}")
    return slug


# In a notebook


def _html(found: Found, topic: str) -> str:
    utterance = found.utterance
    carriers = "".join(f"<li>{_carrier_html(sighting)}</li>" for sighting in utterance.sightings)
    speaker = escape(utterance.speaker or "nobody named")
    said = f"{utterance.said.first or '…'} to {utterance.said.last or '…'}"
    if utterance.said.is_a_day():
        said = str(utterance.said.first)
    words = _marked_html(topic, utterance.words)
    return f"<blockquote>“{words}”<br>— <b>{speaker}</b>, {said}<ul>{carriers}</ul></blockquote>"


def _marked_html(topic: str, words: str) -> str:
    marked, last = [], 0
    for span in matches(topic, words) if topic else []:
        marked += [escape(words[last : span.start]), f"<mark>{escape(span.of(words))}</mark>"]
        last = span.end
    return "".join(marked) + escape(words[last:])


def _carrier_html(sighting: Sighting) -> str:
    told = escape(f"{sighting.outlet or 'unknown'}, {sighting.published_on or 'undated'}: {sighting.title or ''}")
    is_web = (sighting.url or "").startswith(("http://", "https://"))
    return f'<a href="{escape(sighting.url or "")}">{told}</a>' if is_web else told
