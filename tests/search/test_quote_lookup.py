"""Remembered words lead to the quotation that was printed, with the difference. All people are invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from tests.store.newsroom import ferry, filed, quoted

from quotetrack.core.worddiff import DiffStep
from quotetrack.pipeline.steps import link
from quotetrack.search.quote_lookup import difference, find_quotations_like, likeness
from quotetrack.store import close_store, open_store

SAID = (
    ("Orla Venn", "The ferry will sail again before the summer comes, and we owe the island that much."),
    ("Tadeo Brisk", "Promises float, boats do not."),
    ("Amalia Brisk", "The summer comes too late for those who fish for eels."),
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    opened = open_store(f"sqlite:///{Path(tmp_path_factory.mktemp('recall')) / 'news.db'}")
    with opened.begin() as session:
        for number, (speaker, words) in enumerate(SAID):
            text = f"“{words}”"
            filed(session, ferry(text, url=f"https://post.example/{number}"), [quoted(text, words, speaker=speaker)])
    link.run(opened)
    with opened() as session:
        yield session
    close_store(opened)


@pytest.mark.parametrize(
    ("remembered", "speaker", "changed"),
    [
        ("promises float, boats do not", "Tadeo Brisk", 0),
        ("“Promises float; boats do NOT!”", "Tadeo Brisk", 0),
        ("the ferry will sail again", "Orla Venn", 0),
        ("the ferry will never sail again before the summer comes", "Orla Venn", 1),
        ("ferries will sail again before summer comes", "Orla Venn", 3),
        ("promises float but boats never do", "Tadeo Brisk", 2),
    ],
)
def test_the_nearest_quotation_comes_first_with_its_changed_words(
    session: Session, remembered: str, speaker: str, changed: int
) -> None:
    nearest = find_quotations_like(session, remembered)[0]
    assert (nearest.utterance.speaker, nearest.changed) == (speaker, changed)


@pytest.mark.parametrize("remembered", ["we shall dredge the harbour in the autumn", "summer", "zeppelin", "", "?!"])
def test_words_that_were_not_said_have_no_exact_match(session: Session, remembered: str) -> None:
    assert [match.utterance.speaker for match in find_quotations_like(session, remembered) if match.alike < 1] == []


def test_the_difference_leaves_out_print_around_the_remembered_words() -> None:
    assert difference("the ferry will never sail again", "Today the ferry will sail again before summer.") == (
        DiffStep("same", "the ferry will", "the ferry will"),
        DiffStep("cut", "never", ""),
        DiffStep("same", "sail again", "sail again"),
    )


def test_likeness_is_the_share_of_remembered_words_in_print() -> None:
    assert likeness("boats do not", "Promises float, boats do not.") == 1
    assert likeness("", "Promises float.") == likeness("boats", "") == 0
