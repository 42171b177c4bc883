"""Whole and broken WARC files. They are written by warcio, so that the format is not our own reading of it."""

import gzip
import io
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ingest.newsserver import page
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.ingest.formats.warc import ArchivedPage, read_archive, read_warc
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.reader import read_path

DATE = "2031-03-04T02:00:00Z"
BODY = (
    "“We will not wait,” said Mayor Quill on Friday, and the bridge was closed for a year by the town.\n"
    "The ferry is free until the bridge opens again, and it runs through the night, the town said."
)
HTML = [("Content-Type", "text/html; charset=utf-8")]


def address(number: int) -> str:
    return f"https://harbour.example/{number}"


def html(number: int) -> bytes:
    return page(BODY, title=f"Bridge closes for the {number}. time").encode()


class Archive:
    """A WARC file in memory, with the offset of each record."""

    def __init__(self, packed: bool) -> None:
        self.file = io.BytesIO()
        self.offsets: list[int] = []
        self._writer = WARCWriter(self.file, gzip=packed)
        self.offsets.append(0)
        self._writer.write_record(self._writer.create_warcinfo_record("news.warc", {"software": "test"}))

    def put(self, body: bytes, url: str, headers=HTML, status: str = "200 OK", kind: str = "response") -> None:
        self.offsets.append(self.file.tell())
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if kind in ("response", "request") else None
        self._writer.write_record(
            self._writer.create_warc_record(
                url, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict={"WARC-Date": DATE}
            )
        )

    @property
    def data(self) -> bytes:
        return self.file.getvalue()


@pytest.fixture(params=[True, False], ids=["packed", "plain"])
def archive(request) -> Archive:
    made = Archive(request.param)
    for number in range(4):
        made.put(html(number), address(number))
    return made


@pytest.fixture
def read(outlets):
    def _read(data: bytes, **options):
        return list(read_archive(io.BytesIO(data), "news.warc", outlets=outlets, **options))

    return _read


def urls(results) -> list[str | None]:
    return [result.article.url if isinstance(result, ArchivedPage) else None for result in results]


def failures(results) -> list[Failure]:
    return [result for result in results if isinstance(result, Failure)]


NO_OUTLETS = Outlets((), ())
ALL = [address(number) for number in range(4)]


def test_the_article_of_a_page_has_its_fetch_time_and_its_text(read, archive):
    results = read(archive.data)
    assert urls(results) == ALL
    article = results[0].article
    assert article.fetched_at == datetime(2031, 3, 4, 2, 0, tzinfo=UTC)
    assert (article.outlet, article.title) == ("harbour.example", "Bridge closes for the 0. time")
    assert article.text == BODY.replace("\n", "\n\n")


@pytest.mark.parametrize("name", ["news.warc", "news.warc.gz", "news.dat"])
def test_a_warc_file_is_detected_by_its_content(archive, outlets, tmp_path, name):
    (tmp_path / name).write_bytes(archive.data)
    assert [article.url for article in read_path(tmp_path / name, outlets=outlets)] == ALL


def test_reading_resumes_behind_any_page(read, archive):
    results = read(archive.data)
    assert [archived.offset for archived in results] == archive.offsets[1:]
    for number, archived in enumerate(results):
        assert urls(read(archive.data, offset=archived.next_offset)) == ALL[number + 1 :]


def test_a_file_that_was_compressed_as_a_whole(read):
    plain = Archive(packed=False)
    for number in range(4):
        plain.put(html(number), address(number))
    packed = gzip.compress(plain.data)
    results = read(packed)
    assert urls(results) == ALL
    assert urls(read(packed, offset=results[1].next_offset)) == ALL[2:]
    broken = read(packed[:-100])
    assert urls(broken)[:-1] == ALL[: len(broken) - 1]
    assert "cannot be read further" in broken[-1].reason


def test_only_pages_are_read(read, archive):
    archive.put(b"GET", address(5), kind="request")
    archive.put(b"{}", address(6), headers=[("Content-Type", "application/json")])
    archive.put(html(7), address(7), status="404 Not Found")
    archive.put(b"", address(8), status="301 Moved", headers=[("Location", address(1))])
    archive.put(b"k: v", address(9), kind="metadata")
    archive.put(html(10), address(10), headers=[("Content-type", "application/xhtml+xml")])
    results = read(archive.data)
    assert urls(results)[:5] == [*ALL, address(10)]
    assert results[5:] == [
        LeftOut("news.warc", "responses that are no HTML pages"),
        LeftOut("news.warc", "responses with the status 404"),
        LeftOut("news.warc", "responses with the status 301"),
    ]


