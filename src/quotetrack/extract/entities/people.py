"""Find the people of an article and every place that names one. Characters only, with a parser's hints.

`ArticleNames` holds the people with the other names of the article that coreference reads.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.name_forms import (
    NOT_NAMES,
    ORGANISATIONS,
    PARTICLES,
    CapitalisedRun,
    NameForms,
    acts_behind,
    gender_of,
    is_given,
    may_be_same_given,
    name_key,
    opens_sentence,
    role_of,
    runs_in,
    speaks_beside,
    titles,
)
from quotetrack.lang.en.mention_words import DEFINITE, INDEFINITE
from quotetrack.lang.en.name_words import INITIAL, LONGEST_REGNAL, PRONOUN, REGNAL
from quotetrack.lang.en.pronouns import HE

# Characters before a title within which a given name makes a surname of the title ("Larry King").
LONGEST_GIVEN = 25
# Characters behind a name within which a pronoun says whether it is a man's or a woman's.
PRONOUN_NEAR = 200
# Characters of the text that stand in for a missing headline.
OPENING = 120


@dataclass(frozen=True, slots=True)
class NamePlace:
    """One place where a person or organisation is named."""

    start: int
    end: int
    is_full: bool  # the full name
    opens_sentence: bool
    is_owner: bool  # a possessive
    speaks: bool  # next to a verb of speech
    acts: bool  # a verb follows: it is the subject of a clause

    @property
    def span(self) -> Span:
        """Return its characters."""
        return Span(self.start, self.end)


@dataclass(slots=True)
class Person:
    """One person (or organisation) of the article: the fullest trusted name, and each place that names it, in order."""

    name: str
    places: list[NamePlace] = field(default_factory=list)
    gender: str | None = None  # "f", "m"; None: unknown
    roles: set[str] = field(default_factory=set)  # words that stand beside the name, in lower case
    offices: set[str] = field(default_factory=set)  # the offices among the roles

    @property
    def words(self) -> list[str]:
        """Return the words of the name."""
        return self.name.split()


class People:
    """Finds the people of one text, and answers who may be meant by a name.

    A name counts wherever it stands, parsed or not.
    """

    def __init__(
        self,
        text: str,
        personal: Iterable[Span] = (),
        body: Sequence[Span] | None = None,
        subjects: Iterable[Span] = (),
    ) -> None:
        """`personal` are spans that a parser takes for persons, `subjects` its subjects: hints, never needed.

        Only the paragraphs of `body` are read (default: the whole text), since other headlines name other people.
        """
        self.text = text
        self.persons: list[Person] = []
        whole = [Span(0, len(text))] if text else []
        self._runs = runs_in(text, whole if body is None else body)
        self._forms = NameForms(text, self._runs, personal)
        self._subjects = frozenset(span.start for span in subjects)
        self._by_word: dict[str, list[Person]] = {}
        for name in self._forms.believed():
            self._add(name)
        for run in self._runs:
            self._note(run)
        for person in self.persons:
            person.places.sort(key=lambda place: place.start)
        named = sorted(place.start for person in self.persons for place in person.places)
        for person in self.persons:
            person.gender = person.gender or _gender_by_pronouns(person, text, named)

    def named(self, words: Sequence[str], gender: str | None = None) -> list[Person]:
        """Return everyone of this gender whom these words may name: by full name, by surname, else by given name."""
        if not words:
            return []
        last = name_key(words[-1])
        fitting = [person for person in self._by_word.get(last, []) if _may_name(words, person.words)]
        surnamed = [person for person in fitting if name_key(person.words[-1]) == last] or fitting
        return [person for person in surnamed if gender is None or person.gender in (None, gender)]

    def name_of(self, run: CapitalisedRun) -> list[str]:
        """Return the words of a run that are the name, without those that a sentence or headline put before it."""
        return (self._forms.form_of(run) or run.name).split()

    def run_at(self, position: int) -> CapitalisedRun | None:
        """Return the name at a place. A parser cuts "Jong-un" in two, and the second half has no capital."""
        first = position
        while first and (self.text[first - 1].isalnum() or self.text[first - 1] in "-’'"):
            first -= 1
        if not any(map(str.isupper, self.text[first : position + 1])):
            return None
        return next((run for run in self._runs if run.start <= position < run.end), None)

    def _add(self, name: str) -> Person:
        """Add a person, to be found by surname and by each word that may stand for the person."""
        person = Person(name, gender=gender_of(name.split()[0]))
        self.persons.append(person)
        words, single = person.words, self._forms.single_words
        for index, word in enumerate(words):
            is_called_so = is_given(word) or (word in single and words[-1] not in single)
            may_stand_for = index == len(words) - 1 or (is_called_so if index == 0 else not is_given(word))
            if may_stand_for and word.lower() not in PARTICLES and not INITIAL.match(word):
                self._by_word.setdefault(name_key(word), []).append(person)
        return person

    def _note(self, run: CapitalisedRun) -> None:
        """Note where a run names one of the people."""
        words = self.name_of(run)
        person = self._bearer(run, words)
        if person is None or (_is_bare_word(run) and not run.is_titled):
            return
        person.places.append(self._place_of(run, is_full=len(words) > 1))
        if person.name == run.name and len(run.words) == 1 and (title := self._regnal_before(run)) is not None:
            person.name = f"{title} {person.name}"
        person.roles |= run.roles
        person.offices |= {role for role in run.roles if role_of(role) == role}
        person.gender = person.gender or run.gender

    def _bearer(self, run: CapitalisedRun, words: Sequence[str]) -> Person | None:
        """Return the person whom a run names; of several the one most often named in full."""
        fitting = self.named(words, run.gender)
        if not fitting:
            return self._add(run.words[0]) if self._is_new_person(run) else None
        if len(fitting) == 1:
            return fitting[0]
        return max(fitting, key=lambda person: sum(place.is_full for place in person.places))

    def _is_new_person(self, run: CapitalisedRun) -> bool:
        """Return whether one word that fits nobody names a person: a titled surname, or a given name that speaks."""
        word = run.words[0]
        if len(run.words) > 1 or word.lower() in ORGANISATIONS or word.lower() in titles():
            return False
        if run.is_titled:
            return True
        return is_given(word) and (self._forms.is_hinted([run.name]) or speaks_beside(self.text, run.start, run.end))

    def _place_of(self, run: CapitalisedRun, *, is_full: bool) -> NamePlace:
        is_subject = not self._subjects.isdisjoint(range(run.start, run.end))
        return NamePlace(
            run.start,
            run.end,
            is_full=is_full,
            opens_sentence=opens_sentence(self.text, run.start),
            is_owner=run.is_owner,
            speaks=speaks_beside(self.text, run.start, run.end),
            acts=is_subject or acts_behind(self.text, run.end),
        )

    def _regnal_before(self, run: CapitalisedRun) -> str | None:
        """Return the title before a name that belongs to it ("Pope Anselm"), unless it is a surname ("Larry King")."""
        title = REGNAL.search(self.text, max(0, run.start - LONGEST_REGNAL), run.start)
        if title is None:
            return None
        before = self.text[max(0, title.start() - LONGEST_GIVEN) : title.start()].split()
        return None if before and is_given(before[-1]) else title[0].strip()


def _is_bare_word(run: CapitalisedRun) -> bool:
    """Return whether a run is one common word that only its place made a capital of."""
    return len(run.words) == 1 and run.words[0].lower() in NOT_NAMES


def _gender_by_pronouns(person: Person, text: str, named: Sequence[int]) -> str | None:
    """Return the gender by the first pronoun behind each place of the person, up to where anybody is named again.

    `named` are the places where anybody is named, sorted. One pronoun is wrong for a quarter of the women and a tenth
    of the men whose name says their gender (train), so it takes at least two more than twice the votes against.
    """
    votes: Counter[str] = Counter()
    for place in person.places:
        following = bisect_left(named, place.end)
        stop = min(place.end + PRONOUN_NEAR, named[following] if following < len(named) else len(text))
        if (pronoun := PRONOUN.search(text[place.end : stop + 1])) is not None:
            votes["m" if pronoun[0].lower() in HE else "f"] += 1
    return "m" if votes["m"] > 2 * votes["f"] + 1 else "f" if votes["f"] > 2 * votes["m"] + 1 else None


def _may_name(words: Sequence[str], full: Sequence[str]) -> bool:
    """Return whether words may stand for the full name: its end, or the same given name before the surname."""
    keys, whole = [name_key(word) for word in words], [name_key(word) for word in full]
    if len(keys) == 1 or whole[-len(keys) :] == keys:
        return True
    return whole[-1] == keys[-1] and may_be_same_given(full[0], words[0])


@dataclass(slots=True)
class ArticleNames:
    """The names of one article, as coreference reads them.

    `quoted` are the characters in quotation marks: a name inside them is not the reporter's.
    """

    text: str
    people: People
    quoted: Sequence[Span]
    byline: str | None
    title: str | None
    organisations: Sequence[Person]
    headline: str = field(init=False)
    times_named: int = field(init=False)  # places where any person is named
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.headline = self.title or self.text[:OPENING]
        self.times_named = sum(len(person.places) for person in self.people.persons)
        self.quoted = sorted(self.quoted)
        self._starts = [span.start for span in self.quoted]

    def outside_quotes(self, places: Sequence[NamePlace]) -> list[NamePlace]:
        """Return the places in the reporter's own words; all of them where there is none."""
        return [place for place in places if not self._is_quoted(place.start)] or list(places)

    def _is_quoted(self, position: int) -> bool:
        index = bisect_left(self._starts, position + 1) - 1
        return index >= 0 and position < self.quoted[index].end

    def words_of(self, found: FoundMention) -> str:
        """Return the words of a mention in lower case."""
        return found.mention.of(self.text).lower()

    def is_definite(self, found: FoundMention) -> bool:
        """Return whether a mention means one that the reader knows: "the expert", "her father"."""
        return self.words_of(found).startswith(DEFINITE)

    def is_indefinite(self, found: FoundMention) -> bool:
        """Return whether a mention means one that was not named before: "a farmer"."""
        return self.words_of(found).startswith(INDEFINITE)
