"""Three invented newspapers for some nights: everything that a source can have to tell."""

import gzip
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from tests.ingest.newsserver import STARTED, entry, page, rss
from werkzeug import Response

from quotetrack.core.domain import Article, Failure
from quotetrack.core.settings import Source
from quotetrack.ingest.crawl.client import Fetched, Skip, Skipped, Validators
from quotetrack.ingest.crawl.crawler import Listing, Page, Unread, list_pages, read_pages, read_source
from quotetrack.ingest.crawl.discovery import Offer, discover
from quotetrack.ingest.crawl.listings import Listed
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
def look(client, outlets):
    """One night at a source."""

    def _look(source: Source, known=None, **given):
        return list(read_source(source, client, outlets=outlets, known=known or {}, **given))

    return _look


def kinds(told) -> Counter:
    return Counter(type(one).__name__ for one in told)


def known_of(told) -> dict[str, Validators]:
    """What a job would keep for the next night."""
    answers = [one if isinstance(one, Fetched) else getattr(one, "fetched", None) for one in told]
    return {one.url: one.validators for one in answers if one}


def articles(told) -> list[Article]:
    return [one.article for one in told if isinstance(one, Page)]


# A feed


def test_a_feed_names_pages_and_the_pages_are_the_articles(news, look):
    url = news.put(HARBOUR, "/bridge", page(BODY), etag='"1"')
    told = look(feed(news.put(HARBOUR, "/feed", rss(entry(url)), etag='"f"')))
    listing, found = told
    assert isinstance(listing, Listing) and listing.pages == 1
    assert found.article.text == BODY.replace("\n", "\n\n")  # not the feed's summary
    assert (found.article.url, found.article.outlet) == (url, HARBOUR)
    assert found.article.published_at.isoformat() == "2031-03-04T01:00:00+01:00"  # which the page does not tell
    assert STARTED <= found.article.fetched_at <= STARTED + timedelta(seconds=9)
    assert found.fetched.body == page(BODY).encode()
    assert found.notes == ()


def test_the_second_night_asks_only_whether_anything_changed(news, look):
    pages = [entry(news.put(HARBOUR, f"/{number}", page(BODY), etag=f'"{number}"')) for number in range(3)]
    source = feed(news.put(HARBOUR, "/feed", rss(*pages), modified="Tue, 04 Mar 2031 01:00:00 GMT"))
    first = look(source)
    news.asked.clear()
    (again,) = look(source, known_of(first))
    assert isinstance(again, Listing) and again.fetched.is_unchanged and again.pages == 0
    assert news.paths(HARBOUR) == ["/feed"]


def test_a_feed_that_grows_names_old_pages_too_and_they_are_not_sent_again(news, look):
    one, two = (news.put(HARBOUR, f"/{number}", page(BODY), etag=f'"{number}"') for number in range(2))
    first = look(feed(news.put(HARBOUR, "/feed", rss(entry(one)), etag='"1"')))
    news.put(HARBOUR, "/feed", rss(entry(two), entry(one)), etag='"2"')
    told = look(feed(news.url(HARBOUR, "/feed")), known_of(first))
    assert [type(one) for one in told] == [Listing, Page, Fetched]
    assert told[2].is_unchanged and told[2].url == one


def test_an_edited_article_comes_again(news, look):
    url = news.put(HARBOUR, "/bridge", page(BODY), etag='"1"')
    source = feed(news.put(HARBOUR, "/feed", rss(entry(url))))
    first = look(source)
    news.put(HARBOUR, "/bridge", page(BODY.replace("not wait", "wait")), etag='"2"')
    (edited,) = articles(look(source, known_of(first)))
    assert edited.url == articles(first)[0].url
    assert "We will wait" in edited.text


def test_a_vanished_article_is_told(news, look):
    url = news.put(HARBOUR, "/bridge", status=410)
    told = look(feed(news.put(HARBOUR, "/feed", rss(entry(url)))))
    assert told[1].is_gone and told[1].url == url


def test_tracking_and_amp_addresses_are_one_page(news, look):
    news.put(HARBOUR, "/bridge", page(BODY))
    url = news.url(HARBOUR, "/bridge")
    forms = [f"{url}?utm_source=rss", f"{url}/amp", f"{url}?fbclid=1#top", url]
    told = look(feed(news.put(HARBOUR, "/feed", rss(*map(entry, forms)))))
    assert [article.url for article in articles(told)] == [url]
    assert news.paths(HARBOUR) == ["/feed", "/bridge"]


def test_an_amp_page_is_the_article_that_it_calls_canonical(news, look):
    canonical = f'<link rel="canonical" href="{news.url(HARBOUR, "/bridge")}">'
    url = news.put(f"amp.{HARBOUR}", "/bridge", page(BODY, head=canonical))
    (article,) = articles(look(feed(news.put(HARBOUR, "/feed", rss(entry(url))))))
    assert article.url == news.url(HARBOUR, "/bridge")


