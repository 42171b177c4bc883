"""The domain types: frozen dataclasses and enums that every room shares. Imports nothing of ours.

`None` means "the article does not say". An impossible value cannot be built: it raises ValueError.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

UNKNOWN_OUTLET = "unknown"  # the outlet of an article without one


class DateBasis(StrEnum):
    """The evidence for the day of speaking, the strongest first. `DECIDED`: a person corrected the day."""

    DECIDED = "decided"
    STATED_HERE = "stated_here"
    STATED_NEARBY = "stated_nearby"
    IMPLIED = "implied"
    PAST = "past"
    UNKNOWN = "unknown"


class QuotationKind(StrEnum):
    """`full`: a clause or sentence; `mixed`: a fragment inside the reporter's sentence."""

    FULL = "full"
    MIXED = "mixed"


class StatementKind(StrEnum):
    """`speech`: somebody said or wrote it; `attitude`: somebody is said to want, think or feel it."""

    SPEECH = "speech"
    ATTITUDE = "attitude"


class CorrectionFault(StrEnum):
    """What a person found wrong with a quotation. `MISSED`: the extractor did not find it.

    `REPORTED_SPEAKER`, `REPORTED_DAY` and `NOT_REPORTED` are about a reported statement. `FACT_CHECK` and
    `NOT_FACT_CHECK` change no quotation: they say that a fact-check is about its claim, or is not.
    """

    SPEAKER = "speaker"
    DAY = "day"
    WORDS = "words"
    NOT_A_QUOTATION = "not_a_quotation"
    MISSED = "missed"
    REPORTED_SPEAKER = "reported_speaker"
    REPORTED_DAY = "reported_day"
    NOT_REPORTED = "not_reported"
    FACT_CHECK = "fact_check"
    NOT_FACT_CHECK = "not_fact_check"

    @property
    def is_of_reported(self) -> bool:
        """Return whether it is about a reported statement."""
        return self in (
            CorrectionFault.REPORTED_SPEAKER,
            CorrectionFault.REPORTED_DAY,
            CorrectionFault.NOT_REPORTED,
        )

    @property
    def is_of_fact_check(self) -> bool:
        """Return whether it is about a fact-check, and not about the quotation itself."""
        return self in (CorrectionFault.FACT_CHECK, CorrectionFault.NOT_FACT_CHECK)


class ArticleField(StrEnum):
    """What a person may decide about an article. `REMOVED`: its text and evidence are deleted."""

    OUTLET = "outlet"
    PUBLISHED = "published"
    TITLE = "title"
    AUTHOR = "author"
    URL = "url"
    REMOVED = "removed"


