"""A store of generated quotations: speakers and words by Zipf's law, random vectors, five quotations an article."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from quotetrack.pipeline.steps import resolve_speakers
from quotetrack.store import Sessions, merge_full_text, open_store
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    EmbeddingRow,
    OutletRow,
    QuotationRow,
    RunRow,
    UtteranceRow,
)

NOW = datetime(2031, 3, 10, tzinfo=UTC)
QUOTATIONS_AN_ARTICLE = 5
QUOTATIONS_AT_ONCE = 5_000  # in one INSERT
VOCABULARY = 30_000
OUTLETS = 40
QUOTATIONS_A_SPEAKER = 30
WORDS, PASSAGE = 20, 70  # words


def store_of(path: Path, quotations: int, model: str, dimensions: int) -> Sessions:
    """Return the store at `path`; create it where there is none, the same one every time."""
    exists = path.exists()
    sessions = open_store(f"sqlite:///{path}")
    if not exists:
        random = np.random.default_rng(7)
        with sessions.begin() as session:
            session.add(RunRow(id=1, command="bench", code_version="0", started_at=NOW))
            session.add_all(OutletRow(id=i, slug=f"outlet{i}") for i in range(1, OUTLETS + 1))
        for first in range(1, quotations + 1, QUOTATIONS_AT_ONCE):
            with sessions.begin() as session:
                _fill(
                    session,
                    random,
                    first,
                    min(QUOTATIONS_AT_ONCE, quotations + 1 - first),
                    quotations,
                    model,
                    dimensions,
                )
        resolve_speakers.run(sessions)
        merge_full_text(sessions)  # as every run does
    return sessions


def speaker_name(rank: int) -> str:
    """Return the name of the speaker of this rank; the lowest rank is the most quoted."""
    return f"{_syllables(rank % 97)}{_syllables(rank // 97)} {_syllables(rank)}sen".title()


def _fill(
    session: Session, random: np.random.Generator, first: int, count: int, total: int, model: str, dimensions: int
) -> None:
    ids = range(first, first + count)
    words = [_words(random, WORDS) for _ in ids]
    passages = [f"{_words(random, PASSAGE - WORDS)} {said}" for said in words]
    speakers = random.zipf(1.3, size=count) % (total // QUOTATIONS_A_SPEAKER)
    days = [date(2020, 1, 1) + timedelta(days=int(day)) for day in random.integers(0, 4_000, size=count)]
    articles = range((first - 1) // QUOTATIONS_AN_ARTICLE + 1, (first - 1 + count - 1) // QUOTATIONS_AN_ARTICLE + 2)
    session.execute(
        insert(ArticleRow),
        [{"id": i, "outlet_id": i % OUTLETS + 1, "url": f"https://outlet.example/{i}"} for i in articles],
    )
    session.execute(
        insert(ArticleVersionRow),
        [
            {
                "id": i,
                "article_id": i,
                "run_id": 1,
                "content_sha256": f"{i:064x}",
                "is_current": True,
                "first_seen_at": NOW,
                "last_seen_at": NOW,
                "title": words[(i - 1) * QUOTATIONS_AN_ARTICLE + 1 - first][:60],
                "published_at": days[(i - 1) * QUOTATIONS_AN_ARTICLE + 1 - first],
                "extracted_by": "bench",
                "text": "\n\n".join(passages[(i - 1) * QUOTATIONS_AN_ARTICLE + 1 - first :][:QUOTATIONS_AN_ARTICLE]),
            }
            for i in articles
        ],
    )
    session.execute(insert(UtteranceRow), [{"id": i} for i in ids])
    session.execute(
        insert(QuotationRow),
        [
            {
                "id": i,
                "version_id": (i - 1) // QUOTATIONS_AN_ARTICLE + 1,
                "run_id": 1,
                "start": (i - 1) % QUOTATIONS_AN_ARTICLE * 10,
                "end": (i - 1) % QUOTATIONS_AN_ARTICLE * 10 + 9,
                "parts": [[(i - 1) % QUOTATIONS_AN_ARTICLE * 10, (i - 1) % QUOTATIONS_AN_ARTICLE * 10 + 9]],
                "words": words[i - first],
                "kind": "full",
                "wording_key": f"{i:064x}",
                "words_sha256": f"{i:063x}w",
                "context_sha256": f"{i:063x}c",
                "context_start": 0,
                "context_end": 60,
                "speaker_name": speaker_name(int(speakers[i - first])),
                "attribution_method": "bench",
                "attribution_confidence": 0.9,
                "said_first": days[i - first],
                "said_last": days[i - first],
                "said_basis": "stated_here",
                "utterance_id": i,
                "linked_by": "bench",
            }
            for i in ids
        ],
    )
    session.execute(
        text("INSERT INTO quotation_text (rowid, words, context, title) VALUES (:id, :words, :passage, '')"),
        [{"id": i, "words": words[i - first], "passage": passages[i - first]} for i in ids],
    )
    vectors = random.normal(size=(2 * count, dimensions))
    halves = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("<f2")
    session.execute(
        insert(EmbeddingRow),
        [
            {"text_key": f"{i:063x}{kind}", "model": model, "vector": halves[2 * (i - first) + at].tobytes()}
            for i in ids
            for at, kind in enumerate("wc")
        ],
    )


def _words(random: np.random.Generator, count: int) -> str:
    return " ".join(_syllables(int(rank)) for rank in random.zipf(1.2, size=count) % VOCABULARY)


def _syllables(number: int) -> str:
    """Return a different word for each number."""
    word = ""
    while True:
        number, rest = divmod(number, 100)
        word += "bdfgklmnpr"[rest // 10] + "aeiouyäöüe"[rest % 10] + "lmnrstvzkp"[rest % 10]
        if not number:
            return word
