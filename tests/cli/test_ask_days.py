"""An answer tells what was said in the days of its question from what only may have been, in text, JSON and Python."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.store.newsroom import ferry, filed, quoted

import quotetrack as package
from quotetrack.core.domain import DateBasis, SaidOn
from quotetrack.pipeline.steps import link, resolve_speakers
from quotetrack.store import close_store, open_store

DAY, LATER = date(2031, 3, 4), date(2031, 3, 8)
SAID = {
    "Dredging begins at the northern quay.": SaidOn(DAY, DAY, DateBasis.STATED_HERE),
    "No cook has been hired for the winter.": SaidOn(DAY, LATER, DateBasis.IMPLIED),
    "Captains used to bring their own coal.": SaidOn(None, LATER, DateBasis.UNKNOWN),
}
QUESTION = ("ask", "what did Orla Venn say", "--since", "2031-03-01", "--until", "2031-03-08")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    sessions = open_store(f"sqlite:///{path}")
    with sessions.begin() as session:
        for words, said in SAID.items():
            text = f"“{words}” said Orla Venn."
            article = ferry(text, url=f"https://tide.example/{words.split()[0]}", published_at=LATER)
            filed(session, article, [quoted(text, words, speaker="Orla Venn", said=said)])
    resolve_speakers.run(sessions)
    link.run(sessions)
    close_store(sessions)
    return path


def test_text_marks_and_counts_what_may_have_been_said(database: Path) -> None:
    shown = quotetrack(*QUESTION, "--database", database).stdout
    assert "  Orla Venn, 4 Mar 2031 (from the sentence with the words)\n" in shown
    assert "  Orla Venn, 4 to 8 Mar 2031 (no day printed; fresh news of 8 Mar 2031)\n" in shown
    assert "  Orla Venn, day not told; by 8 Mar 2031; may have been said in that time\n" in shown
    assert shown.endswith("\n\n3 utterances; 1 may have been said in that time.\n")
    paged = quotetrack(*QUESTION, "--limit", "2", "--database", database).stdout
    assert paged.endswith(
        "\n3 utterances; 1 may have been said in that time. Utterances 1 to 2 of 3; see more with --page 2.\n"
    )


def test_only_certain_answers_have_no_mark(database: Path) -> None:
    shown = quotetrack(*QUESTION, "--certain", "--database", database).stdout
    assert shown.count("Orla Venn, ") == 2 and "may have been" not in shown
    without_days = quotetrack("ask", "what did Orla Venn say", "--certain", "--database", database).stdout
    assert without_days.count("\n  Orla Venn, ") == 3


def test_json_says_for_each_utterance(database: Path) -> None:
    answer = json.loads(quotetrack(*QUESTION, "--json", "--database", database).stdout)
    assert {each["words"]: each["certain"] for each in answer["utterances"]} == dict(
        zip(SAID, (True, True, False), strict=True)
    )
    assert (answer["total"], answer["uncertain"]) == (3, 1)
    without_days = json.loads(quotetrack("ask", "what did Orla Venn say", "--json", "--database", database).stdout)
    assert [each["certain"] for each in without_days["utterances"]] == [None] * 3 and without_days["uncertain"] == 0


def test_python_asks_alike(database: Path) -> None:
    with package.open(database) as db:
        answer = db.ask("what did Orla Venn say", since="2031-03-01", until="2031-03-08")
        certain = db.ask("what did Orla Venn say", since="2031-03-01", until="2031-03-08", certain=True)
    assert str(answer).endswith("3 utterances; 1 may have been said in that time.")
    assert [row["certain"] for row in answer.rows()].count(False) == 1
    assert (certain.total, certain.uncertain) == (2, 0)


def test_the_columns_of_a_day_that_is_not_told(database: Path) -> None:
    exported = quotetrack("export", "--csv", "-", "--database", database).stdout
    assert ",,2031-03-08,unknown,,,,,," in exported
