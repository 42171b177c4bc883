"""Some nights at three invented newspapers: no page is lost, none is fetched twice, and each has an outcome."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from tests.ingest.newsserver import STARTED, FakeClock, NewsServer, entry, page, resolve_to_loopback, rss
from tests.synthetic_news import every_row
from werkzeug import Response

from quotetrack.core.domain import ArticleField
from quotetrack.core.settings import Settings, Source
from quotetrack.ingest.crawl.client import Client, Politeness
from quotetrack.ingest.crawl.ssrf_guard import GuardedTransport
from quotetrack.ingest.outlets import load_outlets
from quotetrack.pipeline.intake import Outcome, OutcomeKind, RunContext
from quotetrack.pipeline.nightly import Night, nightly
from quotetrack.pipeline.steps import erase
from quotetrack.pipeline.steps.crawl import fetch_sources
from quotetrack.store import Sessions
from quotetrack.store.article_decisions import (
    extract_decided_articles,
    put_article_decision,
    revoke_article_decision,
)
from quotetrack.store.crawl import REVISITED, read_source_states
from quotetrack.store.runs import start_run
from quotetrack.store.sightings import read_sightings
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, FailureRow, FetchRow, PageRow
from quotetrack.store.utterances import iter_utterances

pytest_plugins = ("tests.ingest.served",)

TRIES = 4  # nights in which a page may fail (docs/decisions/0007-nights.md)
HARBOUR, COURIER, TRIBUNE = "harbour.example", "courier.example", "tribune.example"
BODY = (
    "“We will not wait for another winter,” said Mayor Ottilie Quill on Friday, and the bridge was closed for a year.\n"
    "The ferry is free until the bridge opens again, and it runs through the night, the town said."
)
CRANE = (
    "“Nobody has told the crane drivers anything at all,” said Tadeo Brisk of the dockers’ union on Monday.\n"
    "The crane has stood still since the storm, and no ship has been unloaded in the new harbour."
)
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
XML = {"Content_Type": "application/xml"}

Crawl = Callable[..., list[Outcome]]


@pytest.fixture
def context(sessions: Sessions, fake_clock: FakeClock, tmp_path: Path) -> RunContext:
    now = fake_clock.clock().now
    with sessions.begin() as session:
        run_id = start_run(session, "nightly", "test", now())
    return RunContext(sessions, run_id, load_outlets(), now, Settings(evidence=tmp_path / "evidence"))


@pytest.fixture
def crawl(context: RunContext, client: Client, fake_clock: FakeClock) -> Crawl:
    """Crawl sources a day after the last time."""

    def _crawl(*sources: Source, **given: object) -> list[Outcome]:
        fake_clock.seconds += 86_400
        return list(fetch_sources(context, sources, client, **given))  # type: ignore[arg-type]

    return _crawl


def feed(url: str, name: str = "harbour") -> Source:
    return Source(name=name, kind="feed", url=url)


def sitemap(url: str, name: str = "courier") -> Source:
    return Source(name=name, kind="sitemap", url=url)


def located(url: str, changed: str = "2031-03-04") -> str:
    return f"<url><loc>{url}</loc><lastmod>{changed}</lastmod></url>"


def counts_of(outcomes: list[Outcome]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for outcome in outcomes:
        counted[str(outcome.kind)] += outcome.number
    return dict(counted)


def archived(folder: Path, sha256: str) -> bytes:
    """Return the archived body with this hash."""
    return gzip.decompress((folder / sha256[:2] / f"{sha256}.gz").read_bytes())


def pages(sessions: Sessions) -> dict[str, str]:
    """Return the state of each page by its path."""
    with sessions() as session:
        return {row.url.rpartition("/")[2]: row.state for row in session.scalars(select(PageRow))}


def a_feed(news: NewsServer, *paths: str, etag: str = '"feed"', body: str = BODY) -> Source:
    """Return a feed of some pages. With another ETag its bytes differ as well."""
    urls = [news.put(HARBOUR, path, page(body), etag=f'"{path}"') for path in paths]
    return feed(news.put(HARBOUR, "/feed", f"{rss(*map(entry, urls))}<!-- {etag} -->", etag=etag))


def test_the_pages_of_a_feed_are_stored_with_their_evidence(
    news: NewsServer, crawl: Crawl, context: RunContext, sessions: Sessions
) -> None:
    assert counts_of(crawl(a_feed(news, "/bridge", "/crane"))) == {"listed": 2, "new": 2}
    with sessions() as session:
        answer = session.scalars(select(FetchRow)).first()
        assert answer is not None and context.settings.evidence is not None
        assert (answer.status, answer.final_url) == (200, news.url(HARBOUR, "/bridge"))
        assert ["etag", '"/bridge"'] in answer.headers
        assert archived(context.settings.evidence, answer.body_sha256) == page(BODY).encode()
        hashes = session.execute(text("SELECT evidence_sha256 FROM article_versions")).scalars().all()
        assert set(hashes) == {answer.body_sha256}
        assert read_source_states(session)["harbour"].pages == {"taken": 2}


def test_a_second_night_over_unchanged_sources_sends_one_request_each_and_writes_nothing(
    news: NewsServer, crawl: Crawl, either_url: str
) -> None:
    source = a_feed(news, "/bridge", "/crane")
    front = Source(name="front", kind="page", url=news.put(COURIER, "/front", page(CRANE), modified="yesterday"))
    crawl(source, front)
    before = every_row(either_url)
    news.asked.clear()
    assert counts_of(crawl(source, front)) == {"unchanged": 1}
    assert every_row(either_url) == before
    conditions = {request.path: request.headers for request in news.asked if request.path != "/robots.txt"}
    assert sorted(conditions) == ["/feed", "/front"]
    assert conditions["/feed"]["If-None-Match"] == '"feed"'
    assert conditions["/front"]["If-Modified-Since"] == "yesterday"


def test_a_second_night_sends_conditional_requests_only_also_for_robots_txt_and_an_index(
    news: NewsServer,
    crawl: Crawl,
    context: RunContext,
    either_url: str,
    politeness: Politeness,
    fake_clock: FakeClock,
) -> None:
    news.put(HARBOUR, "/robots.txt", "User-agent: *\nDisallow: /crane", etag='"robots"', Content_Type="text/plain")
    bridge = news.put(HARBOUR, "/bridge", page(BODY), etag='"bridge"')
    crane = news.put(HARBOUR, "/crane", page(CRANE), etag='"crane"')
    urls = located(bridge) + located(crane)
    part = located(news.put(HARBOUR, "/part.xml", SITEMAP.format(urls), etag='"part"', **XML))
    index = f"<sitemapindex>{part.replace('url>', 'sitemap>')}</sitemapindex>"
    source = sitemap(news.put(HARBOUR, "/map.xml", index, etag='"index"', **XML))
    assert counts_of(crawl(source)) == {"listed": 2, "new": 1, "disallowed": 1}
    before = every_row(either_url)
    news.asked.clear()
    with Client(
        politeness, fake_clock.clock(), GuardedTransport(politeness.allowed, resolve=resolve_to_loopback)
    ) as another:
        assert counts_of(list(fetch_sources(context, [source], another))) == {}
    assert every_row(either_url) == before
    asked = {request.path: request.headers.get("If-None-Match") for request in news.asked}
    assert asked == {"/robots.txt": '"robots"', "/map.xml": '"index"', "/part.xml": '"part"'}


def test_a_feed_without_an_etag_is_unchanged_if_its_bytes_are(news: NewsServer, crawl: Crawl, either_url: str) -> None:
    source = feed(news.put(HARBOUR, "/feed", rss(entry(news.put(HARBOUR, "/bridge", page(BODY))))))
    crawl(source)
    before = every_row(either_url)
    assert counts_of(crawl(source)) == {}
    assert every_row(either_url) == before


def test_stopped_after_the_listing_its_pages_are_fetched_the_next_night(
    news: NewsServer, crawl: Crawl, context: RunContext, client: Client
) -> None:
    source = a_feed(news, "/bridge", "/crane")
    stopped = fetch_sources(context, [source], client)
    assert next(stopped).kind is OutcomeKind.LISTED
    stopped.close()  # type: ignore[attr-defined]
    assert counts_of(crawl(source)) == {"new": 2}  # although the feed is unchanged


def test_stopped_between_two_pages_the_other_one_still_waits(
    news: NewsServer, crawl: Crawl, context: RunContext, client: Client, sessions: Sessions
) -> None:
    source = a_feed(news, "/bridge", "/crane")
    stopped = fetch_sources(context, [source], client)
    assert [next(stopped).kind, next(stopped).kind] == [OutcomeKind.LISTED, OutcomeKind.NEW]
    stopped.close()  # type: ignore[attr-defined]
    assert sorted(pages(sessions).values()) == ["taken", "waiting"]
    assert counts_of(crawl(source)) == {"new": 1}


def test_an_edited_article_is_a_new_version_and_the_old_body_stays(
    news: NewsServer, crawl: Crawl, context: RunContext, sessions: Sessions
) -> None:
    crawl(a_feed(news, "/bridge"))
    source = a_feed(news, "/bridge", etag='"2"', body=BODY.replace("not wait", "wait"))
    news.put(HARBOUR, "/bridge", page(BODY.replace("not wait", "wait")), etag='"edited"')
    assert counts_of(crawl(source)) == {"edited": 1}
    with sessions() as session:
        hashes = session.scalars(select(FetchRow.body_sha256)).all()
        assert context.settings.evidence is not None
        assert [b"not wait" in archived(context.settings.evidence, each) for each in hashes] == [True, False]


def test_the_page_of_a_removed_article_is_neither_stored_nor_kept_as_evidence_nor_fetched_again(
    news: NewsServer, crawl: Crawl, context: RunContext, sessions: Sessions
) -> None:
    crawl(a_feed(news, "/bridge"))
    assert context.settings.evidence is not None
    with sessions.begin() as session:
        url = session.scalars(select(ArticleRow.url)).one()
        decision = put_article_decision(
            session, url, ArticleField.REMOVED, None, decided_by="ada", at=context.now(), reason="asked to"
        )
    erase.run(sessions, context.settings.evidence)
    source = a_feed(news, "/bridge", etag='"2"')
    news.put(HARBOUR, "/bridge", page(BODY), etag='"changed"')
    (outcome,) = crawl(source)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.REMOVED, "a person removed this article")
    assert list(context.settings.evidence.rglob("*.gz")) == []
    assert pages(sessions) == {"bridge": "removed"}
    assert counts_of(crawl(a_feed(news, "/bridge", etag='"3"'))) == {}
    with sessions.begin() as session:
        revoke_article_decision(session, decision, context.now())
        extract_decided_articles(session)
    assert counts_of(crawl(a_feed(news, "/bridge", etag='"4"'))) == {"new": 1}


def test_a_page_that_is_gone_keeps_its_evidence(news: NewsServer, crawl: Crawl, sessions: Sessions) -> None:
    crawl(a_feed(news, "/bridge"))
    source = a_feed(news, "/bridge", etag='"2"')
    news.put(HARBOUR, "/bridge", status=410)
    assert counts_of(crawl(source)) == {"gone": 1}
    with sessions() as session:
        row = session.scalars(select(PageRow)).one()
        assert (row.state, row.reason) == ("gone", "the server answered 410")
        assert session.scalars(select(FetchRow.status)).all() == [200, 410]
        assert session.execute(text("SELECT count(*) FROM article_versions")).scalar() == 1


def test_a_page_that_fails_is_tried_some_nights_and_given_up(
    news: NewsServer, crawl: Crawl, sessions: Sessions
) -> None:
    source = a_feed(news, "/bridge")
    news.put(HARBOUR, "/bridge", status=403)
    nights = [counts_of(crawl(source)) for _ in range(TRIES + 1)]
    assert nights == [{"listed": 1, "failed": 1}, *[{"failed": 1}] * (TRIES - 1), {}]
    assert pages(sessions) == {"bridge": "given_up"}
    with sessions() as session:
        assert session.scalars(select(FailureRow.reason)).all() == ["the server answered 403 Forbidden"] * TRIES


def test_a_host_that_asks_for_a_long_pause_gets_no_request_until_the_next_night(
    news: NewsServer, crawl: Crawl, sessions: Sessions
) -> None:
    source = a_feed(news, "/bridge", "/crane")
    news.answer(
        HARBOUR,
        "/bridge",
        lambda _: Response(status=429, headers={"Retry-After": "3600"}),
        lambda _: Response(page(BODY)),
    )
    assert counts_of(crawl(source)) == {"listed": 2, "later": 2}
    assert set(pages(sessions).values()) == {"waiting"}
    assert counts_of(crawl(source)) == {"new": 2}


@pytest.mark.parametrize(
    ("answer", "what", "state"),
    [
        ({"body": b"%PDF-1.7", "Content_Type": "application/pdf"}, "not_a_page", "not_a_page"),
        ({"body": "<html><nav>Home</nav></html>"}, "unread", "unread"),
        ({"status": 404}, "gone", "gone"),
        ({"body": gzip.compress(page(BODY).encode(), mtime=0)[:-9], "Content_Encoding": "gzip"}, "failed", "waiting"),
        ({"status": 302, "Location": "http://127.0.0.2/"}, "failed", "waiting"),
        ({"status": 500}, "failed", "waiting"),
        ({"body": b"x" * (16 * 2**20 + 1)}, "failed", "waiting"),
    ],
)
def test_a_page_without_an_article_has_an_outcome_and_a_reason(
    news: NewsServer, crawl: Crawl, sessions: Sessions, answer: dict[str, object], what: str, state: str
) -> None:
    source = a_feed(news, "/bridge")
    news.put(HARBOUR, "/bridge", **answer)  # type: ignore[arg-type]
    _, outcome = crawl(source)
    assert (str(outcome.kind), outcome.where) == (what, news.url(HARBOUR, "/bridge"))
    assert outcome.reason
    assert pages(sessions) == {"bridge": state}


def test_a_page_that_robots_txt_disallows_is_not_fetched(news: NewsServer, crawl: Crawl, sessions: Sessions) -> None:
    source = a_feed(news, "/bridge", "/crane")
    news.put(HARBOUR, "/robots.txt", "User-agent: *\nDisallow: /crane", Content_Type="text/plain")
    assert counts_of(crawl(source)) == {"listed": 2, "new": 1, "disallowed": 1}
    assert "/crane" not in news.paths(HARBOUR)
    assert pages(sessions) == {"bridge": "taken", "crane": "disallowed"}


def test_an_unreadable_listing_is_a_failure_of_its_source(news: NewsServer, crawl: Crawl) -> None:
    (outcome,) = crawl(feed(news.put(HARBOUR, "/feed", "<html>Log in</html>")))
    assert (outcome.kind, outcome.source) == (OutcomeKind.FAILED, "harbour")
    assert outcome.reason is not None and "not a feed" in outcome.reason


def test_addresses_that_differ_in_tracking_are_one_page(news: NewsServer, crawl: Crawl) -> None:
    url = news.put(HARBOUR, "/bridge", page(BODY))
    entries = [entry(f"{url}?utm_source=rss"), entry(f"{url}#top"), entry(url)]
    assert counts_of(crawl(feed(news.put(HARBOUR, "/feed", rss(*entries))))) == {"listed": 1, "new": 1}


def test_a_page_of_two_sources_is_fetched_once(news: NewsServer, crawl: Crawl) -> None:
    source = a_feed(news, "/bridge")
    other = sitemap(news.put(HARBOUR, "/news.xml", SITEMAP.format(located(news.url(HARBOUR, "/bridge"))), **XML))
    assert counts_of(crawl(source, other)) == {"listed": 1, "new": 1}


def test_a_page_that_its_feed_still_lists_is_fetched_again_while_it_is_young(
    news: NewsServer, crawl: Crawl, fake_clock: FakeClock
) -> None:
    crawl(a_feed(news, "/bridge", etag='"1"'))
    assert counts_of(crawl(a_feed(news, "/bridge", etag='"2"'))) == {"unchanged": 1}
    fake_clock.seconds += REVISITED.total_seconds()
    assert counts_of(crawl(a_feed(news, "/bridge", etag='"3"'))) == {}


def test_only_the_changed_page_of_a_sitemap_is_fetched_again(
    news: NewsServer, crawl: Crawl, fake_clock: FakeClock
) -> None:
    urls = [news.put(COURIER, path, page(BODY)) for path in ("/old", "/changed")]
    source = sitemap(news.put(COURIER, "/news.xml", SITEMAP.format("".join(map(located, urls))), **XML))
    assert counts_of(crawl(source)) == {"listed": 2, "new": 2}
    news.asked.clear()
    later = (STARTED + timedelta(days=2)).date().isoformat()
    news.put(COURIER, "/news.xml", SITEMAP.format(located(urls[0]) + located(urls[1], later)), **XML)
    crawl(source)
    assert news.paths(COURIER) == ["/news.xml", "/changed"]


def test_a_clock_that_goes_back_between_two_nights_hides_no_edit(
    news: NewsServer, crawl: Crawl, fake_clock: FakeClock, sessions: Sessions
) -> None:
    bridge = news.url(COURIER, "/bridge")
    news.put(COURIER, "/bridge", page(BODY), etag='"1"')
    first = news.put(COURIER, "/sitemap.xml", SITEMAP.format(located(bridge, "2031-03-04T01:00:00Z")), **XML)
    fake_clock.ahead = 400 * 86_400.0
    assert counts_of(crawl(sitemap(first))) == {"listed": 1, "new": 1}
    fake_clock.ahead = 0.0
    news.put(COURIER, "/bridge", page(f"{BODY}\nThe town council meets again on Tuesday evening."), etag='"2"')
    news.put(COURIER, "/sitemap.xml", SITEMAP.format(located(bridge, "2031-03-05T01:00:00Z")), **XML)
    assert counts_of(crawl(sitemap(first))) == {"edited": 1}
    with sessions() as session:
        current = session.scalars(select(ArticleVersionRow.text).where(ArticleVersionRow.is_current)).all()
        assert [shown.rpartition("\n")[2] for shown in current] == ["The town council meets again on Tuesday evening."]


def test_an_earlier_first_day_reads_an_unchanged_listing_again(news: NewsServer, crawl: Crawl) -> None:
    old = news.put(HARBOUR, "/old", page(BODY))
    new = news.put(HARBOUR, "/new", page(BODY))
    entries = rss(entry(old, "Mon, 03 Mar 2031 01:00:00 GMT"), entry(new))
    source = feed(news.put(HARBOUR, "/feed", entries, etag='"1"'))
    assert counts_of(crawl(source, since=date(2031, 3, 4)))["new"] == 1
    assert counts_of(crawl(source, since=date(2031, 3, 1)))["new"] == 1


def test_a_limit_leaves_the_rest_waiting(news: NewsServer, crawl: Crawl) -> None:
    source = a_feed(news, "/one", "/two", "/three")
    assert counts_of(crawl(source, limit=2)) == {"listed": 3, "new": 2}
    assert counts_of(crawl(source)) == {"new": 1}


def test_a_page_that_moved_permanently_is_requested_at_its_new_address(news: NewsServer, crawl: Crawl) -> None:
    source = a_feed(news, "/old", etag='"1"')
    news.put(HARBOUR, "/new", page(BODY), etag='"new"')
    news.put(HARBOUR, "/old", status=301, Location="/new")
    crawl(source)
    news.asked.clear()
    news.put(HARBOUR, "/feed", rss(entry(news.url(HARBOUR, "/old"))))
    assert counts_of(crawl(source)) == {"unchanged": 1}
    assert news.paths(HARBOUR) == ["/feed", "/new"]


# Whole nights


@pytest.fixture
def night(sessions: Sessions, client: Client, fake_clock: FakeClock, tmp_path: Path) -> Callable[..., Night]:
    def _night(*sources: Source) -> Night:
        fake_clock.seconds += 86_400
        return nightly(
            sessions,
            sources,
            connect=lambda: client,
            outlets=load_outlets(),
            settings=Settings(evidence=tmp_path / "evidence"),
            now=fake_clock.clock().now,
        )

    return _night


def test_nights_at_three_newspapers_have_the_right_counts_and_lose_nothing(
    news: NewsServer, night: Callable[..., Night], sessions: Sessions, either_url: str
) -> None:
    harbour = a_feed(news, "/bridge", "/crane")
    news.put(HARBOUR, "/crane", page(CRANE, title="Crane idle"), etag='"c"')
    wire = news.put(COURIER, "/wire", page(BODY, title="No bridge this winter"))
    news.put(COURIER, "/broken", status=403)
    courier = sitemap(
        news.put(
            COURIER,
            "/news.xml",
            SITEMAP.format(located(wire) + located(news.url(COURIER, "/broken"))),
            etag='"n"',
            **XML,
        )
    )
    tribune = feed(news.put(TRIBUNE, "/feed", status=404), "tribune")
    first = night(harbour, courier, tribune)
    assert first.sources == {
        "harbour": {"listed": 2, "new": 2},
        "courier": {"listed": 2, "new": 1, "failed": 1},
        "tribune": {"failed": 1},
    }
    assert (first.failed, first.quotations, first.utterances) == (2, 3, 2)
    assert {failure.where for failure in first.failures} == {
        news.url(COURIER, "/broken"),
        news.url(TRIBUNE, "/feed"),
    }
    assert [first.stages[stage]["done"] for stage in ("extracting", "linking", "relating")] == [3, 3, 2]
    with sessions() as session:
        carriers = {u.speaker: sorted(u.outlets) for u in iter_utterances(session)}
        assert carriers == {"Ottilie Quill": [COURIER, HARBOUR], "Tadeo Brisk": [HARBOUR]}
        assert all(sighting.url.startswith("http") for sighting in read_sightings(session) if sighting.url)
    news.put(COURIER, "/broken", page(CRANE, title="The crane"))
    second = night(harbour, courier, tribune)
    assert second.sources == {"courier": {"new": 1}, "tribune": {"failed": 1}}
    assert (second.quotations, second.utterances) == (4, 2)
    before = every_row(either_url)
    third = night(harbour, courier)
    assert third.counts() == {**second.counts(), "new": 0, "failed": 0}
    assert every_row(either_url) == before
