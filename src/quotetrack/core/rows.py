"""The row of a sighting: the one list of fields that CSV, JSON, `Answer.rows()`, codebook and data package share. Pure.

Each field is a column: its name, type, description and constraints stand here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PlainSerializer, field_validator

from quotetrack.core.domain import (
    Alternative,
    DateBasis,
    FactCheck,
    Link,
    LinkKind,
    MatchedCheck,
    ReportedWords,
    Sighting,
    Span,
    StatementKind,
    Utterance,
    day_of,
    hull_of,
)
from quotetrack.core.text_fragment import text_fragment_link

DECIMALS = 4  # of confidence and score: more would be noise
ITSELF = "itself"  # the kind of link of an utterance's longest sighting, to which the others are linked
SHA256_PATTERN = "[0-9a-f]{64}"
PARTS_PATTERN = r"\[\d+,\d+\)( \[\d+,\d+\))*"

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

Cell: TypeAlias = str | int | float | bool | date | None
LinkOf: TypeAlias = Callable[[Sighting, Sighting], Link | None]
"""Called with an utterance's longest sighting and another one; returns their link, as `linking.compare.compare`."""


def _column(description: str, **constraints: JsonValue) -> Any:
    """Return a field with its description, and with constraints in the words of Frictionless Table Schema."""
    return Field(description=description, json_schema_extra=constraints)


def _rounded(alternatives: tuple[Alternative, ...]) -> list[dict[str, JsonValue]]:
    return [{"name": each.name, "confidence": round(each.confidence, DECIMALS)} for each in alternatives]


class RowKind(StrEnum):
    """What the words of a row are: `full` and `mixed` are the speaker's own, `reported` are the reporter's."""

    FULL = "full"
    MIXED = "mixed"
    REPORTED = "reported"


