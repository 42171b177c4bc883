"""The page under load: readers ask for every page while a run writes, and nobody sees an error or waits for a lock.

10,000 quotations, with QUOTETRACK_BENCH_FULL=1 100,000, in SQLite and in PostgreSQL (a server without `fsync`).
`QUOTETRACK_BENCH_FOLDER` keeps the store of SQLite between runs. Time to the first byte depends on what else the
machine does, and so its load is printed; processor time, of the page and not of the server, depends on it less.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session
from tests.bench.stores import speaker_name, store_of
from tests.cli.test_serve import free_port
from tests.postgres import Server
from tests.synthetic_news import write_invented

from quotetrack.core.settings import Settings
from quotetrack.core.versions import LINKER, RELATER
from quotetrack.models.embedder import load_embedder
from quotetrack.store import close_store, open_store, url_of
from quotetrack.store.copying import copy_database
from quotetrack.store.tables import QuotationRow

QUOTATIONS = 100_000 if os.environ.get("QUOTETRACK_BENCH_FULL") else 10_000
READERS = 20
SECONDS = 60.0
THINKING = 5.0  # seconds between two pages of a reader, on average
WRITTEN = 4_000  # articles for the writer, more than it can read meanwhile
ROUNDS = 5  # of each page, for its processor time
TICKS = os.sysconf("SC_CLK_TCK")  # of processor time, in a second
PAGES = {
    "front": lambda _: "/",
    "answer": lambda n: f"/?q={quote(f'What did {speaker_name(n % 300)} say about bal dem?')}",
    "all of a speaker": lambda n: f"/?speaker={quote(speaker_name(n % 300))}",
    "utterance": lambda n: f"/utterances/{n}",
    "article": lambda n: f"/articles/{n // 5 + 1}",
    "articles": lambda _: "/articles",
    "speakers": lambda _: "/speakers",
    "speaker": lambda n: f"/speakers/{n % 300 + 1}",
    "review": lambda _: "/review",
    "decisions": lambda _: "/decisions",
    "runs": lambda _: "/runs",
    "api: answer": lambda n: f"/api/v1/ask?speaker={quote(speaker_name(n % 300))}",
    "api: sightings": lambda n: f"/api/v1/sightings?after={n}",
    "api: find": lambda _: "/api/v1/find?words=bal%20dem%20gul%20bal",
}

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def in_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that the code of today has read and linked, so that a run has only its own articles to do."""
    kept = os.environ.get("QUOTETRACK_BENCH_FOLDER")
    path = (Path(kept) if kept else tmp_path_factory.mktemp("page")) / f"page-{QUOTATIONS}.db"
    embedder = load_embedder(Settings().embedding_model)
    close_store(store_of(path, QUOTATIONS, embedder.name, embedder.dimensions))
    with session_on(str(path)) as session:
        made = update(QuotationRow).where(QuotationRow.linked_by == "bench")
        made_by = {"linked_by": LINKER, "related_by": f"{RELATER} {embedder.name}"}
        session.execute(made.values(**made_by, said_confidence=0.97))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, in_sqlite: Path) -> Iterator[str]:
    """The store, by path or URL: one test for each system."""
    if request.param == "sqlite":
        yield str(in_sqlite)
        return
    server: Server = request.getfixturevalue("postgres")
    with server.empty_database() as url:
        copy_database(url_of(in_sqlite), url, lambda _table: None)
        with session_on(url) as session:
            session.execute(text("ANALYZE"))
        yield url


def test_readers_see_no_error_while_a_run_writes(database: str, tmp_path: Path) -> None:
    with served(database, tmp_path) as (port, process):
        seconds = {name: processor_seconds(process, port, name) for name in PAGES}
        with written(database, tmp_path):
            before = [count(database, table) for table in ("articles", "quotations")]
            answers = asyncio.run(read(port))
            after = [count(database, table) for table in ("articles", "quotations")]
    system = "PostgreSQL" if "://" in database else "SQLite"
    print(
        f"\n{QUOTATIONS} quotations in {system}, {READERS} readers for {SECONDS:.0f} s, "
        f"{after[0] - before[0]} articles and {after[1] - before[1]} quotations written meanwhile"
    )
    print(
        f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; milliseconds to the first byte"
    )
    print(f"{'page':18}{'asked':>6}{'p50':>8}{'p95':>8}{'processor ms':>14}")
    for name, given in sorted(answers.items()):
        times = [1000 * time for time, _ in given]
        print(f"{name:18}{len(times):>6}{median(times):>8.0f}{p95(times):>8.0f}{1000 * seconds[name]:>14.0f}")
    everything = [1000 * time for given in answers.values() for time, _ in given]
    print(f"{'all':18}{len(everything):>6}{median(everything):>8.0f}{p95(everything):>8.0f}")
    assert {status for given in answers.values() for _, status in given} == {200}
    assert after != before


async def read(port: int) -> dict[str, list[tuple[float, int]]]:
    """Let all readers read; return by page the seconds to the first byte and the status of each answer."""
    answers: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    end = time.monotonic() + SECONDS

    async def read_pages(reader: int) -> None:
        chance = random.Random(reader)
        await asyncio.sleep(chance.uniform(0, THINKING))
        while time.monotonic() < end:
            name = chance.choice(list(PAGES))
            answers[name].append(await get(port, PAGES[name](chance.randrange(1, QUOTATIONS))))
            await asyncio.sleep(chance.uniform(0, 2 * THINKING))

    await asyncio.gather(*(read_pages(reader) for reader in range(READERS)))
    return answers


async def get(port: int, path: str) -> tuple[float, int]:
    """Return the seconds to the first byte of a page, and its status. Redirects are not followed."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    status = await reader.readline()
    seconds = time.perf_counter() - began
    await reader.read()
    writer.close()
    return seconds, int(status.split()[1])


def processor_seconds(process: int, port: int, name: str) -> float:
    """Return the processor time of a page with no other reader, without its first time."""
    chance = random.Random(name)
    asyncio.run(get(port, PAGES[name](chance.randrange(1, QUOTATIONS))))
    before = _used(process)
    for _ in range(ROUNDS):
        asyncio.run(get(port, PAGES[name](chance.randrange(1, QUOTATIONS))))
    return (_used(process) - before) / ROUNDS


@contextmanager
def served(database: str, folder: Path) -> Iterator[tuple[int, int]]:
    """Serve the page, and give its port and process."""
    port = free_port()
    with _running(folder, "serve", "--database", database, "--port", str(port)) as process:
        for _ in range(300):
            try:
                asyncio.run(get(port, "/health"))
                break
            except OSError:
                time.sleep(0.2)
        yield port, process.pid


@contextmanager
def written(database: str, folder: Path) -> Iterator[None]:
    """Take articles in, in another process, until the end of the block."""
    before = count(database, "articles")
    corpus = write_invented(folder / "news.jsonl", WRITTEN, first=before)
    with _running(folder, "ingest", str(corpus), "--database", database):
        while count(database, "articles") == before:
            time.sleep(0.5)
        yield


@contextmanager
def _running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"QUOTETRACK_EVIDENCE": ""}
    command = [sys.executable, "-m", "quotetrack", *arguments]
    with open(folder / f"{arguments[0]}.txt", "wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def count(database: str, table: str) -> int:
    """Return the number of rows of a table."""
    with session_on(database) as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


@contextmanager
def session_on(database: str) -> Iterator[Session]:
    sessions = open_store(url_of(database))
    with sessions.begin() as session:
        yield session
    close_store(sessions)


def p95(times: list[float]) -> float:
    """Return the time that 95 of 100 do not exceed."""
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _used(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
