"""The view `sightings_v` has a row for each sighting, with what `read_sightings` says of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session
from tests.store.newsroom import (
    FERRY,
    FERRY_PARTS,
    HOUR,
    NOW,
    UNSURE,
    ferry,
    ferry_quotations,
    filed,
    filed_unsure,
    quoted,
    unsure,
)

from quotetrack.core.domain import DateBasis, SaidOn, Sighting, Span, Utterance
from quotetrack.core.rows import Cell, rows_of
from quotetrack.store import Sessions, close_store, open_store, speakers
from quotetrack.store.sightings import read_sightings
from quotetrack.store.tables import ArticleRow, OutletRow, QuotationRow
from quotetrack.store.utterances import utterance_ids

pytest_plugins = ("tests.filled_store",)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sql.md"
WEST = timezone(-timedelta(hours=3, minutes=30))
MOMENTS = ("published_at", "modified_at", "fetched_at")
NOT_IN_THE_VIEW = ("said_paragraph", "outlet_domain", "link_kind", "link_score", "link_flags", "link", "fact_checks")
WHOLE_VIEW = "SELECT * FROM sightings_v ORDER BY sighting"
Row = dict[str, Cell]


@pytest.fixture
def newsroom_sessions(newsroom: Path) -> Iterator[Sessions]:
    opened = open_store(f"sqlite:///{newsroom}")
    yield opened
    close_store(opened)


def path_of(sessions: Sessions) -> str:
    return sessions.kw["bind"].url.database


def rows(sessions: Sessions) -> list[Row]:
    """Return the rows of the view; of SQLite as plain sqlite3 reads them from the file, which it may not write.

    Moments are read, because those of an article keep its UTC offset.
    """
    if sessions.kw["bind"].dialect.name == "sqlite":
        connection = sqlite3.connect(f"file:{path_of(sessions)}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        read = [dict(row) for row in connection.execute(WHOLE_VIEW)]
        connection.close()
    else:
        with sessions() as session:
            read = [dict(row) for row in session.execute(text(WHOLE_VIEW)).mappings()]
    return [row | {name: datetime.fromisoformat(row[name]) for name in MOMENTS if row[name]} for row in read]


def expected_row(sighting: Sighting, utterance_id: int | None) -> Row:
    """Return what the CSV says of a sighting, as the view says it."""
    (row,) = rows_of(Utterance(utterance_id or 0, (sighting,)))
    expected = {name: _value(cell) for name, cell in row.flat().items() if name not in NOT_IN_THE_VIEW}
    return {**expected, "utterance": utterance_id}


def _value(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return cell
    return cell.isoformat() if isinstance(cell, date) else cell


def expected_rows(session: Session) -> list[Row]:
    utterance_of = utterance_ids(session)
    return [expected_row(sighting, utterance_of.get(int(sighting.id))) for sighting in read_sightings(session)]


def check(sessions: Sessions) -> list[Row]:
    """Return the rows of the view, which are those of `read_sightings`."""
    with sessions() as session:
        expected = expected_rows(session)
    found = rows(sessions)
    assert found == expected
    return found


def test_the_view_has_the_sightings_of_the_newsroom_before_and_after_decisions(newsroom_sessions: Sessions) -> None:
    before = check(newsroom_sessions)
    assert len(before) == 45 and {row["current"] for row in before} == {0, 1}
    people = [row["speaker_id"] for row in before if row["speaker"] in ("Ragna Telle", "Lucia Quill")]
    first, second = sorted(set(people))
    with newsroom_sessions.begin() as session:
        speakers.merge(session, first, second, "me", NOW)
    assert [row["speaker_id"] for row in check(newsroom_sessions)].count(second) == len(people)
    with newsroom_sessions.begin() as session:
        speakers.rename(session, first, "The Minister", "me", NOW)
    renamed = [row for row in check(newsroom_sessions) if row["speaker"] == "The Minister"]
    assert len(renamed) == len(people) and {row["speaker_as_printed"] for row in renamed} >= {"Lucia Quill"}
    with newsroom_sessions.begin() as session:
        speakers.revoke_merge(session, first, "me", NOW)
    assert {row["speaker_id"] for row in check(newsroom_sessions)} >= {first, second}


def test_an_edited_article_has_the_words_that_it_no_longer_prints(sessions: Sessions) -> None:
    cut = FERRY.split("\n\nTadeo")[0]
    again = FERRY.replace("resigned", "quit")
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
        filed(session, ferry(again), ferry_quotations(again), NOW + HOUR)
        filed(session, ferry(cut), [quoted(cut, *FERRY_PARTS)], NOW + 2 * HOUR)
    assert [(row["sighting"], row["current"]) for row in check(sessions)] == [(4, 0), (5, 1)]


def test_a_quotation_that_the_extractor_no_longer_finds_repeats_nothing(sessions: Sessions) -> None:
    again = FERRY.replace("resigned", "quit")
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
        filed(session, ferry(again), ferry_quotations(again), NOW + HOUR)
        filed(session, ferry(again), ferry_quotations(again)[:1], NOW + 2 * HOUR)
    assert [(row["sighting"], row["current"]) for row in check(sessions)] == [(2, 0), (3, 1)]


def test_an_unsure_sighting_has_alternatives_and_no_speaker(sessions: Sessions) -> None:
    with sessions.begin() as session:
        filed_unsure(session)
        named = replace(unsure(), attribution=replace(unsure().attribution, name="Ada Roth"))  # type: ignore[type-var]
        filed(session, ferry(UNSURE, url="https://echo.example/quay"), [named])
        filed(session, ferry(), ferry_quotations()[:1])
    first, second, third = check(sessions)
    assert (first["speaker"], first["unsure"], first["alternatives"]) == (
        None,
        True,
        "Ada Roth (0.48); Orla Venn (0.31)",
    )
    assert (first["speaker_confidence"], first["confidence"], first["mention_confidence"]) == (0.4812, 0.4812, 0.97)
    assert (second["speaker"], second["unsure"], second["alternatives"]) == ("Ada Roth", False, first["alternatives"])
    assert (third["unsure"], third["alternatives"]) == (False, "")


def test_a_row_of_an_older_extractor_has_no_confidence_of_the_mention(sessions: Sessions) -> None:
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations()[:1])
        session.execute(update(QuotationRow).values(mention_confidence=None))
    (row,) = check(sessions)
    assert (row["speaker_confidence"], row["mention_confidence"]) == (0.9, None)


def test_a_day_has_its_confidence_and_the_phrase_that_tells_it(sessions: Sessions) -> None:
    told = Span(FERRY.index("resigned"), FERRY.index("resigned") + len("resigned"))
    here, unknown = ferry_quotations()
    day = SaidOn(date(2031, 3, 7), date(2031, 3, 7), DateBasis.STATED_NEARBY)
    with sessions.begin() as session:
        filed(session, ferry(), [replace(here, said=day, said_evidence=told, said_confidence=0.876543), unknown])
    first, second = check(sessions)
    columns = ("said_confidence", "said_phrase", "said_phrase_start", "said_phrase_end")
    assert [first[column] for column in columns] == [0.8765, "resigned", told.start, told.end]
    assert [second[column] for column in columns] == [None] * 4


def test_what_a_person_decided_stands_before_what_was_printed(sessions: Sessions) -> None:
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
    with sessions.begin() as session:
        session.add(OutletRow(id=7, slug="dockside", name="The Dockside", country="XX"))
        decided = {"decided_outlet_id": 7, "decided_url": "https://dockside.example/", "decided_title": "Corrected"}
        decided |= {"decided_byline": "A. Reporter", "decided_published_at": date(2031, 3, 8)}
        session.execute(update(ArticleRow).values(decided))
        session.execute(update(QuotationRow).where(QuotationRow.id == 1).values(decided=["speaker", "day"]))
    first, second = check(sessions)
    assert first["decided"] == "speaker day outlet published title author url"
    assert second["decided"] == "outlet published title author url"
    assert (first["outlet_name"], first["published"]) == ("The Dockside", "2031-03-08")


@pytest.mark.parametrize(
    ("printed", "day", "moment"),
    [
        (date(2031, 3, 9), "2031-03-09", None),
        (datetime(2031, 3, 9, 20, 15), "2031-03-09", None),
        (datetime(2031, 3, 9, 23, 15, tzinfo=WEST), "2031-03-09", datetime(2031, 3, 10, 2, 45, tzinfo=UTC)),
        (datetime(2031, 3, 9, 8, 0, 0, 250_000, UTC), "2031-03-09", datetime(2031, 3, 9, 8, 0, 0, 250_000, UTC)),
        (None, None, None),
    ],
)
def test_a_day_and_a_moment_have_a_column_each(
    sessions: Sessions, printed: date | None, day: str | None, moment: datetime | None
) -> None:
    article = replace(ferry(published_at=printed), modified_at=printed)
    with sessions.begin() as session:
        filed(session, article, ferry_quotations())
    first, _ = rows(sessions)
    assert (first["published"], first["published_at"]) == (first["modified"], first["modified_at"]) == (day, moment)


def test_every_column_is_documented_and_no_other(sessions: Sessions) -> None:
    with sessions() as session:
        columns = list(session.execute(text(WHOLE_VIEW)).keys())
    cells = re.findall(r"^\| ([^|]+?) +\|", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert re.findall(r"`(\w+)`", " ".join(cells)) == columns


def test_the_queries_of_the_page_run(newsroom_sessions: Sessions) -> None:
    section = PAGE.read_text("utf-8").partition("## sqlite3")[2].partition("\n## ")[0]
    queries = re.findall(r"^```sql\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    with sqlite3.connect(f"file:{path_of(newsroom_sessions)}?mode=ro", uri=True) as connection:
        assert [len(connection.execute(query).fetchall()) for query in queries] == [10, 8]


def test_duckdb_reads_the_view(newsroom_sessions: Sessions) -> None:
    duckdb = pytest.importorskip("duckdb")
    try:
        duckdb.execute(f"ATTACH '{path_of(newsroom_sessions)}' AS news (TYPE sqlite, READ_ONLY)")
    except duckdb.Error:
        pytest.skip("DuckDB cannot load its extension for SQLite here")
    (found,) = duckdb.execute("SELECT count(*) FROM news.sightings_v WHERE speaker = 'Ragna Telle'").fetchone()
    assert found == sum(row["speaker"] == "Ragna Telle" for row in rows(newsroom_sessions))
