import io
import json
from datetime import UTC, date, datetime

import pytest

from quotetrack.core.domain import Article, Failure
from quotetrack.ingest.formats import jsonl
from quotetrack.ingest.formats.jsonl import read_jsonl

TEXT = "“We will not wait,” said Mayor Quill.\r\n\r\n  The ferry is free. "


def read(data, outlets, **options):
    return list(read_jsonl(io.BytesIO(data), "/news.jsonl", outlets=outlets, **options))


def test_all_keys_of_an_article_are_read(outlets):
    line = {
        "id": 7,
        "url": "https://www.bbc.com/news/1",
        "outlet": "Harbour Post",
        "title": "Bridge to close",
        "author": ["Bo Lind", "Cy Marsh"],
        "published": "2031-03-04T20:13:00Z",
        "modified": "2031-03-04T22:00:00Z",
        "fetched": "2031-03-05T06:00:00Z",
        "text": TEXT,
        "language": "en",
        "mood": "ignored",
    }
    assert read(json.dumps(line).encode(), outlets) == [
        Article(
            url="https://www.bbc.com/news/1",
            outlet="Harbour Post",
            text=TEXT,
            title="Bridge to close",
            language="en",
            published_at=datetime(2031, 3, 4, 20, 13, tzinfo=UTC),
            fetched_at=datetime(2031, 3, 5, 6, 0, tzinfo=UTC),
            byline="Bo Lind, Cy Marsh",
            external_id="7",
            modified_at=datetime(2031, 3, 4, 22, 0, tzinfo=UTC),
        ).read_from(json.dumps(line).encode())
    ]


def test_only_the_text_is_required(outlets):
    first, second = read(b'{"text": "Yes."}\n\n{"text": "No.", "id": "b7"}\n', outlets)
    assert (first.url, first.outlet, first.external_id) == ("file:/news.jsonl#1", "unknown", None)
    assert (second.url, second.outlet, second.external_id) == ("file:/news.jsonl#b7", "unknown", "b7")


def test_the_outlet_comes_from_the_url_if_the_line_has_none(outlets):
    lines = b'{"text": "A.", "url": "https://apnews.com/1"}\n{"text": "B.", "url": "https://harbour.example/1"}'
    assert [article.outlet for article in read(lines, outlets)] == ["ap-news", "harbour.example"]
    assert [article.outlet for article in read(lines, outlets, outlet="Mine")] == ["ap-news", "Mine"]


@pytest.mark.parametrize("published", [None, "", "soon", 12, ["2031-03-04"], {"day": 4}])
def test_a_meaningless_day_is_ignored(outlets, published):
    (article,) = read(json.dumps({"text": "Yes.", "published": published}).encode(), outlets)
    assert article.published_at is None


def test_a_given_day_fills_a_missing_one(outlets):
    lines = b'{"text": "A.", "published": "2031-03-04"}\n{"text": "B."}'
    days = [article.published_at for article in read(lines, outlets, published=date(2030, 1, 1))]
    assert days == [date(2031, 3, 4), date(2030, 1, 1)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "cut', "not valid JSON at column 10"),
        (b"[1, 2]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"{}", 'no "text"'),
        (b'{"text": null}', 'no "text"'),
        (b'{"text": 5}', '"text" is not a string'),
        (b'{"text": " \\n"}', '"text" is empty'),
        (b'{"text": "caf\xe9"}', "not UTF-8 at byte 14"),
        (b'{"text": "\\ud800"}', "half a character"),
        (b'{"text": ' + b"[" * 100_000 + b"}", "not JSON that we can read"),
        (b'{"text": ' + b"9" * 5_000 + b"}", "not JSON that we can read"),
    ],
)
def test_a_malformed_line_is_a_failure_and_the_others_are_read(outlets, line, reason):
    before, bad, after = read(b'{"text": "Yes."}\n' + line + b'\n{"text": "No."}\n', outlets)
    assert isinstance(bad, Failure)
    assert bad.where == "/news.jsonl:2"
    assert reason in bad.reason
    assert (before.text, after.text) == ("Yes.", "No.")


def test_a_line_that_is_too_long_is_not_held_in_memory(outlets, monkeypatch):
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 1000)
    long = json.dumps({"text": "x" * 5000}).encode()
    bad, after, last = read(long + b'\n{"text": "No."}\n' + long, outlets)
    assert (bad.where, last.where) == ("/news.jsonl:1", "/news.jsonl:3")
    assert "longer than" in bad.reason
    assert after.text == "No."


def test_a_byte_order_mark_is_no_part_of_the_first_line(outlets):
    (article,) = read(b'\xef\xbb\xbf{"text": "Yes."}\n', outlets)
    assert article.text == "Yes."


def test_half_characters_in_metadata_are_replaced(outlets):
    (article,) = read(b'{"text": "Yes.", "title": "Br\\ud800dge", "author": "\\ud800"}', outlets)
    assert (article.title, article.byline) == ("Br?dge", "?")


def test_a_known_outlet_has_its_time_zone(outlets):
    lines = b'{"text": "A.", "url": "https://apnews.com/1"}\n{"text": "B.", "url": "https://harbour.example/1"}'
    assert [article.timezone for article in read(lines, outlets)] == ["America/New_York", None]
