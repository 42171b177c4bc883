"""SQLite and PostgreSQL give the same: exports and answers, before and after decisions."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.postgres import Server

import quotetrack as api
from quotetrack.sample import folder

QUESTIONS = (
    "What did Ragna Telle say about the barrier?",
    "What did Olu Brandt say?",
    "What did the skippers say in March 2026?",
    "herring",
)
FORMS = ("--csv", "--csl", "--bibtex", "--ris", "--jsonld")
MOMENT = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d{1,6})?(Z|\+00:00| UTC)?")
COMMANDS = (
    "speakers list --json",
    "speakers show Olu --json",
    "review queue --json",
    "articles list --json",
    "articles show 3 --json",
    "show 1 --json",
    "claims list --json",
    "timeline barrier --json",
)


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[tuple[str, str]]:
    """The sample newsroom in SQLite and in PostgreSQL."""
    path = str(tmp_path_factory.mktemp("newsroom") / "news.db")
    with postgres.empty_database() as url:
        for database in (path, url):
            run(database, "ingest", folder(), "--reported")
            run(database, "claims", "update")
        yield path, url


def run(database: str, *arguments: str | Path) -> str:
    result = quotetrack(*arguments, "--database", database)
    assert result.exit_code == 0, result.output
    return result.stdout


def exported(database: str) -> dict[str, str]:
    """Return the exports that are text, byte for byte but for the moments at which we read and wrote."""
    return {form: MOMENT.sub("NOW", run(database, "export", form, "-", "--reported")) for form in FORMS}


def rows(database: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run(database, "export", "--csv", "-"))))


def answered(database: str, question: str) -> list[tuple[int, str]]:
    """Return the utterances of an answer, in order, and the words of each."""
    with api.open(database, read_only=True) as opened:
        return [(int(row["utterance"]), str(row["words"])) for row in opened.ask(question).rows()]


def test_exports_and_answers_are_equal_before_and_after_decisions(databases: tuple[str, str]) -> None:
    in_sqlite, in_postgresql = databases
    assert exported(in_sqlite) == exported(in_postgresql)
    assert len(rows(in_sqlite)) > 40
    answers = {question: answered(in_sqlite, question) for question in QUESTIONS}
    assert answers == {question: answered(in_postgresql, question) for question in QUESTIONS}
    assert all(answers.values())
    first, second = (int(row["sighting"]) for row in rows(in_sqlite)[:2])
    for database in databases:
        with api.open(database) as opened:
            opened.review.correct(first, speaker="Dagny Moor", by="ada")
            opened.review.judge(first, second, same=False, by="ada")
            opened.speakers.rename("Olu Brandt", "Olu Brandt-Ray", by="ada")
    assert exported(in_sqlite) == exported(in_postgresql)
    after = rows(in_sqlite)
    assert {row["speaker"] for row in after} >= {"Olu Brandt-Ray"}
    assert next(row for row in after if row["sighting"] == str(first))["speaker"] == "Dagny Moor"
    assert [answered(in_sqlite, q) for q in QUESTIONS] == [answered(in_postgresql, q) for q in QUESTIONS]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_print_the_same(databases: tuple[str, str], command: str) -> None:
    in_sqlite, in_postgresql = (MOMENT.sub("NOW", run(database, *command.split())) for database in databases)
    assert in_sqlite == in_postgresql and in_sqlite.strip() not in ("", "[]")


def test_the_password_is_never_printed(postgres: Server) -> None:
    with postgres.empty_database() as url:
        with_password = url.replace("postgres@", "postgres:secret@")
        assert "secret" in with_password
        for command in (("db", "current"), ("db", "upgrade"), ("db", "current", "--json"), ("doctor",)):
            result = quotetrack(*command, "--database", with_password)
            assert "secret" not in result.output
            assert "***" in result.output


def test_a_text_that_postgresql_cannot_store_is_refused_in_one_line(postgres_url: str) -> None:
    result = quotetrack("watch", "add", "What did Ragna\0 Telle say?", "--database", postgres_url)
    assert result.exit_code == 1
    assert result.stderr == "quotetrack: PostgreSQL cannot store a text with a NUL character\n"


@pytest.mark.parametrize("command", [("db", "backup"), ("db", "restore")])
def test_a_backup_of_postgresql_is_made_by_pg_dump(postgres_url: str, tmp_path: Path, command: tuple[str, ...]) -> None:
    result = quotetrack(*command, tmp_path / "news.tar", "--database", postgres_url)
    assert result.exit_code == 1
    assert "use pg_dump" in result.output
