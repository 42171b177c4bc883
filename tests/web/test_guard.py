"""Other sites cannot reach the page, and what articles print is shown, not obeyed."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from tests.web.page import HOST

from quotetrack import Article, Database
from quotetrack.web.app import create_app
from quotetrack.web.guard import HEADERS, own_path

pytest_plugins = ("tests.filled_store", "tests.web.page")

SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8710", "192.168.0.7:8710", ""])
def test_a_host_that_is_not_this_machine_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8710", "localhost:8710", "LOCALHOST", "[::1]:8710"])
def test_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


def changing_paths(app: FastAPI) -> list[str]:
    """Return the paths of all routes that change something."""
    routes = [r for included in app.routes for r in (getattr(included, "original_router", None) or app).routes]
    return sorted({r.path for r in routes if isinstance(r, APIRoute) and r.methods - {"GET", "HEAD"}})


def test_no_form_without_the_secret_changes_anything(client: TestClient, db: Database) -> None:
    paths = changing_paths(create_app(db))
    assert {"/corrections", "/judgements", "/undo"} <= set(paths)
    for path in paths:
        for token in ({}, {"token": "guess"}, {"token": ""}, {"token": "é"}):
            answer = client.post(path, data={"sighting": 1, "speaker": "A", "left": 1, "right": 2, "same": "true",
                                             "kind": "correction", "number": 1, **token})  # fmt: skip
            assert answer.status_code == 403, path
    assert not db.review.corrections()
    assert not db.review.judgements()


def test_a_form_of_another_site_is_refused_even_with_the_secret(client: TestClient, token: str, db: Database) -> None:
    form = {"token": token, "sighting": 1, "speaker": "A"}
    for origin in ("https://evil.example", "null", "http://127.0.0.1:9999"):
        assert client.post("/corrections", data=form, headers={"origin": origin}).status_code == 403
    assert not db.review.corrections()
    assert (
        client.post(
            "/corrections", data=form, headers={"origin": str(client.base_url)}, follow_redirects=False
        ).status_code
        == 303
    )


@pytest.mark.parametrize("path", ["/", "/?q=Telle", "/nothing", "/review", "/static/style.css", "/ask.json?q=Telle"])
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_an_unforeseen_error_tells_nothing_carries_the_headers_and_is_counted(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(create_app(db), base_url=HOST, raise_server_exceptions=False)
    monkeypatch.setattr(db, "ask", lambda *_, **__: 1 / 0)
    for path in ("/?q=Telle", "/ask.json?q=Telle", "/api/v1/ask?q=Telle"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "division" not in answer.text and "Traceback" not in answer.text
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    shown = client.get("/metrics").text
    for route in ("/", "/ask.json", "/api/v1/ask"):
        assert f'quotetrack_requests_total{{route="{route}",status="500"}} 1.0' in shown


def test_no_page_needs_a_script_or_style_of_its_own(client: TestClient) -> None:
    for path in ("/", "/?q=Telle", "/utterances/1", "/articles/1", "/review", "/speakers/1"):
        page = client.get(path).text
        assert "style=" not in page and "onclick" not in page and "<style" not in page
        assert page.count("<script") == page.count('<script src="/static/')


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/utterances/3", "/utterances/3"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
    ],
)
def test_a_form_leads_back_to_this_site_only(path: str, own: str) -> None:
    assert own_path(path) == own


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fguard.py"])
def test_no_other_file_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_an_article_prints_is_text(client: TestClient, db: Database) -> None:
    db.ingest(
        Article(
            url="https://harbourpost.example/a?x=%22%3E" + SCRIPT,
            outlet="harbourpost",
            title=f"Ferry {SCRIPT}",
            byline=SCRIPT,
            text=f"“We will not wait for {SCRIPT} any longer,” said Orla Venn, the harbour master of {SCRIPT}.",
        )
    )
    article = db.articles.list(limit=100)[-1]
    assert SCRIPT in (article.title or "")
    paths = [f"/articles/{article.id}", "/articles", "/speakers", "/?speaker=Orla Venn", f"/?q={SCRIPT}", "/review",
             f"/speakers?name={SCRIPT}", "/?q=Telle&since=" + SCRIPT]  # fmt: skip
    paths += [f"/utterances/{utterance}" for utterance, _ in db.articles.show(article.id).quotations]
    for path in paths:
        assert SCRIPT not in client.get(path).text, path


def test_an_address_that_runs_something_is_no_link(client: TestClient, db: Database) -> None:
    db.ingest(Article(url="javascript:alert(1)", outlet="harbourpost", text="“We will wait here,” said Orla Venn."))
    for path in ("/?speaker=Orla Venn", "/articles", f"/articles/{db.articles.list(limit=100)[-1].id}"):
        assert 'href="javascript:' not in client.get(path).text.lower()
