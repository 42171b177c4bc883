"""Three invented newspapers for some nights: every result that listing a source and fetching its pages can have."""

import gzip
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from tests.ingest.newsserver import STARTED, entry, page, rss
from werkzeug import Response

from quotetrack.core.crawling import NO_VALIDATORS, Fetch, ListingState, PageState, Validators
from quotetrack.core.domain import Article, Failure
from quotetrack.core.settings import Source
from quotetrack.ingest.crawl.client import Skipped
from quotetrack.ingest.crawl.crawler import Listing, NoArticle, Page, fetch_page, list_pages
from quotetrack.ingest.crawl.discovery import Offer, discover
from quotetrack.ingest.html.quality_flags import FlagKind

pytest_plugins = ("tests.ingest.served",)

HARBOUR, COURIER, TRIBUNE = "harbour.example", "courier.example", "tribune.example"
BODY = (
    "“We will not wait,” said Mayor Quill on Friday, and the bridge was closed for a year by the town.\n"
    "The ferry is free until the bridge opens again, and it runs through the night, the town said."
)
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
XML = {"Content_Type": "application/xml"}


def located(url: str, changed: str = "2031-03-04", tag: str = "url") -> str:
    return f"<{tag}><loc>{url.replace('&', '&amp;')}</loc><lastmod>{changed}</lastmod></{tag}>"


def feed(url: str) -> Source:
    return Source(name="feed", kind="feed", url=url)


def sitemap(url: str) -> Source:
    return Source(name="sitemap", kind="sitemap", url=url)


@pytest.fixture
def crawl(client, outlets):
    """One night at a source: its listings, then its pages, without a store. Results of an earlier night are `known`."""

    def _crawl(source: Source, known=(), since=None):
        listings = list(list_pages(source, client, known=listing_states(known), since=since))
        pages = [page for one in listings if isinstance(one, Listing) for page in one.pages or ()]
        validators = page_validators(known)
        fetched = [
            fetch_page(
                page.url,
                client,
                outlets=outlets,
                outlet=source.outlet,
                published_at=page.published_at,
                validators=validators.get(page.url, NO_VALIDATORS),
            )
            for page in pages
        ]
        return [*listings, *fetched]

    return _crawl


def listing_states(results) -> dict[str, ListingState]:
    fetches = [one.fetch for one in results if isinstance(one, Listing)]
    return {fetch.url: ListingState(fetch.validators, fetch.body_sha256) for fetch in fetches if fetch}


def page_validators(results) -> dict[str, Validators]:
    return {one.fetch.url: one.fetch.validators for one in results if isinstance(one, Page)}


def kinds(results) -> Counter:
    return Counter(type(one).__name__ for one in results)


def articles(results) -> list[Article]:
    return [one.article for one in results if isinstance(one, Page)]


# A feed


def test_a_feed_lists_pages_and_the_articles_come_from_the_pages(news, crawl):
    url = news.put(HARBOUR, "/bridge", page(BODY), etag='"1"')
    listing, found = crawl(feed(news.put(HARBOUR, "/feed", rss(entry(url)), etag='"f"')))
    assert isinstance(listing, Listing) and [listed.url for listed in listing.pages] == [url]
    assert found.article.text == BODY.replace("\n", "\n\n")  # not the feed's summary
    assert (found.article.url, found.article.outlet) == (url, HARBOUR)
    assert found.article.published_at.isoformat() == "2031-03-04T01:00:00+01:00"  # the page has no date
    assert STARTED <= found.article.fetched_at <= STARTED + timedelta(seconds=9)
    assert found.fetch.body == page(BODY).encode()
    assert found.notes == ()


def test_the_second_night_requests_an_unchanged_feed_only(news, crawl):
    pages = [entry(news.put(HARBOUR, f"/{number}", page(BODY), etag=f'"{number}"')) for number in range(3)]
    source = feed(news.put(HARBOUR, "/feed", rss(*pages), modified="Tue, 04 Mar 2031 01:00:00 GMT"))
    first = crawl(source)
    news.asked.clear()
    (again,) = crawl(source, first)
    assert isinstance(again, Listing) and again.fetch.is_unchanged and again.pages is None
    assert news.paths(HARBOUR) == ["/feed"]


