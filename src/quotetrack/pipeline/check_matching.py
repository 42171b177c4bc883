"""Compare statements with published fact-checks without a store: a feed and sentences in, ranked fact-checks out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from quotetrack.core.domain import FactCheck, Failure, Sighting
from quotetrack.core.settings import Settings
from quotetrack.ingest.formats.claim_reviews import read_claim_reviews
from quotetrack.ingest.formats.compression import open_file
from quotetrack.ingest.formats.detect import file_named
from quotetrack.linking.fact_checks import Index, Match, compared_texts, rank
from quotetrack.models.embedder import Embedder, embed, load_embedder, load_question_embedder
from quotetrack.models.kept_vectors import FEW, kept_vectors
from quotetrack.pipeline.progress import OnProgress, ignore_progress

SENTENCES_AT_ONCE = 500  # embedded before they are ranked: this bounds the memory


def read_feed(path: Path, columns: Mapping[str, str] | None = None) -> list[FactCheck | Failure]:
    """Return the fact-checks of a file, in order, and what could not be read. Raises UnreadableFile.

    `columns` maps fields of a fact-check to the columns of a table.
    """
    with file_named(str(path)), open_file(path) as stream:
        return list(read_claim_reviews(stream, str(path), columns))


def index_checks(
    checks: Sequence[FactCheck], settings: Settings, cache: Path, on_progress: OnProgress = ignore_progress
) -> Index:
    """Return the index of fact-checks. Their vectors are kept in `cache`, so that a second call takes seconds.

    Raises EmbeddingModelMissing.
    """
    model, half = settings.embedding_model, settings.embedding_bfloat16
    vectors = kept_vectors(compared_texts(checks), model, cache, half_precision=half, on_progress=on_progress)
    return Index(checks, vectors)


def match(
    statements: Iterable[Sighting | Failure], index: Index, settings: Settings
) -> Iterator[tuple[Sighting, list[Match]] | Failure]:
    """Yield each statement with the fact-checks that may be about it, the likeliest first; failures as they come."""
    embedder: Embedder | None = None
    batch: list[Sighting | Failure] = []
    for statement in statements:
        batch.append(statement)
        if len(batch) == SENTENCES_AT_ONCE:
            embedder = embedder or load_embedder(settings.embedding_model)
            yield from _ranked(batch, index, embedder)
            batch = []
    if batch:
        few = load_question_embedder if len(batch) <= FEW else load_embedder
        yield from _ranked(batch, index, embedder or few(settings.embedding_model))


def _ranked(
    batch: Sequence[Sighting | Failure], index: Index, embedder: Embedder
) -> Iterator[tuple[Sighting, list[Match]] | Failure]:
    vectors = iter(embed([each.words for each in batch if isinstance(each, Sighting)], embedder))
    for each in batch:
        yield each if isinstance(each, Failure) else (each, rank(each, next(vectors), index))
