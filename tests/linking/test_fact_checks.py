"""Which fact-checks are about a statement. All of them are invented; vectors stand for the meaning of the texts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from quotetrack.core.domain import DateBasis, FactCheck, SaidOn, Sighting
from quotetrack.linking.fact_checks import Index, compared_texts, features, leads, rank, read_post

DAY = date(2031, 5, 4)
CHECKS = (
    FactCheck("https://c.example/1", "The ferry carried 4,000 cars in March.", claimant="Orla Venn", published=DAY),
    FactCheck("https://c.example/2", "The harbour was never dredged.", claimant="Ragna Telle", published=DAY),
    FactCheck("https://c.example/3", "Trawlers catch 12 tonnes of herring a day.", claimant="Orla V", published=DAY),
    FactCheck("https://c.example/4", "“Trawlers catch 12 tonnes of herring a day”", claimant="Orla V", published=DAY),
)


def index_of(checks: tuple[FactCheck, ...] = CHECKS) -> Index:
    texts = compared_texts(checks)
    return Index(checks, np.array([vector(text) for text in texts], dtype=np.float32))


def vector(text: str) -> np.ndarray:
    """Return a unit vector in which each word of the invented claims has a place."""
    words = ["ferry", "cars", "harbour", "dredged", "trawlers", "herring", "the"]
    counted = np.array([word in text.casefold() for word in words], dtype=np.float32) + np.float32(0.01)
    return counted / np.linalg.norm(counted)


def said(words: str, speaker: str | None = None, day: date | None = None) -> Sighting:
    return Sighting("s", words, speaker, said=SaidOn(day, day, DateBasis.STATED_HERE if day else DateBasis.UNKNOWN))


def feature(words: str, url: str, name: str, speaker: str | None = None, day: date | None = None) -> float:
    index = index_of()
    places, rows = features(said(words, speaker, day), vector(words), index)
    row = rows[[index.checks[place].url for place in places].index(f"https://c.example/{url}")]
    return float(getattr(row, name))


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("The ferry carried 4,000 cars in March, I am told.", "1"),
        ("Nobody has ever dredged the harbour.", "2"),
        ("Our trawlers catch 12 tonnes of herring every day.", "3"),
    ],
)
def test_the_fact_check_of_a_claim_ranks_first(words: str, url: str) -> None:
    assert rank(said(words), vector(words), index_of())[0].check.url == f"https://c.example/{url}"


def test_a_fact_check_that_repeats_another_is_listed_beside_it_and_not_shown() -> None:
    words = "Trawlers catch 12 tonnes of herring a day."
    first, repeat, *_ = rank(said(words, "Orla Venn", DAY), vector(words), index_of())
    assert (first.check.url, repeat.check.url) == ("https://c.example/3", "https://c.example/4")
    assert repeat.is_repeat and not repeat.is_shown and not first.is_repeat


@pytest.mark.parametrize(
    ("words", "url", "name", "value"),
    [
        ("The ferry carried 4,000 cars.", "1", "same_numbers", 1.0),
        ("The ferry carried 9,000 cars.", "1", "other_numbers", 1.0),
        ("The ferry carried cars.", "2", "negated_otherwise", 1.0),
        ("The harbour was not dredged.", "2", "negated_otherwise", 0.0),
        ("The ferry carried 4,000 cars in March.", "1", "run", 7.0),
    ],
)
def test_features_say_what_agrees(words: str, url: str, name: str, value: float) -> None:
    assert feature(words, url, name) == value


@pytest.mark.parametrize(
    ("speaker", "day", "agrees", "conflicts", "at_once"),
    [
        ("Orla Venn", DAY, 1.0, 0.0, 1.0),
        ("Mrs. Venn", date(2031, 6, 1), 1.0, 0.0, 0.0),
        ("Ragna Telle", DAY, 0.0, 1.0, 1.0),
        (None, None, 0.0, 0.0, 0.0),
    ],
)
def test_claimant_and_day_are_compared(
    speaker: str | None, day: date | None, agrees: float, conflicts: float, at_once: float
) -> None:
    words = "The ferry carried cars."
    compared = [
        feature(words, "1", name, speaker, day) for name in ("claimant_agrees", "claimant_conflicts", "is_at_once")
    ]
    assert compared == [agrees, conflicts, at_once]


@pytest.mark.parametrize(
    ("words", "plain", "author", "day"),
    [
        (
            "The #FerryStrike is over! https://t.co/Ab1 — Orla Venn (@orlavenn) May 4, 2031",
            "The Ferry Strike is over!",
            "orlavenn Orla Venn",
            DAY,
        ),
        ("It sank. pic.twitter.com/Xy", "It sank.", None, None),
        ("It sank — slowly — at noon.", "It sank — slowly — at noon.", None, None),
        ("It sank. — Orla Venn (@orlavenn) February 30, 2031", "It sank.", "orlavenn Orla Venn", None),
    ],
)
def test_links_and_signature_of_a_post_are_no_part_of_its_words(
    words: str, plain: str, author: str | None, day: date | None
) -> None:
    post = read_post(words)
    assert (post.words, post.author, post.day) == (plain, author, day)


def test_the_lead_of_the_best_is_positive_and_that_of_the_others_negative() -> None:
    assert leads(np.array([3.0, 1.0, 0.5])) == [2.0, -2.0, -2.5]


def test_without_fact_checks_nothing_is_found() -> None:
    empty = Index((), np.empty((0, 7), dtype=np.float32))
    assert rank(said("It sank."), vector("It sank."), empty) == []
