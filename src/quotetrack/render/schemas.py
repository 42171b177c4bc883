"""The JSON of every command: one pydantic model for each kind of output.

`XSchema.of(noun)` reads the attributes of a domain type; `to_json` returns plain values in the order of the fields.
A day or moment is a string in ISO 8601. `parts`, `mention`, `cue` and `span` are `[start, end]` in characters of the
article's text. Null means that the article does not say. Fields may be added; none is renamed or removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    model_validator,
)

from quotetrack.core.domain import ReportedWords, SaidOn, Span, Utterance
from quotetrack.core.rows import Row, rows_of, rows_of_reported
from quotetrack.search.forms import Form

if TYPE_CHECKING:
    from quotetrack.core.domain import (
        ArticleDecision,
        Correction,
        Failure,
        Judgement,
        Link,
        MatchedCheck,
        Related,
        WatchReport,
    )
    from quotetrack.core.settings import Source
    from quotetrack.core.worddiff import DiffStep
    from quotetrack.evaluation.metrics import Figures, Mistake, Reliability
    from quotetrack.extract.explain import Explanation
    from quotetrack.linking.fact_checks import Match
    from quotetrack.linking.variants import Variant
    from quotetrack.pipeline.nightly import Night
    from quotetrack.pipeline.verification import Verified
    from quotetrack.search.talking_points import PointStatement, TalkingPoint
    from quotetrack.search.understanding import Understood
    from quotetrack.store.article_records import ArticleRecord, StoredVersion
    from quotetrack.store.crawl import SourceState
    from quotetrack.store.runs import Run
    from quotetrack.store.speakers import Decision, StoredSpeaker

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

DECIMALS = 4  # of confidences and similarities: more would be noise
SCORE_DECIMALS = 6  # of a rank: neighbours may be close


def _iso(moment: date) -> str:
    return moment.isoformat()


def _ends(span: object) -> object:
    return (span.start, span.end) if isinstance(span, Span) else span


def _from(*path: str, **options: Any) -> Any:
    """Return a field that is read from another attribute, or from an attribute of an attribute."""
    return Field(validation_alias=AliasPath(*path), **options)


def _in_said() -> Any:
    """Return the field of the confidence of a day, which the JSON has in `said`."""
    return Field(default=None, exclude=True)


def _absent_if_none() -> Any:
    """Return a field that is left out of the JSON where it is None."""
    return Field(default=None, exclude_if=lambda value: value is None)


Moment = Annotated[datetime | date, PlainSerializer(_iso, return_type=str)]
"""A moment with its UTC offset, or a day where the hour is not known."""

Ends = Annotated[tuple[int, int], BeforeValidator(_ends)]
"""Start and end of a span, half-open, in characters."""

Number = int | float
"""A number that is written as it was counted: 3 stays 3."""

Share = Annotated[float, AfterValidator(lambda share: round(share, DECIMALS))]
"""A confidence or similarity, rounded."""

Counts = dict[str, dict[str, Number]]
"""Counts by the name of a source or of a stage."""


class Schema(BaseModel):
    """Base of all models: immutable, built from the attributes of a domain type, without unknown fields."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", from_attributes=True, validate_by_name=True, ser_json_inf_nan="constants"
    )

    @classmethod
    def of(cls, noun: object) -> Self:
        """Build from the domain type. Raises ValidationError for another type."""
        return cls.model_validate(noun)

    def to_json(self) -> dict[str, Json]:
        """Return plain values, ready for `json.dumps`."""
        return self.model_dump(mode="json")


# Quotations, as `extract` and `explain` print them


class SaidSchema(Schema):
    """The first and last possible day of speaking (null: open), and the basis on which they are known.

    `confidence` is the probability that they are right: null where no day is claimed, or it was never computed.
    """

    first: date | None = _from("said", "first")
    last: date | None = _from("said", "last")
    basis: str = _from("said", "basis")
    confidence: Share | None = _from("said_confidence")


class AlternativeSchema(Schema):
    """Somebody else who may be the speaker, with the probability that it is so."""

    name: str
    confidence: Share


class MentionedSpeakerSchema(Schema):
    """The name of a speaker, and the characters that mention the speaker near the quotation.

    `confidence` is the probability that the name is right, `mention_confidence` that the mention is. Where `unsure` is
    true, no name is sure enough: `name` is null, and `alternatives` begin with the likeliest.
    """

    name: str | None = None
    mention: Ends | None = None
    confidence: Share = 0.0
    mention_confidence: Share = 0.0
    unsure: bool = _from("is_unsure", default=False)
    alternatives: list[AlternativeSchema] = []


_NO_SPEAKER = MentionedSpeakerSchema()


def _with_confidence(said: object, info: ValidationInfo) -> object:
    """Return the days of a quotation or sighting with their confidence, which it has beside them."""
    if not isinstance(said, SaidOn):
        return said
    return SaidSchema(first=said.first, last=said.last, basis=said.basis, confidence=info.data["said_confidence"])


Said = Annotated[SaidSchema, BeforeValidator(_with_confidence)]
"""The days of a model that has their confidence in a field before it."""


class QuotationSchema(Schema):
    """One quotation of an article: where it stands, its words, who said it and when.

    `confidence` is that of `speaker`: the probability that the name is right; `method` names the rule that found it.
    `said_evidence` are the characters that tell the day.
    """

    parts: list[Ends]
    words: str
    kind: str
    speaker: Annotated[MentionedSpeakerSchema, BeforeValidator(lambda found: found or _NO_SPEAKER)] = _from(
        "attribution"
    )
    cue: Ends | None = _from("attribution", "cue", default=None)
    said_confidence: Share | None = _in_said()
    said: Said
    said_evidence: Ends | None
    method: str | None = _from("attribution", "method", default=None)
    confidence: Share = _from("attribution", "confidence", default=0.0)


