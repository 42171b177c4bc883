"""Saved questions: each night finds what answers them, and a report lists what is new, once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.cli_runner import quotetrack

import quotetrack as package
from quotetrack.core.domain import Sighting, Utterance, Watch, WatchReport
from quotetrack.render.watches import report_html, report_lines, report_rss
from quotetrack.sample import folder

pytest_plugins = ("tests.filled_store",)

MOOR = "what did Dagny Moor say"
LIGHTS = "“Nobody asked me about the lights,” said Dagny Moor, the keeper, on Monday."


def watch(database: Path, *arguments: str | Path) -> str:
    result = quotetrack("watch", *arguments, "--database", database)
    assert result.exit_code == 0, result.output
    return result.stdout


def ingest(database: Path, text: str) -> None:
    article = database.with_name(f"{len(text)}.txt")
    article.write_text(text, encoding="utf-8")
    result = quotetrack("ingest", article, "--outlet", "tide", "--published", "2026-03-31", "--database", database)
    assert result.exit_code == 0, result.output


def test_a_question_is_saved_once_listed_and_removed(newsroom: Path) -> None:
    assert watch(newsroom, "add", MOOR) == "Saved as question 1. Speaker: Dagny Moor. Topic: any.\n"
    assert watch(newsroom, "add", f"  {MOOR} ").startswith("Saved as question 1.")
    assert watch(newsroom, "add", "quotes about the barrier").startswith("Saved as question 2.")
    assert watch(newsroom, "list").splitlines() == [
        f"   1     0 new  {MOOR}",
        "   2     0 new  quotes about the barrier",
    ]
    assert json.loads(watch(newsroom, "list", "--json"))[0]["question"] == MOOR
    assert watch(newsroom, "remove", "1") == f"Removed question 1: {MOOR}\n"
    assert [row["id"] for row in json.loads(watch(newsroom, "list", "--json"))] == [2]
    assert watch(newsroom, "add", MOOR).startswith("Saved as question 3.")  # its number is not used again


@pytest.mark.slow
def test_a_report_lists_only_what_is_new_since_the_last_one(newsroom: Path) -> None:
    watch(newsroom, "add", MOOR)
    watch(newsroom, "add", "what did Dagny Moor say about the harbour")
    assert watch(newsroom, "report") == "Nothing new.\n"
    ingest(newsroom, LIGHTS)
    assert watch(newsroom, "list").startswith("   1     1 new")
    for _ in range(2):  # a look leaves it for the next report
        assert f"{MOOR} (1 new utterance)\n\n“Nobody asked me" in watch(newsroom, "report", "--peek")
    (row,) = json.loads(watch(newsroom, "report", "--format", "json", "--peek"))
    assert (row["id"], row["utterances"][0]["speaker"]) == (1, "Dagny Moor")
    assert "harbour" not in watch(newsroom, "report")
    assert watch(newsroom, "report") == "Nothing new.\n"
    quotetrack("ingest", folder(), "--database", newsroom)
    assert watch(newsroom, "report") == "Nothing new.\n"


@pytest.mark.slow
def test_an_utterance_that_is_merged_is_no_new_one(newsroom: Path) -> None:
    with package.open(newsroom) as db:
        db.watches.add("what did Ragna Telle say")
        first, second = (int(db.show(number).utterance.sightings[0].id) for number in (1, 2))
        db.review.judge(first, second, same=True)
    ingest(newsroom, LIGHTS)
    with package.open(newsroom) as db:
        assert db.watches.report() == []
        assert [each.new for each in db.watches.list()] == [0]


@pytest.mark.slow
def test_what_could_not_be_written_is_in_the_next_report(newsroom: Path, tmp_path: Path) -> None:
    watch(newsroom, "add", MOOR)
    ingest(newsroom, LIGHTS)
    nowhere = tmp_path / "no" / "folder.xml"
    failed = quotetrack("watch", "report", "--format", "rss", "--output", nowhere, "--database", newsroom)
    assert (failed.exit_code, len(failed.stderr.splitlines())) == (1, 1)
    watch(newsroom, "report", "--format", "rss", "--output", tmp_path / "new.xml")
    (item,) = ElementTree.parse(tmp_path / "new.xml").iter("item")
    assert item.findtext("title") == "Dagny Moor: “Nobody asked me about the lights”"
    assert watch(newsroom, "report") == "Nothing new.\n"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("add", ""), "asks for everything"),
        (("remove", "7"), "No saved question has the number 7"),
    ],
)
def test_what_cannot_be_is_said(newsroom: Path, arguments: tuple[str, ...], why: str) -> None:
    result = quotetrack("watch", *arguments, "--database", newsroom)
    assert result.exit_code == 1 and why in result.stderr and "Traceback" not in result.output


# The forms of a report

NOW = datetime(2031, 3, 12, 6, tzinfo=UTC)
EVIL = "<script>\x1b[31m\x00\ud83d & ]]> \ufffe"
SIGHTING = Sighting(1, f"The {EVIL} sails,", speaker=EVIL, title=EVIL, url=f"https://tide.example/{EVIL}")
REPORTS = [WatchReport(Watch(4, f"about {EVIL}", "M. K.", NOW), (Utterance(9, (SIGHTING,)),))]


def test_a_feed_is_valid_whatever_the_data() -> None:
    (item,) = ElementTree.fromstring(report_rss(REPORTS, NOW).encode()).iter("item")
    assert item.findtext("guid") == "quotetrack-watch-4-utterance-9"
    assert item.findtext("pubDate") == "Wed, 12 Mar 2031 06:00:00 +0000"
    assert (item.findtext("category") or "").startswith("about <script>")
    assert (item.findtext("link") or "").startswith("https://tide.example/")


def test_a_page_has_no_element_of_the_data() -> None:
    page = report_html(REPORTS, NOW)
    assert "<script>" not in page and page.count("&lt;script&gt;") >= 3
    page.encode()  # no half characters


def test_lines_have_no_control_character() -> None:
    assert not any("\x1b" in line or "\x00" in line for line in report_lines(REPORTS))


def test_nothing_new_is_said_in_each_form() -> None:
    assert list(report_lines([])) == ["Nothing new."]
    assert "<p>Nothing new.</p>" in report_html([], NOW)
    assert not list(ElementTree.fromstring(report_rss([], NOW).encode()).iter("item"))
