"""Understand a question in terms of the store: which stored speakers and outlet it means, and which days and topic.

`question.py` splits the words; here a printed name becomes the ids of a speaker. A name means, in this order: the same
name, a name that ends so or is a spelling of it, a description that has it ("a spokesman for Mayor Roth"); only words
that the stored name prints with a capital count. An office ("the harbour master") means those to whom articles give it,
in the days of the question. A name of which one letter is wrong is corrected. A name that several bear means them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from quotetrack.core.errors import QuotetrackError
from quotetrack.core.names import (
    Words,
    are_compatible,
    is_called,
    is_full_name,
    name_key,
    name_words,
    surname_sound,
)
from quotetrack.core.normalize import normalise
from quotetrack.core.texts import gettext
from quotetrack.lang.en.role_words import (
    BODIES,
    BODY_WORDS,
    FORM_OF_ADDRESS,
    LEADERS,
    SHORT_HEADS,
    SPOKESPERSON,
    gender_of_given_name,
    nouns_for_people,
)
from quotetrack.lang.en.words import FUNCTION_WORDS
from quotetrack.search.forms import Form
from quotetrack.search.question import ParsedQuestion, Window, read_question
from quotetrack.search.roles import (
    AROUND_WINDOW,
    Holder,
    PrintedRole,
    Role,
    group_asked,
    holders,
    role_asked,
    with_kinds,
)
from quotetrack.store import Session
from quotetrack.store.roles import articles_printing, articles_with_words, entered_roles
from quotetrack.store.search import count_mentions, outlet_names
from quotetrack.store.speakers import SpeakerName, StoredSpeaker, find_names, read_speakers

LEAST_LIKENESS = 75  # of 100, from which a stored name may be the one that was meant
NEAR_NAMES = 5  # most names, of speakers or outlets, that are offered for an unknown one
MOST_CANDIDATES = 5  # speakers that are listed if a name is ambiguous
SHORTEST_CORRECTED = 4  # letters of a name of which one may be wrong
# Where one bearer of a surname has so many times the quotations of all others, and so many, the surname means that one.
DOMINANT, LEAST_DOMINANT = 5, 20


class OutletUnknown(QuotetrackError):
    """No stored outlet has this name; the message lists the near ones."""


@dataclass(frozen=True, slots=True)
class OfficeHolder:
    """A speaker to whom articles give the office that was asked for, with the first and last day of these articles.

    `role` is the office as one of them prints it; None where a person entered it, and the days are those entered.
    """

    name: str
    first: date | None
    last: date | None
    role: PrintedRole | None


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was understood.

    `speakers` are the names of the stored speakers that it means; `speaker` is these in one text, or the name or office
    that was asked for and is not known. `speaker_ids` are those whose quotations answer; None if the question asks for
    no particular speaker, empty if nobody is known, and then `near_names` are stored names that may be meant, and
    `mentions` counts the utterances around which the words stand. `candidates` are all bearers of an ambiguous name,
    with their numbers of quotations. `called` is the office or group by which the question names a speaker ("the
    harbour master"), `holders` those who may hold it. `corrected` are pairs of a misspelled name and the stored one.
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
    form: Form = Form.STATEMENTS
    speakers: tuple[str, ...] = ()
    quoted: str | None = None
    holders: tuple[OfficeHolder, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    mentions: int = 0
    outlet_name: str | None = None
    ids_by_speaker: tuple[tuple[int, ...], ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Return whether the question names a speaker whom the store does not have."""
        return self.speaker_ids == ()

    @property
    def needs_meaning(self) -> bool:
        """Return whether an answer ranks by meaning, for which the embedding model is loaded."""
        if self.form is Form.SIMILAR or self.form is Form.GROUP:
            return self.about is not None or self.form is Form.SIMILAR
        return self.about is not None and not self.is_unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Options beside the question; each overrides what the question says. None leaves it to the question.

    `speaker_id` is for one speaker of those who share a name, and counts before `speaker`.
    """

    speaker: str | None = None
    speaker_id: int | None = None
    about: str | None = None
    since: date | None = None
    until: date | None = None
    outlet: str | None = None
    published_since: date | None = None
    published_until: date | None = None


NOTHING_GIVEN = Given()


def understand(
    session: Session, question: str, *, today: date, given: Given = NOTHING_GIVEN, previous: Understood | None = None
) -> Understood:
    """Read a question: its form, the speakers by the stored names, the outlet, the days, and the topic, the rest.

    `previous` is the question before, whose parts a follow-up takes over ("and about the pier?"); without it such a
    question is told to need one. Raises OutletUnknown if the store has no such outlet as the given one.
    """
    outlets = _slugs_by_name(session)
    find_holding = _cached_names(session)
    year = (previous.since or previous.until or today).year if previous is not None else None
    given_name = normalise(given.speaker) if given.speaker else None

    def is_speaker(name: str) -> bool:
        return normalise(name) == given_name or _may_be_speaker(name, find_holding=find_holding)

    asked = read_question(question, today, is_speaker, outlets, year)
    asked = _without_misspelled_name(session, asked, find_holding)
    names = (given.speaker,) if given.speaker else asked.speakers
    window = Window(given.since or asked.window.since, given.until or asked.window.until)
    if given.speaker_id is not None:
        found = [_speaker_with_id(session, given.speaker_id)]
    else:
        found = [_find_speaker(session, name, find_holding, window) for name in names]
    outlet = _given_slug(given.outlet, outlets) or asked.outlet
    understood = Understood(
        speaker=_joined(found),
        about=given.about or asked.about,
        since=window.since,
        until=window.until,
        outlet=outlet,
        published_since=given.published_since,
        published_until=given.published_until,
        speaker_ids=_ids(found),
        candidates=next((each.candidates for each in found if each.candidates), ()),
        near_names=next((each.near_names for each in found if each.near_names), ()),
        called=next((each.called for each in found if each.called), None),
        form=_form(asked.form, found),
        speakers=tuple(dict.fromkeys(name for each in found for name in each.names)),
        quoted=asked.quoted,
        holders=next((each.holders for each in found if each.holders), ()),
        corrected=tuple(each.corrected for each in found if each.corrected),
        mentions=sum(each.mentions for each in found),
        outlet_name=_outlet_name(session, outlet),
        ids_by_speaker=tuple(ids for each in found for ids in each.ids_by_speaker),
    )
    if understood.form is Form.FOLLOW_UP and previous is not None:
        return _followed_up(understood, previous)
    return understood


def _followed_up(asked: Understood, previous: Understood) -> Understood:
    """Return the question before with what the follow-up puts in the place of its parts."""
    changed: dict[str, object] = {
        name: value
        for name in ("about", "since", "until", "outlet", "outlet_name", "quoted")
        if (value := getattr(asked, name)) is not None
    }
    if asked.since is not None or asked.until is not None:
        changed |= {"since": asked.since, "until": asked.until}
    if asked.speaker_ids is not None:
        of_speaker = (
            "speaker",
            "speaker_ids",
            "speakers",
            "candidates",
            "near_names",
            "called",
            "holders",
            "corrected",
        )
        changed |= {name: getattr(asked, name) for name in (*of_speaker, "mentions", "ids_by_speaker")}
    return replace(previous, **changed)  # type: ignore[arg-type]


def _form(form: Form, found: Sequence[_AskedSpeaker]) -> Form:
    """Return the form of the question; another one where none of its speakers is known."""
    if not found or any(each.names for each in found):
        return form
    if found[0].form is Form.GROUP and form is not Form.STATEMENTS:
        return form
    return found[0].form or form


def _joined(found: Sequence[_AskedSpeaker]) -> str | None:
    return " and ".join(dict.fromkeys(name for each in found for name in (each.names or (each.asked,)))) or None


def _ids(found: Sequence[_AskedSpeaker]) -> tuple[int, ...] | None:
    return tuple(dict.fromkeys(i for each in found for i in each.ids)) if found else None


def understood_text(understood: Understood) -> str:
    """Return in one line how a question was understood: "Speaker: Orla Venn. Topic: the ferry. Since 1 Nov 2030."."""
    is_named = understood.called is not None and understood.called != understood.speaker
    office = f" (as “{understood.called}”)" if is_named else ""
    kind = "Group" if understood.form is Form.GROUP else "Speaker"
    parts = [f"{kind}: {understood.speaker or 'any'}{office}", f"Topic: {understood.about or 'any'}"]
    if understood.quoted:
        parts.append(f"Words: “{understood.quoted}”")
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
    """A speaker of a question, as asked for and as found; the other fields are those of `Understood`.

    `form` is that of a question whose only speaker this is and who is not known.
    """

    asked: str
    names: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    candidates: tuple[tuple[str, int], ...] = ()
    near_names: tuple[str, ...] = ()
    called: str | None = None
    holders: tuple[OfficeHolder, ...] = ()
    corrected: tuple[str, str] | None = None
    mentions: int = 0
    ids_by_speaker: tuple[tuple[int, ...], ...] = ()
    form: Form | None = None


def speakers_called(session: Session, asked: str) -> list[StoredSpeaker]:
    """Return the stored speakers whom a name may mean, the most quoted first."""
    find_holding = _cached_names(session)
    return _speakers_of(session, _names_meant(asked, find_holding) or _names_that_sound_alike(asked, find_holding))


def near_names(session: Session, asked: str) -> tuple[str, ...]:
    """Return stored names with a similar spelling or the same surname, the nearest first; none if none is near."""
    names = sorted({named.name for named in find_names(session, "")})
    near = process.extract(
        asked, names, scorer=fuzz.ratio, processor=name_key, limit=NEAR_NAMES, score_cutoff=LEAST_LIKENESS
    )
    found = [name for name, _, _ in near]
    wanted = name_words(asked)
    if wanted and wanted[-1] not in _common_words():
        found += [name for name in names if name_words(name)[-1:] == wanted[-1:] and name not in found]
    return tuple(found[:NEAR_NAMES])


def _speakers_of(session: Session, names: Iterable[SpeakerName]) -> list[StoredSpeaker]:
    return read_speakers(session, sorted({named.speaker_id for named in names}))


def _cached_names(session: Session) -> _FindNames:
    """Return a cached look-up of names for one question, which tries many words of it."""
    return cache(partial(find_names, session))


def _may_be_speaker(asked: str, find_holding: _FindNames) -> bool:
    """Return whether words are the name of a stored speaker, an office, or a group of people."""
    if _names_meant(asked, find_holding):
        return True
    is_office = asked.split()[0].casefold() == "the" or " " in asked.strip()
    role = role_asked(asked) if is_office else None
    return (role is not None and not role.is_unlisted) or group_asked(asked) is not None


def _speaker_with_id(session: Session, speaker_id: int) -> _AskedSpeaker:
    for speaker in read_speakers(session, [speaker_id]):
        return _AskedSpeaker(speaker.name, (speaker.name,), speaker.ids, ids_by_speaker=(speaker.ids,))
    return _AskedSpeaker(f"speaker {speaker_id}", form=Form.UNKNOWN_SPEAKER)


def _find_speaker(session: Session, asked: str, find_holding: _FindNames, window: Window) -> _AskedSpeaker:
    named = _names_meant(asked, find_holding)
    role = role_asked(asked)
    if role is not None and not _are_people(named, asked):
        return _holder_of(session, asked, role, named, find_holding, window)
    if named:
        return _of_names(session, asked, named, find_holding)
    if group_asked(asked) is not None:
        return _AskedSpeaker(asked, called=asked, form=Form.GROUP, mentions=count_mentions(session, asked))
    if (speaks_for := _spokesperson_of(session, asked, find_holding, window)) is not None:
        return speaks_for
    mentions = count_mentions(session, asked)
    if not mentions and (correct := _names_within_one_edit(asked, find_holding)):
        return _of_names(session, asked, correct, find_holding)
    if alike := _names_that_sound_alike(asked, find_holding):
        return _of_names(session, asked, alike, find_holding)
    return _AskedSpeaker(asked, near_names=near_names(session, asked), form=Form.UNKNOWN_SPEAKER, mentions=mentions)


def _of_names(session: Session, asked: str, names: Iterable[SpeakerName], find_holding: _FindNames) -> _AskedSpeaker:
    """Return the speakers of these names: the one who is quoted far more than the others, else all of them."""
    called = _narrowed_by_title(session, asked, _speakers_of(session, names))
    others = sum(speaker.quotations for speaker in called[1:])
    is_dominant = called[0].quotations >= max(LEAST_DOMINANT, DOMINANT * others)
    meant = called[:1] if is_dominant else called
    candidates = tuple((speaker.name, speaker.quotations) for speaker in called[:MOST_CANDIDATES])
    ids = tuple((*speaker.ids, *_ids_of_bare_surname(session, speaker, find_holding)) for speaker in meant)
    wanted = set(name_words(asked))
    is_printed = any(wanted <= set(name_words(name)) for speaker in meant for name in speaker.names)
    return _AskedSpeaker(
        asked,
        tuple(speaker.name for speaker in meant),
        tuple(i for its_ids in ids for i in its_ids),
        candidates=candidates if len(called) > 1 else (),
        corrected=None if is_printed else (asked, " or ".join(speaker.name for speaker in meant)),
        ids_by_speaker=ids,
    )


def _narrowed_by_title(session: Session, asked: str, called: list[StoredSpeaker]) -> list[StoredSpeaker]:
    """Return those whom "Ms" or "Senator" before a name may mean; all of them if that tells nothing."""
    if len(called) < 2 or " " not in asked.strip():
        return called
    title = normalise(asked).split()[0]
    if (gender := FORM_OF_ADDRESS.get(title)) is not None:
        given = {speaker.id: gender_of_given_name(name_words(speaker.name)[0]) for speaker in called}
        return [speaker for speaker in called if given[speaker.id] == gender] or called
    role = role_asked(title)
    if role is None or title in name_words(asked):
        return called
    held = {holder.speaker_id for holder in held_by_articles(session, role)}
    return [speaker for speaker in called if speaker.id in held] or called


def _are_people(names: Sequence[SpeakerName], asked: str) -> bool:
    """Return whether stored names that an office may mean are names of people, and not the office itself."""
    return any(is_full_name(named.name) for named in names) and asked.split()[0].casefold() != "the"


def _names_meant(asked: str, find_holding: _FindNames) -> list[SpeakerName]:
    """Return the stored names that a name may mean: equal ones, else full names, else descriptions that have it.

    Words that are common nouns or function words name nobody by themselves, unless a stored name has nothing else.
    """
    wanted = name_words(asked)
    if not wanted or FUNCTION_WORDS.issuperset(wanted):
        return []
    with_last_word = find_holding(wanted[-1])
    printed = [named for named in with_last_word if " " in asked and normalise(named.name) == normalise(asked)]
    if printed:
        return printed
    same = [named for named in with_last_word if _words_of(named) == wanted]
    if same and (len(wanted) > 1 or wanted[0] in _common_words()):
        return same
    if _common_words().issuperset(wanted):
        return []
    called = [n for n in with_last_word if is_called(_words_of(n), wanted) or are_compatible(n.name, asked)]
    called = [named for named in called if _is_proper(named, wanted)]
    people = [named for named in called if len(_words_of(named)) > 1]
    return people or called or [n for n in with_last_word if _has_run(_words_of(n), wanted) and _is_proper(n, wanted)]


@cache
def _common_words() -> frozenset[str]:
    """Return the words that name no speaker by themselves."""
    return nouns_for_people() | LEADERS | SHORT_HEADS | BODIES | BODY_WORDS | FUNCTION_WORDS


def _is_proper(named: SpeakerName, wanted: Words) -> bool:
    """Return whether a stored name prints one of the wanted words with a capital, as a name is printed."""
    printed = {normalise(word).removesuffix("'s") for word in named.name.split() if word[:1].isupper()}
    return any(word in printed and word not in FUNCTION_WORDS for word in wanted)


def _names_within_one_edit(asked: str, find_holding: _FindNames) -> list[SpeakerName]:
    """Return the stored names from which a name differs by one letter; of a single word, from the surname."""
    wanted = " ".join(name_words(asked))
    if len(wanted) < SHORTEST_CORRECTED:
        return []
    every = find_holding("")
    keys = [named.key if " " in wanted else named.key.rpartition(" ")[2] for named in every]
    near = process.extract(wanted, keys, scorer=OSA.distance, processor=None, limit=None, score_cutoff=1)
    found = [every[place] for _, distance, place in near if distance == 1]
    return [named for named in found if is_full_name(named.name)] or [
        n for n in found if n.key.count(" ") == wanted.count(" ")
    ]


def _names_that_sound_alike(asked: str, find_holding: _FindNames) -> list[SpeakerName]:
    """Return the names whose surname sounds like the asked one, which no stored name has in these letters."""
    wanted = name_words(asked)
    if not wanted or find_holding(wanted[-1]):
        return []
    sound = surname_sound(asked)
    alike = [named for named in find_holding("") if surname_sound(named.name) == sound]
    if len(wanted) > 1:
        alike = [named for named in alike if are_compatible(named.name, asked)]
    return [named for named in alike if is_full_name(named.name)]


def _without_misspelled_name(session: Session, asked: ParsedQuestion, find_holding: _FindNames) -> ParsedQuestion:
    """Take "Tele on the barrier", in which nobody is called Tele and Telle is stored, for a question about Telle."""
    head, on, topic = (asked.about or "").partition(" on ")
    if asked.form is not Form.STATEMENTS or asked.speakers or not on or not all(w[:1].isupper() for w in head.split()):
        return asked
    if count_mentions(session, head) or not _names_within_one_edit(head, find_holding):
        return asked
    return replace(asked, speakers=(head,), about=topic)


def _ids_of_bare_surname(session: Session, speaker: StoredSpeaker, find_holding: _FindNames) -> tuple[int, ...]:
    """Return the speaker stored under nothing but this one's surname, if this one is the most quoted who has it."""
    surname = name_words(speaker.name)[-1]
    with_surname = [named for named in find_holding(surname) if is_called(_words_of(named), (surname,))]
    people = sorted({named.speaker_id for named in with_surname if len(_words_of(named)) > 1})
    if not people or (people != [speaker.id] and read_speakers(session, people)[0].id != speaker.id):
        return ()
    return tuple({named.speaker_id for named in with_surname if len(_words_of(named)) == 1} - {*speaker.ids})


