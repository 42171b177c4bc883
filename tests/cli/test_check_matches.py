"""Stored quotations say that their claim was fact-checked. The fact-checks of the sample newsroom are invented."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.cli_runner import quotetrack
from tests.web.page import HOST

import quotetrack as api
from quotetrack.web.app import create_app

pytest_plugins = ("tests.filled_store",)

CLAIM = "The Saltmere storm barrier will not hold another winter like the last one."
URL = "https://checks.example/barrier"
LINE = f"  Fact-checked: “{CLAIM}” – Half true, Varland Checks, 2026-03-13: {URL}"
QUESTION = "What did Ragna Telle say about the storm barrier?"


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QUOTETRACK_EVIDENCE", str(tmp_path / "evidence"))
    file = tmp_path / "checks.csv"
    file.write_text(
        "url,claim,claimant,verdict,publisher,published\n"
        f"{URL},{CLAIM},Ragna Telle,Half true,Varland Checks,2026-03-13\n"
        "https://checks.example/cars,The Varland ferry carried 4000 cars in March.,Orla Venn,Wrong,Varland Checks,\n"
        "https://checks.example/trawlers,Trawlers catch 12 tonnes of herring a day.,,Wrong,Varland Checks,\n",
        "utf-8",
    )
    return file


def barrier(newsroom: Path) -> dict[str, object]:
    answer = json.loads(quotetrack("ask", QUESTION, "--json", "--database", newsroom).stdout)
    return next(each for each in answer["utterances"] if "will not hold another winter" in each["words"])


def test_an_import_tells_of_stored_quotations_that_their_claim_was_fact_checked(newsroom: Path, feed: Path) -> None:
    assert quotetrack("checks", "import", feed, "--database", newsroom).exit_code == 0
    found = barrier(newsroom)
    (check,) = found["checks"]
    assert 0.86 <= check.pop("chance") <= 1
    assert check == {
        "id": 1,
        "url": URL,
        "claim": CLAIM,
        "claimant": "Ragna Telle",
        "verdict": "Half true",
        "rating": None,
        "publisher": "Varland Checks",
        "published": "2026-03-13",
        "confirmed": False,
    }
    shown = json.loads(quotetrack("show", str(found["id"]), "--json", "--database", newsroom).stdout)
    assert [each["url"] for each in shown["checks"]] == [URL]
    for command in (("show", str(found["id"])), ("ask", QUESTION)):
        assert LINE in quotetrack(*command, "--database", newsroom).stdout.splitlines()


def test_python_and_the_page_tell_it_too(newsroom: Path, feed: Path) -> None:
    quotetrack("checks", "import", feed, "--database", newsroom)
    number = int(str(barrier(newsroom)["id"]))
    with api.open(newsroom) as opened:
        assert LINE in str(opened.show(number)).splitlines()
        client = TestClient(create_app(opened, decided_by="ines"), base_url=HOST)
        link = f'Fact-checked: <a href="{URL}" rel="noreferrer">“{CLAIM}” – Half true, Varland Checks, 2026-03-13</a>'
        assert link in client.get(f"/utterances/{number}").text
        assert [each["url"] for each in client.get(f"/utterances/{number}.json").json()["checks"]] == [URL]


def test_without_a_match_nothing_is_said(newsroom: Path) -> None:
    found = barrier(newsroom)
    assert found["checks"] == []
    assert "act-check" not in quotetrack("show", str(found["id"]), "--database", newsroom).stdout


def test_an_article_that_comes_after_the_fact_checks_is_matched(feed: Path, tmp_path: Path) -> None:
    database = tmp_path / "later.db"
    quotetrack("checks", "import", feed, "--database", database)
    article = tmp_path / "barrier.txt"
    article.write_text(
        "Ragna Telle, the environment minister, spoke in Saltmere.\n\n"
        "“The Saltmere storm barrier will not hold another winter like the last one,” Ragna Telle said on Tuesday.\n",
        "utf-8",
    )
    result = quotetrack("ingest", article, "--published", "2026-03-11", "--database", database)
    assert result.exit_code == 0, result.output
    assert LINE in quotetrack("show", "1", "--database", database).stdout.splitlines()


def checks_of(newsroom: Path) -> list[tuple[str, bool]]:
    return [(check["url"], check["confirmed"]) for check in barrier(newsroom)["checks"]]


def test_a_rejected_fact_check_is_shown_nowhere_until_that_is_undone(
    newsroom: Path, feed: Path, tmp_path: Path
) -> None:
    quotetrack("checks", "import", feed, "--database", newsroom)
    number = str(barrier(newsroom)["id"])
    done = quotetrack("review", "check", number, "1", "wrong", "--reason", "another barrier", "--database", newsroom)
    assert done.exit_code == 0, done.output
    assert checks_of(newsroom) == []
    assert "Fact-checked" not in quotetrack("show", number, "--database", newsroom).stdout
    assert f"not about the claim of the fact-check {URL}" in quotetrack("review", "list", "--database", newsroom).stdout

    with sqlite3.connect(newsroom) as connection:  # compared again, by another matcher
        connection.execute("UPDATE fact_checks SET matched_by = 'an older one'")
    quotetrack("checks", "import", feed, "--database", newsroom)
    assert checks_of(newsroom) == []

    decisions = tmp_path / "decisions.json"
    assert quotetrack("review", "export", decisions, "--database", newsroom).exit_code == 0
    undo = re.search(r"quotetrack (review undo c\d+)", done.stderr)  # one undo for all sightings of the utterance
    assert undo is not None
    assert quotetrack(*undo[1].split(), "--database", newsroom).exit_code == 0
    assert checks_of(newsroom) == [(URL, False)]
    done = quotetrack("review", "import", decisions, "--database", newsroom)
    assert done.exit_code == 0, done.output
    assert checks_of(newsroom) == [(URL, False)]  # what was undone here stays undone


def test_a_confirmed_fact_check_says_so_and_one_that_was_not_found_can_be_added(newsroom: Path, feed: Path) -> None:
    quotetrack("checks", "import", feed, "--database", newsroom)
    number = str(barrier(newsroom)["id"])
    with api.open(newsroom) as opened:
        client = TestClient(create_app(opened, decided_by="ines"), base_url=HOST)
        page = client.get(f"/utterances/{number}").text
        token = re.search(r'name="token" value="([^"]+)"', page)[1]
        form = {
            "token": token,
            "utterance": number,
            "fact_check": "1",
            "right": "true",
            "back": f"/utterances/{number}",
        }
        assert client.post("/fact-checks", data=form, follow_redirects=False).status_code == 303
        assert "confirmed by a person" in client.get(f"/utterances/{number}").text
        opened.review.check(int(number), 2, right=True, by="ines")
    cars = "https://checks.example/cars"
    assert checks_of(newsroom) == [(cars, True), (URL, True)]
    assert f"{LINE} (confirmed by a person)" in quotetrack("show", number, "--database", newsroom).stdout.splitlines()
    exported = json.loads(quotetrack("export", "--jsonld", "-", "--database", newsroom).stdout)["@graph"]
    matches = [node for node in exported if node["id"].startswith(f"#match-{number}-")]
    assert [(node["wasAttributedTo"], node.get("chance")) for node in matches] == [(["#person-ines"], None)] * 2
    with api.open(newsroom) as opened:
        last = [each.id for each in opened.review.corrections() if cars in (each.value or "")]
        opened.review.undo_correction(last[0])
    assert checks_of(newsroom) == [(URL, True)]


def test_decisions_about_fact_checks_reach_another_database_before_its_fact_checks_do(
    newsroom: Path, feed: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copy(newsroom, tmp_path / "other.db"))
    quotetrack("checks", "import", feed, "--database", newsroom)
    quotetrack("review", "check", str(barrier(newsroom)["id"]), "1", "wrong", "--database", newsroom)
    decisions = tmp_path / "decisions.json"
    quotetrack("review", "export", decisions, "--database", newsroom)
    assert quotetrack("review", "import", decisions, "--database", other).exit_code == 0
    quotetrack("checks", "import", feed, "--database", other)
    assert checks_of(other) == []


def test_what_is_not_stored_cannot_be_decided_about(newsroom: Path) -> None:
    for utterance, check in (("99999", "1"), ("1", "99999")):
        done = quotetrack("review", "check", utterance, check, "right", "--database", newsroom)
        assert done.exit_code != 0
        assert "There is no" in done.stderr


def test_the_csv_has_the_fact_checks_that_are_shown(newsroom: Path, feed: Path) -> None:
    quotetrack("checks", "import", feed, "--database", newsroom)
    for command in (("export", "--csv", "-"), ("ask", QUESTION, "--csv", "-")):
        rows = list(csv.DictReader(io.StringIO(quotetrack(*command, "--database", newsroom).stdout)))
        cells = {row["words"]: row["fact_checks"] for row in rows}
        told = [cell for words, cell in cells.items() if "will not hold another winter" in words]
        assert set(told) == {f"Half true (Varland Checks, 2026-03-13) {URL}"}
        assert set(cells.values()) == {"", *told}
