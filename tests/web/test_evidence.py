"""Kept pages are handed out for the disk, never shown: their scripts would run on this site."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.page import HOST

import quotetrack
from quotetrack.core.settings import Settings
from quotetrack.web.app import create_app

pytest_plugins = ("tests.filled_store",)

PAGE = b"""<!DOCTYPE html><html><head><title>The ferry</title></head><body><script>alert(1)</script><article>
<p>The ferry of the harbour did not sail on Monday, because nobody could find the key.</p></article></body></html>"""
HASH = sha256(PAGE).hexdigest()


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """The page over one article, whose evidence is kept, and a secret file beside the folder of the evidence."""
    (tmp_path / "page.html").write_bytes(PAGE)
    (tmp_path / "secret.gz").write_bytes(b"secret")
    db = quotetrack.open(tmp_path / "news.db", create=True, settings=Settings(evidence=tmp_path / "evidence"))
    db.ingest(tmp_path / "page.html", outlet="harbourpost", published="2031-03-10")
    return TestClient(create_app(db), base_url=HOST)


def test_evidence_is_never_served_as_active_html(client: TestClient) -> None:
    assert f'href="/articles/1/evidence/{HASH}" download' in client.get("/articles/1").text
    answer = client.get(f"/articles/1/evidence/{HASH}")
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    "path",
    [
        "/articles/1/evidence/../../../secret",
        "/articles/1/evidence/..%2f..%2fsecret",
        "/articles/1/evidence/%2e%2e%2f%2e%2e%2fsecret",
        "/articles/1/evidence/%2fetc%2fpasswd",
        f"/articles/1/evidence/{'0' * 64}",
        f"/articles/2/evidence/{HASH}",
        f"/articles/1/evidence/{HASH}%00",
        f"/articles/1/evidence/{HASH.upper()}",
    ],
)
def test_path_traversal_on_evidence_leads_nowhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"secret" not in answer.content.replace(path.encode(), b"")


def test_the_evidence_of_a_removed_article_is_gone(client: TestClient, tmp_path: Path) -> None:
    with quotetrack.open(tmp_path / "news.db", settings=Settings(evidence=tmp_path / "evidence")) as db:
        db.articles.remove(1, reason="asked for", by="ines")
    assert client.get(f"/articles/1/evidence/{HASH}").status_code == 404


def test_a_number_in_an_address_is_an_id_and_no_part_of_another_address(tmp_path: Path) -> None:
    with quotetrack.open(tmp_path / "news.db", create=True, settings=Settings(evidence=None)) as db:
        db.ingest(quotetrack.Article(url="https://harbourpost.example/2031/7", outlet="harbourpost", text="No quotes."))
        client = TestClient(create_app(db), base_url=HOST)
        for path in ("/articles/{}", "/articles/{}.json", "/api/v1/articles/{}"):
            assert [client.get(path.format(number)).status_code for number in (1, 7, 2031)] == [200, 404, 404]
