"""Whom does "he" mean? Which full name is "Rutte"? From a mention to the fullest name that the article gives.

The people of an article are found by characters (runs of capitalised words over the whole text), so that a name
counts wherever it stands, parsed or not. What cannot be resolved keeps the words in which the article puts it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from quotetrack.extract.attribute import Found
from quotetrack.extract.cues import lines, sections
from quotetrack.model import Span

# How far back, in characters, a pronoun looks for its person; further back it is the last speaker or nobody.
FARTHEST_PERSON = 1_500
# A description may be this long; a longer mention is cut at its first comma.
LONGEST_DESCRIPTION = 90

_WORD = r"(?:[A-ZÀ-ÖØ-ÞŠŽŁ][\w’'\-]*(?:\.(?=[A-Z]\.))*\.?|d[eai]s?|d[ou]s?|d[’'][A-Z]\w+|v[ao]n|de[rn]|bin|ibn|al|el|la|le|ter|zu)"
_RUN = re.compile(rf"[A-ZÀ-ÖØ-ÞŠŽŁ][\w’'\-]*\.?(?:\.?[A-Z]\.)*(?:[ \xa0]{_WORD})*")
_SUFFIX = re.compile(r",?[ \xa0](?:Jr|Sr|II|III|IV)\.?$")
_POSSESSIVE = re.compile(r"[’']s?$")
_INITIAL = re.compile(r"^(?:[A-Z]\.)+$")
_PARTICLES = {"de", "da", "di", "das", "des", "do", "dos", "du", "van", "von", "der", "den", "bin", "ibn", "al", "el", "la", "le", "ter", "zu"}
_HE = {"he", "him", "his", "himself"}
_SHE = {"she", "her", "hers", "herself"}
_OTHERS = {"they", "them", "we", "us", "i", "you", "it", "who", "that", "which", "one", "others", "some", "many", "both"}
_ORGANISATIONS = set(
    "administration agency association bank board bureau campaign center centre church city club coalition college "
    "commission committee company conference congress convention corporation corps council court day department "
    "division enquirer express federation force forum foundation fund gazette government group guard guardian herald "
    "hospital hotel house inc institute institution journal justice law league ltd magazine mail ministry museum "
    "network news newspaper office organization organisation pac parliament party plc police post press project "
    "radio republic review school senate service society station states street studies street sun team television "
    "telegraph times today tower tribune trust tv union university watch week world".split()
)
_NOT_NAMES = set(
    "a after all also although an and another any are as asked at because before but by can could did do does during "
    "each earlier even every few first for from had has have he her here his how however i if in indeed instead into "
    "is it its just last later like many may meanwhile more most mr mrs ms much my neither never no nobody nor not now "
    "of on once one only or other others our over perhaps she should since so some speaking still such than that the "
    "their then there these they this those though through to today tomorrow two under until was we were what when "
    "where whether which while who why will with without would yes yesterday yet you your monday tuesday wednesday "
    "thursday friday saturday sunday january february march april june july august september october november "
    "december americans american english god internet republicans democrats".split()
)


@dataclass(slots=True)
class Person:
    """One person of the article: the fullest name, and each place where a name of his stands."""

    name: str
    given: str | None
    surname: str
    places: list[int] = field(default_factory=list)
    full_places: list[int] = field(default_factory=list)
    gender: str | None = None  # "f", "m"; None: cannot tell
    roles: set[str] = field(default_factory=set)


class People:
    """The people of one article, and where each is named."""

    def __init__(self, text: str, personal: Iterable[Span] = (), quoted: Sequence[Span] = ()) -> None:
        """`personal` are spans that a parser takes for persons; names inside `quoted` words do not lead pronouns."""
        self.text = text
        self._quoted = quoted
        self.persons: list[Person] = []
        self._by_surname: dict[str, list[Person]] = {}
        runs = [run for match in _RUN.finditer(text) for run in _names(text, match)]
        hinted = {_bare(span.of(text)).split()[-1].lower() for span in personal if _bare(span.of(text))}
        for run in runs:
            self._add_full(run, hinted)
        for run in runs:
            self._add_bare(run)
        for person in self.persons:
            person.places.sort()
            person.gender = _gender(person, text)

    def _add_full(self, run: _Run, hinted: set[str]) -> None:
        if len(run.words) < 2 or run.words[-1].lower() in _ORGANISATIONS or len(run.words) > 5:
            return
        given, surname = run.words[0], run.words[-1]
        known = given.lower() in _given_names() or run.titled or surname.lower() in hinted or _INITIAL.match(given)
        if not known or surname.lower() in _NOT_NAMES or given.lower() in _ORGANISATIONS:
            return
        for person in self._by_surname.get(_key(surname), []):
            if person.given is not None and _same_given(person.given, given):
                person.full_places.append(run.start)
                person.places.append(run.start)
                person.roles |= run.roles
                if len(" ".join(run.words)) > len(person.name) and len(given) >= len(person.given):
                    person.name, person.given = " ".join(run.words), given
                return
        person = Person(" ".join(run.words), given, surname, [run.start], [run.start], roles=set(run.roles))
        self.persons.append(person)
        self._by_surname.setdefault(_key(surname), []).append(person)

    def _add_bare(self, run: _Run) -> None:
        """A surname alone, or with a form of address; one that no full name explains is a person when titled."""
        if len(run.words) != 1 or run.words[0].lower() in _NOT_NAMES:
            return
        known = self._by_surname.get(_key(run.words[0]))
        if known is None and run.titled:
            person = Person(run.words[0], None, run.words[0])
            self.persons.append(person)
            known = self._by_surname.setdefault(_key(run.words[0]), [person])
        if known:
            person = self._choose(known, run.start, run.gender)
            person.places.append(run.start)
            person.roles |= run.roles
            if run.gender and person.gender is None:
                person.gender = run.gender

    def named(self, words: str, at: int, gender: str | None = None) -> Person | None:
        """The person whom these words name at this place: by full name, by surname, or by given name."""
        parts = _bare(words).split()
        if not parts:
            return None
        same = self._by_surname.get(_key(parts[-1]), [])
        if len(parts) > 1:
            same = [p for p in same if p.given is not None and _same_given(p.given, parts[0])]
            return same[0] if same else None
        if same:
            return self._choose(same, at, gender)
        by_given = [p for p in self.persons if p.given is not None and _key(p.given) == _key(parts[0])]
        return self._choose(by_given, at, gender) if by_given else None

    def _choose(self, persons: Sequence[Person], at: int, gender: str | None) -> Person:
        """Of several with one surname: the gender told, then the one spoken of most, then the nearest before."""
        fitting = [p for p in persons if gender is None or _gender(p, self.text) in (gender, None)] or list(persons)
        return max(fitting, key=lambda p: (len(p.full_places), max((x for x in p.full_places if x <= at), default=-1)))

    def before(self, at: int, gender: str | None) -> Person | None:
        """Whom a pronoun at this place means: the person of that gender named last, first in a sentence before others."""
        scores: Counter[int] = Counter()
        for index, person in enumerate(self.persons):
            if gender is not None and person.gender not in (gender, None):
                continue
            for place in person.places:
                distance = at - place
                if 0 < distance <= FARTHEST_PERSON and not any(q.start <= place < q.end for q in self._quoted):
                    weight = 2.0 if _opens_sentence(self.text, place) else 1.0
                    sure = 1.2 if person.gender == gender else 1.0
                    scores[index] = max(scores[index], int(1e6 * weight * sure / (80 + distance)))
        return self.persons[scores.most_common(1)[0][0]] if scores else None

    def with_role(self, role: str, at: int) -> Person | None:
        """The person introduced by this office ("the senator"), nearest before the place; else the only one."""
        fitting = [p for p in self.persons if role in p.roles]
        earlier = [(max(x for x in p.places if x < at), p) for p in fitting if p.places and p.places[0] < at]
        if earlier:
            return max(earlier, key=lambda pair: pair[0])[1]
        return fitting[0] if len(fitting) == 1 else None


class Resolver:
    """Gives each attribution of one article its name, in the order of the text: who spoke last is remembered."""

    def __init__(self, text: str, people: People, byline: str | None = None) -> None:
        self._text = text
        self._people = people
        self._byline = byline
        self._last: tuple[str, str | None] | None = None  # name and gender of the last speaker
        self._known: dict[Span, str] = {}

    def name(self, found: Found) -> str:
        """The fullest name of the speaker, else the description as printed."""
        if found.mention not in self._known:
            self._known[found.mention] = self._resolve(found)
        name = self._known[found.mention]
        person = self._people.named(name, found.head.start)
        self._last = (name, person.gender if person else None)
        return name

    def _resolve(self, found: Found) -> str:
        head, mention = found.head.of(self._text), found.mention.of(self._text)
        word = _POSSESSIVE.sub("", head.lower())
        if word in _HE or word in _SHE:
            return self._pronoun(found, "m" if word in _HE else "f") or mention
        if word == "i" and self._byline:
            return self._byline
        if word in _OTHERS:
            return self._last[0] if self._last and word in ("who", "they", "it") else mention
        if head[:1].isupper() and (named := self._named(found)) is not None:
            return named
        role = _role(word)
        spoken = mention.lower()
        if role is not None and not spoken.startswith(("a ", "an ", "one ", "another ", "some ", "several ")):
            person = self._people.with_role(role, found.head.start)
            if person is not None:
                return person.name
        return _description(mention)

    def _pronoun(self, found: Found, gender: str) -> str | None:
        at = found.head.start
        person = self._people.before(at, gender)
        if self._last is not None and self._last[1] in (gender, None):
            if person is None or self._last[0] == person.name:
                return self._last[0]
            nearest = max((x for x in person.places if x < at), default=0)
            last = self._people.named(self._last[0], at)
            if last is not None and last.places and last.gender == gender:
                latest = max((x for x in last.places if x < at), default=0)
                if latest >= nearest:
                    return last.name
        return person.name if person is not None else self._last[0] if self._last else None

    def _named(self, found: Found) -> str | None:
        """The name around the head of the mention: a person's fullest name, else an organisation as printed."""
        line_start = self._text.rfind("\n", 0, found.head.start) + 1
        line_end = self._text.find("\n", found.head.end)
        for match in _RUN.finditer(self._text, line_start, line_end if line_end > 0 else len(self._text)):
            if not (match.start() <= found.head.start < match.end()):
                continue
            for run in _names(self._text, match):
                if run.start <= found.head.start < run.end or (run.start >= found.head.start and run.start < match.end()):
                    person = self._people.named(" ".join(run.words), found.head.start, run.gender)
                    if person is not None:
                        return person.name
                    return self._organisation(match[0], run)
        return None

    def _organisation(self, printed: str, run: _Run) -> str:
        if len(run.words) == 1 and run.words[0].isupper() and len(run.words[0]) >= 3:
            return self._spelled_out(run.words[0]) or run.words[0]
        return _bare(printed) if run.words[-1].lower() in _ORGANISATIONS else " ".join(run.words)

    def _spelled_out(self, acronym: str) -> str | None:
        letters = r"[\w’'-]*(?: (?:of|for|the|and|on|in))? ".join(re.escape(c) for c in acronym)
        match = re.search(rf"\b{letters}[\w’'-]*", self._text)
        return match[0] if match and match[0] != acronym and " " in match[0] else None


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of capitalised words that may be a name: without titles before and possessive behind."""

    start: int
    end: int
    words: tuple[str, ...]
    titled: bool
    gender: str | None
    roles: frozenset[str]


def _names(text: str, match: re.Match[str]) -> list[_Run]:
    """The names in one run of capitalised words: cut at possessives, titles and offices taken off the front."""
    found, words, starts = [], [], []
    for piece in re.finditer(r"\S+", match[0]):
        words.append(piece[0])
        starts.append(match.start() + piece.start())
        if _POSSESSIVE.search(piece[0]) and len(piece[0]) > 2:
            found.append(_run(text, words, starts))
            words, starts = [], []
    found.append(_run(text, words, starts))
    return [run for run in found if run is not None]


def _run(text: str, words: list[str], starts: list[int]) -> _Run | None:
    roles: set[str] = set()
    gender, titled, first = None, False, 0
    titles = _titles()
    for index, word in enumerate(words):
        plain = word.lower().strip(".,")
        if plain in titles and index < len(words) - 1:
            titled, first = True, index + 1
            if titles[plain]:
                roles.add(titles[plain])
            gender = {"mr": "m", "mrs": "f", "ms": "f", "miss": "f", "sir": "m", "lord": "m", "lady": "f"}.get(plain, gender)
    while first < len(words) and words[first].lower().strip(".’'") in _NOT_NAMES:
        first += 1
    kept = words[first:]
    while kept and (kept[-1].lower() in _PARTICLES and kept[-1].islower()):
        kept = kept[:-1]
    if not kept:
        return None
    ending = starts[first + len(kept) - 1] + len(kept[-1])
    plain_words = tuple(_bare(word) if not _INITIAL.match(word) else word for word in kept)
    plain_words = tuple(word for word in plain_words if word)
    if not plain_words:
        return None
    roles |= _before(text, starts[0]) | _behind(text, ending)
    return _Run(starts[first], ending, plain_words, titled, gender, frozenset(roles))


def _before(text: str, start: int) -> set[str]:
    """The office in small letters just before a name: "the former governor Jim Doe"."""
    words = re.findall(r"[\w-]+", text[max(0, start - 40) : start].rsplit("\n", 1)[-1])[-2:]
    return {role for word in words if word.islower() and (role := _role(word))} if text[start - 1 : start] == " " else set()


def _behind(text: str, end: int) -> set[str]:
    """The offices in the aside behind a name: "Jim Doe, a Texas senator,"."""
    match = re.match(r",? ?(?:\([^)]*\))?, ((?:the|a|an|who|whose|[a-z]|[A-Z]|his|her)[^,.;:\n]{2,90})", text[end : end + 130])
    if match is None or match[1].startswith(("who", "and", "but")):
        return set()
    return {role for word in re.findall(r"[\w-]+", match[1]) if (role := _role(word.lower()))}


@cache
def _titles() -> dict[str, str]:
    return dict((line.split("\t") + [""])[:2] for line in lines("titles.txt"))


@cache
def _role(word: str) -> str | None:
    """The noun for an office, when the word is one: "sen" and "senator" are one."""
    role = _titles().get(word, "")
    return role if role and role not in ("man", "woman") else None


@cache
def _given_names() -> dict[str, str]:
    return {name: line[0] for line in lines("given_names.txt") for name in line.split()[1:]}


def _gender(person: Person, text: str) -> str | None:
    """By form of address, then by given name, then by the pronouns that follow the full name most closely."""
    if person.gender:
        return person.gender
    if person.given and (known := _given_names().get(person.given.lower())):
        return known
    after = " ".join(text[place : place + 300] for place in person.places[:6]).lower()
    he, she = len(re.findall(r"\b(?:he|his|him)\b", after)), len(re.findall(r"\b(?:she|her)\b", after))
    return None if he == she else "m" if he > 2 * she else "f" if she > 2 * he else None


def _same_given(one: str, other: str) -> bool:
    """Compatible given names: equal, an initial, or one the beginning of the other (Don, Donald)."""
    a, b = _key(one), _key(other)
    return a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) or (min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a)))


def _key(word: str) -> str:
    return word.lower().strip(".’'")


def _bare(words: str) -> str:
    """A name without possessive, suffix and marks at its ends."""
    return _SUFFIX.sub("", _POSSESSIVE.sub("", words.strip(" ,.;:\xa0\"“”"))).strip(" ,.")


def _opens_sentence(text: str, place: int) -> bool:
    before = text[max(0, place - 40) : place].rstrip()
    last = before.rsplit(" ", 1)[-1]
    return not before or before[-1] in ".?!\n”\"" or text[place - 1 : place] == "\n" or (last[:1].isupper() and len(last) > 3 and " " not in before[-2:])


def _description(mention: str) -> str:
    """The words as printed, without what trails after a comma when they are many."""
    words = mention if len(mention) <= LONGEST_DESCRIPTION else mention.split(",")[0]
    return " ".join(words.split()).strip(" ,;:")


def is_document(word: str) -> bool:
    """Whether a noun is a paper rather than a person: the study, the letter."""
    return word.lower() in sections("en.txt")["document"]
