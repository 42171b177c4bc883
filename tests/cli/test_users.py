"""The commands of `serve users`: who may sign in to the page."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from tests.cli_runner import quotetrack

import quotetrack as package

PASSWORD = "the tide is in at noon"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    package.open(tmp_path / "news.db", create=True).close()
    return tmp_path / "news.db"


def users(database: Path, *arguments: str, given: str = f"{PASSWORD}\n") -> Result:
    return quotetrack("serve", "users", *arguments, "--database", database, given=given)


def test_users_are_added_listed_and_removed(database: Path) -> None:
    assert users(database, "add", "ines", "--role", "reviewer").stdout == "ines may sign in as a reviewer.\n"
    assert users(database, "add", "tadeo").stdout == "tadeo may sign in as a reader.\n"
    listed = json.loads(users(database, "list", "--json").stdout)
    assert [(user["name"], user["role"]) for user in listed] == [("ines", "reviewer"), ("tadeo", "reader")]
    assert users(database, "list").stdout.startswith("ines  reviewer  since ")
    assert users(database, "remove", "ines").stdout == "ines is removed and signed out.\n"
    assert [user["name"] for user in json.loads(users(database, "list", "--json").stdout)] == ["tadeo"]


@pytest.mark.parametrize(
    ("arguments", "given", "told"),
    [
        (("add", "tadeo"), PASSWORD, "There is a user tadeo already"),
        (("add", "ines"), "short", "A password has 12 to 1000 characters."),
        (("add", "ines"), "", "A password has 12 to 1000 characters."),
        (("add", " "), PASSWORD, "A user needs a name"),
        (("add", "a\x1b[2Jb"), PASSWORD, "A user needs a name"),
        (("remove", "ines"), "", "No user is called ines."),
        (("password", "ines"), PASSWORD, "No user is called ines."),
        (("token", "ines"), "", "No user is called ines."),
    ],
)
def test_what_cannot_be_done_is_said(database: Path, arguments: tuple[str, ...], given: str, told: str) -> None:
    users(database, "add", "tadeo")
    result = users(database, *arguments, given=given)
    assert result.exit_code == 1
    assert told in result.stderr and "Traceback" not in result.stderr
    assert [user["name"] for user in json.loads(users(database, "list", "--json").stdout)] == ["tadeo"]


def test_the_database_has_no_password_and_no_token(database: Path) -> None:
    users(database, "add", "ines")
    token = users(database, "token", "ines").stdout.strip()
    with closing(sqlite3.connect(database)) as connection:
        dump = "\n".join(connection.iterdump())
    assert "$argon2id$" in dump
    assert PASSWORD not in dump and token not in dump


def test_a_new_password_or_removal_signs_out_at_once(database: Path) -> None:
    users(database, "add", "ines")
    with package.open(database) as db:
        for ending in (("password", "ines"), ("remove", "ines")):
            tokens = [users(database, "token", "ines").stdout.strip(), db.users.sign_in("ines", PASSWORD)]
            assert [user.name for token in tokens if (user := db.users.signed_in(token or ""))] == ["ines", "ines"]
            users(database, *ending)
            assert [db.users.signed_in(token or "") for token in tokens] == [None, None]
