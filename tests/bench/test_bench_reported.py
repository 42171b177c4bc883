"""What reported statements cost beside quotations, as a ratio measured in one run. Run by `make bench`."""

from __future__ import annotations

import time
from statistics import median

import pytest
from tests.bench.articles import bench_articles, words_in

from quotetrack.core.settings import Settings
from quotetrack.extract.extractor import extract
from quotetrack.extract.reported_speech import extract_with_reported
from quotetrack.models.pointer import load_pointer
from quotetrack.models.spacy_pipeline import load_language

ARTICLES = 24
ROUNDS = 3  # both in turn, so that a slow moment of the machine affects both
MOST_RATIO = 1.6  # of the time for quotations alone

pytestmark = pytest.mark.bench


def test_reported_statements_cost_little_beside_quotations():
    nlp, encoder = load_language(Settings().spacy_model), load_pointer()
    articles = bench_articles(ARTICLES)
    extract_with_reported(articles[0], nlp, encoder)  # loads all models
    alone, both, found = [], [], 0
    for _ in range(ROUNDS):
        began = time.process_time()
        for article in articles:
            extract(article, nlp, encoder)
        between = time.process_time()
        found = sum(len(extract_with_reported(article, nlp, encoder)[1]) for article in articles)
        alone.append(between - began)
        both.append(time.process_time() - between)
    ratio = median(one / other for one, other in zip(both, alone, strict=True))
    print(f"\n{len(articles)} articles, {words_in(articles)} words, {found} reported statements: ratio {ratio:.2f}")
    assert ratio <= MOST_RATIO
