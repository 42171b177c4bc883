"""The figures on invented annotated articles; on real ones the gate compares them with those of score.py."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.evaluation.invented_gold import (
    GOLD_ROWS,
    LABEL_ROWS,
    PREDICTION_ROWS,
    Row,
    gold_row,
    label,
    lines,
    predicted,
    quote,
)

from quotetrack.evaluation.gold import GoldFormatError, read_gold
from quotetrack.evaluation.metrics import (
    SURE,
    Aspect,
    MatchedArticle,
    Reliability,
    SingleDays,
    SureNames,
    calibration_error,
    figures,
    match,
    mistakes,
    read_predictions,
    reliability,
)

# The output of `score.py quotations` on the invented rows: number of parts; precision, recall and F1 of each aspect;
# share of right days; that of right single days, and of the parts with one.
SCORED = {
    "all": (
        7,
        (0.6667, 0.5714, 0.6154),
        (0.5, 0.4286, 0.4615),
        (0.6667, 0.6667, 0.6667),
        (0.3333, 0.3333, 0.3333),
        0.75,
        SingleDays(0.5, 0.5),
    ),
    "core": (5, (0.8, 0.8, 0.8), (0.6, 0.6, 0.6), (0.8, 1.0, 0.8889), (0.4, 0.5, 0.4444), 0.75, SingleDays(0.5, 0.5)),
    "full": (5, (0.8, 0.8, 0.8), (0.6, 0.6, 0.6), (0.8, 1.0, 0.8889), (0.4, 0.5, 0.4444), 0.75, SingleDays(0.5, 0.5)),
    "mixed": (2, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), None, None),
}
SCORED_INTERVALS = [(0.0, 1.0), (0.0, 0.8), (0.0, 1.0), (0.0, 0.5)]
SCORED_BY_BASIS = {"explicit_here": (1, 1), "none (undated)": (1, 2), "past_occasion": (1, 1)}


@pytest.fixture(scope="module")
def matched() -> list[MatchedArticle]:
    gold = read_gold(lines(GOLD_ROWS), lines(LABEL_ROWS))
    return match(gold, read_predictions(lines(PREDICTION_ROWS), gold))


def test_the_figures_are_those_of_the_scorer(matched: list[MatchedArticle]) -> None:
    found = {}
    for kind, of_kind in figures(matched).items():
        shares = [(m.precision, m.recall, m.f1) for m in of_kind.measures.values()]
        rounded = [tuple(round(share, 4) for share in three) for three in shares]
        found[kind] = (of_kind.number, *rounded, of_kind.dates, of_kind.single_days)
    assert found == SCORED


def test_the_intervals_and_the_days_by_basis_are_those_of_the_scorer(matched: list[MatchedArticle]) -> None:
    core = figures(matched)["core"]
    assert [measure.interval for measure in core.measures.values()] == SCORED_INTERVALS
    assert core.by_basis == SCORED_BY_BASIS


def test_every_error_is_listed_in_its_category(matched: list[MatchedArticle]) -> None:
    found = {
        category: [(mistake.words, mistake.expected, mistake.given) for mistake in of_category]
        for category, of_category in mistakes(matched).items()
    }
    assert found == {
        "span invented": [("at the pier", None, "The band"), ("rest", None, "Amalia Brisk")],
        "span missed": [
            ("a leaking bucket", "The Harbour Board", None),
            ("and the rest", "Amalia Brisk", None),
            ("Nobody came", "a keeper", None),
        ],
        "wrong date: none (undated)": [("It is a fine ship", None, "2031-03-12..2031-03-12")],
        "wrong mention: the right one is nearer": [
            ("Nets were torn and nobody mended them", "he wrote (at 69)", "Amalia Brisk (at 97)")
        ],
        "wrong name: after a wrong mention": [("Nets were torn and nobody mended them", "Tadeo Brisk", "Amalia Brisk")],
        "wrong name: pronoun": [("It is a fine ship", "Orla Venn", "Venn")],
    }


# Each test below has this article with one quotation, a right mention, and a predicted one.
TEXT = "Iven Roth, the mayor, nodded at Bell.\n\nThen Roth came back. “It is done,” he told Sella Marr."


def match_one(
    right: str,
    given: str | None,
    labelled: Row,
    name: str | None = "Iven Roth",
    published: str | None = "2031-03-12",
    **said: Any,
) -> list[MatchedArticle]:
    article = {**gold_row("one", TEXT, [quote(TEXT, "It is done,", right, "1")]), "date": published}
    gold = read_gold(lines([article]), lines([labelled]))
    row = predicted(TEXT, "It is done,", given, name, None, None, 0.8)
    return match(gold, read_predictions(lines([{"id": "one", "quotations": [{**row, "said": {**said}}]}]), gold))


def labelled_as(name: str, kind: str = "person") -> Row:
    return label("one", "1", name, None, "none", "none", speaker_type=kind)


@pytest.mark.parametrize(
    ("right", "given", "name", "category"),
    [
        ("he told", "Sella Marr", "Sella Marr", "wrong mention: the right one is nearer"),
        ("Sella Marr", "Then Roth", "Iven Roth", "wrong mention: the right one is nearer"),
        ("Then Roth", "he told", "Iven Roth", "wrong mention: the right one is farther"),
        ("Bell", "he told", "Iven Roth", "wrong mention: the right one is in another paragraph"),
        ("Bell", None, None, "wrong mention: none given"),
    ],
)
def test_a_wrong_mention_is_named_by_the_place_of_the_right_one(
    right: str, given: str | None, name: str | None, category: str
) -> None:
    found = mistakes(match_one(right, given, labelled_as("Iven Roth"), name))
    assert [kind for kind in found if kind.startswith("wrong mention")] == [category]


def test_a_pronoun_that_was_not_chosen_is_a_separate_category() -> None:
    text = "“It is done,” she said of Sella Marr."
    gold = read_gold(lines([gold_row("one", text, [quote(text, "It is done,", "she", "1")])]))
    row = predicted(text, "It is done,", "Sella Marr", "Sella Marr", None, None, 0.8)
    found = mistakes(match(gold, read_predictions(lines([{"id": "one", "quotations": [row]}]), gold)))
    assert list(found) == ["wrong mention: the right one is a pronoun"]


@pytest.mark.parametrize(
    ("mention", "labelled", "category"),
    [
        ("Then Roth", labelled_as("Iven Roth"), "wrong name: surname"),
        ("the mayor", labelled_as("Iven Roth"), "wrong name: role"),
        ("Then Roth", labelled_as("The Town Hall", "organisation"), "wrong name: organisation"),
        ("Then Roth", labelled_as("a report of the town", "document"), "wrong name: document"),
    ],
)
def test_a_wrong_name_is_named_by_the_form_that_had_to_be_resolved(mention: str, labelled: Row, category: str) -> None:
    assert list(mistakes(match_one(mention, mention, labelled, "Nobody Known"))) == [category]


@pytest.mark.parametrize(
    ("name", "kind", "given", "surname", "full"),
    [
        ("Iven Roth", "person", "Iven Roth", True, True),
        ("Iven Roth", "person", "iven roth’s", True, True),
        ("Iven Roth", "person", "I. Roth", True, True),
        ("Iven Roth", "person", "Ilse Roth", True, False),
        ("Iven Roth", "person", "Roth", True, False),
        ("Iven Roth Jr.", "person", "Iven Roth", True, True),
        ("Iven Roth", "person", "Iven Rother", False, False),
        ("Roth", "person", "Iven Roth", True, True),
        ("The Harbour Board of Orle", "organisation", "Harbour Board", True, True),
        ("The Harbour Board of Orle", "organisation", "the Board", False, False),
        ("Iven Roth", "person", None, False, False),
    ],
)
def test_a_name_is_right_by_its_words(name: str, kind: str, given: str | None, surname: bool, full: bool) -> None:
    measures = figures(match_one("he told", "he told", labelled_as(name, kind), given), resamples=0)["all"].measures
    assert (measures[Aspect.SURNAME].f1, measures[Aspect.NAME].f1) == (float(surname), float(full))


@pytest.mark.parametrize(
    ("said_on", "basis", "precision", "first", "last", "given", "right"),
    [
        ("2031-03-10", "explicit_here", "day", "2031-03-10", "2031-03-10", "stated_here", True),
        ("2031-03-10", "explicit_here", "day", "2031-03-10", "2031-03-11", "stated_here", False),
        ("2031-03-10", "explicit_here", "day", None, None, "unknown", False),
        ("2031-03-12", "implied_recent", "day", "2031-03-09", "2031-03-12", "implied", True),
        ("2031-03-12", "implied_recent", "day", "2031-03-13", "2031-03-13", "implied", True),
        ("2031-03-12", "implied_recent", "day", "2031-03-08", "2031-03-12", "implied", False),
        ("2031-02", "past_occasion", "month", "2031-02-01", "2031-02-28", "past", True),
        ("2031-02", "past_occasion", "month", "2031-02-01", "2031-03-01", "past", False),
        ("2030", "past_occasion", "year", "2030-05-01", "2030-06-01", "past", True),
        (None, "none", "none", None, None, "unknown", True),
        (None, "none", "none", None, "2031-03-12", "past", True),
        (None, "none", "none", "2031-03-10", "2031-03-10", "unknown", True),
        (None, "none", "none", "2031-03-10", "2031-03-10", "implied", False),
    ],
)
def test_a_day_is_right_when_it_says_what_the_article_says(
    said_on: str | None, basis: str, precision: str, first: str | None, last: str | None, given: str, right: bool
) -> None:
    labelled = label("one", "1", "Iven Roth", said_on, basis, precision)
    matched = match_one("he told", "he told", labelled, first=first, last=last, basis=given)
    assert figures(matched, resamples=0)["all"].dates == float(right)


@pytest.mark.parametrize(
    ("first", "last", "given", "single"),
    [
        ("2031-03-10", "2031-03-10", "stated_here", SingleDays(1.0, 1.0)),
        ("2031-03-11", "2031-03-11", "stated_here", SingleDays(0.0, 1.0)),
        ("2031-03-09", "2031-03-10", "implied", SingleDays(0.0, 0.0)),
        ("2031-03-10", "2031-03-10", "unknown", SingleDays(0.0, 0.0)),
        (None, "2031-03-10", "past", SingleDays(0.0, 0.0)),
        (None, None, "unknown", SingleDays(0.0, 0.0)),
    ],
)
def test_only_one_single_day_is_a_claim_of_a_day(
    first: str | None, last: str | None, given: str, single: SingleDays
) -> None:
    labelled = label("one", "1", "Iven Roth", "2031-03-10", "explicit_here", "day")
    matched = match_one("he told", "he told", labelled, first=first, last=last, basis=given)
    assert figures(matched, resamples=0)["all"].single_days == single


def test_in_an_article_without_a_day_of_publication_no_day_is_judged() -> None:
    labelled = label("one", "1", "Iven Roth", "2031-03-10", "explicit_here", "day")
    said = {"first": "2031-03-11", "last": "2031-03-11", "basis": "stated_here", "confidence": 0.9}
    matched = match_one("he told", "he told", labelled, published=None, **said)
    of_all = figures(matched, resamples=0)["all"]
    assert (of_all.dates, of_all.single_days, of_all.by_basis) == (None, None, {})
    assert mistakes(matched) == {}
    assert reliability(matched).day == ()


def test_the_reliability_table_has_the_share_right_by_confidence(matched: list[MatchedArticle]) -> None:
    bins = reliability(matched).mention
    assert [(b.low, b.high, b.number, round(b.confidence, 3), b.right) for b in bins] == [
        (0.5, 0.6, 1, 0.55, 0.0),
        (0.95, 0.99, 2, 0.96, 1.0),
        (0.99, 1.0, 1, 1.0, 1.0),
    ]
    assert calibration_error(bins) == pytest.approx((0.55 + 2 * 0.04 + 0.0) / 4)
    assert reliability([]) == Reliability((), (), (), SureNames(SURE, 0.0, 0.0))
    assert calibration_error([]) == 0.0


def test_names_are_measured_by_their_own_confidence_and_unsure_ones_by_the_first_alternative() -> None:
    text = "“Aye,” said Venn. “Nay,” said Brisk. “Boo,” she said. “Hum,” he said. “Ahem,” they said."
    words = ("Aye,", "Nay,", "Boo,", "Hum,", "Ahem,")
    quotes = [quote(text, spoken, "said", str(group)) for group, spoken in enumerate(words)]
    labels = [label("one", str(group), "Orla Venn", None, "none", "none") for group in range(4)]  # "Ahem" has none
    surest = predicted(text, "Aye,", "said", "Orla Venn", None, None, 0.95)
    wrong = predicted(text, "Nay,", "said", "Tadeo Brisk", None, None, 0.9)
    unsure = predicted(text, "Boo,", "said", None, None, None, 0.45)
    alternatives = [{"name": "Orla Venn", "confidence": 0.45}, {"name": "Tadeo Brisk", "confidence": 0.4}]
    unsure["speaker"] |= {"mention_confidence": 0.97, "unsure": True, "alternatives": alternatives}
    other = predicted(text, "Ahem,", "said", "Orla Venn", None, None, 0.99)
    gold = read_gold(lines([gold_row("one", text, [{**each, "words": 4} for each in quotes])]), lines(labels))
    found = match(gold, read_predictions(lines([{"id": "one", "quotations": [surest, wrong, unsure, other]}]), gold))
    measured = reliability(found)
    assert [(b.low, b.number, b.confidence, b.right) for b in measured.name] == [
        (0.3, 1, 0.45, 1.0),
        (0.9, 1, 0.9, 0.0),
        (0.95, 1, 0.95, 1.0),
    ]
    assert measured.name_error == pytest.approx((0.55 + 0.9 + 0.05) / 3)
    assert [(b.low, b.number) for b in measured.mention] == [(0.9, 1), (0.95, 2), (0.99, 1)]
    assert measured.sure_names == SureNames(SURE, 0.5, 0.5)  # two of the four labelled parts, "Hum" was not found
    assert [mistake.words for mistake in mistakes(found)["wrong name: unsure"]] == ["Boo"]


def test_days_and_intervals_are_measured_by_their_own_confidence(matched: list[MatchedArticle]) -> None:
    measured = reliability(matched)
    assert [(b.low, b.number, round(b.confidence, 3), b.right) for b in measured.day] == [
        (0.6, 1, 0.65, 0.0),
        (0.9, 2, 0.93, 1.0),  # a day and a month
    ]
    assert measured.day_error == pytest.approx((0.65 + 2 * 0.07) / 3)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ({"first": "2031-03-10", "last": "2031-03-10", "basis": "stated_here", "confidence": 0.8}, 1),
        ({"first": "2031-03-09", "last": "2031-03-12", "basis": "implied", "confidence": 0.0}, 1),
        ({"first": "2031-03-10", "last": "2031-03-10", "basis": "stated_here", "confidence": None}, 0),
        ({"first": "2031-03-10", "last": "2031-03-10", "basis": "stated_here"}, 0),
        ({"first": "2031-03-10", "last": "2031-03-10", "basis": "unknown", "confidence": 0.8}, 0),
        ({"first": None, "last": None, "basis": "unknown", "confidence": None}, 0),
    ],
)
def test_a_day_is_in_its_table_when_it_is_claimed_with_a_confidence(said: Row, number: int) -> None:
    labelled = label("one", "1", "Iven Roth", "2031-03-10", "explicit_here", "day")
    matched = match_one("he told", "he told", labelled, **said)
    assert sum(bin_.number for bin_ in reliability(matched).day) == number


def test_a_fragment_of_a_few_words_is_not_in_the_table_of_the_day() -> None:
    fragment = quote(TEXT, "It is done,", "he told", "1", "mixed")
    labels = [label("one", "1", "Iven Roth", "2031-03-10", "explicit_here", "day")]
    gold = read_gold(lines([gold_row("one", TEXT, [fragment])]), lines(labels))
    row = predicted(TEXT, "It is done,", "he told", "Iven Roth", "2031-03-10", "2031-03-10", 0.8, 0.9)
    matched = match(gold, read_predictions(lines([{"id": "one", "quotations": [row]}]), gold))
    assert figures(matched, resamples=0)["mixed"].single_days == SingleDays(1.0, 1.0)
    assert reliability(matched).day == ()


@pytest.mark.parametrize(
    ("gold", "prediction"),
    [
        ("{", "{}"),
        ('{"id": "one", "text": "Nothing."}', "{}"),
        (json.dumps(gold_row("one", "Nothing.", [])), '{"id": "one"}'),
        (json.dumps(gold_row("one", "Nothing.", [])), '{"id": "one", "quotations": [{"parts": [[2, 99]]}]}'),
    ],
)
def test_a_malformed_line_is_named_by_its_number(gold: str, prediction: str) -> None:
    with pytest.raises(GoldFormatError, match=r"line 1 of the (gold|predictions)"):
        read_predictions([prediction], read_gold([gold]))


@pytest.mark.parametrize(
    ("said_on", "basis", "precision", "first", "last", "is_right"),
    [
        ("2031-03-10", "explicit_nearby", "day", "2031-03-08", "2031-03-12", True),
        ("2031-03-07", "explicit_nearby", "day", "2031-03-08", "2031-03-12", False),
        ("2029", "past_occasion", "year", "2029-01-01", "2029-12-31", True),
        ("2029-05", "past_occasion", "month", "2029-01-01", "2029-12-31", True),
        ("2031-03-12", "implied_recent", "day", "2031-03-07", "2031-03-12", True),
        (None, "none", "none", "2031-03-08", "2031-03-12", False),
    ],
)
def test_the_chance_of_several_days_is_that_the_day_is_among_them(
    said_on: str | None, basis: str, precision: str, first: str, last: str, is_right: bool
) -> None:
    labelled = label("one", "1", "Iven Roth", said_on, basis, precision)
    matched = match_one("he told", "he told", labelled, first=first, last=last, basis="implied", confidence=0.8)
    assert [bin_.right for bin_ in reliability(matched).day] == [float(is_right)]
