"""The pages of `serve` as HTML. Everything that was printed somewhere is escaped, and no page has a script of its own.

The templates stand in `templates/pages/`, one for each page; `base.html` holds what they share. Their texts are in the
language of now (`core/texts.py`); translated texts are escaped as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from quotetrack.core.domain import Sighting, Span, StatementKind, Utterance
from quotetrack.core.text_fragment import text_fragment_link
from quotetrack.core.texts import ENGLISH, current_language, gettext, gettext_noop, in_language, pgettext, pgettext_noop
from quotetrack.linking.variants import variants
from quotetrack.render.answers import citation, note_of
from quotetrack.render.articles import decision_text
from quotetrack.render.citations import apa, bibtex, chicago, csl_json, ris
from quotetrack.render.days import day_of_sighting, day_of_utterance, short_day
from quotetrack.render.decisions import correction_text
from quotetrack.render.fact_checks import verdict_text
from quotetrack.render.highlights import Highlight, Stretch, stretches
from quotetrack.render.quotations import attributing_sentence, decided_text, link_phrase, outlet_text, reason_of_speaker
from quotetrack.render.reported import mark_of, plain_words
from quotetrack.render.runs import counts_line
from quotetrack.render.talking_points import (
    changed_text,
    counts_text,
    day_text,
    id_text,
    speaker_text,
    speakers_text,
    words_text,
)
from quotetrack.render.text import one_line, speaker_of_sighting, speaker_of_utterance
from quotetrack.render.versions import ChangedParagraph, changed_paragraphs
from quotetrack.search.highlight import matches

if TYPE_CHECKING:
    from quotetrack.store.article_records import ArticleRecord, StoredVersion

TINTS = 6  # colours of speakers in an article; a seventh speaker has the first again

_DIFFERENCE, _DECIDING = "difference of two wordings", "decision about a speaker"  # contexts of words of the store
_WORDS = (
    pgettext_noop("difference of two wordings", "not"),
    pgettext_noop("difference of two wordings", "opposite"),
    pgettext_noop("difference of two wordings", "number"),
    pgettext_noop("difference of two wordings", "name"),
    pgettext_noop("difference of two wordings", "modal"),
    pgettext_noop("difference of two wordings", "speaker"),
    pgettext_noop("decision about a speaker", "merged"),
    pgettext_noop("decision about a speaker", "revoked"),
    pgettext_noop("decision about a speaker", "split"),
    pgettext_noop("decision about a speaker", "renamed"),
    pgettext_noop("decision about a speaker", "named"),
    pgettext_noop("decision about a speaker", "imported"),
    pgettext_noop("decision about a speaker", "role"),
    gettext_noop("same utterance"),
)


def page(name: str, values: Mapping[str, object]) -> str:
    """Return the page of a template ("ask.html"), which needs these values."""
    return _environment().get_template(f"pages/{name}").render(values)


@cache
def _environment() -> Environment:
    loader = PackageLoader("quotetrack.render")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"marked": _marked, "variants": variants, "note": note_of}
    environment.globals |= {"language": current_language, "lang_of_words": _lang_of_words}
    environment.filters |= {
        "one_line": one_line,
        "short_day": short_day,
        "decision": decision_text,
        "correction": correction_text,
    }
    environment.filters |= {"speaker": speaker_of_utterance, "sentence": attributing_sentence}  # of an utterance
    environment.filters |= {"day": day_of_utterance}
    environment.filters |= {"printed_speaker": speaker_of_sighting, "printed_day": day_of_sighting}  # of a sighting
    environment.filters |= {"decided": decided_text, "outlet": outlet_text, "footnote": citation, "link": web_link}
    environment.filters |= {
        "counts": counts_line,
        "verdict": verdict_text,
        "plain_words": plain_words,
        "reported_mark": mark_of,
    }
    environment.filters |= {"reason": reason_of_speaker, "moment": _moment, "printed_moment": _printed_moment}
    copied = {"chicago": chicago, "apa": apa, "bibtex": bibtex, "ris": ris, "csl": _csl_text}
    environment.filters |= {name: _in_english(text) for name, text in copied.items()}
    environment.filters |= {
        "translated": gettext,
        "difference": partial(pgettext, _DIFFERENCE),
        "deciding": partial(pgettext, _DECIDING),
    }
    environment.filters |= {"point_words": words_text, "point_speakers": speakers_text, "point_counts": counts_text}
    environment.filters |= {"point_speaker": speaker_text, "point_day": day_text, "point_id": id_text}
    environment.filters |= {"point_changed": changed_text}
    environment.filters |= {"speaker_id": _speaker_id, "link_phrase": link_phrase}
    return environment


def _gettext(message: str) -> Markup:
    return escape(current_language().translation.gettext(message))


def _ngettext(one: str, many: str, number: int) -> Markup:
    return escape(current_language().translation.ngettext(one, many, number))


def _lang_of_words() -> Markup:
    """Return the attribute that says to a browser that printed words are English, where the page is not."""
    is_english = current_language().tag.partition("-")[0] == ENGLISH.tag
    return Markup("") if is_english else Markup(f' lang="{ENGLISH.tag}"')


def _in_english(text: Callable[[Sighting], str]) -> Callable[[Sighting], str]:
    """Return a text to copy as files have it: its style is English."""

    def written(sighting: Sighting) -> str:
        with in_language(ENGLISH):
            return text(sighting)

    return written


def _csl_text(sighting: Sighting) -> str:
    return json.dumps(csl_json(sighting), ensure_ascii=False)


def web_link(sighting: Sighting) -> str | None:
    """Return the link that opens the live page at the words; None where that is no page of the web."""
    link = text_fragment_link(sighting)
    return link if link and link.lower().startswith(("http://", "https://")) else None


def _moment(moment: date) -> str:
    """Return a day, and the time of day where there is one: "11 Mar 2026, 17:55"."""
    return f"{short_day(moment)}, {moment:%H:%M}" if isinstance(moment, datetime) else short_day(moment)


def _printed_moment(moment: str) -> str:
    """Return a day or moment of ISO 8601, which may have the time zone of the outlet, in words."""
    return _moment(datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment))


def _speaker_id(utterance: Utterance) -> int | None:
    """Return the id of the speaker under whose name an utterance is shown; None where nobody is."""
    return next((s.speaker_id for s in utterance.sightings if s.speaker and s.speaker == utterance.speaker), None)


def _marked(topic: str | None, words: str) -> Iterator[tuple[str, bool]]:
    """Yield the words in order, cut into stretches that match the topic, or do not."""
    last = 0
    for span in matches(topic, words) if topic else []:
        yield words[last : span.start], False
        yield span.of(words), True
        last = span.end
    yield words[last:], False


@dataclass(frozen=True, slots=True)
class Edit:
    """What a newspaper changed in an article from one version to the next."""

    older: StoredVersion
    newer: StoredVersion
    paragraphs: Sequence[ChangedParagraph]


def edits(record: ArticleRecord, texts: Sequence[str]) -> list[Edit]:
    """Return what changed from version to version, the latest change first. `texts` are in the order of the versions.

    The order of time is that in which the versions were first seen, not the one in which they came in.
    """
    in_time = sorted(
        zip(record.versions, texts, strict=True), key=lambda each: (each[0].first_seen_at, each[0].is_current)
    )
    changed = [
        Edit(older, newer, list(changed_paragraphs(before, after)))
        for (older, before), (newer, after) in pairwise(in_time)
    ]
    return changed[::-1]


@dataclass(frozen=True, slots=True)
class LitQuotation:
    """A statement of an article's text: its number on the page, its sighting, and its utterance if it has one.

    `tint` is the class of the colour of its speaker.
    """

    number: int
    sighting: Sighting
    utterance_id: int | None
    tint: str

    @property
    def is_reported(self) -> bool:
        """Return whether the words are the reporter's."""
        return isinstance(self.sighting.kind, StatementKind)


