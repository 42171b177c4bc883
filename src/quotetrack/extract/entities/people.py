"""Find the people of an article and every place that names one. Characters only, with a parser's hints."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from quotetrack.core.domain import Span
from quotetrack.extract.entities.name_forms import (
    NOT_GIVEN,
    NOT_NAMES,
    ORGANISATIONS,
    PARTICLES,
    PLACES,
    CapitalisedRun,
    NameForms,
    acts_behind,
    gender_of,
    is_given,
    is_name_here,
    is_no_name,
    is_told_single,
    may_be_same_given,
    name_key,
    opens_sentence,
    places_of,
    role_of,
    runs_in,
    speaks_beside,
    suffix_of,
    titles,
    without_suffix,
)
from quotetrack.extract.entities.nouns import gender_of_noun
from quotetrack.lang.en.name_words import (
    ADDRESS,
    ARTICLE_BEFORE,
    BEFORE_GIVEN,
    BODY_BEHIND,
    INITIAL,
    LONGEST_ARTICLE,
    LONGEST_OWNED,
    LONGEST_REGNAL,
    MRS,
    NOUN_BEFORE,
    NOUN_BEHIND,
    OWNER_BEFORE,
    PRONOUN,
    REGNAL,
    SENTENCE_BREAK,
    SPEECH_AT_ONCE,
    TEKNONYMS,
    TELLS_BEHIND,
    TITLE,
    TITLE_BEFORE,
    WIFE,
)
from quotetrack.lang.en.pronouns import HE

# Characters before a title within which a given name makes a surname of the title ("Larry King").
LONGEST_GIVEN = 25
# Letters of a surname that may be misspelt: of shorter ones many differ by one letter.
SHORTEST_MISSPELT = 6
# Characters behind a name, and before it, that may tell the gender.
TELLING_BEHIND, TELLING_BEFORE = 90, 25
# Characters behind a name within which a pronoun says whether it is a man's or a woman's.
PRONOUN_NEAR = 200


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
        """Return the words of the name, without a suffix."""
        return without_suffix(self.name)


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
        quoted: Sequence[Span] = (),
    ) -> None:
        """`personal` are spans that a parser takes for persons, `subjects` its subjects: hints, never needed.

        Only the paragraphs of `body` are read (default: the whole text), since other headlines name other people. A
        pronoun in `quoted` words tells no sex.
        """
        self.text = text
        self.persons: list[Person] = []
        whole = [Span(0, len(text))] if text else []
        self._runs = runs_in(text, whole if body is None else body)
        self._forms = NameForms(text, self._runs, personal)
        self._subjects = frozenset(span.start for span in subjects)
        self._by_word: dict[str, list[Person]] = {}
        self._respelt: dict[str, str] = {}  # the right surname of a misspelt one
        for name in self._forms.believed():
            self._add(name)
        self._add_wife()
        for run in self._runs:
            self._add_nickname(run)
        for run in self._runs:
            self._add_given_name(run)
            if not self._fitting(run, run.words, run.gender) and self._is_new_person(run):
                self._add(_alone(run))
        self._respell()
        self._add_common_words(whole if body is None else body)
        read = [(run, self.name_of(run)) for run in self._runs]
        self._tell_genders(read)
        for run, words in read:
            self._note(run, words)
        for person in self.persons:
            person.places.sort(key=lambda place: place.start)
        named = sorted(place.start for person in self.persons for place in person.places)
        for person in self.persons:
            person.gender = person.gender or _gender_by_pronouns(person, text, named, quoted)

    def named(self, words: Sequence[str], gender: str | None = None) -> list[Person]:
        """Return everyone of this gender whom these words may name: by full name, by surname, else by given name."""
        if not words:
            return []
        suffix, words = suffix_of(" ".join(words)), without_suffix(" ".join(words))
        if (surname := self._respelt.get(words[-1])) is not None:
            words = [*words[:-1], surname]
        last = name_key(words[-1])
        fitting = [person for person in self._by_word.get(last, []) if _may_name(words, person.words)]
        if len(words) == 1:
            fitting = [person for person in fitting if person.words[0].lower() not in TEKNONYMS]
        if suffix or len(words) > 1:  # "Ann Lee" is Ann Lee Sr. only where there is no Ann Lee
            fitting = [person for person in fitting if suffix_of(person.name) == suffix] or fitting
        surnamed = [person for person in fitting if name_key(person.words[-1]) == last]
        others = [person for person in fitting if person not in surnamed]
        if len(words) == 1 and others:  # "Chen" is Chen Liang: "Liang" is Liang Weiguo
            surnamed = [person for person in surnamed if not self._is_called_otherwise(person)] or others
            surnamed = [person for person in surnamed if not self._is_named_later(person, words[0], others)] or others
        if len(words) == 1 and len(surnamed) > 1:  # "Lee" is Ann Lee beside "her daughter, Bo, ... Bo Lee"
            surnamed = [person for person in surnamed if not self._is_called_by_given(person, surnamed)] or surnamed
        return [person for person in surnamed or fitting if gender is None or person.gender in (None, gender)]

    def _is_called_otherwise(self, person: Person) -> bool:
        """Return whether the text calls a person by an earlier word of the name that is no given name."""
        return any(word in self._forms.single_words and not is_given(word) for word in person.words[:-1])

    def _is_called_by_given(self, person: Person, bearers: Sequence[Person]) -> bool:
        """Return whether the text names a person by the given name alone first, below another bearer's full name."""
        given = person.words[0]
        alone = next((run.start for run in self._runs if run.words == (given,)), None)
        own = next((run.start for run in self._runs if run.name == person.name), None)
        names = {bearer.name for bearer in bearers if bearer.words[0] != given}
        before = next((run.start for run in self._runs if run.name in names), None)
        return alone is not None and own is not None and before is not None and before < alone < own

    def _is_named_later(self, person: Person, word: str, others: Sequence[Person]) -> bool:
        """Return whether the text calls somebody else by a word before it first names this person: "Dar" for Dar Yasin.

        A name that only opens a sentence may be part of a headline: "Holm Sees Insult".
        """
        alone = next((run.start for run in self._runs if run.words == (word,)), None)
        own = next((run.start for run in self._runs if len(run.words) > 1 and run.words[-1] == person.words[-1]), None)
        if alone is None or own is None or own < alone:
            return False
        names = {other.name for other in others}
        starts = [run.start for run in self._runs if run.start < alone and run.name in names]
        return any(not opens_sentence(self.text, start) for start in starts)

    def name_of(self, run: CapitalisedRun) -> list[str]:
        """Return the words of a run that are the name, without those that a sentence or headline put before it."""
        return (self._forms.form_of(run) or f"{run.name} {run.suffix}").split()

    def bearers(self, run: CapitalisedRun) -> list[Person]:
        """Return everyone whom a run may name."""
        return self._fitting(run, self.name_of(run), run.gender)

    def run_at(self, position: int) -> CapitalisedRun | None:
        """Return the name at a place, or behind titles that stand there."""
        while (word := TITLE.match(self.text, position)) is not None and word[1].lower().strip(".") in titles():
            position = word.end()
        return next((run for run in self._runs if run.start <= position < run.end), None)

    def _add(self, name: str) -> Person:
        """Add a person, to be found by surname and by each word that may stand for the person."""
        first = name.split()[0]
        told = TEKNONYMS.get(first.lower()) or gender_of_noun(first)  # Mama Chinedu, Uncle Roscoe
        person = Person(name, gender=told or gender_of(first))
        self.persons.append(person)
        words, single = person.words, self._forms.single_words
        for index, word in enumerate(words):
            is_called_so = is_given(word) or (word in single and words[-1] not in single)
            is_called_so = is_called_so and not self._is_place(word)
            may_stand_for = index == len(words) - 1 or (is_called_so if index == 0 else not is_given(word))
            is_particle = word.lower() in PARTICLES and (0 < index < len(words) - 1 or word.islower())
            if may_stand_for and not is_particle and not INITIAL.match(word):
                self._by_word.setdefault(name_key(word), []).append(person)
        return person

    def _add_wife(self) -> None:
        """Add "his wife Maeve", "her mother, Maeve" or "married Maeve Quinn" as Maeve Crowley, if Mrs Crowley speaks.

        Beside a wife, where no other woman has the name, the others who have it are men: one of them is her husband.
        """
        called = {
            run.words for run in self._runs if MRS.search(self.text, max(0, run.start - LONGEST_GIVEN), run.start)
        }
        introduced = {match["given"] or match["bride"] or match["mother"]: match for match in WIFE.finditer(self.text)}
        if len(called) != 1 or len(introduced) != 1:
            return
        surname, (given, match) = " ".join(called.pop()), introduced.popitem()
        before = [run.words[-1] for run in self._runs if run.start < match.start() and self.named(run.words)]
        if not before or before[-1] != surname:
            return  # another's wife
        bearers = [person for person in self.persons if person.words[-1] == surname]
        if not bearers or any(person.words[0] == given for person in bearers):
            return
        if re.search(rf"\b(?:Ms|Miss)\.? {re.escape(surname)}\b", self.text):
            return  # another woman
        if match["mother"] is None and all(person.gender != "f" for person in bearers):
            for person in bearers:
                person.gender = "m"
        wife = self._add(f"{given} {surname}")
        wife.gender = "f"
        by_given = self._by_word.setdefault(name_key(given), [])
        if wife not in by_given:
            by_given.append(wife)

    def _add_nickname(self, run: CapitalisedRun) -> None:
        """Let the nickname in a name stand for its bearer: of Tamsin “Tam” Rook, "Tam said"."""
        bearers = self.named(run.words) if run.nickname and len(run.words) > 1 else []
        called = self._by_word.setdefault(name_key(run.nickname), []) if len(bearers) == 1 else []
        called += [bearer for bearer in bearers if bearer not in called]

    def _add_given_name(self, run: CapitalisedRun) -> None:
        """Let a given name behind "Dame" or "Sister" stand for its only bearer: "Dame Quinxa" for Quinxa Mary Vale."""
        title = self.text[max(0, run.start - LONGEST_GIVEN) : run.start]
        if len(run.words) > 1 or self.named(run.words) or not BEFORE_GIVEN.search(title):
            return
        bearers = [p for p in self.persons if p.words[0] == run.words[0] and len(p.words) > 1]
        if len(bearers) == 1 and (run.gender is None or bearers[0].gender in (None, run.gender)):
            self._by_word.setdefault(name_key(run.words[0]), []).append(bearers[0])

    def _respell(self) -> None:
        """Join somebody whose surname is misspelt to who is meant: "Mr Montieth" to David Monteith.

        Misspelt is what is printed less often: in full with the same given name, or without any.
        """
        printed = Counter(run.words[-1] for run in self._runs)
        by_use = sorted(self.persons, key=lambda person: printed[person.words[-1]])
        for person in by_use:
            surname = person.words[-1]
            bearers = [p for p in self.persons if p.words[-1] == surname]
            sexes = {run.gender for run in self._runs if run.words[-1] == surname} - {None}
            others = [p for p in self.persons if p not in bearers and not (p.gender and sexes - {p.gender})]
            meant = [p for p in others if _may_be_misspelt(person, p)]
            rarer = [p for p in meant if len(person.words) == 1 or printed[p.words[-1]] >= printed[surname]]
            if len(bearers) == len(meant) == len(rarer) == 1:
                self.persons = [p for p in self.persons if p is not person]
                self._by_word = {word: [p for p in called if p is not person] for word, called in self._by_word.items()}
                self._respelt[surname] = meant[0].words[-1]

    def _is_place(self, word: str) -> bool:
        """Return whether a given name is a country's as well, and the parser takes it for no person: "Israel"."""
        return word.lower() in PLACES and not self._forms.is_hinted([word])

    def _add_common_words(self, body: Sequence[Span]) -> None:
        """Add the places where a common word is the surname of somebody named in full: "March said", "Lord said".

        They count as titled, since they are certainly names.
        """
        surnames = {person.words[-1] for person in self.persons if len(person.words) > 1}
        found = [
            CapitalisedRun(place.start, place.end, (surname,), True, None, frozenset(), False)
            for surname in sorted(surnames)
            if surname.lower() in NOT_NAMES or surname.lower() in titles()
            for place in places_of(self.text, surname)
            if is_name_here(self.text, place) and any(part.start <= place.start < part.end for part in body)
        ]
        if found:
            taken = {run.start for run in found}
            self._runs = sorted([*(run for run in self._runs if run.start not in taken), *found], key=_start)

    def _tell_genders(self, read: Iterable[tuple[CapitalisedRun, list[str]]]) -> None:
        """Set the gender that the article itself tells: by a title, by "her brother", by a noun for women."""
        by_surname: dict[str, list[tuple[CapitalisedRun, list[str]]]] = {}
        for run, words in read:
            by_surname.setdefault(name_key(words[-1]), []).append((run, words))
        bearers = Counter(name_key(person.words[-1]) for person in self.persons)
        for person in self.persons:
            surname = name_key(person.words[-1])
            votes: Counter[str] = Counter()
            for run, words in by_surname.get(surname, []):
                is_full = len(words) > 1 and may_be_same_given(person.words[0], words[0])
                if is_full or (bearers[surname] == 1 and len(words) == 1):
                    votes.update(gender for gender in (run.gender, told_gender(self.text, run)) if gender)
            if len(votes) == 1:
                (person.gender,) = votes

    def _note(self, run: CapitalisedRun, words: Sequence[str]) -> None:
        """Note where a run, with these words for its name, names one of the people."""
        person = self._bearer(run, words)
        if person is None or (not run.is_titled and _is_bare_word(self.text, run)):
            return
        person.places.append(self._place_of(run, is_full=len(words) > 1))
        if len(run.words) == 1 and person.name == _alone(run) and (title := self._regnal_before(run)) is not None:
            person.name = f"{title} {person.name}"
        person.roles |= run.roles
        person.offices |= {role for role in run.roles if role_of(role) == role}
        person.gender = person.gender or run.gender

    def _bearer(self, run: CapitalisedRun, words: Sequence[str]) -> Person | None:
        """Return the person whom a run names; of several the one named most often so far, first of all in full."""
        told = BODY_BEHIND.match(self.text, run.end) if len(words) == 1 else None  # "Lee shook her head"
        gender = run.gender or (None if told is None else "m" if (told["own"] or told["arms"]) in HE else "f")
        fitting = self._fitting(run, words, gender) or self._fitting(run, words, run.gender)
        return max(fitting, key=_standing, default=None)

    def _fitting(self, run: CapitalisedRun, words: Sequence[str], gender: str | None) -> list[Person]:
        """Return whom a run may name by these words: not who is named in full behind it in the same sentence.

        Of several, "Cllr Lee" is the one who was Cllr Ann Lee.
        """
        fitting = [person for person in self.named(words, gender) if not self._is_named_beside(run, person)]
        if len(fitting) < 2 or len(run.words) > 1 or (title := self._title_before(run)) is None:
            return fitting
        return [person for person in fitting if title in self._titles_of(person)] or fitting

    def _title_before(self, run: CapitalisedRun) -> str | None:
        """Return the title of an office directly before a name, in lower case; None of "Mr" and the like."""
        title = TITLE_BEFORE.search(self.text, max(0, run.start - LONGEST_GIVEN), run.start)
        word = title[1].lower().strip(".") if title is not None else ""
        return word if word in titles() and word not in ADDRESS else None

    def _titles_of(self, person: Person) -> set[str | None]:
        """Return the titles with which the text names a person in full."""
        return {self._title_before(run) for run in self._runs if len(run.words) > 1 and run.name == person.name}

    def _is_named_beside(self, run: CapitalisedRun, person: Person) -> bool:
        """Return whether a sentence first names a person in full behind a title: "Lord Holm said that Mabli Holm"."""
        if len(run.words) > 1 or not run.is_titled:
            return False
        full = min((other.start for other in self._runs if " ".join(other.words) == person.name), default=-1)
        return full > run.end and SENTENCE_BREAK.search(self.text, run.end, full) is None

    def _is_new_person(self, run: CapitalisedRun) -> bool:
        """Return whether one word that fits nobody names a person: by a title, a noun beside it, or as it speaks."""
        word = run.words[0]
        if len(run.words) > 1 or word.lower() in ORGANISATIONS or word.lower() in titles():
            return False
        if run.is_titled:
            return True
        if _is_bare_word(self.text, run) or run.is_owner or is_no_name(word) or word.lower() in NOT_GIVEN:
            return False
        if is_told_single(self.text, run.start, run.end):
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