class ReportedStatementSchema(Schema):
    """One reported statement of an article: the reporter's words for what somebody said.

    `kind` is "speech" or "attitude". `confidence` is the probability that the words are a statement, and
    `speaker.confidence` that the name is right. `quotations` are the places, from 0, of the quotations in the list
    `quotations` that stand inside it.
    """

    parts: list[Ends]
    words: str
    kind: str
    speaker: Annotated[MentionedSpeakerSchema, BeforeValidator(lambda found: found or _NO_SPEAKER)] = _from(
        "attribution"
    )
    cue: Ends
    said_confidence: Share | None = _in_said()
    said: Said
    said_evidence: Ends | None
    method: str
    confidence: Share
    quotations: list[int]


class ExtractedLineSchema(Schema):
    """One line of `extract --jsonl`: the id of the input line, and the quotations in order.

    With `--reported` there are the reported statements as well.
    """

    id: str | int | float
    quotations: list[QuotationSchema]
    reported: list[ReportedStatementSchema] | None = _absent_if_none()


class ArticleSchema(Schema):
    """The output of `extract --json`: the article, with the text into which its quotations point.

    The text of an HTML page is its main text, not the file.
    """

    id: str | int | float
    outlet: str = _from("article", "outlet")
    title: str | None = _from("article", "title")
    author: str | None = _from("article", "byline")
    published: Moment | None = _from("article", "published_at")
    wire_credit: str | None = _from("article", "wire_credit")
    text: str = _from("article", "text")
    quotations: list[QuotationSchema]
    reported: list[ReportedStatementSchema] | None = _absent_if_none()


class ReasonSchema(Schema):
    """One feature in which an option differs from its rival, in words (`says`) and numbers.

    `effect` is in log-odds: how much higher the score is than it would be with the rival's value.
    """

    feature: str
    says: str
    value: Number
    rival: Number = _from("rival_value")
    effect: Number


class MentionOptionSchema(Schema):
    """One mention that may name the speaker. `score` is in log-odds; `features` are those that are not 0."""

    mention: Ends
    cue: Ends | None
    method: str
    score: Number
    chosen: bool = _from("is_chosen")
    reasons: list[ReasonSchema]
    features: Annotated[dict[str, Number], BeforeValidator(dict)]


class NameOptionSchema(Schema):
    """One person whom the mention may mean; null is nobody else in the article."""

    name: str | None
    score: Number
    chosen: bool = _from("is_chosen")
    reasons: list[ReasonSchema]
    features: Annotated[dict[str, Number], BeforeValidator(dict)]


class ExplainedQuotationSchema(QuotationSchema):
    """A quotation of `explain --json`: as `extract` prints it, then the occasion and all options.

    `mentions` and `names` are best first. `names` is empty where the mention leaves no choice.
    """

    occasion: str | None
    mentions: list[MentionOptionSchema]
    names: list[NameOptionSchema]

    @model_validator(mode="before")
    @classmethod
    def _flattened(cls, explanation: Explanation) -> dict[str, object]:
        quotation = explanation.quotation
        return {
            **dict(QuotationSchema.of(quotation)),
            "occasion": quotation.occasion,
            "mentions": explanation.mentions,
            "names": explanation.names,
        }


class ExplainedArticleSchema(Schema):
    """The output of `explain --json`: the text, and each quotation with the options that were compared."""

    id: str
    title: str | None = _from("article", "title")
    published: Moment | None = _from("article", "published_at")
    text: str = _from("article", "text")
    quotations: list[ExplainedQuotationSchema] = _from("explanations")


# What people decided


class JudgedHalfSchema(Schema):
    """One of the two quotations of a judgement: its characters, those around them, and the sightings they are today."""

    url: str
    start: int
    exact: str
    prefix: str
    suffix: str
    sightings: list[int]


class JudgementSchema(Schema):
    """A person's judgement that two quotations are the same utterance, or not.

    `orphan` is true where the characters of one half are no longer found.
    """

    id: int
    same: bool
    decided_by: str
    decided_at: Moment
    reason: str | None
    orphan: bool
    halves: list[JudgedHalfSchema]

    @model_validator(mode="before")
    @classmethod
    def _in_halves(cls, judgement: Judgement) -> dict[str, object]:
        halves = zip(judgement.anchors, judgement.where, (judgement.left, judgement.right), strict=True)
        return {
            "id": judgement.id,
            "same": judgement.same,
            "decided_by": judgement.decided_by,
            "decided_at": judgement.decided_at,
            "reason": judgement.reason,
            "orphan": judgement.is_orphan,
            "halves": [
                {
                    "url": url,
                    "start": anchor.start,
                    "exact": anchor.exact,
                    "prefix": anchor.prefix,
                    "suffix": anchor.suffix,
                    "sightings": sightings,
                }
                for anchor, url, sightings in halves
            ],
        }


class AnchorSchema(Schema):
    """Characters that a person pointed at, those around them, and the quoted parts as `[start, end]` inside `exact`."""

    start: int
    exact: str
    prefix: str
    suffix: str
    parts: list[Ends]


class CorrectionSchema(Schema):
    """A person's correction of one quotation.

    `value` is the speaker or the days, `unknown` where the article does not tell. `target` are the characters chosen
    instead. `sightings` are those that it is about today; none if its words are no longer found.
    """

    id: int
    fault: str
    value: str | None
    decided_by: str
    decided_at: Moment
    reason: str | None
    url: str = _from("article_url")
    anchor: AnchorSchema
    target: AnchorSchema | None
    sightings: list[int | str] = []

    @classmethod
    def placed(cls, correction: Correction, sightings: Sequence[int | str]) -> Self:
        """Build from a correction and the sightings that it is about today."""
        return cls.of(correction).model_copy(update={"sightings": list(sightings)})


class ArticleDecisionSchema(Schema):
    """One decision of a person about an article, `url`; `revoked` is null while it is in force."""

    id: int
    url: str = _from("article_url")
    field: str
    value: str | None
    by: str = _from("decided_by")
    at: Moment = _from("decided_at")
    reason: str | None
    revoked: Moment | None = _from("revoked_at")


