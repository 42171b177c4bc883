"""Decisions as W3C Web Annotations in JSON-LD: one model for each kind, with what it may contain. Pure.

An annotation needs nothing of the database that wrote it. Characters are a TextQuoteSelector and a TextPositionSelector
in the article of a URL; a speaker is its names. docs/reviewing.md explains every field.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from uuid import NAMESPACE_URL, uuid5

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from quotetrack.core.corrections import read_days, read_named_check
from quotetrack.core.domain import (
    Anchor,
    ArticleDecision,
    ArticleField,
    Correction,
    CorrectionFault,
    Judgement,
    Span,
)
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.names import name_key
from quotetrack.core.urls import canonical_url
from quotetrack.store.speaker_decisions import NamedSpeaker, SpeakerDecision
from quotetrack.store.speakers import DecisionKind, SpeakerKind

OURS = "https://github.com/quotetrack/quotetrack/blob/main/docs/reviewing.md#"
CONTEXT: list[str | dict[str, Any]] = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "quotetrack": OURS,
        "decision": "quotetrack:decision",
        "reason": "quotetrack:reason",
        "parts": {"@id": "quotetrack:parts", "@container": "@list"},
        "Speaker": "quotetrack:Speaker",
        "kind": "quotetrack:kind",
        "names": {"@id": "quotetrack:names", "@container": "@list"},
    },
]
_WIKIDATA_ID = re.compile(r"Q[1-9]\d*")
MOST_CHARACTERS = 10**9  # more than any text has; a larger number does not fit into the database


class WrongAnnotations(QuotetrackError):
    """The file is not a collection of decisions. The message names the first annotation that is wrong."""


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the year is out of range") from error


def _a_name(text: str) -> str:
    if not name_key(text):
        raise ValueError(f"{text!r} is not a name")
    return text


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, AfterValidator(_a_name)]
Place = Annotated[int, Field(ge=0, le=MOST_CHARACTERS)]


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# What annotations are made of


class Person(_Node):
    """Who decided."""

    type: Literal["Person"] = "Person"
    name: Text


class PositionSelector(_Node):
    """Characters by their place: from the start to before the end, in Unicode code points."""

    type: Literal["TextPositionSelector"] = "TextPositionSelector"
    start: Place
    end: Place

    @model_validator(mode="after")
    def _has_characters(self) -> Self:
        if self.start >= self.end:
            raise ValueError("the end is not after the start")
        return self


class QuoteSelector(_Node):
    """Characters by what they are, with those before and after."""

    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: Text
    prefix: str = ""
    suffix: str = ""


class Characters(_Node):
    """Characters of an article. `parts` are the quoted ones as places inside `exact`; without it all are quoted."""

    type: Literal["SpecificResource"] = "SpecificResource"
    source: Text
    selector: tuple[QuoteSelector, PositionSelector]
    parts: tuple[PositionSelector, ...] | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        quote, place = self.selector
        if place.end - place.start != len(quote.exact):
            raise ValueError(f"the position has {place.end - place.start} characters, and exact has {len(quote.exact)}")
        parts = self._parts()
        is_in_order = all(one.end <= other.start for one, other in pairwise(parts))
        if not is_in_order or parts[0].start != 0 or parts[-1].end != len(quote.exact):
            raise ValueError("the parts are not in order from the first character of exact to the last")
        return self

    @classmethod
    def of(cls, url: str, anchor: Anchor) -> Self:
        """Build from an anchor in the article of a URL."""
        parts = [PositionSelector(start=part.start, end=part.end) for part in anchor.parts]
        return cls(
            source=url,
            selector=(
                QuoteSelector(exact=anchor.exact, prefix=anchor.prefix, suffix=anchor.suffix),
                PositionSelector(start=anchor.start, end=anchor.start + len(anchor.exact)),
            ),
            parts=tuple(parts) if len(parts) > 1 else None,
        )

    @property
    def anchor(self) -> Anchor:
        """Return the anchor."""
        quote, place = self.selector
        return Anchor(place.start, quote.exact, quote.prefix, quote.suffix, self._parts())

    def _parts(self) -> tuple[Span, ...]:
        if not self.parts:
            return (Span(0, len(self.selector[0].exact)),)
        return tuple(Span(part.start, part.end) for part in self.parts)


class Value(_Node):
    """What a person decided, as text."""

    type: Literal["TextualBody"] = "TextualBody"
    value: Text


class Speaker(_Node):
    """A speaker: the name that is shown, and all names that find it, oldest first."""

    type: Literal["Speaker"] = "Speaker"
    name: Name
    kind: SpeakerKind
    names: Annotated[tuple[Name, ...], Field(min_length=1)]

    @classmethod
    def of(cls, speaker: NamedSpeaker) -> Self:
        """Build from a speaker of the store."""
        return cls(name=speaker.name, kind=speaker.kind, names=speaker.names)

    @property
    def named(self) -> NamedSpeaker:
        """Return the speaker as the store takes it."""
        return NamedSpeaker(self.name, self.kind, self.names)


# The annotations


class _Annotation(_Node):
    """What all annotations have. `id` follows from the content: the same decision has the same id everywhere."""

    id: str = ""
    type: Literal["Annotation"] = "Annotation"
    motivation: Literal["editing", "assessing", "linking", "identifying"]
    creator: Person
    created: Moment
    reason: Text | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain values, with the id."""
        fields = self.model_dump(mode="json", exclude_none=True, exclude={"id"})
        return {"id": _id_of(fields), **fields}


