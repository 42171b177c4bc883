"""Find who holds which office by what an article tells, and whom "the former mayor" or "the deputy speaker" may mean.

An office stands beside a name ("the mayor of Holm, Ann Lee"), or behind a verb ("Lee took over as mayor from Bo Dahl").
"His successor", "her deputy" and "her Danish counterpart" hold an office by way of another person’s. Where two hold it
and the article does not tell which of them is meant, the mention names neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from quotetrack.core.domain import Span
from quotetrack.extract.entities.descriptions import Opening, UnnamedPerson
from quotetrack.extract.entities.name_forms import titles
from quotetrack.extract.entities.nouns import is_kin, is_proxy
from quotetrack.extract.entities.offices import (
    NATIONAL,
    Office,
    Standing,
    countries,
    forms_of,
    is_exclusive,
    is_relation,
    office_in,
    office_noun,
)
from quotetrack.extract.entities.people import NamePlace, People, Person
from quotetrack.lang.en import office_words, pronouns
from quotetrack.lang.en.people_nouns import NOT_INSIDE

# Characters before a name, and behind it, within which its office stands; between a predecessor and a successor.
FARTHEST_BEFORE, FARTHEST_BEHIND, LONGEST_SUCCESSION = 110, 150, 110
# Words before a name that may be its office.
MOST_DIRECT = 6

_LINE = re.compile(r"[\n.;:“”\"(]\s*")


@dataclass(slots=True)
class Holder:
    """A person with the offices that the article gives, and who held one of them before and after."""

    person: Person
    offices: list[Office] = field(default_factory=list)
    successor: Person | None = None
    predecessor: Person | None = None


@dataclass(frozen=True, slots=True)
class Bearers:
    """Whom a mention of an office may mean: those whose office answers to it, and those whose office is another."""

    told: tuple[Person, ...]
    others: tuple[Person, ...]


class OfficeHolders:
    """The offices of the people of one article."""

    def __init__(self, text: str, people: People, unnamed: Sequence[UnnamedPerson], quoted: Sequence[Span]) -> None:
        """`quoted` are the characters in quotation marks: what they say of offices is not the reporter’s."""
        self._text = text
        self._people = people
        places = [(place, person) for person in people.persons for place in person.places]
        outside = [entry for entry in places if not any(q.start <= entry[0].start < q.end for q in quoted)]
        self._named = sorted(outside, key=lambda entry: entry[0].start)
        self._holders = {id(person): Holder(person) for person in people.persons}
        self._read()
        introduced = [p for p in unnamed if p.opening is Opening.INDEFINITE or _speaks_for_somebody(p)]
        self._unnamed = [Holder(person, [o]) for person in introduced if (o := office_in(person.name)) is not None]

    def bearers(self, mention: Span) -> Bearers:
        """Return whom a mention may mean by its office; nobody where it names none, or the article gives it nobody."""
        words = mention.of(self._text)
        wanted = office_in(words)
        if wanted is None or is_relation(wanted.noun):
            return Bearers(self._related(wanted), ())
        if office_words.OWNERS.match(words) and (is_proxy(wanted.noun) or is_kin(words.split()[-1])):
            return Bearers((), ())  # "his lawyer" is whose lawyer? "His sister" is no ward sister
        unnamed = self._unnamed if office_words.THE.match(words) else []
        holders = [*self._holders.values(), *(h for h in unnamed if h.person.places[0].start < mention.start)]
        held = [(h.person, o) for h in holders for o in h.offices if o.answers_to(wanted)]
        told = _of_standing(held, wanted.standing)
        others = [h.person for h in self._holders.values() if h.person not in told and self._is_other(h, wanted)]
        return Bearers(tuple(told), tuple(others))

    def _is_other(self, holder: Holder, wanted: Office) -> bool:
        """Return whether a person holds an office that rules out the wanted one."""
        if wanted.noun == NATIONAL:
            return False
        same = [office for office in holder.offices if office.noun == wanted.noun]
        if same:
            return not any(self._may_be(office, wanted) for office in same)
        if wanted.standing is Standing.FORMER:
            return False
        held = {office.noun for office in holder.offices if office.standing is not Standing.FORMER}
        if any(wanted.noun in parts and held & parts for parts in office_words.PARTS):
            return True
        return wanted.noun in office_words.EXCLUSIVE and any(is_exclusive(office) for office in holder.offices)

    def _may_be(self, office: Office, wanted: Office) -> bool:
        """Return whether an office may be the wanted one, though the article does not say all words of it.

        Of an office that one holds alone ("the Polish president"), the other words have to stand elsewhere as well.
        """
        if office.rank != wanted.rank or {office.standing, wanted.standing} == {Standing.FORMER, Standing.PRESENT}:
            return False
        missing = wanted.words - office.words
        kinds, wanted_kinds = office.words & office_words.KINDS, wanted.words & office_words.KINDS
        if not missing:
            return True
        if (office.places and wanted.places and not office.places & wanted.places) or (
            kinds and wanted_kinds and not kinds & wanted_kinds
        ):
            return False
        return wanted.noun not in office_words.EXCLUSIVE or all(self._is_told_elsewhere(word) for word in missing)

    def _is_told_elsewhere(self, word: str) -> bool:
        """Return whether a word of a mention, or another form of it, stands in the text a second time."""
        forms = "|".join(re.escape(form) for form in (word, *forms_of(word)))
        return len(re.findall(rf"\b(?:{forms})", self._text, re.IGNORECASE)) > 1

    def _related(self, wanted: Office | None) -> tuple[Person, ...]:
        """Return who is "his successor" or "her predecessor", where one person of the article is."""
        if wanted is None or wanted.noun not in (office_words.SUCCESSOR, office_words.PREDECESSOR):
            return ()
        is_next = wanted.noun == office_words.SUCCESSOR
        related = [h.successor if is_next else h.predecessor for h in self._holders.values()]
        found = [person for person in related if person is not None]
        return tuple(found) if len(found) == 1 else ()

    # --- what the article tells ------------------------------------------------------------------------------

    def _read(self) -> None:
        """Read the offices beside names and behind verbs, then those that one person has by way of another."""
        shared: Office | None = None
        end = 0
        for place, person in self._named:
            offices = list(self._beside(place))
            shared = self._shared(place, person, shared if not offices else None, end)
            self._holders[id(person)].offices += [*offices, *([shared] if shared is not None else [])]
            end = place.end
        for index, (place, person) in enumerate(self._named):
            for phrase in self._relations(place):
                self._relate(index, person, phrase)
        for (before, first), (behind, second) in pairwise(self._named):
            if first is not second:
                self._succession(before, first, behind, second)

    def _beside(self, place: NamePlace) -> Iterator[Office]:
        """Yield the offices that stand beside one place of a name."""
        before, behind = self._before(place), self._behind(place)
        of = office_words.OF_PLACE.match(behind)
        for phrase in _phrases_before(before):
            office = office_in(f"{phrase} of {of['place']}" if of is not None and not phrase.count(" of ") else phrase)
            if office is not None and not is_relation(office.noun):
                yield office
        yield from _offices_behind(behind)

    def _shared(self, place: NamePlace, person: Person, before: Office | None, end: int) -> Office | None:
        """Return the office that a plural gives to this name and the next: "Councillors Ann Lee and Bo Dahl".

        `before` is the one that the name before shared, which ends at `end`.
        """
        if before is not None and office_words.JOINS.match(self._text, end, place.start):
            return before
        start = max(place.start, self._text.find(person.words[0], place.start, place.end))
        plural = office_words.SHARED.search(self._text, max(0, start - FARTHEST_BEFORE), start)
        return office_in(plural["office"]) if plural is not None else None

    def _before(self, place: NamePlace) -> str:
        return self._text[max(0, place.start - FARTHEST_BEFORE) : place.start].rsplit("\n", 1)[-1]

    def _behind(self, place: NamePlace) -> str:
        return self._text[place.end : place.end + FARTHEST_BEHIND].split("\n", 1)[0]

    def _relations(self, place: NamePlace) -> Iterator[str]:
        """Yield the words beside a name that speak of another holder of the same office: "his successor"."""
        aside = office_words.ASIDE.match(self._behind(place))
        for phrase in (*_phrases_before(self._before(place)), *([aside["office"]] if aside else [])):
            if (office := office_in(phrase)) is not None and is_relation(office.noun):
                yield phrase

    def _relate(self, index: int, person: Person, phrase: str) -> None:
        """Give a person the office of another, as successor, predecessor, deputy or counterpart."""
        relation = office_in(phrase)
        owner = self._owner(index, person, phrase)
        if relation is None or owner is None:
            return
        holder, other = self._holders[id(person)], self._holders[id(owner)]
        if relation.noun == office_words.SUCCESSOR:
            _succeed(holder, other, None)
        elif relation.noun == office_words.PREDECESSOR:
            _succeed(other, holder, None)
        elif relation.noun == office_words.DEPUTY:
            holder.offices.append(relation)
            held = [o for o in other.offices if o.rank is None and o.noun != NATIONAL]
            holder.offices += [replace(o, rank="deputy", standing=Standing.UNTOLD) for o in held]
        else:
            for office in other.offices:
                words = (office.words - {place for place in office.places if self._is_named(place)}) | relation.words
                holder.offices.append(replace(office, words=words, places=relation.words))

    def _is_named(self, place: str) -> bool:
        """Return whether a word of an office is a name: a head of operations is one in another place as well."""
        return (
            place in countries().values() or re.search(rf"\b{re.escape(place.capitalize())}\b", self._text) is not None
        )

    def _owner(self, index: int, person: Person, phrase: str) -> Person | None:
        """Return the owner of "his successor" or "her deputy": who is named in it, else the last with an office."""
        if not office_words.OWNERS.match(phrase):
            owner = phrase.rsplit(" ", 1)[0]
            named = self._people.named([office_words.OWNER_END.sub("", word) for word in owner.split()])
            return named[0] if len(named) == 1 and named[0] is not person else None
        word = phrase.split()[0].lower()
        gender = pronouns.OWNERS.get(word)
        for _, other in reversed(self._named[:index]):
            is_fitting = gender is None or other.gender in (None, gender)
            if other is not person and is_fitting and self._holders[id(other)].offices:
                return other
        return None

    def _succession(self, before: NamePlace, first: Person, behind: NamePlace, second: Person) -> None:
        """Note that one of two people who are named in one clause took over from the other."""
        between = self._text[before.end : behind.start]
        if len(between) > LONGEST_SUCCESSION or office_words.SENTENCE_END.search(between):
            return
        forms = ((office_words.SUCCEEDS, first, second), (office_words.SUCCEEDED_BY, second, first))
        for form, successor, predecessor in forms:
            if (match := form.fullmatch(between)) is not None:
                told = match["office"]
                if told is None and (named := office_words.AS_OFFICE.match(self._text, behind.end)) is not None:
                    told = named["office"]
                _succeed(self._holders[id(successor)], self._holders[id(predecessor)], told)


def _speaks_for_somebody(person: UnnamedPerson) -> bool:
    """Return whether somebody without a name goes on as "the lawyer": "Vale’s lawyer"."""
    return person.opening is Opening.OWNED and is_proxy(person.noun) and not is_relation(person.noun)


def _succeed(successor: Holder, predecessor: Holder, told: str | None) -> None:
    """Note that one holder follows another in the office that is told, else in those of either."""
    predecessor.successor, successor.predecessor = successor.person, predecessor.person
    office = office_in(told) if told is not None else None
    shared = (
        [office] if office is not None else [o for o in predecessor.offices or successor.offices if o.noun != NATIONAL]
    )
    for office in shared:
        predecessor.offices = [o for o in predecessor.offices if o.noun != office.noun or o.rank != office.rank]
        predecessor.offices.append(replace(office, standing=Standing.FORMER))
        if not any(o.noun == office.noun and o.rank == office.rank for o in successor.offices):
            successor.offices.append(replace(office, standing=Standing.PRESENT))


def _of_standing(held: Sequence[tuple[Person, Office]], standing: Standing) -> list[Person]:
    """Return the persons who hold an office at the time of which the mention speaks; "the mayor" is the present one.

    Where somebody is told to be the new mayor, the other one may be the former.
    """
    sorts = {s: _distinct(person for person, office in held if office.standing is s) for s in Standing}
    former, present, untold = (sorts[s] for s in (Standing.FORMER, Standing.PRESENT, Standing.UNTOLD))
    current = _distinct([*present, *untold])
    if standing is Standing.FORMER:
        return former or ([person for person in untold if person not in present] if present else [])
    if standing is Standing.PRESENT:
        return present or ([person for person in untold if person not in former] if former else [])
    return [person for person in current if person not in former or person in present]


def _distinct(persons: Iterator[Person] | Sequence[Person]) -> list[Person]:
    return list({id(person): person for person in persons}.values())


def _phrases_before(before: str) -> Iterator[str]:
    """Yield the words before a name that may be its office: "Foreign minister", "the leader of the council, "."""
    direct: list[str] = []
    rest = before
    for word in reversed(before.split(" ")[-MOST_DIRECT - 1 : -1] if before.endswith(" ") else []):
        plain = word.lower()
        if not office_words.WORD.fullmatch(word.rstrip(".")) or (
            plain in NOT_INSIDE and not office_words.OWNERS.match(word)
        ):
            break
        direct.insert(0, word)
        rest = rest[: len(rest) - len(word) - 1]
    while len(direct) > 1 and direct[-1].lower().strip(".") in titles() and _ends_office(direct[-2]):
        yield direct.pop()  # "Police chief Inspector Ann Lee"
    while direct and office_noun(direct[-1].strip(".")) is None and direct[-1].lower().strip(".") in titles():
        direct.pop()
    if direct and office_noun(direct[-1].strip(".")) is not None:
        yield " ".join([*_modifiers(direct[:-1]), direct[-1].strip(".")])
        direct = []
    if not direct and rest.endswith(", "):
        clause = _LINE.split(rest[:-2])[-1]
        starts = [match.start() for match in office_words.OPENS.finditer(clause)]
        phrase = next((clause[s:] for s in reversed(starts) if office_in(clause[s:]) is not None), None)
        if phrase is not None:
            yield phrase


def _ends_office(word: str) -> bool:
    """Return whether a word is the noun of an office, and no rank: "chief Inspector", not "Deputy Mayor"."""
    return office_noun(word) is not None and word.lower() not in office_words.RANKS


def _modifiers(words: Sequence[str]) -> list[str]:
    """Return the words before a noun that belong to its office: capitals, "former", and one that tells its kind."""
    kept: list[str] = []
    has_kind = False
    for word in reversed(words):
        plain = word.lower()
        is_told = plain in office_words.FORMER | office_words.PRESENT | office_words.RANKS
        if has_kind and not is_told:
            break
        kept.insert(0, word)
        if office_words.OWNERS.match(word):
            break  # "accused her counterpart"
        has_kind = has_kind or not (is_told or word[:1].isupper())
    return kept


def _offices_behind(behind: str) -> Iterator[Office]:
    """Yield the offices in the words behind a name: ", mayor from 2014 to 2022,", " was sworn in as mayor"."""
    of = office_words.OF_PLACE.match(behind)
    if of is not None and (name := countries().get(of["place"].lower())) is not None:
        yield Office(NATIONAL, words=frozenset({name}))
    if office_words.ACCUSED.match(behind):
        yield Office("defendant")
    forms = (
        (office_words.ASIDE, Standing.UNTOLD),
        (office_words.BECOMES, Standing.PRESENT),
        (office_words.LEFT, Standing.FORMER),
        (office_words.WAS, Standing.UNTOLD),
    )
    for form, standing in forms:
        match = form.match(behind)
        office = office_in(match["office"]) if match is not None else None
        if match is None or office is None or is_relation(office.noun):
            continue
        if office_words.IS_OVER.match(match["time"] or ""):
            standing = Standing.FORMER
        yield replace(office, standing=standing) if standing is not Standing.UNTOLD else office
    led = office_words.LEADS.match(behind)
    if led is not None:
        noun = next(noun for stem, noun in office_words.NOUN_OF_VERB.items() if led["verb"].startswith(stem))
        is_over = office_words.IS_OVER.match(led["time"] or "") is not None
        office = office_in(f"{noun} of {led['office']}")
        if office is not None:
            yield replace(office, standing=Standing.FORMER if is_over else Standing.UNTOLD)
