import gzip
import json

import pytest

from quotetrack.core.domain import Article, Failure
from quotetrack.ingest.formats import jsonl
from quotetrack.ingest.formats.resume import START, resume_reading
from quotetrack.ingest.reader import read_path

LINES = (
    b"\xef\xbb\xbf" + json.dumps({"id": "first", "text": "The bridge is closed."}).encode() + b"\n",
    b"\n",
    b'{"text": "torn\n',
    json.dumps({"text": "The café is free."}, ensure_ascii=False).encode() + b"\r\n",
    b'{"text": "' + b"x" * 400 + b'"}\n',
    json.dumps({"text": "The ferry runs."}).encode() + b"\n",
)


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 200)
    return tmp_path / "news.jsonl"


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_reading_resumes_behind_any_line(file, outlets, packed):
    data = b"".join(LINES)
    file.write_bytes(gzip.compress(data) if packed else data)
    read = list(resume_reading(file, outlets=outlets))
    results = [positioned.result for positioned in read]
    assert results == list(read_path(file, outlets=outlets))
    assert [isinstance(result, Article) for result in results] == [True, False, True, False, True]
    for number, positioned in enumerate(read):
        rest = resume_reading(file, positioned.next, outlets=outlets)
        assert [positioned.result for positioned in rest] == results[number + 1 :]


def test_the_position_stays_in_front_of_a_line_without_its_end(file, outlets):
    whole, growing = LINES[3], LINES[5]
    file.write_bytes(whole + growing[:-8])
    read = list(resume_reading(file, outlets=outlets))
    assert isinstance(read[-1].result, Failure)
    assert read[-1].next == read[0].next
    file.write_bytes(whole + growing)
    (again,) = resume_reading(file, read[-1].next, outlets=outlets)
    assert again.result.text == "The ferry runs."
    assert again.next.offset == len(whole + growing)


def test_a_text_is_read_whole(tmp_path, outlets):
    (tmp_path / "bridge.txt").write_text("The bridge is closed.")
    (read,) = resume_reading(tmp_path / "bridge.txt", outlets=outlets)
    assert (read.result.text, read.flags, read.next) == ("The bridge is closed.", (), START)


def test_a_file_that_cannot_be_read_further_ends_with_a_failure_at_the_last_position(file, outlets):
    data = b"".join(json.dumps({"id": n, "text": f"Ferry {n * 7919 % 10007}."}).encode() + b"\n" for n in range(3000))
    file.write_bytes(gzip.compress(data)[:-2000])
    *read, last = resume_reading(file, outlets=outlets)
    assert "cut short" in last.result.reason
    assert last.next == read[-1].next
