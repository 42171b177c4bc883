"""Find which organisation "it", "the ministry" or "the statement" means, where the sentences before leave no choice.

Characters only. An organisation that acts in the sentence before is meant by "it"; "the ministry" is the only one of
the article whose name holds the word, or the last one that acts, if the noun fits its name. Where this tells nothing,
the fitted trees choose (`coreference.py`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.name_forms import ORGANISATIONS, words_of
from quotetrack.extract.entities.pairs import Meant
from quotetrack.extract.entities.people import NamePlace, Person
from quotetrack.extract.entities.reporter import ReporterText
from quotetrack.lang.en import body_words as words
from quotetrack.lang.en.organisation_names import LEADING, NAME

# Characters above "the statement" within which it has been issued.
FARTHEST_STATEMENT = 900
# Characters above "it" within which a writing has been introduced.
FARTHEST_INTRODUCED = 400
# Characters above a mention within which another organisation of the kind is looked for.
FARTHEST_OTHER = 2_000

_BODIES = words_of("body")


@dataclass(frozen=True, slots=True)
class _Acting:
    """A place where an organisation is the subject of a sentence. `noun` is None where it has a name."""

    start: int
    end: int
    meant: Meant
    noun: str | None = None


def _is_called(name: str, noun: str) -> bool:
    """Return whether the name of an organisation has a noun, or a word for it that says what it is: Tarn Police.

    "The force" is no Police Federation.
    """
    own = [*name.lower().split(), ""]
    kind = words.CALLED_SO.get(noun, frozenset())
    return noun in own or any(word in kind and behind in words.BEHIND_KIND for word, behind in pairwise(own))


class Bodies:
    """The organisations of one article, where they act. The text is read when it is first asked for."""

    def __init__(self, names: ArticleNames, reporter: ReporterText) -> None:
        self._names, self._reporter = names, reporter

    def meant_by(self, found: FoundMention) -> Meant | None:
        """Return what "it", "the ministry" or "the statement" means; None for others, and where nothing tells it."""
        mention, at = self._names.words_of(found), found.mention.start
        if mention == "it":
            behind = words.NEXT_WORD.match(self._names.text, found.mention.end)
            verb = found.cue.of(self._names.text) if found.cue is not None else behind[1] if behind is not None else ""
            cue = verb.lower()
            written = self._introduced(at, is_read=cue in words.READS) if cue in words.WRITING_SPEAKS else None
            return written or (self._by_pronoun(at) if cue not in words.READS else None)
        if mention == words.STATEMENT:
            return self._issuer(at)
        the, _, noun = mention.partition(" ")
        is_body = noun in words_of("group") or noun in words.CALLED_SO
        return self._by_noun(noun, at) if the == "the" and is_body else None

    def _by_pronoun(self, at: int) -> Meant | None:
        """Return the organisation that acted last, where no other thing stands in between."""
        last = self._last_before(at)
        if last is None or not self._reporter.is_near(last.end, at):
            return None
        starts = [start for _, start in self._reporter.ends_between(last.end, at) if start < at]
        if any(words.OTHER_SUBJECT.match(self._reporter.text, start) for start in starts):
            return None
        return last.meant if not self._is_bare(last) else self._by_noun(str(last.noun), last.start)

    def _introduced(self, at: int, *, is_read: bool) -> Meant | None:
        """Return the writing that the sentence before tells of for the first time: "a report by the engineers".

        Where a body acts in that sentence the body speaks: "The council said in a statement that it would pay. “No,” it
        said.". A writing reads all the same: "The council put up a sign. “Closed,” it read.". "A letter from Ann Lee"
        says what she says.
        """
        found = list(words.INTRODUCES.finditer(self._reporter.text, max(0, at - FARTHEST_INTRODUCED), at))
        if not found:
            return None
        ends = self._reporter.ends_between(found[-1].end(), at)
        is_near = len(ends) == 1 and self._reporter.text.count("\n\n", found[-1].end(), at) <= 1
        if not is_near:
            return None
        if (author := self._author(found[-1])) is not None:
            return Meant(author.name, author)
        start, _ = self._reporter.sentence(found[-1].start())
        last = None if is_read else self._last_before(found[-1].start())
        return last.meant if last is not None and last.start >= start else Meant(found[-1]["writing"], None)

    def _author(self, writing: re.Match[str]) -> Person | None:
        """Return who is named as the author of a letter or statement, "a letter from Ann Lee"; nobody of a report."""
        behind = words.BY_AUTHOR.match(self._reporter.text, writing.end())
        run = self._names.people.run_at(behind.end()) if behind is not None else None
        if run is None or not words.PERSONAL.search(writing["writing"]):
            return None
        named = self._names.people.bearers(run)
        return named[0] if len(named) == 1 else None

    def _by_noun(self, noun: str, at: int) -> Meant | None:
        """Return the organisation that "the ministry" means: the only one called so, or the last one that acted."""
        bearers = [
            body
            for body in self._names.organisations
            if len(body.words) > 1 and _is_called(body.name, noun) and any(place.start < at for place in body.places)
        ]
        if noun not in words.COMMON and len(bearers) == 1:
            last = max(place.end for place in bearers[0].places if place.start < at)
            return None if self._is_another(noun, last, at) else Meant(bearers[0].name, bearers[0])
        named = self._last_before(at, is_named=True)
        if named is None or not self._reporter.is_near(named.end, at) or self._is_another(noun, named.end, at):
            return None
        if any(named.start < place.start < at for body in bearers for place in body.places):
            return None
        own = {word.lower() for word in named.meant.name.split()}
        fits = _is_called(named.meant.name, noun) or (
            noun in words.GENERAL and not (own & _BODIES) - words.MAY_BE_GENERAL
        )
        return named.meant if fits else None

    def _issuer(self, at: int) -> Meant | None:
        """Return who is the only one to act in the sentence that tells of the statement."""
        issued = list(words.ISSUES.finditer(self._reporter.text, max(0, at - FARTHEST_STATEMENT), at))
        if not issued or not self._reporter.is_near(issued[-1].end(), at):
            return None
        start, end = self._reporter.sentence(issued[-1].start())
        acting = [body for body in self._acting if start <= body.start < min(end, at)]
        if len(acting) == 1 and self._is_bare(acting[0]):
            return self._by_noun(str(acting[0].noun), acting[0].start)
        found = {body.meant.name: body.meant for body in acting}
        for person in self._names.people.persons:
            for place in self._names.outside_quotes(person.places):
                if start <= place.start < min(end, at) and place.speaks:
                    found[person.name] = Meant(person.name, person)
        pronoun = words.IT_SPEAKS.search(self._reporter.text, start, min(end, at)) if not found else None
        if pronoun is not None:
            return self._by_pronoun(pronoun.start())
        return next(iter(found.values())) if len(found) == 1 else None

    @cached_property
    def _acting(self) -> list[_Acting]:
        """Return where organisations act, in the order of the text."""
        return sorted([*self._named(), *self._described(), *self._new_names()], key=lambda body: body.start)

    def _named(self) -> Iterator[_Acting]:
        for organisation in self._names.organisations:
            for place in organisation.places:
                if not place.is_owner and self._is_subject(place) and not self._is_dateline(place):
                    yield _Acting(place.start, place.end, Meant(organisation.name, organisation))

    def _described(self) -> Iterator[_Acting]:
        for match in words.DESCRIBED.finditer(self._reporter.text):
            if self._opens(match.start()):
                yield _Acting(match.start(), match.end(), Meant(match[0], None), match["noun"])

    def _new_names(self) -> Iterator[_Acting]:
        """Yield the names that speak and are known for no person and no organisation: "Brightline said"."""
        known = [*self._names.people.persons, *self._names.organisations]
        taken = {at for body in known for place in body.places for at in range(place.start, place.end)}
        for match in NAME.finditer(self._reporter.text):
            name = match[0].removeprefix("The ")
            start = match.end() - len(name)
            if name.lower() in words.NO_NAMES | LEADING or not taken.isdisjoint(range(start, match.end())):
                continue
            if " " in name and not {word.lower() for word in name.split()} & (_BODIES | ORGANISATIONS):
                continue
            if self._opens(start) and words.SPEAKS.match(self._reporter.text, match.end()):
                yield _Acting(start, match.end(), Meant(name, None))

    def _is_subject(self, place: NamePlace) -> bool:
        if self._opens(place.start):
            return bool(words.ACTS.match(self._reporter.text, place.end))
        is_last = words.BEFORE_LAST.search(
            self._reporter.text, max(0, place.start - words.LONGEST_BEFORE_LAST), place.start
        )
        return is_last is not None and bool(words.SPEAKS_LAST.match(self._reporter.text, place.end))

    def _opens(self, start: int) -> bool:
        """Return whether a sentence, or the words behind a quotation, begins with what stands here."""
        behind = max(0, start - words.LONGEST_BEHIND_WORDS)
        if words.BEHIND_WORDS.search(self._reporter.text, behind, start):
            return True
        return words.INTRODUCTION.fullmatch(self._reporter.text, self._reporter.sentence(start)[0], start) is not None

    def _last_before(self, at: int, *, is_named: bool = False) -> _Acting | None:
        """Return what acted last before a place, with a name if that is wanted."""
        for index in range(bisect_left(self._acting, at, key=lambda body: body.start) - 1, -1, -1):
            body = self._acting[index]
            if body.end <= at and not (is_named and body.noun is not None):
                return body
            if at - body.start > FARTHEST_STATEMENT:
                return None
        return None

    def _is_another(self, noun: str, end: int, at: int) -> bool:
        """Return whether another one of the kind stands in between: "a group", "the trade group"."""
        between = self._reporter.text[max(end, at - FARTHEST_OTHER) : at]
        others = re.finditer(rf"\b([\w’'-]+) {re.escape(noun)}\b", between)
        return any(other[1].lower() != "the" for other in others)

    def _is_bare(self, body: _Acting) -> bool:
        """Return whether only a noun tells what acts: "The company"."""
        return body.noun is not None and body.meant.name.lower() == f"the {body.noun}"

    def _is_dateline(self, place: NamePlace) -> bool:
        opens_line = place.start == 0 or self._names.text[place.start - 1] == "\n"
        return opens_line and words.DATELINE.match(self._names.text, place.end) is not None