def chunked(body: bytes) -> bytes:
    half = len(body) // 2
    return b"".join(b"%x;x=1\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:])) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunked(html(1)), [("Transfer-Encoding", "chunked")]),
        (gzip.compress(html(1)), [("Content-Encoding", "gzip")]),
        (chunked(gzip.compress(html(1))), [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),
        (html(1), [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),  # decompressed by the archive
        (html(1), [("Content-Encoding", "br")]),
        (html(1), [("Content-Encoding", "none")]),
    ],
)
def test_a_body_is_read_however_it_was_sent(read, body, headers):
    archive = Archive(packed=True)
    archive.put(body, address(1), headers=[*HTML, *headers])
    (result,) = read(archive.data)
    assert result.article.text == BODY.replace("\n", "\n\n")
    assert result.article.evidence == html(1)


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (b"<html><nav>Home</nav></html>", [], "no article on the page"),
        (gzip.compress(html(1))[:-20], [("Content-Encoding", "gzip")], "cut short"),
        (b"\x0b\x02\x80abc\x03", [("Content-Encoding", "br")], "compressed as 'br'"),
        (b"x" * 18_000_000, [], "larger than 16 MiB"),
    ],
)
def test_a_bad_page_gives_the_reason_and_the_next_page_is_read(read, archive, body, headers, reason):
    archive.put(body, address(5), headers=[*HTML, *headers])
    archive.put(html(6), address(6))
    results = read(archive.data)
    assert urls(results) == [*ALL, None, address(6)]
    assert reason in results[4].reason and address(5) in results[4].reason
    assert results[4].where == f"news.warc@{archive.offsets[5]}"


def test_a_broken_record_is_reported_and_the_next_one_is_read(read, archive):
    data = bytearray(archive.data)
    data[archive.offsets[2] : archive.offsets[2] + 6] = b"XXXXXX"
    results = read(bytes(data))
    assert urls(results) == [ALL[0], None, *ALL[2:]]
    assert results[1].where == f"news.warc@{archive.offsets[2]}"


def test_a_record_with_a_hole_is_reported_and_the_next_one_is_read(read, archive):
    data = bytearray(archive.data)
    hole = slice(archive.offsets[2] + 40, archive.offsets[2] + 140)
    data[hole] = b"\x00" * 100
    results = read(bytes(data))
    assert [url for url in urls(results) if url] == [ALL[0], *ALL[2:]]
    assert len(failures(results)) == 1


def test_a_wrong_content_length_swallows_no_other_record(read):
    archive = Archive(packed=False)
    for number in range(4):
        archive.put(html(number), address(number))
    data = archive.data
    digit = data.index(b"Content-Length: ", archive.offsets[2]) + len(b"Content-Length: ")
    longer, shorter = data[:digit] + b"9" + data[digit + 1 :], data[:digit] + b"1" + data[digit + 1 :]
    for wrong in (longer, shorter):
        results = read(wrong)
        assert urls(results) == [ALL[0], None, *ALL[2:]]
        assert "does not end where its Content-Length says" in results[1].reason


@pytest.mark.parametrize("missing", [1, 30, 200])
def test_a_file_that_is_cut_short_is_reported(read, archive, missing):
    if missing == 1 and archive.data[:2] != b"\x1f\x8b":
        pytest.skip("only a line end is missing")
    results = read(archive.data[:-missing])
    assert urls(results) == [*ALL[:3], None]
    assert "cut short" in results[3].reason


def test_a_file_that_is_no_warc_file_is_a_failure(outlets):
    for data in (b"", b"hello\nworld\n" * 99, gzip.compress(b"hello"), b"\x1f\x8b\x08"):
        results = list(read_warc(io.BytesIO(data), "news.warc", outlets=outlets))
        assert len(failures(results)) == len(results)
        assert len(results) == (1 if data else 0)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120), st.integers(0, 4000), st.integers(0, 60), st.booleans())
def test_reading_broken_bytes_raises_nothing(noise, offset, dropped, packed):
    archive = Archive(packed)
    for number in range(2):
        archive.put(b"<html><p>No.</p></html>", address(number))
    data = archive.data[:offset] + noise + archive.data[offset + dropped :]
    for result in read_warc(io.BytesIO(data), "news.warc", outlets=NO_OUTLETS):
        assert isinstance(result, Article | Failure | LeftOut)


@pytest.mark.parametrize("packed", [True, False])
def test_memory_does_not_grow_with_the_file(tmp_path, outlets, packed):
    archive = Archive(packed)
    for number in range(300):
        archive.put(b"\x00" * 400_000, address(number), headers=[("Content-Type", "image/png")])
    (tmp_path / "news.warc").write_bytes(archive.data)
    del archive
    tracemalloc.start()
    with (tmp_path / "news.warc").open("rb") as stream:
        (left_out,) = read_warc(stream, "news.warc", outlets=outlets)
    assert left_out == LeftOut("news.warc", "responses that are no HTML pages", 300)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 2**20  # of 120 MB in all