class CorrectionAnnotation(_Annotation):
    """A correction of one quotation, or a decision about a fact-check of it.

    The body is the speaker, the days, or the address and the claim of the fact-check; the characters to choose instead;
    or none.
    """

    decision: Literal[
        CorrectionFault.SPEAKER,
        CorrectionFault.DAY,
        CorrectionFault.WORDS,
        CorrectionFault.NOT_A_QUOTATION,
        CorrectionFault.MISSED,
        CorrectionFault.REPORTED_SPEAKER,
        CorrectionFault.REPORTED_DAY,
        CorrectionFault.NOT_REPORTED,
        CorrectionFault.FACT_CHECK,
        CorrectionFault.NOT_FACT_CHECK,
    ]
    body: Annotated[Value | Characters, Field(discriminator="type")] | None = None
    target: Characters

    @model_validator(mode="after")
    def _has_its_body(self) -> Self:
        match self.decision:
            case (
                CorrectionFault.SPEAKER
                | CorrectionFault.DAY
                | CorrectionFault.REPORTED_SPEAKER
                | CorrectionFault.REPORTED_DAY
            ):
                is_right = isinstance(self.body, Value)
            case CorrectionFault.FACT_CHECK | CorrectionFault.NOT_FACT_CHECK:
                is_right = isinstance(self.body, Value)
                if self.value is not None:
                    read_named_check(self.value)
            case CorrectionFault.WORDS:
                is_right = isinstance(self.body, Characters) and self.body.source == self.target.source
            case CorrectionFault.NOT_A_QUOTATION | CorrectionFault.NOT_REPORTED:
                is_right = self.body is None
            case CorrectionFault.MISSED:
                is_right = not isinstance(self.body, Characters)
        if not is_right:
            raise ValueError(f"this is not the body of the decision {str(self.decision)!r}")
        if self.decision in (CorrectionFault.DAY, CorrectionFault.REPORTED_DAY) and self.value is not None:
            read_days(self.value)
        return self

    @property
    def value(self) -> str | None:
        """Return the speaker or the days, if the body is that."""
        return self.body.value if isinstance(self.body, Value) else None

    @property
    def chosen(self) -> Anchor | None:
        """Return the characters to choose instead, if the body is that."""
        return self.body.anchor if isinstance(self.body, Characters) else None

    @classmethod
    def of(cls, correction: Correction) -> Self:
        """Build from a correction."""
        body: Value | Characters | None = Value(value=correction.value) if correction.value else None
        if correction.target is not None:
            body = Characters.of(correction.article_url, correction.target)
        return cls(
            motivation="editing",
            creator=Person(name=correction.decided_by),
            created=correction.decided_at,
            reason=correction.reason,
            decision=correction.fault,
            body=body,
            target=Characters.of(correction.article_url, correction.anchor),
        )


