"""How an article goes on from a name to a pronoun: who else is named in between, and how often "she" is said."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.people import NamePlace
from quotetrack.extract.entities.reporter import ReporterText
from quotetrack.lang.en import pronouns
from quotetrack.lang.en.mention_words import BEFORE_OBJECT, TOLD_OF

# Paragraphs above that of a pronoun of which it counts whom they name first.
PARAGRAPHS_ABOVE = 5
# Characters before a pronoun that show whether it opens a sentence.
BEFORE_OPENING = 6
# Characters before a name within which a preposition and a title may stand.
LONGEST_BEFORE = 24

_PARAGRAPH_END = re.compile(r"\n\s*")


class PronounFeatures(NamedTuple):
    """The paragraph of a pronoun: the same for all candidates, and for nobody."""

    named_here: float  # it names any candidate
    pronouns_here: float  # those of the same sex in it, above the pronoun
    quote_opens: float  # quoted words open it


class ChainFeatures(NamedTuple):
    """How the article goes on from one candidate to a pronoun; the pronouns are all of its sex."""

    behind_other: float  # another candidate is the subject before the last place, in its sentence
    behind_pronoun: float  # so is "he" or "she", which then means somebody else as a rule
    below_pronouns: float  # "he" or "she" before the last place, in its paragraph
    first_above: float  # the paragraphs above name the candidate first
    first_here: float  # the pronoun's own paragraph names the candidate first
    firsts_above: float
    introduced_rank: float  # candidates who were named before
    is_object: float  # a preposition stands before the last place
    is_told_of: float  # ", who ..." stands behind it
    openers_between: float  # sentences that a pronoun opens
    others_acting: float  # places of others as a subject or at the opening of a sentence
    others_between: float  # places of others
    pronouns_between: float


NO_CHAIN = ChainFeatures._make([0.0] * len(ChainFeatures._fields))
NO_PRONOUN = PronounFeatures._make([0.0] * len(PronounFeatures._fields))


class Chains:
    """Counts the pronouns and names between places of one article."""

    def __init__(self, names: ArticleNames, reporter: ReporterText) -> None:
        self._names = names
        self._reporter = reporter

    @cached_property
    def _pronouns(self) -> dict[str, list[int]]:
        """The places of pronouns in the reporter's words, by sex."""
        return {
            sex: [match.start() for match in form.finditer(self._reporter.text)]
            for sex, form in pronouns.OF_SEX.items()
        }

    @cached_property
    def _opening(self) -> dict[str, list[int]]:
        """Those of them that open a sentence."""
        return {sex: [at for at in places if self._opens_sentence(at)] for sex, places in self._pronouns.items()}

    @cached_property
    def _nominative(self) -> dict[str, list[int]]:
        """Those of them that are a subject: "he", "she"."""
        return {
            sex: [at for at in places if pronouns.SUBJECT.match(self._reporter.text, at)]
            for sex, places in self._pronouns.items()
        }

    @cached_property
    def _paragraphs(self) -> list[int]:
        """The beginnings of paragraphs."""
        return [0, *(match.end() for match in _PARAGRAPH_END.finditer(self._names.text))]

    def features(
        self, places: Sequence[Sequence[NamePlace]], word: str, at: int
    ) -> tuple[PronounFeatures, list[ChainFeatures]]:
        """Return the row of a pronoun, and one for each candidate, whose places above it are given, in order."""
        sex = "m" if word in pronouns.HE else "f"
        everybody = sorted((place.start, number) for number, own in enumerate(places) for place in own)
        subjects = sorted(
            (place.start, number)
            for number, own in enumerate(places)
            for place in own
            if (place.acts or place.opens_sentence) and not place.is_owner
        )
        first_of = self._first_named(places)
        here = self._paragraph_of(at)
        above = [first_of[n] for n in range(here - 1, here - 1 - PARAGRAPHS_ABOVE, -1) if n in first_of]
        firsts = [own[0].start for own in places if own]
        text = self._names.text
        rows = []
        for number, own in enumerate(places):
            last = own[-1].start if own else -1
            sentence = self._reporter.sentence(last)[0] if own else last
            paragraph = self._paragraphs[self._paragraph_of(last)] if own else last
            acting = subjects[bisect_left(subjects, (sentence, -1)) : bisect_left(subjects, (last, -1))]
            rows.append(
                ChainFeatures(
                    behind_other=float(any(other != number for _, other in acting)),
                    behind_pronoun=float(_count(self._nominative[sex], sentence - 1, last) > 0),
                    below_pronouns=_count(self._nominative[sex], paragraph - 1, last),
                    introduced_rank=float(sum(first < own[0].start for first in firsts) if own else len(firsts)),
                    is_object=float(
                        bool(own) and BEFORE_OBJECT.search(text, max(0, last - LONGEST_BEFORE), last) is not None
                    ),
                    is_told_of=float(bool(own) and text.startswith(TOLD_OF, own[-1].end)),
                    first_above=float(above[:1] == [number]),
                    first_here=float(first_of.get(here) == number),
                    firsts_above=float(above.count(number)),
                    openers_between=_count(self._opening[sex], last, at),
                    others_acting=float(len(subjects) - bisect_right(subjects, (last, number))),
                    others_between=float(len(everybody) - bisect_right(everybody, (last, number))),
                    pronouns_between=_count(self._pronouns[sex], last, at),
                )
            )
        start = self._paragraphs[here]
        pronoun = PronounFeatures(
            named_here=float(here in first_of),
            pronouns_here=_count(self._pronouns[sex], start - 1, at),
            quote_opens=float(self._names.is_quoted(start + 1)),
        )
        return pronoun, rows

    def _opens_sentence(self, at: int) -> bool:
        text = self._reporter.text
        return text[at].isupper() and pronouns.OPENS.search(text[max(0, at - BEFORE_OPENING) : at]) is not None

    def _paragraph_of(self, at: int) -> int:
        return bisect_right(self._paragraphs, at) - 1

    def _first_named(self, places: Sequence[Sequence[NamePlace]]) -> dict[int, int]:
        """Return the number of the candidate whom each paragraph names first; an owner is not counted."""
        first: dict[int, tuple[int, int]] = {}
        for number, own in enumerate(places):
            for place in own:
                if not place.is_owner:
                    paragraph = self._paragraph_of(place.start)
                    first[paragraph] = min(first.get(paragraph, (place.start, number)), (place.start, number))
        return {paragraph: number for paragraph, (_, number) in first.items()}


def _count(places: Sequence[int], start: int, end: int) -> float:
    """Return how many places lie between two, neither included."""
    return float(bisect_left(places, end) - bisect_right(places, start))
