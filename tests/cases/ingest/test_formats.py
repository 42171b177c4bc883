"""The files of this folder, and more of their kinds: what is read from each, and what the user is told instead."""

from __future__ import annotations

import gzip
import io
import json
import os
import time
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.ingest.formats.warc import read_warc
from quotetrack.ingest.outlets import Outlets, load_outlets
from quotetrack.ingest.reader import read_path

CASES = Path(__file__).parent
WALL = "https://dunmere-echo.example/news/harbour-wall"
NOT_READ = "not a kind that we read: give plain text, an HTML page, article JSONL (one a line), Parquet or WARC"
TEXT = (CASES / "formats/files/other/plain").read_bytes()
PAGE = (
    "<!doctype html><html lang='en'><head><title>Wall</title></head><body><article><h1>Wall cracks</h1><p>Crews "
    "worked through the night on the wall while the rest of the town slept behind its shutters.</p><p>“Not one crate "
    "more will ever be sent,” said Hale Brannock, who runs the shed, on Monday.</p></article></body></html>"
).encode()


@pytest.fixture(scope="module")
def outlets() -> Outlets:
    return load_outlets()


def shown(result: Article | Failure | LeftOut) -> str:
    """Return the address of an article, else what the user is told."""
    match result:
        case Article():
            return result.url
        case Failure():
            return result.reason
        case LeftOut():
            return f"left out: {result.number} {result.reason}"


# WARC


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("wa_01_plain.warc", [WALL]),
        ("wa_02_lf_http_headers.warc", [WALL]),
        ("wa_03_resource.warc", [WALL]),
        ("wa_04_http2.warc", [WALL]),
        ("wa_05_gzip_body.warc.gz", [WALL]),
        ("wa_06_ce_gzip_but_plain.warc.gz", [WALL]),
        ("wa_08_ce_br_plain.warc", [WALL]),
        ("wa_09_ce_none.warc", [WALL]),
        ("wa_12_warc11_angle.warc", [WALL]),
        ("wa_13_type_case.warc", [WALL]),
        ("wa_16_no_ct.warc", [WALL]),
        ("wa_17_206.warc", ["left out: 1 responses with the status 206"]),
        (
            "wa_20_arc.arc",
            ["not a kind that we read: give plain text, an HTML page, article JSONL (one a line), Parquet or WARC"],
        ),
    ],
)
def test_each_archive_gives_its_page_or_says_what_it_left_out(outlets, file, expected):
    assert [shown(result) for result in read_path(CASES / "formats/warc" / file, outlets=outlets)] == expected


def record(
    target: str = "https://a.example/1",
    *,
    date: str = "2026-03-11T10:00:00Z",
    kind: str = "response",
    block: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    length: int | None = None,
    line_end: bytes = b"\r\n",
    separator: bytes = b"\r\n\r\n",
) -> bytes:
    lines = (
        b"WARC/1.0",
        f"WARC-Type: {kind}".encode(),
        f"WARC-Target-URI: {target}".encode("utf-8", "surrogateescape"),
        f"WARC-Date: {date}".encode(),
        f"Content-Length: {len(block) if length is None else length}".encode(),
    )
    return line_end.join(lines) + 2 * line_end + block + separator


def read(outlets: Outlets, data: bytes) -> list[str]:
    return [shown(result) for result in read_warc(io.BytesIO(data), "w", outlets=outlets)]


