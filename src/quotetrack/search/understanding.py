"""Understand a question in terms of the store: which stored speaker and outlet it means, and which days and topic.

`question.py` splits the words; here a printed name becomes the ids of a speaker. A name means, in this order: the same
name, a name that ends so or is a spelling of it, a description that has it ("a spokesman for Mayor Roth"). An office
("the harbour master") means the speaker who is quoted in the passages that have these words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

from rapidfuzz import fuzz, process

from quotetrack.core.errors import QuotetrackError
from quotetrack.core.names import Words, are_compatible, is_called, name_words, surname_sound
from quotetrack.core.normalize import normalise
from quotetrack.lang.en.question_forms import BEFORE_OFFICE
from quotetrack.search.question import read_question
from quotetrack.store import Session
from quotetrack.store.search import outlet_names, speakers_around
from quotetrack.store.speakers import SpeakerName, StoredSpeaker, find_names, read_speakers

LEAST_LIKENESS = 60  # of 100, from which a stored name may be the one that was meant
NEAR_NAMES = 5  # most names, of speakers or outlets, that are offered for an unknown one
MOST_CANDIDATES = 5  # speakers that are listed if a name is ambiguous


class OutletUnknown(QuotetrackError):
    """No stored outlet has this name; the message lists the near ones."""


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was understood.

    `speaker_ids` are those whose quotations answer; None if the question asks for no particular speaker, empty if the
    speaker is unknown, and then `near_names` are stored names that may be meant. Of several speakers with the name the
    most quoted one is used; `candidates` are all of them with their numbers of quotations. `called` is the office by
    which the question names a speaker ("the harbour master").
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
        """Return whether the question names a speaker whom the store does not have."""
        return self.speaker_ids == ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Options beside the question; each overrides what the question says. None leaves it to the question."""

    speaker: str | None = None
    about: str | None = None
    since: date | None = None
    until: date | None = None
    outlet: str | None = None
    published_since: date | None = None
    published_until: date | None = None


NOTHING_GIVEN = Given()


def understand(session: Session, question: str, *, today: date, given: Given = NOTHING_GIVEN) -> Understood:
    """Read a question: the speaker by the stored names, the outlet, the days, and the topic, which is the rest.

    Raises OutletUnknown if the store has no such outlet as the given one.
    """
    outlets = _slugs_by_name(session)
    find_holding = _cached_names(session)
    asked = read_question(question, today, lambda name: bool(_names_meant(name, find_holding)), outlets)
    speaker = _find_speaker(session, given.speaker or asked.speaker, find_holding)
    return Understood(
        speaker=speaker.name,
        about=given.about or asked.about,
        since=given.since or asked.window.since,
        until=given.until or asked.window.until,
        outlet=_given_slug(given.outlet, outlets) or asked.outlet,
        published_since=given.published_since,
        published_until=given.published_until,
        speaker_ids=speaker.ids,
        candidates=speaker.candidates,
        near_names=speaker.near_names,
        called=speaker.called,
    )


def understood_text(understood: Understood) -> str:
    """Return in one line how a question was understood: "Speaker: Orla Venn. Topic: the ferry. Since 1 Nov 2030."."""
    office = f" (as “{understood.called}”)" if understood.called else ""
    parts = [f"Speaker: {understood.speaker or 'any'}{office}", f"Topic: {understood.about or 'any'}"]
    if understood.since:
        parts.append(f"Since {_printed_day(understood.since)}")
    if understood.until:
        parts.append(f"Until {_printed_day(understood.until)}")
    if understood.outlet:
        parts.append(f"Outlet: {understood.outlet}")
    if understood.published_since:
        parts.append(f"Published since {_printed_day(understood.published_since)}")
    if understood.published_until:
        parts.append(f"Published until {_printed_day(understood.published_until)}")
    return f"{'. '.join(parts)}."


def _printed_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


# Speaker

_FindNames = Callable[[str], list[SpeakerName]]
"""The stored names that have a word; all names for an empty text."""


@dataclass(frozen=True, slots=True)
class _AskedSpeaker:
    """The speaker of a question; the fields are those of `Understood`."""

    name: str | None
    ids: tuple[int, ...] | None
    candidates: tuple[tuple[str, int], ...] = ()
    near_names: tuple[str, ...] = ()
    called: str | None = None


def speakers_called(session: Session, asked: str) -> list[StoredSpeaker]:
    """Return the stored speakers whom a name may mean, the most quoted first."""
    return _speakers_of(session, _names_meant(asked, _cached_names(session)))


