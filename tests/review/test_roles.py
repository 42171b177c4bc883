"""Offices that people enter: they stand before what articles print, with their days. All people are invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from tests.store.newsroom import ferry, filed, quoted

from quotetrack.core.settings import Settings
from quotetrack.pipeline.steps import link, resolve_speakers
from quotetrack.review.speakers import Alias, import_speakers
from quotetrack.search.understanding import understand
from quotetrack.store import Sessions, close_store, open_store
from quotetrack.store.roles import EnteredRole, read_role, role_value
from quotetrack.store.speaker_decisions import speaker_decisions_in_force

NOW = datetime(2031, 6, 15, tzinfo=UTC)
TODAY = date(2031, 6, 15)
MAYOR = "what did the mayor of Kurin say"


@pytest.fixture
def sessions(url: str) -> Iterator[Sessions]:
    """A store in which the articles call Iven Roth the mayor of Kurin."""
    opened = open_store(url)
    with opened.begin() as session:
        for name in ("Orla Venn", "Tadeo Brisk", "Iven Roth"):
            office = "Iven Roth, the mayor of Kurin, spoke. " if name == "Iven Roth" else ""
            text = f"{office}“The ferry will sail,” {name} said."
            filed(session, ferry(text, url=f"https://tide.example/{name}"), [quoted(text, "The ferry", speaker=name)])
    resolve_speakers.run(opened)
    link.run(opened)
    yield opened
    close_store(opened)


def enter(sessions: Sessions, *lines: Alias) -> list[str | None]:
    return import_speakers(sessions, lines, decided_by="Ada", now=NOW, settings=Settings())


def meant(sessions: Sessions, question: str) -> tuple[str, ...]:
    with sessions() as session:
        return understand(session, question, today=TODAY).speakers


def test_an_entered_office_stands_before_the_articles(sessions: Sessions) -> None:
    assert meant(sessions, MAYOR) == ("Iven Roth",)
    assert enter(sessions, Alias("Orla Venn", role="mayor of Kurin")) == [None]
    assert meant(sessions, MAYOR) == ("Orla Venn",)
    assert meant(sessions, "what did the mayor of Orle say") == ()


def test_two_holders_are_told_apart_by_the_days(sessions: Sessions) -> None:
    venn = Alias("Orla Venn", role="Mayor of Kurin", until="2029-12-31")
    brisk = Alias("Tadeo Brisk", role="mayor of Kurin", since="2030-01-01")
    assert enter(sessions, venn, brisk) == [None, None]
    assert meant(sessions, f"{MAYOR} in 2029") == ("Orla Venn",)
    assert meant(sessions, f"{MAYOR} since May 2030") == ("Tadeo Brisk",)
    assert set(meant(sessions, MAYOR)) == {"Orla Venn", "Tadeo Brisk"}


def test_an_office_is_entered_once_and_exported(sessions: Sessions) -> None:
    line = Alias("Orla Venn", role="mayor of Kurin", since="2030-01-01")
    enter(sessions, line)
    enter(sessions, line)
    with sessions() as session:
        assert [each.value for each in speaker_decisions_in_force(session)] == ["mayor of Kurin, 2030-01-01/.."]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (Alias("Orla Venn", role="mayor of Kurin", since="May"), "since and until must be days"),
        (Alias("Orla Venn", role="mayor", since="2030-01-02", until="2030-01-01"), "the office ends on 2030-01-01"),
        (Alias("Orla Venn", role="Kurin"), "'Kurin' names no office"),
    ],
)
def test_a_line_that_tells_no_office_is_refused(sessions: Sessions, line: Alias, problem: str) -> None:
    (told,) = enter(sessions, line)
    assert (told or "").startswith(problem)


@pytest.mark.parametrize(
    "entered",
    [
        EnteredRole(1, "mayor of Kurin", None, None),
        EnteredRole(1, "mayor of Kurin, Orle and Tide", date(2030, 1, 1), None),
        EnteredRole(1, "mayor", date(2030, 1, 1), date(2031, 1, 1)),
    ],
)
def test_the_value_of_a_decision_has_the_office_and_its_days(entered: EnteredRole) -> None:
    assert read_role(role_value(entered)) == (entered.role, entered.since, entered.until)
