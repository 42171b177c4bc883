from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ingest.newsserver import entry, rss

from quotetrack.ingest.crawl.feeds import find_feeds, read_feed
from quotetrack.ingest.crawl.listings import Listed, once_each
from quotetrack.ingest.formats.detect import UnreadableFile

HERE = "https://harbour.example/feed"
ONE_EAST = timezone(timedelta(hours=1))


def the_page(*entries: str) -> Listed:
    (page,) = read_feed(rss(*entries).encode(), HERE)
    return page


def test_an_entry_is_an_address_and_a_moment_with_its_zone():
    page = the_page(entry("https://harbour.example/bridge?utm_source=rss"))
    moment = datetime(2031, 3, 4, 1, 0, tzinfo=ONE_EAST)
    assert page == Listed("https://harbour.example/bridge", "Bridge closes", moment)
    assert page.published_at.utcoffset() == timedelta(hours=1)


def test_atom():
    feed = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry>
    <title type="html">Bridge &lt;b&gt;closes&lt;/b&gt; &amp;amp; ferry runs</title><link href="/bridge"/>
    <published>2031-03-04T01:00:00+01:00</published><updated>2031-03-05T08:00:00Z</updated></entry></feed>"""
    (page,) = read_feed(feed.encode(), HERE)
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
def test_dates_as_printed(printed, moment):
    assert the_page(entry("https://harbour.example/bridge", printed)).published_at == moment


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
def test_where_the_address_of_an_entry_stands(inner, url):
    assert the_page(f"<item>{inner}</item>").url == url


@pytest.mark.parametrize(
    "inner", ["", "<link>mailto:desk@harbour.example</link>", "<guid isPermaLink='false'>7</guid>"]
)
def test_an_entry_without_an_address_is_passed_over(inner):
    assert read_feed(rss(f"<item><title>No page</title>{inner}</item>").encode(), HERE) == []


def test_a_feed_in_an_older_encoding_and_cut_short():
    feed = '<?xml version="1.0" encoding="iso-8859-1"?>' + rss(entry("https://harbour.example/a", title="Café"))[21:]
    assert read_feed(feed.encode("latin-1"), HERE)[0].title == "Café"
    both = rss(entry("https://harbour.example/a"), entry("https://harbour.example/b")).encode()
    assert read_feed(both[: both.rindex(b"<description>")], HERE)[0].url == "https://harbour.example/a"


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Log in</body></html>", b'{"version": 1}', b"\x00\xff", b"%PDF-1.7"]
)
def test_what_is_no_feed(body):
    with pytest.raises(UnreadableFile, match="not a feed"):
        read_feed(body, HERE)


def test_entities_that_grow_without_end_are_not_followed():
    bomb = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{("&" + before + ";") * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    body = f"{bomb}]>" + rss(entry("https://harbour.example/a", title="&i;"))[21:]
    try:
        pages = read_feed(body.encode(), HERE)
    except UnreadableFile:
        return
    assert all(len(page.title or "") < 10_000 for page in pages)


@settings(deadline=None)
@given(
    st.one_of(st.binary(max_size=200), st.builds(lambda b: rss("<item>").encode()[:-20] + b, st.binary(max_size=80)))
)
def test_whatever_bytes_are_pages_or_a_reason(body):
    try:
        pages = read_feed(body, HERE)
    except UnreadableFile:
        return
    assert all(isinstance(page, Listed) for page in pages)


def test_an_article_listed_under_several_addresses_is_one():
    urls = ["https://harbour.example/a/amp", "https://harbour.example/b", "https://www.harbour.example/a/"]
    assert [page.url for page in once_each(map(Listed, urls))] == ["https://www.harbour.example/a/", urls[1]]


def test_the_feeds_that_a_page_names():
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
def test_whatever_bytes_name_feeds_or_none(html):
    assert isinstance(find_feeds(html, HERE), list)