def test_a_report_that_calls_another_site_canonical_stays_with_its_own(news, look):
    url = news.put(HARBOUR, "/bridge", page(BODY, head='<link rel="canonical" href="https://wire.example/bridge">'))
    (article,) = articles(look(feed(news.put(HARBOUR, "/feed", rss(entry(url))))))
    assert article.url == url


def test_a_feed_with_a_bad_date(news, look):
    url = news.put(HARBOUR, "/bridge", page(BODY))
    (article,) = articles(look(feed(news.put(HARBOUR, "/feed", rss(entry(url, "Someday, 99 Foo"))))))
    assert article.published_at is None


def test_only_what_is_since_a_day(news, look):
    old = news.put(HARBOUR, "/old", page(BODY))
    new = news.put(HARBOUR, "/new", page(BODY))
    undated = news.put(HARBOUR, "/undated", page(BODY))
    entries = [entry(old, "Mon, 03 Mar 2031 01:00:00 GMT"), entry(new), entry(undated, "")]
    told = look(feed(news.put(HARBOUR, "/feed", rss(*entries))), since=date(2031, 3, 4))
    assert [article.url for article in articles(told)] == [new, undated]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"body": "<html>Log in</html>"}, "not a feed"),
        ({"status": 404}, "no such feed or sitemap any more"),
        ({"status": 403}, "the server answered 403"),
        ({"body": gzip.compress(b"<rss>" * 99, mtime=0)[:-9], "Content_Encoding": "gzip"}, "cut short"),
    ],
)
def test_a_feed_that_cannot_be_read(news, look, answer, reason):
    (failure,) = look(feed(news.put(HARBOUR, "/feed", **answer)))
    assert isinstance(failure, Failure) and reason in failure.reason


# Sitemaps


def test_a_sitemap_index_and_its_packed_sitemaps(news, look):
    urls = [news.put(COURIER, f"/{number}", page(BODY)) for number in range(3)]
    today = news.put(COURIER, "/today.xml", SITEMAP.format(located(urls[0]) + located(urls[1])), **XML)
    packed = gzip.compress(SITEMAP.format(located(urls[2])).encode(), mtime=0)
    older = news.put(COURIER, "/older.xml.gz", packed, Content_Type="application/gzip")
    ancient = news.put(COURIER, "/2019.xml", "not asked for")
    index = located(ancient, "2019-12-31", "sitemap") + located(older, "2031-03-04", "sitemap")
    index += located(today, "2031-03-05", "sitemap")
    url = news.put(COURIER, "/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>", etag='"i"', **XML)
    told = look(sitemap(url), since=date(2031, 3, 1))
    assert [article.url for article in articles(told)] == urls
    assert [one.fetched.url for one in told if isinstance(one, Listing)] == [today, older]
    assert news.paths(COURIER)[:3] == ["/sitemap.xml", "/today.xml", "/older.xml.gz"]


def test_an_index_that_names_itself_ends(news, look):
    index = located(news.url(COURIER, "/sitemap.xml"), tag="sitemap")
    look(sitemap(news.put(COURIER, "/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>", **XML)))
    assert news.paths(COURIER) == ["/sitemap.xml"] * 2


def test_a_sitemap_that_has_not_changed(news, look):
    source = sitemap(news.put(COURIER, "/news.xml", SITEMAP.format(""), etag='"1"', **XML))
    (again,) = look(source, known_of(look(source)))
    assert again.fetched.is_unchanged


# Pages


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ({"body": b"%PDF-1.7", "Content_Type": "application/pdf"}, Skipped, "not a page but application/pdf"),
        ({"body": "<html><nav>Home</nav></html>"}, Unread, "no article on the page"),
        ({"body": b"\x00\x01"}, Unread, "a binary file"),
        ({"body": ""}, Unread, "empty"),
        ({"status": 302, "Location": "/"}, Unread, "leads to the front page"),
        ({"body": gzip.compress(page(BODY).encode(), mtime=0)[:-9], "Content_Encoding": "gzip"}, Failure, "cut short"),
        ({"status": 302, "Location": "http://127.0.0.2/"}, Failure, "a private address"),
        ({"status": 500}, Failure, "the server answered 500"),
    ],
)
def test_a_page_that_gives_no_article_says_why(news, look, answer, kind, reason):
    news.put(HARBOUR, "/", page(BODY, title="Harbour Post"))
    (told,) = look(Source(name="page", kind="page", url=news.put(HARBOUR, "/bridge", **answer)))
    assert isinstance(told, kind) and reason in told.reason


