"""Find the full names that runs of capitalised words hold. Characters only, over the whole text, parsed or not.

A form is trusted by its given name, its title, or the parser. A form that only a headline or the beginning of a
sentence could have made ("Comedian Ann Lee", "Paris Ann Lee") gives way to the form inside it. Titles, given names and
the words directly around a name come last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import takewhile
from typing import NamedTuple

from quotetrack.core.domain import Span
from quotetrack.core.names import given_names_agree
from quotetrack.extract.entities.nouns import gender_of_noun, is_company, is_kin, noun_of_person
from quotetrack.lang import lines, sections
from quotetrack.lang.en.calendar import MONTHS, WEEKDAYS
from quotetrack.lang.en.name_words import (
    A_NOUN_BEHIND,
    ACCORDING,
    ACTS,
    ACTS_AT_ONCE,
    ADDRESS,
    AGE_BEHIND,
    AS_FOR_BEFORE,
    ASIDE,
    AT_BEFORE,
    BEHIND_RANK,
    BEHIND_WORDS,
    CALLED_BEFORE,
    CONTRACTION,
    DAY_BEFORE,
    DOING,
    GOES_ON,
    HE_OR_SHE_AT_ONCE,
    HE_OR_SHE_BEHIND,
    HONOURS,
    IN_COURT,
    INITIAL,
    JOB_ENDING,
    LETTER,
    LONGEST_ACCORDING,
    LONGEST_OPENING,
    LOWER_BEFORE,
    NO_INITIALS,
    NO_OFFICES,
    NO_SURNAMES,
    NOT_ROLES,
    NOUN_BEFORE,
    NOUN_BEHIND,
    NOUN_CALLED_BEFORE,
    OFFICE_BEFORE,
    ONE_NAME_BEHIND,
    OPENING_PARTICLES,
    PERSON_SPEAKS,
    PLACE_BEFORE,
    POSSESSIVE,
    PREFIX,
    QUOTED_BY,
    RUN,
    SENTENCE_BREAK,
    SHORTENED,
    SPEECH_AT_ONCE,
    SPEECH_AT_ONCE_BEFORE,
    SPEECH_BEFORE,
    SPEECH_BEHIND,
    SUFFIX,
    SUFFIXES,
    TIME_OF_ENTRY,
    WHO_BEHIND,
)
from quotetrack.lang.en.pronouns import HE, SHE

# Letters of a word, its stop included, above which the stop ends a sentence: shorter ones may be abbreviations.
LONGEST_ABBREVIATION = 4
SHORTEST_WORD = 2  # letters of a word that is no initial
LONGEST_NAME = 5  # words
SHORTEST_WITH_COUNTRY = 3  # words of a country with a full name behind it
# Words of a run that may be a name by its surroundings only.
LONGEST_UNLISTED = 3
# Votes for a form that begins with a given name, beside the one vote of each place.
GIVEN_NAME_VOTES = 2
# Letters of a word in capitals that stand for an organisation ("AI", "NATO").
SHORTEST_ACRONYM, LONGEST_ACRONYM = 2, 4
# Letters of a word beside a name that the article may call the person later ("the expert").
SHORTEST_ROLE = 4
# Characters before a name, and behind it, within which such words stand.
FARTHEST_BEFORE, FARTHEST_BEHIND = 40, 130
# Words before a name that may be such words.
MOST_BEFORE = 2
# Characters beside a name within which its verb of speech stands.
FARTHEST_SPEECH = 25
# Characters before a name, and behind it, within which a noun tells that it is a person's.
FARTHEST_NOUN_BEFORE, FARTHEST_NOUN_BEHIND = 25, 90
# Characters behind a name within which a pronoun may mean its bearer.
FARTHEST_PRONOUN = 160
# Characters before a place within which a sentence may end.
FARTHEST_STOP = 30

_WORD = re.compile(r"[^ \xa0]+")
_ROLE_WORD = re.compile(r"[\w-]+")
_NICKNAME_MARKS, _NICKNAME_ENDS = "\"“'‘", "\"”'’"


def words_of(section: str) -> frozenset[str]:
    """Return the words of one section of `names.txt`."""
    return frozenset(word for line in sections("names.txt")[section] for word in line.split())


PARTICLES = words_of("particle")
NOT_NAMES = words_of("not_name")
ORGANISATIONS = words_of("organisation")
NOT_GIVEN = words_of("not_given")
PLACES = words_of("place")
_COUNTRIES = frozenset(line.partition("\t")[0] for line in lines("countries.txt"))
_JOBS = words_of("job")
_NATIONALITIES = frozenset(word for line in lines("countries.txt") for word in line.partition("\t")[2].split())
_ALSO_NAMES = words_of("also_name")
_SURNAMES = words_of("surname")
_STREETS = words_of("street")
_PRONOUNS = words_of("pronoun")
_CALENDAR = frozenset(word.lower() for word in (*WEEKDAYS, *MONTHS))


@dataclass(frozen=True, slots=True)
class CapitalisedRun:
    """A run of capitalised words that may be a name: titles and jobs before it and a possessive behind are taken off.

    The words have no suffix; `suffix` is "Jr." or empty.
    """

    start: int
    end: int
    words: tuple[str, ...]
    is_titled: bool
    gender: str | None
    roles: frozenset[str]
    is_owner: bool
    formal: tuple[str, ...] = ()  # of Robert “Bobby” Lee, with the words Bobby Lee, this is Robert Lee
    suffix: str = ""
    nickname: str = ""  # of Tamsin “Tam” Rook this is Tam; only one word

    @property
    def name(self) -> str:
        """Return the words, joined."""
        return " ".join(self.words)


class _PlacedWord(NamedTuple):
    text: str
    start: int


class _Title(NamedTuple):
    """The titles at the beginning of a run; `words` counts the words up to the last of them."""

    words: int
    gender: str | None
    roles: set[str]


def runs_in(text: str, stretches: Iterable[Span]) -> list[CapitalisedRun]:
    """Return the runs of some stretches of a text, in order."""
    runs = [
        run
        for stretch in stretches
        for match in RUN.finditer(text, stretch.start, stretch.end)
        for run in _split(text, *_with_particles(text, stretch.start, match))
    ]
    return _without_single_jobs(runs)


def _with_particles(text: str, earliest: int, match: re.Match[str]) -> tuple[int, str]:
    """Return where a run begins, and the run, with the particles before it: "van der Velde", "al-Haddad"."""
    start = match.start()
    before = OPENING_PARTICLES.search(text, max(earliest, start - LONGEST_OPENING), start)
    return (start, match[0]) if before is None else (before.start(), before[0] + match[0])


def _without_single_jobs(runs: Sequence[CapitalisedRun]) -> list[CapitalisedRun]:
    """Return the runs, without a job before a single surname that a full name of the text has: "Farmer Aldous"."""
    surnames = {run.words[-1] for run in runs if len(run.words) > 1 and not _is_job(run.words[0])}
    return [
        replace(run, words=run.words[1:], is_titled=True, roles=run.roles | _roles_of_jobs(run.words[:1]))
        if len(run.words) == 2 and run.words[1] in surnames and _is_only_job(run.words[0])
        else run
        for run in runs
    ]


def _split(text: str, start: int, printed: str) -> Iterator[CapitalisedRun]:
    """Yield the names in capitalised words that begin at `start`: a possessive or a sentence ends a name."""
    words: list[_PlacedWord] = []
    in_marks = False
    for match in _WORD.finditer(printed):
        word = match[0]
        words.append(_PlacedWord(word, start + match.start()))
        in_marks = in_marks or word[0] in _NICKNAME_MARKS
        is_possessive = POSSESSIVE.search(word) and len(word) > 2 and not in_marks
        in_marks = in_marks and word[-1] not in _NICKNAME_ENDS
        if is_possessive or _ends_sentence(word):
            yield from _run(text, words)
            words = []
    yield from _run(text, words)


def _ends_sentence(word: str) -> bool:
    """Return whether the stop behind a word ends a sentence: "Lee. Mr Lee", not "J. Lee", "St. Clair" or "Sen. Lee"."""
    plain = word.strip(".")
    if not word.endswith(".") or plain.lower() in titles():
        return False
    is_shortened = len(plain) < SHORTEST_WORD or plain in SUFFIXES or plain.lower() in SHORTENED
    return len(word) > LONGEST_ABBREVIATION or (plain.isalpha() and not is_shortened)


def _run(text: str, words: Sequence[_PlacedWord]) -> Iterator[CapitalisedRun]:
    """Yield the name in some words, if they hold one."""
    if not words:
        return
    last = words[-1]
    has_suffix = len(words) > 1 and bare_name(last.text) in SUFFIXES
    named = words[:-1] if has_suffix else words
    title = _title_of(named)
    printed = _without_small_words(text, named[title.words :], title.words > 0)
    jobs = _jobs_before(text, printed)
    printed = printed[len(jobs) :]
    printed = printed[_is_country_of_office(text, printed) :]
    kept = _called(printed)
    if not kept or (len(kept) == 1 and not title.words and kept[0].text.lower().strip(".") in titles()):
        return
    last = last if has_suffix else kept[-1]
    end = last.start + len(last.text)
    bare = [plain for word, _ in kept if (plain := word if _has_own_stop(word) else bare_name(word))]
    while len(bare) > 2 and bare[-1] in HONOURS:
        if not title.words and text.endswith(("the ", "The "), 0, printed[0].start):
            return  # "the Harlow Vale MP" names a place
        bare.pop()
    if bare:
        is_owner = bool(POSSESSIVE.search(last.text))
        beside = roles_before(text, words[0].start)
        if not is_owner:
            beside |= roles_behind(text, words[0].start, end)
        roles = title.roles | _roles_of_jobs(jobs) | beside
        yield CapitalisedRun(
            printed[0].start,
            end,
            tuple(bare),
            title.words > 0 or (bool(jobs) and _is_used_as_name(text, bare[0], printed[0].start, end)),
            title.gender or next((gender for job in jobs if (gender := gender_of_noun(job)) is not None), None),
            frozenset(roles),
            is_owner,
            _formal(printed),
            _printed_suffix(last.text) if has_suffix else "",
            _nickname(printed),
        )


def _has_own_stop(word: str) -> bool:
    """Return whether the stop at the end of a word of a name belongs to it: "J.", "St."."""
    return bool(INITIAL.match(word)) or word == "St."


def _is_plain_titled(run: CapitalisedRun) -> bool:
    """Return whether a title stands before a name without small words: no headline ("Moderator To Check Lee")."""
    return run.is_titled and NOT_NAMES.isdisjoint(word.lower() for word in run.words)


def _printed_suffix(word: str) -> str:
    """Return a suffix as names have it: "Jr." and "Sr." with their stop, "III" without."""
    bare = bare_name(word)
    return f"{bare}." if bare in ("Jr", "Sr") else bare


def _is_used_as_name(text: str, first: str, start: int, end: int) -> bool:
    """Return whether words behind a job are a name: by their first word, or as the subject of a verb."""
    return gender_of(first) is not None or _is_subject(text, start, end)


def _is_subject(text: str, start: int, end: int) -> bool:
    return speaks_beside(text, start, end) or acts_behind(text, end)


def _jobs_before(text: str, words: Sequence[_PlacedWord]) -> list[str]:
    """Return the words of a run up to the last job before a full name: "Olympic Swimmer" of "Olympic Swimmer Jo Hale".

    A job that is a name as well ("Baker", "Dean") opens a sentence, is no given name, and a given name follows.
    """
    for index in range(len(words) - 3, -1, -1):
        word = words[index].text
        if _is_nationality(text, words[index]):
            return [word for word, _ in words[: index + 1]]
        if not _is_job(word):
            continue
        may_be_name = not _is_only_job(word)
        if not may_be_name or (
            index == 0 and not is_given(word) and _may_be_given(words[1].text) and opens_sentence(text, words[0].start)
        ):
            return [word for word, _ in words[: index + 1]]
    return []


def _may_be_given(word: str) -> bool:
    return is_given(word) or gender_of(word) is not None


def _is_nationality(text: str, word: _PlacedWord) -> bool:
    """Return whether a word before a full name tells a nationality: "Frenchman Luc Girard", "the Finn Aino Salo"."""
    if word.text.lower() not in _NATIONALITIES:
        return False
    return not is_given(word.text) or text.endswith(("the ", "The "), 0, word.start)


def _is_country_of_office(text: str, words: Sequence[_PlacedWord]) -> bool:
    """Return whether a country stands before a full name, behind an office: "the ambassador to Norway Liu Wei"."""
    if len(words) < SHORTEST_WITH_COUNTRY or words[0].text.lower() not in _COUNTRIES or is_given(words[0].text):
        return False
    start = words[0].start
    return OFFICE_BEFORE.search(text, max(0, start - FARTHEST_BEFORE), start) is not None


def _is_job(word: str) -> bool:
    """Return whether a word is a job or a rank that may stand before a name."""
    plain = word.lower().strip(".,")
    return plain in _JOBS or noun_of_person(word.strip(".,")) is not None or bool(JOB_ENDING.search(plain))


def _is_only_job(word: str) -> bool:
    """Return whether a word is a job and no name: "Farmer" and "Hunter" may be surnames and given names."""
    return _is_job(word) and word.lower() not in _ALSO_NAMES and not is_given(word)


def _roles_of_jobs(jobs: Sequence[str]) -> set[str]:
    return {role_of(job.lower()) or job.lower() for job in jobs if len(job) >= SHORTEST_ROLE}


def _title_of(words: Sequence[_PlacedWord]) -> _Title:
    """Return the titles before a name; one at the very end of the words is no title of a name."""
    roles: set[str] = set()
    gender, count = None, 0
    for index, word in enumerate(words[:-1]):
        plain = word.text.lower().strip(".,()")
        if plain in titles() or (plain in BEHIND_RANK and 0 < count == index):
            count = index + 1
            gender = ADDRESS.get(plain, gender)
            roles |= {titles().get(plain, "")} - {""}
    return _Title(count, gender, roles)


def _without_small_words(text: str, words: Sequence[_PlacedWord], is_titled: bool) -> list[_PlacedWord]:
    """Return a name without small words before it ("On Monday Ann Lee") and particles behind it."""
    kept = list(words)
    while kept and not is_titled and kept[0].text.lower().strip(".’'") in NOT_NAMES:
        if len(kept) > 1 and INITIAL.match(kept[0].text):
            break  # "A. Venkata Rao"
        if len(kept) == len(words) and _opens_as_name(text, kept):
            break
        kept.pop(0)
    while kept and kept[-1].text in PARTICLES:
        kept.pop()
    return kept


def _opens_as_name(text: str, words: Sequence[_PlacedWord]) -> bool:
    """Return whether a small word is the given name of those behind it ("Will Day said so"), and no "Will Day go?".

    A day is one where the words beside it tell so: "Sunday Ogunleye, 43, wept".
    """
    word, start = words[0]
    is_day = gender_of(word) is None and word in WEEKDAYS
    if len(words) not in (2, 3) or (gender_of(word) is None and not is_day) or word.lower() in NOT_GIVEN:
        return False
    end = words[-1].start + len(words[-1].text)
    if word.lower() not in _CALENDAR and not opens_sentence(text, start):
        return True
    is_told = is_told_person(text, start, end) or (not is_day and _is_subject(text, start, end))
    return is_told and not DAY_BEFORE.search(text, max(0, start - FARTHEST_BEFORE), start)


def _called(words: Sequence[_PlacedWord]) -> list[_PlacedWord]:
    """Return a name without its nickname; from the nickname on where it is a given name: Robert "Bobby" Lee."""
    places = _nickname_in(words)
    without = [word for place, word in enumerate(words) if place not in places]
    return list(words[places.start :]) if is_given(_nickname(words)) else without


def _formal(words: Sequence[_PlacedWord]) -> tuple[str, ...]:
    """Return a name without its nickname, where the nickname is a given name; empty where it has no such nickname."""
    if not is_given(_nickname(words)):
        return ()
    places = _nickname_in(words)
    return tuple(bare_name(word) for place, (word, _) in enumerate(words) if place not in places)


def _nickname(words: Sequence[_PlacedWord]) -> str:
    """Return the nickname in a name if it is one word, else an empty text."""
    places = _nickname_in(words)
    return bare_name(words[places.start].text) if len(places) == 1 else ""


def _nickname_in(words: Sequence[_PlacedWord]) -> range:
    """Return which words of a name stand in marks."""
    for first, (word, _) in enumerate(words):
        if first and word[0] in _NICKNAME_MARKS:
            last = next((at for at in range(first, len(words)) if words[at].text[-1] in _NICKNAME_ENDS), None)
            return range(first, last + 1) if last is not None else range(0)
    return range(0)


def bare_name(words: str) -> str:
    """Return a name without possessive, suffix and marks at its ends."""
    return SUFFIX.sub("", POSSESSIVE.sub("", words.strip(" ,.;:\xa0\"“”‘’'"))).strip(" ,.")


class NameForms:
    """The full names that the runs of one text may hold."""

    def __init__(self, text: str, runs: Sequence[CapitalisedRun], personal: Iterable[Span]) -> None:
        """`personal` are spans that a parser takes for persons: hints, never needed."""
        self._text = text
        self._runs = runs
        self._printed = {run.name for run in runs}
        self._known_as = _known_as(runs)
        self._hinted = Counter(_last_words(span.of(text), LONGEST_NAME) for span in personal)
        self.single_words = {run.words[0] for run in runs if len(run.words) == 1}
        self._addressed = {run.words[0] for run in runs if len(run.words) == 1 and run.gender is not None}

    def is_hinted(self, words: Sequence[str]) -> bool:
        """Return whether the parser takes these words for a person."""
        return self._hinted[" ".join(words)] > 0

    def believed(self) -> list[str]:
        """Return the full names to believe in, the best form of each person first."""
        votes: Counter[str] = Counter()
        told: set[str] = set()
        for run in self._runs:
            if (form := self.form_of(run)) is not None:
                votes[form] += 1 + GIVEN_NAME_VOTES * is_given(form.split()[0]) + self.is_hinted(form.split())
                if _is_plain_titled(run) or is_told_person(self._text, run.start, run.end):
                    told.add(form)
        by_surname: dict[str, list[str]] = {}
        for form, _ in votes.most_common():
            by_surname.setdefault(name_key(without_suffix(form)[-1]), []).append(form)
        return [form for forms in by_surname.values() for form in _believed(forms, self._hinted, told)]

    def form_of(self, run: CapitalisedRun) -> str | None:
        """Return the part of a run that reads as a full name; None where no part does."""
        if not self._may_hold_name(run):
            return None
        words = run.words[: self._surname_end(run)]
        name = next((name for rule in _FORM_RULES if (name := rule(self, run, words)) is not None), ())
        if not name or len(name) > LONGEST_NAME or any(map(is_no_name, name)):
            return None
        if any(word.lower() in NOT_NAMES and not word.islower() for word in name[1:-1]):
            return None  # a headline: "Turnout In Tarn"
        if _is_doing(name[0]) and tuple(name) == run.words and opens_sentence(self._text, run.start):
            return None  # "Getting Holm right is hard"
        if self._is_street(run, name) or (name[-1].lower() in NO_SURNAMES and not is_given(name[0])):
            return None
        form = " ".join(name)
        if run.suffix and tuple(name) == run.words[-len(name) :]:
            return f"{form} {run.suffix}"
        return self._known_as.get(form, form)

    def _is_street(self, run: CapitalisedRun, name: Sequence[str]) -> bool:
        """Return whether a name is that of a street behind a preposition, "a resident of Mill Lane", and of nobody."""
        if name[-1].lower() not in _STREETS or is_given(name[0]) or run.is_titled:
            return False
        return PLACE_BEFORE.search(self._text, max(0, run.start - FARTHEST_BEFORE), run.start) is not None

    def _may_hold_name(self, run: CapitalisedRun) -> bool:
        """Return whether a run is long enough, and its last word is a surname, though it may be a common word too."""
        words = run.words
        if len(words) < 2:
            return False
        last = words[-1].lower()
        if last not in ORGANISATIONS and last not in NOT_NAMES:
            return True
        return (is_given(words[-2]) and self.is_hinted(words[-2:])) or self._is_surname_here(run)

    def _is_surname_here(self, run: CapitalisedRun) -> bool:
        """Return whether a common word ends a name ("Nora March, a nurse"): by its surroundings, or as it speaks."""
        word = run.words[-1]
        if len(run.words) > LONGEST_UNLISTED or (word.lower() in _PRONOUNS and word.lower() not in _SURNAMES):
            return False
        if word.lower() in ORGANISATIONS and run.gender is not None:
            return True  # "Dame Quinxa Court"
        if gender_of(run.words[-2]) is None:
            return word.lower() in _SURNAMES and speaks_beside(self._text, run.start, run.end)
        if word.lower() in ORGANISATIONS:
            is_titled = run.is_titled or word in self._addressed  # "Mr Cable"
            return is_titled or is_told_single(self._text, run.start, run.end)
        if is_told_person(self._text, run.start, run.end) or self._speaks_alone(word):
            return True
        if word.lower() in _CALENDAR and word.lower() not in _SURNAMES:
            return False
        return run.is_titled or (word.lower() in _SURNAMES and acts_behind(self._text, run.end))

    def _speaks_alone(self, word: str) -> bool:
        """Return whether the article has this word, no pronoun, as a speaker by itself: "Friday said"."""
        if word.lower() in _PRONOUNS:
            return False
        return any(speaks_here(self._text, place) for place in places_of(self._text, word))

    def _is_whole(self, run: CapitalisedRun, end: int) -> bool:
        """Return whether the last word of a run belongs to the name ("Carlos Ruiz Zafra, a nurse"): no headline."""
        return len(run.words) == end + 1 and (
            self._text.startswith(",", run.end) or _is_subject(self._text, run.start, run.end)
        )

    def _is_in_prose(self, run: CapitalisedRun) -> bool:
        """Return whether a run is a speaker's, or its sentence goes on behind it: there only names have capitals."""
        line = self._text.find("\n", run.end)
        behind = self._text[run.end : line if line >= 0 else len(self._text)]
        is_plain = all(_may_open_name(word) and word.lower() not in NOT_NAMES for word in run.words)
        return is_plain and (GOES_ON.match(behind) is not None or self._is_name_of_speaker(run))

    def _surname_end(self, run: CapitalisedRun) -> int:
        """Return where a name ends before a headline goes on ("Ann Lee Hammers Bank"): its end may stand by itself."""
        words = run.words
        if not is_given(words[0]) and not self.is_hinted(words[:2]):
            return len(words)
        if len(words) > 3 and " ".join(words[:2]) in self._printed and " ".join(words[2:]) not in self._printed:
            return 2
        if self._is_in_prose(run):
            return len(words)
        for index, word in enumerate(words[1:], 1):
            if word in self.single_words and not is_only_given(word) and not self._is_whole(run, index + 1):
                return index + 1
        return len(words)

    def _from_given_name(self, run: CapitalisedRun, words: Sequence[str]) -> Sequence[str] | None:
        """Return a name from its given name on, or from further left where the parser hints at it."""
        given = [index for index, word in enumerate(words[:-1]) if is_given(word) and not word.islower()]
        if not given:
            return None
        first = given[-1]
        if given[0] == 0 and not any(map(_is_job, words)) and self._is_in_prose(run):
            return words  # "Ann Lim Mei Ling"
        is_name = self._is_name_of_speaker(run)
        while first and (_belongs_to_name(words[:first]) or (is_name and _may_begin_name(words[first - 1]))):
            first -= 1
        ends = (index for index in range(first) if not any(map(is_no_name, words[index:])))
        longer = next((index for index in ends if self.is_hinted(words[index:])), first)
        return words[first if words[longer].lower() in NOT_GIVEN else longer :]

    def _is_name_of_speaker(self, run: CapitalisedRun) -> bool:
        """Return whether nothing but a name stands here: a title is before it, a closing mark or a verb of speech."""
        if _is_plain_titled(run) or BEHIND_WORDS.search(self._text, max(0, run.start - 3), run.start):
            return True
        return SPEECH_AT_ONCE_BEFORE.search(self._text, max(0, run.start - FARTHEST_SPEECH), run.start) is not None

    def _as_hinted(self, run: CapitalisedRun, words: Sequence[str]) -> Sequence[str] | None:
        """Return the longest end of a run that the parser takes for a person."""
        ends = (words[index:] for index in range(len(words) - 1) if self.is_hinted(words[index:]))
        hinted = next((words if end[0].islower() else end for end in ends), None)  # "ben Ami" of "Noa ben Ami"
        before = words[: -len(hinted)] if hinted is not None else ()
        if before and self._is_name_of_speaker(run) and all(map(_may_begin_name, before)):
            return words
        if hinted is None or _may_open_name(hinted[0]) or self._is_told(run, hinted[0]):
            return hinted
        return ()

    def _as_surrounded(self, run: CapitalisedRun, words: Sequence[str]) -> Sequence[str] | None:
        """Return a whole run that a title, an initial, or its surroundings make a name; a common surname is checked."""
        is_marked = (
            words[-1].lower() in NOT_NAMES
            or run.is_titled
            or bool(INITIAL.match(words[0]))
            or self._is_short_name(run, words)
        )
        return words if is_marked and (_may_open_name(words[0]) or self._is_told(run, words[0])) else None

    def _is_told(self, run: CapitalisedRun, first: str) -> bool:
        """Return whether a place may open a name, since the words beside it tell of a person: "Paris Lee, a nurse"."""
        is_given_too = first.lower() in NOT_GIVEN and gender_of(first) is not None
        return is_given_too and is_told_single(self._text, run.start, run.end)

    def _is_short_name(self, run: CapitalisedRun, words: Sequence[str]) -> bool:
        """Return whether a short run is used as a name: its surname recurs, it speaks, or it has a rarer given name."""
        return sum(word not in PARTICLES for word in words) <= LONGEST_UNLISTED and (
            words[-1] in self.single_words
            or speaks_beside(self._text, run.start, run.end)
            or is_told_person(self._text, run.start, run.end)
            or (gender_of(words[0]) is not None and self._is_met_in_text(run, words[0]))
        )

    def _is_met_in_text(self, run: CapitalisedRun, given: str) -> bool:
        """Return whether a name with a rarer given name stands inside a sentence, or acts and is "he" or "she" then."""
        if not opens_sentence(self._text, run.start):
            return True
        pronouns = HE if gender_of(given) == "m" else SHE
        behind = re.findall(r"\w+", self._text[run.end : run.end + FARTHEST_PRONOUN].split("\n")[0].lower())
        return bool(ACTS_AT_ONCE.match(self._text, run.end)) and not pronouns.isdisjoint(behind)


