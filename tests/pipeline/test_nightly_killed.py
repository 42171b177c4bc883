"""After `kill -9` at any moment and a new start, the store is that of a night that was not interrupted."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.ingest.newsserver import CONTACT, NewsServer, entry, page, rss
from tests.synthetic_news import invented, rows_of, write_invented

pytest_plugins = ("tests.ingest.served",)


SEED = 7


def a_home(folder: Path, news: NewsServer, *, pages: int, lines: int) -> Path:
    """Write a folder with settings, a feed of some pages and a file of some articles, and return it."""
    folder.mkdir()
    written = [invented(number) for number in range(lines, lines + pages)]
    urls = [
        news.put("127.0.0.1", f"/{n}", page(a["text"].replace("\n\n", "\n"), title=a["title"]), etag=f'"{n}"')
        for n, a in enumerate(written)
    ]
    feed = news.put("127.0.0.1", "/feed", rss(*map(entry, urls)), etag='"feed"')
    archive = write_invented(folder / "archive.jsonl", lines)
    (folder / "quotetrack.toml").write_text(
        f'database = "{folder / "news.db"}"\nevidence = "{folder / "evidence"}"\ncontact = "{CONTACT}"\n'
        'fetch_delay = 0\nfetch_private = ["127.0.0.1/32"]\n'
        f'[[source]]\nname = "harbour"\nkind = "feed"\nurl = "{feed}"\n'
        f'[[source]]\nname = "archive"\nkind = "jsonl"\npath = "{archive}"\n'
    )
    return folder


def begin(home: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "quotetrack", "nightly", *arguments]
    return subprocess.Popen(command, cwd=home, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def end(run: subprocess.Popen[str]) -> str:
    stdout, stderr = run.communicate(timeout=600)
    assert run.returncode == 0, stderr
    return stdout


def uninterrupted(tmp_path: Path, news: NewsServer, *, pages: int, lines: int) -> tuple[Path, float]:
    """Run a night without interruption. Return its folder and its seconds."""
    home = a_home(tmp_path / "uninterrupted", news, pages=pages, lines=lines)
    began = time.monotonic()
    assert end(begin(home)).startswith(f"{pages + lines} new, 0 unchanged, 0 edited, 0 failed")
    return home, time.monotonic() - began


def killed_after(home: Path, seconds: float) -> bool:
    """Start a night and kill it. Return whether it was still running."""
    run = begin(home)
    time.sleep(seconds)
    was_running = run.poll() is None
    run.kill()
    run.communicate()
    return was_running


def compare(expected: Path, found: Path) -> None:
    left, right = rows_of(expected / "news.db"), rows_of(found / "news.db")
    for table, rows in left.items():
        assert right[table] == rows, table
    assert left["fetches"]
    assert sorted(kept(expected)) == sorted(kept(found))


def kept(home: Path) -> list[str]:
    return [path.name for path in (home / "evidence").rglob("*.gz")]


@pytest.mark.slow
def test_killed_three_times_the_store_is_that_of_an_uninterrupted_night(tmp_path: Path, news: NewsServer) -> None:
    chance = random.Random(SEED)
    whole, lasts = uninterrupted(tmp_path, news, pages=6, lines=14)
    home = a_home(tmp_path / "killed", news, pages=6, lines=14)
    assert sum(killed_after(home, chance.uniform(0.2, 1.0) * lasts) for _ in range(3))
    end(begin(home))
    compare(whole, home)


@pytest.mark.bench
def test_killed_at_twenty_moments_the_store_is_that_of_an_uninterrupted_night(tmp_path: Path, news: NewsServer) -> None:
    """Take a quarter of an hour. Each kill gets a new night, because a night that continues has less to do."""
    chance = random.Random(SEED)
    whole, lasts = uninterrupted(tmp_path, news, pages=40, lines=160)
    killed = 0
    for moment in range(20):
        home = a_home(tmp_path / f"killed-{moment}", news, pages=40, lines=160)
        killed += killed_after(home, chance.uniform(0.05, 0.95) * lasts)
        end(begin(home))
        compare(whole, home)
    began = time.monotonic()
    assert end(begin(whole)).startswith("0 new, 0 unchanged,")
    second = time.monotonic() - began
    print(f"\n200 articles in {lasts:.1f} s, and in {second:.1f} s the second time; {killed} of 20 kills met a run")
    assert killed
    assert second < lasts / 10


@pytest.mark.slow
def test_of_two_runs_at_once_one_works_and_one_ends_with_75(tmp_path: Path, news: NewsServer) -> None:
    home = a_home(tmp_path / "home", news, pages=2, lines=4)
    first = begin(home)
    while not (home / "news.db.lock").exists():
        time.sleep(0.01)
    second = begin(home)
    _, stderr = second.communicate(timeout=60)
    assert second.returncode == 75, stderr
    assert stderr.startswith("quotetrack: ") and f"in use by another run (process {first.pid})" in stderr
    assert end(first).startswith("6 new, 0 unchanged, 0 edited, 0 failed")
    assert end(begin(home)).startswith("0 new, 0 unchanged, 0 edited, 0 failed")


@pytest.mark.slow
def test_a_run_that_was_killed_holds_no_lock(tmp_path: Path, news: NewsServer) -> None:
    home = a_home(tmp_path / "home", news, pages=1, lines=1)
    first = begin(home)
    while not (home / "news.db.lock").exists():
        time.sleep(0.01)
    first.kill()
    first.communicate()
    end(begin(home, "--limit", "1"))  # which would fail beside a lock
    assert len(rows_of(home / "news.db")["articles"]) == 2  # of the first run or of the second
