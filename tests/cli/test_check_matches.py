"""Stored quotations say that their claim was fact-checked. The fact-checks of the sample newsroom are invented."""

from __future__ import annotations

import json
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
