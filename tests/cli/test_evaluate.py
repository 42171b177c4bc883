"""The figures on invented annotated articles; on the measuring data they equal those of score.py."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.quality.yardstick import DEV, GOLD, PAGES, YARDSTICK, GoldSet, Json, Row

from quotetrack.evaluation.metrics import (
    GoldFormatError,
    Measured,
    ScoredArticle,
    calibration_error,
    figures,
    judge,
    mistakes,
    read_gold,
    read_predictions,
    reliability,
)

HARBOUR = (
    "“The ferry will sail again,” said Orla Venn on Monday.\n\n"
    "“It is a fine ship,” she said.\n\n"
    "The board called the plan “a leaking bucket” and the crew “sea dogs”.\n\n"
    "The band played “Anchors Up” at the pier."
)
NETS = (
    "Tadeo Brisk recalled April. “Nets were torn and nobody mended them,” he wrote.\n\n"
    "“We mended two,” Amalia Brisk replied, “and the rest” were sold."
)
LOST = "“Nobody came,” said a keeper."


def ends(text: str, words: str) -> list[Json]:
    start = text.index(words)
    return [start, start + len(words)]


def quote(text: str, words: str, speaker: str, group: str, kind: str = "full") -> Row:
    start, end = ends(text, words)
    number = len(words.split())
    spans: Json = [ends(text, speaker)]
    return {"start": start, "end": end, "kind": kind, "words": number, "group": group, "speaker_spans": spans}


def gold_row(name: str, text: str, quotes: Sequence[Row], discard: Sequence[Json] = ()) -> Row:
    return {
        "id": name,
        "text": text,
        "date": "2031-03-12",
        "published": "2031-03-12",
        "quotes": [*quotes],
        "discard": [*discard],
        "ignore": [],
    }


def label(article: str, group: str, name: str, said_on: str | None, basis: str, precision: str, **other: Json) -> Row:
    return {
        "id": article,
        "group": group,
        "speaker_name": name,
        "speaker_type": "person",
        "said_on": said_on,
        "date_basis": basis,
        "date_precision": precision,
        "is_truly_quote": True,
        **other,
    }


def predicted(
    text: str, words: str, mention: str | None, name: str | None, first: str | None, last: str | None, confidence: float
) -> Row:
    return {
        "parts": [ends(text, words)],
        "speaker": {"name": name, "mention": ends(text, mention) if mention else None},
        "said": {"first": first, "last": last, "basis": "stated_here" if first else "unknown"},
        "confidence": confidence,
    }


GOLD_ROWS = (
    gold_row(
        "harbour",
        HARBOUR,
        [
            quote(HARBOUR, "The ferry will sail again,", "Orla Venn", "1"),
            quote(HARBOUR, "It is a fine ship,", "she", "2"),
            quote(HARBOUR, "a leaking bucket", "The board", "3", "mixed"),
            quote(HARBOUR, "sea dogs", "The board", "4", "mixed"),
        ],
        [ends(HARBOUR, "Anchors Up")],
    ),
    gold_row(
        "nets",
        NETS,
        [
            quote(NETS, "Nets were torn and nobody mended them,", "he wrote", "1"),
            quote(NETS, "We mended two,", "Amalia Brisk", "2"),
            quote(NETS, "and the rest", "Amalia Brisk", "2", "mixed"),
        ],
    ),
    gold_row("lost", LOST, [quote(LOST, "Nobody came,", "a keeper", "1")]),
)
LABEL_ROWS = (
    label("harbour", "1", "Orla Venn", "2031-03-10", "explicit_here", "day"),
    label("harbour", "2", "Orla Venn", None, "none", "none"),
    label("harbour", "3", "The Harbour Board", "2031-03-12", "implied_recent", "day", speaker_type="organisation"),
    label("harbour", "4", "The board", None, "none", "none", is_truly_quote=False),
    label("nets", "1", "Tadeo Brisk", "2031-04", "past_occasion", "month"),
    label("nets", "2", "Amalia Brisk", None, "none", "none"),
)
PREDICTION_ROWS: tuple[Row, ...] = (
    {
        "id": "harbour",
        "quotations": [
            predicted(HARBOUR, "“The ferry will sail again,”", "Orla", "O. Venn", "2031-03-10", "2031-03-10", 0.97),
            predicted(HARBOUR, "It is a fine ship,", "she", "Venn", "2031-03-12", "2031-03-12", 0.95),
            predicted(HARBOUR, "sea dogs", "The board", "The board", None, None, 0.4),
            predicted(HARBOUR, "Anchors Up", "The band", "The band", None, None, 0.2),
            predicted(HARBOUR, "at the pier", "The band", "The band", None, None, 0.2),
        ],
    },
    {
        "id": "nets",
        "quotations": [
            predicted(
                NETS,
                "Nets were torn and nobody mended them,",
                "Amalia Brisk",
                "Amalia Brisk",
                "2031-04-01",
                "2031-04-30",
                0.55,
            ),
            predicted(NETS, "We mended two,", "Amalia Brisk", "Amalia Brisk", None, None, 1.0),
            predicted(NETS, "rest", "Amalia Brisk", "Amalia Brisk", None, None, 0.9),
        ],
    },
)

# Of `score.py quotations` on the rows above: parts, then precision, recall and F1 of each figure, then days right.
SCORED = {
    "all": (
        7,
        (0.6667, 0.5714, 0.6154),
        (0.5, 0.4286, 0.4615),
        (0.6667, 0.6667, 0.6667),
        (0.3333, 0.3333, 0.3333),
        0.75,
    ),
    "core": (5, (0.8, 0.8, 0.8), (0.6, 0.6, 0.6), (0.8, 1.0, 0.8889), (0.4, 0.5, 0.4444), 0.75),
    "full": (5, (0.8, 0.8, 0.8), (0.6, 0.6, 0.6), (0.8, 1.0, 0.8889), (0.4, 0.5, 0.4444), 0.75),
    "mixed": (2, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), None),
}
SCORED_INTERVALS = [(0.0, 1.0), (0.0, 0.8), (0.0, 1.0), (0.0, 0.5)]
SCORED_BY_BASIS = {"explicit_here": (1, 1), "none (undated)": (1, 2), "past_occasion": (1, 1)}


def lines(rows: Sequence[Row]) -> list[str]:
    return [json.dumps(row) for row in rows]


@pytest.fixture(scope="module")
def judged() -> list[ScoredArticle]:
    gold = read_gold(lines(GOLD_ROWS), lines(LABEL_ROWS))
    return judge(gold, read_predictions(lines(PREDICTION_ROWS), gold))


def test_the_figures_equal_those_of_the_scorer(judged: list[ScoredArticle]) -> None:
    found = {
        kind: (
            one.number,
            *(tuple(round(share, 4) for share in (m.precision, m.recall, m.f1)) for m in one.measures.values()),
            one.dates,
        )
        for kind, one in figures(judged).items()
    }
    assert found == SCORED


def test_intervals_and_days_by_basis_equal_those_of_the_scorer(judged: list[ScoredArticle]) -> None:
    core = figures(judged)["core"]
    assert [measure.interval for measure in core.measures.values()] == SCORED_INTERVALS
    assert core.by_basis == SCORED_BY_BASIS


def test_errors_are_listed_by_category(judged: list[ScoredArticle]) -> None:
    found = {
        category: [(one.words, one.expected, one.given) for one in several]
        for category, several in mistakes(judged).items()
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


# One quotation: "…," the mention that is right, and one that may be given instead.

ONE = "Iven Roth, the mayor, nodded at Bell.\n\nThen Roth came back. “It is done,” he told Sella Marr."


def judged_one(
    right: str, given: str | None, labelled: Row, name: str | None = "Iven Roth", **said: Json
) -> list[ScoredArticle]:
    gold = read_gold(lines([gold_row("one", ONE, [quote(ONE, "It is done,", right, "1")])]), lines([labelled]))
    row = predicted(ONE, "It is done,", given, name, None, None, 0.8)
    return judge(gold, read_predictions(lines([{"id": "one", "quotations": [{**row, "said": {**said}}]}]), gold))


def named_as(name: str, kind: str = "person") -> Row:
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
def test_a_wrong_mention_is_counted_by_the_place_of_the_right_one(
    right: str, given: str | None, name: str | None, category: str
) -> None:
    found = mistakes(judged_one(right, given, named_as("Iven Roth"), name))
    assert [kind for kind in found if kind.startswith("wrong mention")] == [category]


def test_a_skipped_pronoun_has_its_own_category() -> None:
    text = "“It is done,” she said of Sella Marr."
    gold = read_gold(lines([gold_row("one", text, [quote(text, "It is done,", "she", "1")])]))
    row = predicted(text, "It is done,", "Sella Marr", "Sella Marr", None, None, 0.8)
    found = mistakes(judge(gold, read_predictions(lines([{"id": "one", "quotations": [row]}]), gold)))
    assert list(found) == ["wrong mention: the right one is a pronoun"]


@pytest.mark.parametrize(
    ("mention", "labelled", "category"),
    [
        ("Then Roth", named_as("Iven Roth"), "wrong name: surname"),
        ("the mayor", named_as("Iven Roth"), "wrong name: role"),
        ("Then Roth", named_as("The Town Hall", "organisation"), "wrong name: organisation"),
        ("Then Roth", named_as("a report of the town", "document"), "wrong name: document"),
    ],
)
def test_a_wrong_name_is_counted_by_what_had_to_be_resolved(mention: str, labelled: Row, category: str) -> None:
    assert list(mistakes(judged_one(mention, mention, labelled, "Nobody Known"))) == [category]


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
def test_a_name_is_right_if_surname_or_full_name_agrees(
    name: str, kind: str, given: str | None, surname: bool, full: bool
) -> None:
    measures = figures(judged_one("he told", "he told", named_as(name, kind), given), resampled=0)["all"].measures
    assert (measures[Measured.SURNAME].f1, measures[Measured.NAME].f1) == (float(surname), float(full))


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
def test_a_day_is_right_if_it_agrees_with_the_label(
    said_on: str | None, basis: str, precision: str, first: str | None, last: str | None, given: str, right: bool
) -> None:
    labelled = label("one", "1", "Iven Roth", said_on, basis, precision)
    judged = judged_one("he told", "he told", labelled, first=first, last=last, basis=given)
    assert figures(judged, resampled=0)["all"].dates == float(right)


def test_the_reliability_table_has_the_share_that_is_right(judged: list[ScoredArticle]) -> None:
    bins = reliability(judged)
    assert [(b.low, b.high, b.number, round(b.confidence, 3), b.right) for b in bins] == [
        (0.5, 0.6, 1, 0.55, 0.0),
        (0.95, 0.99, 2, 0.96, 1.0),
        (0.99, 1.0, 1, 1.0, 1.0),
    ]
    assert calibration_error(bins) == pytest.approx((0.55 + 2 * 0.04 + 0.0) / 4)
    assert (reliability([]), calibration_error([])) == ([], 0.0)


@pytest.mark.parametrize(
    ("gold", "prediction"),
    [
        ("{", "{}"),
        ('{"id": "one", "text": "Nothing."}', "{}"),
        (json.dumps(gold_row("one", "Nothing.", [])), '{"id": "one"}'),
        (json.dumps(gold_row("one", "Nothing.", [])), '{"id": "one", "quotations": [{"parts": [[2, 99]]}]}'),
    ],
)
def test_a_malformed_line_is_reported_with_its_number(gold: str, prediction: str) -> None:
    with pytest.raises(GoldFormatError, match=r"line 1 of the (gold|predictions)"):
        read_predictions([prediction], read_gold([gold]))


# The command


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, rows in (("gold", GOLD_ROWS), ("labels", LABEL_ROWS), ("pred", PREDICTION_ROWS)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines(rows)), encoding="utf-8")
    return tmp_path


def test_the_command_prints_figures_errors_and_reliability(files: Path) -> None:
    result = quotetrack(
        *("evaluate", "quotations", files / "gold.jsonl", "--labels", files / "labels.jsonl"),
        *("--pred", files / "pred.jsonl", "--errors", "1", "--reliability"),
    )
    assert result.exit_code == 0
    assert "core       5 | span P 80.0 R 80.0 F1 80.0 [0.0-100.0] | mention P 60.0 R 60.0 F1 60.0" in result.stdout
    assert "date by basis: explicit_here 1/1, none (undated) 1/2, past_occasion 1/1" in result.stdout
    assert "span missed: 3\n  harbour 115-131 “a leaking bucket”" in result.stdout
    assert "| 0.95 to 0.99 | 2 | 0.960 | 1.000 |" in result.stdout
    assert "1 of 3 articles have no prediction, for example lost" in result.stderr


def test_without_predictions_the_extractor_runs_on_the_gold(files: Path) -> None:
    result = quotetrack("evaluate", "quotations", files / "gold.jsonl", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["full"]["mention"]["f1"] > 0.6
    assert result.stderr == ""


def test_malformed_gold_is_reported_in_one_line(files: Path) -> None:
    (files / "gold.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    result = quotetrack("evaluate", "quotations", files / "gold.jsonl", "--pred", files / "pred.jsonl")
    assert result.exit_code == 1
    assert result.stderr.startswith("quotetrack: line 1 of the gold is not what it should be")


@pytest.mark.gate
@pytest.mark.skipif(not GOLD.is_dir(), reason=f"no measuring data at {GOLD}")
@pytest.mark.parametrize("gold", [DEV, PAGES], ids=lambda gold: gold.name)
def test_on_the_measuring_data_every_number_equals_that_of_the_scorer(gold: GoldSet, tmp_path: Path) -> None:
    found, scored = tmp_path / "found.jsonl", tmp_path / "scored.json"
    found.write_text(quotetrack("extract", gold.articles, "--jsonl").stdout, encoding="utf-8")
    command = [sys.executable, YARDSTICK, "quotations", gold.articles, found, "--labels", gold.labels, "--json", scored]
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    ours = quotetrack("evaluate", "quotations", gold.articles, "--labels", gold.labels, "--pred", found, "--json")
    assert json.loads(ours.stdout) == json.loads(scored.read_text("utf-8"))
