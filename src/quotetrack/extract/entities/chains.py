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

# Paragraphs above that of a pronoun of which it counts whom they name first.
PARAGRAPHS_ABOVE = 5
# Characters before a pronoun that show whether it opens a sentence.
BEFORE_OPENING = 6

_PARAGRAPH_END = re.compile(r"\n\s*")


class ChainFeatures(NamedTuple):
    """How the article goes on from one candidate to a pronoun; the pronouns are all of its sex."""

    first_above: float  # the paragraphs above name the candidate first
    first_here: float  # the pronoun's own paragraph names the candidate first
    firsts_above: float
    named_here: float  # the pronoun's own paragraph names any candidate
    openers_between: float  # sentences that a pronoun opens
    others_acting: float  # places of others as a subject or at the opening of a sentence
    others_between: float  # places of others
    pronouns_between: float
    pronouns_here: float  # above it, in its own paragraph
    quote_opens: float  # quoted words open the pronoun's own paragraph


NO_CHAIN = ChainFeatures._make([0.0] * len(ChainFeatures._fields))


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
    def _paragraphs(self) -> list[int]:
        """The beginnings of paragraphs."""
        return [0, *(match.end() for match in _PARAGRAPH_END.finditer(self._names.text))]

    def features(self, places: Sequence[Sequence[NamePlace]], word: str, at: int) -> list[ChainFeatures]:
        """Return one row for each candidate, whose places above the pronoun are given, in order."""
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
        start = self._paragraphs[here]
        rows = []
        for number, own in enumerate(places):
            last = own[-1].start if own else -1
            rows.append(
                ChainFeatures(
                    first_above=float(above[:1] == [number]),
                    first_here=float(first_of.get(here) == number),
                    firsts_above=float(above.count(number)),
                    named_here=float(here in first_of),
                    openers_between=_count(self._opening[sex], last, at),
                    others_acting=float(len(subjects) - bisect_right(subjects, (last, number))),
                    others_between=float(len(everybody) - bisect_right(everybody, (last, number))),
                    pronouns_between=_count(self._pronouns[sex], last, at),
                    pronouns_here=_count(self._pronouns[sex], start - 1, at),
                    quote_opens=float(self._names.is_quoted(start + 1)),
                )
            )
        return rows

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
