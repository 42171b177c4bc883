"""Reported statements come in pages beside the quotations, and an answer tells when not all of them were read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.store.newsroom import a_run, ferry, filed
from tests.store.test_reported import REPORTER, reported

from quotetrack.render.answers import hint_lines
from quotetrack.search import reported as search
from quotetrack.search.answer import Answer, ask
from quotetrack.search.understanding import Given
from quotetrack.store import Sessions, close_store, open_store
from quotetrack.store.reported import put_reported

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven")
TEXT = "\n\n".join(f"Orla Venn said ferry {number} would sail again." for number in NUMBERS)
QUESTION = "what was said about the ferry"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reported") / "news.db"
    sessions = open_store(f"sqlite:///{path}")
    with sessions.begin() as session:
        taken = filed(session, ferry(TEXT), [])
        found = [reported(TEXT, f"ferry {number} would sail again", "Orla Venn") for number in NUMBERS]
        put_reported(session, taken.version_id, found, REPORTER, a_run(session))
    close_store(sessions)
    return path


@pytest.fixture
def sessions(database: Path) -> Iterator[Sessions]:
    opened = open_store(f"sqlite:///{database}", read_only=True)
    yield opened
    close_store(opened)


def answer_of(sessions: Sessions, given: Given = Given(about="the ferry"), page: int = 1) -> Answer:
    with sessions() as session:
        return ask(session, "", given=given, page=page, today=date(2031, 3, 12))


def test_each_page_has_the_next_of_them(sessions: Sessions) -> None:
    pages = [answer_of(sessions, page=page) for page in (1, 2, 3, 4)]
    assert [len(page.reported) for page in pages] == [3, 3, 1, 0]
    assert {page.reported_total for page in pages} == {7}
    assert len({str(words.best.id) for page in pages for words in page.reported}) == 7


@pytest.mark.parametrize(
    ("given", "order"), [(Given(about="the ferry"), "nearest to the topic"), (Given(outlet="harbourpost"), "last said")]
)
def test_an_answer_tells_that_some_were_not_read(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch, given: Given, order: str
) -> None:
    assert answer_of(sessions, given).reported_cut_at is None
    monkeypatch.setattr(search, "MOST_READ", 4)
    cut = answer_of(sessions, given)
    assert (cut.reported_total, cut.reported_cut_at) == (4, 4)
    assert any(f"Only the 4 reported statements {order} were read" in line for line in hint_lines(cut))


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        ((), "3 of 7 reported statements. More: --reported"),
        (("--page", "2"), "3 of 7 reported statements. More: --reported"),
        (("--reported", "--limit", "3"), "3 of 7 reported statements. More: --page 2"),
        (("--reported", "--limit", "3", "--page", "3"), "1 of 7 reported statements."),
        (("--reported",), None),
    ],
)
def test_the_text_tells_how_to_see_more(database: Path, arguments: tuple[str, ...], more: str | None) -> None:
    shown = quotetrack("ask", "--about", "the ferry", *arguments, "--database", database)
    assert shown.exit_code == 0
    assert [line for line in shown.stdout.splitlines() if "reported statement" in line] == ([more] if more else [])


def test_the_shell_shows_the_next_of_them_with_more(database: Path) -> None:
    shown = quotetrack("shell", "--database", database, given=f"{QUESTION}\nmore\nmore\n")
    ends = [line for line in shown.stdout.splitlines() if "reported statement" in line]
    assert ends == [
        f"{number} of 7 reported statements{more}" for number, more in ((3, ". More: more"),) * 2 + ((1, "."),)
    ]


@pytest.mark.parametrize("arguments", [("--cite",), ("--timeline",), ("--count-by", "speaker")])
def test_an_output_without_them_refuses_to_be_asked_for_them(database: Path, arguments: tuple[str, ...]) -> None:
    refused = quotetrack("ask", QUESTION, "--reported", *arguments, "--database", database)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--reported" in refused.stderr