# Each returns the words of the name, an empty sequence where the run is certainly no name, and None where the rule
# does not apply. The first rule that applies decides.
_FORM_RULES = (NameForms._from_given_name, NameForms._as_hinted, NameForms._as_surrounded)


def _is_doing(word: str) -> bool:
    """Return whether a word has the form of "getting", and is no given name."""
    return DOING.fullmatch(word) is not None and not _may_be_given(word)


def _may_begin_name(word: str) -> bool:
    """Return whether a word in no list may be the given name of those behind it: no job, small word or country."""
    if _is_job(word) or is_no_name(word) or not word[:1].isupper():
        return False
    return _may_open_name(word) and word.lower() not in NOT_NAMES and word.lower() not in _NATIONALITIES


def _may_open_name(word: str) -> bool:
    """Return whether a word that is no given name may open a name: no place, party, title or particle."""
    plain = word.lower()
    return not (plain in NOT_GIVEN or plain in ORGANISATIONS or plain in PARTICLES or plain in titles())


def _belongs_to_name(words: Sequence[str]) -> bool:
    """Return whether the last of these words belongs to the name that stands behind them."""
    word = words[-1]
    if is_given(word) or INITIAL.match(word) or (len(words) > 1 and is_given(words[-2]) and LETTER.match(word)):
        return True
    may_be_name = _may_open_name(word) and not _is_job(word) and not is_no_name(word) and word.lower() not in NOT_NAMES
    return may_be_name and gender_of(word) is not None