# Office


def _holder_of(
    session: Session,
    asked: str,
    role: Role,
    named: Sequence[SpeakerName],
    find_holding: _FindNames,
    window: Window,
) -> _AskedSpeaker:
    """Return who holds an office by what people entered, else by the articles, and who is stored under its name.

    Nobody is guessed: of several holders all are meant, with the days of the articles that say so.
    """
    found = _entered(session, role, window) or held_by_articles(session, role, window)
    speakers = {speaker.id: speaker for speaker in read_speakers(session, [holder.speaker_id for holder in found])}
    of_name = [speaker for speaker in _speakers_of(session, named) if speaker.id not in speakers]
    held = [
        OfficeHolder(speakers[holder.speaker_id].name, holder.first, holder.last, holder.role)
        for holder in found
        if holder.speaker_id in speakers
    ]
    meant = [*(speakers[holder.speaker_id] for holder in found if holder.speaker_id in speakers), *of_name]
    if not meant:
        return _AskedSpeaker(asked, form=Form.UNKNOWN_ROLE, called=asked, mentions=count_mentions(session, asked))
    ids = tuple((*speaker.ids, *_ids_of_bare_surname(session, speaker, find_holding)) for speaker in meant)
    return _AskedSpeaker(
        asked,
        tuple(speaker.name for speaker in meant),
        tuple(i for its_ids in ids for i in its_ids),
        candidates=tuple((s.name, s.quotations) for s in meant[:MOST_CANDIDATES]) if len(meant) > 1 else (),
        called=asked if held else None,
        holders=tuple(held),
        ids_by_speaker=ids,
    )


