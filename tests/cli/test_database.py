"""The commands `db upgrade`, `current`, `backup`, `restore` and `prune`."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.store.newsroom import ferry, ferry_quotations, filed

from quotetrack.ingest.crawl.page_archive import archive
from quotetrack.store import close_store, open_store
from quotetrack.store.lock import run_lock


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with a database of two quotations and two evidence files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quotetrack.toml").write_text('database = "news.db"\nevidence = "evidence"\n')
    sessions = open_store(f"sqlite:///{tmp_path}/news.db")
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
    close_store(sessions)
    for page in (b"<p>The ferry</p>", b"<p>The island</p>"):
        archive(tmp_path / "evidence", page)
    return tmp_path


def quotations(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM quotations").fetchone()[0])


def test_db_upgrade_creates_the_tables_and_db_current_shows_them(tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    assert "no database yet" in quotetrack("db", "current", "--database", database).stdout
    assert not database.exists()
    assert quotetrack("db", "upgrade", "--database", database).exit_code == 0
    state = json.loads(quotetrack("db", "current", "--json", "--database", database).stdout)
    assert state["current"] == state["head"] is not None


def test_a_backup_is_written_and_restored_with_sizes(home: Path) -> None:
    written = quotetrack("db", "backup", "backup.tar.gz")
    assert re.fullmatch(
        r"Wrote backup\.tar\.gz \(\d+\.\d KiB\): the database \(\d+\.\d KiB\) and 2 evidence files \(\d+ bytes\)\.\n",
        written.stdout,
    )
    (home / "news.db").unlink()
    next((home / "evidence").rglob("*.gz")).unlink()
    restored = quotetrack("db", "restore", "backup.tar.gz")
    assert restored.exit_code == 0
    assert "and 1 evidence file (" in restored.stdout
    assert len(list((home / "evidence").rglob("*.gz"))) == 2
    assert quotations(home / "news.db") == 2


def test_a_backup_can_leave_the_evidence_out(home: Path) -> None:
    assert "0 evidence files" in quotetrack("db", "backup", "backup.tar", "--without-evidence").stdout


def test_what_exists_is_replaced_only_by_force(home: Path) -> None:
    (home / "backup.tar").write_text("mine")
    refused = quotetrack("db", "backup", "backup.tar")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "backup.tar exists: name another file, or give --force" in refused.stderr
    assert (home / "backup.tar").read_text() == "mine"
    assert quotetrack("db", "backup", "backup.tar", "--force").exit_code == 0

    (home / "news.db").write_text("mine")
    refused = quotetrack("db", "restore", "backup.tar")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "news.db exists: name another with --database, or give --force" in refused.stderr
    assert (home / "news.db").read_text() == "mine"
    assert quotetrack("db", "restore", "backup.tar", "--force").exit_code == 0
    assert quotations(home / "news.db") == 2


@pytest.mark.parametrize("name", ["backup.zip", "backup", "backup.db"])
def test_a_backup_has_the_name_of_a_tar_file(home: Path, name: str) -> None:
    result = quotetrack("db", "backup", name)
    assert result.exit_code == 2
    assert f"{name} must end in .tar, .tar.gz or .tgz" in result.stderr


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("restore gone.tar --force", "quotetrack: gone.tar: No such file or directory\n"),
        (
            "restore quotetrack.toml --force",
            "quotetrack: quotetrack.toml is no backup of quotetrack, or is incomplete or damaged: "
            "nothing was restored\n",
        ),
        (
            "restore a.tar --database sqlite://",
            "quotetrack: sqlite:// is in memory and has no file: name another database\n",
        ),
    ],
)
def test_an_error_is_one_sentence(home: Path, command: str, message: str) -> None:
    result = quotetrack("db", *command.split())
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == message


@pytest.mark.parametrize("command", ["restore backup.tar --force", "prune --evidence-older-than 1"])
def test_while_a_run_holds_the_lock_nothing_is_restored_or_pruned(home: Path, command: str) -> None:
    quotetrack("db", "backup", "backup.tar")
    before = (home / "news.db").read_bytes()
    with run_lock("sqlite:///news.db"):
        assert quotetrack("db", "backup", "second.tar").exit_code == 0
        refused = quotetrack("db", *command.split())
    assert refused.exit_code == 75
    assert "news.db is in use by another run" in refused.stderr
    assert (home / "news.db").read_bytes() == before


def test_pruning_says_what_was_removed(home: Path) -> None:
    arguments = ("db", "prune", "--evidence-older-than", "30")
    assert quotetrack(*arguments, "--dry-run").stdout == "Would remove 0 evidence files (0 bytes).\n"
    assert json.loads(quotetrack(*arguments, "--json").stdout) == {
        "removed": 0,
        "removed_bytes": 0,
        "kept": 0,
        "kept_bytes": 0,
    }
    assert quotetrack("db", "prune").exit_code == 2
    assert quotetrack("db", "prune", "--evidence-older-than", "0").exit_code == 2
    (home / "quotetrack.toml").write_text('database = "news.db"\nevidence = ""\n')
    assert "the setting `evidence` is empty" in quotetrack(*arguments).stderr