def _may_be_misspelt(person: Person, meant: Person) -> bool:
    """Return whether a name may be a misspelling of another, by one letter behind the first or by two that changed."""
    wrong, right = (name_key(each.words[-1]) for each in (person, meant))
    if min(len(wrong), len(right)) < SHORTEST_MISSPELT or wrong[0] != right[0] or len(meant.words) == 1:
        return False
    is_same = len(person.words) == 1 or person.words[:-1] == meant.words[:-1]
    return is_same and OSA.distance(wrong, right, score_cutoff=1) == 1


def told_gender(text: str, run: CapitalisedRun) -> str | None:
    """Return "f" or "m" where the words directly beside a name tell it.

    A noun goes first: "her father, Ben Lee, who left her mother". In "his partner, Ann Lee, who took his name" the name
    is the owner’s. "At Lee’s, a woman wept" and "They spoke of a boy, Lee said" tell nothing of Lee.
    """
    behind = "" if run.is_owner else text[run.end : run.end + TELLING_BEHIND]
    before = NOUN_BEFORE.search(text[max(0, run.start - TELLING_BEFORE) : run.start])
    if before is not None and "," in before[0] and SPEECH_AT_ONCE.match(behind):
        before = None
    nouns = (before, NOUN_BEHIND.match(behind))
    genders = [gender for noun in nouns if noun is not None and (gender := gender_of_noun(noun["noun"])) is not None]
    if genders:
        return genders[0]
    match = TELLS_BEHIND.match(behind)
    gender = None if match is None else "m" if match["own"] in HE else "f"
    owner = OWNER_BEFORE.search(text[max(0, run.start - LONGEST_OWNED) : run.start])
    is_owners = owner is not None and gender == ("m" if owner["owner"].lower() in HE else "f")
    return None if is_owners else gender