def _spokesperson_of(session: Session, asked: str, find_holding: _FindNames, window: Window) -> _AskedSpeaker | None:
    """Return who speaks for an organisation that is not quoted itself ("the Harbour Board"); None if nobody does."""
    bare = asked.removeprefix("the ").removeprefix("The ")
    if bare == asked and not BODY_WORDS & set(normalise(asked).split()):
        return None
    office = f"{SPOKESPERSON} for the {bare}"
    role = role_asked(office)
    found = _holder_of(session, office, role, (), find_holding, window) if role is not None else None
    return found if found is not None and found.names else None


def held_by_articles(session: Session, role: Role, window: Window = Window()) -> list[Holder]:
    """Return who holds an office by the articles, in the days of the window if any article of these says so.

    Articles that have all its words around a quotation are read first, then those with its noun, then whole texts.
    """
    since, until = window.since, window.until
    first = since and since - AROUND_WINDOW
    last = until and until + AROUND_WINDOW
    whole = [role.heads, *({qualifier} for qualifier in sorted(role.qualifiers))]
    if (first or last) and (
        found := holders(role, articles_with_words(session, whole, since=first, until=last), since=since, until=until)
    ):
        return found
    if found := holders(role, articles_with_words(session, whole), since=since, until=until):
        return found
    if role.qualifiers and (
        found := holders(role, articles_with_words(session, [role.heads]), since=since, until=until)
    ):
        return found
    return holders(role, articles_printing(session, sorted(role.heads)), since=since, until=until)


