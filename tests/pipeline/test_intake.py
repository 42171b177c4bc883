"""The bytes of what is taken in are kept as evidence before the version that names them is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from quotetrack.core.settings import Settings
from quotetrack.ingest.crawl.page_archive import read_archived
from quotetrack.ingest.outlets import load_outlets
from quotetrack.ingest.reader import read_path
from quotetrack.pipeline import intake
from quotetrack.pipeline.intake import RunContext
from quotetrack.store import Sessions
from quotetrack.store.runs import start_run

NOW = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)
LINES = [json.dumps({"url": f"https://tide.example/{n}", "text": f"High water is at {n}."}).encode() for n in (1, 2)]
Take = Callable[..., None]


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def take(sessions: Sessions, tmp_path: Path, evidence: Path) -> Take:
    """Take in a JSONL file of these bytes."""

    def _take(data: bytes = b"\n".join(LINES), **settings: object) -> None:
        (tmp_path / "news.jsonl").write_bytes(data)
        with sessions.begin() as session:
            run_id = start_run(session, "ingest", "test", NOW)
        settings = {"evidence": evidence, **settings}
        context = RunContext(sessions, run_id, load_outlets(), lambda: NOW, Settings(**settings))
        for article in read_path(tmp_path / "news.jsonl", outlets=context.outlets):
            with sessions.begin() as session:
                context.put_article(session, article)

    return _take


def hashes(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(text("SELECT evidence_sha256 FROM article_versions ORDER BY id")))


def test_each_line_is_kept_under_the_hash_that_its_version_names(
    take: Take, sessions: Sessions, evidence: Path
) -> None:
    take()
    assert [read_archived(evidence, each) for each in hashes(sessions)] == LINES


@pytest.mark.parametrize("settings", [{"keep_files": False}, {"evidence": None}, {"evidence": ""}])
def test_a_setting_keeps_the_hashes_alone(
    take: Take, sessions: Sessions, evidence: Path, settings: dict[str, object]
) -> None:
    take(**settings)
    assert [len(each) for each in hashes(sessions)] == [64, 64]
    assert not evidence.exists()


def test_evidence_that_is_missing_is_kept_when_the_same_file_comes_again(
    take: Take, sessions: Sessions, evidence: Path
) -> None:
    take(keep_files=False)
    with sessions.begin() as session:
        session.execute(text("UPDATE article_versions SET evidence_sha256 = NULL WHERE id = 1"))
    take()
    assert [read_archived(evidence, each) for each in hashes(sessions)] == LINES


def test_other_bytes_of_the_same_text_are_not_kept(take: Take, sessions: Sessions, evidence: Path) -> None:
    take(LINES[0])
    take(LINES[0].replace(b"}", b', "extra": 1}'))
    assert [read_archived(evidence, each) for each in hashes(sessions)] == LINES[:1]
    assert len(list(evidence.rglob("*.gz"))) == 1


def test_no_version_names_evidence_that_could_not_be_written(
    take: Take, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(intake, "archive", fail)
    with pytest.raises(OSError, match="No space left"):
        take()
    assert hashes(sessions) == []
