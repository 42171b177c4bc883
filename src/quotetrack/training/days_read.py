"""Labels of days that a language model read, for the articles of train that no person labelled.

`days_read.tsv` names articles by a hash and holds no word of their texts. docs/decisions/0008 says how it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from csv import DictReader
from dataclasses import replace
from pathlib import Path

from quotetrack.core.normalize import sha256
from quotetrack.evaluation.gold import GoldArticle, GoldPart, Label

DAYS_READ = Path(__file__).with_name("days_read.tsv")
HASH_DIGITS = 12  # hexadecimal digits of the hash that names an article
_PRECISION_BY_LENGTH = {1: "none", 4: "year", 7: "month", 10: "day"}  # length of "-", "2016", "2016-03", "2016-03-10"

LabelKey = tuple[str, str]  # hash of the article, group


def read_days() -> dict[LabelKey, Label]:
    """Return the labels by hash of the article and group. They name no speaker."""
    with DAYS_READ.open(encoding="utf-8", newline="") as lines:
        return {
            (row["article"], row["group"]): Label(
                name="",
                kind="",
                said_on=None if row["said_on"] == "-" else row["said_on"],
                precision=_PRECISION_BY_LENGTH[len(row["said_on"])],
                basis=row["basis"],
                is_quotation=row["basis"] != "not_quote",
            )
            for row in DictReader(lines, delimiter="\t")
        }


def hash_of(article_id: str) -> str:
    """Return the hash that names an article in our own files; an id would give away the words of its title."""
    return sha256(article_id)[:HASH_DIGITS]


def with_days_read(articles: Iterable[GoldArticle]) -> Iterator[GoldArticle]:
    """Yield the articles; a part without a label gets the label of its group from `days_read.tsv`, if there is one."""
    labels = read_days()
    for article in articles:
        key = hash_of(article.id)
        yield replace(article, parts=tuple(_with_label(part, key, labels) for part in article.parts))


def _with_label(part: GoldPart, article: str, labels: Mapping[LabelKey, Label]) -> GoldPart:
    return part if part.label is not None else replace(part, label=labels.get((article, part.group)))
