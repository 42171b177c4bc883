"""One utterance of an answer as HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from quotetrack.search.highlight import matches

if TYPE_CHECKING:
    from jinja2 import Template

    from quotetrack.core.domain import Utterance

_SOURCE = """<blockquote>“
{%- for text, is_match in pieces %}{% if is_match %}<mark>{{ text }}</mark>{% else %}{{ text }}{% endif %}{% endfor -%}
”<br>— <b>{{ utterance.speaker or "no speaker named" }}</b>, {{ said }}<ul>
{%- for sighting in utterance.sightings %}<li>
{%- set source -%}
{{ sighting.outlet or "unknown" }}, {{ sighting.published_on or "undated" }}: {{ sighting.title or "" }}
{%- endset -%}
{% if (sighting.url or "").startswith(("http://", "https://")) %}<a href="{{ sighting.url }}">{{ source }}</a>
{%- else %}{{ source }}{% endif %}</li>{% endfor -%}
</ul></blockquote>"""


def answer_html(utterance: Utterance, topic: str) -> str:
    """Return one utterance with its sources as HTML, the words of the topic marked."""
    said = utterance.said
    days = str(said.first) if said.is_a_day() else f"{said.first or '…'} to {said.last or '…'}"
    return _template().render(utterance=utterance, said=days, pieces=list(_pieces(topic, utterance.words)))


@cache
def _template() -> Template:
    """Load jinja2 with the first page: most answers are never shown in a notebook."""
    from jinja2 import Environment

    return Environment(autoescape=True).from_string(_SOURCE)


def _pieces(topic: str, words: str) -> Iterator[tuple[str, bool]]:
    """Yield the words in order, cut into stretches that do or do not match the topic."""
    last = 0
    for span in matches(topic, words) if topic else []:
        yield words[last : span.start], False
        yield span.of(words), True
        last = span.end
    yield words[last:], False
