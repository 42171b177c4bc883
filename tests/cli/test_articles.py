"""The commands about articles: data on standard output, messages on standard error, one sentence for a mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.synthetic_news import every_row

from quotetrack.store import url_of
from quotetrack.store.lock import run_lock

pytest_plugins = ("tests.filled_store",)

HERRING = "herring_talks.txt"


def shown(either_newsroom: str, article: str = HERRING) -> dict[str, object]:
    result = quotetrack("articles", "show", article, "--json", "--database", either_newsroom)
    assert result.exit_code == 0, result.output
    record: dict[str, object] = json.loads(result.stdout)
    return record


def field(record: dict[str, object], name: str) -> tuple[str | None, str | None]:
    fields = record["fields"]
    assert isinstance(fields, list)
    return next((each["printed"], each["decided"]) for each in fields if each["field"] == name)


def test_articles_are_listed(ingested: Path) -> None:
    lines = quotetrack("articles", "list", "--database", ingested).stdout.splitlines()
    assert len(lines) == 12
    assert any("2026-03-14" in line and "unknown  Herring talks end without a deal" in line for line in lines)
    listed = quotetrack("articles", "list", "--outlet", "unknown", "--json", "--database", ingested)
    (article,) = json.loads(listed.stdout)
    assert (article["published"], article["quotations"], article["removed"]) == ("2026-03-14", 5, None)
    none = quotetrack("articles", "list", "--since", "2030-01-01", "--database", ingested)
    assert (none.stdout, none.stderr, none.exit_code) == ("", "No article matches.\n", 0)


def test_an_article_is_shown_with_its_versions_and_quotations(ingested: Path) -> None:
    text = quotetrack("articles", "show", HERRING, "--database", ingested).stdout
    assert "  Title: Herring talks end without a deal\n" in text
    assert "“Fish do not carry passports,”" in text
    record = shown(ingested)
    (version,) = record["versions"]  # type: ignore[misc]
    assert (version["current"], version["extractor"], version["modified"]) == (True, "reader-22", None)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["show", "no-such-article"], 1, "There is no article no-such-article."),
        (["show", "example"], 1, "Several articles fit example: "),
        (["show", "9" * 20], 1, "There is nothing with this number"),
        (["set", HERRING, "--published", "soon"], 2, "'soon' is not a date"),
        (["set", HERRING, "--url", "harbour"], 2, "'harbour' is not a web address"),
        (["set", HERRING, "--title", " "], 2, "title is blank"),
        (["set", HERRING], 2, "give at least one of outlet"),
        (["undo", "99"], 1, "no decision 99 about an article is in force"),
        (["remove", HERRING], 2, "--reason"),
    ],
)
def test_a_mistake_is_one_sentence(either_newsroom: str, arguments: list[str], code: int, message: str) -> None:
    result = quotetrack("articles", *arguments, "--database", either_newsroom)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.output


def test_what_is_set_is_shown_until_it_is_undone(either_newsroom: str) -> None:
    url = "https://skarn.example/herring"
    result = quotetrack(
        "articles", "set", HERRING, "--url", url, "--by", "ada", "--reason", "masthead", "--database", either_newsroom
    )
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"url: {url}. To undo: quotetrack articles undo 1" in result.stderr
    record = shown(either_newsroom, url)
    assert field(record, "url")[1] == url
    (decision,) = record["decisions"]  # type: ignore[misc]
    assert (decision["by"], decision["reason"], decision["revoked"]) == ("ada", "masthead", None)
    assert url in quotetrack("ask", "herring", "--database", either_newsroom).stdout
    assert quotetrack("articles", "undo", "1", "--database", either_newsroom).exit_code == 0
    assert field(shown(either_newsroom), "url")[1] is None


def test_while_another_run_works_the_decision_is_recorded_and_said_to_follow(either_newsroom: str) -> None:
    with run_lock(url_of(either_newsroom)):
        result = quotetrack("articles", "set", HERRING, "--published", "2026-03-20", "--database", either_newsroom)
    assert result.exit_code == 0
    assert "Another run is using the database, and will apply this" in result.stderr
    assert field(shown(either_newsroom), "published") == ("2026-03-14", "2026-03-20")


def test_a_removed_article_leaves_its_url_and_the_next_ingest_says_so(either_newsroom: str, tmp_path: Path) -> None:
    (tmp_path / "again.txt").write_bytes(Path(str(shown(either_newsroom)["url"]).removeprefix("file:")).read_bytes())
    result = quotetrack("articles", "remove", HERRING, "--reason", "asked to", "--database", either_newsroom)
    assert result.exit_code == 0, result.output
    record = shown(either_newsroom)
    assert record["removed"] is not None and record["quotations"] == []
    assert "passports" not in str(every_row(either_newsroom, but=()))
    again = quotetrack("ingest", tmp_path / "again.txt", "--json", "--database", either_newsroom)
    assert json.loads(again.stdout)["removed"] == 1
    assert "(removed " in quotetrack("articles", "list", "--limit", "99", "--database", either_newsroom).stdout


def test_an_outlet_that_is_given_later_completes_the_article(either_newsroom: str) -> None:
    path = str(shown(either_newsroom)["url"]).removeprefix("file:")
    result = quotetrack("ingest", path, "--outlet", "skarnpost", "--database", either_newsroom)
    assert result.stdout.startswith("0 new, 0 unchanged, 0 edited, 1 completed, 0 failed")
    assert field(shown(either_newsroom), "outlet") == ("skarnpost", None)
