"""The commands `sources list`, `sources check` and `sources add`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.ingest.newsserver import CONTACT, NewsServer, entry, page, rss

pytest_plugins = ("tests.ingest.served",)

SITE = "127.0.0.1"
BODY = "“We will not wait,” said Mayor Ottilie Quill on Friday.\nThe ferry is free until the bridge opens again."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder whose settings allow fetching from this machine."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quotetrack.toml").write_text(
        f'database = "news.db"\nevidence = ""\ncontact = "{CONTACT}"\nfetch_delay = 0\n'
        'fetch_private = ["127.0.0.1/32"]\n'
    )
    return tmp_path


@pytest.fixture
def site(news: NewsServer) -> NewsServer:
    """Return a site whose front page links to its feed of one page."""
    bridge = news.put(SITE, "/bridge", page(BODY))
    news.put(SITE, "/feed", rss(entry(bridge)))
    news.put(SITE, "/", page(BODY, head='<link rel="alternate" type="application/rss+xml" href="/feed">'))
    return news


def sources(home: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads((home / "quotetrack.toml").read_text())["source"]
    return found


def test_the_feed_of_a_site_is_added_checked_read_and_listed(home: Path, site: NewsServer) -> None:
    url = site.url(SITE, "/feed")
    added = quotetrack("sources", "add", site.url(SITE), "--name", "harbour", "--outlet", "harbourpost")
    assert (added.exit_code, added.stdout) == (0, f"harbour: feed  {url}  1 page\n")
    assert sources(home) == [{"name": "harbour", "kind": "feed", "url": url, "outlet": "harbourpost"}]
    assert quotetrack("sources", "list").stdout == f"harbour  feed  {url}  not read yet\n"
    assert quotetrack("sources", "check").stdout == "harbour  feed  1 page, 1 new\n"
    assert quotetrack("nightly").exit_code == 0
    assert "; 1 taken\n" in quotetrack("sources", "list").stdout
    (listed,) = json.loads(quotetrack("sources", "list", "--json").stdout)
    assert listed["pages"] == {"taken": 1} and listed["last_gave"]
    assert quotetrack("nightly", "--dry-run").stdout == "harbour  feed  1 page, 0 new\n"
    assert quotetrack("sources", "check").stdout == "harbour  feed  1 page, 0 new\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '[[source]] # mine\nname = "old" # keep\nkind = "folder"\npath = "in" # here\n',
            '[[source]] # mine\nname = "old" # keep\nkind = "folder"\npath = "in" # here\n\n'
            '[[source]]\nname = "harbour"\nkind = "feed"\nurl = "URL"\n',
        ),
        (
            'source = [{name = "old", kind = "folder", path = "in"}] # short\n',
            'source = [{name = "old", kind = "folder", path = "in"}, {name = "harbour", kind = "feed", url = "URL"}]'
            " # short\n",
        ),
    ],
)
def test_adding_a_source_keeps_comments_and_form(home: Path, site: NewsServer, before: str, after: str) -> None:
    settings = (home / "quotetrack.toml").read_text()
    (home / "quotetrack.toml").write_text(settings + before)
    assert quotetrack("sources", "add", site.url(SITE), "--name", "harbour").exit_code == 0
    assert (home / "quotetrack.toml").read_text() == settings + after.replace("URL", site.url(SITE, "/feed"))


def test_without_a_name_a_source_is_called_by_its_host(home: Path, site: NewsServer) -> None:
    for _ in range(2):
        assert quotetrack("sources", "add", site.url(SITE, "/feed")).exit_code == 0
    assert [source["name"] for source in sources(home)] == ["127.0.0.1", "127.0.0.1-2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--name", "two words"), "not a valid name for a source"),
        (("--name", "harbour"), "two sources are called 'harbour'"),
    ],
)
def test_an_invalid_name_is_refused_and_the_file_is_unchanged(
    home: Path, site: NewsServer, arguments: tuple[str, ...], message: str
) -> None:
    quotetrack("sources", "add", site.url(SITE), "--name", "harbour")
    before = (home / "quotetrack.toml").read_text()
    result = quotetrack("sources", "add", site.url(SITE), *arguments)
    assert result.exit_code == 1
    assert message in result.stderr
    assert (home / "quotetrack.toml").read_text() == before


def test_a_site_without_a_feed_is_an_error(home: Path, news: NewsServer) -> None:
    result = quotetrack("sources", "add", news.put(SITE, "/", page(BODY)))
    assert result.exit_code == 1
    assert "no feed and no news sitemap was found" in result.stderr


def test_a_check_reports_what_is_wrong(home: Path, news: NewsServer) -> None:
    gone = news.put(SITE, "/feed", status=404)
    with (home / "quotetrack.toml").open("a") as out:
        out.write(f'[[source]]\nname = "gone"\nkind = "feed"\nurl = "{gone}"\n')
        out.write('[[source]]\nname = "nowhere"\nkind = "folder"\npath = "nowhere"\n')
        out.write(f'[[source]]\nname = "front"\nkind = "page"\nurl = "{news.url(SITE, "/front")}"\n')
    result = quotetrack("sources", "check", "--json")
    assert result.exit_code == 3
    problems = {one["name"]: one["problems"] for one in json.loads(result.stdout)}
    assert "no such feed or sitemap" in problems["gone"][0]
    assert problems["nowhere"] == ["nowhere: no such file"]
    assert problems["front"] == ["the server answered 404"]
    assert quotetrack("sources", "check", "tribune").exit_code == 1


def test_without_sources_the_list_is_empty_and_says_so(home: Path) -> None:
    result = quotetrack("sources", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "sources add URL" in result.stderr
