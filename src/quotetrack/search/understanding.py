"""Who and what a question is about, in terms of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

from rapidfuzz import fuzz, process

from quotetrack.core.errors import QuotetrackError
from quotetrack.core.names import are_compatible, name_words, surname_sound
from quotetrack.core.normalize import normalise
from quotetrack.search.question import Window, read_question
from quotetrack.store import Session
from quotetrack.store.search import outlet_names, speakers_around
from quotetrack.store.speakers import SpeakerName, StoredSpeaker, find_names, read_speakers

LEAST_LIKENESS = 60  # of 100, from which a name on file may be the one that was meant
NEAR_NAMES = 5
MOST_CANDIDATES = 5  # names told where one is ambiguous


class OutletUnknown(QuotetrackError):
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


# Who

# Of "a spokesman for the mayor" and "director of the zoo": somebody else than the name at their end.
_OF_SOMEBODY = frozenset({"for", "of", "to", "at", "from"})

_Words = tuple[str, ...]
_NamesHolding = Callable[[str], list[SpeakerName]]


def speakers_called(session: Session, asked: str) -> list[StoredSpeaker]:
    """The speakers on file whom a name may mean, the likeliest first: that is the one most quoted."""
    return _speakers_of(session, _named(asked, _names_holding(session)))


def _speakers_of(session: Session, named: Iterable[SpeakerName]) -> list[StoredSpeaker]:
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


def _named(asked: str, holding: _NamesHolding) -> list[SpeakerName]:
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


def _spelled_otherwise(asked: str, holding: _NamesHolding) -> list[SpeakerName]:
    """Names whose surname sounds as the asked one does: nobody on file has it in these letters."""
    sound = surname_sound(asked)
    alike = [named for named in holding("") if surname_sound(named.name) == sound]
    if len(name_words(asked)) == 1:
        return [replace(named, key=" ".join((*_words(named)[:-1], *name_words(asked)))) for named in alike]
    return alike


def _bare_surname(session: Session, speaker: StoredSpeaker, holding: _NamesHolding) -> tuple[int, ...]:
    """The speaker who goes by nothing but this one's surname, where this one is the most quoted of all who bear it."""
    surname = name_words(speaker.name)[-1]
    bearers = [named for named in holding(surname) if _is_called(named, (surname,))]
    people = sorted({named.speaker_id for named in bearers if len(_words(named)) > 1})
    if not people or (people != [speaker.id] and read_speakers(session, people)[0].id != speaker.id):
        return ()
    return tuple({n.speaker_id for n in bearers if len(_words(n)) == 1} - {*speaker.ids})


def _described(session: Session, asked: str) -> StoredSpeaker | None:
    """Who is quoted around the words of an office ("the harbour master"); None for what may be a name."""
    if asked.split()[0].casefold() != "the":
        return None
    around = speakers_around(session, asked, limit=1)
    return read_speakers(session, [around[0][0]])[0] if around else None


def _words(named: SpeakerName) -> _Words:
    return tuple(named.key.split())


def _is_called(named: SpeakerName, wanted: _Words) -> bool:
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