@pytest.mark.parametrize("separator", [b"", b"\n", b"\r\n", b"\n\n", b"\r\n\r\n", b"\r\n\r\n\r\n"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_record_ends_where_its_length_says_whatever_stands_behind_it(outlets, separator, line_end, pack):
    addresses = [f"https://a.example/{number}" for number in range(3)]
    file = b"".join(record(address, line_end=line_end, separator=separator) for address in addresses)
    assert read(outlets, pack(file)) == addresses


@pytest.mark.parametrize("length", [3, 10**6, 10**12])
def test_a_record_with_a_wrong_length_takes_no_other_record_with_it(outlets, length):
    file = record() + record("https://a.example/2", length=length) + record("https://a.example/3")
    first, problem, last = read(outlets, file)
    assert (first, last) == ("https://a.example/1", "https://a.example/3")
    assert "https://a.example/2" in problem


@pytest.mark.parametrize(
    "target",
    [
        "http://[::1",
        "http://℀.x/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "../../etc/passwd",
        "",
        "urn:x",
        "dns:a",
    ],
)
def test_an_address_that_is_none_of_the_web_is_no_address_of_an_article(outlets, target):
    assert read(outlets, record(target) + record("https://a.example/2")) == ["file:w@0", "https://a.example/2"]


@pytest.mark.parametrize("date", ["2026-03-11T10:00:00+99:99", "0001-01-01T00:00:00+14:00", "x", ""])
def test_a_date_that_does_not_exist_is_none(outlets, date):
    (article,) = read_warc(io.BytesIO(record(date=date)), "w", outlets=outlets)
    assert isinstance(article, Article)
    assert article.fetched_at is None or article.fetched_at.year == 1


def test_what_is_no_page_is_told_with_its_number(outlets):
    image = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n" + PAGE
    parts = [record(block=image), record(block=missing), record(block=image), record(kind="request"), record()]
    assert read(outlets, b"".join(parts)) == [
        "https://a.example/1",
        "left out: 2 responses that are no HTML pages",
        "left out: 1 responses with the status 404",
    ]


def test_broken_records_in_a_packed_archive_do_not_unpack_it_again_and_again(outlets):
    broken = record(block=PAGE + b" " * 2**20, length=5)
    began = time.process_time()
    results = read(outlets, gzip.compress(record() + broken * 50 + record("https://a.example/2")))
    assert (results[0], results[-1], len(results)) == ("https://a.example/1", "https://a.example/2", 52)
    assert time.process_time() - began < 20  # once more for each broken record took over a minute


# Files


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("UPPER.TXT", None),
        ("a b.txt", None),
        ("bom.txt", None),
        ("mac.txt", None),
        ("plain", None),
        ("naïve #1 50%?.txt", None),
        ("story.htm.txt", None),
        ("empty.txt", "the file is empty"),
        ("white.txt", "the file is empty"),
        ("nul.txt", "a binary file"),
        ("story.md", "not a kind that we read"),
    ],
)
def test_a_file_gives_one_article_or_says_why_not(outlets, file, expected):
    path = CASES / "formats/files/other" / file
    (result,) = read_path(path, outlets=outlets)
    if expected is None:
        assert isinstance(result, Article) and result.url == f"file:{path.as_posix()}"
    else:
        assert isinstance(result, Failure) and expected in result.reason


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with paths that cannot be stored or followed, before and behind a file that can be read."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "b.txt").write_bytes(TEXT)
    with open(os.path.join(os.fsencode(folder), b"a\xe9.txt"), "wb") as out:
        out.write(TEXT)
    os.mkdir(os.path.join(os.fsencode(folder), b"z\xe9"))
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    (folder / "upwards").symlink_to(".")
    return folder


def test_a_path_that_cannot_be_stored_or_followed_ends_nothing(outlets, folder):
    results = list(read_path(folder, outlets=outlets))
    told = {Path(r.where).name: r.reason.split(":")[0] for r in results if isinstance(r, Failure)}
    assert [r.url for r in results if isinstance(r, Article)] == [f"file:{folder.as_posix()}/b.txt"]
    assert told == {
        "a\\xe9.txt": "its name is not UTF-8, and cannot be stored",
        "z\\xe9": "its name is not UTF-8, and cannot be stored",
        "loop.txt": "a link that leads back to itself",
        "one": "a link that leads back to itself",
        "two": "a link that leads back to itself",
    }


def test_a_folder_that_is_a_link_is_read_once(outlets, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.txt").write_bytes(TEXT)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in/again").symlink_to(tmp_path / "elsewhere")
    assert len(list(read_path(tmp_path / "in", outlets=outlets))) == 1


@pytest.fixture
def settings_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUOTETRACK_WORKERS", "1")
    return tmp_path / "quotetrack.toml"


def test_a_bad_path_ends_neither_a_night_nor_the_sources_behind_it(settings_of, folder, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more/c.txt").write_text("High water is at noon.")
    sources = "".join(f'[[source]]\nname = "{n}"\nkind = "folder"\npath = "{n}"\n' for n in ("in", "more"))
    settings_of.write_text(f'database = "news.db"\nevidence = ""\n{sources}')
    first = quotetrack("nightly", "--json")
    assert (first.exit_code, json.loads(first.stdout)["new"], json.loads(first.stdout)["failed"]) == (3, 2, 5)
    second = quotetrack("nightly", "--json")
    assert (json.loads(second.stdout)["new"], json.loads(second.stdout)["failed"]) == (0, 5)


@pytest.mark.parametrize("name", ["a?b.db", "a b.db", "a%3Fb.db", "a#b.db", "ä.db"])
def test_a_database_has_the_name_that_was_given(settings_of, tmp_path, name):
    (tmp_path / "c.txt").write_text("High water is at noon.")
    assert quotetrack("ingest", "c.txt", "--database", name).exit_code == 0
    assert (tmp_path / name).is_file()
    assert quotetrack("articles", "list", "--database", name).exit_code == 0
