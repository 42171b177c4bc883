"""Answers, matches and utterances as HTML for notebooks: escaped, without script or style."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from quotetrack.core.domain import ReportedWords, Sighting, Utterance
from quotetrack.core.text_fragment import text_fragment_link
from quotetrack.core.worddiff import DiffStep
from quotetrack.render.answers import NOTHING_CLOSE, difference_text, hint_lines, note_of, number_text, summary_lines
from quotetrack.render.days import day_of_sighting, day_of_utterance, long_day, long_month
from quotetrack.render.quotations import attributing_sentence, decided_text, outlet_text
from quotetrack.render.reported import mark_of, plain_words
from quotetrack.render.text import (
    count,
    quoted,
    shown,
    speaker_of_sighting,
    speaker_of_utterance,
    visible_utterance,
    without_last_comma,
)
from quotetrack.search.highlight import matches
from quotetrack.search.understanding import understood_text

if TYPE_CHECKING:
    from quotetrack.search.answer import Answer
    from quotetrack.search.quote_lookup import QuotationMatch

_Piece = tuple[str, str]  # characters, and the HTML element that marks them; empty for none


@dataclass(frozen=True, slots=True)
class _Block:
    """An utterance of the page: its words in pieces, and how remembered words differ from the printed ones."""

    utterance: Utterance
    words: list[_Piece]
    difference: str = ""
    steps: Sequence[_Piece] = ()
    note: str = ""  # behind the days


def answer_html(answer: Answer) -> str:
    """Return an answer: how it was understood, hints, utterances with sources, what is reported, the number of all."""
    topic = answer.understood.about or ""
    blocks = [
        _Block(ranked.utterance, list(_marked(topic, without_last_comma(ranked.utterance.words))), note=note_of(ranked))
        for ranked in answer.utterances
    ]
    lead = [understood_text(answer.understood), *hint_lines(answer, "speaker="), *summary_lines(answer)]
    return _page(lead, blocks, f"{number_text(answer)}." if blocks else "", reported=answer.reported)


def matches_html(found: Sequence[QuotationMatch]) -> str:
    """Return the matches of remembered words, each with the words that differ."""
    blocks = [
        _Block(
            match.utterance,
            [(without_last_comma(match.utterance.words), "")],
            difference_text(match),
            list(_differing(match.steps)) if match.changed else (),
        )
        for match in found
    ]
    return _page([] if blocks else [NOTHING_CLOSE], blocks, "")


def utterance_html(utterance: Utterance, details: Iterable[str]) -> str:
    """Return one utterance with its sources; `details` are lines of text that can be opened."""
    return _page([], [_Block(utterance, [(without_last_comma(utterance.words), "")])], "", "\n".join(details))


def utterances_html(utterances: Iterable[Utterance]) -> str:
    """Return utterances with their sources."""
    blocks = [_Block(each, [(without_last_comma(each.words), "")]) for each in map(visible_utterance, utterances)]
    return _page([], blocks, "")


def _page(
    lead: Sequence[str],
    blocks: Sequence[_Block],
    number: str,
    details: str = "",
    reported: Sequence[ReportedWords] = (),
) -> str:
    return _template().render(lead=lead, blocks=blocks, number=number, details=details, reported=reported)


@cache
def _template() -> Template:
    loader = PackageLoader("quotetrack.render")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.finalize = shown
    environment.globals |= {"count": count}
    environment.filters |= {"long_day": long_day, "day": partial(day_of_utterance, month=long_month)}
    environment.filters |= {"speaker": speaker_of_utterance, "sentence": attributing_sentence}  # of an utterance
    environment.filters |= {"printed_speaker": speaker_of_sighting, "quoted": quoted}
    environment.filters |= {
        "plain_words": plain_words,
        "reported_mark": mark_of,
        "printed_day": partial(day_of_sighting, month=long_month),
    }
    environment.filters |= {"decided": decided_text, "link": _link, "outlet": outlet_text}  # of a sighting
    return environment.get_template("notebook.html")


def _link(sighting: Sighting) -> str | None:
    """Return the link that opens the page at the words; None where there is no web page, as for `file:`."""
    link = text_fragment_link(sighting)
    return link if link and link.lower().startswith(("http://", "https://")) else None


def _marked(topic: str, words: str) -> Iterator[_Piece]:
    """Yield the words in order, cut into stretches that do or do not match the topic."""
    last = 0
    for span in matches(topic, words) if topic else []:
        yield words[last : span.start], ""
        yield span.of(words), "mark"
        last = span.end
    yield words[last:], ""


def _differing(steps: Iterable[DiffStep]) -> Iterator[_Piece]:
    """Yield the printed words, with the remembered ones that are not printed as deleted, and others as inserted."""
    for step in steps:
        if step.change == "same":
            yield f"{step.after} ", ""
            continue
        yield from ((f"{words} ", element) for words, element in ((step.before, "del"), (step.after, "ins")) if words)
