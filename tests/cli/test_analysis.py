"""Counts, timelines, comparisons and changes on the command line and in Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

import quotetrack as package
from quotetrack.search import analysis

pytest_plugins = ("tests.filled_store",)

TELLE, BARRIER = "Ragna Telle", "the storm barrier"


def test_speakers_are_counted_by_what_names_the_topic(ingested: Path) -> None:
    top = quotetrack("speakers", "top", "--about", "barrier", "--database", ingested)
    assert top.stdout.splitlines()[0] == f"Peter Lindqvist                 {'█' * 40} 3"
    counted = quotetrack("ask", "quotes about the barrier", "--count-by", "speaker", "--json", "--database", ingested)
    assert json.loads(counted.stdout)["counts"][:2] == [
        {"label": "Peter Lindqvist", "utterances": 3},
        {"label": TELLE, "utterances": 2},
    ]
    assert (json.loads(counted.stdout)["by"], json.loads(counted.stdout)["total"]) == ("speaker", 8)


def test_counts_are_written_as_csv(ingested: Path, tmp_path: Path) -> None:
    asked = ("ask", "quotes about the barrier", "--count-by", "speaker", "--limit", "2", "--database", ingested)
    printed = quotetrack(*asked, "--csv", "-")
    assert printed.stdout.splitlines() == ["speaker,utterances", "Peter Lindqvist,3", f"{TELLE},2"]
    assert f"Wrote 2 rows to {tmp_path / 'counts.csv'}." in quotetrack(*asked, "--csv", tmp_path / "counts.csv").stderr
    assert (tmp_path / "counts.csv").read_text().splitlines() == printed.stdout.splitlines()


@pytest.mark.parametrize("option", ["--cite", "--context", "--timeline", "--newest", "--certain", "--page 2"])
def test_an_option_that_numbers_leave_no_room_for_is_refused(ingested: Path, option: str) -> None:
    asked = ("ask", "quotes about the barrier", "--count-by", "speaker", *option.split(), "--database", ingested)
    refused = quotetrack(*asked)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"leave out {option.split()[0]}" in " ".join(refused.stderr.replace("│", " ").split())


def test_a_timeline_has_a_bar_a_month_for_each_speaker(ingested: Path) -> None:
    shown = quotetrack("timeline", TELLE, "Dagny Moor", "--database", ingested).stdout
    assert "Dagny Moor: 2 utterances\n2025-04  " in shown and "   ...   10 months without utterances\n" in shown
    asked = ("timeline", "--about", "barrier", "--limit", "1", "--json", "--database", ingested)
    assert json.loads(quotetrack(*asked).stdout) == [{"speaker": "Peter Lindqvist", "months": {"2026-03": 3}}]


def test_two_speakers_are_compared(ingested: Path) -> None:
    asked = ("compare", TELLE, "Peter Lindqvist", "--about", "barrier", "--limit", "1", "--database", ingested)
    lines = quotetrack(*asked).stdout.splitlines()
    assert f"{TELLE} on barrier: 2 utterances, the newest 1" in lines
    assert "Peter Lindqvist on barrier: 3 utterances, the newest 1" in lines
    sides = json.loads(quotetrack(*asked, "--json").stdout)
    assert [(side["speaker"], side["total"], len(side["utterances"])) for side in sides] == [
        (TELLE, 2, 1),
        ("Peter Lindqvist", 3, 1),
    ]


def test_changes_show_what_is_new(ingested: Path) -> None:
    asked = ("changes", TELLE, "--about", "barrier", "--database", ingested)
    assert "    New: knew, cracks, October" in quotetrack(*asked).stdout
    first, second = json.loads(quotetrack(*asked, "--json").stdout)
    assert (first["utterance"]["id"], second["utterance"]["id"]) == (1, 2)
    assert second["new_words"][:2] == ["knew", "cracks"]


def test_limits_narrow_what_is_counted(ingested: Path) -> None:
    def total(*limits: str) -> int:
        asked = ("ask", "quotes about the barrier", "--count-by", "month", "--json", "--database", ingested)
        return int(json.loads(quotetrack(*asked, *limits).stdout)["total"])

    assert total("--since", "2031-01-01") == 0
    assert 0 < total("--outlet", "Varland Tribune") < total()
    assert total("--speaker", TELLE) == 2


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("timeline", "Nobody Known"), "No speaker is called Nobody Known."),
        (("changes", "Nobody Known", "--about", "jam"), "No speaker is called Nobody Known."),
        (("compare", TELLE, "Nobody Known", "--about", "jam"), "No speaker is called Nobody Known."),
        (("speakers", "top", "--about", "zeppelins"), "No utterance names this."),
        (("speakers", "top", "--outlet", "The Moon"), "No stored outlet is called 'The Moon'."),
    ],
)
def test_what_is_not_on_file_is_said(ingested: Path, arguments: tuple[str, ...], hint: str) -> None:
    result = quotetrack(*arguments, "--database", ingested)
    assert hint in result.stderr and "Traceback" not in result.output


def test_where_not_all_was_read_that_is_said(ingested: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "MOST_READ", 2)
    assert "Only the best matches were read" in quotetrack("speakers", "top", "--database", ingested).stderr


def test_python_returns_what_the_commands_print(ingested: Path) -> None:
    with package.open(ingested, read_only=True) as db:
        asked = db.analysis
        (timeline,) = shown = asked.timeline(TELLE, about="barrier")
        assert timeline.months == (("2026-03", 2),) and str(shown).startswith(f"{TELLE}: 2 utterances\n")
        assert (
            f"<b>{TELLE}</b>" in shown._repr_html_() and "<title>2026-03: 2 utterances</title>" in shown._repr_html_()
        )
        assert asked.top(about="barrier", limit=1)[0].label == "Peter Lindqvist"
        assert asked.count("quotes about the barrier", by="month")[0].utterances == 8
        assert [side.total for side in asked.compare(TELLE, "Peter Lindqvist", about="barrier")] == [2, 3]
        assert asked.changes(TELLE, about="barrier")[1].new_words[0] == "knew"
        with pytest.raises(package.QuotetrackError, match="speaker, outlet, month, topic"):
            asked.count("quotes about the barrier", by="weather")
