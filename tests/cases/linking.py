"""Pairs of invented articles whose quotations must not become one utterance without a warning.

A line of `links.jsonl` has two `articles` with one quotation each: the same words of two people or on two occasions, or
words that differ where it matters. `may_be_flagged` says that one utterance is right too, if its link carries a flag.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.cases.cases import extract_articles

from quotetrack.core.domain import Article, Quotation, Sighting
from quotetrack.linking.clusters import link_sightings
from quotetrack.linking.compare import find_links

LINKS = Path(__file__).with_name("links.jsonl")


@dataclass(frozen=True, slots=True)
class LinkCase:
    """Two articles, as lines that `extract --jsonl` reads."""

    id: str
    article_lines: tuple[str, ...]
    may_be_flagged: bool


def read_link_cases(path: Path = LINKS) -> list[LinkCase]:
    """Return the pairs in the order of the file."""
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    return [
        LinkCase(row["id"], tuple(json.dumps(article) for article in row["articles"]), row["may_be_flagged"])
        for row in rows
    ]


def score_link_cases(cases: Sequence[LinkCase]) -> list[str]:
    """Extract and link each pair; return the ids of the pairs that are right."""
    extracted = iter(list(extract_articles([line for case in cases for line in case.article_lines], "links")))
    right = []
    for case in cases:
        articles = [next(extracted) for _ in case.article_lines]
        if is_right(case, [(article, quotation) for article, quotations in articles for quotation in quotations]):
            right.append(case.id)
    return right


def is_right(case: LinkCase, quotations: Sequence[tuple[Article, Quotation]]) -> bool:
    """Return whether the quotations stay two utterances, or are one with a flag where that is right too."""
    sightings = [_sighting(number, *pair) for number, pair in enumerate(quotations, start=1)]
    if len(sightings) != len(case.article_lines):
        return False
    if len(link_sightings(sightings)) == len(sightings):
        return True
    return case.may_be_flagged and all(link.flags for link in find_links(sightings))


def _sighting(number: int, article: Article, quotation: Quotation) -> Sighting:
    return Sighting(
        id=number,
        words=quotation.words,
        speaker=quotation.attribution.name if quotation.attribution else None,
        outlet=article.outlet,
        article=article.external_id,
        published_at=article.published_at,
        said=quotation.said,
    )
