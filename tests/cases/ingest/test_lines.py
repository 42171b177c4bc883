"""The article JSONL of this folder: what is read from each line, and what the user is told instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.ingest.outlets import Outlets, load_outlets
from quotetrack.ingest.reader import read_path

FILES = Path(__file__).parent / "formats/jsonl"
STORY = "dunmere-echo.example/s/1"


@pytest.fixture(scope="module")
def outlets() -> Outlets:
    return load_outlets()


def read(outlets: Outlets, name: str) -> list[Article | Failure | LeftOut]:
    return list(read_path(FILES / name, outlets=outlets))


def articles(outlets: Outlets, name: str) -> list[Article]:
    results = read(outlets, name)
    assert all(isinstance(result, Article) for result in results), results
    return [result for result in results if isinstance(result, Article)]


def test_a_url_that_is_only_a_path_is_none_and_three_lines_with_it_are_three_articles(outlets):
    found = articles(outlets, "jl_02_url_relative.jsonl")
    assert [article.url.rpartition("#")[2] for article in found] == ["1", "2", "3"]
    assert {article.notes for article in found} == {(("address", "its url “/news/story” is no web address"),)}


def test_the_forms_of_one_address_are_of_one_outlet(outlets):
    found = articles(outlets, "jl_03_url_variants.jsonl")
    assert [article.url for article in found] == [
        f"https://{STORY}",
        f"https://www.{STORY}",
        f"http://{STORY}/",
        f"https://{STORY}",
        f"https://m.{STORY}",
        f"https://amp.{STORY}",
        f"https://{STORY}/amp/",
        f"https://{STORY}",
    ]
    assert {article.outlet for article in found} == {"dunmere-echo.example"}


def test_blanks_around_the_name_of_an_outlet_do_not_count(outlets):
    found = articles(outlets, "jl_04_outlet_spaces.jsonl")
    # Whether a name in small letters is the same outlet is not ours to say: two may differ in nothing else.
    assert [article.outlet for article in found] == ["Dunmere Echo", "Dunmere Echo", "dunmere echo"]


@pytest.mark.parametrize(
    ("external_id", "published", "notes"),
    [
        ("05/03/2026", None, ["date"]),
        ("05-03-2026", None, ["date"]),
        ("2", None, ["date"]),  # a number of seconds: nobody printed a day
        ("3", None, ["date"]),
        ("1773129600", None, ["date"]),
        ("2026-03-10T08:00:00", "2026-03-10T08:00:00", []),
        ("10 March 2026", "2026-03-10", []),
        ("March 10th, 2026", "2026-03-10", []),
        (None, None, []),
        ("9", None, []),
        ("2026-03-10 08:00:00 EST", "2026-03-10T08:00:00-05:00", []),
        ("20260310", "2026-03-10", []),
        ("1970-01-01", None, ["date"]),
    ],
)
def test_a_date_is_read_as_printed_or_not_at_all(outlets, external_id, published, notes):
    (found,) = (each for each in articles(outlets, "jl_05_dates.jsonl") if each.external_id == external_id)
    assert (found.published_at.isoformat() if found.published_at else None) == published
    assert [kind for kind, _ in found.notes] == notes


@pytest.mark.parametrize(
    ("external_id", "byline", "wire_credit"),
    [
        ("0", "By AFP", "AFP"),
        ("1", "Jane Roe and agencies", None),
        ("2", "AP Singh", None),
        ("3", "Reuters Staff", "Reuters"),
        ("4", "Jane Roe, AFP", "AFP"),
        ("5", "Jane Roe", None),
        ("6", "AFP", "AFP"),
        ("7", "PA Mwangi", None),
        ("8", "Mia Dawn AP", "AP"),
        ("9", "ana reuters", None),
    ],
)
def test_an_author_is_read_in_all_its_forms(outlets, external_id, byline, wire_credit):
    (found,) = (each for each in articles(outlets, "jl_06_authors.jsonl") if each.external_id == external_id)
    assert (found.byline, found.wire_credit) == (byline, wire_credit)


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("jl_08_mojibake.jsonl", 3),
        ("jl_17_u2028.jsonl", 1),  # a line separator inside a string ends no line of the file
        ("jl_19_fetched_naive.jsonl", 2),
        ("jl_10_null_char.jsonl", 1),
    ],
)
def test_broken_characters_lose_no_quotation_marks(outlets, name, places):
    found = [article for article in articles(outlets, name) if not article.notes]
    assert len(found) == places
    assert all("“" in article.text or '"' in article.text for article in found)
    assert not any("â€" in article.text or "\u0093" in article.text for article in found)


def test_characters_that_were_lost_before_are_noted(outlets):
    *_, last = articles(outlets, "jl_08_mojibake.jsonl")
    assert last.notes == (
        ("characters", "2 characters of its text were lost before it came here: it has “\ufffd” for them"),
    )


def test_a_day_in_the_future_is_none(outlets):
    (found,) = articles(outlets, "jl_18_future.jsonl")
    assert (found.published_at, [kind for kind, _ in found.notes]) == (None, ["date"])


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("jl_11_array.jsonl", ["not a JSON object"]),
        ("jl_12_pretty.json", ["not a kind that we read"]),
        ("jl_14_utf16.jsonl", ["not UTF-8", "not valid JSON"]),
        ("jl_15_cp1252.jsonl", ["not UTF-8"]),
    ],
)
def test_what_is_no_article_jsonl_is_told(outlets, name, reasons):
    told = read(outlets, name)
    assert all(isinstance(each, Failure) for each in told)
    assert [str(each.reason).startswith(reason) for each, reason in zip(told, reasons, strict=True)] == [True] * len(
        told
    )


def test_markup_in_a_text_is_noted(outlets):
    found = articles(outlets, "jl_07_html_in_text.jsonl")
    assert [[kind for kind, _ in article.notes] for article in found] == [["markup"], ["markup"]]