def test_old_pages_of_a_growing_feed_are_requested_conditionally(news, crawl):
    one, two = (news.put(HARBOUR, f"/{number}", page(BODY), etag=f'"{number}"') for number in range(2))
    first = crawl(feed(news.put(HARBOUR, "/feed", rss(entry(one)), etag='"1"')))
    news.put(HARBOUR, "/feed", rss(entry(two), entry(one)), etag='"2"')
    results = crawl(feed(news.url(HARBOUR, "/feed")), first)
    assert [type(result) for result in results] == [Listing, Page, Fetch]
    assert results[2].is_unchanged and results[2].url == one


def test_a_feed_without_validators_is_unchanged_if_its_bytes_are(news, crawl):
    source = feed(news.put(HARBOUR, "/feed", rss(entry(news.put(HARBOUR, "/bridge", page(BODY))))))
    (again,) = crawl(source, crawl(source))
    assert isinstance(again, Listing) and again.pages is None


def test_an_edited_article_is_read_again(news, crawl):
    url = news.put(HARBOUR, "/bridge", page(BODY), etag='"1"')
    source = feed(news.put(HARBOUR, "/feed", rss(entry(url))))
    first = crawl(source)
    news.put(HARBOUR, "/feed", rss(entry(url, title="Bridge stays closed")))
    news.put(HARBOUR, "/bridge", page(BODY.replace("not wait", "wait")), etag='"2"')
    (edited,) = articles(crawl(source, first))
    assert edited.url == articles(first)[0].url
    assert "We will wait" in edited.text


def test_a_page_that_is_gone_has_no_article(news, crawl):
    url = news.put(HARBOUR, "/bridge", status=410)
    _, gone = crawl(feed(news.put(HARBOUR, "/feed", rss(entry(url)))))
    assert isinstance(gone, NoArticle)
    assert (gone.state, gone.fetch.url, gone.reason) == (PageState.GONE, url, "the server answered 410")


def test_tracking_and_amp_addresses_are_one_page(news, crawl):
    news.put(HARBOUR, "/bridge", page(BODY))
    url = news.url(HARBOUR, "/bridge")
    forms = [f"{url}?utm_source=rss", f"{url}/amp", f"{url}?fbclid=1#top", url]
    results = crawl(feed(news.put(HARBOUR, "/feed", rss(*map(entry, forms)))))
    assert [article.url for article in articles(results)] == [url]
    assert news.paths(HARBOUR) == ["/feed", "/bridge"]


def test_an_amp_page_gives_the_article_at_its_canonical_address(news, crawl):
    canonical = f'<link rel="canonical" href="{news.url(HARBOUR, "/bridge")}">'
    url = news.put(f"amp.{HARBOUR}", "/bridge", page(BODY, head=canonical))
    (article,) = articles(crawl(feed(news.put(HARBOUR, "/feed", rss(entry(url))))))
    assert article.url == news.url(HARBOUR, "/bridge")


def test_a_canonical_address_on_another_site_is_ignored(news, crawl):
    url = news.put(HARBOUR, "/bridge", page(BODY, head='<link rel="canonical" href="https://wire.example/bridge">'))
    (article,) = articles(crawl(feed(news.put(HARBOUR, "/feed", rss(entry(url))))))
    assert article.url == url


def test_an_unreadable_date_in_a_feed_is_no_date(news, crawl):
    url = news.put(HARBOUR, "/bridge", page(BODY))
    (article,) = articles(crawl(feed(news.put(HARBOUR, "/feed", rss(entry(url, "Someday, 99 Foo"))))))
    assert article.published_at is None


def test_only_pages_since_a_day_are_listed(news, crawl):
    old = news.put(HARBOUR, "/old", page(BODY))
    new = news.put(HARBOUR, "/new", page(BODY))
    undated = news.put(HARBOUR, "/undated", page(BODY))
    entries = [entry(old, "Mon, 03 Mar 2031 01:00:00 GMT"), entry(new), entry(undated, "")]
    results = crawl(feed(news.put(HARBOUR, "/feed", rss(*entries))), since=date(2031, 3, 4))
    assert [article.url for article in articles(results)] == [new, undated]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"body": "<html>Log in</html>"}, "not a feed"),
        ({"status": 404}, "no such feed or sitemap any more"),
        ({"status": 403}, "the server answered 403"),
        ({"body": gzip.compress(b"<rss>" * 99, mtime=0)[:-9], "Content_Encoding": "gzip"}, "cut short"),
    ],
)
def test_an_unreadable_feed_is_a_failure(news, crawl, answer, reason):
    (failure,) = crawl(feed(news.put(HARBOUR, "/feed", **answer)))
    assert isinstance(failure, Failure) and reason in failure.reason