class Row(BaseModel):
    """A sighting with everything that is needed to find it in its article. None: the article does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    utterance: int | None = _column(
        "Id that all sightings of the same words, said once, share. It stays when articles are added. Empty for "
        "reported statements"
    )
    sighting: int | str = _column(
        "Id of this row: one quotation in one version of one article. That of a reported statement begins with `r`"
    )
    speaker: str | None = _column(
        "Name under which the speaker is shown: merges, renames and corrections by people are followed"
    )
    speaker_as_printed: str | None = _column("Fullest name that the article gives, or the description that it prints")
    speaker_id: int | None = _column("Id of the speaker in the database: one person, organisation or group")
    wikidata: str | None = _column("Wikidata id of the speaker, as `speakers import` took it in", pattern=r"Q\d+")
    words: str = _column(
        "The words as printed: the parts, joined by a space where only the attribution stood between two "
        "(“Yes,” she said. “We will.”), by ` […] ` where the article has other words"
    )
    kind: RowKind | None = _column(
        "`full`: a clause or sentence. `mixed`: a fragment inside the reporter's sentence. `reported`: not quoted; the "
        "words are the reporter's for what the speaker said, and never stand in quotation marks"
    )
    said_first: date | None = _column("First day on which the words may have been said; empty: open")
    said_last: date | None = _column("Last day on which the words may have been said; empty: open")
    said_basis: DateBasis = _column(
        "How the day is known: `decided` (by a person), `stated_here` (in the same sentence), `stated_nearby`, "
        "`implied` (fresh news), `past` (a dated past occasion), `unknown` (`said_last` is then the day of publication)"
    )
    said_confidence: float | None = _column(
        "Probability, 0 to 1, that `said_first` and `said_last` are right; empty where no day is claimed, and in rows "
        "of extractors before `reader-7`",
        minimum=0,
        maximum=1,
    )
    said_phrase: str | None = _column("The characters that tell the day (“on Nov. 7”), as the article prints them")
    said_phrase_start: int | None = _column(
        "First character of that phrase in the stored text, counted from 0", minimum=0
    )
    said_phrase_end: int | None = _column("The character after that phrase", minimum=1)
    said_paragraph: int | None = _column("Number of the paragraph with that phrase, counted from 1", minimum=1)
    occasion: str | None = _column("Where or to whom it was said, where the article tells")
    mention: str | None = _column("The characters that name the speaker here (“the premier”, “he”)")
    mention_start: int | None = _column("First character of the mention in the stored text, counted from 0", minimum=0)
    mention_end: int | None = _column("The character after the mention", minimum=1)
    cue: str | None = _column("The characters that report speech (“said”)")
    cue_start: int | None = _column("First character of the cue in the stored text, counted from 0", minimum=0)
    cue_end: int | None = _column("The character after the cue", minimum=1)
    outlet: str | None = _column("Short name of who published the article, as `--outlet` takes it")
    outlet_name: str | None = _column("Name of the outlet for readers; its short name where no other is known")
    outlet_domain: str | None = _column("Host of the article's URL, without `www.`; empty for files")
    country: str | None = _column("ISO 3166 code of the outlet's country, where it is known", pattern="[A-Z]{2}")
    url: str | None = _column("Address of the article")
    title: str | None = _column("Title of the article")
    author: str | None = _column("Byline of the article")
    published: date | None = _column("Day of publication, as printed: in the time zone of the article")
    published_at: datetime | None = _column(
        "Moment of publication in UTC; empty where the article gives no hour, or an hour without a time zone"
    )
    modified: date | None = _column("Day on which the page says that it was changed last")
    modified_at: datetime | None = _column("The moment of that change in UTC; empty as for `published_at`")
    fetched_at: datetime | None = _column("Moment in UTC at which this version was first taken in: the day of access")
    wire_credit: str | None = _column("News agency that the article credits")
    version_sha256: str | None = _column(
        "Which version of the article this is: SHA-256 of its title, a NUL character and its text, in UTF-8",
        pattern=SHA256_PATTERN,
    )
    evidence_sha256: str | None = _column(
        "SHA-256 of the bytes that were read, which the evidence folder may hold", pattern=SHA256_PATTERN
    )
    start: int | None = _column("First character of the words in the stored text, counted from 0", minimum=0)
    end: int | None = _column("The character after the last one of the words", minimum=1)
    parts: tuple[tuple[int, int], ...] = _column(
        "`[start,end)` of each part in the stored text, one for each pair of quotation marks; `end` is the character "
        "after the last",
        pattern=PARTS_PATTERN,
    )
    context_before: str = _column("The rest of the paragraph before the words", required=False)
    context_after: str = _column("The rest of the paragraph after the words", required=False)
    method: str | None = _column("Rule that found the speaker")
    confidence: float = _column("The same as `speaker_confidence`, under its former name", minimum=0, maximum=1)
    speaker_confidence: float = _column(
        "Probability, 0 to 1, that the name is the right one; in rows of extractors before `reader-6`, that the "
        "mention is",
        minimum=0,
        maximum=1,
    )
    mention_confidence: float | None = _column(
        "Probability, 0 to 1, that the mention of the speaker is the right one; empty in rows of extractors before "
        "`reader-6`",
        minimum=0,
        maximum=1,
    )
    alternatives: Annotated[tuple[Alternative, ...], PlainSerializer(_rounded)] = _column(
        "Up to three others who may be the speaker, the likeliest first, each with the probability: "
        "`Orla Venn (0.48); Ada Roth (0.31)`"
    )
    unsure: bool = _column(
        "`yes`: the article mentions a speaker, and no name is sure enough. `speaker` is empty, and the first of "
        "`alternatives` is the likeliest"
    )
    extractor: str | None = _column("Version of the extractor that found the quotation")
    decided: tuple[str, ...] = _column(
        "What a person decided about this row, separated by spaces: of the quotation `speaker`, `day`, `words`, "
        "`missed`; of the article `outlet`, `published`, `title`, `author`, `url`"
    )
    link_kind: str | None = _column(
        "How the row is linked to the utterance's longest sighting; `itself` for that one, empty where it is linked "
        "through another one",
        enum=[ITSELF, *(kind.value for kind in LinkKind)],
    )
    link_score: float | None = _column("Score of that link, 0 to 1", minimum=0, maximum=1)
    link_flags: tuple[str, ...] = _column(
        "What differs although the words are taken for the same, separated by spaces: "
        "`not`, `opposite`, `number`, `name`, `modal`, `speaker`"
    )
    current: bool = _column("`no`: the article no longer has these words")
    link: str | None = _column("The URL with a text fragment, which opens the page at the very words")
    fact_checks: tuple[str, ...] = _column(
        "Published fact-checks of what the words claim, each with verdict, publisher, day and address, ` ; ` between "
        "two. The verdicts are their publishers', never ours"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _encodable(cls, value: object) -> object:
        """Return text with U+FFFD for half a surrogate pair, which UTF-8 cannot encode; anything else as it is."""
        return encodable_text(value) if isinstance(value, str) else value

    def flat(self) -> dict[str, Cell]:
        """Return the fields with one plain value each.

        Parts are `[1,9) [20,31)`, alternatives `Orla Venn (0.48); Ada Roth (0.31)`, lists words with spaces between,
        and fact-checks have ` ; ` between two.
        """
        return {name: _flat(value) for name, value in self} | {"fact_checks": " ; ".join(self.fact_checks)}


COLUMNS = tuple(Row.model_fields)


def encodable_text(text: str) -> str:
    """Return the text with U+FFFD for half a surrogate pair, which UTF-8 cannot encode."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


