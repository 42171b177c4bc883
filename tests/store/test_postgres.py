"""What is particular to PostgreSQL: its tables, its lock, its messages, and that it finds what SQLite finds."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from alembic import command
from psycopg.errors import ProgramLimitExceeded
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from tests.postgres import Server
from tests.store.newsroom import a_run, ferry, ferry_quotations, filed, quoted
from tests.store.test_engine import alembic

from quotetrack.core.domain import Anchor, Span
from quotetrack.sample import folder
from quotetrack.store import (
    Sessions,
    StoreError,
    StoreLocked,
    begin_reading,
    close_store,
    current_revision,
    head_revision,
    open_store,
    translate_errors,
    upgrade,
)
from quotetrack.store.backends.postgres import tokens_of
from quotetrack.store.decisions import put_anchor
from quotetrack.store.engine import file_of
from quotetrack.store.errors import is_of_one_article, name_of, shown_url
from quotetrack.store.lock import lock_of, run_lock
from quotetrack.store.search import full_text, full_text_among
from quotetrack.store.sightings import counts, read_sightings
from quotetrack.store.vectors import put_vectors, read_vectors

HOLD = """
import sys, time
from quotetrack.store.lock import run_lock
with run_lock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def empty_url(postgres: Server) -> Iterator[str]:
    with postgres.empty_database() as url:
        yield url


# Tables


def test_an_empty_database_gets_the_declared_tables(empty_url: str) -> None:
    assert current_revision(empty_url) is None
    upgrade(empty_url)
    assert current_revision(empty_url) == head_revision()
    command.check(alembic(empty_url))  # raises where Alembic would write a migration


def test_an_index_holds_the_rows_that_it_holds_in_sqlite(session: Session, tmp_path: Path) -> None:
    ours = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix%'"
    sessions = open_store(f"sqlite:///{tmp_path / 'news.db'}")
    with sessions() as in_sqlite:
        theirs = in_sqlite.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix%'"))
        narrowed = {name for name, made_by in theirs if "WHERE" in made_by}
    close_store(sessions)
    assert len(narrowed) == 6
    assert {name for name, made_by in session.execute(text(ours)) if "WHERE" in made_by} == narrowed


def test_only_a_command_that_may_makes_tables(empty_url: str) -> None:
    for how in ({"read_only": True}, {"create": False}):
        with pytest.raises(StoreError, match=r"there is no database at .*`quotetrack ingest` makes one"):
            open_store(empty_url, **how)
    assert current_revision(empty_url) is None


