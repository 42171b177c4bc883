"""The gate itself, on invented figures and people: nothing here reads the measuring data."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from tests.quality import baseline, run
from tests.quality.gold_sets import DEV, ROOT
from tests.quality.minimal_edits import minimal_edits
from tests.quality.scorer import KIND
from tests.quality.trivial_baseline import trivial_baseline

from quotetrack.core.domain import Article, Quotation, QuotationKind, Span


@pytest.fixture
def pinned(tmp_path, monkeypatch):
    """A baseline with one set of ours and the key of another test module."""
    gold = tmp_path / "invented.jsonl"
    gold.write_text("{}\n")
    file = tmp_path / "baseline.json"
    file.write_text(json.dumps({"links": {"f1": 94.0}, DEV.name: {KIND: {"name_f1": 70.0, "date": 60.0}}}))
    monkeypatch.setattr(baseline, "FILE", file)
    monkeypatch.setattr(baseline, "GOLD_FILES", (gold,))
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "PINNED_SETS", (DEV,))
    return file


@pytest.mark.parametrize(
    ("measured", "shortfalls"),
    [
        (70.0, []),
        (69.96, []),
        (69.9, ["name_f1 70.00 -> 69.90"]),
        (75.0, []),
    ],
)
def test_a_figure_below_its_floor_is_named_beyond_the_tolerance(measured, shortfalls):
    assert baseline.shortfalls({"name_f1": 70.0}, {"name_f1": measured, "date": 1.0}) == shortfalls


@pytest.mark.parametrize(
    ("reached", "reason", "exit_code", "floor"),
    [
        ({"name_f1": 72.0, "date": 60.0}, None, 0, {"name_f1": 72.0, "date": 60.0}),
        ({"name_f1": 72.0, "date": 59.98}, None, 0, {"name_f1": 72.0, "date": 60.0}),
        ({"name_f1": 72.0, "date": 50.0}, None, 1, {"name_f1": 70.0, "date": 60.0}),
        ({"name_f1": 72.0, "date": 50.0}, "an undated day is no longer guessed", 0, {"name_f1": 72.0, "date": 50.0}),
    ],
)
def test_floors_rise_freely_and_sink_for_a_reason(pinned, monkeypatch, capsys, reached, reason, exit_code, floor):
    monkeypatch.setattr(run, "_measure", lambda gold: reached)
    assert run.pin(reason) == exit_code
    stored = json.loads(pinned.read_text())
    assert (stored[DEV.name], stored["links"]) == ({KIND: floor}, {"f1": 94.0})
    assert reason is None or reason in capsys.readouterr().out


def test_a_gold_file_that_changed_since_the_floors_is_named(pinned):
    baseline.pin({}, lower=False)
    assert baseline.changed_files() == []
    (gold,) = baseline.GOLD_FILES
    gold.write_text("{} \n")
    assert baseline.changed_files() == ["invented.jsonl"]


def test_without_the_data_the_gate_says_so_in_one_line(tmp_path):
    command = [sys.executable, "-m", "tests.quality.run", "gate"]
    environment = os.environ | {"QUOTETRACK_SHARED": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [f"GATE SKIPPED: no measuring data at {tmp_path.resolve() / 'gold'}"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("“The bridge holds,” said Ada Brandvik, who built it.", "Ada Brandvik"),
        ("At noon the mayor, Tom Leary, said: “The bridge holds.” It did not.", "Tom Leary"),
        ("But then Leary spoke. “The bridge holds,” he said.", "Leary"),
        ("“The bridge holds,” Brandvik said.", "Brandvik"),
        ("“The bridge holds,” she said.", None),
    ],
)
def test_the_trivial_speaker_is_the_nearest_name(text, name):
    words = Span(text.index("“") + 1, text.index("”"))
    quotation = Quotation((words,), words.of(text), QuotationKind.FULL, Span(0, len(text)))
    article = Article("x:1", "gazette", text, published_at=date(2026, 3, 14))
    (guess,) = trivial_baseline(article, [quotation])
    assert (guess.attribution.name if guess.attribution else None) == name
    assert (guess.said.first, guess.said.last) == (date(2026, 3, 14), date(2026, 3, 14))


@pytest.mark.parametrize(
    ("flag", "words", "edited"),
    [
        ("not", "The bridge is safe for every lorry in town", "The bridge is not safe for every lorry in town"),
        ("not", "The bridge was not safe for lorries last year", "The bridge was safe for lorries last year"),
        ("number", "We lost 12 boats on the night of the storm", "We lost 19 boats on the night of the storm"),
        ("number", "We lost two boats on the night of the storm", "We lost nine boats on the night of the storm"),
        (
            "name",
            "We asked Leary to leave the boats where they were",
            "We asked Brandvik to leave the boats where they were",
        ),
    ],
)
def test_a_minimal_edit_changes_one_thing(flag, words, edited):
    assert minimal_edits([words], ["Leary", "Brandvik"], 1)[flag] == [(words, edited)]


def test_a_phrase_is_not_edited():
    assert minimal_edits(["The bridge is safe"], [], 1) == {"not": [], "opposite": [], "number": [], "name": []}