def is_no_name(word: str) -> bool:
    """Return whether a word has a digit, is a contraction ("I'm"), or stands for a country or body ("U.S.", "AI")."""
    if any(map(str.isdecimal, word)) or CONTRACTION.search(word) or word in NO_INITIALS:
        return True
    return word.isupper() and word.isalpha() and SHORTEST_ACRONYM <= len(word) <= LONGEST_ACRONYM


def _known_as(runs: Sequence[CapitalisedRun]) -> dict[str, str]:
    """Return by each form of a name with a nickname the one form to use: the one that is printed without it, too."""
    plain = {run.name for run in runs if not run.formal}
    known: dict[str, str] = {}
    for run in runs:
        if run.formal:
            forms = (run.name, " ".join(run.formal), f"{run.formal[0]} {run.formal[-1]}")
            chosen = next((form for form in forms if form in plain), run.name)
            known |= dict.fromkeys(forms, chosen)
    return known


def _believed(forms: Sequence[str], hinted: Mapping[str, int], told: Collection[str]) -> list[str]:
    """Return one form a person, of forms with one surname, most voted first; none that only noise can have made.

    `told` are the forms that a title or a noun beside them makes a person's.
    """
    kept: list[str] = []
    for form in sorted(forms, key=lambda form: not is_given(form.split()[0])):
        given = form.split()[0]
        same = next((index for index, other in enumerate(kept) if _is_one_name(form, other)), None)
        if same is not None:
            if _is_fuller(form, kept[same]) or _lacks_given(form, kept[same], hinted):
                kept[same] = form
        elif is_given(given) or gender_of(given) or hinted[form] or form in told or not kept:
            kept.append(form)
    return kept


