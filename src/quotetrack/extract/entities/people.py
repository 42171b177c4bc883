"""The people of an article and every place where one is named. Characters only, with a parser's hints.

Names are runs of capitalised words over the whole text, so that a name counts wherever it stands, parsed or not. A
full name is trusted by its given name, its title, or the parser; a form that only a headline or a sentence opening
could have made ("Comedian Ann Lee", "Paris Ann Lee") gives way to the form inside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from quotetrack.core.domain import Span
from quotetrack.core.names import given_names_agree
from quotetrack.lang import lines, sections

LONGEST_NAME = 5  # words
# Letters of a word beside a name that may be what the text calls the person later ("the expert").
SHORTEST_ROLE = 4
# Characters before a name of one word in which such a title stands, with the space behind it.
LONGEST_REGNAL = 9
LONGEST_GIVEN = 25  # characters before the title in which a given name makes a surname of it
# Characters behind a name in which a pronoun tells whether it is a man's or a woman's.
PRONOUN_NEAR = 200

_CAPITAL = "A-ZÀ-ÖØ-ÞŠŽŁŚĆŻ"
_PARTICLE = r"d[eai]s?|d[ou]s?|v[ao]n|de[rn]|bin|ibn|al|el|la|le|ter|zu|y"
_WORD = (
    rf"(?:[{_CAPITAL}][\w’'\-]*(?:\.[A-Z])*\.?"
    rf"|(?:{_PARTICLE})(?=[ \xa0](?:(?:{_PARTICLE})[ \xa0])?[{_CAPITAL}])"
    r"|d[’'][A-Z]\w+|al-[A-Z]\w+)"
)
# In John “Jack” Lee, where one word stands behind it and no sentence ends before it.
_NICKNAME = (
    rf"(?<![a-z]\.[ \xa0])[\"“][{_CAPITAL}][\w-]{{1,12}}[\"”][ \xa0]"
    rf"(?=[{_CAPITAL}][\w’'-]*(?![\w’'-]|[ \xa0][{_CAPITAL}]))"
)
_RUN = re.compile(rf"(?<![\w@#/.])[{_CAPITAL}][\w’'\-]*\.?(?:\.?[A-Z]\.)*(?:[ \xa0](?:{_NICKNAME})?{_WORD})*")
_SUFFIX = re.compile(r",?[ \xa0](?:Jr|Sr|II|III|IV)\.?$")
# Honours and degrees behind a name are no part of it.
_HONOURS = frozenset("MBE OBE CBE DBE KBE MP MSP MEP QC KC PhD MD Esq".split())
# Titles that are part of a name of one word.
_REGNAL = re.compile(r"\b(?:Pope|King|Queen|Prince|Princess)[ \xa0]$")
_POSSESSIVE = re.compile(r"[’']s?$")
_INITIAL = re.compile(r"^(?:[A-Z]\.)+$")
_LETTER = re.compile(r"^[A-HJ-Z]$")  # an initial without its stop
_ADDRESS = {
    "mr": "m",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "sir": "m",
    "lord": "m",
    "lady": "f",
    "dame": "f",
    "baroness": "f",
}
_SPEECH = (
    "said|says|told|tells|added|adds|wrote|writes|explained|continued|asked|argued|noted|tweeted|recalled|insisted"
)
_ACTS = re.compile(
    r"(?:,[^,.\n]{3,80},)?\s(?:\w+ly\s|also\s|then\s|has\s|had\s|have\s|would\s|will\s)?"
    r"(?:is|was|has|had|will|would|could|may|did|does|took|went|made|came|got|gave|ran|met|held|led|left|won|lost|\w{2,}ed|\w{3,}s)\b"
)
_SPEECH_BEFORE = re.compile(rf"\b(?:{_SPEECH}|according to)\s(?:[A-Z][\w.]+\s)*$")
_PRONOUN = re.compile(r"\b(?:he|his|him|she|her)\b", re.IGNORECASE)
_SPEECH_BEHIND = re.compile(rf"\s(?:\w+\s)?(?:{_SPEECH})\b")


def words_of(section: str) -> frozenset[str]:
    """The words of one section of `cues/names.txt`."""
    return frozenset(word for line in sections("names.txt")[section] for word in line.split())


ORGANISATIONS = words_of("organisation")
_PARTICLES = words_of("particle")
_NOT_GIVEN = words_of("not_given")
_NOT_NAMES = words_of("not_name")


@dataclass(frozen=True, slots=True)
class NamePlace:
    """One place where a person is named: by full name or not, at the head of a sentence, as an owner, as a speaker."""

    start: int
    end: int
    is_full: bool
    opens_sentence: bool
    is_owner: bool
    speaks: bool
    acts: bool  # a verb follows: the subject of a clause

    @property
    def span(self) -> Span:
        """Its characters."""
        return Span(self.start, self.end)


@dataclass(slots=True)
class Person:
    """One person of the article: the fullest trusted name, and each place where a name of theirs stands in order."""

    name: str
    places: list[NamePlace] = field(default_factory=list)
    gender: str | None = None  # "f", "m"; None: cannot tell
    roles: set[str] = field(default_factory=set)  # words that stand beside the name, in small letters
    offices: set[str] = field(default_factory=set)  # of these and of the titles before the name, the offices

    @property
    def words(self) -> list[str]:
        """The words of the name."""
        return self.name.split()


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
    formal: tuple[str, ...] = ()  # Robert Lee, where Robert “Bobby” Lee is printed, whose words are Bobby Lee

    @property
    def name(self) -> str:
        """The words, joined."""
        return " ".join(self.words)


class People:
    """Finds the people of one text; answers who may be meant by a name."""

    def __init__(
        self,
        text: str,
        personal: Iterable[Span] = (),
        body: Sequence[Span] | None = None,
        subjects: Iterable[Span] = (),
    ) -> None:
        """`personal` are spans that a parser takes for persons, `subjects` its subjects: hints, never needed.

        Only what the paragraphs of `body` say is read (default: the whole text): other headlines name other people.
        """
        self.text = text
        self.persons: list[Person] = []
        stretches = [Span(0, len(text))] if body is None and text else body or []
        self._runs = [
            run
            for stretch in stretches
            for match in _RUN.finditer(text, stretch.start, stretch.end)
            for run in names_in(text, match.start(), match[0])
        ]
        self._whole = {run.name for run in self._runs}
        self._known_as = _known_as(self._runs)
        self._alone = {run.words[0] for run in self._runs if len(run.words) == 1}
        self._hinted = Counter(_last(span.of(text), LONGEST_NAME) for span in personal)
        self._subjects = frozenset(span.start for span in subjects)
        self._by_word: dict[str, list[Person]] = {}
        for name in self._trusted():
            self._add(name)
        for run in self._runs:
            self._place(run)
        for person in self.persons:
            person.places.sort(key=lambda place: place.start)
        named = sorted(place.start for person in self.persons for place in person.places)
        for person in self.persons:
            person.gender = person.gender or _gender(person, text, named)

    def _regnal_before(self, run: CapitalisedRun) -> str | None:
        """The title before a name that belongs to it ("Pope Anselm"), unless it is a surname ("Larry King")."""
        title = _REGNAL.search(self.text, max(0, run.start - LONGEST_REGNAL), run.start)
        if title is None:
            return None
        before = self.text[max(0, title.start() - LONGEST_GIVEN) : title.start()].split()
        return None if before and _is_given(before[-1]) else title[0].strip()

    def named(self, words: Sequence[str], gender: str | None = None) -> list[Person]:
        """Everyone of this gender whom these words may name: by full name, by surname, else by given name."""
        if not words:
            return []
        last = _key(words[-1])
        fitting = [p for p in self._by_word.get(last, []) if _may_name(words, p.words)]
        surnamed = [p for p in fitting if _key(p.words[-1]) == last] or fitting
        return [p for p in surnamed if gender is None or p.gender in (None, gender)]

    def name_of(self, run: CapitalisedRun) -> list[str]:
        """The words of a run that are the name: without what only the sentence or a headline put before it."""
        return (self._form(run) or run.name).split()

    def run_at(self, position: int) -> CapitalisedRun | None:
        """The name that stands at this place; a parser cuts "Jong-un" in two, and the second half has no capital."""
        first = position
        while first and (self.text[first - 1].isalnum() or self.text[first - 1] in "-’'"):
            first -= 1
        if not any(map(str.isupper, self.text[first : position + 1])):
            return None
        return next((run for run in self._runs if run.start <= position < run.end), None)

    def _trusted(self) -> list[str]:
        """The full names to believe in, the best form of each first."""
        votes: Counter[str] = Counter()
        for run in self._runs:
            if (form := self._form(run)) is not None:
                votes[form] += 1 + 2 * _is_given(form.split()[0]) + self._hinted[form]
        by_surname: dict[str, list[str]] = {}
        for form, _ in votes.most_common():
            by_surname.setdefault(_key(form.split()[-1]), []).append(form)
        return [form for forms in by_surname.values() for form in _believed(forms, self._hinted)]

    def _form(self, run: CapitalisedRun) -> str | None:
        """The part of a run that reads as a full name, if any does."""
        words = list(run.words)
        is_word = words[-1].lower() in ORGANISATIONS | _NOT_NAMES
        if len(words) < 2 or (is_word and not (_is_given(words[-2]) and self._hinted[" ".join(words[-2:])])):
            return None
        words = words[: self._surname_end(words)]
        given = [i for i, word in enumerate(words[:-1]) if _is_given(word)]
        if given:
            first = given[-1]
            while first and _goes_on(words[:first]):
                first -= 1
            longer = next((i for i in range(first) if self._hinted[" ".join(words[i:])]), first)
            words = words[first if words[longer].lower() in _NOT_GIVEN else longer :]
        else:
            hinted = next((words[i:] for i in range(len(words) - 1) if self._hinted[" ".join(words[i:])]), None)
            stands_alone = len(words) <= 3 and (
                words[-1] in self._alone
                or speaks_beside(self.text, run.start, run.end)
                or (_gender_of(words[0]) and not opens_sentence(self.text, run.start))
            )
            if hinted is None and not (run.is_titled or _INITIAL.match(words[0]) or stands_alone):
                return None
            words = hinted or words
            if words[0].lower() in _NOT_GIVEN | ORGANISATIONS | _PARTICLES | set(_titles()):
                return None
        if len(words) > LONGEST_NAME or any(map(_is_no_name, words)):
            return None
        form = " ".join(words)
        return self._known_as.get(form, form)

    def _surname_end(self, words: Sequence[str]) -> int:
        """Where a headline goes on behind a name ("Ann Lee Hammers Bank"): behind one that stands alone elsewhere."""
        if _is_given(words[0]) or self._hinted[" ".join(words[:2])]:
            if len(words) > 3 and " ".join(words[:2]) in self._whole and " ".join(words[2:]) not in self._whole:
                return 2
            ends = (i + 1 for i, word in enumerate(words) if i and word in self._alone and not _is_only_given(word))
            return next(ends, len(words))
        return len(words)

    def _add(self, name: str) -> None:
        person = Person(name, gender=_gender_of(name.split()[0]))
        self.persons.append(person)
        for index, word in enumerate(person.words):
            is_called_so = _is_given(word) or (word in self._alone and person.words[-1] not in self._alone)
            may_stand_alone = index == len(person.words) - 1 or (is_called_so if index == 0 else not _is_given(word))
            if may_stand_alone and word.lower() not in _PARTICLES and not _INITIAL.match(word):
                self._by_word.setdefault(_key(word), []).append(person)

    def _place(self, run: CapitalisedRun) -> None:
        """Note where a run names one of the people; a titled surname that nobody bears is a person of its own."""
        words = self.name_of(run)
        fitting = self.named(words, run.gender)
        is_surname = len(run.words) == 1 and run.words[0].lower() not in ORGANISATIONS | set(_titles())
        speaks = speaks_beside(self.text, run.start, run.end)
        by_given = _is_given(run.words[0]) and (run.name in self._hinted or speaks)
        if not fitting and is_surname and (run.is_titled or by_given):
            self._add(run.words[0])
            fitting = [self.persons[-1]]
        is_bare_word = len(run.words) == 1 and run.words[0].lower() in _NOT_NAMES
        if not fitting or (is_bare_word and not run.is_titled):
            return
        is_full = len(words) > 1
        person = fitting[0] if len(fitting) == 1 else max(fitting, key=lambda p: sum(x.is_full for x in p.places))
        acts = not self._subjects.isdisjoint(range(run.start, run.end)) or acts_behind(self.text, run.end)
        opens = opens_sentence(self.text, run.start)
        person.places.append(NamePlace(run.start, run.end, is_full, opens, run.is_owner, speaks, acts))
        if person.name == run.name and len(run.words) == 1 and (title := self._regnal_before(run)) is not None:
            person.name = f"{title} {person.name}"
        person.roles |= run.roles
        person.offices |= {role for role in run.roles if role_of(role) == role}
        person.gender = person.gender or run.gender


def names_in(text: str, start: int, printed: str) -> Iterator[CapitalisedRun]:
    """The names in a run of capitalised words that begins at `start`: a possessive ends a name."""
    words: list[tuple[str, int]] = []
    for piece in re.finditer(r"[^ \xa0]+", printed):
        words.append((piece[0], start + piece.start()))
        ends_sentence = piece[0].endswith(".") and len(piece[0]) > 4 and piece[0].lower().strip(".") not in _titles()
        if (_POSSESSIVE.search(piece[0]) and len(piece[0]) > 2) or ends_sentence:
            yield from _run(text, words)
            words = []
    yield from _run(text, words)


def _run(text: str, words: Sequence[tuple[str, int]]) -> Iterator[CapitalisedRun]:
    titles = _titles()
    roles: set[str] = set()
    gender, first = None, 0
    for index, (word, _) in enumerate(words[:-1]):
        plain = word.lower().strip(".,")
        if plain in titles:
            first = index + 1
            gender = _ADDRESS.get(plain, gender)
            roles |= {titles[plain]} - {""}
    is_titled = first > 0
    while first < len(words) and words[first][0].lower().strip(".’'") in _NOT_NAMES and not is_titled:
        first += 1
    kept = list(words[first:])
    while kept and kept[-1][0] in _PARTICLES:
        kept.pop()
    start = kept[0][1] if kept else 0
    formal = _formal(kept)
    kept = _called(kept)
    if not kept or (len(kept) == 1 and not is_titled and kept[0][0].lower().strip(".") in titles):
        return
    end = kept[-1][1] + len(kept[-1][0])
    is_owner = bool(_POSSESSIVE.search(kept[-1][0]))
    bare = tuple(plain for word, _ in kept if (plain := word if _INITIAL.match(word) else bare_name(word)))
    while len(bare) > 2 and bare[-1] in _HONOURS:
        bare = bare[:-1]
    if bare:
        known = roles | _roles_before(text, words[0][1]) | _roles_behind(text, end)
        yield CapitalisedRun(start, end, bare, is_titled, gender, frozenset(known), is_owner, formal)


def _called(words: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """A name without the nickname in its midst; it is the name where it is a given name: Robert "Bobby" Lee."""
    at = _nickname_in(words)
    if at is None:
        return list(words)
    return list(words[at:]) if _is_given(bare_name(words[at][0])) else [*words[:at], *words[at + 1 :]]


def _formal(words: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """The words of a name without the nickname that is the name; none where no such nickname is in it."""
    at = _nickname_in(words)
    if at is None or not _is_given(bare_name(words[at][0])):
        return ()
    return tuple(bare_name(word) for word, _ in (*words[:at], *words[at + 1 :]))


def _nickname_in(words: Sequence[tuple[str, int]]) -> int | None:
    return next((i for i, (word, _) in enumerate(words) if i and word[0] in '"“'), None)


def _known_as(runs: Sequence[CapitalisedRun]) -> dict[str, str]:
    """The one form of a name printed with its nickname for each of its forms: that which stands alone too."""
    alone = {run.name for run in runs if not run.formal}
    known: dict[str, str] = {}
    for run in runs:
        if run.formal:
            forms = (run.name, " ".join(run.formal), f"{run.formal[0]} {run.formal[-1]}")
            chosen = next((form for form in forms if form in alone), run.name)
            known |= dict.fromkeys(forms, chosen)
    return known


def _goes_on(words: Sequence[str]) -> bool:
    """Whether the last of these words belongs to the name that stands behind them."""
    after_given = len(words) > 1 and _is_given(words[-2])
    return bool(_is_given(words[-1]) or _INITIAL.match(words[-1]) or (after_given and _LETTER.match(words[-1])))


def _believed(forms: Sequence[str], hinted: Mapping[str, int]) -> list[str]:
    """Of forms with one surname, most voted first: one form a person, none that only noise can have made."""
    kept: list[str] = []
    for form in sorted(forms, key=lambda f: not _is_given(f.split()[0])):
        given = form.split()[0]
        same = next((i for i, other in enumerate(kept) if _is_one_name(form, other)), None)
        if same is not None:
            if _is_fuller(form, kept[same]) or (hinted[form] and _lacks_given(form, kept[same])):
                kept[same] = form
        elif _is_given(given) or _gender_of(given) or hinted[form] or not kept:
            kept.append(form)
    return kept


def _is_fuller(form: str, other: str) -> bool:
    """Whether a form with the same given name is longer, by one word at most: "Ann K. Lee" for "Ann Lee"."""
    words = form.split()
    is_same = _same_given(other.split()[0], words[0])
    return is_same and len(form) > len(other) and not words[0].endswith(".") and len(words) <= len(other.split()) + 1


def _lacks_given(form: str, other: str) -> bool:
    """Whether a form has the other at its end, which is not whole: it begins with no given name ("Al Saud")."""
    first = other.split()[0]
    return form.endswith(f" {other}") and (not _is_given(first) or first.lower() in _PARTICLES)


def _is_one_name(form: str, other: str) -> bool:
    """Whether two forms with one surname are of one person: by the given name, or as one ends with the other."""
    is_inside = form.endswith(f" {other}") or other.endswith(f" {form}")
    return is_inside or _same_given(other.split()[0], form.split()[0])


def bare_name(words: str) -> str:
    """A name without possessive, suffix and marks at its ends."""
    return _SUFFIX.sub("", _POSSESSIVE.sub("", words.strip(' ,.;:\xa0"“”'))).strip(" ,.")


def opens_sentence(text: str, position: int) -> bool:
    """Whether a sentence, or a line, begins here or one title before."""
    before = text[max(0, position - 30) : position].rstrip(" \xa0\"“‘'")
    if not before or before[-1] in ".?!\n:":
        return True
    last = before.rsplit(None, 1)[-1]
    rest = before[: -len(last)].rstrip(" \"“‘'")
    return last[:1].isupper() and (not rest or rest[-1] in ".?!\n")


def speaks_beside(text: str, start: int, end: int) -> bool:
    """Whether a verb of speech stands directly beside the name."""
    return bool(_SPEECH_BEFORE.search(text[max(0, start - 25) : start]) or _SPEECH_BEHIND.match(text[end : end + 25]))


def acts_behind(text: str, end: int) -> bool:
    """Whether a verb follows the name."""
    return bool(_ACTS.match(text, end))


@cache
def role_of(word: str) -> str | None:
    """The noun for an office, when the word is one: "sen" and "senator" are one."""
    role = _titles().get(word, "")
    return role if role not in ("", "man", "woman") else None


def _roles_before(text: str, start: int) -> set[str]:
    """The office in small letters just before a name: "the former governor Jim Doe"."""
    if text[start - 1 : start] != " ":
        return set()
    words = re.findall(r"[\w-]+", text[max(0, start - 40) : start].rsplit("\n", 1)[-1])[-2:]
    return {role_of(word) or word for word in words if word.islower() and len(word) >= SHORTEST_ROLE}


def _roles_behind(text: str, end: int) -> set[str]:
    """The offices in the aside behind a name: "Jim Doe, a Texas senator,"."""
    match = re.match(r"(?: \([^)]*\))?, ((?!who|and|but)[^.;:\n]{2,90})", text[end : end + 130])
    words = re.findall(r"[\w-]+", match[1].lower()) if match else []
    return {role_of(word) or word for word in words if len(word) >= SHORTEST_ROLE}


@cache
def _titles() -> dict[str, str]:
    return {line.partition("\t")[0]: line.partition("\t")[2] for line in lines("titles.txt")}


@cache
def given_names() -> dict[str, str]:
    """Common given names in small letters, each with "f" or "m", or "?" where it goes both ways."""
    return {name: line[0] for line in lines("given_names.txt") for name in line.split()[1:]}


@cache
def _genders() -> dict[str, str]:
    return {name: line[0] for line in lines("genders.txt") for name in line.split()[1:]}


def _gender_of(given: str) -> str | None:
    """ "f" or "m" where a given name is nearly always a woman's or a man's; of "Jo-Ann" the first half tells."""
    key = _key(given)
    gender = given_names().get(key) or _genders().get(key) or _genders().get(key.partition("-")[0])
    return None if gender == "?" else gender


def _is_only_given(word: str) -> bool:
    """Whether a word is a given name of women or of men: one of both ("Kelly") is often a surname."""
    return given_names().get(_key(word), "?") != "?"


def _is_given(word: str) -> bool:
    return _key(word) in given_names()


def _gender(person: Person, text: str, named: Sequence[int]) -> str | None:
    """By the first pronoun behind each place where the person is named, up to where anybody is named again.

    `named` are the places where anybody is named, sorted. One pronoun alone is wrong for a quarter of the women and a
    tenth of the men whose name tells (train), so it takes at least two more than twice the votes against.
    """
    votes: Counter[str] = Counter()
    for place in person.places:
        following = bisect_left(named, place.end)
        stop = min(place.end + PRONOUN_NEAR, named[following] if following < len(named) else len(text))
        if (pronoun := _PRONOUN.search(text[place.end : stop + 1])) is not None:
            votes["m" if pronoun[0].lower().startswith("h") and pronoun[0].lower() != "her" else "f"] += 1
    return "m" if votes["m"] > 2 * votes["f"] + 1 else "f" if votes["f"] > 2 * votes["m"] + 1 else None


def _may_name(words: Sequence[str], full: Sequence[str]) -> bool:
    """Whether these words may stand for the full name: its end, or the same given name before the surname."""
    keys, whole = [_key(w) for w in words], [_key(w) for w in full]
    return len(keys) == 1 or whole[-len(keys) :] == keys or (whole[-1] == keys[-1] and _same_given(full[0], words[0]))


def _is_no_name(word: str) -> bool:
    """A word with a digit, a contraction ("I'm"), or letters that stand for an organisation ("AI")."""
    return bool(re.search(r"\d|[’'](?:m|ll|re|ve|d)$", word)) or (
        word.isupper() and word.isalpha() and 2 <= len(word) <= 4
    )


def _same_given(one: str, other: str) -> bool:
    """Compatible given names: equal, an initial, or one the beginning of the other (Don, Donald)."""
    return given_names_agree(_key(one), _key(other), _may_be_short_for)


def _may_be_short_for(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)))


def _key(word: str) -> str:
    return word.lower().replace("’", "'").strip(".'")


def _last(words: str, number: int) -> str:
    return " ".join(bare_name(words).split()[-number:])