def test_two_processes_may_make_the_tables_at_once(empty_url: str) -> None:
    made = f"from quotetrack.store import open_store; open_store({empty_url!r}, busy_seconds=60)"
    processes = [subprocess.Popen([sys.executable, "-c", made]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert current_revision(empty_url) == head_revision()


def test_tables_of_something_else_are_left_alone(empty_url: str) -> None:
    sessions = open_store(empty_url)
    with sessions.begin() as session:
        session.execute(text("DROP TABLE alembic_version"))
    close_store(sessions)
    with pytest.raises(StoreError, match="holds something else"):
        open_store(empty_url)


def test_a_database_in_another_encoding_is_refused(postgres: Server) -> None:
    postgres.run("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match="has the encoding LATIN1: create one with the encoding UTF8"):
        open_store(postgres.url_of("latin"))
    assert current_revision(postgres.url_of("latin")) is None
    postgres.run("DROP DATABASE latin WITH (FORCE)")


def test_a_quotation_of_many_pages_can_be_pointed_at(sessions: Sessions) -> None:
    exact = "".join(chr(0x4E00 + i) for i in range(9_000))  # 27,000 bytes that cannot be packed
    with sessions.begin() as session:
        anchor = Anchor(3, exact, "", "", (Span(0, len(exact)),))
        ids = [put_anchor(session, "https://post.example/1", anchor) for _ in range(2)]
    assert ids[0] == ids[1]


# One writer, several readers


def test_a_second_run_is_refused_and_reads_which_process_holds_the_lock(url: str) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked, match=rf"is in use by another run \(process {holder.pid} on "), run_lock(url):
            pytest.fail("two runs hold the lock")
    finally:
        holder.kill()
        holder.communicate()
    with run_lock(url):  # the lock of a killed process is free
        pass


def test_the_lock_of_sessions_is_that_of_their_database(url: str, sessions: Sessions) -> None:
    with lock_of(sessions), pytest.raises(StoreLocked), run_lock(url):
        pytest.fail("two runs hold the lock")


def test_several_read_while_another_writes_and_see_one_moment(url: str, sessions: Sessions) -> None:
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
    readers = [open_store(url, read_only=True)() for _ in range(3)]
    with run_lock(url), sessions.begin() as writing:
        a_run(writing)
        for reader in readers:
            begin_reading(reader)
            assert len(read_sightings(reader)) == 2
            assert counts(reader)["runs"] == 1
    for reader in readers:
        assert counts(reader)["runs"] == 1
        reader.rollback()
        assert counts(reader)["runs"] == 2
        reader.close()


def test_what_is_opened_read_only_cannot_be_written(url: str) -> None:
    with (
        pytest.raises(StoreError, match="was opened for reading only"),
        translate_errors(url),
        open_store(url, read_only=True)() as session,
    ):
        a_run(session)


def test_a_writer_does_not_wait_long_for_another_one(url: str, sessions: Sessions) -> None:
    with sessions.begin() as first:
        run_id = a_run(first)
    changed = text(f"UPDATE runs SET error = 'x' WHERE id = {run_id}")
    with sessions() as first:
        first.execute(changed)
        with pytest.raises(StoreLocked, match="is in use"), translate_errors(url), sessions() as second:
            second.execute(changed)


def test_a_statement_that_takes_too_long_is_ended(url: str, sessions: Sessions) -> None:
    with sessions() as session:
        session.execute(text("SET LOCAL statement_timeout = 50"))
        with pytest.raises(StoreError, match="took longer than 60 seconds"), translate_errors(url):
            session.execute(text("SELECT pg_sleep(9)"))


def test_a_connection_that_the_server_closed_is_opened_again(postgres: Server, url: str, sessions: Sessions) -> None:
    with sessions() as session:
        assert counts(session)["runs"] == 0
        name = session.scalar(text("SELECT current_database()"))
    postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    with sessions() as session:
        assert counts(session)["runs"] == 0


# Messages for users


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"host": "localhost", "port": 1, "query": {}}, "does not answer: is the server running"),
        ({"database": "nowhere"}, "does not exist: create it with `createdb`"),
        ({"username": "nobody"}, "refuses this user or password"),
        ({"query": {"host": "/nowhere", "foo": "bar"}}, "has an option in its URL that PostgreSQL does not know"),
    ],
)
def test_a_database_that_cannot_be_reached_says_why_and_keeps_the_password(
    postgres: Server, changed: dict[str, object], message: str
) -> None:
    url = make_url(postgres.url_of("postgres")).set(password="secret").set(**changed)
    with pytest.raises(StoreError, match=message) as refused:
        open_store(url.render_as_string(hide_password=False))
    assert "secret" not in str(refused.value)
    with pytest.raises(StoreError, match=message):
        current_revision(url.render_as_string(hide_password=False))


def test_a_run_without_a_lock_does_not_begin(postgres: Server) -> None:
    with pytest.raises(StoreError, match="does not exist"), run_lock(postgres.url_of("nowhere")):
        pytest.fail("a run without a lock")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me:secret@host/news",
        "postgresql+psycopg://me@host/news?password=secret&sslpassword=secret",
        "postgresql+psycopg://me:secret@host:port/news",
        "nothing://me:secret@host/news?password=secret",
    ],
)
def test_no_message_has_a_password(url: str) -> None:
    assert "secret" not in name_of(url) + shown_url(url)
    with pytest.raises(StoreError) as refused:
        open_store(url)
    assert "secret" not in str(refused.value)


def test_a_value_too_long_for_an_index_stops_one_article_alone() -> None:
    cause = ProgramLimitExceeded("index row size 4000 exceeds btree version 4 maximum 2704")
    assert is_of_one_article(OperationalError("INSERT", {}, cause))


def test_a_missing_driver_names_what_to_install() -> None:
    with pytest.raises(StoreError, match=r"pip install 'quotetrack\[postgres\]'"):
        open_store("postgresql+pg8000://me@host/news")


def test_a_database_in_postgresql_is_no_file(url: str) -> None:
    with pytest.raises(StoreError, match="use pg_dump"):
        file_of(url)


def test_our_own_faults_are_raised_as_they_are(url: str, sessions: Sessions) -> None:
    with pytest.raises(IntegrityError), translate_errors(url), sessions.begin() as session:
        session.execute(text("INSERT INTO articles (outlet_id, url) VALUES (77, 'x')"))


