"""What a decision touches is found by itself, however much else waits."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session
from tests.store.newsroom import FERRY, ferry, ferry_quotations, filed

from quotetrack.core.versions import LINKER
from quotetrack.pipeline.steps import resolve_speakers
from quotetrack.store import Sessions
from quotetrack.store.related import waiting_by_speaker
from quotetrack.store.worklists import Touched, quotations_for_linker

OTHER = ferry(url="https://northpost.example/ferry", outlet="northpost")


@pytest.mark.parametrize(
    ("touched", "waiting"),
    [
        (None, [1, 2, 3, 4]),
        (Touched(), []),
        (Touched(articles=[OTHER.url]), [3, 4]),
        (Touched(articles=[ferry().url, "https://northpost.example/unknown"]), [1, 2]),
        (Touched(articles=[ferry().url, OTHER.url]), [1, 2, 3, 4]),
        (Touched(speakers=[1], articles=[OTHER.url]), [2, 3, 4]),
        (Touched(speakers=[1]), [2, 4]),
    ],
)
def test_only_quotations_of_the_touched_speakers_and_articles_wait(
    sessions: Sessions, touched: Touched | None, waiting: list[int]
) -> None:
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
        filed(session, OTHER, ferry_quotations(FERRY))
    resolve_speakers.run(sessions)
    with sessions() as session:
        assert quotations_for_linker(session, LINKER, touched) == waiting


@pytest.mark.parametrize("either_url", ["sqlite"], indirect=True)
def test_the_touched_quotations_are_read_by_their_ids_and_not_all_that_wait(session: Session) -> None:
    statements: list[tuple[str, object]] = []

    def keep(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        statements.append((statement, parameters))

    event.listen(session.get_bind(), "before_cursor_execute", keep)
    quotations_for_linker(session, LINKER, Touched(speakers=[1]))
    waiting_by_speaker(session, "model", Touched(articles=["https://post.example/1"]))
    event.remove(session.get_bind(), "before_cursor_execute", keep)
    assert len(statements) == 2
    for statement, parameters in statements:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        (found_by,) = [row[3] for row in plan if row[3].startswith("SEARCH quotations ")]
        assert "rowid=?" in found_by