def _is_fuller(form: str, other: str) -> bool:
    """Return whether a form with the same given name is longer, by one word at most: "Ann K. Lee" for "Ann Lee"."""
    words = form.split()
    is_same = may_be_same_given(other.split()[0], words[0])
    return is_same and len(form) > len(other) and not words[0].endswith(".") and len(words) <= len(other.split()) + 1


def _lacks_given(form: str, other: str, hinted: Mapping[str, int]) -> bool:
    """Return whether a form ends with the other, which is not whole: "Ben Ami" of "Noa ben Ami", "Al Saud".

    Where the other begins with no particle, a parser has to take the longer form for a person.
    """
    first = other.split()[0]
    if not form.lower().endswith(f" {other.lower()}"):
        return False
    return first.lower() in PARTICLES or bool(hinted[form] and not is_given(first))


def _is_one_name(form: str, other: str) -> bool:
    """Return whether two forms with one surname are of one person: by the given name, or as one ends the other.

    A suffix tells two people of one name apart.
    """
    suffix, other_suffix = suffix_of(form), suffix_of(other)
    if suffix != other_suffix and ((suffix and other_suffix) or form.split()[0] == other.split()[0]):
        return False
    whole, rest = " ".join(without_suffix(form)).lower(), " ".join(without_suffix(other)).lower()
    is_inside = whole.endswith(f" {rest}") or rest.endswith(f" {whole}")
    return is_inside or may_be_same_given(other.split()[0], form.split()[0])


