"""`nightly` and `runs` as a user types them: what they tell, what they write, and how they end."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from tests.cli_runner import quotetrack
from tests.synthetic_news import every_row, invented, write_invented

from quotetrack.core.settings import Settings, Source
from quotetrack.ingest.outlets import load_outlets
from quotetrack.pipeline.intake import RunContext
from quotetrack.pipeline.nightly import quiet_sources
from quotetrack.pipeline.steps import embed
from quotetrack.store import close_store, open_store
from quotetrack.store.crawl import put_last_gave, put_source
from quotetrack.store.lock import run_lock
from quotetrack.store.runs import start_run
from quotetrack.store.tables import EmbeddingRow

NOW = datetime(2031, 3, 20, 2, 0, tzinfo=UTC)
SETTINGS = """
database = "news.db"
evidence = ""

[[source]]
name = "archive"
kind = "jsonl"
path = "archive.jsonl"

[[source]]
name = "drop"
kind = "folder"
path = "drop"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with two sources of files."""
    monkeypatch.chdir(tmp_path)
    for name in ("QUOTETRACK_DATABASE", "QUOTETRACK_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "quotetrack.toml").write_text(SETTINGS)
    write_invented(tmp_path / "archive.jsonl", 3)
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "note.txt").write_text("“Never,” said Orla Venn, the harbour master, on Monday.")
    return tmp_path


def test_a_night_is_printed_logged_measured_and_stored_by_source_and_stage(home: Path) -> None:
    (home / "drop" / "torn.jsonl").write_text('{"text": 7}\n')
    result = quotetrack("nightly", "--log", "night.jsonl", "--metrics", "night.prom")
    assert result.exit_code == 3
    lines = result.stdout.splitlines()
    assert lines[0].startswith("4 new, 0 unchanged, 0 edited, 1 failed; 7 quotations; ")
    assert lines[1:3] == ["  archive: 3 new", "  drop: 1 new, 1 failed"]
    assert any(re.fullmatch(r"  extracting: 4 in \d+\.\d s", line) for line in lines)
    created, failed = result.stderr.splitlines()
    assert created == "Created the database at news.db."
    assert re.fullmatch(r'failed: .*torn\.jsonl:1: "text" is not a string', failed)

    logged = [json.loads(line) for line in (home / "night.jsonl").read_text().splitlines()]
    assert [event["event"] for event in logged[:6]] == ["run_started", "new", "new", "new", "new", "failed"]
    assert logged[1]["where"] == invented(0)["url"] and logged[1]["source"] == "archive"
    assert logged[5]["reason"] == '"text" is not a string'
    assert (logged[-1]["event"], logged[-1]["new"], logged[-1]["failed"]) == ("run_finished", 4, 1)

    metrics = (home / "night.prom").read_text()
    assert 'quotetrack_arrivals{source="drop",what="failed"} 1.0\n' in metrics
    assert 'quotetrack_on_file{kind="quotations"} 7.0\n' in metrics
    assert "quotetrack_run_ok 1.0\n" in metrics
    assert all(re.fullmatch(r'# .*|\w+(\{(\w+="[^"]*",?)+\})? [\d.e+-]+', line) for line in metrics.splitlines())
    assert list(home.glob(".part-*")) == []

    listed = quotetrack("runs", "list")
    assert re.fullmatch(r"1  \d{4}-\d\d-\d\d \d\d:\d\d  nightly  \d+ s  4 new, .*\n", listed.stdout)
    shown = quotetrack("runs", "show", "1")
    assert "  archive: 3 new\n" in shown.stdout and 'torn.jsonl:1: "text" is not a string\n' in shown.stdout
    run = json.loads(quotetrack("runs", "show", "1", "--json").stdout)
    assert run["sources"] == {"archive": {"new": 3}, "drop": {"new": 1, "failed": 1}}
    assert [failure["reason"] for failure in run["failures"]] == ['"text" is not a string']
    assert quotetrack("runs", "show", "9").exit_code == 1

    before = every_row(home / "news.db")
    again = quotetrack("nightly", "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["sources"] == {}
    assert every_row(home / "news.db") == before


def test_a_night_can_be_limited_to_one_source_and_a_number(home: Path) -> None:
    result = quotetrack("nightly", "--source", "archive", "--limit", "2", "--json")
    assert json.loads(result.stdout)["sources"] == {"archive": {"new": 2}}
    assert json.loads(quotetrack("nightly", "--json").stdout)["new"] == 2


@pytest.mark.parametrize("command", ["nightly", "ingest archive.jsonl"])
def test_a_second_run_at_the_same_time_ends_with_75_and_does_nothing(home: Path, command: str) -> None:
    with run_lock(f"sqlite:///{home / 'news.db'}"):
        result = quotetrack(*command.split(), "--metrics" if command == "nightly" else "--outlet", "x")
    assert result.exit_code == 75
    assert "news.db is in use by another run" in result.stderr
    assert sorted(path.name for path in home.iterdir()) == ["archive.jsonl", "drop", "news.db.lock", "quotetrack.toml"]
    with run_lock("sqlite://"), run_lock("sqlite://"):
        """A database in memory has no lock."""


def test_a_dry_run_stores_nothing(home: Path) -> None:
    result = quotetrack("nightly", "--dry-run")
    assert result.stdout == "archive  jsonl  1 file, 1 new\ndrop  folder  1 file, 1 new\n"
    assert not (home / "news.db").exists()
    quotetrack("nightly", "--source", "drop")
    before = every_row(home / "news.db", but=())
    previews = json.loads(quotetrack("nightly", "--dry-run", "--json").stdout)
    assert {preview["name"]: preview["new"] for preview in previews} == {"archive": 1, "drop": 0}
    assert every_row(home / "news.db", but=()) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--source", "tribune"), "No source is called tribune. Sources: archive, drop."),
        (("--log", "nowhere/night.jsonl"), "nowhere/night.jsonl: No such file or directory"),
    ],
)
def test_an_error_that_a_user_can_fix_is_one_line(home: Path, arguments: tuple[str, ...], message: str) -> None:
    quotetrack("db", "upgrade")
    result = quotetrack("nightly", *arguments)
    assert (result.exit_code, result.stderr) == (1, f"quotetrack: {message}\n")


def test_without_sources_it_says_how_to_add_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = quotetrack("nightly", "--database", tmp_path / "news.db")
    assert result.exit_code == 1
    assert "quotetrack sources add URL" in result.stderr


def test_nothing_is_fetched_without_a_contact(home: Path) -> None:
    (home / "quotetrack.toml").write_text(
        f'{SETTINGS}\n[[source]]\nname = "harbour"\nkind = "feed"\nurl = "https://harbour.example/feed"\n'
    )
    result = quotetrack("nightly")
    assert result.exit_code == 1
    assert "QUOTETRACK_CONTACT" in result.stderr
    assert quotetrack("runs", "list").stdout == ""


def test_a_run_that_ended_early_is_listed_with_its_error(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTETRACK_SPACY_MODEL", "xx_no_such_model")
    result = quotetrack("nightly", "--metrics", "night.prom")
    assert result.exit_code == 1
    assert "quotetrack_run_ok 0.0\n" in (home / "night.prom").read_text()
    assert "failed: LanguageModelMissing: The spaCy model 'xx_no_such_model'" in quotetrack("runs", "list").stdout


def test_a_source_without_a_new_article_for_days_is_reported(tmp_path: Path) -> None:
    sessions = open_store(f"sqlite:///{tmp_path / 'news.db'}")
    sources = [Source(name=name, kind="page", url="https://x.example") for name in ("lively", "silent", "never", "new")]
    week = timedelta(days=7)
    with sessions.begin() as session:
        for name in ("lively", "silent", "never"):
            put_source(session, name, NOW - 4 * week)
        put_last_gave(session, "lively", NOW - timedelta(days=1))
        put_last_gave(session, "silent", NOW - 2 * week)
    with sessions() as session:
        named = {one.source: one.since for one in quiet_sources(session, sources, NOW - week)}
    assert named == {"silent": NOW - 2 * week, "never": NOW - 4 * week}
    close_store(sessions)


def test_the_same_wire_text_is_embedded_once_for_all_outlets(tmp_path: Path) -> None:
    sessions = open_store(f"sqlite:///{tmp_path / 'news.db'}")
    lines = [{**invented(3), "url": f"https://outlet{n}.example/wire", "outlet": f"outlet{n}"} for n in range(6)]
    (tmp_path / "wire.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = quotetrack("ingest", tmp_path / "wire.jsonl", "--database", tmp_path / "news.db")
    assert result.stdout.startswith("6 new, 0 unchanged, 0 edited, 0 failed; 12 quotations; 2 utterances")
    with sessions() as session:
        keys = session.scalars(select(EmbeddingRow.text_key)).all()
        texts = "SELECT words_sha256 FROM quotations UNION SELECT context_sha256 FROM quotations"
        assert sorted(keys) == sorted(session.execute(text(texts)).scalars())
        assert len(keys) == 4  # two quotations: their words, and their passages
    steps: list[str] = []
    embed.run(sessions, Settings(), lambda step, _done, _of: steps.append(step))
    assert steps == []
    close_store(sessions)


def test_an_article_that_cannot_be_stored_is_a_failure_of_its_source(tmp_path: Path) -> None:
    from quotetrack.pipeline.steps.read_files import read_files

    sessions = open_store(f"sqlite:///{tmp_path / 'news.db'}")
    with sessions.begin() as session:
        run_id = start_run(session, "nightly", "test", NOW)
    path = tmp_path / "news.jsonl"
    path.write_text(json.dumps({**invented(0), "fetched": "2031-03-03T08:00:00"}) + "\n")
    context = RunContext(sessions, run_id, load_outlets(), lambda: NOW, Settings())
    (arrival,) = read_files(context, [Source(name="archive", kind="jsonl", path=path)])
    assert arrival.reason is not None and "time zone" in arrival.reason
    assert list(read_files(context, [Source(name="archive", kind="jsonl", path=path)])) == []
    close_store(sessions)