def near_names(session: Session, asked: str) -> tuple[str, ...]:
    """Return stored names with a similar spelling, the nearest first."""
    names = sorted({named.name for named in find_names(session, "")})
    near = process.extract(
        asked, names, scorer=fuzz.WRatio, processor=normalise, limit=NEAR_NAMES, score_cutoff=LEAST_LIKENESS
    )
    return tuple(name for name, _, _ in near)


def _speakers_of(session: Session, names: Iterable[SpeakerName]) -> list[StoredSpeaker]:
    return read_speakers(session, sorted({named.speaker_id for named in names}))


def _cached_names(session: Session) -> _FindNames:
    """Return a cached look-up of names for one question, which tries many words of it."""
    return cache(partial(find_names, session))


def _find_speaker(session: Session, asked: str | None, find_holding: _FindNames) -> _AskedSpeaker:
    if asked is None:
        return _AskedSpeaker(None, None)
    called = _speakers_of(session, _names_meant(asked, find_holding))
    if called:
        most_quoted = called[0]
        candidates = tuple((speaker.name, speaker.quotations) for speaker in called[:MOST_CANDIDATES])
        return _AskedSpeaker(
            most_quoted.name,
            (*most_quoted.ids, *_ids_of_bare_surname(session, most_quoted, find_holding)),
            candidates=candidates if len(called) > 1 else (),
        )
    holder = _office_holder(session, asked)
    if holder is not None:
        return _AskedSpeaker(holder.name, holder.ids, called=asked)
    return _AskedSpeaker(asked, (), near_names=near_names(session, asked))


def _names_meant(asked: str, find_holding: _FindNames) -> list[SpeakerName]:
    """Return the stored names that a name may mean: equal ones, else full names, else descriptions that have it."""
    wanted = name_words(asked)
    if not wanted:
        return []
    with_last_word = find_holding(wanted[-1]) or _names_that_sound_alike(asked, find_holding)
    same = [named for named in with_last_word if _words_of(named) == wanted]
    if same and len(wanted) > 1:
        return same
    called = [n for n in with_last_word if is_called(_words_of(n), wanted) or are_compatible(n.name, asked)]
    people = [named for named in called if len(_words_of(named)) > 1]
    return people or called or [named for named in with_last_word if _has_run(_words_of(named), wanted)]


def _names_that_sound_alike(asked: str, find_holding: _FindNames) -> list[SpeakerName]:
    """Return the names whose surname sounds like the asked one, which no stored name has in these letters."""
    sound = surname_sound(asked)
    alike = [named for named in find_holding("") if surname_sound(named.name) == sound]
    if len(name_words(asked)) == 1:
        return [replace(named, key=" ".join((*_words_of(named)[:-1], *name_words(asked)))) for named in alike]
    return alike


def _ids_of_bare_surname(session: Session, speaker: StoredSpeaker, find_holding: _FindNames) -> tuple[int, ...]:
    """Return the speaker stored under nothing but this one's surname, if this one is the most quoted who has it."""
    surname = name_words(speaker.name)[-1]
    with_surname = [named for named in find_holding(surname) if is_called(_words_of(named), (surname,))]
    people = sorted({named.speaker_id for named in with_surname if len(_words_of(named)) > 1})
    if not people or (people != [speaker.id] and read_speakers(session, people)[0].id != speaker.id):
        return ()
    return tuple({named.speaker_id for named in with_surname if len(_words_of(named)) == 1} - {*speaker.ids})


def _office_holder(session: Session, asked: str) -> StoredSpeaker | None:
    """Return the speaker quoted around the words of an office ("the harbour master"); None for a possible name."""
    if asked.split()[0].casefold() != BEFORE_OFFICE:
        return None
    around = speakers_around(session, asked, limit=1)
    return read_speakers(session, [around[0][0]])[0] if around else None


def _words_of(named: SpeakerName) -> Words:
    return tuple(named.key.split())


def _has_run(words: Words, wanted: Words) -> bool:
    width = len(wanted)
    return any(words[i : i + width] == wanted for i in range(len(words) - width + 1))


# Outlet


def _slugs_by_name(session: Session) -> dict[str, str]:
    """Return the slug of each stored outlet by its slug, and by its name with and without "The", normalised."""
    slugs: dict[str, str] = {}
    for slug, name in outlet_names(session):
        for called in filter(None, (slug, name, (name or "").removeprefix("The "))):
            slugs[normalise(called)] = slug
    return slugs


def _given_slug(given: str | None, slugs: Mapping[str, str]) -> str | None:
    if given is None:
        return None
    slug = slugs.get(normalise(given))
    if slug is None:
        near = [name for name, _, _ in process.extract(normalise(given), list(slugs), limit=NEAR_NAMES)]
        raise OutletUnknown(f"No stored outlet is called {given!r}. Near ones: {', '.join(near) or 'none'}.")
    return slug
