"""The pages of talking points: what they show is what the command line prints. All articles are invented."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.claims_articles import ARTICLES, CONTRARY, SPEAKERS, WORDS, ingest
from tests.cli_runner import quotetrack
from tests.web.page import HOST

import quotetrack as api
from quotetrack.web import reading
from quotetrack.web.app import create_app

pytest_plugins = ("tests.claims_store",)
pytestmark = pytest.mark.slow


@pytest.fixture
def client(claims_store: Path) -> Iterator[TestClient]:
    with api.open(claims_store, read_only=True) as opened:
        yield TestClient(create_app(opened, decided_by="ines"), base_url=HOST)


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def test_the_list_leads_to_the_point_and_the_navigation_to_the_list(client: TestClient) -> None:
    assert '<a href="/claims">Claims</a>' in client.get("/").text
    listed = client.get("/claims")
    assert listed.status_code == 200 and '<a href="/claims/1">' in listed.text
    assert f"“{WORDS[0]}”" in text_of(listed.text) and "contradicted by 1 statement" in text_of(listed.text)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"about": "barrier"}, True),
        ({"about": "kitchens"}, False),
        ({"speaker": "Lucia Quill"}, True),
        ({"speaker": "Tadeo Brisk"}, False),
    ],
)
def test_topic_and_speaker_narrow_the_list(client: TestClient, query: dict[str, str], is_found: bool) -> None:
    assert ("/claims/1" in client.get("/claims", params=query).text) == is_found
    assert bool(client.get("/claims.json", params=query).json()) == is_found


def test_a_long_list_has_pages(claims_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Path(shutil.copy(claims_store, tmp_path / "news.db"))
    other = "Nobody in Saltmere has ever seen a harbour seal on the orange pier"
    ingest(
        [
            {**ARTICLES[0], "url": f"https://daily.example/{n}", "text": f"“{words},” said {name} on Monday.\n"}
            for n, (name, words) in enumerate([("Ines Lund", other), ("Olu Brandt", f"Believe me, {other}")])
        ],
        database,
    )
    monkeypatch.setattr(reading, "CLAIMS", 1)
    with api.open(database) as opened:
        opened.claims.update()
        assert len(opened.claims.list()) == 2 and len(opened.claims.list(limit=1)) == 1
        client = TestClient(create_app(opened), base_url=HOST)
        first, second = client.get("/claims").text, client.get("/claims?page=2").text
        assert client.get("/claims?page=9").text == second  # beyond the end: the last page
        cut = quotetrack("claims", "list", "--limit", "1", "--database", database)
    assert "/claims/1" in first and "/claims/2" not in first and "2 talking points" in text_of(first)
    assert '<a href="/claims?page=2" rel="next">' in first and "; 1 to 1." in text_of(first)
    assert "/claims/2" in second and '<a href="/claims?page=1" rel="prev">' in second and 'rel="next"' not in second
    assert cut.stderr == "There are more. To show them: --limit 2\n"


def test_where_no_update_ran_the_page_says_so(tmp_path: Path) -> None:
    ingest([ARTICLES[2]], tmp_path / "news.db")
    with api.open(tmp_path / "news.db", read_only=True) as opened:
        page = text_of(TestClient(create_app(opened), base_url=HOST).get("/claims").text)
    assert "Nobody has looked for talking points yet. Find them: quotetrack claims update" in page


def test_a_point_shows_the_statements_in_time_and_what_contradicts_it(client: TestClient) -> None:
    page = text_of(client.get("/claims/1").text)
    places = [page.index(f"“{words},”") for words in (*WORDS, CONTRARY)]
    assert places == sorted(places)
    assert places[2] < page.index("What contradicts it") < places[3]
    assert "The first on file: Orla Venn, 2 Mar 2031" in page


def test_the_timeline_has_a_row_for_each_speaker_that_leads_to_the_statement(client: TestClient) -> None:
    page = client.get("/claims/1").text
    assert re.findall(r'<th scope="row">([^<]+)</th>', page) == list(SPEAKERS)
    targets = re.findall(r'<a href="#(s[^"]+)">', page)
    assert len(targets) == 3 and all(f'<div id="{target}">' in page for target in targets)


def test_the_json_is_that_of_the_command(client: TestClient, claims_store: Path) -> None:
    printed = quotetrack("claims", "show", "1", "--json", "--database", claims_store)
    assert client.get("/claims/1.json").json() == json.loads(printed.stdout)


def test_what_does_not_exist_is_said(client: TestClient) -> None:
    assert client.get("/claims/9").status_code == client.get("/claims/9.json").status_code == 404
    assert client.get("/claims", params={"speaker": "Nobody Known"}).status_code == 404
