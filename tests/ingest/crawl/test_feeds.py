from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ingest.newsserver import entry, rss

from quotetrack.core.crawling import ListedPage
from quotetrack.ingest.crawl.feeds import find_feeds, parse_feed
from quotetrack.ingest.crawl.listings import deduplicate, listed_page
from quotetrack.ingest.formats.detect import UnreadableFile

HERE = "https://harbour.example/feed"
ONE_EAST = timezone(timedelta(hours=1))


def only_page(*entries: str) -> ListedPage:
    (page,) = parse_feed(rss(*entries).encode(), HERE).pages
    return page


def test_an_entry_gives_an_address_and_a_time_with_its_zone():
    page = only_page(entry("https://harbour.example/bridge?utm_source=rss"))
    moment = datetime(2031, 3, 4, 1, 0, tzinfo=ONE_EAST)
    assert page == listed_page("https://harbour.example/bridge", "Bridge closes", moment)
    assert page.published_at.utcoffset() == timedelta(hours=1)


def test_an_atom_entry_gives_title_publication_and_change():
    feed = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry>
    <title type="html">Bridge &lt;b&gt;closes&lt;/b&gt; &amp;amp; ferry runs</title><link href="/bridge"/>
    <published>2031-03-04T01:00:00+01:00</published><updated>2031-03-05T08:00:00Z</updated></entry></feed>"""
    (page,) = parse_feed(feed.encode(), HERE).pages
    assert (page.url, page.title) == ("https://harbour.example/bridge", "Bridge closes & ferry runs")
    assert (page.published_at, page.latest_day) == (datetime(2031, 3, 4, 1, 0, tzinfo=ONE_EAST), date(2031, 3, 5))


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("Tue, 04 Mar 2031 01:00:00 +0100", datetime(2031, 3, 4, 1, 0, tzinfo=ONE_EAST)),
        ("2031-03-04", date(2031, 3, 4)),
        ("Tue, 04 Mar 2031 01:00:00", datetime(2031, 3, 4, 1, 0)),
        ("Tue, 99 Foo 2031", None),
        ("yesterday", None),
        ("-0001-11-30T00:00:00+00:00", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("", None),
    ],
)
def test_dates_are_as_printed_and_none_where_they_are_no_dates(printed, moment):
    assert only_page(entry("https://harbour.example/bridge", printed)).published_at == moment


@pytest.mark.parametrize(
    ("inner", "url"),
    [
        ("<link>/2031/bridge</link>", "https://harbour.example/2031/bridge"),
        ('<guid isPermaLink="true">https://harbour.example/g</guid>', "https://harbour.example/g"),
        (
            '<link>https://feeds.example/r/1</link><feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
            "https://harbour.example/bridge</feedburner:origLink>",
            "https://harbour.example/bridge",
        ),
    ],
)
def test_the_address_of_an_entry_is_found(inner, url):
    assert only_page(f"<item>{inner}</item>").url == url


@pytest.mark.parametrize(
    "inner", ["", "<link>mailto:news@harbour.example</link>", "<guid isPermaLink='false'>7</guid>"]
)
def test_an_entry_without_an_address_is_skipped(inner):
    assert parse_feed(rss(f"<item><title>No page</title>{inner}</item>").encode(), HERE).pages == ()


def test_a_feed_in_an_older_encoding_and_a_truncated_feed():
    feed = '<?xml version="1.0" encoding="iso-8859-1"?>' + rss(entry("https://harbour.example/a", title="Café"))[21:]
    assert parse_feed(feed.encode("latin-1"), HERE).pages[0].title == "Café"
    both = rss(entry("https://harbour.example/a"), entry("https://harbour.example/b")).encode()
    assert parse_feed(both[: both.rindex(b"<description>")], HERE).pages[0].url == "https://harbour.example/a"


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Log in</body></html>", b'{"version": 1}', b"\x00\xff", b"%PDF-1.7"]
)
def test_another_document_is_not_a_feed(body):
    with pytest.raises(UnreadableFile, match="not a feed"):
        parse_feed(body, HERE)


def test_entities_that_grow_without_end_are_not_expanded():
    bomb = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{("&" + before + ";") * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    body = f"{bomb}]>" + rss(entry("https://harbour.example/a", title="&i;"))[21:]
    try:
        pages = parse_feed(body.encode(), HERE).pages
    except UnreadableFile:
        return
    assert all(len(page.title or "") < 10_000 for page in pages)


@settings(deadline=None)
@given(
    st.one_of(st.binary(max_size=200), st.builds(lambda b: rss("<item>").encode()[:-20] + b, st.binary(max_size=80)))
)
def test_any_bytes_give_pages_or_a_reason(body):
    try:
        pages = parse_feed(body, HERE).pages
    except UnreadableFile:
        return
    assert all(isinstance(page, ListedPage) for page in pages)


def test_an_article_listed_under_several_addresses_is_one_page():
    urls = ["https://harbour.example/a/amp", "https://harbour.example/b", "https://www.harbour.example/a/"]
    assert [page.url for page in deduplicate(map(listed_page, urls))] == ["https://www.harbour.example/a/", urls[1]]


def test_a_page_names_its_feeds_once_and_without_the_comments():
    html = b"""<html><head>
    <link rel="alternate" type="application/rss+xml" title="News" href="/feed">
    <link rel="alternate" type="application/atom+xml" href="https://feeds.example/harbour">
    <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
    <link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" type="text/css" href="/a.css">
    <link rel="ALTERNATE" type="application/rss+xml" href="/feed"></head></html>"""
    assert find_feeds(html, "https://harbour.example/") == [
        "https://harbour.example/feed",
        "https://feeds.example/harbour",
    ]


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_name_feeds_or_none(html):
    assert isinstance(find_feeds(html, HERE), list)


@pytest.mark.parametrize(
    ("item", "address"),
    [
        ("<guid>https://harbour.example/a</guid>", "https://harbour.example/a"),
        ("<guid>https://harbour.example/a</guid><link></link>", "https://harbour.example/a"),
        ('<guid isPermaLink="true">https://harbour.example/a</guid><link/>', "https://harbour.example/a"),
        ('<guid isPermaLink="false">https://harbour.example/a</guid>', None),
        ("<link>mailto:desk@harbour.example</link>", None),
        ("<link>javascript:void(0)</link>", None),
        ("<description>No link.</description>", None),
    ],
)
def test_an_entry_without_an_address_is_counted(item, address):
    feed = parse_feed(rss(f"<item><title>Bridge</title>{item}</item>").encode(), HERE)
    assert [page.url for page in feed.pages] == ([address] if address else [])
    assert feed.without_address == (address is None)


def test_a_page_may_name_its_feeds_from_another_base():
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    page = f'<html><head><base href="/en/">{link.format("news.xml")}{link.format("feed:https://h.example/b")}</head></html>'
    assert find_feeds(page.encode(), "https://h.example/home/") == [
        "https://h.example/en/news.xml",
        "https://h.example/b",
    ]
