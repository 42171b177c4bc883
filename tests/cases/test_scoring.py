"""The scorer of the cases, on invented readings; nothing is extracted here."""

from __future__ import annotations

from datetime import date

import pytest
from tests.cases import baseline, run
from tests.cases.cases import Case, ExpectedQuotation
from tests.cases.linking import LinkCase, is_right
from tests.cases.scoring import CaseScore, Figures, score_case, summarize

from quotetrack.core.domain import (
    UNKNOWN_DAY,
    Article,
    Attribution,
    DateBasis,
    Quotation,
    QuotationKind,
    SaidOn,
    Span,
)

MONDAY, TUESDAY = date(2031, 3, 10), date(2031, 3, 11)
MONDAY_TO_TUESDAY = SaidOn(MONDAY, TUESDAY, DateBasis.IMPLIED)


def quotation(words: str, name: str | None, confidence: float = 0.5, said: SaidOn = UNKNOWN_DAY) -> Quotation:
    span = Span(0, len(words))
    attribution = Attribution(name, span, None, "after_cue", confidence, confidence) if name else None
    return Quotation((span,), words, QuotationKind.FULL, span, attribution=attribution, said=said)


def on(first: date, last: date) -> SaidOn:
    return SaidOn(first, last, DateBasis.STATED_HERE)


CASE = Case(
    id="x1",
    area="name",
    article_line="{}",
    expected=(
        ExpectedQuotation("The boats stay here,", ("Ida Falk", "the harbour master"), (("2031-03-10", "2031-03-10"),)),
        ExpectedQuotation("Nobody asked me.", ("Olaf Brandt",), ()),
    ),
)
BOATS = quotation("“The boats stay  here”", "Ida Falk", 0.9996, on(MONDAY, MONDAY))
NOBODY = quotation("Nobody asked me", "Olaf Brandt")


@pytest.mark.parametrize(
    ("quotations", "faults"),
    [
        ([BOATS, NOBODY], []),
        ([NOBODY, BOATS], []),
        ([BOATS], ["not found: 'Nobody asked me.'"]),
        ([BOATS, NOBODY, quotation("Ahoy", None)], ["not expected: 'Ahoy'"]),
        ([BOATS, quotation("Nobody asked me", None)], ["speaker None (0.0) for 'Olaf Brandt': 'Nobody asked me.'"]),
        (
            [BOATS, quotation("Nobody asked me", "Ida Falk", 0.95)],
            ["speaker 'Ida Falk' (0.95) for 'Olaf Brandt': 'Nobody asked me.'"],
        ),
        (
            [quotation("The boats stay here", "a Harbour Master", said=MONDAY_TO_TUESDAY), NOBODY],
            ["day 2031-03-10..2031-03-11 (implied) for 2031-03-10..2031-03-10: 'The boats stay here,'"],
        ),
    ],
)
def test_every_fault_of_an_article_is_named(quotations: list[Quotation], faults: list[str]) -> None:
    score = score_case(CASE, quotations)
    assert list(score.faults) == faults
    assert score.is_right is (not faults)


def test_the_figures_count_each_kind_of_fault() -> None:
    scores = [
        score_case(CASE, [BOATS, NOBODY]),
        score_case(CASE, [quotation("The boats stay here", "Olaf Brandt", 0.95, on(TUESDAY, TUESDAY)), NOBODY]),
        score_case(CASE, [quotation("The boats stay here", "Olaf Brandt", 0.5, MONDAY_TO_TUESDAY)]),
        score_case(CASE, [BOATS, quotation("Nobody asked me", None), quotation("Ahoy", None)]),
    ]
    assert summarize(scores) == Figures(
        articles=4,
        articles_right=1,
        speakers_right=57.14,  # 4 of 7
        wrong_mouth=28.57,  # 2 of 7
        wrong_mouth_sure=14.29,  # 1 of 7
        days_right=50.0,  # 2 of 4
        day_precision=66.67,  # 2 of the 3 that claim a single day
        missed=1,
        extra=1,
        right_by_area={"name": (1, 4)},
    )


@pytest.fixture
def scores() -> list[CaseScore]:
    return [score_case(CASE, [BOATS, NOBODY])]


@pytest.mark.parametrize(
    ("change", "shortfalls"),
    [
        ({"speakers_right": 99.0}, []),
        ({"wrong_mouth": 3.0}, []),
        ({"articles_right": 2}, ["articles_right 2 -> 1"]),
    ],
)
def test_a_figure_worse_than_pinned_is_named(
    scores: list[CaseScore], change: dict[str, float], shortfalls: list[str]
) -> None:
    measured = baseline.measured_baseline(scores, summarize(scores), [])
    pinned: baseline.Baseline = {**measured, "figures": measured["figures"] | change}
    assert baseline.shortfalls(pinned, measured) == shortfalls


def test_more_wrong_mouths_a_worse_area_or_a_lost_link_case_are_named(scores: list[CaseScore]) -> None:
    pinned = baseline.measured_baseline(scores, summarize(scores), ["k1"])
    worse = score_case(CASE, [BOATS, quotation("Nobody asked me", "Ida Falk", 0.95)])
    measured = baseline.measured_baseline([worse], summarize([worse]), [])
    assert baseline.shortfalls(pinned, measured) == [
        "articles_right 1 -> 0",
        "speakers_right 100 -> 50",
        "wrong_mouth 0 -> 50",
        "wrong_mouth_sure 0 -> 50",
        "area name 1 -> 0",
        "link case k1 was right",
    ]


def test_figures_get_worse_only_for_a_reason(scores, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(baseline, "FILE", tmp_path / "baseline.json")
    worse = [score_case(CASE, [BOATS])]
    assert run.pin_measured(scores, ["k1"], None) == 0
    pinned = baseline.read_baseline()
    assert run.pin_measured(worse, ["k1"], None) == 1
    assert baseline.read_baseline() == pinned
    assert run.pin_measured(worse, ["k1"], "a passive clause is no longer guessed") == 0
    assert baseline.read_baseline()["figures"]["articles_right"] == 0
    assert "- lowered: cases articles_right 1 -> 0: a passive clause is no longer guessed" in capsys.readouterr().out
    assert run.pin_measured(scores, ["k1"], None) == 0
    assert baseline.read_baseline() == pinned


FERRY = "We shall rebuild the northern quay before the ferry returns in spring"


@pytest.mark.parametrize(
    ("words", "may_be_flagged", "right"),
    [
        ("Nobody asked the fishermen where they want to sell their catch", False, True),
        (FERRY, False, False),
        (FERRY, True, False),
        (FERRY.replace("shall", "shall not"), True, True),
        (FERRY.replace("shall", "shall not"), False, False),
    ],
)
def test_two_quotations_stay_apart_or_are_flagged(words: str, may_be_flagged: bool, right: bool) -> None:
    articles = [Article(f"https://{outlet}.example/1", outlet, "", published_at=MONDAY) for outlet in ("tarn", "orle")]
    pairs = list(zip(articles, [quotation(FERRY, "Ida Falk"), quotation(words, "Ida Falk")], strict=True))
    assert is_right(LinkCase("k1", ("{}", "{}"), may_be_flagged), pairs) is right


def test_a_pair_with_a_quotation_missing_is_not_right() -> None:
    article = Article("https://tarn.example/1", "tarn", "", published_at=MONDAY)
    assert not is_right(LinkCase("k1", ("{}", "{}"), True), [(article, quotation(FERRY, "Ida Falk"))])