def suffix_of(name: str) -> str:
    """Return the suffix of a name without its stop: "Jr"; empty where it has none."""
    last = name.rsplit(" ", 1)[-1].strip(".")
    return last if last in SUFFIXES and " " in name else ""


def without_suffix(name: str) -> list[str]:
    """Return the words of a name without "Jr.", "III" and the like."""
    words = name.split()
    return words[:-1] if suffix_of(name) else words


def _last_words(words: str, number: int) -> str:
    return " ".join(bare_name(words).split()[-number:])


@cache
def titles() -> dict[str, str]:
    """Return titles in lower case, each with the noun for its office; "" where it names no office."""
    return {line.partition("\t")[0]: line.partition("\t")[2] for line in lines("titles.txt")}


@cache
def role_of(word: str) -> str | None:
    """Return the noun for an office, where the word is one: "sen" and "senator" are one."""
    role = titles().get(word, "")
    return role if role not in NO_OFFICES else None


def roles_before(text: str, start: int) -> set[str]:
    """Return the words in lower case before a name, in its sentence: "governor" of "the former governor Jim Doe"."""
    if text[start - 1 : start] != " ":
        return set()
    before = SENTENCE_BREAK.split(text[max(0, start - FARTHEST_BEFORE) : start])[-1]
    words = _ROLE_WORD.findall(before)[-MOST_BEFORE:]
    beside = list(takewhile(lambda word: word.islower() and word not in NOT_ROLES, reversed(words)))
    return {_role(word) for word in beside if len(word) >= SHORTEST_ROLE}


