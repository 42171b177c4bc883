"""The saved pages give the same articles from files, over HTTP and from a WARC."""

import gzip
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from tests.ingest.newsserver import NewsServer
from tests.quality.gold_sets import SHARED, lines_of
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from quotetrack.core.domain import Article
from quotetrack.ingest.crawl.client import Client
from quotetrack.ingest.crawl.crawler import Page, fetch_page
from quotetrack.ingest.html.article import read_page
from quotetrack.ingest.html.quality_flags import FlagKind
from quotetrack.ingest.outlets import Outlets, load_outlets
from quotetrack.ingest.reader import read_path

PAGES = 29
FETCHED = "2026-11-22T02:00:00Z"

pytest_plugins = ("tests.ingest.served",)
pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not (SHARED / "pages").is_dir(), reason=f"no measuring data at {SHARED}"),
]


@pytest.fixture(scope="module")
def outlets() -> Outlets:
    return load_outlets()


@pytest.fixture(scope="module")
def saved() -> list[tuple[str, bytes]]:
    """URL and bytes of each page."""
    pages = [json.loads(line) for line in lines_of(SHARED / "pages" / "pages.jsonl")]
    return [(page["url"], gzip.decompress((SHARED / "pages" / page["file"]).read_bytes())) for page in pages]


@pytest.fixture(scope="module")
def articles(outlets: Outlets, saved: list[tuple[str, bytes]]) -> list[Article]:
    return [read_page(html, url=url, outlets=outlets) for url, html in saved]


def test_from_files_they_differ_only_by_a_url_that_the_page_does_not_give(outlets, articles):
    pages = [json.loads(line) for line in lines_of(SHARED / "pages" / "pages.jsonl")]
    for page, article in zip(pages, articles, strict=True):
        (from_file,) = read_path(SHARED / "pages" / page["file"], outlets=outlets)
        if from_file.url.startswith("file:"):
            article = replace(article, url=from_file.url, outlet=from_file.outlet, timezone=from_file.timezone)
        assert from_file == article


def test_from_a_warc_they_are_the_same(tmp_path, outlets, saved, articles):
    (tmp_path / "pages.warc.gz").write_bytes(_warc(saved))
    found = list(read_path(tmp_path / "pages.warc.gz", outlets=outlets))
    fetched_at = datetime.fromisoformat(FETCHED).astimezone(UTC)
    assert len(found) == PAGES
    assert found == [replace(article, fetched_at=fetched_at) for article in articles]


def test_over_http_they_are_the_same(news: NewsServer, client: Client, outlets, saved, articles):
    at_home = {news.put(f"{place}.example", urlsplit(url).path, html): url for place, (url, html) in enumerate(saved)}
    found = [fetch_page(url, client, outlets=outlets) for url in at_home]
    assert [type(page) for page in found] == [Page] * PAGES
    assert [page.article.text for page in found] == [article.text for article in articles]
    for page, article in zip(found, articles, strict=True):
        served = page.article  # on an invented host, which is no outlet's and has no time zone
        assert served == replace(
            article, url=served.url, outlet=served.outlet, timezone=None, fetched_at=served.fetched_at
        )
    # One page is a live blog and says so; none is cut short, has a wrong charset, or has moved.
    # Many print a second title.
    kinds = [note.kind for page in found for note in page.notes]
    assert [kind for kind in kinds if kind is not FlagKind.OTHER_TITLE] == [FlagKind.LIVE_BLOG]


def _warc(pages: list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    for url, html in pages:
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        headers = {"WARC-Date": FETCHED}
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=io.BytesIO(html), http_headers=http, warc_headers_dict=headers
            )
        )
    return file.getvalue()