# Sitemaps


def test_a_sitemap_index_leads_to_its_latest_and_compressed_sitemaps(news, crawl):
    urls = [news.put(COURIER, f"/{number}", page(BODY)) for number in range(3)]
    today = news.put(COURIER, "/today.xml", SITEMAP.format(located(urls[0]) + located(urls[1])), **XML)
    packed = gzip.compress(SITEMAP.format(located(urls[2])).encode(), mtime=0)
    older = news.put(COURIER, "/older.xml.gz", packed, Content_Type="application/gzip")
    ancient = news.put(COURIER, "/2019.xml", "not requested")
    index = located(ancient, "2019-12-31", "sitemap") + located(older, "2031-03-04", "sitemap")
    index += located(today, "2031-03-05", "sitemap")
    url = news.put(COURIER, "/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>", etag='"i"', **XML)
    results = crawl(sitemap(url), since=date(2031, 3, 1))
    assert [article.url for article in articles(results)] == urls
    assert [one.fetch.url for one in results if isinstance(one, Listing)] == [today, older]
    assert news.paths(COURIER)[:3] == ["/sitemap.xml", "/today.xml", "/older.xml.gz"]


def test_an_index_that_names_itself_is_read_once(news, crawl):
    index = located(news.url(COURIER, "/sitemap.xml"), tag="sitemap")
    crawl(sitemap(news.put(COURIER, "/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>", **XML)))
    assert news.paths(COURIER) == ["/sitemap.xml"]


def test_an_unchanged_sitemap_lists_nothing(news, crawl):
    source = sitemap(news.put(COURIER, "/news.xml", SITEMAP.format(""), etag='"1"', **XML))
    (again,) = crawl(source, crawl(source))
    assert again.fetch.is_unchanged and again.pages is None


# Pages


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ({"body": b"%PDF-1.7", "Content_Type": "application/pdf"}, Skipped, "not a page but application/pdf"),
        ({"body": "<html><nav>Home</nav></html>"}, NoArticle, "no article on the page"),
        ({"body": b"\x00\x01"}, NoArticle, "a binary file"),
        ({"body": ""}, NoArticle, "empty"),
        ({"status": 302, "Location": "/"}, NoArticle, "leads to the front page"),
        ({"body": gzip.compress(page(BODY).encode(), mtime=0)[:-9], "Content_Encoding": "gzip"}, Failure, "cut short"),
        ({"status": 302, "Location": "http://127.0.0.2/"}, Failure, "a private address"),
        ({"status": 500}, Failure, "the server answered 500"),
    ],
)
def test_a_page_without_an_article_has_a_reason(news, crawl, answer, kind, reason):
    news.put(HARBOUR, "/", page(BODY, title="Harbour Post"))
    _, result = crawl(Source(name="page", kind="page", url=news.put(HARBOUR, "/bridge", **answer)))
    assert isinstance(result, kind) and reason in result.reason


def test_a_charset_may_stand_in_the_header_only(news, crawl):
    body = BODY.replace("Quill", "Łukasz").replace("“", '"').replace("”", '"')
    url = news.put(HARBOUR, "/bridge", page(body).encode("iso-8859-2"), Content_Type="text/html; charset=ISO-8859-2")
    _, result = crawl(Source(name="page", kind="page", url=url))
    assert "Mayor Łukasz" in result.article.text and result.notes == ()


def test_a_page_has_its_quality_flags(news, crawl):
    head = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "isAccessibleForFree": false}</script>'
    news.put(HARBOUR, "/new", page(BODY, head=head).encode("cp1252"))
    url = news.put(HARBOUR, "/old", status=301, Location="/new")
    _, result = crawl(Source(name="page", kind="page", url=url))
    assert [note.kind for note in result.notes] == [
        FlagKind.CHARSET,
        FlagKind.PAYWALL,
        FlagKind.LIVE_BLOG,
        FlagKind.MOVED,
    ]
    assert result.fetch.url == url and result.article.url == news.url(HARBOUR, "/new")