def roles_behind(text: str, start: int, end: int) -> set[str]:
    """Return the words of the aside behind a name: "senator" for "Jim Doe, a Texas senator,".

    Behind "According to Jim Doe, the senator left" stands no aside.
    """
    match = ASIDE.match(text[end : end + FARTHEST_BEHIND])
    if match is not None and follows_according(text, start) and text[end + match.end() :][:1] != ",":
        return set()
    words = list(takewhile(lambda word: word not in NOT_ROLES, _ROLE_WORD.findall(match[1].lower()))) if match else []
    return {_role(word) for word in words if len(word) >= SHORTEST_ROLE}


def _role(word: str) -> str:
    """Return the office of a word in lower case, else the word: a father is no priest."""
    return word if is_kin(word) else role_of(word) or word


def follows_according(text: str, start: int) -> bool:
    """Return whether a name stands behind "according to", so that a comma ends the phrase."""
    return ACCORDING.search(text, max(0, start - LONGEST_ACCORDING), start) is not None


@cache
def given_names() -> dict[str, str]:
    """Return common given names in lower case, each with "f" or "m", or "?" for a name of both."""
    return {name: line[0] for line in lines("given_names.txt") for name in line.split()[1:]}


@cache
def _genders() -> dict[str, str]:
    """Return rarer given names in lower case, each with "f" or "m"."""
    return {name: line[0] for line in lines("genders.txt") for name in line.split()[1:]}