# Full text and vectors


WORDS = (
    "generalizations relational conditional rational valency hesitancy digitizer conformably radically differently"
    " vileness analogously vietnamization predication operator feudalism decisiveness hopefulness callousness"
    " formality sensitivity sensibility triplicate formative formalize electricity electrical hopeful goodness"
    " revival allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment"
    " dependent adoption communism activate angularity homologous effective bowdlerize probate rate cease control"
    " roll caresses ponies ties cats feed agreed plastered bled motoring sing conflated troubled sized hopping"
    " tanned falling hissing fizzed failing filing happy sky news dying lying was were the of sanctions sanctioned"
    " café naïve Zürich İstanbul straße don’t e-mail 1,000 covid19 G20 3rd u.s. under_score x 東京 Ελλάδα"
)


def test_words_have_the_stems_that_they_have_in_sqlite(session: Session) -> None:
    texts = [WORDS, *(path.read_text("utf-8") for path in sorted(folder().iterdir()))]
    with sqlite3.connect(":memory:") as memory:
        memory.execute("CREATE VIRTUAL TABLE t USING fts5(words, tokenize='porter unicode61 remove_diacritics 2')")
        memory.executemany("INSERT INTO t VALUES (?)", [(each,) for each in texts])
        memory.execute("CREATE VIRTUAL TABLE v USING fts5vocab('t', 'row')")
        in_sqlite = {term for (term,) in memory.execute("SELECT term FROM v")}
    stems = text("SELECT unnest(tsvector_to_array(to_tsvector('quotetrack', :words)))")
    in_postgresql = {stem for each in texts for stem in session.scalars(stems, {"words": " ".join(tokens_of(each))})}
    assert len(in_sqlite) > 900
    # FTS5 leaves words of two letters, and cuts less of "assembly"; İ, ß and Greek accents are folded in other ways.
    known = {"is", "as", "us", "i", "a", "u", "assembli", "assembl", "istanbul", "strass", "straß", "ελλαδα", "ελλάδα"}
    assert in_postgresql ^ in_sqlite <= known


def test_full_text_has_the_scores_of_sqlite(session: Session) -> None:
    random = Random(5)
    words = "harbour board gate tide ferry toll quay island crane dock mast anchor".split()

    def some(most: int) -> str:
        return " ".join(random.choices(words, weights=range(1, len(words) + 1), k=random.randint(1, most)))

    articles = []
    for number in range(60):
        quote = some(30)
        text = f"{some(50)}\n\n“{quote}” he said."
        articles.append((ferry(text, url=f"https://post.example/{number}", title=some(6)), quote))
    in_memory = open_store("sqlite://")
    with in_memory() as other:
        for one in (session, other):
            for article, quote in articles:
                filed(one, article, [quoted(article.text, quote)])
        for question in ("ferry", "toll gate", "harbour mast anchor", "tide tides crane", "nothing"):
            for among in (range(1, 61), range(1, 30)):
                here, there = (dict(full_text_among(one, question, among, limit=99)) for one in (session, other))
                assert here == pytest.approx(there, abs=1e-5)
            here, there = (dict(full_text(one, question, limit=99)) for one in (session, other))
            assert here == pytest.approx(there, abs=1e-5)
    close_store(in_memory)


def test_a_rare_word_counts_more_than_a_common_one(session: Session) -> None:
    lines = [f"The harbour board met again on day {i}." for i in range(30)] + ["The walrus met nobody."]
    for number, line in enumerate(lines):
        article = ferry(f"“{line}”", url=f"https://post.example/{number}", title="Notes")
        filed(session, article, [quoted(article.text, line)])
    found = [quotation_id for quotation_id, _ in full_text(session, "harbour walrus", limit=99)]
    assert found[0] == 31
    assert sorted(found) == list(range(1, 32))
    assert full_text(session, "the", limit=99)  # a question of common words alone
    assert full_text(session, "?!", limit=99) == []
    assert full_text(session, "' & | ! <-> :* (", limit=99) == []


def test_vectors_are_stored_as_pgvector_has_them(session: Session) -> None:
    vector = np.array([0.6, -0.8, 1e-7, 0.0], np.float32)
    put_vectors(session, "mini", {"a" * 64: vector})
    assert session.scalar(text("SELECT vector_dims(vector) FROM embeddings")) == 4
    assert read_vectors(session, "mini", ["a" * 64])["a" * 64].tolist() == vector.astype(np.float16).tolist()
