"""Questions asked end to end: `python -m tests.quality.questions [--database FILE]`.

Takes the annotated articles in through the real ingest (some ten minutes; a FILE that is there is asked as it is), asks
each judged question as a user would, and lets `score.py` say how good the answers are. The weights of `query.py` were
chosen on the questions whose number is divisible by four; those and the others are told apart.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.quality.yardstick import DEV, GOLD, TRAIN, YARDSTICK, Figures, Row, article_of, gold_articles

from quotetrack.core.settings import Settings
from quotetrack.ingest.outlets import load_outlets
from quotetrack.models.embedder import Embedder, load_embedder
from quotetrack.pipeline import nightly
from quotetrack.search.answer import Answer, ask
from quotetrack.store import Sessions, close_store, open_store

QUESTIONS = GOLD / "questions_dev.jsonl"
ASKED_ON = date(2016, 12, 1)  # after the last article
RANKED = 10  # utterances a question: score.py looks at ten sightings


def main() -> None:
    """Print nDCG@10 and recall@10 of all questions, of those that were fitted on, and of the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = asked.database or Path(folder) / "questions.db"
        sessions = open_store(f"sqlite:///{path}")
        take_in(sessions)
        for name, figures in measured(sessions).items():
            print(name, figures)
        close_store(sessions)


def take_in(sessions: Sessions) -> None:
    """Ingest the articles of train and dev; what is on file already is left as it is."""
    articles = [article_of(row) for gold in (TRAIN, DEV) for row in gold_articles(gold)]
    outlets = load_outlets()
    nightly.ingest(sessions, articles, outlets=outlets, settings=Settings(), now=lambda: datetime.now(UTC))


def measured(sessions: Sessions) -> dict[str, Figures]:
    """The figures, as shares of 1, of `all` questions, the `fitted` ones and the `held_out` ones."""
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    embedder = load_embedder(Settings().embedding_model)
    ranked = {str(row["id"]): _ranked(sessions, str(row["question"]), embedder) for row in rows}
    fitted = [row for row in rows if is_fitted(row)]
    held_out = [row for row in rows if not is_fitted(row)]
    return {name: _score(part, ranked) for name, part in (("all", rows), ("fitted", fitted), ("held_out", held_out))}


def is_fitted(row: Row) -> bool:
    """Whether the weights of the fusion saw this question."""
    return int(str(row["id"])[1:]) % 4 == 0


def _ranked(sessions: Sessions, question: str, embedder: Embedder) -> list[Row]:
    with sessions() as session:
        return list(_sightings(ask(session, question, embedder=embedder, today=ASKED_ON, limit=RANKED)))


def _sightings(answer: Answer) -> Iterator[Row]:
    """In the order in which the answer shows them."""
    for found in answer.utterances:
        for sighting in found.utterance.sightings:
            yield {"article": sighting.article, "parts": [[part.start, part.end] for part in sighting.parts]}


def _score(rows: Sequence[Row], ranked: dict[str, list[Row]]) -> Figures:
    with TemporaryDirectory() as folder:
        gold, predicted, out = (Path(folder, name) for name in ("gold.jsonl", "ranked.jsonl", "score.json"))
        gold.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
        answers = ({"id": row["id"], "ranked": ranked[str(row["id"])]} for row in rows)
        predicted.write_text("".join(f"{json.dumps(answer)}\n" for answer in answers), "utf-8")
        command = [sys.executable, str(YARDSTICK), "questions", str(gold), str(predicted), "--json", str(out)]
        subprocess.run(command, check=True, capture_output=True)
        return {figure: round(share, 3) for figure, share in json.loads(out.read_text("utf-8")).items()}


if __name__ == "__main__":
    main()
