"""Why each speaker, as one HTML page that needs nothing else: the article in colours, and a table for each quotation.

What belongs together has one number: words, mention, cue and day lead to their quotation's table, and it leads back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import pairwise
from string import Template
from typing import TYPE_CHECKING

from quotetrack.core.domain import Span
from quotetrack.render.quotations import DECIMALS, NOBODY, NOBODY_OF_THESE, day_reason, one_line

if TYPE_CHECKING:
    from quotetrack.extract.explain import Explanation, MentionOption, NameOption
    from quotetrack.pipeline.standalone import Explained

_TEMPLATE = ("templates", "explain.html")


@dataclass(frozen=True, slots=True)
class _Highlight:
    """Characters of the article that belong to a quotation, and what they are of it: the class of their colour."""

    span: Span
    number: int
    what: str


def page(articles: Sequence[Explained]) -> str:
    """The page; the quotations of all articles are numbered in one row, from 1."""
    sections, first = [], 1
    for article in articles:
        sections.append(_article(article, first))
        first += len(article.explanations)
    template = Template(files("quotetrack.render").joinpath(*_TEMPLATE).read_text("utf-8"))
    title = articles[0].article.title or articles[0].id if articles else "no article"
    hovers = "\n".join(_hover(number) for number in range(1, first))
    return template.substitute(title=escape(title), hovers=hovers, articles="\n".join(sections))


def _hover(number: int) -> str:
    """Whatever belongs to a quotation is outlined while the pointer is on any of it."""
    return f"body:has(.n{number}:hover) .n{number} {{ outline: 2px solid var(--ink); }}"


def _article(explained: Explained, first: int) -> str:
    article = explained.article
    marks = [m for n, e in enumerate(explained.explanations, start=first) for m in _marks(n, e)]
    told = " · ".join(str(x) for x in (article.outlet, article.byline, article.published_on) if x)
    tables = "\n".join(_quotation(n, e, article.text) for n, e in enumerate(explained.explanations, start=first))
    return (
        f"<article>\n<h1>{escape(article.title or explained.id)}</h1>\n<p class='told'>{escape(told)}</p>\n"
        f"<div class='text'>{''.join(_highlighted(article.text, marks))}</div>\n"
        f"{tables or '<p>No quotations.</p>'}\n</article>"
    )


def _marks(number: int, explanation: Explanation) -> Iterator[_Highlight]:
    quotation, found = explanation.quotation, explanation.quotation.attribution
    yield from (_Highlight(part, number, "words") for part in quotation.parts)
    if found is not None and found.mention is not None:
        yield _Highlight(found.mention, number, "mention")
    if found is not None and found.cue is not None:
        yield _Highlight(found.cue, number, "cue")
    if quotation.said_evidence is not None:
        yield _Highlight(quotation.said_evidence, number, "day")


def _highlighted(text: str, marks: Sequence[_Highlight]) -> Iterator[str]:
    """The text in stretches between the ends of marks, which may overlap: a mention may hold the words of another."""
    opened: set[int] = set()
    edges = sorted({0, len(text), *(m.span.start for m in marks), *(m.span.end for m in marks)})
    for start, end in pairwise(edges):
        here = [m for m in marks if m.span.start <= start and end <= m.span.end]
        opening = {m.number for m in here if m.what == "words"} - opened
        opened |= opening
        yield "".join(f"<a id='w{number}'></a>" for number in sorted(opening))
        classes = " ".join(dict.fromkeys([m.what for m in here] + [f"n{m.number}" for m in here]))
        words = escape(text[start:end])
        yield f"<span class='{classes}'>{words}</span>" if here else words
        ending = dict.fromkeys(m.number for m in here if m.span.end == end)
        yield "".join(f"<a class='n{number}' href='#q{number}'><sup>{number}</sup></a>" for number in ending)


def _quotation(number: int, explanation: Explanation, text: str) -> str:
    quotation, found = explanation.quotation, explanation.quotation.attribution
    name = escape((found.name if found else None) or NOBODY)
    rule = f"by {found.method}, confidence {found.confidence:.2f}" if found else "no speaker"
    said = f"{quotation.said.first or '…'} to {quotation.said.last or '…'}"
    names = _table("whom the mention means", [_name_row(option) for option in explanation.names])
    mentions = _table("who is mentioned as the speaker", [_mention_row(o, text) for o in explanation.mentions])
    occasion = f"; {escape(quotation.occasion)}" if quotation.occasion else ""
    return (
        f"<section id='q{number}' class='n{number}'>\n<h2><a href='#w{number}'>{number}.</a> {name}</h2>\n"
        f"<blockquote>{escape(quotation.words)}</blockquote>\n"
        f"<p>{escape(rule)}. Said {escape(said)} ({escape(day_reason(quotation, text))}){occasion}.</p>\n"
        f"{mentions}{names}</section>"
    )


def _mention_row(option: MentionOption, text: str) -> str:
    return _row(one_line(option.mention.of(text)), option, option.method)


def _name_row(option: NameOption) -> str:
    return _row(option.name or NOBODY_OF_THESE, option, "")


def _row(what: str, option: MentionOption | NameOption, method: str) -> str:
    reasons = "".join(f"<li><b>{r.effect:+.2f}</b> {escape(r.says)}</li>" for r in option.reasons)
    features = ", ".join(f"{name} {round(value, DECIMALS):g}" for name, value in option.features)
    chosen = " class='chosen'" if option.is_chosen else ""
    return (
        f"<tr{chosen}><td>{escape(what)}</td><td>{option.score:+.2f}</td><td>{escape(method)}</td>"
        f"<td><ul>{reasons}</ul><details><summary>all features</summary>{escape(features)}</details></td></tr>"
    )


def _table(caption: str, rows: Sequence[str]) -> str:
    if not rows:
        return ""
    heads = "<tr><th></th><th>score</th><th>rule</th><th>what sets it apart from its rival</th></tr>"
    return f"<table><caption>{caption}</caption>{heads}{''.join(rows)}</table>\n"
