"""Files that grow: each night takes in what is new in them, and continues where it was stopped."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.ingest.newsserver import page
from tests.synthetic_news import every_row, invented, write_invented
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from quotetrack.core.settings import Settings, Source
from quotetrack.ingest.outlets import load_outlets
from quotetrack.pipeline.intake import Outcome, RunContext
from quotetrack.pipeline.steps.read_files import read_files
from quotetrack.store import Sessions
from quotetrack.store.runs import start_run

NOW = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)
Take = Callable[..., dict[str, int]]


@pytest.fixture
def context(sessions: Sessions) -> RunContext:
    with sessions.begin() as session:
        run_id = start_run(session, "nightly", "test", NOW)
    return RunContext(sessions, run_id, load_outlets(), lambda: NOW, Settings())


@pytest.fixture
def take(context: RunContext) -> Take:
    def _take(path: Path, limit: int | None = None) -> dict[str, int]:
        return number_by_kind(read_files(context, [source(path)], limit))

    return _take


def source(path: Path) -> Source:
    return Source(name="archive", kind="folder", path=path)


def number_by_kind(outcomes: Iterator[Outcome]) -> dict[str, int]:
    return dict(Counter(str(outcome.kind) for outcome in outcomes))


def urls(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.execute(text("SELECT url FROM articles ORDER BY id")).scalars())


def warc(path: Path, count: int, *, is_packed: bool) -> Path:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=is_packed)
    for number in range(count):
        article = invented(number)
        body = page(article["text"].replace("\n\n", "\n"), title=article["title"]).encode()
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        response = writer.create_warc_record(
            article["url"], "response", payload=io.BytesIO(body), length=len(body), http_headers=headers
        )
        writer.write_record(response)
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize("name", ["news.jsonl", "news.jsonl.gz", "news.warc", "news.warc.gz"])
def test_reading_that_is_stopped_continues_behind_the_last_article(
    take: Take, context: RunContext, sessions: Sessions, tmp_path: Path, either_url: str, name: str
) -> None:
    path = tmp_path / name
    if "warc" in name:
        warc(path, 7, is_packed=name.endswith("gz"))
    else:
        plain = write_invented(tmp_path / "plain.jsonl", 7).read_bytes()
        path.write_bytes(gzip.compress(plain) if name.endswith("gz") else plain)
    stopped = read_files(context, [source(path)])
    for _ in range(3):
        next(stopped)
    stopped.close()  # type: ignore[attr-defined]
    assert take(path, limit=2) == {"new": 2}
    assert take(path) == {"new": 2}
    assert urls(sessions) == [invented(number)["url"] for number in range(7)]
    before = every_row(either_url)
    assert take(path) == {}
    assert every_row(either_url) == before


def test_a_file_that_has_grown_is_read_from_where_it_ended(take: Take, sessions: Sessions, tmp_path: Path) -> None:
    path = write_invented(tmp_path / "news.jsonl", 3)
    assert take(path) == {"new": 3}
    with path.open("a") as out:
        out.write(json.dumps({"text": "“Never,” said Orla Venn."}) + "\n")
    assert take(path) == {"new": 1}
    assert urls(sessions)[-1] == f"file:{path.resolve().as_posix()}#4"  # the line, as if read at one go


def test_a_line_that_is_still_being_written_is_read_the_next_night(take: Take, tmp_path: Path) -> None:
    path = write_invented(tmp_path / "news.jsonl", 2)
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    assert take(path) == {"new": 1, "failed": 1}
    path.write_bytes(whole)
    assert take(path) == {"new": 1}


def test_another_file_under_the_same_name_is_read_from_its_start(take: Take, tmp_path: Path) -> None:
    path = write_invented(tmp_path / "news.jsonl", 3)
    take(path)
    write_invented(path, 5, first=10)
    assert take(path) == {"new": 5}


def test_a_folder_gives_its_new_files(take: Take, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_invented(folder / "a.jsonl", 2)
    (folder / "b.txt").write_text("“Never,” said Orla Venn.")
    (folder / ".part").write_text("“Not yet,” said Orla Venn.")
    assert take(folder) == {"new": 3}
    (folder / "c.html").write_text(page("“Now or never,” said Orla Venn on Monday.\nNobody answered her."))
    assert take(folder) == {"new": 1}


def test_a_text_that_was_edited_is_a_new_version(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "b.txt"
    rest = "The ferry did not sail on Monday. Nobody in the harbour office answered."
    path.write_text(f"“Never,” said Orla Venn. {rest}")
    take(path)
    path.write_text(f"“Never again,” said Orla Venn. {rest}")
    assert take(path) == {"edited": 1}


def test_a_failure_is_reported_once(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text('{"text": "“Never,” said Orla Venn."}\n{"text": 7}\n')
    assert take(path) == {"new": 1, "failed": 1}
    assert take(path) == {}
    assert take(tmp_path / "nowhere") == {"failed": 1}


def test_a_touched_file_is_read_again_and_gives_nothing(take: Take, tmp_path: Path) -> None:
    path = write_invented(tmp_path / "news.jsonl", 3)
    take(path)
    os.utime(path, ns=(1, 1))
    assert take(path) == {}


@pytest.mark.parametrize("more", [0, 1])
def test_a_file_that_was_written_anew_gives_its_corrections(take: Take, tmp_path: Path, more: int) -> None:
    path = write_invented(tmp_path / "news.jsonl", 9)
    take(path)
    lines = write_invented(path, 9 + more).read_text().splitlines()
    lines[7] = lines[7].replace("High water is at noon.", "CORRECTION: High water is at two, as on the days before.")
    path.write_text("\n".join(lines) + "\n")
    assert take(path) == {"unchanged": 8, "edited": 1} | ({"new": more} if more else {})
    assert take(path) == {}


def test_a_failure_in_a_file_that_was_written_anew_names_its_own_line(take: Take, tmp_path: Path) -> None:
    path = write_invented(tmp_path / "news.jsonl", 4)
    take(path)
    path.write_text('{"text": 7}\n' + path.read_text())
    assert take(path) == {"failed": 1, "unchanged": 4}