def _standing(person: Person) -> tuple[int, int]:
    """Return how often a person was named so far: in full, and in all."""
    return sum(place.is_full for place in person.places), len(person.places)


def _start(run: CapitalisedRun) -> int:
    return run.start


def _alone(run: CapitalisedRun) -> str:
    """Return the name that a run of one word gives, with its suffix: "George III"."""
    return f"{run.words[0]} {run.suffix}".rstrip()


def _is_bare_word(text: str, run: CapitalisedRun) -> bool:
    """Return whether a run is one common word that only its place made a capital of, or "the Church"."""
    if len(run.words) > 1:
        return False
    word = run.words[0].lower()
    return word in NOT_NAMES or (
        word in ORGANISATIONS and bool(ARTICLE_BEFORE.search(text, max(0, run.start - LONGEST_ARTICLE), run.start))
    )


def _gender_by_pronouns(person: Person, text: str, named: Sequence[int], quoted: Sequence[Span]) -> str | None:
    """Return the gender by the first pronoun behind each place of the person, up to where anybody is named again.

    `quoted` are the words in quotation marks, which do not count; `named` are the places where anybody is named, in
    order. One pronoun is wrong for a quarter of the women and a tenth of the men whose name says their gender (train),
    so it takes at least two more than twice the votes against.
    """
    votes: Counter[str] = Counter()
    for place in person.places:
        following = bisect_left(named, place.end)
        stop = min(place.end + PRONOUN_NEAR, named[following] if following < len(named) else len(text))
        found = PRONOUN.finditer(text, place.end, stop + 1)
        pronoun = next((each for each in found if not _is_inside(quoted, each.start())), None)
        if pronoun is not None:
            votes["m" if pronoun[0].lower() in HE else "f"] += 1
    return "m" if votes["m"] > 2 * votes["f"] + 1 else "f" if votes["f"] > 2 * votes["m"] + 1 else None


def _is_inside(spans: Sequence[Span], at: int) -> bool:
    """Return whether a place is inside one of these spans, which are in order."""
    before = bisect_right(spans, at, key=_first) - 1
    return before >= 0 and at < spans[before].end


def _first(span: Span) -> int:
    return span.start


def _may_name(words: Sequence[str], full: Sequence[str]) -> bool:
    """Return whether words may stand for the full name: its end, or the same given name before the surname."""
    keys, whole = [name_key(word) for word in words], [name_key(word) for word in full]
    if len(keys) == 1 or whole[-len(keys) :] == keys:
        return True
    return whole[-1] == keys[-1] and may_be_same_given(full[0], words[0])