class DecisionsSchema(Schema):
    """The output of `review list --json`: the decisions in force about quotations and articles, oldest first."""

    corrections: list[CorrectionSchema]
    judgements: list[JudgementSchema]
    articles: list[ArticleDecisionSchema]

    @classmethod
    def of_decisions(
        cls,
        corrections: Sequence[tuple[Correction, Sequence[int | str]]],
        judgements: Sequence[Judgement],
        articles: Sequence[ArticleDecision] = (),
    ) -> Self:
        """Build from the corrections, each with its sightings, the judgements, and the decisions about articles."""
        return cls(
            corrections=[CorrectionSchema.placed(each, sightings) for each, sightings in corrections],
            judgements=[JudgementSchema.of(judgement) for judgement in judgements],
            articles=[ArticleDecisionSchema.of(decision) for decision in articles],
        )


# Sightings and utterances, as `ask`, `find` and `show` print them


def _without_required(schema: dict[str, Any]) -> None:
    """Leave out `required` of a column, which a data package has there and JSON Schema has not."""
    for column in schema["properties"].values():
        column.pop("required", None)


class SightingSchema(Row, Schema):
    """A stored quotation: the columns of the CSV, and `id`, `article` and `said`.

    `id` is the id of the sighting, and `article` the id given in the input, else the URL. `mention` and `cue` are the
    printed characters; `parts` are `[start, end]` of each part.
    """

    model_config = ConfigDict(json_schema_extra=_without_required)

    id: int | str
    article: str | None
    said: SaidSchema
    fact_checks: tuple[str, ...] = Field(default=(), exclude=True)  # an utterance has them as `checks`

    @classmethod
    def all_of(cls, utterance: Utterance) -> list[Self]:
        """Build from each sighting of an utterance."""
        from quotetrack.linking.compare import compare

        return [
            cls(**dict(row), id=sighting.id, article=sighting.article, said=SaidSchema.of(sighting))
            for row, sighting in zip(rows_of(utterance, compare), utterance.sightings, strict=True)
        ]

    @classmethod
    def of_reported(cls, reported: ReportedWords) -> list[Self]:
        """Build from each sighting of reported words."""
        return [
            cls(**dict(row), id=sighting.id, article=sighting.article, said=SaidSchema.of(sighting))
            for row, sighting in zip(rows_of_reported(reported), reported.sightings, strict=True)
        ]


class ReportedWordsSchema(Schema):
    """A stored reported statement: the reporter's words, never the speaker's, with each article that has them.

    `id`, `speaker`, `said` and `confidence`, which is that of the words to be a statement, are those of the sighting
    that tells best when it was said.
    """

    kind: Literal["reported"] = "reported"
    id: str
    words: str
    speaker: str | None
    unsure: bool
    said: SaidSchema
    confidence: Share | None
    sightings: list[SightingSchema]

    @model_validator(mode="before")
    @classmethod
    def _of_best(cls, reported: ReportedWords) -> dict[str, object]:
        best = reported.best
        return {
            "id": str(best.id),
            "words": reported.words,
            "speaker": best.speaker,
            "unsure": best.is_unsure,
            "said": SaidSchema.of(best),
            "confidence": best.statement_confidence,
            "sightings": SightingSchema.of_reported(reported),
        }


def _sightings(utterance: object) -> object:
    return SightingSchema.all_of(utterance) if isinstance(utterance, Utterance) else utterance


Sightings = Annotated[list[SightingSchema], BeforeValidator(_sightings)]
"""The sightings of an utterance."""


class LinkSchema(Schema):
    """Evidence that two sightings are one utterance: a score between 0 and 1, and flags for differences ("not")."""

    left: int | str
    right: int | str
    kind: str
    score: Number
    flags: list[str]


class RelatedSchema(Schema):
    """Another utterance in which the speaker may make the same point; `cosine` is the similarity of meaning."""

    utterance: int = _from("utterance_id")
    words: str
    speaker: str | None
    cosine: Share


class MatchedCheckSchema(Schema):
    """A published fact-check of the claim that an utterance makes; `chance` is that of the match to be right.

    `confirmed` is true where a person found it right.

    `verdict` is its publisher's, as worded; `rating` lies between 0 (worst) and 1 (best) where a scale is given.
    """

    id: int | None = _from("check", "id")
    url: str = _from("check", "url")
    claim: str = _from("check", "claim")
    claimant: str | None = _from("check", "claimant")
    verdict: str | None = _from("check", "verdict")
    rating: float | None = _from("check", "rating")
    publisher: str | None = _from("check", "publisher")
    published: date | None = _from("check", "published")
    chance: Share
    confirmed: bool = _from("is_confirmed")


class PickUpSchema(Schema):
    """The first sighting in one outlet; `origin` is the wire agency if one is credited, else the outlet."""

    outlet: str | None
    origin: str | None
    published: date | None = _from("published_on")
    sighting: int | str = _from("id")


class DiffStepSchema(Schema):
    """Some words of the fullest wording, and the words that stand in their place; `change` says how they differ."""

    change: str
    fullest: str = _from("before")
    here: str = _from("after")


class WordingSchema(Schema):
    """One wording of an utterance, aligned with the fullest; `cut`, `added` and `changed` count words."""

    words: str
    outlets: list[str]
    sightings: list[int | str]
    cut: int
    added: int
    changed: int
    flags: list[str]
    aligned: list[DiffStepSchema]

    @model_validator(mode="before")
    @classmethod
    def _counted(cls, variant: Variant) -> dict[str, object]:
        return {
            "words": variant.words,
            "outlets": variant.outlets,
            "sightings": [sighting.id for sighting in variant.sightings],
            "cut": variant.number("cut"),
            "added": variant.number("added"),
            "changed": variant.number("changed"),
            "flags": variant.flags,
            "aligned": variant.steps,
        }


