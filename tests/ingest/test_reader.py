import gzip
import hashlib
import json
import os
import random
from pathlib import Path

import pytest

from quotetrack.core.domain import Article, Failure
from quotetrack.ingest.formats import compression
from quotetrack.ingest.reader import read_path

TEXT = "“We will not wait,” said Mayor Quill.\r\n\r\n  The café is free.\t"
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Bridge to close</title></head><body><article>
<h1>Bridge to close</h1><p>“We will not wait,” said Mayor Quill on Friday, and the bridge was closed for a year.</p>
<p>The ferry is free until the bridge opens again, and it will run through the night, the town said.</p>
</article></body></html>"""


@pytest.fixture
def read(tmp_path, outlets):
    """Write a file and return the results of reading it; without a name, those of the whole folder."""

    def _read(name=None, data=None, **options):
        if name is not None:
            (tmp_path / name).write_bytes(data)
        return list(read_path(tmp_path / name if name else tmp_path, outlets=outlets, **options))

    return _read


def reason_of(results) -> str:
    """Return the reason of the only result, which has to be a Failure."""
    (failure,) = results
    assert isinstance(failure, Failure)
    return failure.reason


def test_a_text_is_kept_character_for_character(read, tmp_path):
    (article,) = read("bridge.txt", TEXT.encode())
    kept = Article(url=f"file:{tmp_path.as_posix()}/bridge.txt", outlet="unknown", text=TEXT)
    assert article == kept.read_from(TEXT.encode())


def test_a_file_is_the_same_article_from_whichever_folder_it_is_read(read, tmp_path, outlets, monkeypatch):
    (article,) = read("bridge.txt", TEXT.encode())
    monkeypatch.chdir(tmp_path)
    assert list(read_path(Path("bridge.txt"), outlets=outlets)) == [article]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", TEXT.encode()),
        ("a.txt", b"\xef\xbb\xbf" + TEXT.encode()),
        ("a.txt", TEXT.encode("utf-16")),
        ("a.txt", TEXT.encode("cp1252")),
        ("a.txt.gz", gzip.compress(TEXT.encode(), mtime=0)),
        ("a", TEXT.encode()),
        ("a.jsonl", json.dumps({"text": TEXT}).encode()),
        ("a.ndjson.gz", gzip.compress(json.dumps({"text": TEXT}).encode(), mtime=0)),
        ("a.jsonl", gzip.compress(json.dumps({"text": TEXT}).encode(), mtime=0)),  # gzip without the ending .gz
        ("a.txt", json.dumps({"text": TEXT}).encode()),
        ("a.dat", b"\xef\xbb\xbf" + json.dumps({"text": TEXT}).encode()),
    ],
)
def test_a_kind_is_detected_by_content_and_by_ending(read, name, data):
    (article,) = read(name, data)
    assert article.text == TEXT


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.txt", "a.html.gz", "a.jsonl", "a"])
def test_a_page_is_detected_whatever_its_name(read, name):
    data = gzip.compress(PAGE.encode(), mtime=0) if name.endswith(".gz") else PAGE.encode()
    (article,) = read(name, data)
    assert (article.title, article.language) == ("Bridge to close", "en")
    assert article.text.startswith("“We will not wait,” said Mayor Quill on Friday")
    assert article.url.endswith(f"/{name}")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.jsonl", b"\n\n", "the file is empty"),
        ("a.html", b"", "the file is empty"),
        ("a.txt", b"\x00\x01\x02\x03" * 9, "a binary file"),
        ("a.txt", bytes(range(1, 255)), "not UTF-8 at byte 128 (line 2), nor Windows-1252"),
        ("a.txt", b"caf\xe9 \x07\x08", "a binary file"),
        ("a.txt", "“Ja,” sagte Köhler. ".encode() + b"\xff", "not UTF-8 at byte 26"),
        ("a.txt", "Über Köhler. ".encode() + b"\xff", "not UTF-8 at byte 16"),
        ("a.html", b"<html>\x00\x00", "a binary file"),
        ("a.html", b"<html><body><nav><a href='/'>Home</a></nav></body></html>", "no article on the page"),
        ("a.html", b"<html><body><p>Please log in.</p></body></html>", "no article on the page"),
        ("a.html", b"Not a page at all", "no article on the page"),
        ("a.txt.gz", gzip.compress(TEXT.encode(), mtime=0)[:-12], "cut short"),
        ("a.txt.gz", gzip.compress(random.Random(1).randbytes(9000), mtime=0)[:500] + b"\x00" * 99, "gzip file is"),
        ("a.pdf", b"%PDF-1.7 ...", "not a kind that we read"),
        ("a.json", b'{\n "text": "Yes."\n}', "not a kind that we read"),
        ("a.txt", b"\xff\xfea", "marked as UTF-16"),
    ],
)
def test_a_bad_file_gives_the_reason(read, name, data, reason):
    assert reason in reason_of(read(name, data))


def test_a_missing_file_is_a_failure(outlets, tmp_path):
    assert reason_of(read_path(tmp_path / "a.txt", outlets=outlets)) == "no such file: check the path"


def test_a_pipe_is_a_failure(outlets, tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "neither a file nor a folder" in reason_of(read_path(tmp_path / "pipe.txt", outlets=outlets))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read all files")
def test_a_file_without_read_permission_is_a_failure(outlets, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.txt").chmod(0)
    assert "Permission denied" in reason_of(read_path(tmp_path / "a.txt", outlets=outlets))


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_file_larger_than_an_article_is_not_held_in_memory(read, monkeypatch, name):
    monkeypatch.setattr(compression, "LARGEST_FILE", 1000)
    assert "not one article" in reason_of(read(name, b"x" * 1001))


def test_a_line_of_twenty_megabytes_is_a_failure_and_the_next_line_is_read(read):
    lines = json.dumps({"text": "x" * 20_000_000}) + '\n{"text": "Yes."}\n'
    failure, article = read("a.jsonl", lines.encode())
    assert "longer than 16 MiB" in failure.reason
    assert article.text == "Yes."


def test_lines_before_the_end_of_a_cut_gzip_file_are_read(read):
    lines = "".join(json.dumps({"id": n, "text": os.urandom(40).hex()}) + "\n" for n in range(3000))
    *articles, failure = read("a.jsonl.gz", gzip.compress(lines.encode(), mtime=0)[:-2000])
    assert len(articles) > 1000
    assert all(isinstance(article, Article) for article in articles[:-1])
    assert "cut short" in failure.reason


def test_a_folder_is_read_in_order_and_one_bad_file_does_not_stop_the_rest(read, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b/2.txt", "b/1.txt", "c.txt", "a.txt", ".notes.txt", ".hidden/d.txt"):
        (tmp_path / name).write_text(f"This is {name}.")
    (tmp_path / "b" / "bad.txt").write_bytes(b"\x00")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    results = [a.text if isinstance(a, Article) else Path(a.where).name for a in read()]
    assert results == [
        "This is a.txt.",
        "This is c.txt.",
        "photo.jpg",
        "This is b/1.txt.",
        "This is b/2.txt.",
        "bad.txt",
    ]


def test_the_pictures_and_scripts_of_a_saved_page_are_skipped(read, tmp_path):
    (tmp_path / "bridge_files").mkdir()
    (tmp_path / "bridge_files" / "menu.js").write_text("var a;")
    (tmp_path / "other_files").mkdir()
    (tmp_path / "other_files" / "a.txt").write_text("Yes, she said.")
    (tmp_path / "bridge.html").write_bytes(PAGE.encode())
    assert [article.title or article.text for article in read()] == ["Bridge to close", "Yes, she said."]


def test_a_page_in_an_older_charset_is_decoded(read):
    page = (
        PAGE.replace("<head>", '<head><meta charset="iso-8859-2">')
        .replace("Quill", "Łukasz")
        .replace("“", '"')
        .replace("”", '"')
    )
    (article,) = read("a.html", page.encode("iso-8859-2"))
    assert "Łukasz" in article.text


def test_a_broken_byte_does_not_change_the_charset_of_a_page(read):
    page = PAGE.replace("<head>", '<head><meta charset="utf-8">').encode().replace(b"the night", b"th\xe9 night")
    (article,) = read("a.html", page)
    assert article.text.startswith("“We will not wait,”")


LINE = b'{"text": "High water is at noon."}'


@pytest.mark.parametrize(
    ("name", "data", "evidence"),
    [
        ("a.txt", TEXT.encode(), TEXT.encode()),
        ("a.txt.gz", gzip.compress(TEXT.encode(), mtime=0), TEXT.encode()),
        ("a.txt", TEXT.encode("utf-16"), TEXT.encode("utf-16")),
        ("a.html", PAGE.encode(), PAGE.encode()),
        ("a.jsonl", b"\n" + LINE + b"\r\n", LINE),
        ("a.jsonl", b"\xef\xbb\xbf" + LINE, LINE),
    ],
)
def test_an_article_has_the_bytes_from_which_it_was_read_and_their_hash(read, name, data, evidence):
    (article,) = read(name, data)
    assert (article.evidence, article.evidence_sha256) == (evidence, hashlib.sha256(evidence).hexdigest())
