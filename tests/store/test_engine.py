"""Opening a store, its migrations, and the messages when it cannot be used."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from tests.store.newsroom import FERRY, NOW, a_run, ferry, ferry_quotations, filed

from quotetrack.store import (
    Sessions,
    StoreError,
    StoreLocked,
    close_store,
    current_revision,
    head_revision,
    merge_full_text,
    open_store,
    translate_errors,
    upgrade,
)
from quotetrack.store.backends import sqlite
from quotetrack.store.engine import engine_of, migrations_folder
from quotetrack.store.runs import start_run
from quotetrack.store.search import full_text, full_text_among
from quotetrack.store.sightings import counts, read_sightings

NOBODY = 65534


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'news.db'}"


def alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        return [line for line in connection.iterdump() if "quotation_text" not in line]


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def a_full_store(url: str) -> None:
    sessions = open_store(url)
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
    close_store(sessions)


def test_an_empty_database_migrates_to_the_declared_tables(url: str) -> None:
    upgrade(url)
    command.check(alembic(url))  # raises where Alembic would write another migration


def test_a_filled_database_goes_down_and_up_and_is_searched_as_before(url: str) -> None:
    a_full_store(url)
    with sqlite3.connect(path_of(url)) as connection:  # as an older extractor stored them: going down loses the others
        connection.execute("UPDATE quotations SET mention_confidence = NULL")
    before = dump(path_of(url))
    config = alembic(url)
    command.downgrade(config, "0003")
    assert current_revision(url) == "0003"
    upgrade(url)
    assert sorted(dump(path_of(url))) == sorted(before)
    with open_store(url)() as session:
        assert len(full_text(session, "ferry", limit=9)) == 2  # one by its words, one by the paragraph before
    command.downgrade(config, "base")
    upgrade(url)
    with open_store(url)() as session:
        assert counts(session)["articles"] == 0


def test_the_numbered_files_are_what_alembic_takes_for_head() -> None:
    folder = ScriptDirectory(str(migrations_folder()))
    assert folder.get_current_head() == head_revision()


def test_opening_makes_the_folder_and_the_tables_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/news.db"
    assert current_revision(url) is None
    close_store(open_store(url))
    assert current_revision(url) == head_revision()
    upgrade(url)
    assert current_revision(url) == head_revision()


def test_alembic_is_not_loaded_if_the_tables_are_up_to_date(url: str) -> None:
    upgrade(url)
    asked = (
        f"import sys; from quotetrack.store import open_store; open_store({url!r}); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("50% off.db", "50% off.db"),
        ("with spaces.db", "with spaces.db"),
        ("naïve-ü.db", "naïve-ü.db"),
        ("a#b.db", "a#b.db"),
        # A URL may encode what it cannot hold.
        ("what%3F.db", "what?.db"),
        ("a%2520b.db", "a%20b.db"),
    ],
)
def test_any_file_name_works(tmp_path: Path, written: str, name: str) -> None:
    path = tmp_path / "100% new" / name
    url = f"sqlite:///{path.with_name(written)}"
    close_store(open_store(url))
    assert current_revision(url) == head_revision()
    with open_store(url, read_only=True)() as session:
        assert counts(session)["articles"] == 0
    assert path.exists()


def test_a_store_in_memory_is_migrated_and_kept() -> None:
    sessions = open_store("sqlite://")
    with sessions.begin() as session:
        a_run(session)
    with sessions() as session:
        assert counts(session)["runs"] == 1


def test_the_pragmas_hold_on_every_connection(sessions: Sessions) -> None:
    close_store(sessions)  # so that the next connection is not the one that migrated
    with sessions() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA busy_timeout")) == 100
        with pytest.raises(IntegrityError):
            session.execute(text("INSERT INTO articles (outlet_id, url) VALUES (77, 'x')"))


def test_a_migration_that_fails_leaves_no_trace(url: str) -> None:
    a_full_store(url)
    command.downgrade(alembic(url), "0001")
    with sqlite3.connect(path_of(url)) as connection:
        connection.execute("CREATE TABLE embeddings (in_the_way)")  # the last table of 0003
    before = dump(path_of(url))
    with pytest.raises(OperationalError, match="already exists"):
        open_store(url)
    assert dump(path_of(url)) == before


# Messages for users


def test_a_database_that_another_process_writes_is_locked(url: str, sessions: Sessions) -> None:
    other = sqlite3.connect(path_of(url), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreLocked, match=r"news\.db is in use"), translate_errors(url), sessions.begin() as session:
        a_run(session)
    other.execute("ROLLBACK")
    with translate_errors(url), sessions.begin() as session:
        a_run(session)
    with sessions() as session:
        assert counts(session)["runs"] == 1
    other.close()


def test_one_process_reads_while_another_writes(url: str, sessions: Sessions) -> None:
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
    with sessions() as writing:
        a_run(writing)
        with open_store(url, read_only=True, busy_seconds=0.1)() as reading:
            assert len(read_sightings(reading)) == 2


def test_reading_in_a_writing_session_locks_no_writer_out(sessions: Sessions) -> None:
    with sessions() as notebook:
        assert counts(notebook)["runs"] == 0
        with sessions.begin() as session:
            a_run(session)
        assert counts(notebook)["runs"] == 1


def test_a_fresh_database_is_locked_while_another_process_makes_it(url: str) -> None:
    other = sqlite3.connect(path_of(url), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreLocked):
        open_store(url, busy_seconds=0.1)
    other.close()


def test_two_processes_may_make_a_database_at_once(url: str) -> None:
    made = f"from quotetrack.store import open_store; open_store({url!r}, busy_seconds=20)"
    processes = [subprocess.Popen([sys.executable, "-c", made]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert current_revision(url) == head_revision()


def test_a_store_opened_read_only_cannot_be_written(url: str) -> None:
    a_full_store(url)
    with (
        pytest.raises(StoreError, match="cannot be written"),
        translate_errors(url),
        open_store(url, read_only=True)() as session,
    ):
        a_run(session)


@pytest.fixture
def unprivileged_folder() -> Iterator[Path]:
    """A folder, with the rights of an unprivileged user: root may write anywhere, so root gives up its rights."""
    folder = Path(tempfile.mkdtemp())
    if os.geteuid() != 0:
        yield folder
        folder.chmod(0o700)
        shutil.rmtree(folder)
        return
    os.chown(folder, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    yield folder
    os.seteuid(0)
    shutil.rmtree(folder)


def test_a_file_without_write_permission_can_be_read_and_says_so_when_written(unprivileged_folder: Path) -> None:
    url = f"sqlite:///{unprivileged_folder / 'news.db'}"
    a_full_store(url)
    path_of(url).chmod(0o444)
    with (
        pytest.raises(StoreError, match=r"news\.db cannot be written"),
        translate_errors(url),
        open_store(url).begin() as session,
    ):
        a_run(session)
    unprivileged_folder.chmod(0o555)
    with open_store(url, read_only=True)() as session:
        assert len(read_sightings(session)) == 2


def test_a_folder_without_write_permission_is_named(unprivileged_folder: Path) -> None:
    unprivileged_folder.chmod(0o555)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{unprivileged_folder / 'news.db'}")
    with pytest.raises(StoreError, match="cannot make the folder"):
        open_store(f"sqlite:///{unprivileged_folder / 'new' / 'news.db'}")


def test_a_file_that_is_no_database_is_named(url: str) -> None:
    path_of(url).write_bytes(b"These are not the tables you are looking for. " * 99)
    with pytest.raises(StoreError, match=r"news\.db is not a SQLite database"):
        open_store(url)
    with pytest.raises(StoreError, match="is not a SQLite database"):
        current_revision(url)


def test_a_database_cut_short_is_damaged(url: str) -> None:
    a_full_store(url)
    whole = path_of(url).read_bytes()
    path_of(url).write_bytes(whole[: len(whole) // 3])
    with pytest.raises(StoreError, match="is damaged"), translate_errors(url), open_store(url)() as session:
        read_sightings(session)


def test_a_database_with_garbage_in_it_is_damaged(url: str) -> None:
    a_full_store(url)
    whole = path_of(url).read_bytes()
    path_of(url).write_bytes(whole[:100] + bytes(range(256)) * (len(whole) // 256))
    with (
        pytest.raises(StoreError, match=r"is damaged|is not a SQLite"),
        translate_errors(url),
        open_store(url)() as session,
    ):
        read_sightings(session)


def test_a_full_disk_keeps_what_was_committed(url: str, sessions: Sessions) -> None:
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
    long = ferry(FERRY + " and so on" * 9_999, url="https://harbourpost.example/long")
    with sessions() as session:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count={pages}"))
        with pytest.raises(StoreError, match="does not fit on its disk"), translate_errors(url):
            filed(session, long, ferry_quotations(long.text))
    with sessions() as session:
        assert counts(session)["articles"] == 1


def test_a_database_of_a_newer_quotetrack_is_refused(url: str) -> None:
    upgrade(url)
    with sqlite3.connect(path_of(url)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer quotetrack"):
        open_store(url)


def test_a_database_with_other_tables_is_refused(url: str) -> None:
    with sqlite3.connect(path_of(url)) as connection:
        connection.execute("CREATE TABLE recipes (soup)")
    with pytest.raises(StoreError, match="recipes"):
        open_store(url)


def test_reading_needs_up_to_date_tables(url: str) -> None:
    with pytest.raises(StoreError, match="quotetrack ingest"):
        open_store(url, read_only=True)
    assert not path_of(url).exists()
    upgrade(url)
    command.downgrade(alembic(url), "0003")
    with pytest.raises(StoreError, match="quotetrack db upgrade"):
        open_store(url, read_only=True)


@pytest.mark.parametrize(
    "url", ["news.db", "oracle8://me:secret@host/news", "mysql://me:secret@host/news", "", "sqlite"]
)
def test_a_url_of_no_store_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match=r"write sqlite:///PATH") as refused:
        open_store(url)
    assert "secret" not in str(refused.value)


def test_our_own_faults_are_raised_as_they_are(url: str, sessions: Sessions) -> None:
    with pytest.raises(IntegrityError), translate_errors(url), sessions.begin() as session:
        session.execute(text("INSERT INTO articles (outlet_id, url) VALUES (77, 'x')"))
    with pytest.raises(ZeroDivisionError), translate_errors(url):
        raise ZeroDivisionError


def test_the_command_line_of_alembic_works_in_a_checkout(url: str) -> None:
    top = migrations_folder().parent
    if not (top / "alembic.ini").exists():
        pytest.skip("not a checkout")
    environment = {**os.environ, "QUOTETRACK_DATABASE": url}
    subprocess.run([sys.executable, "-m", "alembic", "upgrade", "head"], cwd=top, env=environment, check=True)
    assert current_revision(url) == head_revision()
    with engine_of(url).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM runs")) == 0


def test_a_moment_without_a_zone_is_refused(sessions: Sessions) -> None:
    with sessions() as session, pytest.raises(Exception, match="no time zone"):
        start_run(session, "ingest", "0.1.0", NOW.replace(tzinfo=None))


@pytest.fixture
def with_ferries(url: str) -> Iterator[Sessions]:
    """Three articles with the same two quotations, each stored by its own transaction."""
    sessions = open_store(url)
    for number in range(3):
        with sessions.begin() as session:
            filed(session, ferry(url=f"https://harbourpost.example/{number}"), ferry_quotations())
    yield sessions
    close_store(sessions)


def test_merging_the_full_text_index_leaves_the_hits_as_they_are(
    with_ferries: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parts_and_hits() -> tuple[int, list[tuple[int, float]]]:
        with with_ferries() as session:
            parts = session.scalar(text("SELECT count(DISTINCT segid) FROM quotation_text_idx")) or 0
            return parts, full_text(session, "ferry boats", limit=10)

    before = parts_and_hits()
    assert before[0] > 1
    merge_full_text(with_ferries)  # few enough
    assert parts_and_hits() == before
    monkeypatch.setattr(sqlite, "MOST_PARTS", 1)
    merge_full_text(with_ferries)
    assert parts_and_hits() == (1, before[1])


def test_where_very_many_quotations_have_all_words_those_with_some_of_them_are_left_out(
    with_ferries: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_ferries() as session:
        assert len(full_text(session, "ferry promises", limit=10)) == 6
        monkeypatch.setattr(sqlite, "MOST_RANKED", 3)
        with_both = [quotation_id for quotation_id, _ in full_text(session, "ferry promises", limit=10)]
        monkeypatch.setattr(sqlite, "MOST_RANKED", 4)
        assert len(full_text(session, "ferry promises", limit=10)) == 6
    assert with_both == [2, 4, 6]


def test_a_word_that_very_many_quotations_have_finds_none_beside_a_rarer_one(
    with_ferries: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "COMMON", 3)
    with with_ferries() as session:
        rarer = [quotation_id for quotation_id, _ in full_text(session, "ferry promises", limit=10)]
        assert len(full_text(session, "ferry unheard", limit=10)) == 6
        assert len(full_text(session, "ferry", limit=10)) == 6
    assert sorted(rarer) == [2, 4, 6]


def test_among_few_quotations_a_word_that_very_many_have_is_looked_for_in_each(
    with_ferries: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_ferries() as session:
        ranked = full_text_among(session, "ferry promises", [1, 2, 3], limit=10)
        monkeypatch.setattr(sqlite, "HITS_A_SEARCH", 0)
        monkeypatch.setattr(sqlite, "MOST_READ", 0)
        searched = full_text_among(session, "ferry promises", [1, 2, 3], limit=10)
        assert full_text_among(session, "unheard", [1, 2, 3], limit=10) == []
    assert [quotation_id for quotation_id, _ in searched] == [quotation_id for quotation_id, _ in ranked] == [2, 1, 3]
    assert searched[0][1] > searched[1][1] == searched[2][1] > 0
