"""Find the full names that runs of capitalised words hold. Characters only, over the whole text, parsed or not.

A form is trusted by its given name, its title, or the parser. A form that only a headline or the beginning of a
sentence could have made ("Comedian Ann Lee", "Paris Ann Lee") gives way to the form inside it. Titles, given names and
the words directly around a name come last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from quotetrack.core.domain import Span
from quotetrack.core.names import given_names_agree
from quotetrack.lang import lines, sections
from quotetrack.lang.en.name_words import (
    ACTS,
    ADDRESS,
    ASIDE,
    CONTRACTION,
    HONOURS,
    INITIAL,
    LETTER,
    NO_OFFICES,
    POSSESSIVE,
    RUN,
    SPEECH_BEFORE,
    SPEECH_BEHIND,
    SUFFIX,
)

# Letters of a word, its stop included, above which the stop ends a sentence: shorter ones are abbreviations.
LONGEST_ABBREVIATION = 4
LONGEST_NAME = 5  # words
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
# Characters before a place within which a sentence may end.
FARTHEST_STOP = 30

_WORD = re.compile(r"[^ \xa0]+")
_ROLE_WORD = re.compile(r"[\w-]+")
_NICKNAME_MARKS = '"“'


def words_of(section: str) -> frozenset[str]:
    """Return the words of one section of `names.txt`."""
    return frozenset(word for line in sections("names.txt")[section] for word in line.split())


PARTICLES = words_of("particle")
NOT_NAMES = words_of("not_name")
ORGANISATIONS = words_of("organisation")
_NOT_GIVEN = words_of("not_given")


@dataclass(frozen=True, slots=True)
class CapitalisedRun:
    """A run of capitalised words that may be a name: titles before it and a possessive behind are taken off."""

    start: int
    end: int
    words: tuple[str, ...]
    is_titled: bool
    gender: str | None
    roles: frozenset[str]
    is_owner: bool
    formal: tuple[str, ...] = ()  # of Robert “Bobby” Lee, with the words Bobby Lee, this is Robert Lee

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
    return [
        run
        for stretch in stretches
        for match in RUN.finditer(text, stretch.start, stretch.end)
        for run in _split(text, match.start(), match[0])
    ]


def _split(text: str, start: int, printed: str) -> Iterator[CapitalisedRun]:
    """Yield the names in capitalised words that begin at `start`: a possessive or a sentence ends a name."""
    words: list[_PlacedWord] = []
    for match in _WORD.finditer(printed):
        word = match[0]
        words.append(_PlacedWord(word, start + match.start()))
        is_possessive = POSSESSIVE.search(word) and len(word) > 2
        if is_possessive or _ends_sentence(word):
            yield from _run(text, words)
            words = []
    yield from _run(text, words)


def _ends_sentence(word: str) -> bool:
    return word.endswith(".") and len(word) > LONGEST_ABBREVIATION and word.lower().strip(".") not in titles()


def _run(text: str, words: Sequence[_PlacedWord]) -> Iterator[CapitalisedRun]:
    """Yield the name in some words, if they hold one."""
    title = _title_of(words)
    is_titled = title.words > 0
    printed = _without_small_words(words[title.words :], is_titled)
    kept = _called(printed)
    if not kept or (len(kept) == 1 and not is_titled and kept[0].text.lower().strip(".") in titles()):
        return
    last = kept[-1]
    end = last.start + len(last.text)
    bare = [plain for word, _ in kept if (plain := word if INITIAL.match(word) else bare_name(word))]
    while len(bare) > 2 and bare[-1] in HONOURS:
        bare.pop()
    if bare:
        roles = frozenset(title.roles | roles_before(text, words[0].start) | roles_behind(text, end))
        is_owner = bool(POSSESSIVE.search(last.text))
        yield CapitalisedRun(
            printed[0].start, end, tuple(bare), is_titled, title.gender, roles, is_owner, _formal(printed)
        )


def _title_of(words: Sequence[_PlacedWord]) -> _Title:
    """Return the titles before a name; one at the very end of the words is no title of a name."""
    roles: set[str] = set()
    gender, count = None, 0
    for index, word in enumerate(words[:-1]):
        plain = word.text.lower().strip(".,")
        if plain in titles():
            count = index + 1
            gender = ADDRESS.get(plain, gender)
            roles |= {titles()[plain]} - {""}
    return _Title(count, gender, roles)


def _without_small_words(words: Sequence[_PlacedWord], is_titled: bool) -> list[_PlacedWord]:
    """Return a name without small words before it ("On Monday Ann Lee") and particles behind it."""
    kept = list(words)
    while kept and not is_titled and kept[0].text.lower().strip(".’'") in NOT_NAMES:
        kept.pop(0)
    while kept and kept[-1].text in PARTICLES:
        kept.pop()
    return kept


def _called(words: Sequence[_PlacedWord]) -> list[_PlacedWord]:
    """Return a name without its nickname; from the nickname on where it is a given name: Robert "Bobby" Lee."""
    at = _nickname_in(words)
    if at is None:
        return list(words)
    return list(words[at:]) if is_given(bare_name(words[at].text)) else [*words[:at], *words[at + 1 :]]


def _formal(words: Sequence[_PlacedWord]) -> tuple[str, ...]:
    """Return a name without its nickname, where the nickname is a given name; empty where it has no such nickname."""
    at = _nickname_in(words)
    if at is None or not is_given(bare_name(words[at].text)):
        return ()
    return tuple(bare_name(word) for word, _ in (*words[:at], *words[at + 1 :]))


def _nickname_in(words: Sequence[_PlacedWord]) -> int | None:
    return next((i for i, (word, _) in enumerate(words) if i and word[0] in _NICKNAME_MARKS), None)


def bare_name(words: str) -> str:
    """Return a name without possessive, suffix and marks at its ends."""
    return SUFFIX.sub("", POSSESSIVE.sub("", words.strip(' ,.;:\xa0"“”'))).strip(" ,.")


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

    def is_hinted(self, words: Sequence[str]) -> bool:
        """Return whether the parser takes these words for a person."""
        return self._hinted[" ".join(words)] > 0

    def believed(self) -> list[str]:
        """Return the full names to believe in, the best form of each person first."""
        votes: Counter[str] = Counter()
        for run in self._runs:
            if (form := self.form_of(run)) is not None:
                votes[form] += 1 + GIVEN_NAME_VOTES * is_given(form.split()[0]) + self._hinted[form]
        by_surname: dict[str, list[str]] = {}
        for form, _ in votes.most_common():
            by_surname.setdefault(name_key(form.split()[-1]), []).append(form)
        return [form for forms in by_surname.values() for form in _believed(forms, self._hinted)]

    def form_of(self, run: CapitalisedRun) -> str | None:
        """Return the part of a run that reads as a full name; None where no part does."""
        if not self._may_hold_name(run.words):
            return None
        words = run.words[: self._surname_end(run.words)]
        name = next((name for rule in _FORM_RULES if (name := rule(self, run, words)) is not None), ())
        if not name or len(name) > LONGEST_NAME or any(map(_is_no_name, name)):
            return None
        form = " ".join(name)
        return self._known_as.get(form, form)

    def _may_hold_name(self, words: Sequence[str]) -> bool:
        """Return whether a run is long enough and ends in no word of organisations, save a hinted "Ann Church"."""
        if len(words) < 2:
            return False
        is_common = words[-1].lower() in ORGANISATIONS or words[-1].lower() in NOT_NAMES
        return not is_common or (is_given(words[-2]) and self.is_hinted(words[-2:]))

    def _surname_end(self, words: Sequence[str]) -> int:
        """Return where a name ends before a headline goes on ("Ann Lee Hammers Bank"): its end may stand by itself."""
        if not is_given(words[0]) and not self.is_hinted(words[:2]):
            return len(words)
        if len(words) > 3 and " ".join(words[:2]) in self._printed and " ".join(words[2:]) not in self._printed:
            return 2
        for index, word in enumerate(words[1:], 1):
            if word in self.single_words and not is_only_given(word):
                return index + 1
        return len(words)

    def _from_given_name(self, run: CapitalisedRun, words: Sequence[str]) -> Sequence[str] | None:
        """Return a name from its given name on, or from further left where the parser hints at it."""
        given = [index for index, word in enumerate(words[:-1]) if is_given(word)]
        if not given:
            return None
        first = given[-1]
        while first and _belongs_to_name(words[:first]):
            first -= 1
        longer = next((index for index in range(first) if self.is_hinted(words[index:])), first)
        return words[first if words[longer].lower() in _NOT_GIVEN else longer :]

    def _as_hinted(self, run: CapitalisedRun, words: Sequence[str]) -> Sequence[str] | None:
        """Return the longest end of a run that the parser takes for a person."""
        hinted = next((words[index:] for index in range(len(words) - 1) if self.is_hinted(words[index:])), None)
        return hinted if hinted is None or _may_open_name(hinted[0]) else ()

    def _as_surrounded(self, run: CapitalisedRun, words: Sequence[str]) -> Sequence[str] | None:
        """Return a whole run that a title, an initial, or its surroundings make a name."""
        is_marked = run.is_titled or bool(INITIAL.match(words[0])) or self._is_short_name(run, words)
        return words if is_marked and _may_open_name(words[0]) else None

    def _is_short_name(self, run: CapitalisedRun, words: Sequence[str]) -> bool:
        """Return whether a short run is used as a name: its surname recurs, it speaks, or it has a rarer given name."""
        return len(words) <= LONGEST_UNLISTED and (
            words[-1] in self.single_words
            or speaks_beside(self._text, run.start, run.end)
            or (gender_of(words[0]) is not None and not opens_sentence(self._text, run.start))
        )


# Each returns the words of the name, an empty sequence where the run is certainly no name, and None where the rule
# does not apply. The first rule that applies decides.
_FORM_RULES = (NameForms._from_given_name, NameForms._as_hinted, NameForms._as_surrounded)


def _may_open_name(word: str) -> bool:
    """Return whether a word that is no given name may open a name: no place, party, title or particle."""
    plain = word.lower()
    return not (plain in _NOT_GIVEN or plain in ORGANISATIONS or plain in PARTICLES or plain in titles())


def _belongs_to_name(words: Sequence[str]) -> bool:
    """Return whether the last of these words belongs to the name that stands behind them."""
    after_given = len(words) > 1 and is_given(words[-2])
    return bool(is_given(words[-1]) or INITIAL.match(words[-1]) or (after_given and LETTER.match(words[-1])))


def _is_no_name(word: str) -> bool:
    """Return whether a word has a digit, is a contraction ("I'm"), or stands for an organisation ("AI")."""
    if any(map(str.isdecimal, word)) or CONTRACTION.search(word):
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


def _believed(forms: Sequence[str], hinted: Mapping[str, int]) -> list[str]:
    """Return one form a person, of forms with one surname, most voted first; none that only noise can have made."""
    kept: list[str] = []
    for form in sorted(forms, key=lambda form: not is_given(form.split()[0])):
        given = form.split()[0]
        same = next((index for index, other in enumerate(kept) if _is_one_name(form, other)), None)
        if same is not None:
            if _is_fuller(form, kept[same]) or (hinted[form] and _lacks_given(form, kept[same])):
                kept[same] = form
        elif is_given(given) or gender_of(given) or hinted[form] or not kept:
            kept.append(form)
    return kept


def _is_fuller(form: str, other: str) -> bool:
    """Return whether a form with the same given name is longer, by one word at most: "Ann K. Lee" for "Ann Lee"."""
    words = form.split()
    is_same = may_be_same_given(other.split()[0], words[0])
    return is_same and len(form) > len(other) and not words[0].endswith(".") and len(words) <= len(other.split()) + 1


def _lacks_given(form: str, other: str) -> bool:
    """Return whether a form ends with the other, which is not whole: it begins with no given name ("Al Saud")."""
    first = other.split()[0]
    return form.endswith(f" {other}") and (not is_given(first) or first.lower() in PARTICLES)


def _is_one_name(form: str, other: str) -> bool:
    """Return whether two forms with one surname are of one person: by the given name, or as one ends the other."""
    is_inside = form.endswith(f" {other}") or other.endswith(f" {form}")
    return is_inside or may_be_same_given(other.split()[0], form.split()[0])


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
    """Return the words in lower case just before a name: "governor" for "the former governor Jim Doe"."""
    if text[start - 1 : start] != " ":
        return set()
    words = _ROLE_WORD.findall(text[max(0, start - FARTHEST_BEFORE) : start].rsplit("\n", 1)[-1])[-MOST_BEFORE:]
    return {role_of(word) or word for word in words if word.islower() and len(word) >= SHORTEST_ROLE}


def roles_behind(text: str, end: int) -> set[str]:
    """Return the words of the aside behind a name: "senator" for "Jim Doe, a Texas senator,"."""
    match = ASIDE.match(text[end : end + FARTHEST_BEHIND])
    words = _ROLE_WORD.findall(match[1].lower()) if match else []
    return {role_of(word) or word for word in words if len(word) >= SHORTEST_ROLE}


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


def name_key(word: str) -> str:
    """Return a word of a name as it is compared: in lower case, without stops and marks at its ends."""
    return word.lower().replace("’", "'").strip(".'")


def opens_sentence(text: str, position: int) -> bool:
    """Return whether a sentence, or a line, begins here or one title before."""
    before = text[max(0, position - FARTHEST_STOP) : position].rstrip(" \xa0\"“‘'")
    if not before or before[-1] in ".?!\n:":
        return True
    last = before.rsplit(None, 1)[-1]
    rest = before[: -len(last)].rstrip(" \"“‘'")
    return last[:1].isupper() and (not rest or rest[-1] in ".?!\n")


def speaks_beside(text: str, start: int, end: int) -> bool:
    """Return whether a verb of speech stands directly beside the name."""
    before = text[max(0, start - FARTHEST_SPEECH) : start]
    return bool(SPEECH_BEFORE.search(before) or SPEECH_BEHIND.match(text[end : end + FARTHEST_SPEECH]))


def acts_behind(text: str, end: int) -> bool:
    """Return whether a verb follows the name."""
    return bool(ACTS.match(text, end))
