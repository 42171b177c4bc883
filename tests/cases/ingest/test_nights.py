"""Nights over sites that change: what was taken in stays whole, and what is not taken in is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.ingest.newsserver import FakeClock, NewsServer, entry, page, resolve_to_loopback, rss

from quotetrack.core.settings import Settings, Source
from quotetrack.ingest.crawl import crawler
from quotetrack.ingest.crawl.client import Client, Politeness
from quotetrack.ingest.crawl.ssrf_guard import GuardedTransport
from quotetrack.ingest.outlets import load_outlets
from quotetrack.pipeline.intake import Outcome, RunContext
from quotetrack.pipeline.steps.crawl import fetch_sources
from quotetrack.store import Sessions, close_store, open_store
from quotetrack.store.runs import start_run
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, PageRow

pytest_plugins = ("tests.ingest.served",)

QUAY = "quay.example"
XML = {"Content_Type": "application/xml"}
A_DAY = 86_400


def body(number: int, edition: int = 1) -> str:
    """Return the paragraphs of an invented article; each edition has other words."""
    return (
        f"Crews at shed {number} of the quay worked through the night while the town slept behind its shutters.\n"
        f"“Line {number} will carry {edition * 100} crates before the frost and not one more,” said Hale Brannock, "
        f"who runs the shed, on Monday.\n"
        f"The work on line {number} is expected to last until the end of the month, the port office said in a notice.\n"
        f"“We paid for every bolt of shed {number} twice,” said Tamsin Rook, who keeps the books of the quay."
    )


@dataclass
class Nights:
    """A store, a crawler, and a clock that moves a day a night."""

    sessions: Sessions
    news: NewsServer
    clock: FakeClock
    politeness: Politeness
    folder: Path
    outcomes: list[list[Outcome]] = field(default_factory=list)

    def run(self, *sources: Source, only: str | None = None) -> dict[str, int]:
        """Crawl the sources of the settings, or one of them; return the outcomes by kind."""
        self.clock.seconds += A_DAY
        now = self.clock.clock().now
        with self.sessions.begin() as session:
            run_id = start_run(session, "nightly", "test", now())
        settings = Settings(evidence=self.folder / "evidence", source=sources)
        context = RunContext(self.sessions, run_id, load_outlets(), now, settings)
        wanted = [source for source in sources if only in (None, source.name)]
        transport = GuardedTransport(self.politeness.allowed, resolve=resolve_to_loopback)
        with Client(replace(self.politeness, delay=0.0), self.clock.clock(), transport) as client:
            self.outcomes.append(list(fetch_sources(context, wanted, client)))
        counted: Counter[str] = Counter()
        for outcome in self.outcomes[-1]:
            counted[str(outcome.kind)] += outcome.number
        return dict(counted)

    def told(self) -> list[str]:
        """Return the reasons of the last night."""
        return [outcome.reason for outcome in self.outcomes[-1] if outcome.reason]

    def current(self) -> dict[str, str]:
        """Return the current text of each article by the last part of its address."""
        wanted = select(ArticleRow.url, ArticleVersionRow.text).join(ArticleVersionRow)
        with self.sessions() as session:
            rows = session.execute(wanted.where(ArticleVersionRow.is_current)).all()
        return {url.rpartition("/")[2]: text for url, text in rows}

    def versions(self) -> Counter[str]:
        """Return the number of versions of each article."""
        with self.sessions() as session:
            urls = session.scalars(select(ArticleRow.url).join(ArticleVersionRow)).all()
        return Counter(url.rpartition("/")[2] for url in urls)

    def waiting(self) -> int:
        with self.sessions() as session:
            return len(session.scalars(select(PageRow.id).where(PageRow.state == "waiting")).all())


@pytest.fixture
def nights(news: NewsServer, fake_clock: FakeClock, politeness: Politeness, tmp_path: Path) -> Iterator[Nights]:
    sessions = open_store(f"sqlite:///{tmp_path / 'news.db'}")
    yield Nights(sessions, news, fake_clock, politeness, tmp_path)
    close_store(sessions)


def put_article(news: NewsServer, number: int, edition: int = 1) -> str:
    return news.put(QUAY, f"/a/{number}", page(body(number, edition), title=f"Shed {number} works on"))


def put_feed(news: NewsServer, path: str, *urls: str) -> str:
    return news.put(QUAY, path, rss(*map(entry, urls)), **XML)


def feed(name: str, url: str) -> Source:
    return Source(name=name, kind="feed", url=url)


def sitemap(name: str, url: str) -> Source:
    return Source(name=name, kind="sitemap", url=url)


def located(*urls: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>"


def index(*urls: str) -> str:
    return "<sitemapindex>" + "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls) + "</sitemapindex>"


# Sources with other names and addresses


def fail(news: NewsServer, number: int) -> str:
    return news.put(QUAY, f"/a/{number}", status=403)


def test_a_source_with_another_name_goes_on_where_the_old_one_stopped(nights: Nights, news: NewsServer) -> None:
    urls = [put_article(news, 1), fail(news, 2), fail(news, 3)]
    address = put_feed(news, "/feed", *urls)
    assert nights.run(feed("quay", address)) == {"listed": 3, "new": 1, "failed": 2}
    put_article(news, 2)
    put_article(news, 3)
    assert nights.run(feed("quay-news", address)) == {"new": 2}  # although the feed is unchanged
    assert nights.waiting() == 0


def test_a_page_that_is_listed_again_goes_to_the_source_that_lists_it(nights: Nights, news: NewsServer) -> None:
    urls = [put_article(news, 1), fail(news, 2)]
    old = feed("old", put_feed(news, "/old", *urls))
    nights.run(old)
    put_article(news, 2)
    put_article(news, 1, edition=2)
    new = feed("new", put_feed(news, "/new", *urls, put_article(news, 3)))
    assert nights.run(new) == {"listed": 1, "new": 2, "edited": 1}


def test_a_page_stays_with_the_source_that_listed_it_first_while_the_settings_have_it(
    nights: Nights, news: NewsServer
) -> None:
    url = fail(news, 1)
    one, other = feed("one", put_feed(news, "/one", url)), feed("other", put_feed(news, "/other", url))
    nights.run(one, other)
    put_article(news, 1)
    assert nights.run(one, other, only="other") == {}
    assert nights.run(one, other, only="one") == {"new": 1}


def test_pages_of_a_source_that_nothing_takes_over_are_told(nights: Nights, news: NewsServer) -> None:
    nights.run(feed("gone", put_feed(news, "/feed", fail(news, 1), fail(news, 2))))
    elsewhere = feed("elsewhere", news.put("echo.example", "/feed", rss(), **XML))
    assert nights.run(elsewhere)["left_out"] == 2
    assert "a source that the settings no longer have" in nights.told()[0]


# Listings


def test_an_index_in_an_index_is_read(nights: Nights, news: NewsServer) -> None:
    leaf = news.put(QUAY, "/leaf.xml", located(put_article(news, 1), put_article(news, 2)), **XML)
    inner = news.put(QUAY, "/inner.xml", index(leaf), **XML)
    outer = sitemap("quay", news.put(QUAY, "/index.xml", index(inner), **XML))
    assert nights.run(outer) == {"listed": 2, "new": 2}
    news.put(QUAY, "/leaf.xml", located(*(put_article(news, number) for number in (1, 2, 3))), **XML)
    assert nights.run(outer)["new"] == 1


def test_the_latest_sitemaps_of_a_long_index_are_read_and_the_others_told(
    nights: Nights, news: NewsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawler, "MOST_SITEMAPS", 5)
    monkeypatch.setattr(crawler, "MOST_BY_NUMBER", 4)
    parts = [news.put(QUAY, f"/{n:03}.xml", located(put_article(news, n)), **XML) for n in range(8)]
    assert nights.run(sitemap("quay", news.put(QUAY, "/index.xml", index(*parts), **XML))) == {
        "listed": 5,
        "new": 5,
        "left_out": 3,
    }
    assert sorted(nights.current()) == ["0", "4", "5", "6", "7"]
    assert nights.told() == ["older sitemaps of the index; the latest 5 were read"]


@pytest.mark.parametrize(
    ("kind", "listing", "counts", "told"),
    [
        ("sitemap", "<urlset><url><loc>{0}</loc></url><url><loc>{1}", {"listed": 1, "new": 1, "failed": 1}, "breaks"),
        ("sitemap", "{0}\n{1}\n", {"listed": 2, "new": 2}, ""),
        ("sitemap", "<rss><channel><item><link>{0}</link></item></channel></rss>", {"listed": 1, "new": 1}, ""),
        (
            "sitemap",
            "<urlset><url><loc>{0}</loc></url><url><loc>ftp://quay.example/</loc></url></urlset>",
            {"listed": 1, "new": 1, "left_out": 1},
            "without an address",
        ),
        (
            "feed",
            "<rss><channel><item><link>{0}</link></item><item><title>None</title></item></channel></rss>",
            {"listed": 1, "new": 1, "left_out": 1},
            "without an address",
        ),
    ],
)
def test_what_a_listing_does_not_say_is_told(
    nights: Nights, news: NewsServer, kind: str, listing: str, counts: dict[str, int], told: str
) -> None:
    text = listing.format(put_article(news, 1), put_article(news, 2))
    assert nights.run(Source(name="quay", kind=kind, url=news.put(QUAY, "/list", text, **XML))) == counts  # type: ignore[arg-type]
    assert told in " ".join(nights.told())


@pytest.mark.parametrize("what", ["feed", "page"])
def test_an_answer_of_no_change_to_a_request_without_a_condition_is_a_failure(
    nights: Nights, news: NewsServer, what: str
) -> None:
    url = news.put(QUAY, "/a/1", status=304)
    source = feed("quay", url if what == "feed" else put_feed(news, "/feed", url))
    assert nights.run(source)["failed"] == 1
    assert "304 Not Modified" in nights.told()[0]


def test_a_page_that_breaks_its_reader_ends_neither_its_source_nor_the_others(
    nights: Nights, news: NewsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_on_one(page: bytes, **given: object) -> object:
        if b"Shed 1" in page:
            raise RecursionError("too deep")
        return read(page, **given)  # type: ignore[arg-type]

    read = crawler.read_flagged_page
    monkeypatch.setattr(crawler, "read_flagged_page", break_on_one)
    quay = feed("quay", put_feed(news, "/feed", put_article(news, 1), put_article(news, 2)))
    echo = feed("echo", news.put("echo.example", "/feed", rss(entry(put_article(news, 3))), **XML))
    assert nights.run(quay, echo) == {"listed": 3, "new": 2, "failed": 1}
    assert nights.told() == ["cannot be read: RecursionError: too deep"]


# A month of nights

CONSENT = page(
    "We and our partners store and read information on a device, such as cookies, and process personal data.\n"
    "You can change your choices at any time by following the link in the foot of every page.",
    title="Your privacy choices",
)

# What the site does on a night; articles 1 to 9 exist at the end.
MONTH = {
    1: "lists 1, 2, 3",
    4: "edits 2",
    6: "renames its source in the settings",
    7: "lists 4, which answers 503 that night",
    8: "4 answers again",
    10: "moves the feed to another address; the old one is gone",
    12: "lists 5; the settings name the new address",
    13: "shows the first paragraph of every article, and asks for a subscription",
    14: "shows whole articles again",
    15: "sends every page to a consent page, and lists 6",
    16: "serves its pages again",
    17: "edits 5, within the week in which listed pages are fetched again",
    18: "edits 5 again",
    21: "deletes 1",
    23: "gets a sitemap in a sitemap index with 7 and 8, and the feed lists only 8",
    25: "lists an entry without an address",
    27: "breaks its sitemap behind 9",
    29: "answers 304 to everything",
    30: "serves its pages again",
}
TRUTH = {1: 1, 2: 2, 3: 1, 4: 1, 5: 3, 6: 1, 7: 1, 8: 1, 9: 1}  # the edition at the end, by article; all are kept


def paywalled(number: int, edition: int) -> str:
    """Return the page of an article behind a paywall, which shows its first paragraph."""
    first = body(number, edition).splitlines()[0]
    return page(f"{first}\nSubscribe to read the whole story.", title=f"Shed {number} works on")


class Site:
    """The site of the month: its articles by number with their edition, and what it lists."""

    def __init__(self, news: NewsServer) -> None:
        self.news = news
        self.editions: dict[int, int] = {}
        self.listed: list[int] = []
        self.feed, self.name = "/feed", "quay"

    def sources(self) -> list[Source]:
        return [feed(self.name, self.news.url(QUAY, self.feed)), sitemap("map", self.news.url(QUAY, "/map.xml"))]

    def publish(self, *numbers: int, edition: int = 1, is_listed: bool = True) -> None:
        for number in numbers:
            self.editions[number] = edition
            put_article(self.news, number, edition)
            if is_listed and number not in self.listed:
                self.listed.append(number)

    def url(self, number: int) -> str:
        return self.news.url(QUAY, f"/a/{number}")

    def put_listings(self, night: int, extra: str = "") -> None:
        """Serve the feed; its bytes change every night, as those of most feeds do."""
        entries = "".join(entry(self.url(number)) for number in self.listed[-3:])
        self.news.put(QUAY, self.feed, f"{rss(entries + extra)}<!-- {night} -->", **XML)

    def act(self, night: int) -> None:
        extra = ""
        match night:
            case 1:
                self.publish(1, 2, 3)
                self.news.put(QUAY, "/map.xml", located(self.url(1)), **XML)
            case 4:
                self.publish(2, edition=2)
            case 6:
                self.name = "quay-news"
            case 7:
                self.publish(4)
                self.news.put(QUAY, "/a/4", status=503)
            case 8:
                self.publish(4)
            case 10 | 11:
                self.news.put(QUAY, "/feed", status=410)
                return
            case 12:
                self.feed = "/news.xml"
                self.publish(5)
            case 13:
                for number, edition in self.editions.items():
                    self.news.put(QUAY, f"/a/{number}", paywalled(number, edition))
            case 15:
                self.publish(6)
                for number in self.editions:
                    self.news.put(QUAY, f"/a/{number}", status=302, Location=self.news.url(QUAY, "/consent"))
                self.news.put(QUAY, "/consent", CONSENT)
            case 14 | 16 | 30:
                for number, edition in self.editions.items():
                    self.publish(number, edition=edition)
            case 17 | 18:
                self.publish(5, edition=night - 15)
            case 21:
                self.news.put(QUAY, "/a/1", status=410)
            case 23:
                self.publish(7, is_listed=False)
                self.publish(8)
                leaf = self.news.put(QUAY, "/leaf.xml", located(self.url(7), self.url(8)), **XML)
                inner = self.news.put(QUAY, "/inner.xml", index(leaf), **XML)
                self.news.put(QUAY, "/map.xml", index(inner), **XML)
            case 25:
                extra = "<item><title>No address</title></item>"
            case 27:
                self.publish(9, is_listed=False)
                self.news.put(QUAY, "/leaf.xml", located(self.url(9), "https://quay.exa")[:-30], **XML)
            case 29:
                for number in self.editions:
                    self.news.put(QUAY, f"/a/{number}", status=304)
        self.put_listings(night, extra)


def test_after_a_month_of_nights_the_store_holds_what_the_site_printed(nights: Nights, news: NewsServer) -> None:
    site = Site(news)
    told: dict[int, list[str]] = {}
    for night in range(1, 31):
        site.act(night)
        nights.run(*site.sources())
        told[night] = nights.told()
    assert nights.current() == {
        str(number): body(number, edition).replace("\n", "\n\n") for number, edition in TRUTH.items()
    }
    assert nights.versions() == {str(number): edition for number, edition in TRUTH.items()}
    assert nights.waiting() == 0
    assert any("the page showed" in reason for reason in told[13])
    assert any("no article on the page, but “Your privacy choices”" in reason for reason in told[15])
    assert any("503" in reason for reason in told[7])
    assert any("without an address" in reason for reason in told[25])
    assert any("breaks" in reason for reason in told[27])
    assert any("410" in reason for reason in told[10])  # the feed that moved
