"""One run at a time: the lock names its holder, and ends with the process that holds it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quotetrack.store import StoreLocked, close_store, open_store
from quotetrack.store.lock import lock_of, run_lock

HOLD = """
import sys, time
from quotetrack.store.lock import run_lock
with run_lock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'news.db'}"


def test_a_second_run_is_refused_and_reads_which_process_holds_the_lock(url: str, tmp_path: Path) -> None:
    message = rf"news\.db is in use by another run \(process {os.getpid()}\): try again when it has ended"
    with run_lock(url):
        for _ in range(2):
            with pytest.raises(StoreLocked, match=message), run_lock(url):
                pytest.fail("two runs hold the lock")
    with run_lock(url):
        assert [path.name for path in tmp_path.iterdir()] == ["news.db.lock"]


def test_the_lock_of_a_killed_process_is_free(url: str) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(StoreLocked, match=rf"\(process {holder.pid}\)"), run_lock(url):
        pytest.fail("two runs hold the lock")
    holder.kill()
    holder.communicate()
    with run_lock(url):
        pass


def test_the_file_names_the_last_process_and_nothing_of_those_before(url: str, tmp_path: Path) -> None:
    file = tmp_path / "news.db.lock"
    file.write_text("12345678901234567890", encoding="ascii")
    with run_lock(url):
        pass
    assert file.read_text(encoding="ascii") == str(os.getpid())


def test_a_database_in_memory_has_no_lock() -> None:
    with run_lock("sqlite://"), run_lock("sqlite:///:memory:"):
        sessions = open_store("sqlite://")
        with lock_of(sessions), lock_of(sessions):
            close_store(sessions)


def test_the_lock_of_sessions_is_that_of_their_database(url: str) -> None:
    sessions = open_store(url)
    with lock_of(sessions), pytest.raises(StoreLocked), run_lock(url):
        pytest.fail("two runs hold the lock")
    close_store(sessions)


def test_an_error_in_the_block_frees_the_lock_and_is_raised_as_it_is(url: str) -> None:
    with pytest.raises(OSError, match="the disk"), run_lock(url):
        raise OSError("the disk")
    with run_lock(url):
        pass