def members_of_group(session: Session, called: str, window: Window = Window()) -> list[StoredSpeaker]:
    """Return the stored speakers whom articles count among a group ("scientists"), or who are called after it."""
    role = group_asked(called)
    if role is None:
        return []
    find_holding = _cached_names(session)
    held = [holder.speaker_id for holder in held_by_articles(session, replace(role, heads=with_kinds(role)), window)]
    described = [
        named
        for head in role.heads
        for named in find_holding(normalise(head))
        if role.qualifiers <= set(_words_of(named))
    ]
    return read_speakers(session, sorted({*held, *(named.speaker_id for named in described)}))


def _entered(session: Session, role: Role, window: Window) -> list[Holder]:
    """Return who holds an office by the decisions of people, in the days of the window."""
    found = []
    for entered in entered_roles(session):
        held = role_asked(entered.role)
        is_same = held is not None and role.heads & held.heads and role.qualifiers <= held.qualifiers
        is_then = (window.until is None or entered.since is None or entered.since <= window.until) and (
            window.since is None or entered.until is None or entered.until >= window.since
        )
        if is_same and is_then:
            found.append(Holder(entered.speaker_id, 1, entered.since, entered.until))
    return found


def _words_of(named: SpeakerName) -> Words:
    return tuple(named.key.split())


