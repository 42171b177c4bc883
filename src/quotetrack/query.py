"""What did X say about Y? A question, the quotations that answer it, and how it was understood.

The speaker, the days and the outlet narrow; what is left of the question is the topic, and ranks: by its words in
full text, and by its meaning in the vectors of the words and of the paragraph around them.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rapidfuzz import fuzz, process

from quotetrack.embed import Embedder, embed
from quotetrack.model import Utterance
from quotetrack.store import Session
from quotetrack.store.read import read_sightings, read_utterances, speaker_counts, utterance_ids
from quotetrack.store.search import candidates, full_text
from quotetrack.store.vectors import TextKind, nearest
from quotetrack.text import normalise

POOL = 500  # sightings of each ranking that are fused: a wire report may fill a hundred places with one utterance
FUSION = 60  # added to every rank, as in Cormack, Clarke and Büttcher (2009): no single first place decides
LEAST_COSINE = 0.25  # of a topic to words or paragraph; texts about different things have less with MiniLM
LEAST_LIKENESS = 60  # of 100, from which a name on file may be the one that was meant
NEAR_NAMES = 5
LIMIT = 10


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was read. `names` are the spellings on file that `speaker` stands for; None if nobody is named.

    `speaker` without any `names` is nobody on file, and `near_names` are those who may be meant.
    """

    speaker: str | None
    about: str | None
    since: date | None
    until: date | None
    names: tuple[str, ...] | None = None
    near_names: tuple[str, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Whether the question names a speaker who is not on file."""
        return self.names == ()


@dataclass(frozen=True, slots=True)
class Found:
    """One utterance that answers, and its score: higher is better, comparable within one answer only."""

    utterance: Utterance
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The utterances that answer a question, best first, and how the question was understood."""

    question: str
    understood: Understood
    utterances: tuple[Found, ...]


def ask(
    session: Session,
    question: str,
    *,
    embedder: Embedder | None = None,
    since: date | None = None,
    until: date | None = None,
    outlet: str | None = None,
    limit: int = LIMIT,
    min_confidence: float = 0.0,
) -> Answer:
    """Answer a question from the store. Days given as arguments count before those in the question.

    Without an embedder, by words alone. Where no topic is asked for, the newest words come first, with score 0.
    `min_confidence` leaves out as `only_sure` does, and before the ranking.
    """
    understood = understand(session, question, since=since, until=until)
    return answer(
        session, question, understood, embedder=embedder, outlet=outlet, limit=limit, min_confidence=min_confidence
    )


def understand(session: Session, question: str, *, since: date | None = None, until: date | None = None) -> Understood:
    """Read a question: the speaker by the names on file, the days, and the topic, which is what is left."""
    bare, window = _read_window(question)
    who, about = _read_speaker(bare, _Names(speaker_counts(session)))
    return Understood(
        speaker=who.speaker,
        about=about,
        since=since or window.since,
        until=until or window.until,
        names=who.names,
        near_names=who.near_names,
    )


def answer(
    session: Session,
    question: str,
    understood: Understood,
    *,
    embedder: Embedder | None,
    outlet: str | None = None,
    limit: int = LIMIT,
    min_confidence: float = 0.0,
) -> Answer:
    """The utterances for a question that was understood so."""
    ids = candidates(session, speakers=understood.names, since=understood.since, until=understood.until, outlet=outlet)
    if min_confidence:
        ids = [int(s.id) for s in read_sightings(session, ids=ids) if s.confidence >= min_confidence]
    utterance_of = utterance_ids(session, ids)
    if understood.about is None:
        scores = dict.fromkeys(utterance_of.values(), 0.0)
        read = only_sure(read_utterances(session, list(scores)), min_confidence)
        found = _newest([Found(utterance, 0.0) for utterance in read])[:limit]
        return Answer(question, understood, tuple(found))
    rankings = [_by_words(session, understood, outlet)]
    if embedder is not None and ids:
        rankings += _by_meaning(session, understood.about, embedder, ids)
    scores = _fuse([_ranks(ranking, utterance_of) for ranking in rankings])
    best = sorted(scores, key=lambda utterance_id: (-scores[utterance_id], utterance_id))[:limit]
    read = only_sure(read_utterances(session, best), min_confidence)
    utterances = {utterance.id: utterance for utterance in read}
    return Answer(question, understood, tuple(Found(utterances[i], scores[i]) for i in best if i in utterances))


def only_sure(utterances: Iterable[Utterance], min_confidence: float) -> Iterator[Utterance]:
    """Utterances without the sightings whose attribution is less sure; one that is left with none is left out.

    A confidence is the calibrated probability that the mention of the speaker is the right one.
    """
    for utterance in utterances:
        kept = tuple(s for s in utterance.sightings if s.confidence >= min_confidence)
        if kept:
            yield replace(utterance, sightings=kept)


# Ranking


def _by_words(session: Session, understood: Understood, outlet: str | None) -> list[int]:
    hits = full_text(
        session,
        _content_words(understood.about or ""),
        speakers=understood.names,
        since=understood.since,
        until=understood.until,
        outlet=outlet,
        limit=POOL,
    )
    return [quotation_id for quotation_id, _ in hits]


def _by_meaning(session: Session, topic: str, embedder: Embedder, ids: Sequence[int]) -> list[list[int]]:
    """Two rankings: by the words that were said, and by the paragraph around them."""
    (vector,) = embed([topic], embedder)
    kinds: tuple[TextKind, ...] = ("words", "context")
    hits = [nearest(session, vector, embedder.name, kind, ids, POOL) for kind in kinds]
    return [[quotation_id for quotation_id, cosine in found if cosine >= LEAST_COSINE] for found in hits]


def _ranks(quotation_ids: Iterable[int], utterance_of: dict[int, int]) -> dict[int, int]:
    """The rank of each utterance, from 1: that of its best sighting, with no place taken by the others."""
    ranks: dict[int, int] = {}
    for quotation_id in quotation_ids:
        utterance_id = utterance_of.get(quotation_id)
        if utterance_id is not None:
            ranks.setdefault(utterance_id, len(ranks) + 1)
    return ranks


def _fuse(rankings: Iterable[dict[int, int]]) -> dict[int, float]:
    """Reciprocal rank fusion."""
    scores: defaultdict[int, float] = defaultdict(float)
    for ranks in rankings:
        for utterance_id, rank in ranks.items():
            scores[utterance_id] += 1 / (FUSION + rank)
    return scores


def _newest(found: Iterable[Found]) -> list[Found]:
    def day(one: Found) -> date:
        said, published = one.utterance.said, one.utterance.longest.published_on
        return said.last or published or date.min

    return sorted(found, key=lambda one: (day(one), one.utterance.id), reverse=True)


# In a topic these find every paragraph; a topic of nothing else is searched for as it is.
_FUNCTION_WORDS_LISTED = """
    a about after all an and any are as at be because been before being but by can could did do does for from had
    has have he her him his how i if in into is it its may me might more most my no not of on or our over s said say
    she should so some such than that the their them then there these they this those to under up us was we were what
    when where which while who whom why will with would you your
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_LISTED.split())


def _content_words(topic: str) -> str:
    words = re.findall(r"\w+", topic)
    return " ".join(word for word in words if word.casefold() not in _FUNCTION_WORDS) or topic


# Who is asked about

_SAY = r"(?:say|says|said|saying|tell|told|think|thinks|claim|claims|claimed|promise|promised|comment|commented)"
_ABOUT = r"(?:about|on|regarding|concerning|of)"
_QUOTES = r"(?:quotes?|quotations?|words|statements?|remarks?|comments?)"
_MARKS = r"[\"“”‘’«»„]"
_NOBODY = frozenset({"anybody", "anyone", "people", "they", "everybody", "everyone", "somebody", "someone"})

# Tried in order. Each has the groups `speaker`, `about`, or both; a missing one means that the question asks for none.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"who\s+(?:has\s+)?{_SAY}\s*,?\s*(?P<about>{_MARKS}.+)",
        rf"who\s+(?:has\s+)?(?:talked|spoke|spoken|commented|{_SAY}(?:\s+(?:any|some)thing)?)\s+{_ABOUT}\s+(?P<about>.+)",
        rf"who\s+(?:has\s+)?{_SAY}\s+(?:that\s+)?(?P<about>.+)",
        rf"what\s+(?:was|is|has\s+been|were)\s+{_SAY}\s+{_ABOUT}\s+(?P<about>.+)",
        rf"what\s+(?:did|does|do|has|have|had|is|was)\s+(?P<speaker>.+?)\s+{_SAY}(?:\s+{_ABOUT}\s+(?P<about>.+))?",
        rf"what\s+(?P<speaker>.+?)\s+(?:has\s+|had\s+)?{_SAY}(?:\s+{_ABOUT}\s+(?P<about>.+))?",
        rf"(?:did|has)\s+(?P<speaker>.+?)\s+{_SAY}\s+(?:(?:any|some)thing\s+)?(?:{_ABOUT}\s+|that\s+)?(?P<about>.+)",
        rf"{_QUOTES}\s+(?:by|from|of)\s+(?P<speaker>.+?)(?:\s+{_ABOUT}\s+(?P<about>.+))?",
        rf"{_QUOTES}\s+{_ABOUT}\s+(?P<about>.+)",
    )
)
_LOOSE_FORM = re.compile(rf"(?P<speaker>.+?)\s+{_ABOUT}\s+(?P<about>.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Who:
    """The speaker of a question: as `Understood` tells it. By default it asks for nobody."""

    speaker: str | None = None
    names: tuple[str, ...] | None = None
    near_names: tuple[str, ...] = ()


def _read_speaker(question: str, names: _Names) -> tuple[_Who, str | None]:
    bare = question.strip().rstrip("?!. ")
    form = next((found for form in _FORMS if (found := form.fullmatch(bare))), None)
    if form is not None:
        asked, about = form.groupdict().get("speaker"), _topic(form["about"])
        if asked is None or asked.casefold() in _NOBODY:
            return _Who(), about
        return names.find(asked), about
    loose = _LOOSE_FORM.fullmatch(bare)
    if loose and (who := names.find(loose["speaker"])).names:
        return who, _topic(loose["about"])
    return _led_by_name(bare, names) or (_Who(), _topic(bare))


def _led_by_name(question: str, names: _Names) -> tuple[_Who, str | None] | None:
    """ "Rutte North Korea": the most words at the head that are a name on file."""
    words = question.split()
    for length in range(min(len(words), _LONGEST_NAME), 0, -1):
        who = names.find(" ".join(words[:length]))
        if who.names:
            return who, _topic(" ".join(words[length:]))
    return None


def _topic(text: str | None) -> str | None:
    bare = (text or "").strip(" \t\n\"“”‘’«»„',.;:?!")
    return bare or None


_LONGEST_NAME = 5  # words
_ARTICLES = frozenset({"the", "a", "an"})
# Of "a spokesman for the mayor" and "director of the zoo": somebody else than the name at their end.
_OF_SOMEBODY = frozenset({"for", "of", "to", "at", "from"})

_Tokens = tuple[str, ...]


class _Names:
    """The speakers' names on file, to be found by a surname or any other run of their words."""

    def __init__(self, counted: Sequence[tuple[str, int]]) -> None:
        self._counts = dict(counted)
        self._tokens = {name: _tokens(name) for name, _ in counted}

    def find(self, asked: str) -> _Who:
        """Whom a name means: who is called so, else whose description has it; nobody, and who is near, otherwise."""
        wanted = _tokens(asked)
        called = [name for name, tokens in self._tokens.items() if _is_called(tokens, wanted)]
        named = called or [name for name, tokens in self._tokens.items() if _holds(tokens, wanted)]
        if not named:
            return _Who(asked, (), self._near(asked))
        return _Who(" or ".join(self._people(named)), tuple(named))

    def _people(self, names: Sequence[str]) -> list[str]:
        """One name a person: the most usual of those that end his fullest one, a bare surname last of all."""
        fullest = [name for name in names if not any(self._is_longer(other, name) for other in names)]
        usual = [
            max(
                (name for name in names if _ends(self._tokens[full], self._tokens[name])),
                key=lambda name: (len(self._tokens[name]) > 1, self._counts[name], len(name)),
            )
            for full in fullest
        ]
        return list(dict.fromkeys(usual))

    def _is_longer(self, other: str, name: str) -> bool:
        return len(self._tokens[other]) > len(self._tokens[name]) and _ends(self._tokens[other], self._tokens[name])

    def _near(self, asked: str) -> tuple[str, ...]:
        hits = process.extract(
            asked,
            list(self._counts),
            scorer=fuzz.WRatio,
            processor=normalise,
            limit=NEAR_NAMES,
            score_cutoff=LEAST_LIKENESS,
        )
        return tuple(name for name, _, _ in hits)


def _tokens(name: str) -> _Tokens:
    words = [word.removesuffix("'s") for word in normalise(name).split()]
    return tuple(words[1:] if words and words[0] in _ARTICLES else words)


def _is_called(name: _Tokens, wanted: _Tokens) -> bool:
    """Equal, or a surname for the whole name, in either direction."""
    if name == wanted:
        return bool(name)
    if not _OF_SOMEBODY.isdisjoint(name):
        return False
    return _ends(name, wanted) or (len(name) == 1 and _ends(wanted, name))


def _ends(longer: _Tokens, shorter: _Tokens) -> bool:
    return bool(shorter) and longer[-len(shorter) :] == shorter


def _holds(name: _Tokens, wanted: _Tokens) -> bool:
    width = len(wanted)
    return bool(wanted) and any(name[i : i + width] == wanted for i in range(len(name) - width + 1))


# When

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d{2}"
_DAYS = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{4}}-\d{{2}}|{_NTH}\s+{_MONTH},?\s+{_YEAR}|{_MONTH}\s+{_NTH},?\s+{_YEAR}|"
    rf"{_MONTH},?\s+{_YEAR}|{_YEAR})"
)
_BETWEEN = re.compile(rf"\b(?:between|from)\s+({_DAYS})\s+(?:and|to|until|till)\s+({_DAYS})\b", re.IGNORECASE)
_WHEN = re.compile(
    rf"\b(?P<how>since|from|after|until|till|up\s+to|by|before|in|during|on)\s+(?P<days>{_DAYS})(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Window:
    since: date | None = None
    until: date | None = None


def _read_window(question: str) -> tuple[str, _Window]:
    """The question without its days, and the days. A day that does not exist is left in the question."""
    window = _Window()
    between = _BETWEEN.search(question)
    if between and (first := _interval(between[1])) and (last := _interval(between[2])):
        return _without(question, between), _Window(first[0], last[1])
    for found in reversed(list(_WHEN.finditer(question))):
        days = _interval(found["days"])
        if days is not None:
            window = _narrowed(window, " ".join(found["how"].casefold().split()), *days)
            question = _without(question, found)
    return question, window


def _without(question: str, found: re.Match[str]) -> str:
    return " ".join(f"{question[: found.start()]} {question[found.end() :]}".split())


def _narrowed(window: _Window, how: str, first: date, last: date) -> _Window:
    match how:
        case "since" | "from":
            return replace(window, since=first)
        case "after":
            return replace(window, since=last + timedelta(days=1))
        case "until" | "till" | "up to" | "by":
            return replace(window, until=last)
        case "before":
            return replace(window, until=first - timedelta(days=1))
        case _:
            return _Window(first, last)


def _interval(days: str) -> tuple[date, date] | None:
    """The first and last day of what is printed: a day, a month or a year; None where the calendar has none such."""
    numbers = [int(number) for number in re.findall(r"\d+", days)]
    named = re.search(r"[a-z]{3}", re.sub(r"\d+(?:st|nd|rd|th)?", " ", days.casefold()))
    month = _MONTHS[named[0]] if named else None
    year = next(number for number in numbers if number >= 1000)
    rest = [number for number in numbers if number < 1000]
    if month is None and rest:
        month, rest = rest[0], rest[1:]
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if not rest:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, rest[0]), date(year, month, rest[0])
    except (ValueError, calendar.IllegalMonthError):
        return None
