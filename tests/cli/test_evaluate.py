"""The command `evaluate quotations` on invented annotated articles, and on the measuring data beside score.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.evaluation.invented_gold import GOLD_ROWS, LABEL_ROWS, PREDICTION_ROWS, lines
from tests.quality.gold_sets import DEV, GOLD, PAGES, SCORER, GoldSet


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
    assert "| date  75.0 (day P 50.0, claimed 50.0)\n" in result.stdout
    assert "date by basis: explicit_here 1/1, none (undated) 1/2, past_occasion 1/1" in result.stdout
    assert "span missed: 3\n  harbour 115-131 “a leaking bucket”" in result.stdout
    mention, _, rest = result.stdout.partition("Name, core parts:\n")
    name, _, day = rest.partition("\nDay, core parts:\n")
    assert "| 0.95 to 0.99 | 2 | 0.960 | 1.000 |" in mention and "Expected calibration error: 0.158\n" in mention
    assert "| 0.95 to 0.99 | 2 | 0.960 | 0.500 |" in name and "Expected calibration error: " in name
    assert "Names with confidence 0.9 or more: 66.7 % right.\n75.0 % of the core parts have one.\n" in name
    assert "| 0.90 to 0.95 | 2 | 0.930 | 1.000 |" in day and "Expected calibration error: 0.263\n" in day
    assert "1 of 3 articles have no prediction, for example lost" in result.stderr


def test_the_json_has_the_reliability_of_mention_name_and_day(files: Path) -> None:
    arguments = ("--labels", files / "labels.jsonl", "--pred", files / "pred.jsonl", "--reliability", "--json")
    written = json.loads(quotetrack("evaluate", "quotations", files / "gold.jsonl", *arguments).stdout)
    assert [row["number"] for row in written["reliability"]] == [1, 2, 1]
    assert [row["number"] for row in written["name_reliability"]] == [1, 2, 1]
    assert [row["number"] for row in written["day_reliability"]] == [1, 2]
    assert written["calibration_error"].keys() == {"mention", "name", "day"}
    assert written["core"]["day"] == {"p": 0.5, "claimed": 0.5}
    assert written["sure_names"] == {"confidence": 0.9, "right": pytest.approx(2 / 3), "share": 0.75}


def test_without_predictions_the_extractor_reads_the_gold_articles(files: Path) -> None:
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
    command = [sys.executable, SCORER, "quotations", gold.articles, found, "--labels", gold.labels, "--json", scored]
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    ours = quotetrack("evaluate", "quotations", gold.articles, "--labels", gold.labels, "--pred", found, "--json")
    assert json.loads(ours.stdout) == json.loads(scored.read_text("utf-8"))