def rows_of(utterance: Utterance, link_of: LinkOf | None = None, checks: Sequence[MatchedCheck] = ()) -> Iterator[Row]:
    """Yield the row of each sighting of an utterance, with its fact-checks.

    Without `link_of` the fields of the link are None.
    """
    check_texts = tuple(_check_text(match.check) for match in checks)
    longest = utterance.longest
    for sighting in utterance.sightings:
        is_longest = sighting is longest
        link = link_of(longest, sighting) if link_of and not is_longest else None
        yield _row(utterance.id, sighting, is_longest, link, check_texts)


def rows_of_reported(reported: ReportedWords) -> Iterator[Row]:
    """Yield the row of each sighting of reported words, whose kind is `reported`. The fields of the link are None."""
    for sighting in reported.sightings:
        yield _row(None, sighting, False, None, ())


def _row(
    utterance_id: int | None, sighting: Sighting, is_longest: bool, link: Link | None, checks: tuple[str, ...]
) -> Row:
    hull = hull_of(sighting.parts) if sighting.parts else None
    return Row(
        utterance=utterance_id,
        sighting=sighting.id,
        speaker=sighting.speaker,
        speaker_as_printed=sighting.speaker_as_printed,
        speaker_id=sighting.speaker_id,
        wikidata=sighting.wikidata_id,
        words=sighting.words,
        kind=_kind(sighting),
        said_first=sighting.said.first,
        said_last=sighting.said.last,
        said_basis=sighting.said.basis,
        said_confidence=_rounded_share(sighting.said_confidence),
        said_phrase=sighting.said_phrase,
        said_phrase_start=_start(sighting.said_evidence),
        said_phrase_end=_end(sighting.said_evidence),
        said_paragraph=sighting.said_paragraph,
        occasion=sighting.occasion,
        mention=sighting.mention_words,
        mention_start=_start(sighting.mention),
        mention_end=_end(sighting.mention),
        cue=sighting.cue_words,
        cue_start=_start(sighting.cue),
        cue_end=_end(sighting.cue),
        outlet=sighting.outlet,
        outlet_name=sighting.outlet_name or sighting.outlet,
        outlet_domain=_host(sighting.url),
        country=sighting.country,
        url=sighting.url,
        title=sighting.title,
        author=sighting.author,
        published=sighting.published_on,
        published_at=_moment(sighting.published_at),
        modified=day_of(sighting.modified_at),
        modified_at=_moment(sighting.modified_at),
        fetched_at=_moment(sighting.fetched_at),
        wire_credit=sighting.wire_credit,
        version_sha256=sighting.version_sha256,
        evidence_sha256=sighting.evidence_sha256,
        start=_start(hull),
        end=_end(hull),
        parts=tuple((part.start, part.end) for part in sighting.parts),
        context_before=sighting.context_before,
        context_after=sighting.context_after,
        method=sighting.method,
        confidence=round(sighting.speaker_confidence, DECIMALS),
        speaker_confidence=round(sighting.speaker_confidence, DECIMALS),
        mention_confidence=_rounded_share(sighting.mention_confidence),
        alternatives=tuple(replace(each, name=encodable_text(each.name)) for each in sighting.alternatives),
        unsure=sighting.is_unsure,
        extractor=sighting.extractor,
        decided=sighting.decided,
        link_kind=ITSELF if is_longest else link.kind.value if link else None,
        link_score=round(link.score, DECIMALS) if link else None,
        link_flags=link.flags if link else (),
        current=sighting.is_current,
        link=text_fragment_link(sighting),
        fact_checks=tuple(map(encodable_text, checks)),
    )


def _check_text(check: FactCheck) -> str:
    """Return "Half true (Varland Checks, 2026-03-13) https://checks.example/barrier"; what is unknown is left out."""
    who = ", ".join(str(each) for each in (check.publisher, check.published) if each)
    told = (check.verdict, f"({who})" if who else None, check.url)
    return " ".join(" ".join(each.split()) for each in told if each)


def _kind(sighting: Sighting) -> RowKind | None:
    if sighting.kind is None:
        return None
    return RowKind.REPORTED if isinstance(sighting.kind, StatementKind) else RowKind(sighting.kind.value)


def _start(span: Span | None) -> int | None:
    return span.start if span else None


def _end(span: Span | None) -> int | None:
    return span.end if span else None


def _rounded_share(share: float | None) -> float | None:
    return None if share is None else round(share, DECIMALS)


def _moment(printed: date | None) -> datetime | None:
    """Return a printed moment in UTC, to the second; None for a day, and for an hour without a time zone."""
    if not isinstance(printed, datetime) or printed.tzinfo is None:
        return None
    return printed.astimezone(UTC).replace(microsecond=0)


def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:  # "https://[...]" with anything but an IPv6 address
        return None
    return host.removeprefix("www.") if host else None


def _flat(value: object) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple) and value and isinstance(value[0], Alternative):
        return "; ".join(f"{each.name} ({each.confidence:.2f})" for each in value)
    if isinstance(value, tuple):
        return " ".join(f"[{item[0]},{item[1]})" if isinstance(item, tuple) else item for item in value)
    return value
