"""`verify`: an export or a database, with their evidence or without."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

pytest_plugins = ("tests.filled_store",)


@pytest.fixture
def exported(newsroom: Path, tmp_path: Path) -> Path:
    assert quotetrack("export", "--csv", tmp_path / "quotes.csv", "--excel", "--database", newsroom).exit_code == 0
    return tmp_path / "quotes.csv"


def test_an_export_verifies_without_its_database(exported: Path, newsroom: Path) -> None:
    newsroom.unlink()
    result = quotetrack("verify", exported)
    assert (result.exit_code, result.stdout) == (0, "45 rows: 45 hold, 0 fail, 0 cannot be checked.\n")
    assert quotetrack("verify", "-", given=exported.read_bytes()).stdout == result.stdout


def test_a_forged_row_is_named_and_ends_with_exit_code_1(exported: Path) -> None:
    text = exported.read_bytes()
    exported.write_bytes(text.replace(b"will not hold another", b"will not bold another"))
    result = quotetrack("verify", exported)
    assert result.exit_code == 1
    line, *_, summary = result.stdout.splitlines()
    assert re.match(
        r"row \d+, sighting \d+: fails at words: part 1 is “The barrier will not hold another .* here", line
    )
    assert re.fullmatch(r"45 rows: 4\d hold, \d fail, 0 cannot be checked\.", summary)
    found = json.loads(quotetrack("verify", exported, "--json").stdout)
    assert found["holds"] + found["fails"] == len(found["results"]) == 45
    assert {each["verdict"] for each in found["results"]} == {"holds", "fails"}
    steps = ["form", "evidence", "version", "words", "context", "mention", "article"]
    assert [check["step"] for check in found["results"][0]["checks"]] == steps


def test_rows_without_evidence_end_with_exit_code_3(exported: Path, tmp_path: Path) -> None:
    assert quotetrack("verify", exported, "--evidence", tmp_path / "nowhere").exit_code == 2
    (tmp_path / "empty").mkdir()
    result = quotetrack("verify", exported, "--evidence", tmp_path / "empty")
    assert result.exit_code == 3
    assert result.stdout.splitlines() == [
        "45 rows: 0 hold, 0 fail, 45 cannot be checked.",
        "Not checked: evidence: the evidence folder does not have it (45, first row 2, sighting 1).",
    ]


def test_a_database_verifies(newsroom: Path) -> None:
    good = quotetrack("verify", "--database", newsroom)
    assert (good.exit_code, good.stdout) == (0, "59 records: 59 hold, 0 fail, 0 cannot be checked.\n")
    with closing(sqlite3.connect(newsroom)) as connection:
        connection.execute("UPDATE article_versions SET text = replace(text, 'winter', 'summer') WHERE id = 1")
        connection.commit()
    bad = quotetrack("verify", "--database", newsroom)
    assert bad.exit_code == 1
    assert "version 1, https://harbourradio.example/" in bad.stdout
    assert "fails at version: title and text have another hash than is stored" in bad.stdout
    assert "fails at words: part 1 is “The barrier will not hold another summer" in bad.stdout


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"speaker,words\r\n", "no column `parts`"),
        ("words\r\n“Ja”".encode("utf-16"), "is not UTF-8"),
        (None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_verified_is_refused(tmp_path: Path, content: bytes | None, why: str) -> None:
    if content is not None:
        (tmp_path / "a.csv").write_bytes(content)
    result = quotetrack("verify", tmp_path / "a.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert why in result.stderr and len(result.stderr.splitlines()) == 1
    assert quotetrack("verify", tmp_path / "a.csv", "--database", tmp_path / "b.db").exit_code == 2