class UtteranceSchema(Schema):
    """The output of `show --json`: one utterance with its sightings, links, wordings and related statements.

    `unsure` is true where no sighting has a name, and one has alternatives.
    `origins` are the independent sources. `variants` are the wordings as printed, longest first. `pick_up` has the
    first sighting of each outlet in order of publication. `related` is nearest first, `checks` likeliest first.
    """

    id: int
    words: str
    speaker: str | None
    unsure: bool
    said: SaidSchema
    outlets: list[str]
    origins: list[str]
    variants: list[str]
    sightings: Sightings
    links: list[LinkSchema]
    first_seen: Moment | None
    pick_up: list[PickUpSchema]
    wordings: list[WordingSchema]
    related: list[RelatedSchema]
    checks: list[MatchedCheckSchema]
    decisions: DecisionsSchema

    @classmethod
    def linked(
        cls,
        utterance: Utterance,
        links: Sequence[Link],
        related: Sequence[Related],
        checks: Sequence[MatchedCheck],
        corrections: Sequence[tuple[Correction, Sequence[int]]],
        judgements: Sequence[Judgement],
    ) -> Self:
        """Build from an utterance, its links, its related statements, its fact-checks, and what people decided."""
        from quotetrack.linking.variants import variants
        from quotetrack.render.variants import first_of_each_outlet

        carriers = first_of_each_outlet(utterance)
        return cls(
            id=utterance.id,
            words=utterance.words,
            speaker=utterance.speaker,
            unsure=utterance.is_unsure,
            said=SaidSchema.of(utterance),
            outlets=utterance.outlets,
            origins=utterance.origins,
            variants=utterance.variants,
            sightings=SightingSchema.all_of(utterance),
            links=[LinkSchema.of(link) for link in links],
            first_seen=carriers[0].published_at,
            pick_up=[PickUpSchema.of(sighting) for sighting in carriers],
            wordings=[WordingSchema.of(variant) for variant in variants(utterance)],
            related=[RelatedSchema.of(other) for other in related],
            checks=[MatchedCheckSchema.of(match) for match in checks],
            decisions=DecisionsSchema.of_decisions(corrections, judgements),
        )


class CandidateSchema(Schema):
    """A speaker who has the name in the question, and the number of quotations."""

    name: str
    quotations: int

    @model_validator(mode="before")
    @classmethod
    def _named(cls, candidate: tuple[str, int]) -> dict[str, object]:
        return dict(zip(cls.model_fields, candidate, strict=True))


class PrintedRoleSchema(Schema):
    """An office as an article prints it. `is_named` is true where the name of the speaker stands beside it."""

    printed: str
    is_named: bool
    title: str
    outlet: str
    url: str
    published: date | None


class OfficeHolderSchema(Schema):
    """A speaker to whom articles give the office that was asked for; the days are those of the articles that say so.

    `role` is the best and latest place where an article prints it. It is null where a person entered the office, and
    then the days are the entered ones.
    """

    name: str
    first: date | None
    last: date | None
    role: PrintedRoleSchema | None


class UnderstoodSchema(Schema):
    """How a question was understood.

    `form` is what it asks for. `speakers` are the stored speakers that it means, `speaker` these in one text, or the
    name or office that is not known. `called` is the office or group by which it names them, `holders` those who may
    hold it. `candidates` are all speakers of an ambiguous name. `near_names` are similar names where the speaker is
    unknown, and `mentions` counts the utterances around which an unknown name stands. `corrected` are pairs of a
    misspelled name and the stored one. `quoted` are words in quotation marks that somebody is asked to have said.
    """

    form: Form
    speaker: str | None
    speakers: list[str]
    called: str | None
    about: str | None
    quoted: str | None
    since: date | None
    until: date | None
    outlet: str | None
    published_since: date | None
    published_until: date | None
    candidates: list[CandidateSchema]
    near_names: list[str]
    holders: list[OfficeHolderSchema]
    corrected: list[tuple[str, str]]
    mentions: int


class UnderstoodQuestionSchema(Schema):
    """The output of `ask --understand`: what was understood of a question, one JSON object a line.

    `speakers` are names of stored speakers; `outlet` is the name of the outlet. The form `group`, people named by a
    plural, has no speakers: who belongs to the group is found when the question is answered.
    """

    id: str | None
    question: str
    form: Form
    speakers: list[str]
    about: str | None
    since: date | None
    until: date | None
    outlet: str | None
    quoted: str | None

    @classmethod
    def understood(cls, question: str, understood: Understood, question_id: str | None) -> UnderstoodQuestionSchema:
        """Return what was understood of a question."""
        return cls(
            id=question_id,
            question=question,
            form=understood.form,
            speakers=list(understood.speakers),
            about=understood.about,
            since=understood.since,
            until=understood.until,
            outlet=understood.outlet_name,
            quoted=understood.quoted,
        )


class RankedUtteranceSchema(Schema):
    """One utterance of an answer. Compare `score` within one answer only; `hits` name the fields with the topic.

    `certain` is true where it was said in the days of the question, false where it only may have been: some of its
    possible days lie outside. It is null where the question has no days. `mentions` is false for what is only near the
    topic.
    """

    id: int = _from("utterance", "id")
    words: str = _from("utterance", "words")
    speaker: str | None = _from("utterance", "speaker")
    unsure: bool = _from("utterance", "is_unsure")
    said: SaidSchema = _from("utterance")
    certain: bool | None
    score: Annotated[float, AfterValidator(lambda score: round(score, SCORE_DECIMALS))]
    hits: list[str]
    sightings: Sightings = _from("utterance")
    related: list[RelatedSchema]
    mentions: bool
    checks: list[MatchedCheckSchema]


class CountedSchema(Schema):
    """A speaker or an outlet, the number of its sightings, and the first and last day of their publication."""

    name: str
    quotations: int
    first: date | None
    last: date | None


