"""The explanations of `explain --html` as one HTML page that needs no network.

Each quotation has a number. The number leads from the words, the mention, the cue and the evidence of the day to the
quotation's tables, and back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from quotetrack.render.days import day_of_quotation
from quotetrack.render.highlights import Highlight, Stretch, stretches
from quotetrack.render.quotations import NO_PERSON, confidence_text, day_basis
from quotetrack.render.schemas import DECIMALS
from quotetrack.render.text import one_line, shown, speaker_of_quotation

if TYPE_CHECKING:
    from quotetrack.extract.explain import Explanation
    from quotetrack.pipeline.standalone import Explained


@dataclass(frozen=True, slots=True)
class _Section:
    """One article of the page: its numbered explanations, and its text in stretches."""

    explained: Explained
    numbered: list[tuple[int, Explanation]]
    stretches: list[Stretch]


def page(articles: Sequence[Explained]) -> str:
    """Return the page; the quotations of all articles share one numbering, from 1."""
    sections, first = [], 1
    for article in articles:
        sections.append(_section(article, first))
        first += len(article.explanations)
    title = articles[0].article.title or articles[0].id if articles else "no article"
    return _template().render(title=title, sections=sections, numbers=range(1, first))


@cache
def _template() -> Template:
    loader = PackageLoader("quotetrack.render")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.finalize = shown
    environment.filters |= {"one_line": one_line, "feature": _feature_text}
    environment.globals |= {
        "day": day_of_quotation,
        "day_basis": day_basis,
        "NO_PERSON": NO_PERSON,
        "speaker": speaker_of_quotation,
    }
    environment.globals |= {"confidence": confidence_text}
    return environment.get_template("explain.html")


def _feature_text(feature: tuple[str, float]) -> str:
    name, value = feature
    return f"{name} {round(value, DECIMALS):g}"


def _section(explained: Explained, first: int) -> _Section:
    numbered = list(enumerate(explained.explanations, start=first))
    highlights = [highlight for number, explanation in numbered for highlight in _highlights(number, explanation)]
    return _Section(explained, numbered, list(stretches(explained.article.text, highlights)))


def _highlights(number: int, explanation: Explanation) -> Iterator[Highlight]:
    quotation, found = explanation.quotation, explanation.quotation.attribution
    yield from (Highlight(part, number, "words") for part in quotation.parts)
    if found is not None and found.mention is not None:
        yield Highlight(found.mention, number, "mention")
    if found is not None and found.cue is not None:
        yield Highlight(found.cue, number, "cue")
    if quotation.said_evidence is not None:
        yield Highlight(quotation.said_evidence, number, "day")
