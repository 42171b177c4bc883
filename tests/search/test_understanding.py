"""Questions over the sample newsroom mean what a careful reader takes from them; no absurd speaker is ever taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

from quotetrack.core.normalize import normalise
from quotetrack.search.understanding import Given, Understood, understand
from quotetrack.store import Session, close_store, open_store

pytest_plugins = ("tests.filled_store",)
pytestmark = pytest.mark.slow

CASES = Path(__file__).parents[1] / "cases" / "questions.jsonl"
TODAY = date(2026, 6, 15)


@pytest.fixture
def session(ingested: Path) -> Iterator[Session]:
    sessions = open_store(f"sqlite:///{ingested}", read_only=True)
    with sessions() as opened:
        yield opened
    close_store(sessions)


def test_the_questions_of_the_cases_are_understood(ingested: Path) -> None:
    result = quotetrack("ask", "--understand", "--jsonl", CASES, "--database", ingested)
    assert result.exit_code == 0, result.output
    found = {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}
    wrong = []
    for wanted in map(json.loads, CASES.read_text("utf-8").splitlines()):
        got = found[wanted["id"]]
        same = all(
            _plain(got[part]) == _plain(wanted[part])
            for part in ("form", "speakers", "since", "until", "outlet", "quoted")
        )
        if not same or normalise(wanted["about"] or "") not in normalise(got["about"] or ""):
            wrong.append((wanted["question"], got))
    assert wrong == []


def _plain(value: object) -> object:
    return sorted(normalise(name) for name in value) if isinstance(value, list) else normalise(str(value or ""))


# The question, its form, and the speakers whom it means.
NEWSROOM = """
what did the mayor of Kelmouth say | statements | Anders Quill
what did the mayor say about the ferry | statements | Anders Quill
what did the senator say about the barrier | statements | Peter Lindqvist
what did the opposition senator say | statements | Peter Lindqvist
what did Senator Lindqvist say about the barrier | statements | Peter Lindqvist
the senator on the barrier | statements | Peter Lindqvist
what did the fisheries commissioner say about herring | statements | Dagny Moor
what did Varland's fisheries commissioner say | statements | Dagny Moor
what did the chief engineer say about the gates | statements | Olu Brandt
what did the headteacher say | statements | Gwen Aldous
what did the headteacher of Kelmouth Primary say | statements | Gwen Aldous
what did the chief executive of Ember Lines say | statements | Bram Oster
what did the Ember Lines boss say about the ferry | statements | Bram Oster
what did the CEO of Ember Lines say | statements | Bram Oster
what did the glaciologist say about ice | statements | Amara Lindqvist
what did Norrholm's chief negotiator say | statements | Piet Overgaard
what did the governor of the central bank say | statements | Idris Calloway
did the central bank governor mention wages | ever_said | Idris Calloway
what did the minister say about cracks | statements | Ragna Telle
how often did the environment minister mention the election | count | Ragna Telle
what did Varland's environment minister say | statements | Ragna Telle
what did the doctor say | statements | Sunniva Rask
what did the director of the Master Builders' Federation say | statements | Petra Vance
what did the Harbour Board's spokeswoman say | statements | Lene Akers
what did the Harbour Board say | statements | Lene Akers
what did Norrholm's environment minister say | unknown_role |
what did the president say about fish | unknown_role |
what did the foreign minister say about herring | unknown_role |
what did the deputy mayor say | unknown_role |
the prime minister on fish | unknown_role |
did the pope mention herring | unknown_role |
what did Governor Emsley say | statements | a spokesman for Governor Walter Emsley
what did Quill say | statements | Anders Quill; Lucia Quill
what did Ms Quill say about clinics | statements | Lucia Quill
what did Mr Quill say about the ferry | statements | Anders Quill
what did Lindqvist say | statements | Amara Lindqvist; Peter Lindqvist
what did Lindquist say | statements | Amara Lindqvist; Peter Lindqvist
what did Bran Oster say | statements | Bram Oster
what did Idris Caloway say about rates | statements | Idris Calloway
Tele on the barrier | statements | Ragna Telle
what did Gwen say | statements | Gwen Aldous
what did party workers say | statements | Party workers
what did residents say about the barrier | group |
what did scientists say | group |
what did the police say | group |
Republicans on abortion | group |
what did the Norrholm army say | group |
what did Angela Merkel say about fish | unknown_speaker |
did Boris Johnson mention fish | unknown_speaker |
what did Smith say | unknown_speaker |
quotes by Winston Churchill | unknown_speaker |
most quoted people | most_quoted |
is it true that Trump said ice is warm | unknown_speaker |
what was the most common question | not_understood |
and about China? | follow_up |
who is right about the barrier | not_understood |
the voice of the people | statements |
a bang like a piano | statements |
chief | statements |
office | statements |
the door | statements |
"""


@pytest.mark.parametrize(
    ("question", "form", "speakers"),
    [[cell.strip() for cell in line.split("|")] for line in NEWSROOM.strip().splitlines()],
)
def test_a_name_or_an_office_means_whom_the_articles_say(
    session: Session, question: str, form: str, speakers: str
) -> None:
    understood = understand(session, question, today=TODAY)
    assert (understood.form, "; ".join(sorted(understood.speakers))) == (form, speakers)


@pytest.mark.parametrize("blank", [" ", "\t\n"])
def test_a_blank_name_is_nobodys(session: Session, blank: str) -> None:
    understood = understand(session, "Telle on the ferry", today=TODAY, given=Given(speaker=blank))
    assert (understood.form, understood.speaker_ids) == ("unknown_speaker", ())


def asked(session: Session, *questions: str) -> Understood:
    """Return how the last of some questions is understood, each after the one before."""
    previous = None
    for question in questions:
        previous = understand(session, question, today=TODAY, previous=previous)
    assert previous is not None
    return previous


def test_a_follow_up_keeps_what_it_does_not_change(session: Session) -> None:
    first = "what did Telle say about the barrier in March 2026"
    topic = asked(session, first, "and about the election?")
    assert (topic.speakers, topic.about, topic.since) == (("Ragna Telle",), "the election", date(2026, 3, 1))
    speaker = asked(session, first, "and about the election?", "what about Peter Lindqvist?")
    assert (speaker.speakers, speaker.about) == (("Peter Lindqvist",), "the election")
    month = asked(session, first, "and in April?")
    assert (month.about, month.since, month.until) == ("the barrier", date(2026, 4, 1), date(2026, 4, 30))
    she = asked(session, first, "what did she say about kitchens")
    assert (she.speakers, she.about) == (("Ragna Telle",), "kitchens")
    outlet = asked(session, first, "and in the Northern Post?")
    assert (outlet.speakers, outlet.about, outlet.outlet) == (("Ragna Telle",), "the barrier", "Northern Post")


def test_a_corrected_name_is_told(session: Session) -> None:
    assert asked(session, "what did Raggna Telle say").corrected == (("Raggna Telle", "Ragna Telle"),)


def test_only_near_names_are_suggested(session: Session) -> None:
    assert asked(session, "what did Vladimir Putin say").near_names == ()
    assert asked(session, "what did Tobias Quill say").near_names == ("Anders Quill", "Lucia Quill")
    assert asked(session, "what did Pieter Overgard say").near_names == ("Piet Overgaard",)


def test_an_unknown_name_that_articles_print_is_counted(session: Session) -> None:
    assert asked(session, "what did Kittiwake say").mentions > 0


def test_questions_of_a_file_need_a_question_in_each_line(ingested: Path) -> None:
    result = quotetrack("ask", "--understand", "--jsonl", "-", "--database", ingested, given='{"id": "1"}\n')
    assert result.exit_code == 1
    assert result.stderr == 'quotetrack: -:1: no question. Each line should read {"id": "1", "question": "..."}.\n'


@pytest.mark.parametrize("arguments", [("--jsonl", "-"), (), ("--understand", "--jsonl", "-", "Telle")])
def test_a_question_or_a_file_of_them_is_needed(ingested: Path, arguments: tuple[str, ...]) -> None:
    assert quotetrack("ask", *arguments, "--database", ingested).exit_code == 2
