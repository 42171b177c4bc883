"""The words of every stored quotation are the characters of the text at its parts."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from tests.store.newsroom import article_text, ferry, ferry_quotations, filed, quoted

from quotetrack.store.errors import UnstorableText, is_of_one_article
from quotetrack.store.sightings import read_sightings
from quotetrack.store.tables import QuotationRow


def misplaced(session: Session) -> list[int]:
    """Return the ids of the sightings whose words differ from the text at their parts."""
    return [
        int(sighting.id)
        for sighting in read_sightings(session)
        if sighting.words != " ".join(part.of(article_text(session, sighting)) for part in sighting.parts)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“Never,” said Orla Venn.",
        "Smile 🙂 first. “Never,” said Orla Venn.",
        "A byte-order mark\ufeff stands here. “Never,” said Orla Venn.",
        "Née à Fécamp.\r\n\r\n“Never,” said Orla Venn.",
    ],
)
def test_characters_are_counted_as_python_counts_them(session: Session, text: str) -> None:
    filed(session, ferry(text), [quoted(text, "Never,", speaker="Orla Venn")])
    assert len(read_sightings(session)) == 1
    assert misplaced(session) == []


@pytest.mark.parametrize("either_url", ["sqlite"], indirect=True)
def test_sqlite_stores_a_nul(session: Session) -> None:
    text = "A NUL\0 stands here. “Never,” said Orla Venn."
    filed(session, ferry(text), [quoted(text, "Never,", speaker="Orla Venn")])
    assert misplaced(session) == []


@pytest.mark.parametrize("either_url", ["postgresql"], indirect=True)
def test_postgresql_refuses_a_nul_which_fails_this_article_only(session: Session) -> None:
    with pytest.raises(UnstorableText, match="NUL") as refused:
        filed(session, ferry("A NUL\0 stands here."), [])
    assert is_of_one_article(refused.value)


def test_the_walk_reports_words_that_are_not_there(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    session.execute(update(QuotationRow).where(QuotationRow.id == 2).values(parts=[[0, 5]]))
    session.expire_all()
    assert misplaced(session) == [2]
