"""Reported statements of the annotated articles: the output of the command line, scored by `score.py`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.quality.gold_sets import DEV, GOLD, SCORER, SHARED

FLOORS = json.loads(Path(__file__).with_name("baseline.json").read_text("utf-8"))["statements_dev"]
STATEMENTS = GOLD / "statements_dev.jsonl"
TOLERANCE = 0.05  # points; an update of a library may move a figure by that much

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not STATEMENTS.is_file(), reason=f"no measuring data at {SHARED}"),
]


@pytest.mark.parametrize(("name", "options"), [("with_attitudes", ["--attitudes"]), ("speech_only", [])])
def test_reported_statements_reach_their_floors(name: str, options: list[str], tmp_path: Path) -> None:
    result = quotetrack("extract", "--jsonl", DEV.articles, "--reported", *options)
    assert result.exit_code == 0, result.stderr
    found, scores = tmp_path / "found.jsonl", tmp_path / "scores.json"
    found.write_text(result.stdout, "utf-8")
    command = [sys.executable, SCORER, "statements", STATEMENTS, found, "--articles", DEV.articles, "--json", scores]
    subprocess.run(command, check=True, capture_output=True)
    measured = {what: 100 * figures["f1"] for what, figures in json.loads(scores.read_text("utf-8")).items()}
    below = {what: f1 for what, f1 in measured.items() if f1 < FLOORS[name][what] - TOLERANCE}
    assert not below, f"{name}: floors {FLOORS[name]}"
