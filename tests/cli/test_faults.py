"""Faults of the machine: the right message and exit code, nothing committed lost, nothing half-written read as whole.

A full disk under the database and the CSV, and Ctrl-C, are in `test_bad_input.py`; `kill -9` is in
`test_nightly_killed.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.test_bad_input import MANY, articles, assert_one_line, many_articles
from tests.cli_runner import quotetrack
from tests.store.newsroom import ferry, ferry_quotations, filed

from quotetrack.cli import shell
from quotetrack.cli.options import user_or
from quotetrack.core.settings import InvalidSettings, load_settings
from quotetrack.ingest.crawl import page_archive
from quotetrack.store import StoreError, close_store, open_store, url_of

FULL = Path("/dev/full")
ON_A_FULL_DISK = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full on this system")


@pytest.fixture
def filed_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with a database of two quotations, and a source of one article."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.jsonl").write_text('{"text": "High water is at noon.", "outlet": "echo"}\n')
    (tmp_path / "quotetrack.toml").write_text(
        'database = "news.db"\nevidence = "evidence"\n[[source]]\nname = "one"\nkind = "jsonl"\npath = "one.jsonl"\n'
    )
    sessions = open_store("sqlite:///news.db")
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
    close_store(sessions)
    return tmp_path


def start(*arguments: str, **given: object) -> subprocess.Popen[str]:
    """Start the command line as a process of its own, with the signals of a fresh login."""
    return subprocess.Popen(
        [sys.executable, "-m", "quotetrack", *arguments],
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **given},  # type: ignore[call-overload]
    )


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Output that cannot be written


@ON_A_FULL_DISK
@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("runs", "list"), ("export", "--csv", "-")])
def test_a_full_disk_under_standard_output_is_one_line_and_exit_code_1(
    filed_home: Path, arguments: tuple[str, ...]
) -> None:
    with FULL.open("w") as full:
        run = start(*arguments, stdout=full)
        _, stderr = run.communicate(timeout=600)
    assert (run.returncode, stderr) == (1, "quotetrack: No space left on device\n")


@ON_A_FULL_DISK
def test_a_full_disk_under_standard_error_stops_no_run(filed_home: Path) -> None:
    with FULL.open("w") as full:
        run = start("ingest", "one.jsonl", "gone.txt", "--database", "new.db", stderr=full)
        stdout, _ = run.communicate(timeout=600)
    assert (run.returncode, stdout) == (3, "1 new, 0 unchanged, 0 edited, 1 failed; 0 quotations; 0 utterances\n")


@ON_A_FULL_DISK
def test_a_full_disk_under_the_log_is_said_once_and_ends_no_night(filed_home: Path) -> None:
    result = quotetrack("nightly", "--log", FULL)
    assert result.exit_code == 0
    assert result.stdout.startswith("1 new, ")
    assert_one_line(result, "/dev/full: No space left on device: the log is incomplete")


def test_a_reader_that_stops_reading_is_no_error(filed_home: Path) -> None:
    text = "".join(f'{{"id": "{n}", "outlet": "echo", "text": "“We wait,” said Bo Dahl."}}\n' for n in range(400))
    (filed_home / "many.jsonl").write_text(text)
    run = start("extract", "many.jsonl", "--jsonl", "--fast")
    assert run.stdout is not None and run.stderr is not None
    run.stdout.readline()
    run.stdout.close()
    assert (run.stderr.read(), run.wait(timeout=600)) == ("", 0)


def test_closed_streams_are_no_error_and_do_not_write_into_the_database(filed_home: Path) -> None:
    before = (filed_home / "news.db").read_bytes()
    closed = subprocess.run(["sh", "-c", f"{sys.executable} -m quotetrack speakers list >&- 2>&-"], check=False)
    assert closed.returncode == 0
    assert (filed_home / "news.db").read_bytes() == before


# A full disk under the evidence


def test_evidence_that_does_not_fit_is_no_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(page_archive.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        page_archive.archive(tmp_path, b"<p>The ferry</p>")
    assert list(page_archive.archived(tmp_path)) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# The database


def test_a_database_with_a_corrupt_page_is_damaged(filed_home: Path) -> None:
    database = filed_home / "news.db"
    whole = database.read_bytes()
    with closing(sqlite3.connect(database)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        pages = dict(connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0"))
    for table in ("quotations", "article_versions", "articles"):
        place = (pages[table] - 1) * size
        database.write_bytes(whole[:place] + b"\xab" * size + whole[place + size :])
        result = quotetrack("verify")
        assert result.exit_code == 1, table
        assert_one_line(result, "news.db is damaged: restore it from a copy")


def test_a_copy_that_was_taken_while_open_holds_what_was_committed_and_no_more(filed_home: Path) -> None:
    with closing(sqlite3.connect("news.db", isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("INSERT INTO sources (name, first_read_at) VALUES ('kept', '2031-03-10 06:00:00')")
        writer.execute("PRAGMA cache_size=1")  # so that pages of the transaction are in the log before it is committed
        writer.execute("BEGIN")
        writer.executemany(
            "INSERT INTO sources (name, first_read_at) VALUES (?, '2031-03-10 06:00:00')",
            [(f"lost-{number}-{'x' * 300}",) for number in range(500)],
        )
        for name in ("news.db", "news.db-wal"):
            shutil.copy(name, name.replace("news", "copy"))
        writer.execute("ROLLBACK")
    assert Path("copy.db-wal").stat().st_size > 100_000
    assert quotetrack("speakers", "list", "--database", "copy.db").exit_code == 0
    with closing(sqlite3.connect("copy.db")) as connection:
        assert connection.execute("SELECT name FROM sources").fetchall() == [("kept",)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_copy_without_its_log_is_the_store_of_an_earlier_moment(filed_home: Path) -> None:
    with closing(sqlite3.connect("news.db", isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("INSERT INTO sources (name, first_read_at) VALUES ('later', '2031-03-10 06:00:00')")
        shutil.copy("news.db", "copy.db")
    assert quotetrack("speakers", "list", "--database", "copy.db").exit_code == 0
    assert quotetrack("db", "backup", "copy.tar", "--database", "copy.db").exit_code == 0


@pytest.mark.parametrize(
    "command", ["ingest one.jsonl", "nightly", "ask What?", "export --csv -", "db upgrade", "db backup new.tar"]
)
def test_a_database_of_a_newer_quotetrack_is_refused_and_left_as_it_is(filed_home: Path, command: str) -> None:
    with closing(sqlite3.connect("news.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = Path("news.db").read_bytes()
    result = quotetrack(*command.split())
    assert result.exit_code == 1
    assert_one_line(result, "news.db was made by a newer quotetrack (tables 9999): install that one")
    assert Path("news.db").read_bytes() == before and not Path("new.tar").exists()


# What only its owner may read


def test_only_the_owner_can_read_what_the_program_keeps(filed_home: Path) -> None:
    before = os.umask(0o022)
    try:
        assert quotetrack("nightly", "--database", "folder/new.db", "--log", "night.jsonl").exit_code == 0
        assert quotetrack("db", "backup", "backup.tar", "--database", "folder/new.db").exit_code == 0
        assert quotetrack("db", "restore", "backup.tar", "--database", "restored.db").exit_code == 0
        sessions = open_store("sqlite:///folder/new.db")
        with sessions.begin() as session:
            filed(session, ferry(), ferry_quotations())
        kept = [*Path("folder").glob("new.db*"), *Path("evidence").rglob("*.gz")]
        modes = {path.name: mode_of(path) for path in kept if path.suffix != ".lock"}
        close_store(sessions)
    finally:
        os.umask(before)
    assert {"new.db", "new.db-wal", "new.db-shm"} < set(modes) and len(modes) > 3
    assert set(modes.values()) == {0o600}
    assert {mode_of(Path(name)) for name in ("night.jsonl", "backup.tar", "restored.db")} == {0o600}


def test_a_database_that_its_owner_shares_stays_shared(filed_home: Path) -> None:
    Path("news.db").chmod(0o640)
    assert quotetrack("ingest", "one.jsonl").exit_code == 0
    assert quotetrack("db", "backup", "backup.tar").exit_code == 0
    assert quotetrack("db", "restore", "backup.tar", "--force").exit_code == 0
    assert mode_of(Path("news.db")) == 0o640


# The surroundings


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the home folder and the name from the user."""

    def nobody(*_: object) -> None:
        raise KeyError("getpwuid(): uid not found")

    for name in (
        "HOME",
        "USER",
        "LOGNAME",
        "LNAME",
        "USERNAME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "QUOTETRACK_DATABASE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    monkeypatch.setattr("pwd.getpwnam", nobody)


def test_a_user_without_a_home_names_the_database_and_the_evidence(
    homeless: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidSettings, match="no home folder: set HOME, or both `database` and `evidence`"):
        load_settings()
    result = quotetrack("ingest", "one.jsonl")
    assert result.exit_code == 1
    assert_one_line(result, "no home folder")
    Path("quotetrack.toml").write_text('database = "news.db"\nevidence = "evidence"\n')
    assert quotetrack("db", "upgrade").exit_code == 0
    with pytest.raises(StoreError, match="no such home folder; write the whole path"):
        url_of("~/news.db")
    assert shell._open_history() is None


def test_a_user_without_a_name_says_who_decides(homeless: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert user_or("ada") == "ada"
    with pytest.raises(Exception) as ended:  # noqa: PT011 typer's way to end a command
        user_or(None)
    assert getattr(ended.value, "exit_code", None) == 1
    assert capsys.readouterr().err == "quotetrack: This user has no name. Say who decides: --by NAME.\n"


def test_with_the_locale_c_everything_is_utf_8(filed_home: Path) -> None:
    Path("naïve.txt").write_text("“Café Ørsted is closed,” said José Núñez.", encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(filed_home), "LANG": "C", "LC_ALL": "C"}
    environment |= {name: os.environ[name] for name in ("PYTHONPATH", "HF_HUB_OFFLINE") if name in os.environ}
    run = start("ingest", "naïve.txt", "--outlet", "echo", env=environment)
    stdout, stderr = run.communicate(timeout=600)
    assert stdout.startswith("1 new, ") and run.returncode == 0, stderr
    run = start("speakers", "list", env=environment)
    stdout, stderr = run.communicate(timeout=600)
    assert "José Núñez" in stdout, stderr


@pytest.mark.slow
def test_sigterm_keeps_what_was_committed_and_the_next_run_continues(tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    close_store(open_store(url_of(database)))
    path = many_articles(tmp_path)
    run = start("ingest", str(path), "--database", str(database))
    while articles(database) < 100 and run.poll() is None:
        time.sleep(0.01)
    run.send_signal(signal.SIGTERM)
    stdout, stderr = run.communicate(timeout=600)
    assert (run.returncode, stdout) == (143, "")
    assert stderr == "Ended by SIGTERM. Everything committed is kept, and the next run continues from there.\n"
    assert 100 <= articles(database) < MANY
    with closing(sqlite3.connect(database)) as connection:
        (error,) = connection.execute("SELECT error FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    assert error.startswith("Terminated")
    lines = path.read_text("utf-8").splitlines()[:200]
    (tmp_path / "few.jsonl").write_text("\n".join(lines), encoding="utf-8")
    again = json.loads(quotetrack("ingest", tmp_path / "few.jsonl", "--database", database, "--json").stdout)
    assert again["new"] + again["unchanged"] == 200 and again["unchanged"] >= 100