class JudgementAnnotation(_Annotation):
    """A judgement that two quotations, the targets, are the same utterance, or different ones."""

    decision: Literal["same", "different"]
    target: tuple[Characters, Characters]

    @model_validator(mode="after")
    def _is_about_two(self) -> Self:
        if self.target[0] == self.target[1]:
            raise ValueError("the two targets are the same quotation")
        return self

    @classmethod
    def of(cls, judgement: Judgement) -> Self:
        """Build from a judgement."""
        left, right = zip(judgement.where, judgement.anchors, strict=True)
        return cls(
            motivation="assessing",
            creator=Person(name=judgement.decided_by),
            created=judgement.decided_at,
            reason=judgement.reason,
            decision="same" if judgement.same else "different",
            target=(Characters.of(*left), Characters.of(*right)),
        )


_MOTIVATIONS = {DecisionKind.MERGED: "linking", DecisionKind.IMPORTED: "identifying"}


class SpeakerAnnotation(_Annotation):
    """A decision about a speaker, the target.

    The body is the speaker into whom it was merged, the one who got a name that was split off (the first of the names),
    the name that is shown or that was given to it, the Wikidata id, or an office with its days.
    """

    reason: None = None
    decision: Literal[
        DecisionKind.MERGED,
        DecisionKind.SPLIT,
        DecisionKind.RENAMED,
        DecisionKind.NAMED,
        DecisionKind.IMPORTED,
        DecisionKind.ROLE,
    ]
    body: Annotated[Value | Speaker, Field(discriminator="type")]
    target: Speaker

    @model_validator(mode="after")
    def _has_its_body(self) -> Self:
        wants_speaker = self.decision in (DecisionKind.MERGED, DecisionKind.SPLIT)
        if isinstance(self.body, Speaker) is not wants_speaker:
            raise ValueError(f"this is not the body of the decision {str(self.decision)!r}")
        if self.decision is DecisionKind.IMPORTED and not _WIKIDATA_ID.fullmatch(self._value):
            raise ValueError(f"{self._value!r} is not a Wikidata id, such as Q42")
        if self.decision in (DecisionKind.RENAMED, DecisionKind.NAMED):
            _a_name(self._value)
        return self

    @property
    def _value(self) -> str:
        if isinstance(self.body, Value):
            return self.body.value
        return self.body.names[0] if self.decision is DecisionKind.SPLIT else self.body.name

    @property
    def speaker_decision(self) -> SpeakerDecision:
        """Return the decision as the store takes it."""
        return SpeakerDecision(
            deciding=self.decision,
            speaker=self.target.named,
            value=self._value,
            decided_by=self.creator.name,
            decided_at=self.created,
            other=self.body.named if isinstance(self.body, Speaker) else None,
        )

    @classmethod
    def of(cls, decision: SpeakerDecision) -> Self:
        """Build from a decision in force."""
        body: Value | Speaker = Value(value=decision.value)
        if decision.other is not None:
            body = Speaker.of(decision.other)
        return cls.model_validate(
            {
                "motivation": _MOTIVATIONS.get(decision.deciding, "editing"),
                "creator": Person(name=decision.decided_by),
                "created": decision.decided_at,
                "decision": decision.deciding,
                "body": body,
                "target": Speaker.of(decision.speaker),
            }
        )


