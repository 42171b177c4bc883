"""Extracts and embeds in a process of its own and prints its peak memory in GB: `python -m tests.bench.memory 84`."""

from __future__ import annotations

import resource
import sys

from tests.bench.articles import bench_articles

from quotetrack.core.settings import Settings
from quotetrack.extract.extractor import extract
from quotetrack.models.embedder import embed, load_embedder
from quotetrack.models.pointer import load_pointer
from quotetrack.models.spacy_pipeline import load_language

KILOBYTES = 1e6  # in a GB; Linux gives ru_maxrss in kilobytes, macOS in bytes
BYTES = 1e9


def main(count: int) -> None:
    """Both models in memory at once, as in a night's run."""
    settings = Settings()
    nlp, embedder = load_language(settings.spacy_model), load_embedder(settings.embedding_model)
    encoder = load_pointer()
    quotations = [(article, q) for article in bench_articles(count) for q in extract(article, nlp, encoder)]
    embed([q.words for _, q in quotations], embedder)
    embed([q.context.of(article.text) for article, q in quotations], embedder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak / (BYTES if sys.platform == "darwin" else KILOBYTES))


if __name__ == "__main__":
    main(int(sys.argv[1]))