def _has_run(words: Words, wanted: Words) -> bool:
    width = len(wanted)
    return any(words[i : i + width] == wanted for i in range(len(words) - width + 1))


# Outlet


def _slugs_by_name(session: Session) -> dict[str, str]:
    """Return the slug of each stored outlet by its slug, and by its name with and without "The", normalised.

    An outlet without a name is called by its domain as well: "Harbour Radio" is harbourradio.example.
    """
    slugs: dict[str, str] = {}
    for slug, name in outlet_names(session):
        domain = slug.partition(".")[0] if "." in slug and name is None else None
        for called in filter(None, (slug, name, (name or "").removeprefix("The "), domain)):
            slugs[normalise(called)] = slug
    return slugs


def _outlet_name(session: Session, slug: str | None) -> str | None:
    return next((name or slug for its_slug, name in outlet_names(session) if its_slug == slug), slug) if slug else None


def _given_slug(given: str | None, slugs: Mapping[str, str]) -> str | None:
    if given is None:
        return None
    slug = slugs.get(normalise(given))
    if slug is None:
        near = [name for name, _, _ in process.extract(normalise(given), list(slugs), limit=NEAR_NAMES)]
        if not near:
            raise OutletUnknown(gettext("No stored outlet is called %(given)r. Near ones: none.", given=given))
        told = gettext("No stored outlet is called %(given)r. Near ones: %(near)s.", given=given, near=", ".join(near))
        raise OutletUnknown(told)
    return slug
