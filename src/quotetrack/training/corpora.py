"""Read the articles on which extraction is fitted: three kinds of news, so that no fit knows one newsroom only.

`quotations_train.jsonl` is US politics, labelled by people in part; `quotations_news_train.jsonl` is broad news of some
60 outlets; the invented articles (`invented_articles.py`) are ours, and hard on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from quotetrack.evaluation.gold import GoldArticle, read_gold_files
from quotetrack.training.invented_articles import INVENTED_URL, read_invented

FITTED_ON = (
    "quotations_train.jsonl (840 US political news articles, 2015 to 2016), quotations_news_train.jsonl (183 articles "
    "of broad news, 2004 to 2019), and the invented articles of training/invented"
)
INVENTED_WEIGHT = 0.5  # of an invented article in a fit: they are hard on purpose, and no sample of news


class Domain(StrEnum):
    """The kinds of articles; figures are told for each."""

    POLITICS = "US politics"
    NEWS = "broad news"
    INVENTED = "invented"


def weight_of(article: GoldArticle) -> float:
    """Return how much each example of an article counts in a fit."""
    return INVENTED_WEIGHT if article.article.url.startswith(INVENTED_URL) else 1.0


def read_corpora(folder: Path) -> dict[Domain, list[GoldArticle]]:
    """Return the articles of each kind; `folder` has the first two. Raises GoldFormatError and OSError."""
    return {
        Domain.POLITICS: read_gold_files(folder / "quotations_train.jsonl", folder / "speakers_dates_train.jsonl"),
        Domain.NEWS: read_gold_files(folder / "quotations_news_train.jsonl", folder / "labels_news_train.jsonl"),
        Domain.INVENTED: [article.gold for article in read_invented()],
    }


def all_articles(corpora: Mapping[Domain, Sequence[GoldArticle]]) -> list[GoldArticle]:
    """Return the articles of all kinds."""
    return [article for articles in corpora.values() for article in articles]


def domains_of(corpora: Mapping[Domain, Sequence[GoldArticle]]) -> dict[str, Domain]:
    """Return the kind of each article, by its id."""
    return {article.id: domain for domain, articles in corpora.items() for article in articles}
