"""Who said remembered words, and how far the memory is from the print. Everybody here is invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from tests.store.newsroom import ferry, filed, quoted

from quotetrack.pipeline.steps import link
from quotetrack.search.quote_lookup import Edit, difference, find_quotations_like, likeness
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
def test_the_nearest_words_and_how_far_they_are(session: Session, remembered: str, speaker: str, changed: int) -> None:
    recalled = find_quotations_like(session, remembered)
    assert (recalled[0].utterance.speaker, recalled[0].changed) == (speaker, changed)


@pytest.mark.parametrize("remembered", ["we shall dredge the harbour in the autumn", "summer", "zeppelin", "", "?!"])
def test_nobody_said_so(session: Session, remembered: str) -> None:
    assert [one.utterance.speaker for one in find_quotations_like(session, remembered) if one.alike < 1] == []


def test_the_difference_word_by_word() -> None:
    pieces = difference("the ferry will never sail again", "Today the ferry will sail again before summer.")
    assert [(piece.edit, piece.words) for piece in pieces] == [
        (Edit.KEPT, "the ferry will"),
        (Edit.NOT_PRINTED, "never"),
        (Edit.KEPT, "sail again"),
    ]


def test_likeness_is_of_the_remembered_words() -> None:
    assert likeness("boats do not", "Promises float, boats do not.") == 1
    assert likeness("", "Promises float.") == likeness("boats", "") == 0
