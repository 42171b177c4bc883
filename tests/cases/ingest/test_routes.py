"""What a site may answer at night: listings of every make, odd answers for pages, and pages that change."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from tests.cases.ingest.test_nights import QUAY, XML, Nights, feed, index, located
from tests.ingest.newsserver import FakeClock, NewsServer, entry, page, rss

from quotetrack.core.settings import Source
from quotetrack.ingest.crawl.client import Client, Politeness
from quotetrack.ingest.crawl.discovery import Offer, discover
from quotetrack.pipeline.intake import OutcomeKind
from quotetrack.store import close_store, open_store

pytest_plugins = ("tests.ingest.served",)

HTML = {"Content_Type": "text/html; charset=utf-8"}
THINGS = (
    "anchor barrel cable engine ferry grain hammer kettle ladder mirror needle orchard paddle quarry rudder".split()
)


@pytest.fixture
def nights(news: NewsServer, fake_clock: FakeClock, politeness: Politeness, tmp_path: Path) -> Iterator[Nights]:
    sessions = open_store(f"sqlite:///{tmp_path / 'news.db'}")
    yield Nights(sessions, news, fake_clock, politeness, tmp_path)
    close_store(sessions)


def article(key: str, *, head: str = "", said: str | None = None, title: str | None = None) -> str:
    """Return the page of an invented article, in words of its own."""
    first, second, third = (" ".join(Random(f"{key} {line}").sample(THINGS, 9)) for line in range(3))
    body = (
        f"Crews of {key} moved {first} across the quay while the town slept.\n"
        f"“{said or f'We lost {second} before the frost'},” said Hale Brannock, who runs {key}.\n"
        f"Inspectors of {key} found {third} under the mole, the port office said."
    )
    return page(body, head=head, title=title or f"{key} works on")


def link(key: str) -> str:
    return f"<item><title>T</title><link>{key}</link></item>"


def atom(inner: str, base: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{base}><title>Quay</title>{inner}</feed>'


def urlset(inner: str, namespaces: str = "") -> str:
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{namespaces}>{inner}</urlset>'


A = "BASE/a/"
# Each listing with the articles that come of it, and what the user is told. BASE stands for the address of the site.
Listing = tuple[str, str, dict[str, str], set[str], str]
SITEMAPS: list[Listing] = [
    ("plain text", f"{A}plain1\n{A}plain2\n", {"Content_Type": "text/plain"}, {"plain1", "plain2"}, ""),
    ("gzip", located(f"{A}gz"), {"Content_Type": "application/x-gzip"}, {"gz"}, ""),
    ("a byte order mark", "\ufeff" + located(f"{A}bom"), XML, {"bom"}, ""),
    ("blanks before it", "\n\n  " + located(f"{A}blank"), XML, {"blank"}, ""),
    ("CDATA", located(f"<![CDATA[{A}cdata1]]>", f"\n  {A}cdata2\n "), XML, {"cdata1", "cdata2"}, ""),
    (
        "a prefix",
        f'<sm:urlset xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9"><sm:url><sm:loc>{A}prefix</sm:loc></sm:url>'
        "</sm:urlset>",
        XML,
        {"prefix"},
        "",
    ),
    (
        "a picture before the address",
        urlset(
            f"<url><image:image><image:loc>BASE/p.jpg</image:loc></image:image><loc>{A}image</loc></url>",
            ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"',
        ),
        XML,
        {"image"},
        "",
    ),
    ("a bare ampersand", located(f"{A}amp1?x=1&y=2", f"{A}amp2"), XML, {"amp1?x=1&y=2", "amp2"}, ""),
    ("a feed in its place", rss(link(f"{A}asfeed")), XML, {"asfeed"}, ""),
    ("a cut end", located(f"{A}cut1", f"{A}cut2")[:-20], XML, {"cut1"}, "breaks"),
    ("a wrong type", located(f"{A}type"), HTML, {"type"}, ""),
    ("an address that is a path", located("/a/path"), XML, {"path"}, ""),
    ("capitals", f"<URLSET><URL><LOC>{A}upper</LOC></URL></URLSET>", XML, {"upper"}, ""),
    (
        "news with a day without seconds",
        urlset(
            f"<url><loc>{A}news</loc><n:news><n:publication_date>2031-03-04T10:00+01:00</n:publication_date>"
            "<n:title>Boats &amp;amp; crates</n:title></n:news></url>",
            ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"',
        ),
        XML,
        {"news"},
        "",
    ),
    ("nothing", urlset(""), XML, set(), ""),
    ("an index with a missing part", index("BASE/missing.xml", "BASE/present.xml"), XML, {"present"}, "404"),
]
FEEDS: list[Listing] = [
    ("a wrong type", rss(link(f"{A}f-type")), HTML, {"f-type"}, ""),
    ("blanks before it", "\r\n\r\n" + rss(link(f"{A}f-blank")), XML, {"f-blank"}, ""),
    (
        "entities of HTML",
        rss(f"<item><title>Boats&nbsp;&rsquo;til dawn</title><link>{A}f-ent1</link></item>", link(f"{A}f-ent2")),
        XML,
        {"f-ent1", "f-ent2"},
        "",
    ),
    ("CDATA", rss(link(f"<![CDATA[ {A}f-cdata ]]>")), XML, {"f-cdata"}, ""),
    ("addresses that are paths", rss(link("/a/f-rel1"), link("a/f-rel2")), XML, {"f-rel1", "f-rel2"}, ""),
    (
        "ids in place of addresses",
        rss(
            f"<item><guid>{A}f-guid1</guid></item>",
            f'<item><guid isPermaLink="true">{A}f-guid2</guid><link></link></item>',
        ),
        XML,
        {"f-guid1", "f-guid2"},
        "",
    ),
    (
        "Atom with other links",
        atom(
            f'<entry><link rel="enclosure" href="BASE/x.mp3"/><link rel="replies" href="BASE/c"/>'
            f'<link rel="alternate" type="text/html" href="{A}f-atom1"/></entry>'
            f'<entry><link href="{A}f-atom2"/></entry>'
        ),
        XML,
        {"f-atom1", "f-atom2"},
        "",
    ),
    (
        "a base in a base",
        atom('<entry xml:base="sub/"><link href="f-base"/></entry>', ' xml:base="BASE/a/"'),
        XML,
        {"sub/f-base"},
        "",
    ),
    ("Atom with only an id", atom(f"<entry><id>{A}f-id</id></entry>"), XML, {"f-id"}, ""),
    (
        "RSS 1.0",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f'<item rdf:about="{A}f-rdf"><title>x</title><link>{A}f-rdf</link></item></rdf:RDF>',
        XML,
        {"f-rdf"},
        "",
    ),
    ("UTF-16", rss(link(f"{A}f-utf16")).replace('1.0"?', '1.0" encoding="UTF-16"?', 1), XML, {"f-utf16"}, ""),
    ("a cut end", rss(link(f"{A}f-cut1"), link(f"{A}f-cut2"))[:-60], XML, {"f-cut1"}, "without an address"),
    ("parts of one page", rss(link(f"{A}f-live#p1"), link(f"{A}f-live#p2")), XML, {"f-live"}, ""),
    (
        "ids in the address",
        rss(*(link(f"BASE/story.php?ref={n}") for n in (1001, 1002))),
        XML,
        {"/story.php?ref=1001", "/story.php?ref=1002"},
        "",
    ),
    ("no scheme", rss(link("//HOST/a/f-proto")), XML, {"f-proto"}, ""),
    (
        "one id for two entries",
        rss(*(f"<item><link>{A}f-dup{n}</link><guid isPermaLink='false'>1</guid></item>" for n in (1, 2))),
        XML,
        {"f-dup1", "f-dup2"},
        "",
    ),
    (
        "a character that XML has not",
        rss(f"<item><title>\x0b</title><link>{A}f-ctrl1</link></item>"),
        XML,
        {"f-ctrl1"},
        "",
    ),
    ("a bare ampersand", rss(link(f"{A}f-amp?x=1&y=2")), XML, {"f-amp?x=1&y=2"}, ""),
    ("no address", rss("<item><title>a</title><description>b</description></item>"), XML, set(), "without an address"),
    ("capitals in the address", rss(link("HTTP://HOST/a/f-upper")), XML, {"f-upper"}, ""),
    (
        "addresses of other schemes",
        rss(link("mailto:desk@x.example"), link("javascript:void(0)"), link("urn:uuid:1"), link(f"{A}f-mail")),
        XML,
        {"f-mail"},
        "without an address",
    ),
    ("deflate", rss(link(f"{A}f-deflate")), XML | {"Content_Encoding": "deflate"}, {"f-deflate"}, ""),
    ("no gzip, though it says so", rss(link(f"{A}f-badgz")), XML | {"Content_Encoding": "gzip"}, set(), "compressed"),
    ("a page", article("front"), HTML, set(), "feed"),
    (
        "JSON Feed",
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "BASE/a/f-json"}]}',
        {"Content_Type": "application/feed+json"},
        set(),
        "feed",
    ),
]


PACKED = {"gzip": gzip.compress, "deflate": zlib.compress}


def served(news: NewsServer, name: str, body: str) -> str | bytes:
    """Return the bytes of a listing with the address of the site."""
    base = news.url(QUAY, "")
    text = body.replace("BASE", base).replace("HOST", base.removeprefix("http://"))
    if name in PACKED:
        return PACKED[name](text.encode())
    return text.encode("utf-16") if name == "UTF-16" else text


def slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)


def path_of(key: str) -> str:
    return key if key.startswith("/") else f"/a/{key}"


@pytest.mark.parametrize(("kind", "listings"), [("sitemap", SITEMAPS), ("feed", FEEDS)])
def test_what_comes_of_a_listing(nights: Nights, news: NewsServer, kind: str, listings: list[Listing]) -> None:
    for _, _, _, keys, _ in listings:
        for key in keys:
            news.put(QUAY, path_of(key), article(key))
    news.put(QUAY, "/present.xml", located(news.url(QUAY, "/a/present")), **XML)
    sources = [
        Source(name=slug(name), kind=kind, url=news.put(QUAY, f"/{place}.xml", served(news, name, body), **headers))  # type: ignore[arg-type]
        for place, (name, body, headers, _, _) in enumerate(listings)
    ]
    nights.run(*sources)
    for name, _, _, keys, told in listings:
        of_source = [outcome for outcome in nights.outcomes[0] if outcome.source == slug(name)]
        taken = {outcome.where for outcome in of_source if outcome.kind is OutcomeKind.NEW}
        reasons = " ".join(outcome.reason for outcome in of_source if outcome.reason)
        assert taken == {news.url(QUAY, path_of(key)) for key in keys}, name
        assert told in reasons and bool(told) == bool(reasons), (name, reasons)


# Each page with what becomes of it, and what the user is told.
ANSWERS = [
    ("octet-stream", article("octet"), 200, {"Content_Type": "application/octet-stream"}, "not_a_page", "octet"),
    ("no type", article("notype"), 200, {"Content_Type": ""}, "new", ""),
    ("JSON", '{"a": 1}', 200, {"Content_Type": "application/json"}, "not_a_page", "application/json"),
    ("forbidden", "no", 403, HTML, "failed", "403"),
    ("to be paid", "pay", 402, HTML, "failed", "402"),
    ("withheld by law", "law", 451, HTML, "failed", "451"),
    ("empty", "", 200, HTML, "unread", "empty"),
    (
        "elsewhere by markup",
        '<meta http-equiv="refresh" content="0; url=/a/other">Moved',
        200,
        HTML,
        "unread",
        "no article",
    ),
    ("plain text", article("plain"), 200, {"Content_Type": "text/plain"}, "new", ""),
    ("Brotli that is none", b"\x0b\x02\x80abc\x03", 200, HTML | {"Content_Encoding": "br"}, "failed", "only gzip"),
]


def test_what_comes_of_a_page(nights: Nights, news: NewsServer) -> None:
    urls = [
        news.put(QUAY, f"/o/{place}", body, status=status, **headers)
        for place, (_, body, status, headers, _, _) in enumerate(ANSWERS)
    ]
    nights.run(feed("quay", news.put(QUAY, "/feed", rss(*map(entry, urls)), **XML)))
    by_url = {outcome.where: outcome for outcome in nights.outcomes[0]}
    for url, (name, _, _, _, kind, told) in zip(urls, ANSWERS, strict=True):
        outcome = by_url[url]
        assert outcome.kind == kind and told in (outcome.reason or ""), (name, outcome)


# A page on two nights, with the day of the second listing, and the number of articles and of versions at the end.
THEN, LATER = "Tue, 04 Mar 2031 01:00:00 +0100", "Wed, 05 Mar 2031 01:00:00 +0100"
SAID = "The fish came early and the price fell before noon"
NEXT = "Nobody in this port has seen fog like it for a generation"
ROBOT = page(
    "This process is automatic and your browser will be sent on in a few seconds, so please wait while we check it.\n"
    "Please turn on scripts and cookies in your browser, and reload the page if nothing happens after ten seconds.",
    title="Checking your browser",
)
SECOND_NIGHTS = [
    ("the same", article("same"), article("same"), THEN, 1, 1),
    ("an edit", article("edit"), article("edit").replace("under the mole", "under the old mole"), LATER, 1, 2),
    (
        "a column",
        article("col", said=SAID, title="From the quay"),
        article("other", said=NEXT, title="From the quay"),
        LATER,
        2,
        2,
    ),
    ("a check for robots", article("robot"), ROBOT, THEN, 1, 1),
    ("an article of another title", article("one"), article("two", said=NEXT), THEN, 2, 2),
]


@pytest.mark.parametrize(("first", "second", "day", "articles", "versions"), [each[1:] for each in SECOND_NIGHTS])
def test_what_a_page_is_on_the_second_night(
    nights: Nights, news: NewsServer, first: str, second: str, day: str, articles: int, versions: int
) -> None:
    url = news.put(QUAY, "/a/1", first)
    source = feed("quay", news.put(QUAY, "/feed", rss(entry(url)), **XML))
    nights.run(source)
    news.put(QUAY, "/a/1", second)
    news.put(QUAY, "/feed", f"{rss(entry(url, day))}<!-- 2 -->", **XML)
    nights.run(source)
    assert (len(nights.versions()), sum(nights.versions().values())) == (articles, versions)


# The head and the body of a front page, and the feed that it names.
FRONTS = [
    ('<base href="/en/"><link rel="alternate" type="application/rss+xml" href="rss.xml">', "", "/en/rss.xml"),
    ('<link rel="alternate" type="application/rss+xml; charset=utf-8" href="/en/rss.xml">', "", "/en/rss.xml"),
    (
        '<link rel="alternate" type="application/rss+xml" title="Comments on all" href="/comments.xml">'
        '<link rel="alternate" type="application/rss+xml" title="News" href="/en/rss.xml">',
        "",
        "/en/rss.xml",
    ),
    (
        '<link rel="alternate" type="application/rss+xml" title="No comment: our satire" href="/en/rss.xml">',
        "",
        "/en/rss.xml",
    ),
]


@pytest.mark.parametrize(("head", "body", "path"), FRONTS)
def test_the_feed_that_a_front_page_names(news: NewsServer, client: Client, head: str, body: str, path: str) -> None:
    feed_url = news.put(QUAY, path, rss(entry(news.url(QUAY, "/a/1"))), **XML)
    front = news.put(QUAY, "/front", f"<html><head>{head}</head><body>{body}</body></html>")
    assert list(discover(front, client)) == [Offer("feed", feed_url, 1)]
