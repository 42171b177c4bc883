"""Judged questions, asked end to end; the articles are ingested for it, which takes some ten minutes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.quality.judged_questions import QUESTIONS, ingest_articles, measure

from quotetrack.store import close_store, open_store

FLOORS = json.loads(Path(__file__).with_name("baseline.json").read_text("utf-8"))["questions"]

pytestmark = [
    pytest.mark.gate_full,
    pytest.mark.skipif(not QUESTIONS.is_file(), reason=f"no measuring data at {QUESTIONS}"),
]


def test_the_answers_reach_their_floors(tmp_path: Path) -> None:
    sessions = open_store(f"sqlite:///{tmp_path / 'questions.db'}")
    ingest_articles(sessions)
    figures = measure(sessions)
    close_store(sessions)
    print(figures)
    assert figures["all"]["ndcg10"] >= FLOORS["ndcg10"]
    assert figures["all"]["recall10"] >= FLOORS["recall10"]