@dataclass(frozen=True, slots=True)
class LitArticle:
    """The text of an article in stretches, and its quotations and then its reported statements by their numbers."""

    stretches: Sequence[Stretch]
    statements: Sequence[LitQuotation]

    @property
    def quotations(self) -> list[LitQuotation]:
        """Return the quotations, without the reported statements."""
        return [each for each in self.statements if not each.is_reported]

    @property
    def reported(self) -> list[LitQuotation]:
        """Return the reported statements."""
        return [each for each in self.statements if each.is_reported]

    def of(self, number: int) -> LitQuotation:
        """Return the statement with this number."""
        return self.statements[number - 1]


def lit_article(record: ArticleRecord, text: str) -> LitArticle:
    """Light the statements of an article in the text of its current version."""
    both = [*record.quotations, *((None, sighting) for sighting in record.reported)]
    current = [(utterance, sighting) for utterance, sighting in both if sighting.is_current]
    speakers = list(dict.fromkeys(speaker_of_sighting(sighting) for _, sighting in current))
    statements = [
        LitQuotation(number, sighting, utterance, f"tint{speakers.index(speaker_of_sighting(sighting)) % TINTS}")
        for number, (utterance, sighting) in enumerate(current, start=1)
    ]
    lit = [highlight for statement in statements for highlight in _highlights(statement, len(text))]
    return LitArticle(list(stretches(text, lit)), statements)


def _highlights(quotation: LitQuotation, length: int) -> Iterator[Highlight]:
    sighting = quotation.sighting
    role = "reported" if quotation.is_reported else "words"
    spans: list[tuple[Span | None, str]] = [(part, role) for part in sighting.parts]
    spans += [(sighting.mention, "mention"), (sighting.cue, "cue"), (sighting.said_evidence, "day")]
    for span, role in spans:
        if span is not None and span.end <= length:
            yield Highlight(span, quotation.number, role)
