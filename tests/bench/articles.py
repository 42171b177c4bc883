"""The articles of the benchmarks: those of the measuring data where it is there, else the sample newsroom repeated."""

from __future__ import annotations

from itertools import cycle, islice

from tests.quality.gold_sets import DEV, GOLD, articles_of, gold_lines

from quotetrack import sample
from quotetrack.core.domain import Article
from quotetrack.ingest.outlets import load_outlets
from quotetrack.ingest.reader import read_path


def bench_articles(count: int) -> list[Article]:
    """Return `count` articles, the same in every run."""
    if GOLD.is_dir():
        lines = gold_lines(DEV)
        return articles_of(lines[:: max(1, len(lines) // count)][:count])
    read = read_path(sample.folder(), outlets=load_outlets())
    return list(islice(cycle([article for article in read if isinstance(article, Article)]), count))


def words_in(articles: list[Article]) -> int:
    """Return the number of words in the articles, quoted or not."""
    return sum(len(article.text.split()) for article in articles)
