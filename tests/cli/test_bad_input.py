"""Any bad input gives one clear line and the right exit code, and keeps everything committed before it."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from typer.testing import Result

pytest_plugins = ("tests.filled_store",)

GOOD = {"id": "tides", "outlet": "harbourpost", "text": "High water is at noon, and nobody had a word to say about it."}
NOBODY = 65534  # the user and group without rights on Linux
MANY = 4000  # articles: ingesting them takes some seconds
BODY = "The crane at the southern quay stood still for the third day in a row, and the gulls have taken it over. " * 9


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return a database with one article."""
    path = tmp_path / "news.db"
    (tmp_path / "first.jsonl").write_text(json.dumps(GOOD), encoding="utf-8")
    assert quotetrack("ingest", tmp_path / "first.jsonl", "--database", path).exit_code == 0
    return path


def articles(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])


def assert_one_line(result: Result, *expected: str) -> None:
    """Assert one line on standard error, beside notes, that contains these words, and no traceback."""
    assert result.exception is None or isinstance(result.exception, SystemExit)
    lines = [line for line in result.stderr.splitlines() if not line.startswith("note: ")]
    assert len(lines) == 1, result.stderr
    assert all(words in lines[0] for words in expected), lines[0]


# Files


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("blank.html", b" \n\n ", "the file is empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("archive.zip", b"PK\x03\x04\x14\0\0\0", "not a kind that we read"),
        ("torn.jsonl", b'{"text": "High wat', "not valid JSON"),
        ("list.jsonl", b'[{"text": "High water."}]', "not a JSON object"),
        ("no_text.jsonl", b'{"title": "High water"}', 'no "text"'),
        ("latin.jsonl", '{"text": "Café at noon."}'.encode("cp1252"), "not UTF-8"),
        ("neither.txt", "Café \x81 ça".encode("latin-1"), "save it as UTF-8"),
        ("utf16.txt", b"\xff\xfeH\0i\0!", "UTF-16"),
        ("menu.html", b"<html><body><ul><li>Home<li>Sport<li>Weather</ul></body></html>", "no article on the page"),
        ("packed.html.gz", b"\x1f\x8b\x08\0not really", "gzip"),
    ],
)
def test_a_bad_file_is_reported_and_the_others_are_read(
    tmp_path: Path, database: Path, name: str, content: bytes, why: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(content)
    (tmp_path / "in" / "zz_good.txt").write_text("Low water is at six.", encoding="utf-8")
    result = quotetrack("ingest", tmp_path / "in", "--outlet", "harbourpost", "--database", database)
    assert result.exit_code == 3
    assert_one_line(result, "failed:", name, why)
    assert result.stdout.startswith("1 new, 0 unchanged, 0 edited, 1 failed;")
    assert articles(database) == 2


def test_a_missing_file_is_reported(tmp_path: Path, database: Path) -> None:
    result = quotetrack("ingest", tmp_path / "gone.txt", "--database", database)
    assert result.exit_code == 3
    assert_one_line(result, "gone.txt", "no such file")


def test_a_line_of_twenty_megabytes_is_skipped(tmp_path: Path, database: Path) -> None:
    long = json.dumps({"text": "tide " * 4 * 2**20})
    (tmp_path / "long.jsonl").write_text(f'{long}\n{{"text": "Low water.", "outlet": "echo"}}\n', encoding="utf-8")
    result = quotetrack("ingest", tmp_path / "long.jsonl", "--database", database)
    assert result.exit_code == 3
    assert_one_line(result, "long.jsonl:1", "longer than 16 MiB")
    assert articles(database) == 2


def test_a_text_of_twenty_megabytes_is_skipped(tmp_path: Path, database: Path) -> None:
    (tmp_path / "long.txt").write_text("tide " * 4 * 2**20, encoding="utf-8")
    result = quotetrack("ingest", tmp_path / "long.txt", "--database", database)
    assert result.exit_code == 3
    assert_one_line(result, "long.txt", "larger than 16 MiB")


def test_a_text_in_another_encoding_is_read(tmp_path: Path, database: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("“Café”, said nobody, “is closed at noon.”".encode("cp1252"))
    result = quotetrack("ingest", tmp_path / "latin.txt", "--outlet", "echo", "--database", database)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("1 new,")


def test_a_text_without_quotations_is_not_an_error(tmp_path: Path, database: Path) -> None:
    result = quotetrack("extract", "-", given="High water is at noon.")
    assert (result.exit_code, result.stdout) == (0, "")
    assert_one_line(result, "no quotations")
    asked = quotetrack("ask", "what was said about water", "--database", database)
    assert asked.exit_code == 0
    exported = quotetrack("export", "--csv", "-", "--database", database)
    assert (exported.exit_code, len(exported.stdout.splitlines())) == (0, 1)


@pytest.mark.parametrize(("content", "why"), [(b"", "empty"), (b"\0\1\2\3", "binary"), (None, "no such file")])
def test_extract_says_what_is_wrong_with_a_file(tmp_path: Path, content: bytes | None, why: str) -> None:
    if content is not None:
        (tmp_path / "a.txt").write_bytes(content)
    result = quotetrack("extract", tmp_path / "a.txt")
    assert result.exit_code == 1
    assert_one_line(result, "a.txt", why)


def test_extract_reports_a_missing_jsonl_file(tmp_path: Path) -> None:
    result = quotetrack("extract", tmp_path / "gone.jsonl", "--jsonl")
    assert result.exit_code == 1
    assert_one_line(result, "gone.jsonl", "No such file")


def test_json_for_several_articles_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "two.jsonl").write_text(f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}\n", encoding="utf-8")
    result = quotetrack("extract", tmp_path / "two.jsonl", "--json")
    assert result.exit_code == 2
    assert "--jsonl" in result.stderr


# Databases


@pytest.mark.parametrize(
    "command",
    [
        "ask What?",
        "find ferry",
        "show 1",
        "export --csv -",
        "runs list",
        "review judge 1 2 same",
        "review undo j1",
        "review list",
        "review correct 1 --not-a-quotation",
        "speakers list",
        "speakers merge 1 2",
        "speakers merge 1 --revoke",
        "speakers split Venn",
        "speakers rename 1 Venn",
        "speakers import people.csv",
        "db backup news.tar",
        "db prune --evidence-older-than 9",
    ],
)
def test_a_missing_database_is_an_error_and_is_not_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("name,alias\nOrla Venn,O. Venn\n", encoding="utf-8")
    result = quotetrack(*command.split(), "--database", "folder/none.db")
    assert (result.exit_code, result.stdout) == (1, "")
    assert_one_line(result, "there is no database at folder/none.db", "`quotetrack ingest` makes one")
    assert not Path("folder/none.db").exists() and not Path("news.tar").exists()


@pytest.mark.parametrize("command", ["ingest first.txt", "nightly", "db upgrade", "db restore old.tar"])
def test_what_takes_articles_in_creates_the_database_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Path, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("first.txt").write_text("High water is at noon.", encoding="utf-8")
    Path("quotetrack.toml").write_text('[[source]]\nname = "a"\nkind = "jsonl"\npath = "first.jsonl"\n')
    assert quotetrack("db", "backup", "old.tar", "--database", database).exit_code == 0
    result = quotetrack(*command.split(), "--database", "folder/new.db")
    assert result.exit_code == 0
    assert_one_line(result, "Created the database at folder/new.db.")
    assert Path("folder/new.db").exists()
    again = quotetrack(*command.split(), *(["--force"] if "restore" in command else []), "--database", "folder/new.db")
    assert (again.exit_code, again.stderr) == (0, "")


def test_an_unknown_kind_of_database_is_an_error() -> None:
    result = quotetrack("ask", "What?", "--database", "gopher://news")
    assert result.exit_code == 1
    assert_one_line(result, "gopher://news", "sqlite:///PATH")


@pytest.mark.parametrize("command", [("ingest", "first.jsonl"), ("ask", "What?"), ("db", "upgrade"), ("db", "current")])
def test_a_file_that_is_not_a_database_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Path, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letter.db").write_bytes(b"Dear editor, I am not a database. " * 200)
    result = quotetrack(*command, "--database", "letter.db")
    assert result.exit_code == 1
    assert_one_line(result, "letter.db", "is not a SQLite database")


def test_a_damaged_database_is_reported(tmp_path: Path, database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[4096:-4096] = b"\xab" * (len(content) - 2 * 4096)
    database.write_bytes(content)
    result = quotetrack("ingest", tmp_path / "first.jsonl", "--database", database)
    assert result.exit_code == 1
    assert_one_line(result, "news.db", "is damaged", "restore it from a copy")


@pytest.mark.slow
def test_a_locked_database_has_exit_code_75(tmp_path: Path, database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = quotetrack("ingest", tmp_path / "first.jsonl", "--database", database)
        asked = quotetrack("ask", "what was said about water", "--database", database)
    assert result.exit_code == 75
    assert_one_line(result, "news.db", "in use by another run", "try again")
    assert asked.exit_code == 0
    assert articles(database) == 1


@pytest.fixture
def read_only(database: Path) -> Iterator[Path]:
    """Yield a database of one article in a read-only folder; root gives up its rights for the test."""
    folder = Path(tempfile.mkdtemp())  # only the owner can enter the one of pytest
    shutil.copy(database.with_name("first.jsonl"), folder)
    shutil.copy(database, folder)
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    yield folder / "news.db"
    if is_root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_read_only_database_is_reported(read_only: Path) -> None:
    before = read_only.read_bytes()
    result = quotetrack("ingest", read_only.with_name("first.jsonl"), "--database", read_only)
    assert result.exit_code == 1
    assert_one_line(result, "news.db cannot be written: make the file and its folder writable")
    assert read_only.read_bytes() == before


# The disk, and Ctrl-C


def many_articles(folder: Path) -> Path:
    path = folder / "many.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number in range(MANY):
            out.write(json.dumps({"id": str(number), "outlet": "harbourpost", "text": f"Day {number}. {BODY}"}) + "\n")
    return path


def test_a_full_disk_keeps_what_was_committed(tmp_path: Path, database: Path) -> None:
    room = database.stat().st_size + 2**20  # bytes: enough for some hundred more articles

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    command = [sys.executable, "-m", "quotetrack", "ingest", many_articles(tmp_path), "--database", database]
    result = subprocess.run(command, capture_output=True, text=True, preexec_fn=little_room)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert "news.db" in line and "disk" in line
    kept = articles(database)
    assert 1 < kept < MANY
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_under_the_csv(newsroom: Path) -> None:
    result = quotetrack("export", "--csv", "/dev/full", "--database", newsroom)
    assert result.exit_code == 1
    assert_one_line(result, "No space left on device")


def test_a_csv_in_a_folder_that_is_not_there(newsroom: Path, tmp_path: Path) -> None:
    result = quotetrack("export", "--csv", tmp_path / "nowhere" / "q.csv", "--database", newsroom)
    assert result.exit_code == 1
    assert_one_line(result, "nowhere", "No such file or directory")


@pytest.mark.slow
def test_ctrl_c_in_the_middle_keeps_what_was_committed(tmp_path: Path, database: Path) -> None:
    path = many_articles(tmp_path)
    run = subprocess.Popen(
        [sys.executable, "-m", "quotetrack", "ingest", path, "--database", database],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background ignores Ctrl-C, and its child would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while articles(database) < 100 and run.poll() is None:
        time.sleep(0.01)
    before = articles(database)
    run.send_signal(signal.SIGINT)
    stdout, stderr = run.communicate(timeout=60)
    assert (run.returncode, stdout) == (130, "")
    assert stderr == "Interrupted. Everything committed is kept, and the next run continues from there.\n"
    kept = articles(database)
    assert 100 <= before <= kept < MANY
    result = quotetrack("ingest", path, "--database", database)
    assert result.stdout.startswith(f"{MANY + 1 - kept} new, {kept - 1} unchanged, 0 edited, 0 failed;")
    assert articles(database) == MANY + 1


@pytest.mark.parametrize("option", ["--limit", "--page"])
def test_a_number_that_no_database_can_count_to_is_refused(database, option):
    result = quotetrack("ask", "tides", "--database", database, option, 2**63 - 1)
    assert result.exit_code == 2 and "1000000" in result.stderr and "Traceback" not in result.stderr
