"""The articles that the benches read: of the measuring data where it is there, else the sample newsroom repeated."""

from __future__ import annotations

from itertools import cycle, islice

from tests.quality.yardstick import DEV, GOLD, article_of, gold_articles

from quotetrack import sample
from quotetrack.core.domain import Article
from quotetrack.ingest.outlets import load_outlets
from quotetrack.ingest.reader import read_path


def bench_articles(count: int) -> list[Article]:
    """So many articles, the same ones each time."""
    if GOLD.is_dir():
        rows = gold_articles(DEV)
        return [article_of(row) for row in rows[:: max(1, len(rows) // count)][:count]]
    read = read_path(sample.folder(), outlets=load_outlets())
    return list(islice(cycle([article for article in read if isinstance(article, Article)]), count))


def words_in(articles: list[Article]) -> int:
    """How many words the articles have, quoted or not."""
    return sum(len(article.text.split()) for article in articles)
