"""Extract and embed in a process by itself, and print its peak memory in GB: `python -m tests.bench.memory 84`."""

from __future__ import annotations

import resource
import sys

from tests.bench.articles import bench_articles

from quotetrack.core.settings import Settings
from quotetrack.extract.extractor import extract
from quotetrack.models.embedder import embed, load_embedder
from quotetrack.models.pointer import load_pointer
from quotetrack.models.spacy_pipeline import load_language

RSS_UNITS_A_GIGABYTE = 1e9 if sys.platform == "darwin" else 1e6  # ru_maxrss is in kB, on macOS in bytes


def main(count: int) -> None:
    """Extract and embed `count` articles with both models in memory at once, as in a nightly run."""
    settings = Settings()
    nlp, embedder = load_language(settings.spacy_model), load_embedder(settings.embedding_model)
    encoder = load_pointer()
    quotations = [(article, q) for article in bench_articles(count) for q in extract(article, nlp, encoder)]
    embed([q.words for _, q in quotations], embedder)
    embed([q.context.of(article.text) for article, q in quotations], embedder)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / RSS_UNITS_A_GIGABYTE)


if __name__ == "__main__":
    main(int(sys.argv[1]))
