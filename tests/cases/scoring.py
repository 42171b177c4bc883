"""Score extraction on the cases.

An article is right when every expected quotation is found with a right speaker and a right day, and nothing else is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from tests.cases.cases import Case, Days, ExpectedQuotation, extract_articles

from quotetrack.core.domain import Quotation

SURE = 0.9  # least confidence of a sure attribution
CONFIDENCE_DECIMALS = 3  # of a confidence as `extract --jsonl` prints it
SHOWN = 60  # characters of the words in a fault

_OUTER_MARKS = " ,.;:“”\"'‘’«»‹›"
_ARTICLE = re.compile(r"^(?:the|a|an|one|his|her|their)\s+")


class SpeakerVerdict(Enum):
    """How the speaker of a quotation compares with the expected ones."""

    RIGHT = auto()
    WRONG = auto()  # given to a person who did not say it: "wrong mouth"
    UNNAMED = auto()  # given to nobody


@dataclass(frozen=True, slots=True)
class QuotationScore:
    """The verdicts on one quotation that was found; `is_day_right` is None where the day is not judged."""

    speaker: SpeakerVerdict
    is_sure: bool
    is_day_right: bool | None
    claims_single_day: bool


@dataclass(frozen=True, slots=True)
class CaseScore:
    """The verdicts on the quotations found in one article, the numbers of missed and extra ones, the faults as text."""

    case: Case
    found: tuple[QuotationScore, ...]
    missed: int
    extra: int
    faults: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether the article is read without a fault."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of several cases. Shares are in per cent.

    `speakers_right`, `wrong_mouth` and `wrong_mouth_sure` are shares of the quotations found, `days_right` of those
    whose day is judged, `day_precision` of those for which a single day is also claimed. `right_by_area` has the
    numbers of right articles and of all.
    """

    articles: int
    articles_right: int
    speakers_right: float
    wrong_mouth: float
    wrong_mouth_sure: float
    days_right: float
    day_precision: float
    missed: int
    extra: int
    right_by_area: dict[str, tuple[int, int]]


def score_cases(cases: Sequence[Case]) -> list[CaseScore]:
    """Extract the articles of the cases and score them, in order."""
    extracted = extract_articles([case.article_line for case in cases], "cases")
    return [score_case(case, quotations) for case, (_, quotations) in zip(cases, extracted, strict=True)]


def score_case(case: Case, quotations: Sequence[Quotation]) -> CaseScore:
    """Compare the quotations of one article with the expected ones."""
    left = list(quotations)
    found: list[QuotationScore] = []
    faults: list[str] = []
    missed = 0
    for expected in case.expected:
        quotation = next((q for q in left if _bare(q.words) == _bare(expected.words)), None)
        if quotation is None:
            missed += 1
            faults.append(f"not found: {expected.words[:SHOWN]!r}")
            continue
        left.remove(quotation)
        score = _score_quotation(expected, quotation)
        found.append(score)
        faults += _faults(expected, quotation, score)
    faults += [f"not expected: {quotation.words[:SHOWN]!r}" for quotation in left]
    return CaseScore(case, tuple(found), missed, len(left), tuple(faults))


def summarize(scores: Iterable[CaseScore]) -> Figures:
    """Return the figures of scored cases."""
    scores = list(scores)
    found = [quotation for score in scores for quotation in score.found]
    wrong = [quotation for quotation in found if quotation.speaker is SpeakerVerdict.WRONG]
    judged = [quotation for quotation in found if quotation.is_day_right is not None]
    claimed = [quotation for quotation in judged if quotation.claims_single_day]
    articles = Counter(score.case.area for score in scores)
    right = Counter(score.case.area for score in scores if score.is_right)
    return Figures(
        articles=len(scores),
        articles_right=right.total(),
        speakers_right=_per_cent(sum(q.speaker is SpeakerVerdict.RIGHT for q in found), len(found)),
        wrong_mouth=_per_cent(len(wrong), len(found)),
        wrong_mouth_sure=_per_cent(sum(q.is_sure for q in wrong), len(found)),
        days_right=_per_cent(sum(q.is_day_right is True for q in judged), len(judged)),
        day_precision=_per_cent(sum(q.is_day_right is True for q in claimed), len(claimed)),
        missed=sum(score.missed for score in scores),
        extra=sum(score.extra for score in scores),
        right_by_area={area: (right[area], articles[area]) for area in sorted(articles)},
    )


def _score_quotation(expected: ExpectedQuotation, quotation: Quotation) -> QuotationScore:
    name = quotation.attribution.name if quotation.attribution else None
    if _comparable_name(name) in {_comparable_name(speaker) for speaker in expected.speakers}:
        speaker = SpeakerVerdict.RIGHT
    else:
        speaker = SpeakerVerdict.WRONG if name else SpeakerVerdict.UNNAMED
    return QuotationScore(
        speaker=speaker,
        is_sure=_confidence(quotation) >= SURE,
        is_day_right=_days(quotation) in expected.days if expected.days else None,
        claims_single_day=quotation.said.is_a_day(),
    )


def _faults(expected: ExpectedQuotation, quotation: Quotation, score: QuotationScore) -> list[str]:
    faults = []
    words = repr(expected.words[:SHOWN])
    if score.speaker is not SpeakerVerdict.RIGHT:
        name = quotation.attribution.name if quotation.attribution else None
        faults.append(f"speaker {name!r} ({_confidence(quotation)}) for {expected.speakers[0]!r}: {words}")
    if score.is_day_right is False:
        given, wanted = _as_text(_days(quotation)), _as_text(expected.days[0])
        faults.append(f"day {given} ({quotation.said.basis}) for {wanted}: {words}")
    return faults


def _bare(words: str) -> str:
    """Return the words without marks at their ends, one space between them."""
    return " ".join(words.strip(_OUTER_MARKS).split())


def _comparable_name(name: str | None) -> str:
    """Return the name in lower case, without an article or possessive pronoun before it."""
    return _ARTICLE.sub("", _bare(name or "").lower().replace("’", "'"))


def _confidence(quotation: Quotation) -> float:
    return round(quotation.attribution.confidence, CONFIDENCE_DECIMALS) if quotation.attribution else 0.0


def _days(quotation: Quotation) -> Days:
    first, last = quotation.said.first, quotation.said.last
    return first.isoformat() if first else None, last.isoformat() if last else None


def _as_text(days: Days) -> str:
    return f"{days[0] or ''}..{days[1] or ''}"


def _per_cent(part: int, whole: int) -> float:
    """Return a share in per cent with two decimals; 0 of nothing."""
    return round(100 * part / whole, 2) if whole else 0.0
