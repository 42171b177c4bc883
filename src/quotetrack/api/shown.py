"""Results that show themselves: as text with `print`, as HTML in a notebook, in one short line elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import chain
from typing import overload

from quotetrack.core.domain import Correction, Judgement, Link, MatchedCheck, Related, Utterance
from quotetrack.core.rows import Cell, LinkOf
from quotetrack.linking.compare import compare
from quotetrack.models.embedder import Embedder
from quotetrack.search import answer as search_answer
from quotetrack.search.answer import LIMIT, Answer
from quotetrack.search.quote_lookup import QuotationMatch
from quotetrack.search.understanding import NOTHING_GIVEN, Given
from quotetrack.store import Session


@dataclass(frozen=True, slots=True, repr=False)
class ShownAnswer(Answer):
    """An answer that shows itself."""

    @classmethod
    def of(cls, answer: Answer) -> ShownAnswer:
        """Return the answer as one that shows itself."""
        return cls(**{field.name: getattr(answer, field.name) for field in fields(Answer)})

    def rows(self, *, link_of: LinkOf | None = compare) -> list[dict[str, Cell]]:
        """Return one row for each sighting, in the order of the answer: `pandas.DataFrame(answer.rows())`.

        A row has `rank`, `score`, `certain` and the columns of the CSV.
        """
        return Answer.rows(self, link_of=link_of)

    def __str__(self) -> str:
        from quotetrack.render.answers import answer_lines

        return _text(answer_lines(self))

    def __repr__(self) -> str:
        from quotetrack.render.answers import number_text

        return f"<answer to {self.question!r}: {number_text(self)}>"

    def _repr_html_(self) -> str:
        """Return the HTML that a notebook shows."""
        from quotetrack.render.notebook import answer_html

        return answer_html(self)


def ask(
    session: Session,
    question: str,
    *,
    embedder: Embedder | None = None,
    given: Given = NOTHING_GIVEN,
    today: date | None = None,
    newest: bool = False,
    limit: int | None = LIMIT,
    page: int = 1,
    min_confidence: float = 0.0,
) -> ShownAnswer:
    """Answer a question from a session of a store. `given` overrides what the question says.

    `quotetrack.open(...).ask(...)` does the same and loads the embedder itself. Without an embedder, only words are
    searched. The best utterance comes first, or the newest of the best; without a topic the newest always comes first,
    with score 0. "since November" and "last week" count from `today`, by default the day of the machine. Sightings with
    a lower confidence of the speaker than `min_confidence` are left out. Pages count from 1; without a limit, all
    utterances are on page 1. Raises OutletUnknown if the store has no such outlet as the given one.
    """
    return ShownAnswer.of(
        search_answer.ask(
            session,
            question,
            embedder=embedder,
            given=given,
            today=today,
            newest=newest,
            limit=limit,
            page=page,
            min_confidence=min_confidence,
        )
    )


@dataclass(frozen=True, slots=True, repr=False)
class ShownMatches(Sequence[QuotationMatch]):
    """The quotations that come near to remembered words, the nearest first, as a sequence that shows itself."""

    remembered: str
    matches: tuple[QuotationMatch, ...]

    def __len__(self) -> int:
        return len(self.matches)

    @overload
    def __getitem__(self, place: int) -> QuotationMatch: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[QuotationMatch, ...]: ...

    def __getitem__(self, place: int | slice) -> QuotationMatch | tuple[QuotationMatch, ...]:
        return self.matches[place]

    def __str__(self) -> str:
        from quotetrack.render.answers import matches_lines

        return _text(matches_lines(self))

    def __repr__(self) -> str:
        from quotetrack.render.text import count

        return f"<{count(len(self), 'utterance')} near {self.remembered!r}>"

    def _repr_html_(self) -> str:
        """Return the HTML that a notebook shows."""
        from quotetrack.render.notebook import matches_html

        return matches_html(self)


@dataclass(frozen=True, slots=True, repr=False)
class ShownUtterance:
    """One utterance, the links between its sightings, related statements, fact-checks, and what people decided.

    Each correction comes with the ids of the sightings that it is about today.
    """

    utterance: Utterance
    links: tuple[Link, ...]
    related: tuple[Related, ...]
    corrections: tuple[tuple[Correction, tuple[int, ...]], ...]
    judgements: tuple[Judgement, ...]
    checks: tuple[MatchedCheck, ...] = ()

    def __str__(self) -> str:
        from quotetrack.render.quotations import utterance_lines

        return _text(chain(utterance_lines(self.utterance, with_wordings=False), self._details()))

    def __repr__(self) -> str:
        from quotetrack.render.text import count, speaker_of_utterance

        sightings = count(len(self.utterance.sightings), "sighting")
        return f"<utterance {self.utterance.id} of {speaker_of_utterance(self.utterance)}: {sightings}>"

    def _repr_html_(self) -> str:
        """Return the HTML that a notebook shows."""
        from quotetrack.render.notebook import utterance_html

        return utterance_html(self.utterance, self._details())

    def _details(self) -> Iterator[str]:
        """Yield how the wordings differ, the fact-checks, the related statements, the evidence, and the decisions."""
        from quotetrack.render.decisions import decision_lines
        from quotetrack.render.fact_checks import fact_checked_lines
        from quotetrack.render.quotations import provenance_lines
        from quotetrack.render.variants import related_lines, variant_lines

        yield from variant_lines(self.utterance, colours=False)
        yield from fact_checked_lines(self.checks)
        yield from related_lines(self.related)
        yield from provenance_lines(self.utterance, self.links)
        yield from decision_lines(self.corrections, self.judgements)


def _text(lines: Iterable[str]) -> str:
    """Return lines as one text that a terminal can print."""
    from quotetrack.render.text import visible

    return "\n".join(map(visible, lines))