def test_the_outlet_of_the_source_is_used_for_an_unknown_site(news, crawl):
    url = news.put(HARBOUR, "/bridge", page(BODY))
    _, result = crawl(Source(name="page", kind="page", url=url, outlet="harbour-post"))
    assert result.article.outlet == "harbour-post"


# A night


def test_a_night_at_three_papers(news, crawl):
    """Every listed page has one result, and none is lost in between."""

    def slow(_):
        time.sleep(0.7)
        return Response(page(BODY))

    def forbid(_):
        return Response(status=429, headers={"Retry-After": "20"})

    harbour = [
        news.put(HARBOUR, "/bridge", page(BODY), etag='"1"'),
        news.put(HARBOUR, "/moved", status=301, Location="/bridge"),
        news.put(HARBOUR, "/members/1", page(BODY)),
        news.put(HARBOUR, "/gone", status=404),
        f"{news.url(HARBOUR, '/bridge')}?utm_campaign=x",
    ]
    news.put(HARBOUR, "/robots.txt", "User-agent: *\nDisallow: /members/")
    courier = [
        news.answer(COURIER, "/busy", forbid, lambda _: Response(page(BODY))),
        news.answer(COURIER, "/broken", lambda _: Response(status=500)),
        news.put(COURIER, "/huge", b"x" * (17 * 2**20)),
        news.put(COURIER, "/inside", status=302, Location=f"http://127.0.0.2:{news.server.port}/"),
    ]
    tribune = [news.answer(TRIBUNE, "/slow", slow, lambda _: Response(page(BODY)))]
    results = crawl(feed(news.put(HARBOUR, "/feed", rss(*map(entry, harbour)))))
    assert kinds(results) == {"Listing": 1, "Page": 2, "Skipped": 1, "NoArticle": 1}
    results = crawl(sitemap(news.put(COURIER, "/news.xml", SITEMAP.format("".join(map(located, courier))), **XML)))
    assert kinds(results) == {"Listing": 1, "Page": 1, "Failure": 3}
    results = crawl(feed(news.put(TRIBUNE, "/feed", rss(*map(entry, tribune)))))
    assert kinds(results) == {"Listing": 1, "Page": 1}


# Discovery


def test_the_feed_of_a_page_and_the_news_sitemap_of_robots_txt_are_found(news, client):
    feed_url = news.put(HARBOUR, "/rss/all", rss(entry(news.url(HARBOUR, "/a"))))
    sitemap_url = news.put(HARBOUR, "/news-map.xml", SITEMAP.format(located(news.url(HARBOUR, "/a"))), **XML)
    news.put(HARBOUR, "/robots.txt", f"Sitemap: {sitemap_url}\nSitemap: {news.url(HARBOUR, '/archive.xml')}")
    front = news.put(
        HARBOUR, "/", '<html><head><link rel="alternate" type="application/rss+xml" href="/rss/all"></head>'
    )
    assert list(discover(front, client)) == [Offer("feed", feed_url, 1), Offer("sitemap", sitemap_url, 1)]


def test_a_feed_at_a_common_path_is_found(news, client):
    url = news.put(HARBOUR, "/rss.xml", rss(entry(news.url(HARBOUR, "/a"))))
    assert list(discover(news.put(HARBOUR, "/", "<html><p>News</p></html>"), client)) == [Offer("feed", url, 1)]


@pytest.mark.parametrize(
    ("body", "kind"),
    [(rss(entry("http://a.example/b")), "feed"), (SITEMAP.format(located("http://a.example/b")), "sitemap")],
)
def test_an_address_may_be_a_feed_or_sitemap_itself(news, client, body, kind):
    url = news.put(HARBOUR, "/it", body, **XML)
    assert list(discover(url, client)) == [Offer(kind, url, 1)]


def test_a_site_without_feed_or_sitemap_is_a_failure(news, client):
    (failure,) = discover(news.put(HARBOUR, "/", "<html></html>"), client)
    assert "no feed and no news sitemap was found" in failure.reason