class AnswerSchema(Schema):
    """The output of `ask --json`: how the question was understood, and one page of utterances.

    `total` counts the utterances of all pages; `months` counts them by month, as `YYYY-MM`. `unsure` counts others that
    the asked speaker may have said: no name is sure enough. `uncertain` counts those of `total` that only may have been
    said in the days of the question. `mentions` counts those of `total` that mention the topic, or have the words that
    are asked for, and `near` the others; `days` are the first and last day of those that mention it. `answer` is the
    yes or no to "did X say Y"; null elsewhere, and where the words on file differ from it by a "not". `table` has the
    speakers of "who is quoted most" and "who spoke about", or the outlets of "which outlets carried", in the order in
    which they first did. `reported` are reported statements, of `reported_total`; both are left out where there is
    none. `reported_cut_at` is how many of them were read, where more may answer; else it is left out.
    """

    question: str
    understood: UnderstoodSchema
    utterances: list[RankedUtteranceSchema]
    total: int
    months: Annotated[dict[str, int], BeforeValidator(dict)]
    unsure: int
    uncertain: int
    mentions: int
    near: int
    days: tuple[date, date] | None
    answer: bool | None = _from("is_yes")
    table: list[CountedSchema]
    reported: list[ReportedWordsSchema] = Field(default=[], exclude_if=lambda reported: not reported)
    reported_total: int = Field(default=0, exclude_if=lambda total: not total)
    reported_cut_at: int | None = _absent_if_none()


class PieceSchema(Schema):
    """Some remembered or printed words in a row; `edit` is `kept`, `not_printed` or `not_remembered`."""

    edit: str
    words: str


def _edits(steps: Sequence[DiffStep]) -> list[dict[str, str]]:
    """Return the steps from remembered to printed words; changed words become two edits."""
    edits: list[dict[str, str]] = []
    for step in steps:
        if step.change == "same":
            edits.append({"edit": "kept", "words": step.after})
            continue
        if step.before:
            edits.append({"edit": "not_printed", "words": step.before})
        if step.after:
            edits.append({"edit": "not_remembered", "words": step.after})
    return edits


class QuotationMatchSchema(Schema):
    """One match of `find --json`: the nearest wording in print, and how it differs from the remembered words.

    `alike` is 1 where the words were printed as remembered; `changed_words` counts the words that differ.
    """

    utterance: int = _from("utterance", "id")
    speaker: str | None = _from("utterance", "speaker")
    unsure: bool = _from("utterance", "is_unsure")
    words: str = _from("sighting", "words")
    alike: Share
    changed_words: int = _from("changed")
    difference: Annotated[list[PieceSchema], BeforeValidator(_edits)] = _from("steps")
    said: SaidSchema = _from("utterance")
    sightings: Sightings = _from("utterance")


class PointStatementSchema(Schema):
    """A statement of a talking point. `chance` is that of it to make the point of the centre.

    Of one that contradicts the point, it is the chance that both are about the same claim, not that of a contradiction.
    It is null where the centre is gone or has changed since the last update. `id` is that of an utterance, or r and the
    number of a reported statement, whose words are the reporter's, and whose `cue` is the reporter's too: "denied".
    """

    id: str
    reported: bool
    cue: str | None
    words: str
    speaker: str | None
    speaker_confidence: Share | None
    said: SaidSchema
    first_published: date | None
    outlets: list[str]
    chance: Share | None
    checks: list[MatchedCheckSchema]

    @classmethod
    def of_statement(cls, statement: PointStatement) -> Self:
        """Build from a statement of a point."""
        from quotetrack.render.talking_points import id_text

        published = [each.published_on for each in statement.words.sightings if each.published_on]
        return cls(
            id=id_text(statement),
            reported=statement.is_reported,
            cue=statement.cue,
            words=statement.words.words,
            speaker=statement.speaker,
            speaker_confidence=statement.speaker_confidence,
            said=SaidSchema.of(statement.best),
            first_published=min(published, default=None),
            outlets=statement.outlets,
            chance=statement.chance,
            checks=[MatchedCheckSchema.of(match) for match in statement.checks],
        )


class TalkingPointSchema(Schema):
    """Statements of any speakers to one effect, the first said first, and those that contradict it.

    `words` are those of the statement `centre`, with which the others were compared; where it is `reported`, a
    reporter's. `changed` counts the statements that are left out, as they are gone or have other words since the last
    update. Where the centre is one of them, the point is `outdated`, and `centre` is the first that is left. `speakers`
    are in the order in which they made the point. `first` and `last` are days of speaking, or of the first article
    where that is not known.
    """

    id: int
    words: str
    reported: bool
    centre: str
    changed: int
    outdated: bool
    speakers: list[str]
    outlets: list[str]
    first: date | None
    last: date | None
    statements: list[PointStatementSchema]
    contradicted_by: list[PointStatementSchema]

    @classmethod
    def of_point(cls, point: TalkingPoint) -> Self:
        """Build from a talking point."""
        centre = PointStatementSchema.of_statement(point.centre)
        first, last = point.days or (None, None)
        return cls(
            id=point.id,
            words=centre.words,
            reported=centre.reported,
            centre=centre.id,
            changed=point.changed,
            outdated=point.is_outdated,
            speakers=point.speakers,
            outlets=point.outlets,
            first=first,
            last=last,
            statements=[PointStatementSchema.of_statement(each) for each in point.statements],
            contradicted_by=[PointStatementSchema.of_statement(each) for each in point.against],
        )


class GroupedSchema(Schema):
    """What `claims update` did: statements compared, talking points found, and how many of them are new."""

    statements: int
    points: int
    new: int


class FactCheckSchema(Schema):
    """A published fact-check: `verdict` as worded, `rating` from 0 (worst) to 1 (best) where a scale is given."""

    id: int | None
    url: str
    claim: str
    title: str | None
    claimant: str | None
    verdict: str | None
    rating: float | None
    publisher: str | None
    published: Moment | None


class ImportedChecksSchema(Schema):
    """What `checks import` did; `failed` counts the records that could not be used."""

    new: int
    revised: int
    unchanged: int
    failed: Annotated[int, BeforeValidator(len)] = _from("failures")


class RankedCheckSchema(Schema):
    """A fact-check that may be about a sentence; `score` is the chance that it is, `shown` whether that is enough."""

    url: str = _from("check", "url")
    score: Annotated[float, AfterValidator(lambda score: round(score, SCORE_DECIMALS))] = _from("chance")
    shown: bool = _from("is_shown")


class MatchedStatementSchema(Schema):
    """One line of `checks match --json`: a sentence and the fact-checks that may be about it, the likeliest first."""

    id: int | str
    ranked: list[RankedCheckSchema]

    @classmethod
    def ranking(cls, statement_id: int | str, ranked: Sequence[Match]) -> Self:
        """Build from the id of a sentence and its fact-checks, in this order."""
        return cls(id=statement_id, ranked=[RankedCheckSchema.of(match) for match in ranked])


