"""Each form of a question is answered in its own way, from the sample newsroom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from quotetrack.models.embedder import Embedder
from quotetrack.render.answers import answer_lines
from quotetrack.search.answer import Answer, answer_question
from quotetrack.search.quote_lookup import have_same_negations
from quotetrack.search.understanding import understand
from quotetrack.store import Session, close_store, open_store

pytest_plugins = ("tests.filled_store",)

TODAY = date(2026, 6, 15)
BARRIER = "The barrier will not hold another winter"
CRACKS = "We knew about the cracks in October"
FISH = "Fish do not carry passports,"
DANGER = "No passenger was in danger at any time,"


@pytest.fixture
def session(ingested: Path) -> Iterator[Session]:
    sessions = open_store(f"sqlite:///{ingested}", read_only=True)
    with sessions() as opened:
        yield opened
    close_store(sessions)


def asked(session: Session, embedder: Embedder | None, question: str, limit: int = 10) -> Answer:
    understood = understand(session, question, today=TODAY)
    return answer_question(session, question, understood=understood, embedder=embedder, limit=limit)


def words(answer: Answer) -> list[str]:
    return [found.utterance.words for found in answer.utterances]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "is_yes", "mentions"),
    [
        ("did Ragna Telle ever mention kitchens", True, 1),
        ("did Ragna Telle mention jam", False, 0),
        ("did Lucia Quill say anything about clinics", True, 1),
        ("Did Dagny Moor mention Norway", False, 0),
        ("did anyone mention herring", True, 1),
        ("is it true that Bram Oster said no passenger was in danger?", True, 1),
        ("is it true that Bram Oster said passengers were in danger?", False, 0),
        ('did Oster say "No passenger was in danger at any time"', True, 1),
        ('did Oster say "Every passenger was in danger at any time"', False, 0),
        ('did Telle say "Fish do not carry passports"', False, 0),
        ("did Calloway say he would cut rates", False, 0),
        ("did Calloway talk about Norrholm", False, 0),
    ],
)
def test_yes_or_no_comes_first_and_yes_only_by_own_words(
    session: Session, embedder: Embedder, question: str, is_yes: bool, mentions: int
) -> None:
    answer = asked(session, embedder, question)
    assert (answer.is_yes, answer.mentions) == (is_yes, mentions)
    assert list(answer_lines(answer))[1].startswith("Yes: 1 utterance" if is_yes else "Nothing on file says so.")
    assert all(found.mentions for found in answer.utterances[:mentions])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("is it true that Telle said the barrier will hold", None),
        ("is it true that Telle said the barrier will not hold", True),
        ("did Ragna Telle ever say that the barrier will not hold another winter", True),
    ],
)
def test_what_differs_by_a_not_is_no_yes(
    session: Session, embedder: Embedder, question: str, answer: bool | None
) -> None:
    found = asked(session, embedder, question)
    assert found.is_yes is answer
    assert ("A “not” differs" in list(answer_lines(found))[1]) is (answer is None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "first"),
    [
        ('who said "Fish do not carry passports"', FISH),
        ("who said fish don't carry passports", FISH),
        ('"Fish do not carry passports"', FISH),
        ("who said nobody signs away his herring in a storm?", "Nobody signs away his herring in a storm,"),
        ('which outlets carried "No passenger was in danger"', DANGER),
        ('Oster "No passenger was in danger"', DANGER),
    ],
)
def test_words_that_were_said_come_first_and_alone(
    session: Session, embedder: Embedder, question: str, first: str
) -> None:
    assert words(asked(session, embedder, question)) == [first]


@pytest.mark.slow
def test_the_most_quoted_people_are_a_table(session: Session) -> None:
    answer = asked(session, None, "most quoted people")
    assert [(row.name, row.quotations) for row in answer.table[:2]] == [("Ragna Telle", 8), ("Lucia Quill", 4)]
    assert answer.utterances == ()
    assert "Treasury" not in [row.name for row in answer.table]
    about = asked(session, None, "who is quoted most about the barrier")
    assert [row.name for row in about.table] == ["Ragna Telle", "Olu Brandt", "Peter Lindqvist", "Lene Akers"]
    before = asked(session, None, "most quoted people until 9 March 2026")
    assert {row.name for row in before.table} >= {"Lucia Quill"} and "Olu Brandt" not in {r.name for r in before.table}


@pytest.mark.slow
def test_outlets_are_told_in_the_order_in_which_they_carried_the_words(session: Session, embedder: Embedder) -> None:
    answer = asked(session, embedder, "which outlets carried Telle's words about kitchens")
    names = [row.name for row in answer.table]
    assert names[0] == "harbourradio.example" and names[-1] == "Varland Tribune" and len(names) == 5
    assert asked(session, embedder, "which outlets carried Telle's words about jam").table == ()


@pytest.mark.slow
def test_a_number_is_told_with_its_days(session: Session, embedder: Embedder) -> None:
    answer = asked(session, embedder, "how often did Telle mention the election")
    assert (answer.mentions, answer.days) == (1, (date(2026, 3, 10), date(2026, 3, 10)))
    assert list(answer_lines(answer))[1] == "1 utterance, 10 Mar 2026."
    assert asked(session, embedder, "how often did Telle mention jam").mentions == 0


@pytest.mark.slow
def test_newest_oldest_and_longest_order_what_mentions_the_topic(session: Session, embedder: Embedder) -> None:
    newest = asked(session, embedder, "latest quotes about the ferry")
    days = [found.utterance.said.last for found in newest.utterances]
    assert days == sorted(days, reverse=True) and all(found.mentions for found in newest.utterances)
    oldest = asked(session, embedder, "oldest quotes by Dagny Moor")
    assert [found.utterance.said.last for found in oldest.utterances] == sorted(
        found.utterance.said.last for found in oldest.utterances
    )
    longest = asked(session, embedder, "longest quotes by Idris Calloway")
    assert [len(text) for text in words(longest)] == sorted((len(text) for text in words(longest)), reverse=True)


@pytest.mark.slow
def test_changes_are_in_the_order_in_which_they_were_said(session: Session, embedder: Embedder) -> None:
    answer = asked(session, embedder, "what changed in Lucia Quill's position on the ferry")
    said = asked(session, None, "what did Lucia Quill say over time")
    assert len(words(answer)) == 2 and all(found.mentions for found in answer.utterances)
    days = [found.utterance.said.last for found in said.utterances]
    assert len(days) == 4 and days == sorted(days)


@pytest.mark.slow
def test_two_speakers_are_compared_side_by_side(session: Session, embedder: Embedder) -> None:
    answer = asked(session, embedder, "compare Lucia Quill and Anders Quill on the ferry", limit=1)
    assert [found.utterance.speaker for found in answer.utterances] == ["Lucia Quill", "Anders Quill"]
    lines = list(answer_lines(answer))
    assert "Lucia Quill:" in lines and "Anders Quill:" in lines


@pytest.mark.slow
def test_what_others_said_is_not_by_the_speaker(session: Session, embedder: Embedder) -> None:
    answer = asked(session, embedder, "who agrees with Peter Lindqvist about the barrier")
    speakers = {found.utterance.speaker for found in answer.utterances}
    assert "Ragna Telle" in speakers and "Peter Lindqvist" not in speakers
    assert "Whether they agree is not judged." in list(answer_lines(answer))[1]


@pytest.mark.slow
def test_who_spoke_about_a_topic_is_a_table_of_those_who_mention_it(session: Session, embedder: Embedder) -> None:
    answer = asked(session, embedder, "who spoke about the ferry")
    assert {"Bram Oster", "Lucia Quill", "Anders Quill"} <= {row.name for row in answer.table}
    assert "Idris Calloway" not in {row.name for row in answer.table}


@pytest.mark.slow
def test_a_group_is_those_whom_the_articles_count_among_it(session: Session, embedder: Embedder) -> None:
    answer = asked(session, embedder, "what did scientists say")
    assert {found.utterance.speaker for found in answer.utterances} == {"Amara Lindqvist"}
    nobody = asked(session, embedder, "what did fishermen say")
    assert nobody.utterances == ()
    assert "Nobody on file is known to be of “fishermen”." in list(answer_lines(nobody))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("what did Kittiwake say", "Kittiwake is not quoted; 1 quotation mentions the name."),
        ("what did Vladimir Putin say", "No speaker is called Vladimir Putin."),
        ("what did the prime minister say about fish", "Nobody on file is known to be the prime minister."),
        ("what did Raggna Telle say", "No speaker is called Raggna Telle. Taken for Ragna Telle."),
        ("what did Lindqvist say", "All are shown; choose one with speaker=."),
        ("why is the barrier cracked", "This is no question about who said what. Its words are searched as a topic."),
        ("and about the election?", "This refers to a question before it. Its own words are searched."),
    ],
)
def test_what_is_not_known_or_not_taken_is_said(session: Session, embedder: Embedder, question: str, told: str) -> None:
    assert told in list(answer_lines(asked(session, embedder, question)))


@pytest.mark.slow
def test_what_mentions_the_topic_stands_above_what_is_near_it(session: Session, embedder: Embedder) -> None:
    answer = asked(session, embedder, "what was said about the election")
    mentions = [found.mentions for found in answer.utterances]
    assert mentions == sorted(mentions, reverse=True) and mentions[0]
    assert answer.mentions + answer.near == answer.total
    assert answer.utterances[0].utterance.words.startswith(CRACKS)


@pytest.mark.parametrize(
    ("remembered", "printed", "alike"),
    [
        ("no passenger was in danger", "No passenger was in danger at any time,", True),
        ("passengers were in danger", "No passenger was in danger at any time,", False),
        ("the barrier will hold another winter", "The barrier will not hold another winter like it", False),
        ("the barrier won't hold another winter", "The barrier will not hold another winter like it", True),
        ("we will sail", "We will sail, and nobody will stop us.", True),
        ("we won't sail", "We will sail, and nobody will stop us.", False),
    ],
)
def test_words_are_not_said_if_a_negation_is_missing(remembered: str, printed: str, alike: bool) -> None:
    assert have_same_negations(remembered, printed) is alike
