"""Judged questions asked end to end: `python -m tests.quality.judged_questions [--database FILE]`.

Ingests the annotated articles as a user would (some ten minutes; an existing FILE is used as it is), asks each judged
question, and scores the answers with `score.py`. The weights of the ranking were chosen on the questions whose number
is divisible by four; figures of those and of the others are printed apart.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.quality.gold_sets import DEV, GOLD, SCORER, TRAIN, articles_of, gold_lines, lines_of
from tests.quality.scorer import Figures

from quotetrack.core.settings import Settings
from quotetrack.ingest.outlets import load_outlets
from quotetrack.models.embedder import Embedder, load_embedder
from quotetrack.pipeline import nightly
from quotetrack.search.answer import ask
from quotetrack.store import Sessions, close_store, open_store

QUESTIONS = GOLD / "questions_dev.jsonl"
ASKED_ON = date(2016, 12, 1)  # after the last article
RANKED = 10  # utterances a question; score.py reads ten sightings
FITTED_ONE_IN = 4  # questions

Row = dict[str, Any]


def main() -> None:
    """Print nDCG@10 and recall@10 of all questions, of those that were fitted on, and of the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = arguments.database or Path(folder) / "questions.db"
        sessions = open_store(f"sqlite:///{path}")
        ingest_articles(sessions)
        for name, figures in measure(sessions).items():
            print(name, figures)
        close_store(sessions)


def ingest_articles(sessions: Sessions) -> None:
    """Ingest the articles of train and dev; those that are stored already do not change."""
    articles = [article for gold in (TRAIN, DEV) for article in articles_of(gold_lines(gold))]
    outlets = load_outlets()
    nightly.ingest(sessions, articles, outlets=outlets, settings=Settings(), now=lambda: datetime.now(UTC))


def measure(sessions: Sessions) -> dict[str, Figures]:
    """Return the figures, as shares of 1, of `all` questions, the `fitted` ones and the `held_out` ones."""
    rows: list[Row] = [json.loads(line) for line in lines_of(QUESTIONS)]
    embedder = load_embedder(Settings().embedding_model)
    ranked = {row["id"]: _ranked_sightings(sessions, row["question"], embedder) for row in rows}
    parts = {
        "all": rows,
        "fitted": [row for row in rows if is_fitted(row["id"])],
        "held_out": [row for row in rows if not is_fitted(row["id"])],
    }
    return {name: _score(part, ranked) for name, part in parts.items()}


def is_fitted(question_id: str) -> bool:
    """Return whether the weights of the ranking were chosen on this question; an id is a letter and a number."""
    return int(question_id[1:]) % FITTED_ONE_IN == 0


def _ranked_sightings(sessions: Sessions, question: str, embedder: Embedder) -> list[Row]:
    """Return the sightings in the order in which the answer shows them."""
    with sessions() as session:
        answer = ask(session, question, embedder=embedder, today=ASKED_ON, limit=RANKED)
        return [
            {"article": sighting.article, "parts": [[part.start, part.end] for part in sighting.parts]}
            for found in answer.utterances
            for sighting in found.utterance.sightings
        ]


def _score(rows: Sequence[Row], ranked: dict[str, list[Row]]) -> Figures:
    with TemporaryDirectory() as folder:
        gold, predicted, out = (Path(folder, name) for name in ("gold.jsonl", "ranked.jsonl", "score.json"))
        gold.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
        answers = ({"id": row["id"], "ranked": ranked[row["id"]]} for row in rows)
        predicted.write_text("".join(f"{json.dumps(answer)}\n" for answer in answers), "utf-8")
        command = [sys.executable, str(SCORER), "questions", str(gold), str(predicted), "--json", str(out)]
        subprocess.run(command, check=True, capture_output=True)
        return {figure: round(share, 3) for figure, share in json.loads(out.read_text("utf-8")).items()}


if __name__ == "__main__":
    main()
