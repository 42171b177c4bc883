"""HTML of an answer, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from quotetrack.core.domain import Sighting
from quotetrack.search.highlight import matches

if TYPE_CHECKING:
    from quotetrack.search.answer import RankedUtterance


def answer_html(found: RankedUtterance, topic: str) -> str:
    """Return one utterance with its sources as HTML, the words of the topic marked."""
    utterance = found.utterance
    carriers = "".join(f"<li>{_carrier_html(sighting)}</li>" for sighting in utterance.sightings)
    speaker = escape(utterance.speaker or "nobody named")
    said = f"{utterance.said.first or '…'} to {utterance.said.last or '…'}"
    if utterance.said.is_a_day():
        said = str(utterance.said.first)
    words = _marked_html(topic, utterance.words)
    return f"<blockquote>“{words}”<br>— <b>{speaker}</b>, {said}<ul>{carriers}</ul></blockquote>"


def _marked_html(topic: str, words: str) -> str:
    marked, last = [], 0
    for span in matches(topic, words) if topic else []:
        marked += [escape(words[last : span.start]), f"<mark>{escape(span.of(words))}</mark>"]
        last = span.end
    return "".join(marked) + escape(words[last:])


def _carrier_html(sighting: Sighting) -> str:
    told = escape(f"{sighting.outlet or 'unknown'}, {sighting.published_on or 'undated'}: {sighting.title or ''}")
    is_web = (sighting.url or "").startswith(("http://", "https://"))
    return f'<a href="{escape(sighting.url or "")}">{told}</a>' if is_web else told
