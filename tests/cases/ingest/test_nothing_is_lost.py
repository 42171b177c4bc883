"""Different articles in files of every kind are as many articles on file, or it is told by name why not."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.cases.ingest.test_formats import record
from tests.cases.ingest.test_nights import QUAY, XML, Nights, feed, located, sitemap
from tests.ingest.newsserver import FakeClock, NewsServer, entry, page, rss

from quotetrack.core.domain import Article, Failure
from quotetrack.core.settings import Settings
from quotetrack.ingest.crawl.client import Politeness
from quotetrack.ingest.outlets import load_outlets
from quotetrack.ingest.reader import read_path
from quotetrack.pipeline.intake import RunContext
from quotetrack.pipeline.nightly import _take_article
from quotetrack.store import close_store, open_store
from quotetrack.store.runs import start_run
from quotetrack.store.tables import ArticleRow, ArticleVersionRow

pytest_plugins = ("tests.ingest.served",)

NOW = datetime(2031, 3, 12, tzinfo=UTC)
OUTLETS = load_outlets()
# Addresses that are none of an article: a path, another scheme, the front page.
ADDRESSES = st.sampled_from(
    [None, "", "N/A", "/news/story", "http://[::1", "javascript:void(0)", "https://quay.example/", "urn:x"]
)
HAS_ID = st.booleans()
KINDS = st.sampled_from(["text", "html", "jsonl", "warc", "warc.gz"])


WORDS = (
    "anchor apron barrel beacon bridge bucket cable candle canal carpet castle cellar chapel cherry cinder "
    "copper cotton cradle crane dagger desert dinner drum eagle ember engine falcon ferry field flour forge "
    "garden glove grain hammer harbour hazel hedge honey island jacket kettle ladder lantern lemon linen "
    "magnet marble meadow mirror mortar needle orchard otter oyster paddle parcel pepper pillow planet plough "
    "quarry rabbit ribbon saddle salmon shovel silver spider stable string sugar table temple thistle thunder "
    "timber tower tunnel turnip valley velvet violin wagon walnut "
).split()


def some_words(number: int, line: int, count: int) -> str:
    """Return words that no other article has in this order."""
    return " ".join(Random(number * 10 + line).sample(WORDS, count))


# How an article is worded: in words of its own, on the pattern of all others, or so under one title every day.
FORMS = st.sampled_from(["own", "pattern", "daily"])


def title_of(number: int, form: str) -> str:
    match form:
        case "own":
            return f"Shed {number}: {some_words(number, 0, 6)}"
        case "pattern":
            return f"Shed {number} works on"
        case _:
            return "The quay today"


def text_of(number: int, form: str) -> str:
    if form == "own":
        return (
            f"Crews moved {some_words(number, 1, 14)} into shed {number}.\n"
            f"“We lost {some_words(number, 2, 9)} at line {number},” said Hale Brannock.\n"
            f"Inspectors found {some_words(number, 3, 14)} on line {number}."
        )
    return (
        f"Crews at shed {number} worked through the night while the rest of the town slept behind its shutters.\n"
        f"“Line {number} will carry {number + 7} crates before the frost,” said Hale Brannock, who runs the shed.\n"
        f"The work on line {number} is expected to last until the end of the month, the port office said."
    )


def write(folder: Path, number: int, form: str, kind: str, address: str | None, given_id: object) -> None:
    text, title = text_of(number, form), title_of(number, form)
    html = page(text, title=title).encode()
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html
    match kind:
        case "text":
            (folder / f"{number}.txt").write_text(text)
        case "html":
            (folder / f"{number}.html").write_bytes(html)
        case "jsonl":
            line = {"text": text, "title": title, "url": address, "id": given_id}
            with (folder / "all.jsonl").open("a") as out:
                out.write(json.dumps(line) + "\n")
        case "warc":
            with (folder / "all.warc").open("ab") as out:
                out.write(record(address or "", block=block))
        case _:
            with (folder / "all.warc.gz").open("ab") as out:
                out.write(gzip.compress(record(address or "", block=block)))


@settings(max_examples=4, deadline=None)
@given(given_articles=st.lists(st.tuples(KINDS, ADDRESSES, HAS_ID), min_size=1, max_size=6), form=FORMS)
def test_as_many_articles_are_on_file_as_were_given(given_articles, form):
    with TemporaryDirectory() as place:
        folder = Path(place, "in")
        folder.mkdir()
        for number, (kind, address, has_id) in enumerate(given_articles):
            write(folder, number, form, kind, address, f"story-{number}" if has_id else None)
        sessions = open_store(f"sqlite:///{Path(place, 'news.db')}")
        with sessions.begin() as session:
            run_id = start_run(session, "ingest", "test", NOW)
        context = RunContext(sessions, run_id, OUTLETS, lambda: NOW, Settings(evidence=None))
        results = list(read_path(folder, outlets=OUTLETS))
        failed = sum(isinstance(result, Failure) for result in results)
        assert failed + sum(isinstance(result, Article) for result in results) == len(given_articles)
        for result in results:
            _take_article(context, result)
        with sessions() as session:
            stored = session.scalar(select(func.count()).select_from(ArticleRow))
        close_store(sessions)
    assert (stored, failed) == (len(given_articles), 0)


# How a site may tell its articles apart in their addresses, and what its template may name as the canonical one.
NUMBERED = st.sampled_from(
    [
        "/a/{}",
        "/story.php?ref={}",
        "/story.php?id={}",
        "/?p={}",
        "/news?feature={}",
        "/read?cmp={}",
        "/show?share={}",
        "/{}/",
    ]
)
CANONICAL = st.sampled_from([None, "/", "/news/", "/en/", "/index.php", "{{ page.url }}", "/story.php", "#main"])
LESS = st.sampled_from(["stub", "consent", "gone", "redirect", "error", "empty", "whole"])


def page_of(number: int, form: str, canonical: str | None, lines: int = 3) -> str:
    body = "\n".join(text_of(number, form).splitlines()[:lines])
    head = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return page(body if lines == 3 else f"{body}\nSubscribe to read more.", head=head, title=title_of(number, form))


def serve_less(news: NewsServer, path: str, stub: str, less: str) -> None:
    """Let an address show less than the article, or something else."""
    match less:
        case "stub":
            news.put(QUAY, path, stub)
        case "consent":
            news.put(QUAY, path, page("We and our partners store cookies on a device.", title="Your privacy choices"))
        case "redirect":
            news.put(QUAY, path, status=302, Location=news.url(QUAY, "/"))
        case "empty":
            news.put(QUAY, path, "<html><body></body></html>")
        case "gone" | "error":
            news.put(QUAY, path, status=410 if less == "gone" else 500)


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    listed=st.lists(st.tuples(st.sampled_from(["feed", "map"]), NUMBERED, LESS), min_size=1, max_size=6),
    canonical=CANONICAL,
    form=FORMS,
)
def test_as_many_pages_as_a_site_lists_are_on_file_and_stay_whole(
    news: NewsServer,
    fake_clock: FakeClock,
    politeness: Politeness,
    listed: list[tuple[str, str, str]],
    canonical: str | None,
    form: str,
) -> None:
    paths = [(source, form.format(number), less) for number, (source, form, less) in enumerate(listed, start=101)]
    for number, (_, path, _) in enumerate(paths, start=101):
        news.put(QUAY, path, page_of(number, form, canonical))
    urls = {name: [news.url(QUAY, path) for source, path, _ in paths if source == name] for name in ("feed", "map")}
    # Each entry has its own day; the pages and the sitemap have none.
    entries = rss(*(entry(url, f"{day:02} Mar 2031 01:00:00 +0100") for day, url in enumerate(urls["feed"], start=3)))
    sources = [
        feed("feed", news.put(QUAY, "/feed", entries, **XML)),
        sitemap("map", news.put(QUAY, "/map.xml", located(*urls["map"]), **XML)),
    ]
    whole = {text_of(number, form).replace("\n", "\n\n") for number, _ in enumerate(paths, start=101)}
    with TemporaryDirectory() as place:
        sessions = open_store(f"sqlite:///{Path(place, 'news.db')}")
        nights = Nights(sessions, news, fake_clock, politeness, Path(place))
        assert nights.run(*sources)["new"] == len(paths)
        for number, (_, path, less) in enumerate(paths, start=101):
            serve_less(news, path, page_of(number, form, canonical, lines=1), less)
        news.put(QUAY, "/", page("The quay has news of sheds.", title="Quay News"))
        news.put(QUAY, "/feed", f"{entries}<!-- 2 -->", **XML)
        news.put(QUAY, "/map.xml", located(*urls["map"]) + "<!-- 2 -->", **XML)
        nights.run(*sources)
        with sessions() as session:
            current = session.scalars(select(ArticleVersionRow.text).where(ArticleVersionRow.is_current)).all()
        close_store(sessions)
    assert whole <= set(current)
    lacking = sum(less != "whole" for _, _, less in paths)
    assert len(nights.told()) >= lacking