def is_given(word: str) -> bool:
    """Return whether a word is a common given name."""
    return name_key(word) in given_names()


def is_only_given(word: str) -> bool:
    """Return whether a word is a given name of women or of men: a name of both ("Kelly") is often a surname."""
    return given_names().get(name_key(word), "?") != "?"


def gender_of(given: str) -> str | None:
    """Return "f" or "m" where a given name is nearly always a woman's or a man's.

    A rarer name with a hyphen that is in no list goes by its first half.
    """
    key = name_key(given)
    gender = given_names().get(key) or _genders().get(key) or _genders().get(key.partition("-")[0])
    return None if gender == "?" else gender


def may_be_same_given(one: str, other: str) -> bool:
    """Return whether two given names may be of one person: equal, an initial, or short for the other (Don, Donald)."""
    return given_names_agree(name_key(one), name_key(other), _may_be_short_for)


def _may_be_short_for(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)))


@lru_cache(maxsize=10_000)  # more words than the names of an article have
def name_key(word: str) -> str:
    """Return a word of a name as it is compared: in lower case, without "al-" and "d’", stops, marks at its ends."""
    key = word.lower().replace("’", "'").strip(".'")
    return PREFIX.sub("", key, 1) if PREFIX.match(key) else key


def opens_sentence(text: str, position: int) -> bool:
    """Return whether a sentence, or a line, begins here or one title before."""
    before = text[max(0, position - FARTHEST_STOP) : position].rstrip(" \xa0\"“‘'")
    if not before or before[-1] in ".?!\n:" or TIME_OF_ENTRY.search(before):
        return True
    last = before.rsplit(None, 1)[-1]
    rest = before[: -len(last)].rstrip(" \"“‘'")
    return last[:1].isupper() and (not rest or rest[-1] in ".?!\n")