class LinkedSightingSchema(Schema):
    """One line of `link --jsonl`: the id of a sighting, and the number of its utterance."""

    id: int | str
    utterance: int


class VerifiedStepSchema(Schema):
    """One check of a row or record: `holds`, `fails` or `unchecked`, and the reason where it does not hold."""

    step: str
    verdict: str
    reason: str | None


class VerifiedSchema(Schema):
    """The checks of one row of a CSV, or of one version or quotation of a database."""

    where: str
    verdict: str
    checks: list[VerifiedStepSchema]


class VerificationSchema(Schema):
    """The output of `verify --json`: the number of rows or records by verdict, and the checks of each."""

    holds: int
    fails: int
    unchecked: int
    results: list[VerifiedSchema]

    @classmethod
    def counted(cls, verified: Sequence[Verified]) -> Self:
        """Build from the checks of all rows or records."""
        counts = Counter(str(each.verdict) for each in verified)
        results = [VerifiedSchema.of(each) for each in verified]
        return cls(holds=counts["holds"], fails=counts["fails"], unchecked=counts["unchecked"], results=results)


# Articles


class ListedArticleSchema(Schema):
    """One article of `articles list --json`, as outputs show it. `removed` is when a person removed it."""

    id: int
    url: str
    outlet: str
    title: str | None
    published: Moment | None = _from("published_at")
    versions: int
    quotations: int
    removed: Moment | None = _from("removed_at")


class FieldValueSchema(Schema):
    """A field of an article as printed, and as a person decided it."""

    field: str
    printed: str | None
    decided: str | None


class NoteSchema(Schema):
    """A quality note about a version."""

    kind: str
    detail: str


class VersionSchema(Schema):
    """One version of an article.

    `sha256` is the hash of the title, a NUL and the text. `characters` is the length of the text. `modified` is when
    the page says that it was changed last. `evidence_kept` says whether the bytes are in the evidence folder; null
    without a hash or a folder.
    """

    sha256: str
    current: bool = _from("is_current")
    first_seen: Moment = _from("first_seen_at")
    last_seen: Moment = _from("last_seen_at")
    published: Moment | None = _from("published_at")
    modified: Moment | None = _from("modified_at")
    title: str | None
    characters: int
    extractor: str | None
    error: str | None
    evidence_sha256: str | None
    evidence_kept: bool | None = None
    notes: list[NoteSchema]

    @model_validator(mode="before")
    @classmethod
    def _with_notes(cls, version: StoredVersion) -> dict[str, object]:
        values = {name: getattr(version, name) for name in version.__slots__}
        return {**values, "notes": [{"kind": kind, "detail": detail} for kind, detail in version.notes]}


class FetchSchema(Schema):
    """One answer of a server about the page of an article."""

    url: str
    status: int
    at: Moment = _from("fetched_at")
    body_sha256: str


class QuotedSchema(Schema):
    """One quotation of an article: the id of the sighting and of its utterance."""

    id: int
    utterance: int | None
    speaker: str | None
    unsure: bool
    words: str
    current: bool


class ArticleRecordSchema(Schema):
    """The output of `articles show --json`: metadata as printed and as decided, versions (newest first), quotations."""

    id: int
    url: str
    external_id: str | None
    removed: Moment | None
    fields: list[FieldValueSchema]
    versions: list[VersionSchema]
    fetches: list[FetchSchema]
    quotations: list[QuotedSchema]
    reported: list[ReportedWordsSchema] = Field(default=[], exclude_if=lambda reported: not reported)
    decisions: list[ArticleDecisionSchema]

    @classmethod
    def checked(cls, record: ArticleRecord, kept: Mapping[str, bool]) -> Self:
        """Build from a record. `kept` says by hash whether evidence is in its folder; empty without a folder."""
        versions = [
            VersionSchema.of(version).model_copy(update={"evidence_kept": kept.get(version.evidence_sha256 or "")})
            for version in record.versions
        ]
        return cls(
            id=record.id,
            url=record.url,
            external_id=record.external_id,
            removed=record.removed_at,
            fields=[FieldValueSchema.of(field) for field in record.fields],
            versions=versions,
            fetches=[FetchSchema.of(fetch) for fetch in record.fetches],
            quotations=[
                QuotedSchema(
                    id=int(sighting.id),
                    utterance=utterance_id,
                    speaker=sighting.speaker,
                    unsure=sighting.is_unsure,
                    words=sighting.words,
                    current=sighting.is_current,
                )
                for utterance_id, sighting in record.quotations
            ],
            reported=[ReportedWordsSchema.of(ReportedWords((sighting,))) for sighting in record.reported],
            decisions=[ArticleDecisionSchema.of(decision) for decision in record.decisions],
        )


# Speakers and judgements


class SpeakerDecisionSchema(Schema):
    """One decision of a person about a speaker; `value` is the name that it is about."""

    what: str = _from("deciding")
    value: str
    by: str = _from("decided_by")
    at: Moment = _from("decided_at")


class SpeakerSchema(Schema):
    """One speaker of `speakers list --json` and `speakers show --json`.

    `merged` are the ids of the speakers merged into this one. `speakers list` leaves `decisions` empty.
    """

    id: int
    name: str
    kind: str
    wikidata: str | None
    names: list[str]
    merged: list[int]
    quotations: int
    decisions: list[SpeakerDecisionSchema]

    @classmethod
    def decided(cls, speaker: StoredSpeaker, decisions: Sequence[Decision] = ()) -> Self:
        """Build from a speaker and what people decided about it."""
        return cls(
            id=speaker.id,
            name=speaker.name,
            kind=speaker.kind,
            wikidata=speaker.wikidata_id,
            names=list(speaker.names),
            merged=[speaker_id for speaker_id in speaker.ids if speaker_id != speaker.id],
            quotations=speaker.quotations,
            decisions=[SpeakerDecisionSchema.of(decision) for decision in decisions],
        )


