"""Talking points keep their ids, and their members are utterances or reported statements."""

from __future__ import annotations

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from tests.store.newsroom import HOUR, NOW, ferry, ferry_quotations, filed

from quotetrack.store.runs import finish_run, start_run
from quotetrack.store.tables import TalkingPointMemberRow, UtteranceRow
from quotetrack.store.talking_points import (
    COMMAND,
    Member,
    PointsState,
    follow_point,
    points_of_statements,
    points_state,
    put_points,
    read_points,
)

GROUPER = "points 1"
KEY = "0" * 64


def member(statement: int, chance: float, *, contradicts: bool = False) -> Member:
    return Member(statement, chance, KEY, contradicts)


def utterances(session: Session, number: int) -> list[int]:
    rows = [UtteranceRow() for _ in range(number)]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def test_members_are_read_as_they_were_put(session: Session) -> None:
    one, two, three, four = utterances(session, 4)
    first = [member(one, 1.0), member(two, 0.8), member(four, 0.9, contradicts=True)]
    second = [member(three, 1.0), member(four, 0.7)]
    ids = put_points(session, [first, second], [None, None], {}, GROUPER)
    assert read_points(session) == dict(zip(ids, (first, second), strict=True))
    assert read_points(session, ids[1:]) == {ids[1]: second}
    assert points_of_statements(session) == {one: ids[0], two: ids[0], three: ids[1], four: ids[1]}


def test_an_absorbed_utterance_is_the_one_that_absorbed_it_and_an_erased_member_is_none(session: Session) -> None:
    one, two, three, four = utterances(session, 4)
    (point,) = put_points(session, [[member(each, 0.9) for each in (one, two, three)]], [None], {}, GROUPER)
    session.get_one(UtteranceRow, three).merged_into_id = four
    session.execute(delete(TalkingPointMemberRow).where(TalkingPointMemberRow.place == 0))
    assert read_points(session) == {point: [None, member(two, 0.9), member(four, 0.9)]}


def test_a_kept_id_stays_and_an_absorbed_one_leads_to_it(session: Session) -> None:
    one, two, three, four = utterances(session, 4)
    pairs = [[member(one, 1.0), member(two, 0.8)], [member(three, 1.0), member(four, 0.8)]]
    kept, absorbed = put_points(session, pairs, [None, None], {}, GROUPER)
    all_four = [member(one, 1.0), *(member(each, 0.8) for each in (two, three, four))]
    assert put_points(session, [all_four], [kept], {absorbed: kept}, GROUPER) == [kept]
    assert (follow_point(session, absorbed), follow_point(session, kept)) == (kept, kept)
    assert read_points(session) == {kept: all_four}
    (new,) = put_points(session, [all_four], [None], {}, GROUPER)
    assert new not in {kept, absorbed}


def test_the_state_tells_the_last_update_and_whether_statements_came_since(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    assert points_state(session) == PointsState(False, None, False)
    finish_run(session, start_run(session, COMMAND, "1", NOW), NOW + HOUR, {}, None)
    start_run(session, COMMAND, "1", NOW + HOUR)  # killed
    assert points_state(session) == PointsState(False, NOW, False)
    put_points(session, [[member(each, 1.0) for each in utterances(session, 2)]], [None], {}, GROUPER)
    filed(session, ferry(url="https://northernpost.example/2"), ferry_quotations())
    assert points_state(session) == PointsState(True, NOW, True)


def test_a_statement_contradicts_several_points_and_makes_one(session: Session) -> None:
    one, two, three, other = utterances(session, 4)
    contrary = member(other, 0.9, contradicts=True)
    put_points(session, [[member(one, 1.0), contrary], [member(two, 1.0), contrary]], [None, None], {}, GROUPER)
    with pytest.raises(IntegrityError):
        put_points(session, [[member(three, 1.0)], [member(three, 0.8)]], [None, None], {}, GROUPER)


def test_a_member_is_one_statement(session: Session) -> None:
    (point,) = put_points(session, [[]], [None], {}, GROUPER)
    session.add(TalkingPointMemberRow(point_id=point, place=0, contradicts=False, chance=1.0, grouped_by=GROUPER))
    with pytest.raises(IntegrityError):
        session.flush()