class ArticleAnnotation(_Annotation):
    """A decision about an article, the target, which is given by its URL.

    The body is what the field should say; there is none where the article is removed.
    """

    decision: Literal[
        ArticleField.OUTLET,
        ArticleField.PUBLISHED,
        ArticleField.TITLE,
        ArticleField.AUTHOR,
        ArticleField.URL,
        ArticleField.REMOVED,
    ]
    body: Value | None = None
    target: Text

    @model_validator(mode="after")
    def _has_its_body(self) -> Self:
        value = self.value
        if (value is None) is not (self.decision is ArticleField.REMOVED):
            raise ValueError(f"this is not the body of the decision {str(self.decision)!r}")
        if value is not None and not value.strip():
            raise ValueError(f"the {self.decision} is blank")
        if self.decision is ArticleField.URL and value is not None and canonical_url(value) is None:
            raise ValueError(f"{value!r} is not a web address")
        if self.decision is ArticleField.PUBLISHED and value is not None and not _is_printed_moment(value):
            raise ValueError(f"{value!r} is not a day or moment, such as 2026-03-11 or 2026-03-11T18:40:00+01:00")
        return self

    @property
    def value(self) -> str | None:
        """Return what the field should say; None where the article is removed."""
        return self.body.value if self.body else None

    @classmethod
    def of(cls, decision: ArticleDecision) -> Self:
        """Build from a decision about an article."""
        return cls(
            motivation="editing",
            creator=Person(name=decision.decided_by),
            created=decision.decided_at,
            reason=decision.reason,
            decision=decision.field,
            body=Value(value=decision.value) if decision.value else None,
            target=decision.article_url,
        )


def _is_printed_moment(text: str) -> bool:
    try:
        moment = date.fromisoformat(text) if len(text) == len("2026-03-11") else datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.isoformat() == text


Decision = Annotated[
    CorrectionAnnotation | JudgementAnnotation | SpeakerAnnotation | ArticleAnnotation, Field(discriminator="decision")
]


# The file


class _Page(_Node):
    id: str = ""
    type: Literal["AnnotationPage"]
    start_index: Literal[0] = Field(0, alias="startIndex")
    items: tuple[Decision, ...]


class _Collection(_Node):
    context: Any = Field(alias="@context")
    id: str = ""
    type: Literal["AnnotationCollection"]
    label: str = ""
    total: int
    first: _Page


def write_json(annotations: Sequence[Decision]) -> str:
    """Return a collection of annotations as JSON-LD. The same annotations give the same text."""
    items = [annotation.to_json() for annotation in annotations]
    collection_id = _id_of({"items": [item["id"] for item in items]})
    collection = {
        "@context": CONTEXT,
        "id": collection_id,
        "type": "AnnotationCollection",
        "label": "Decisions in force in a quotetrack database",
        "total": len(items),
        "first": {"id": f"{collection_id}#first", "type": "AnnotationPage", "startIndex": 0, "items": items},
    }
    return json.dumps(collection, ensure_ascii=False, indent=2) + "\n"


def read_json(content: bytes) -> tuple[Decision, ...]:
    """Return the annotations of a collection. Raises WrongAnnotations, which names the first that is wrong."""
    try:
        return _Collection.model_validate_json(content.removeprefix(codecs.BOM_UTF8)).first.items
    except ValidationError as error:
        raise WrongAnnotations(_problem(error)) from error


def _id_of(fields: dict[str, Any]) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, OURS + json.dumps(fields, sort_keys=True))}"


def _problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place, message = [str(part) for part in first["loc"]], first["msg"]
    where = ""
    if place[:2] == ["first", "items"] and len(place) > 2:
        where = f"annotation {int(place[2]) + 1}: "
        place = place[4:]  # without the kind of the annotation
    if first["type"] == "union_tag_invalid" and not place:
        return f"{where}{first['ctx']['tag']} is not a decision that this version of quotetrack knows"
    if first["type"] == "union_tag_not_found" and not place:
        return f"{where}it has no decision"
    named = f"{'.'.join(place)}: " if place else ""
    return f"{where}{named}{message.removeprefix('Value error, ')}"
