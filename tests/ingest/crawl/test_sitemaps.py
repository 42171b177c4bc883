import gzip
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quotetrack.ingest.crawl.listings import Listed
from quotetrack.ingest.crawl.sitemaps import read_sitemap
from quotetrack.ingest.formats.detect import UnreadableFile

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://harbour.example/bridge?utm_source=sitemap </loc><lastmod>2031-03-05</lastmod><news:news>
<news:publication><news:name>Harbour Post</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2031-03-04T01:00:00Z</news:publication_date><news:title>Bridge
 closes</news:title></news:news></url>
<url><loc>https://harbour.example/ferry</loc><lastmod>soon</lastmod></url>
<url><lastmod>2031-03-05</lastmod></url>
<url><loc>ftp://harbour.example/</loc></url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://harbour.example/news.xml</loc><lastmod>2031-03-05T10:00:00Z</lastmod></sitemap>
<sitemap><loc>https://harbour.example/2019.xml.gz</loc></sitemap></sitemapindex>"""
PAGES = (
    Listed("https://harbour.example/bridge", "Bridge closes", datetime(2031, 3, 4, 1, tzinfo=UTC), date(2031, 3, 5)),
    Listed("https://harbour.example/ferry"),
)


@pytest.mark.parametrize("body", [NEWS.encode(), gzip.compress(NEWS.encode()), NEWS.encode("utf-8-sig")])
def test_a_news_sitemap(body):
    assert read_sitemap(body).pages == PAGES


def test_an_index():
    sitemap = read_sitemap(INDEX.encode())
    assert [part.url for part in sitemap.sitemaps] == [
        "https://harbour.example/news.xml",
        "https://harbour.example/2019.xml.gz",
    ]
    assert sitemap.sitemaps[0].changed_at == datetime(2031, 3, 5, 10, tzinfo=UTC)
    assert sitemap.pages == ()


@pytest.mark.parametrize(
    ("first", "kept"), [(None, [True, True]), (date(2031, 3, 5), [True, True]), (date(2031, 3, 6), [False, True])]
)
def test_what_is_since_a_day_or_tells_none(first, kept):
    assert [page.is_since(first) for page in PAGES] == kept


def test_one_that_is_cut_short_gives_what_it_has():
    assert read_sitemap(NEWS[: NEWS.index("<url><loc>https://harbour.example/ferry")].encode()).pages == PAGES[:1]


def test_one_without_pages_is_one():
    assert read_sitemap(b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>').pages == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>404</body></html>",
        b"https://harbour.example/a",
        gzip.compress(NEWS.encode())[:-9],
        b"<rss/>",
    ],
)
def test_what_is_no_sitemap(body):
    with pytest.raises(UnreadableFile):
        read_sitemap(body)


def test_a_file_of_this_machine_is_not_read_into_it(tmp_path):
    (tmp_path / "secret").write_text("https://harbour.example/secret")
    body = f'<!DOCTYPE u [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]><urlset><url><loc>&s;</loc></url></urlset>'
    assert read_sitemap(body.encode()).pages == ()


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(NEWS)))
@example(b"}", 54)  # a namespace that no name can be made of
def test_whatever_bytes_are_pages_or_a_reason(noise, place):
    for body in (noise, NEWS[:place].encode() + noise + NEWS[place:].encode()):
        try:
            sitemap = read_sitemap(body)
        except UnreadableFile:
            continue
        assert all(isinstance(page, Listed) for page in sitemap.pages)
