import gzip
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quotetrack.core.crawling import ListedPage
from quotetrack.ingest.crawl import sitemaps
from quotetrack.ingest.crawl.listings import listed_page
from quotetrack.ingest.crawl.sitemaps import parse_sitemap
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
    listed_page(
        "https://harbour.example/bridge", "Bridge closes", datetime(2031, 3, 4, 1, tzinfo=UTC), date(2031, 3, 5)
    ),
    listed_page("https://harbour.example/ferry"),
)


@pytest.mark.parametrize("body", [NEWS.encode(), gzip.compress(NEWS.encode()), NEWS.encode("utf-8-sig")])
def test_a_news_sitemap(body):
    assert parse_sitemap(body).pages == PAGES


def test_an_index():
    sitemap = parse_sitemap(INDEX.encode())
    assert [part.url for part in sitemap.sitemaps] == [
        "https://harbour.example/news.xml",
        "https://harbour.example/2019.xml.gz",
    ]
    assert sitemap.sitemaps[0].changed_at == datetime(2031, 3, 5, 10, tzinfo=UTC)
    assert sitemap.pages == ()


@pytest.mark.parametrize(
    ("first", "is_kept"), [(None, [True, True]), (date(2031, 3, 5), [True, True]), (date(2031, 3, 6), [False, True])]
)
def test_pages_since_a_day_include_those_without_a_day(first, is_kept):
    assert [page.is_since(first) for page in PAGES] == is_kept


def test_a_truncated_sitemap_gives_the_pages_before_the_cut():
    assert parse_sitemap(NEWS[: NEWS.index("<url><loc>https://harbour.example/ferry")].encode()).pages == PAGES[:1]


def test_a_sitemap_may_list_no_page():
    assert parse_sitemap(b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>').pages == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>404</body></html>",
        b"See https://harbour.example/a",
        gzip.compress(NEWS.encode())[:-9],
        b"<rss/>",
    ],
)
def test_another_document_is_not_a_sitemap(body):
    with pytest.raises(UnreadableFile):
        parse_sitemap(body)


def test_an_external_entity_is_not_read(tmp_path):
    (tmp_path / "secret").write_text("https://harbour.example/secret")
    body = f'<!DOCTYPE u [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]><urlset><url><loc>&s;</loc></url></urlset>'
    assert parse_sitemap(body.encode()).pages == ()


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(NEWS)))
@example(b"}", 54)  # makes an invalid namespace
def test_any_bytes_give_pages_or_a_reason(noise, place):
    for body in (noise, NEWS[:place].encode() + noise + NEWS[place:].encode()):
        try:
            sitemap = parse_sitemap(body)
        except UnreadableFile:
            continue
        assert all(isinstance(page, ListedPage) for page in sitemap.pages)


@pytest.mark.parametrize(
    ("entries", "pages", "problem"),
    [
        ("<url><loc>/a?x=1&y=2</loc></url>", ["/a?x=1&y=2"], None),
        ("<url><loc>/a?x=1&amp;y=2</loc></url>", ["/a?x=1&y=2"], None),
        ("<url><loc><![CDATA[/a?x=1&y=2]]></loc></url>", ["/a?x=1&y=2"], None),
        ("<url><loc>/a\x0b</loc><title>&nbsp;</title></url>", ["/a"], None),
        ("<URL><LOC>/a</LOC></URL>", ["/a"], None),
        ("<url><loc>/a</loc></url><url><loc>/b", ["/a"], "breaks"),
        ("<url><loc>/a</loc></url><url><loc>/b</url>", ["/a"], "breaks"),
    ],
)
def test_broken_xml_is_repaired_where_nothing_is_guessed_and_read_up_to_the_break(entries, pages, problem):
    sitemap = parse_sitemap(f"<urlset>{entries}</urlset>".encode(), "https://h.example/sitemap.xml")
    assert [page.url for page in sitemap.pages] == [f"https://h.example{page}" for page in pages]
    assert (problem in (sitemap.problem or "")) if problem else sitemap.problem is None


def test_a_text_file_with_an_address_a_line_is_a_sitemap():
    sitemap = parse_sitemap(b"https://h.example/a\r\nhttps://h.example/b\nno address\n")
    assert [page.url for page in sitemap.pages] == ["https://h.example/a", "https://h.example/b"]
    assert sitemap.without_address == 1


def test_entries_without_an_address_are_counted():
    assert parse_sitemap(NEWS.encode()).without_address == 2


@pytest.mark.parametrize("entry", [b"<url/>", b"<x/>", b"<url><loc>https://h.example/</loc></url>"])
def test_a_sitemap_without_an_end_is_read_up_to_its_limits(entry, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST_ENTRIES", 100)
    monkeypatch.setattr(sitemaps, "MOST_ELEMENTS", 500)
    sitemap = parse_sitemap(gzip.compress(b"<urlset>" + entry * 100_000))
    assert len(sitemap.pages) <= 101
    assert "more than 100 entries" in (sitemap.problem or "")