def test_a_page_in_a_charset_that_only_its_header_tells(news, look):
    body = BODY.replace("Quill", "Łukasz").replace("“", '"').replace("”", '"')
    url = news.put(HARBOUR, "/bridge", page(body).encode("iso-8859-2"), Content_Type="text/html; charset=ISO-8859-2")
    (told,) = look(Source(name="page", kind="page", url=url))
    assert "Mayor Łukasz" in told.article.text and told.notes == ()


def test_what_is_to_be_known_about_a_page(news, look):
    head = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "isAccessibleForFree": false}</script>'
    news.put(HARBOUR, "/new", page(BODY, head=head).encode("cp1252"))
    url = news.put(HARBOUR, "/old", status=301, Location="/new")
    (told,) = look(Source(name="page", kind="page", url=url))
    assert [note.kind for note in told.notes] == [
        FlagKind.CHARSET,
        FlagKind.PAYWALL,
        FlagKind.LIVE_BLOG,
        FlagKind.MOVED,
    ]
    assert told.fetched.url == url and told.article.url == news.url(HARBOUR, "/new")


def test_an_outlet_is_given_where_the_address_tells_none_that_we_know(news, look):
    url = news.put(HARBOUR, "/bridge", page(BODY))
    (told,) = look(Source(name="page", kind="page", url=url, outlet="harbour-post"))
    assert told.article.outlet == "harbour-post"


def test_files_are_sources_too(look, tmp_path):
    (tmp_path / "a.txt").write_text("“Yes,” said Mayor Quill.")
    (told,) = look(Source(name="files", kind="folder", path=tmp_path, outlet="harbour-post"))
    assert (told.outlet, told.text) == ("harbour-post", "“Yes,” said Mayor Quill.")


def test_a_listing_is_told_after_the_pages_that_it_names(news, client):
    urls = [news.url(HARBOUR, f"/{number}") for number in range(3)]
    source = feed(news.put(HARBOUR, "/feed", rss(*map(entry, urls))))
    assert [type(one) for one in list_pages(source, client, known={})] == [Listed] * 3 + [Listing]


# A night


def test_a_night_at_three_papers(news, look):
    """Every page that is listed has one answer, and nothing is lost between them."""

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
    told = look(feed(news.put(HARBOUR, "/feed", rss(*map(entry, harbour)))))
    assert kinds(told) == {"Listing": 1, "Page": 2, "Skipped": 1, "Fetched": 1}
    told = look(sitemap(news.put(COURIER, "/news.xml", SITEMAP.format("".join(map(located, courier))), **XML)))
    assert kinds(told) == {"Listing": 1, "Page": 1, "Failure": 3}
    told = look(feed(news.put(TRIBUNE, "/feed", rss(*map(entry, tribune)))))
    assert kinds(told) == {"Listing": 1, "Page": 1}


def test_one_event_a_page_in_order(news, client, outlets):
    news.put(HARBOUR, "/robots.txt", "User-agent: *\nDisallow: /2")
    urls = [news.put(HARBOUR, f"/{number}", page(BODY)) for number in range(4)]
    told = list(read_pages(map(Listed, urls), client, outlets=outlets, known={}))
    assert [one.url if isinstance(one, Skipped) else one.fetched.url for one in told] == urls
    assert told[2].why is Skip.ROBOTS


# What a site offers


def test_the_feed_that_a_page_names_and_the_news_sitemap_of_robots(news, client):
    feed_url = news.put(HARBOUR, "/rss/all", rss(entry(news.url(HARBOUR, "/a"))))
    sitemap_url = news.put(HARBOUR, "/news-map.xml", SITEMAP.format(located(news.url(HARBOUR, "/a"))), **XML)
    news.put(HARBOUR, "/robots.txt", f"Sitemap: {sitemap_url}\nSitemap: {news.url(HARBOUR, '/archive.xml')}")
    front = news.put(
        HARBOUR, "/", '<html><head><link rel="alternate" type="application/rss+xml" href="/rss/all"></head>'
    )
    assert list(discover(front, client)) == [Offer("feed", feed_url, 1), Offer("sitemap", sitemap_url, 1)]


def test_a_feed_at_a_usual_place(news, client):
    url = news.put(HARBOUR, "/rss.xml", rss(entry(news.url(HARBOUR, "/a"))))
    assert list(discover(news.put(HARBOUR, "/", "<html><p>News</p></html>"), client)) == [Offer("feed", url, 1)]


@pytest.mark.parametrize(
    ("body", "kind"),
    [(rss(entry("http://a.example/b")), "feed"), (SITEMAP.format(located("http://a.example/b")), "sitemap")],
)
def test_an_address_that_is_a_feed_or_sitemap_itself(news, client, body, kind):
    url = news.put(HARBOUR, "/it", body, **XML)
    assert list(discover(url, client)) == [Offer(kind, url, 1)]


def test_a_site_that_offers_nothing(news, client):
    (failure,) = discover(news.put(HARBOUR, "/", "<html></html>"), client)
    assert "no feed and no news sitemap was found" in failure.reason
