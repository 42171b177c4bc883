"""The command `checks match`, with invented fact-checks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

CLAIMS = (
    "The Varland ferry carried 4,000 cars in March.",
    "The Saltmere harbour has never been dredged.",
    "Trawlers of the northern fleet catch 12 tonnes of herring a day.",
    "The storm barrier will cost three million crowns.",
)
FERRY = {"id": "a", "words": "The Varland ferry carried 4,000 cars in March, and nobody thanked the crew."}


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    reviews = [
        {
            "@type": "ClaimReview",
            "url": f"https://c.example/{number}",
            "claimReviewed": claim,
            "author": {"name": "Varland Checks"},
            "datePublished": "2031-05-04",
            "reviewRating": {"alternateName": "Wrong"},
        }
        for number, claim in enumerate(CLAIMS)
    ]
    file = tmp_path / "feed.json"
    file.write_text(json.dumps({"dataFeedElement": [{"item": [review]} for review in reviews]}), "utf-8")
    return file


def lines(*sentences: dict[str, object] | str) -> str:
    return "".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in sentences)


def test_each_sentence_has_a_line_with_its_fact_checks_the_likeliest_first(feed: Path) -> None:
    other = {"id": 2, "words": "The harbour at Saltmere was never dredged.", "speaker": None, "date": "2031-05"}
    result = quotetrack("checks", "match", "--jsonl", "-", "--checks", feed, "--json", given=lines(FERRY, other))
    assert (result.exit_code, result.stderr) == (0, "")
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], second["id"]) == ("a", 2)
    assert [line["ranked"][0]["url"] for line in (first, second)] == ["https://c.example/0", "https://c.example/1"]
    scores = [each["score"] for each in first["ranked"]]
    assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)


def test_only_what_is_sure_enough_is_printed_with_verdict_publisher_and_day(feed: Path) -> None:
    unrelated = {"id": "b", "words": "Good evening, and thank you all for coming."}
    result = quotetrack("checks", "match", "--jsonl", "-", "--checks", feed, given=lines(FERRY, unrelated))
    assert result.stdout == (
        f"a: fact-checked: '{CLAIMS[0]}' - Wrong, Varland Checks, 2031-05-04 <https://c.example/0>\n"
    )


def test_a_malformed_line_and_a_bad_record_are_reported_and_skipped(feed: Path) -> None:
    reviews = json.loads(feed.read_text("utf-8"))
    reviews["dataFeedElement"][1]["item"][0]["url"] = None
    feed.write_text(json.dumps(reviews), "utf-8")
    given = lines(FERRY, "{", {"id": "c", "words": "It sank.", "date": "soon"})
    result = quotetrack("checks", "match", "--jsonl", "-", "--checks", feed, "--json", given=given)
    assert result.exit_code == 3 and len(result.stdout.splitlines()) == 1
    assert "feed.json, record 2: it has no url" in result.stderr
    assert "-:2: not valid JSON" in result.stderr and "-:3: \"date\" is 'soon'" in result.stderr


def test_the_vectors_of_a_feed_are_kept(feed: Path, tmp_path: Path) -> None:
    quotetrack("checks", "match", "--jsonl", "-", "--checks", feed, "--json", given=lines(FERRY))
    (kept,) = (tmp_path / "cache" / "quotetrack" / "vectors").iterdir()
    kept.write_bytes(kept.read_bytes()[:100])  # cut short: made anew
    result = quotetrack("checks", "match", "--jsonl", "-", "--checks", feed, "--json", given=lines(FERRY))
    assert result.exit_code == 0 and kept.stat().st_size > 100


def test_a_feed_that_is_none_is_refused(feed: Path) -> None:
    feed.write_text("{", "utf-8")
    result = quotetrack("checks", "match", "--jsonl", "-", "--checks", feed, given=lines(FERRY))
    assert result.exit_code == 1 and "not valid JSON" in result.stderr


# import, list, show, of


def counted(*arguments: str | Path) -> dict[str, int]:
    return json.loads(quotetrack("checks", "import", *arguments, "--json").stdout)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QUOTETRACK_EVIDENCE", str(tmp_path / "evidence"))
    return tmp_path / "news.db"


def test_an_import_stores_each_fact_check_once_and_keeps_the_file(feed: Path, database: Path, tmp_path: Path) -> None:
    first = counted(feed, "--database", database)
    assert first == {"new": 4, "revised": 0, "unchanged": 0, "failed": 0}
    assert counted(feed, "--database", database) == {"new": 0, "revised": 0, "unchanged": 4, "failed": 0}
    assert len(list((tmp_path / "evidence").rglob("*.gz"))) == 1
    listed = json.loads(quotetrack("checks", "list", "--json", "--database", database).stdout)
    assert [(check["claim"], check["verdict"]) for check in listed] == [(claim, "Wrong") for claim in CLAIMS]


def test_a_revised_verdict_is_current_and_the_earlier_one_is_kept(feed: Path, database: Path) -> None:
    counted(feed, "--database", database)
    feed.write_text(feed.read_text("utf-8").replace('"Wrong"', '"Half right"', 1), "utf-8")
    assert counted(feed, "--database", database) == {"new": 0, "revised": 1, "unchanged": 3, "failed": 0}
    found = quotetrack("checks", "list", "--about", "ferry", "--json", "--database", database)
    (current,) = json.loads(found.stdout)
    assert current["verdict"] == "Half right"
    forms = json.loads(quotetrack("checks", "show", str(current["id"]), "--json", "--database", database).stdout)
    assert [form["verdict"] for form in forms] == ["Half right", "Wrong"]


def test_a_verdict_that_goes_back_to_its_earlier_form_counts_as_revised(feed: Path, database: Path) -> None:
    first = feed.read_text("utf-8")
    for text in (first, first.replace('"Wrong"', '"Half right"', 1)):
        feed.write_text(text, "utf-8")
        counted(feed, "--database", database)
    feed.write_text(first, "utf-8")
    assert counted(feed, "--database", database) == {"new": 0, "revised": 1, "unchanged": 3, "failed": 0}
    assert counted(feed, "--database", database) == {"new": 0, "revised": 0, "unchanged": 4, "failed": 0}


def test_bad_records_are_told_by_number_and_the_others_are_stored(database: Path, tmp_path: Path) -> None:
    table = tmp_path / "checks.csv"
    table.write_text("link,claim\nhttps://c.example/1,It sank.\nnowhere,It sank.\nhttps://c.example/3,\n", "utf-8")
    result = quotetrack("checks", "import", table, "--column", "url=link", "--database", database)
    assert result.exit_code == 3 and "Fact-checks: 1 new, 0 revised, 0 unchanged, 2 failed" in result.stdout
    assert "record 2: its url 'nowhere' is no web address" in result.stderr
    assert "record 3: it has no claim" in result.stderr


def test_the_fact_checks_of_a_claimant_are_found_by_name(database: Path, tmp_path: Path) -> None:
    table = tmp_path / "checks.csv"
    rows = "https://c.example/1,It sank.,Orla Venn\nhttps://c.example/2,It floats.,Ragna Telle\n"
    table.write_text("url,claim,claimant\n" + rows, "utf-8")
    counted(table, "--database", database)
    found = quotetrack("checks", "list", "--speaker", "Mrs. Orla Venn", "--database", database)
    assert found.stdout == "1. Orla Venn, fact-checked: 'It sank.' <https://c.example/1>\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("show", "7"), 1, "There is no fact-check 7"),
        (("list", "--speaker", "Nobody"), 0, "No stored fact-check matches"),
        (("of", "Nobody"), 1, "quotetrack checks list --speaker NAME"),
        (("import", "none.json"), 1, "none.json: no such file"),
        (("import", "."), 1, ".: a folder, not a file"),
        (("import", "none.json", "--column", "claim"), 2, "write FIELD=NAME"),
    ],
)
def test_what_cannot_be_done_is_told(
    feed: Path, database: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    counted(feed, "--database", database)
    result = quotetrack("checks", *arguments, "--database", database)
    assert result.exit_code == code and message in result.stderr