class QueuedSightingSchema(Schema):
    """A sighting of the review queue. `confidence` is that of the speaker.

    Where `unsure` is true, no name is sure enough: `speaker` is null, and `alternatives` begin with the likeliest.
    """

    id: int | str
    words: str
    speaker: str | None
    speaker_as_printed: str | None
    confidence: Share = _from("speaker_confidence")
    mention: str | None = _from("mention_words")
    mention_confidence: Share | None
    unsure: bool = _from("is_unsure")
    alternatives: list[AlternativeSchema]
    said_confidence: Share | None = _in_said()
    said: Said
    outlet: str | None
    outlet_name: str | None
    url: str | None
    title: str | None
    published: date | None = _from("published_on")


class DoubtSchema(Schema):
    """One entry of `review queue --json`: a sighting that a person should look at, and why.

    `probability` is that of an error; `outlets` counts those that carry the utterance. `command` are the arguments of
    the command that corrects it: what a person has to fill in is in capitals.
    """

    kind: str
    probability: Share
    outlets: int
    why: str
    command: list[str]
    sighting: QueuedSightingSchema
    other: QueuedSightingSchema | None


# Evaluation


class MeasureSchema(Schema):
    """Precision, recall and F1 between 0 and 1; `ci95` is the 95 % interval of F1, where it was computed."""

    p: float = _from("precision")
    r: float = _from("recall")
    f1: float
    ci95: tuple[float, float] | None = _from("interval", exclude_if=lambda interval: interval is None)


class SingleDaysSchema(Schema):
    """Claims of one single day: the share that is right, and the share of the judged parts that have one."""

    p: float = _from("right")
    claimed: float = _from("share")


class FiguresSchema(Schema):
    """The figures of one kind of parts: `n` parts, four measures, and the share of right days.

    `date`, `day` and `date_by_basis` are absent where no day is judged, as without labels. `date_by_basis` counts the
    right days and all days.
    """

    n: int
    span: MeasureSchema
    mention: MeasureSchema
    surname: MeasureSchema
    name: MeasureSchema
    date: float | None = _absent_if_none()
    day: SingleDaysSchema | None = _absent_if_none()
    date_by_basis: dict[str, tuple[int, int]] | None = _absent_if_none()

    @model_validator(mode="before")
    @classmethod
    def _by_measure(cls, figures: Figures) -> dict[str, object]:
        measures = {str(name): measure for name, measure in figures.measures.items()}
        is_dated = figures.dates is not None
        return {
            "n": figures.number,
            **measures,
            "date": figures.dates,
            "day": figures.single_days,
            "date_by_basis": figures.by_basis if is_dated else None,
        }


class MistakeSchema(Schema):
    """One error: the place, the words, and the expected and the given value (null: nothing)."""

    article: str
    span: Ends
    words: str
    expected: str | None
    given: str | None
    confidence: float | None


class MistakesSchema(Schema):
    """The errors of one category: how many there are, and the first of them."""

    number: int
    examples: list[MistakeSchema]


class BinSchema(Schema):
    """One row of the reliability table: confidences from `low` to `high`, their mean, and the share that is right."""

    low: float
    high: float
    number: int
    confidence: float
    right: float


class SureNamesSchema(Schema):
    """Names with this `confidence` or more: the share that is right, and the share of the labelled core parts."""

    confidence: float
    right: float
    share: float


def evaluation_json(
    figures: Mapping[str, Figures],
    mistakes: Mapping[str, Sequence[Mistake]],
    most: int,
    reliability: Reliability | None,
) -> dict[str, Json]:
    """Return the output of `evaluate quotations --json`: `FiguresSchema` by kind of parts.

    With `most` above 0, `errors` has a `MistakesSchema` for each category, with at most `most` examples. With the
    reliability, `reliability` has a list of `BinSchema` of the mentions, `name_reliability` one of the names and
    `day_reliability` one of the days, `calibration_error` has the errors of the three, and `sure_names` is a
    `SureNamesSchema`.
    """
    out: dict[str, Json] = {kind: FiguresSchema.of(measured).to_json() for kind, measured in figures.items()}
    if most:
        out["errors"] = {
            category: MistakesSchema.of({"number": len(errors), "examples": errors[:most]}).to_json()
            for category, errors in mistakes.items()
        }
    if reliability is not None:
        out["reliability"] = [BinSchema.of(row).to_json() for row in reliability.mention]
        out["name_reliability"] = [BinSchema.of(row).to_json() for row in reliability.name]
        out["day_reliability"] = [BinSchema.of(row).to_json() for row in reliability.day]
        out["calibration_error"] = {
            "mention": reliability.mention_error,
            "name": reliability.name_error,
            "day": reliability.day_error,
        }
        out["sure_names"] = SureNamesSchema.of(reliability.sure_names).to_json()
    return out


# Runs and sources


class FailureSchema(Schema):
    """Something that could not be read: the place, and the reason."""

    where: str
    reason: str


class IngestSchema(Schema):
    """The output of `ingest --json`: articles by outcome, then the size of the database, then what failed.

    `notices` name articles of which something may be missing.
    """

    new: int
    unchanged: int
    edited: int
    completed: int
    kept: int
    removed: int
    failed: int
    quotations: int
    utterances: int
    reported_statements: int | None = _absent_if_none()
    left_out: int
    unknown_outlet: int
    failures: list[FailureSchema]
    notices: list[FailureSchema]


class QuietSchema(Schema):
    """A source without a new article for days, and since when."""

    source: str
    since: Moment


class NightSchema(Schema):
    """The output of `nightly --json`. `run` is the number that `runs show` takes; `failures` are the first ones."""

    run: int
    new: int
    unchanged: int
    edited: int
    completed: int
    kept: int
    removed: int
    failed: int
    quotations: int
    utterances: int
    reported_statements: int | None = _absent_if_none()
    listed: int
    unread: int
    gone: int
    disallowed: int
    not_a_page: int
    later: int
    left_out: int
    unknown_outlet: int
    sources: Counts
    stages: Counts
    quiet: list[QuietSchema]
    failures: list[FailureSchema]

    @model_validator(mode="before")
    @classmethod
    def _counted(cls, night: Night) -> dict[str, object]:
        return {
            "run": night.run_id,
            **night.counts(),
            "unknown_outlet": night.unknown_outlet,
            "sources": night.sources,
            "stages": night.stages,
            "quiet": night.quiet,
            "failures": night.failures,
        }


