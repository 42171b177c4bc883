"""Different articles in files of every kind are as many articles on file, or it is told by name why not."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.cases.ingest.test_formats import record
from tests.ingest.newsserver import page

from quotetrack.core.domain import Article, Failure
from quotetrack.core.settings import Settings
from quotetrack.ingest.outlets import load_outlets
from quotetrack.ingest.reader import read_path
from quotetrack.pipeline.intake import RunContext
from quotetrack.pipeline.nightly import _take_article
from quotetrack.store import close_store, open_store
from quotetrack.store.runs import start_run
from quotetrack.store.tables import ArticleRow

NOW = datetime(2031, 3, 12, tzinfo=UTC)
OUTLETS = load_outlets()
# Addresses that are none of an article: a path, another scheme, the front page.
ADDRESSES = st.sampled_from(
    [None, "", "N/A", "/news/story", "http://[::1", "javascript:void(0)", "https://quay.example/", "urn:x"]
)
HAS_ID = st.booleans()
KINDS = st.sampled_from(["text", "html", "jsonl", "warc", "warc.gz"])


def text_of(number: int) -> str:
    return (
        f"Crews at shed {number} worked through the night while the rest of the town slept behind its shutters.\n"
        f"“Line {number} will carry {number + 7} crates before the frost,” said Hale Brannock, who runs the shed.\n"
        f"The work on line {number} is expected to last until the end of the month, the port office said."
    )


def write(folder: Path, number: int, kind: str, address: str | None, given_id: object) -> None:
    html = page(text_of(number), title=f"Shed {number} works on").encode()
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html
    match kind:
        case "text":
            (folder / f"{number}.txt").write_text(text_of(number))
        case "html":
            (folder / f"{number}.html").write_bytes(html)
        case "jsonl":
            line = {"text": text_of(number), "title": f"Shed {number} works on", "url": address, "id": given_id}
            with (folder / "all.jsonl").open("a") as out:
                out.write(json.dumps(line) + "\n")
        case "warc":
            with (folder / "all.warc").open("ab") as out:
                out.write(record(address or "", block=block))
        case _:
            with (folder / "all.warc.gz").open("ab") as out:
                out.write(gzip.compress(record(address or "", block=block)))


@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(KINDS, ADDRESSES, HAS_ID), min_size=1, max_size=6))
def test_as_many_articles_are_on_file_as_were_given(given_articles):
    with TemporaryDirectory() as place:
        folder = Path(place, "in")
        folder.mkdir()
        for number, (kind, address, has_id) in enumerate(given_articles):
            write(folder, number, kind, address, f"story-{number}" if has_id else None)
        sessions = open_store(f"sqlite:///{Path(place, 'news.db')}")
        with sessions.begin() as session:
            run_id = start_run(session, "ingest", "test", NOW)
        context = RunContext(sessions, run_id, OUTLETS, lambda: NOW, Settings(evidence=None))
        results = list(read_path(folder, outlets=OUTLETS))
        failed = sum(isinstance(result, Failure) for result in results)
        assert failed + sum(isinstance(result, Article) for result in results) == len(given_articles)
        for result in results:
            _take_article(context, result)
        with sessions() as session:
            stored = session.scalar(select(func.count()).select_from(ArticleRow))
        close_store(sessions)
    assert (stored, failed) == (len(given_articles), 0)