def speaks_beside(text: str, start: int, end: int) -> bool:
    """Return whether a verb of speech stands directly beside the name."""
    before = text[max(0, start - FARTHEST_SPEECH) : start]
    return bool(SPEECH_BEFORE.search(before) or SPEECH_BEHIND.match(text[end : end + FARTHEST_SPEECH]))


def is_told_person(text: str, start: int, end: int) -> bool:
    """Return whether an age, "who", a noun for a person or a part in court beside a name tells that it is a person's.

    A noun for companies as well ("the producer") does where "she said" stands in the paragraph behind.
    """
    behind = text[end : end + FARTHEST_NOUN_BEHIND]
    if AGE_BEHIND.match(behind) or WHO_BEHIND.match(behind) or IN_COURT.match(behind):
        return True
    nouns = (
        NOUN_BEHIND.match(behind) if behind.startswith(",") else None,
        NOUN_BEFORE.search(text, max(0, start - FARTHEST_NOUN_BEFORE), start),
    )
    found = [noun_of_person(match["noun"]) for match in nouns if match is not None and match["noun"].islower()]
    if any(noun is not None and not is_company(noun) for noun in found):
        return True
    return any(noun is not None for noun in found) and PERSON_SPEAKS.match(text, end) is not None


def acts_behind(text: str, end: int) -> bool:
    """Return whether a verb follows the name."""
    return bool(ACTS.match(text, end))


def places_of(text: str, word: str) -> list[Span]:
    """Return where a capitalised word stands by itself, between no other capitals."""
    alone = re.compile(rf"(?<![\w’'-]){re.escape(word)}(?![\w-])(?! [A-Z])")
    return [Span(*match.span()) for match in alone.finditer(text) if not _is_behind_capital(text, match.start())]


def _is_behind_capital(text: str, position: int) -> bool:
    """Return whether the word before a place, in its sentence, has a capital."""
    before = text[max(0, position - FARTHEST_STOP) : position]
    return before.endswith(" ") and not _ends_sentence(word := before.split(" ")[-2]) and word[:1].isupper()


def is_name_here(text: str, place: Span) -> bool:
    """Return whether a common word that is somebody's surname means the person: beside a verb of speech, or else.

    A word that is neither a day nor a month has its capital by being a name, except where it opens a sentence.
    """
    if speaks_here(text, place):
        return True
    if place.of(text).lower() in _CALENDAR:
        return False
    if opens_sentence(text, place.start):
        return bool(ACTS_AT_ONCE.match(text, place.end))
    return bool(LOWER_BEFORE.search(text, max(0, place.start - FARTHEST_SPEECH), place.start))


def speaks_here(text: str, place: Span) -> bool:
    """Return whether a word is the subject of a verb of speech directly beside it; a day has to open the sentence."""
    before = text[max(0, place.start - FARTHEST_SPEECH) : place.start]
    if QUOTED_BY.search(before):
        return True
    if not SPEECH_AT_ONCE.match(text, place.end):
        return False
    is_opening = opens_sentence(text, place.start) or before.rstrip()[-1:] in "”’\"'"
    return is_opening or place.of(text).lower() not in _CALENDAR


def is_told_single(text: str, start: int, end: int) -> bool:
    """Return whether the words beside a single capitalised word tell that a person is called so: "her brother Omar".

    So does "Hartoyo, who runs the mill" where "he" or "she" speaks in the paragraph.
    """
    before = text[max(0, start - FARTHEST_BEFORE) : start]
    behind = text[end : end + FARTHEST_BEHIND]
    if CALLED_BEFORE.search(before) or ONE_NAME_BEHIND.match(behind) or AGE_BEHIND.match(behind):
        return True
    if AS_FOR_BEFORE.search(before) and HE_OR_SHE_AT_ONCE.match(behind):
        return True
    noun = NOUN_BEFORE.search(before)
    if noun is not None and noun["noun"].islower() and (person := noun_of_person(noun["noun"])) is not None:
        is_aside = before.endswith(", ")
        if is_kin(person) and (not is_aside or behind[:1] in (",", ".")):
            return True
        return not is_company(person) and (not is_aside or behind.startswith(","))
    called = NOUN_CALLED_BEFORE.search(before)
    if called is not None and noun_of_person(called["noun"]) is not None:
        return True
    if WHO_BEHIND.match(behind) and HE_OR_SHE_BEHIND.match(text, end):
        return True
    apposed = A_NOUN_BEHIND.match(behind) if AT_BEFORE.search(before) is None else None  # "at home in Tarn, his wife"
    person = noun_of_person(apposed["noun"]) if apposed is not None else None
    return person is not None and not is_company(person)