class RunSchema(Schema):
    """One run of `runs list --json`.

    `finished` and `seconds` are null for a run that is under way or was killed. `error` says why it ended early.
    """

    run: int = _from("id")
    command: str
    code_version: str
    started: Moment = _from("started_at")
    finished: Moment | None = _from("finished_at")
    seconds: float | None
    error: str | None
    counts: dict[str, Number]
    failed: int
    sources: Counts
    stages: Counts


class ShownRunSchema(RunSchema):
    """The output of `runs show --json`: the run, and everything that failed."""

    failures: list[FailureSchema] = []

    @classmethod
    def with_failures(cls, run: Run, failures: Sequence[Failure]) -> Self:
        """Build from a run and its failures."""
        return cls.of(run).model_copy(update={"failures": [FailureSchema.of(failure) for failure in failures]})


class SourceSchema(Schema):
    """One source of `sources list --json`; `pages` counts its stored pages by state."""

    name: str
    kind: str
    place: str
    outlet: str | None
    last_gave: Moment | None
    watched_since: Moment | None
    pages: dict[str, int]

    @classmethod
    def stored(cls, source: Source, state: SourceState | None) -> Self:
        """Build from a source of the settings and its state in the database."""
        return cls(
            name=source.name,
            kind=source.kind,
            place=source.place,
            outlet=source.outlet,
            last_gave=state.last_gave_at if state else None,
            watched_since=state.first_read_at if state else None,
            pages=dict(state.pages) if state else {},
        )


class SourcePreviewSchema(Schema):
    """One source of `sources check --json` and `nightly --dry-run --json`: what it lists now.

    `waiting` counts the pages that an earlier run listed but did not fetch. `problems` say what is wrong.
    """

    name: str = _from("source", "name")
    kind: str = _from("source", "kind")
    place: str = _from("source", "place")
    listed: int
    new: int
    waiting: int
    problems: list[str]


# The installation


class DatabaseSchema(Schema):
    """The output of `db current --json`: the revision of the tables (null: no database), and the newest one."""

    database: str
    current: str | None
    head: str


class PrunedSchema(Schema):
    """The output of `db prune --json`: number and bytes of the files removed, and of those that are old but in use."""

    removed: int
    removed_bytes: int
    kept: int
    kept_bytes: int


class CheckSchema(Schema):
    """One check of `doctor --json`.

    `advice` is null where everything is in order. Advice on a check that is `well` is a warning.
    """

    what: str
    well: bool
    found: str
    advice: str | None


# Analysis


class CountSchema(Schema):
    """How many utterances have one label: the name of a speaker or outlet, a month as `YYYY-MM`, or a word."""

    label: str
    utterances: int


class CountsSchema(Schema):
    """The output of `ask --count-by --json` and `speakers top --json`: what is counted by, and of how many utterances.

    An utterance counts for each outlet that carries it, and for each word that it shares.
    """

    by: str
    total: int
    counts: list[CountSchema]


class SpeakerTimelineSchema(Schema):
    """One speaker of `timeline --json`, with the number of utterances by month, as `YYYY-MM`."""

    speaker: str
    months: Annotated[dict[str, int], BeforeValidator(dict)]


class StatementSchema(Schema):
    """An utterance in a comparison."""

    id: int
    words: str
    speaker: str | None
    unsure: bool = _from("is_unsure")
    said_confidence: Share | None = _in_said()
    said: Said
    outlets: list[str]


class SideSchema(Schema):
    """One speaker of `compare --json`: the number of utterances on the topic, and the newest of them."""

    speaker: str
    total: int
    utterances: list[StatementSchema]


class ChangeSchema(Schema):
    """One utterance of `changes --json`, and the words in it that no earlier one has."""

    utterance: StatementSchema
    new_words: list[str]


# The page


class UserSchema(Schema):
    """One user of `serve users list --json`: a `reader`, or a `reviewer`, who may decide."""

    name: str
    role: str
    added_at: Moment


class MatchesSchema(Schema):
    """The answer of `/api/v1/find`: what `find --json` prints, the nearest first."""

    matches: list[QuotationMatchSchema]


class SpeakersSchema(Schema):
    """The answer of `/api/v1/speakers`: what `speakers list --json` prints."""

    speakers: list[SpeakerSchema]


class SightingsPageSchema(Schema):
    """The answer of `/api/v1/sightings`. `next` is what `after` takes for the next page; null on the last one."""

    sightings: list[SightingSchema]
    next: int | None


class HealthSchema(Schema):
    """The answer of `/health`: "ok", and the version of quotetrack."""

    status: str
    version: str


class ErrorSchema(Schema):
    """What went wrong, as a sentence."""

    error: str


# Saved questions


class WatchSchema(Schema):
    """One saved question of `watch list --json`; `new` counts the utterances that no report has listed."""

    id: int
    question: str
    added_by: str
    added_at: Moment
    new: int


class NewUtteranceSchema(Schema):
    """An utterance that is new in a report, with its sources."""

    id: int
    words: str
    speaker: str | None
    unsure: bool
    said: SaidSchema
    sightings: list[SightingSchema]


class WatchReportSchema(Schema):
    """One question of `watch report --format json`, with what is new since the last report."""

    id: int
    question: str
    utterances: list[NewUtteranceSchema]

    @classmethod
    def reported(cls, report: WatchReport) -> Self:
        """Build from what a saved question has found."""
        new = [
            NewUtteranceSchema(
                id=utterance.id,
                words=utterance.words,
                speaker=utterance.speaker,
                unsure=utterance.is_unsure,
                said=SaidSchema.of(utterance),
                sightings=SightingSchema.all_of(utterance),
            )
            for utterance in report.utterances
        ]
        return cls(id=report.watch.id, question=report.watch.question, utterances=new)