class LinkKind(StrEnum):
    """How two wordings are the same words."""

    EXACT = "exact"
    CONTAINED = "contained"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters of a text: `text[start:end]`. Never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span has no characters from {self.start} to {self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters. Raises ValueError if the span does not lie inside the text."""
        if self.end > len(text):
            raise ValueError(f"{self} ends past the text ({len(text)} characters)")
        return text[self.start : self.end]

    def overlap(self, other: Span) -> int:
        """Return the number of characters that two spans share."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, slots=True)
class Article:
    """The title and text that one outlet printed at one canonical URL, as one fetch found them.

    `published_at` is a date if the article states no hour: a day without an hour is never converted; so is
    `modified_at`, when the page says that it was changed last. `external_id` is the id given in the input, if any.
    `timezone` is the outlet's, an IANA name. `evidence` are the bytes that were read, if a reader has just read them,
    and `evidence_sha256` is their hash. `notes` are what the reader found amiss, each a kind and a sentence.
    """

    url: str
    outlet: str
    text: str
    title: str | None = None
    language: str | None = None
    published_at: datetime | date | None = None
    fetched_at: datetime | None = None
    byline: str | None = None
    wire_credit: str | None = None
    external_id: str | None = None
    timezone: str | None = None
    modified_at: datetime | date | None = None
    evidence_sha256: str | None = None
    evidence: bytes | None = field(default=None, repr=False, compare=False)
    notes: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def published_on(self) -> date | None:
        """Return the day of publication, as printed."""
        return day_of(self.published_at)

    def read_from(self, evidence: bytes) -> Article:
        """Return the article with the bytes from which it was read, and their hash."""
        return replace(self, evidence=evidence, evidence_sha256=hashlib.sha256(evidence).hexdigest())


@dataclass(frozen=True, slots=True)
class Failure:
    """Input that could not be read: where it is, and the reason, as a sentence that says what to do.

    Bytes of a file name that are not UTF-8 are written as `\\xe9`, because no database stores them.
    """

    where: str
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", _encodable(self.where))
        object.__setattr__(self, "reason", _encodable(self.reason))


def _encodable(text: str) -> str:
    """Return text that UTF-8 can encode: `\\xe9` for a byte that Python could not decode."""
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair, which stands for no byte
        raw = text.encode("utf-8", "replace")
    return raw.decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Inputs that were left out although nothing failed, such as the pictures in a web archive, and their number."""

    where: str
    reason: str
    number: int = 1


def day_of(moment: datetime | date | None) -> date | None:
    """Return the calendar day of a moment, in the time zone in which it is written."""
    return moment.date() if isinstance(moment, datetime) else moment


@dataclass(frozen=True, slots=True)
class SaidOn:
    """The first and last possible day of speaking, and the evidence for them. None: that end is open.

    Nobody is quoted later than on the day of publication, which is thus the last day where nothing else is known: basis
    `UNKNOWN` without a first day.
    """

    first: date | None
    last: date | None
    basis: DateBasis

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.first > self.last:
            raise ValueError(f"the first day of speaking, {self.first}, is after the last, {self.last}")

    def is_a_day(self) -> bool:
        """Return whether it is a single day."""
        return self.first is not None and self.first == self.last

    def is_stated(self) -> bool:
        """Return whether the article or a person states the day; else it follows from the date of publication."""
        return self.basis in (DateBasis.DECIDED, DateBasis.STATED_HERE, DateBasis.STATED_NEARBY, DateBasis.PAST)

    def may_be(self, other: SaidOn) -> bool:
        """Return whether both may be the same day; an open end excludes nothing."""
        return not (
            (self.first is not None and other.last is not None and self.first > other.last)
            or (other.first is not None and self.last is not None and other.first > self.last)
        )

    def lies_in(self, window: SaidOn) -> bool:
        """Return whether every possible day is in a window, whose ends may be open."""
        is_behind = window.first is None or (self.first is not None and self.first >= window.first)
        return is_behind and (window.last is None or (self.last is not None and self.last <= window.last))

    def hull(self, other: SaidOn) -> SaidOn:
        """Return the shortest interval that holds both, on the weaker of the two bases."""
        first = min(self.first, other.first) if self.first and other.first else None
        last = max(self.last, other.last) if self.last and other.last else None
        order = list(DateBasis)
        return SaidOn(first, last, max(self.basis, other.basis, key=order.index))


UNKNOWN_DAY = SaidOn(None, None, DateBasis.UNKNOWN)


# From this confidence on a name is shown without a mark: 98 % of such names are right in news (docs/quality.md).
SURE_SPEAKER = 0.9
# From this confidence on a day is shown without "probably".
SURE_DAY = 0.9


@dataclass(frozen=True, slots=True)
class Alternative:
    """Somebody else who may be the speaker, with the chance from 0 to 1 that it is so."""

    name: str
    confidence: float

    def __post_init__(self) -> None:
        _check_chance(self.confidence)


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker of a quotation: the name, the mention and cue that give it, and the rule that found them.

    `confidence` is the chance that the name is right, `mention_confidence` the chance that the mention is; both lie
    between 0 and 1 and are calibrated. `name` is None where no name is sure enough: `alternatives` then begin with the
    likeliest. PARC and PolNeAR call mention, cue and words source, cue and content.
    """

    name: str | None
    mention: Span | None
    cue: Span | None
    method: str
    confidence: float
    mention_confidence: float
    alternatives: tuple[Alternative, ...] = ()

    def __post_init__(self) -> None:
        _check_chance(self.confidence)
        _check_chance(self.mention_confidence)

    @property
    def is_unsure(self) -> bool:
        """Return whether somebody is mentioned as the speaker, and no name for the mention is sure enough."""
        return self.name is None and bool(self.alternatives)


def _check_chance(chance: float | None) -> None:
    if chance is not None and not 0.0 <= chance <= 1.0:
        raise ValueError(f"a confidence lies between 0 and 1, not at {chance}")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that one article presents, in quotation marks, as someone's own.

    `parts` are in order and do not overlap: one for each pair of outer marks, without the marks. `words` are the parts,
    verbatim, joined by a space where only the attribution stood between two, and by ` […] ` where the article has
    other words. `context` is the paragraph or paragraphs in which they stand.

    `said_evidence` are the characters that tell the day. `said_confidence` is the chance that `said` is right, the day
    or the interval, between 0 and 1; None where no day is claimed, or an extractor before `reader-7` found it.
    """

    parts: tuple[Span, ...]
    words: str
    kind: QuotationKind
    context: Span
    attribution: Attribution | None = None
    said: SaidOn = UNKNOWN_DAY
    said_evidence: Span | None = None
    occasion: str | None = None
    said_confidence: float | None = None

    def __post_init__(self) -> None:
        _check_chance(self.said_confidence)
        if not self.parts:
            raise ValueError("a quotation has at least one part")
        if any(left.end > right.start for left, right in zip(self.parts, self.parts[1:], strict=False)):
            raise ValueError(f"the parts of a quotation are out of order: {self.parts}")

    @property
    def span(self) -> Span:
        """Return the span from the first quoted character to the last, with everything between them."""
        return Span(self.parts[0].start, self.parts[-1].end)


@dataclass(frozen=True, slots=True)
class ReportedStatement:
    """What one article says, in the reporter's words and without quotation marks of its own, that somebody said.

    `parts` are in order and do not overlap: two where the reporter's "he said" stands between. `words` are the parts as
    printed, with single spaces, joined by ` […] `. `cue` are the characters that report it, `method` the kind of cue,
    and `confidence` is the chance that these words are a statement. `quotations` are the numbers of the quotations of
    the article that stand inside it. The other fields are those of `Quotation`.
    """

    parts: tuple[Span, ...]
    words: str
    kind: StatementKind
    cue: Span
    method: str
    confidence: float
    context: Span
    attribution: Attribution | None = None
    said: SaidOn = UNKNOWN_DAY
    said_evidence: Span | None = None
    said_confidence: float | None = None
    quotations: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _check_chance(self.confidence)
        _check_chance(self.said_confidence)
        if not self.parts:
            raise ValueError("a reported statement has at least one part")
        if any(left.end > right.start for left, right in zip(self.parts, self.parts[1:], strict=False)):
            raise ValueError(f"the parts of a reported statement are out of order: {self.parts}")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One quotation of one article, with everything that is needed to find it there.

    It comes from a store or from any other source (`link --jsonl`); only `id` and `words` are required. `article` is
    the id given in the input, else the URL. `context_before` and `context_after` are the characters of the paragraph
    around the words. `parts` are empty if the place in the article is unknown.

    `speaker` is the name under which the speaker is shown, with the decisions of people followed; `speaker_as_printed`
    is the name by the article alone. `speaker_confidence`, `mention_confidence` and `alternatives` are those of its
    attribution; `mention_confidence` is None where an extractor before `reader-6` found it, whose `speaker_confidence`
    is of the mention. `sentence` is the reporter's sentence with the cue, else with the mention. `decided` names what a
    person decided about it: faults of the quotation (`CorrectionFault`) and fields of the article (`ArticleField`).

    `said_confidence` is that of `Quotation`. `said_evidence` are the characters that tell the day, `said_phrase` the
    words there, and `said_paragraph` the number of their paragraph in the article, counted from 1.
    """

    id: int | str
    words: str
    speaker: str | None = None
    outlet: str | None = None
    article: str | None = None
    published_at: datetime | date | None = None
    said: SaidOn = UNKNOWN_DAY
    url: str | None = None
    title: str | None = None
    author: str | None = None
    wire_credit: str | None = None
    version_sha256: str | None = None
    parts: tuple[Span, ...] = ()
    context_before: str = ""
    context_after: str = ""
    occasion: str | None = None
    method: str | None = None
    speaker_confidence: float = 1.0
    mention_confidence: float | None = None
    alternatives: tuple[Alternative, ...] = ()
    extractor: str | None = None
    is_current: bool = True  # False: the words are no longer in the article
    speaker_id: int | None = None
    speaker_as_printed: str | None = None
    wikidata_id: str | None = None
    kind: QuotationKind | StatementKind | None = None  # StatementKind: reported, not quoted
    mention: Span | None = None
    mention_words: str | None = None  # the characters of the mention
    cue: Span | None = None
    cue_words: str | None = None
    sentence: str | None = None
    outlet_name: str | None = None
    country: str | None = None
    modified_at: datetime | date | None = None
    fetched_at: datetime | None = None
    evidence_sha256: str | None = None
    decided: tuple[str, ...] = ()
    said_confidence: float | None = None
    said_evidence: Span | None = None
    said_phrase: str | None = None
    said_paragraph: int | None = None
    statement_confidence: float | None = None  # of a reported statement: the chance that its words are one

    def __post_init__(self) -> None:
        _check_chance(self.said_confidence)
        _check_chance(self.statement_confidence)

    @property
    def is_unsure(self) -> bool:
        """Return whether somebody is mentioned as the speaker, and no name for the mention is sure enough."""
        return self.speaker is None and bool(self.alternatives)

    @property
    def origin(self) -> str | None:
        """Return the origin of the report: the wire agency if one is credited, else the outlet."""
        return self.wire_credit or self.outlet

    @property
    def published_on(self) -> date | None:
        """Return the day of publication, as printed."""
        return day_of(self.published_at)


class CountBy(StrEnum):
    """What utterances are counted by."""

    SPEAKER = "speaker"
    OUTLET = "outlet"
    MONTH = "month"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Utterance:
    """The same words said by one speaker on one occasion: its sightings, under an id that lasts."""

    id: int
    sightings: tuple[Sighting, ...]

    def __post_init__(self) -> None:
        if not self.sightings:
            raise ValueError("an utterance has at least one sighting")
        if any(isinstance(sighting.kind, StatementKind) for sighting in self.sightings):
            raise ValueError("reported words are no utterance: they are not the speaker's")

    @property
    def longest(self) -> Sighting:
        """Return the sighting with the longest words; of equals the earliest published, then the lowest id."""
        return min(self.sightings, key=lambda s: (-len(s.words), s.published_on or date.max, str(s.id)))

    @property
    def words(self) -> str:
        """Return the words of the longest sighting."""
        return self.longest.words

    @property
    def speaker(self) -> str | None:
        """Return the name that most sightings have; of equals the longest. None if no sighting has a name.

        A name that a person decided for a sighting counts before all others.
        """
        decided = [s.speaker for s in self.sightings if s.speaker and CorrectionFault.SPEAKER in s.decided]
        names = decided or [s.speaker for s in self.sightings if s.speaker]
        return max(names, key=lambda name: (names.count(name), len(name), name)) if names else None

    @property
    def is_unsure(self) -> bool:
        """Return whether no sighting has a name, and one is unsure."""
        return self.unsure_sighting is not None

    @property
    def unsure_sighting(self) -> Sighting | None:
        """Return the longest unsure sighting if no sighting has a name; else None."""
        unsure = tuple(s for s in self.sightings if s.is_unsure)
        return Utterance(self.id, unsure).longest if unsure and self.speaker is None else None

    @property
    def said(self) -> SaidOn:
        """Return when it was said, by the sighting that tells it best."""
        return self.best_dated.said

    @property
    def said_confidence(self) -> float | None:
        """Return the chance that `said` is right, by the same sighting."""
        return self.best_dated.said_confidence

    @property
    def best_dated(self) -> Sighting:
        """Return the sighting that tells best when it was said: the one with the least doubt (`doubt_of_said`)."""
        return min(self.sightings, key=lambda sighting: doubt_of_said(sighting.said, sighting.said_confidence))

    @property
    def outlets(self) -> list[str]:
        """Return the outlets that carry it, sorted, without repeats."""
        return sorted({s.outlet for s in self.sightings if s.outlet})

    @property
    def origins(self) -> list[str]:
        """Return the independent origins, sorted: thirty outlets with one wire report are one origin."""
        return sorted({s.origin for s in self.sightings if s.origin})

    @property
    def variants(self) -> list[str]:
        """Return its wordings as printed, the longest first."""
        return sorted({s.words for s in self.sightings}, key=lambda words: (-len(words), words))


@dataclass(frozen=True, slots=True)
class ReportedWords:
    """What articles say, in the same words of a reporter, that one speaker said: one sighting for each article.

    The words are never the speaker's own, and no output prints them in quotation marks.
    """

    sightings: tuple[Sighting, ...]

    def __post_init__(self) -> None:
        if not self.sightings:
            raise ValueError("reported words have at least one sighting")
        if not all(isinstance(sighting.kind, StatementKind) for sighting in self.sightings):
            raise ValueError("a quotation is not reported words")

    @property
    def words(self) -> str:
        """Return the reporter's words."""
        return self.best.words

    @property
    def best(self) -> Sighting:
        """Return the sighting that tells best when it was said, and of equals who said it."""
        return min(
            self.sightings, key=lambda s: (doubt_of_said(s.said, s.said_confidence), -s.speaker_confidence, str(s.id))
        )


_REPORTED = "r"  # in front of the number of a reported statement, so that it is never that of a quotation


def reported_id(number: int) -> str:
    """Return the id of the reported statement with this number: "r12"."""
    return f"{_REPORTED}{number}"


def is_reported_id(statement: int | str) -> bool:
    """Return whether an id is that of a reported statement."""
    return isinstance(statement, str) and statement[:1] == _REPORTED and statement[1:].isdecimal()


def number_of_reported(statement: int | str) -> int:
    """Return the number of the reported statement with this id. Raises ValueError for another id."""
    return int(str(statement).removeprefix(_REPORTED))


def doubt_of_said(said: SaidOn, confidence: float | None) -> tuple[int, int, float, date]:
    """Return a key that sorts days of speaking, those with the strongest evidence first.

    The stronger basis comes first, then the shorter interval, then the higher confidence. Of equals it is the earlier
    last day: words of an unknown day are no younger than the first article that prints them.
    """
    days = (said.last - said.first).days if said.first and said.last else 10**6
    return list(DateBasis).index(said.basis), days, -(confidence or 0.0), said.last or date.max


@dataclass(frozen=True, slots=True)
class Link:
    """Machine evidence that two sightings are one utterance.

    `score` is between 0 and 1. `flags` name differences ("not") between the wordings, which are linked all the same.
    """

    left: int | str
    right: int | str
    kind: LinkKind
    score: float
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """Another utterance in which the same speaker may make the same point; `cosine`, -1 to 1, is their similarity."""

    utterance_id: int
    words: str
    speaker: str | None
    cosine: float


@dataclass(frozen=True, slots=True)
class FactCheck:
    """A published review of a claim (schema.org ClaimReview). The verdict is its publisher's, never ours.

    `verdict` is as worded; `rating` lies between 0 (the worst of the publisher's scale) and 1 (the best), None where no
    scale is given. `published` is the day of the review. `id` is None for a fact-check that is not stored.
    """

    url: str
    claim: str
    title: str | None = None
    claimant: str | None = None
    verdict: str | None = None
    rating: float | None = None
    publisher: str | None = None
    published: date | None = None
    id: int | None = None

    def __post_init__(self) -> None:
        _check_chance(self.rating)


@dataclass(frozen=True, slots=True)
class MatchedCheck:
    """A fact-check that is likely about the claim that an utterance makes, and the calibrated chance that it is.

    `is_confirmed`: a person found that it is.
    """

    check: FactCheck
    chance: float
    is_confirmed: bool = False

    def __post_init__(self) -> None:
        _check_chance(self.chance)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Characters that a person pointed at, with those around them: a W3C TextQuoteSelector with a position.

    `exact` are all characters from the first to the last. `parts` are the quoted ones, as spans of `exact`.
    """

    start: int
    exact: str
    prefix: str
    suffix: str
    parts: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's decision about one quotation, found again by its characters whatever the extractor says.

    `value` is the name of the speaker or the days (see `core/corrections.py: read_days`), or `unknown` where the
    article does not tell; for a fact-check its address and claim (`named_check`); None for faults without a value.
    `target` are the characters to choose instead, for `WORDS`.
    """

    id: int
    article_url: str
    anchor: Anchor
    fault: CorrectionFault
    value: str | None
    decided_by: str
    decided_at: datetime
    target: Anchor | None = None
    reason: str | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's decision about two quotations: the same utterance, or not.

    `left` and `right` are the sightings in which the characters stand today: mostly one each, none if the characters
    are no longer found, two if an older version still counts. `where` are the two URLs.
    """

    id: int
    anchors: tuple[Anchor, Anchor]
    where: tuple[str, str]
    left: tuple[int, ...]
    right: tuple[int, ...]
    same: bool
    decided_by: str
    decided_at: datetime
    reason: str | None = None
    is_revoked: bool = False

    @property
    def is_orphan(self) -> bool:
        """Return whether a person has to look at it again: one side is not found in any stored text."""
        return not self.left or not self.right

    @property
    def pairs(self) -> list[tuple[int, int, bool]]:
        """Return every pair of sighting ids with the decision, the form that clustering takes."""
        return [(left, right, self.same) for left in self.left for right in self.right if left != right]


@dataclass(frozen=True, slots=True)
class ArticleDecision:
    """A person's decision about an article, which is named by the URL under which it is stored.

    `value` is what the field should say: the slug of an outlet, a day or moment in ISO 8601, text or a URL. None where
    the article is removed.
    """

    id: int
    article_url: str
    field: ArticleField
    value: str | None
    decided_by: str
    decided_at: datetime
    reason: str | None = None
    revoked_at: datetime | None = None


def hull_of(spans: Sequence[Span]) -> Span:
    """Return the span from the first character of all spans to the last."""
    return Span(min(s.start for s in spans), max(s.end for s in spans))


@dataclass(frozen=True, slots=True)
class Watch:
    """A question that a person saved. `new` counts the utterances that no report has listed yet."""

    id: int
    question: str
    added_by: str
    added_at: datetime
    new: int = 0


@dataclass(frozen=True, slots=True)
class WatchReport:
    """What a saved question has found since the last report."""

    watch: Watch
    utterances: tuple[Utterance, ...]
