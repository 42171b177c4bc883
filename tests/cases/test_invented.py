"""The invented articles: the reader of the format, and the pinned figures of the third that nothing is fitted on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases import invented_scores

from quotetrack.evaluation.gold import GoldFormatError
from quotetrack.training.invented_articles import FOLDER, read_invented

ARTICLE = """== harbour-01
genre: local
class: C2
desk: British
published: 2026-03-12
outlet: Harbour Post
q1: Ida Berg | person | mayor | 2026-03-11 "on Wednesday"
q2: Berg’s lawyer / Ida Berg’s lawyer | unnamed | lawyer | implied
q3: Ida Berg | person | mayor | 2025-12-01..2025-12-07 "last December"
---
“{1}We waited,” {m1,3:Ida Berg} said on Wednesday. “{1}Then we stopped.”

In what the paper called the “{x}war of the quay” it had been “{3}a long week” last December.

‘{2}She won’t wait again,’ said {m2:Berg’s lawyer}.
"""


def read(tmp_path: Path, text: str) -> list[tuple[str, str, list[str], str]]:
    (tmp_path / "local.txt").write_text(text, "utf-8")
    (article,) = read_invented(tmp_path)
    text = article.gold.article.text
    return [
        (part.group, part.span.of(text), [mention.of(text) for mention in part.mentions], part.label.name)
        for part in article.gold.parts
        if part.label is not None
    ]


def test_parts_mentions_and_labels_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, ARTICLE) == [
        ("1", "We waited,", ["Ida Berg"], "Ida Berg"),
        ("1", "Then we stopped.", ["Ida Berg"], "Ida Berg"),
        ("3", "a long week", ["Ida Berg"], "Ida Berg"),
        ("2", "She won’t wait again,", ["Berg’s lawyer"], "Berg’s lawyer"),
    ]


def test_days_are_read(tmp_path: Path) -> None:
    (tmp_path / "local.txt").write_text(ARTICLE, "utf-8")
    (article,) = read_invented(tmp_path)
    days = {part.group: (part.label.said_on, part.label.basis) for part in article.gold.parts if part.label}
    assert days == {
        "1": ("2026-03-11", "explicit_nearby"),
        "2": ("2026-03-12", "implied_recent"),
        "3": ("2025-12-01", "explicit_nearby"),
    }


def test_a_quotation_without_a_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "local.txt").write_text(ARTICLE.replace("q2: ", "q4: "), "utf-8")
    with pytest.raises(GoldFormatError, match="harbour-01"):
        read_invented(tmp_path)


def test_no_article_is_both_fitted_and_measured_on() -> None:
    fitted = {article.gold.id for article in read_invented(FOLDER)}
    measured = {article.gold.id for article in read_invented(invented_scores.FOLDER)}
    assert len(fitted | measured) >= 400
    assert not fitted & measured


@pytest.mark.parametrize(
    ("name", "wanted", "kind", "is_same"),
    [
        ("A waiter", "a waiter at the bar", "unnamed", True),
        ("a waiter at the bar", "A waiter", "unnamed", True),
        ("the cook", "a waiter", "unnamed", False),
        ("Ida Berg", "Ida Berg", "person", True),
        ("Ida", "Ida Berg", "person", False),
    ],
)
def test_names_are_compared_by_their_kind(name: str, wanted: str, kind: str, is_same: bool) -> None:
    assert invented_scores.is_same_speaker(name, wanted, kind) is is_same


def test_a_class_may_be_worse_by_one_quotation_and_no_more() -> None:
    pinned = {"C1": {"right": 8, "day_right": 7, "wrong_sure": 0, "day_wrong": 2}}
    tied = {"C1": {"right": 7, "day_right": 6, "wrong_sure": 1, "day_wrong": 3}}
    assert invented_scores.shortfalls(pinned, tied) == []
    worse = {"C1": {"right": 6, "day_right": 7, "wrong_sure": 2, "day_wrong": 2}}
    assert invented_scores.shortfalls(pinned, worse) == ["C1: right 6, pinned 8", "C1: wrong_sure 2, pinned 0"]


@pytest.mark.slow
def test_no_class_of_invented_articles_is_worse_than_pinned() -> None:
    now = invented_scores.measured()
    print(*invented_scores.lines_of(now), sep="\n")
    assert invented_scores.shortfalls(invented_scores.read_pinned(), now) == []
