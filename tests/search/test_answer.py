"""Questions are understood in terms of the store, and the best utterances come first. All people are invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from tests.store.newsroom import ferry, filed, quoted

from quotetrack.core.domain import UNKNOWN_DAY, DateBasis, SaidOn
from quotetrack.core.rows import COLUMNS
from quotetrack.core.settings import Settings
from quotetrack.models.embedder import Embedder
from quotetrack.pipeline.steps import embed, link, resolve_speakers
from quotetrack.render.answers import speaker_hint_lines
from quotetrack.search import ranking, understanding
from quotetrack.search.answer import Answer, ask
from quotetrack.search.highlight import matches
from quotetrack.search.understanding import Given, OutletUnknown, understand, understood_text
from quotetrack.store import Sessions, close_store, open_store

pytest_plugins = ("tests.filled_store",)

TODAY = date(2031, 6, 15)

# Speaker, words, day, outlet; each quotation has its own article.
SAID = (
    ("Orla Venn", "The ferry will sail again before the summer comes.", date(2031, 3, 10), "harbourpost"),
    ("Orla Venn", "I have no opinion on the football results.", date(2031, 5, 2), "harbourpost"),
    ("Venn", "We shall repair the pier with our own hands.", date(2030, 11, 20), "islandecho"),
    ("Tadeo Brisk", "Promises float, boats do not.", date(2031, 3, 11), "islandecho"),
    ("Amalia Brisk", "My brother has never missed a boat in his life.", date(2031, 3, 12), "islandecho"),
    ("The Harbour Board", "Dredging begins in the autumn.", date(2031, 4, 1), "harbourpost"),
    ("a spokesman for Mayor Iven Roth", "The mayor will not comment on rumours.", date(2031, 4, 2), "harbourpost"),
    ("Sélène Dürr", "The sea takes back what the sea has lent.", date(2031, 4, 3), "islandecho"),
)


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sessions]:
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('query') / 'news.db'}")
    with opened.begin() as session:
        for number, (speaker, words, day, outlet) in enumerate(SAID):
            text = f"“{words}”"
            said = SaidOn(day, day, DateBasis.STATED_HERE)
            article = ferry(text, url=f"https://{outlet}.example/{number}", outlet=outlet, title=None, published_at=day)
            filed(session, article, [quoted(text, words, speaker=speaker, said=said)])
    resolve_speakers.run(opened)
    link.run(opened)
    embed.run(opened, Settings())
    yield opened
    close_store(opened)


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    with sessions() as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "speaker", "about"),
    [
        ("what did Venn say about the ferry", "Orla Venn", "the ferry"),
        ("What did Orla Venn say about the ferry?", "Orla Venn", "the ferry"),
        ("what did the orla venn say on football", "Orla Venn", "football"),
        ("what has Venn said regarding “repairs”?", "Orla Venn", "repairs"),
        ("What Venn said about the ferry", "Orla Venn", "the ferry"),
        ("what did Venn say?", "Orla Venn", None),
        ("quotes by Venn about the pier", "Orla Venn", "the pier"),
        ("quotations of Venn", "Orla Venn", None),
        ("quotes about the pier", None, "the pier"),
        ("Venn on the pier", "Orla Venn", "the pier"),
        ("Venn pier", "Orla Venn", "pier"),
        ("Orla Venn", "Orla Venn", None),
        ("did Venn say anything about the pier?", "Orla Venn", "the pier"),
        ("who said that promises float", None, "promises float"),
        ("who talked about dredging?", None, "dredging"),
        ("what was said about dredging", None, "dredging"),
        ("what did people say about dredging", None, "dredging"),
        ("a fire on the pier", None, "a fire on the pier"),
        ("dredging", None, "dredging"),
        ("what did the Harbour Board say about dredging", "The Harbour Board", "dredging"),
        ("what did Selene Durr say about the sea", "Sélène Dürr", "the sea"),
        ("what did Tadeo say about boats", "Tadeo Brisk", "boats"),
        ("what did Brisk say about boats", "Amalia Brisk and Tadeo Brisk", "boats"),
        ("what did Roth say about rumours", "a spokesman for Mayor Iven Roth", "rumours"),
    ],
)
def test_a_question_has_a_speaker_and_a_topic(
    session: Session, question: str, speaker: str | None, about: str | None
) -> None:
    understood = understand(session, question, today=TODAY)
    assert (understood.speaker, understood.about) == (speaker, about)


@pytest.mark.parametrize(
    ("when", "since", "until"),
    [
        ("since 10 March 2031", date(2031, 3, 10), None),
        ("since March 10, 2031", date(2031, 3, 10), None),
        ("since Sept. 2031", date(2031, 9, 1), None),
        ("since 2031", date(2031, 1, 1), None),
        ("since 2031-03-10", date(2031, 3, 10), None),
        ("after March 2031", date(2031, 4, 1), None),
        ("before March 2031", None, date(2031, 2, 28)),
        ("until February 2032", None, date(2032, 2, 29)),
        ("up to 2nd May 2031", None, date(2031, 5, 2)),
        ("in 2031", date(2031, 1, 1), date(2031, 12, 31)),
        ("in May 2031", date(2031, 5, 1), date(2031, 5, 31)),
        ("on 2 May 2031", date(2031, 5, 2), date(2031, 5, 2)),
        ("between March 2031 and May 2031", date(2031, 3, 1), date(2031, 5, 31)),
        ("from 2030 to 2031-05-02", date(2030, 1, 1), date(2031, 5, 2)),
        ("since March 2031 until May 2031", date(2031, 3, 1), date(2031, 5, 31)),
    ],
)
def test_the_days_of_a_question_are_its_window(
    session: Session, when: str, since: date | None, until: date | None
) -> None:
    for question in (f"what did Venn say about the ferry {when}?", f"{when}, what did Venn say about the ferry?"):
        understood = understand(session, question, today=TODAY)
        assert (understood.since, understood.until) == (since, until)
        assert (understood.speaker, understood.about) == ("Orla Venn", "the ferry")


@pytest.mark.parametrize(
    "question", ["what did Venn say about Article 2031", "what did Venn say about 30 February 2031"]
)
def test_a_number_that_is_no_day_stays_in_the_topic(session: Session, question: str) -> None:
    understood = understand(session, question, today=TODAY)
    assert (understood.since, understood.until) == (None, None)
    assert "2031" in (understood.about or "")


def test_options_override_what_the_question_says(session: Session) -> None:
    given = Given(
        speaker="Tadeo Brisk",
        about="boats",
        since=date(2031, 1, 1),
        until=date(2031, 6, 1),
        outlet="Islandecho",
        published_since=date(2031, 2, 1),
    )
    understood = understand(session, "what did Venn say about the pier since 2030", today=TODAY, given=given)
    assert (understood.speaker, understood.about, understood.outlet) == ("Tadeo Brisk", "boats", "islandecho")
    assert (understood.since, understood.until) == (date(2031, 1, 1), date(2031, 6, 1))
    assert understood_text(understood) == (
        "Speaker: Tadeo Brisk. Topic: boats. Since 1 Jan 2031. Until 1 Jun 2031. Outlet: islandecho."
        " Published since 1 Feb 2031."
    )


def test_an_unknown_outlet_is_refused_with_near_names(session: Session) -> None:
    with pytest.raises(OutletUnknown, match="harbourpost"):
        understand(session, "what did Venn say", today=TODAY, given=Given(outlet="Harbor Post"))


def test_a_surname_stands_for_every_spelling_of_the_name(session: Session) -> None:
    assert words(ask(session, "what did Orla Venn say", today=TODAY)) == [FOOTBALL, FERRY, PIER]


def test_a_name_that_two_bear_means_both_and_they_are_listed(session: Session) -> None:
    understood = understand(session, "what did Brisk say", today=TODAY)
    assert understood.candidates == (("Amalia Brisk", 1), ("Tadeo Brisk", 1))
    assert understood.speakers == ("Amalia Brisk", "Tadeo Brisk")
    assert sorted(words(ask(session, "what did Brisk say", today=TODAY))) == sorted([BOATS, BROTHER])
    assert understand(session, "what did Tadeo Brisk say", today=TODAY).candidates == ()


def test_of_two_with_a_name_one_who_is_quoted_far_more_is_meant(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understanding, "LEAST_DOMINANT", 1)
    monkeypatch.setattr(understanding, "DOMINANT", 1)
    understood = understand(session, "what did Brisk say", today=TODAY)
    assert understood.speakers == ("Amalia Brisk",)
    assert understood.candidates == (("Amalia Brisk", 1), ("Tadeo Brisk", 1))


@pytest.mark.parametrize(
    ("asked", "meant"), [("Orla Fenn", "Orla Venn"), ("Fenn", "Orla Venn"), ("Harbor Board", "The Harbour Board")]
)
def test_one_wrong_letter_of_a_name_is_corrected_and_said(session: Session, asked: str, meant: str) -> None:
    understood = understand(session, f"what did {asked} say about boats", today=TODAY)
    assert understood.speaker == meant
    assert understood.corrected == ((asked, meant),)


def test_an_unknown_speaker_has_no_answer_but_near_names(session: Session) -> None:
    answer = ask(session, "what did Tadeusz Brisk say about boats")
    assert answer.understood.is_unknown
    assert answer.understood.speaker == "Tadeusz Brisk"
    assert answer.understood.near_names == ("Tadeo Brisk", "Amalia Brisk")
    assert answer.utterances == ()


@pytest.mark.parametrize("asked", ["Vladimir Putin", "Venn Diagram Ltd", "the will of the", "again"])
def test_names_that_are_not_near_are_not_suggested(session: Session, asked: str) -> None:
    understood = understand(session, "", today=TODAY, given=Given(speaker=asked))
    assert (understood.speakers, understood.near_names) == ((), ())


def words(answer: Answer) -> list[str]:
    return [found.utterance.words for found in answer.utterances]


FERRY, FOOTBALL, PIER, BOATS, BROTHER, DREDGING, *_ = (words for _, words, _, _ in SAID)


@pytest.mark.parametrize("with_meaning", [True, False])
def test_quotations_with_the_words_of_the_topic_come_first(
    session: Session, embedder: Embedder, with_meaning: bool
) -> None:
    answer = ask(session, "what did Venn say about the ferry", embedder=embedder if with_meaning else None)
    assert words(answer)[0] == FERRY


def test_meaning_finds_quotations_without_the_words_of_the_topic(session: Session, embedder: Embedder) -> None:
    question = "what did Venn say about sports"
    assert words(ask(session, question)) == []
    assert words(ask(session, question, embedder=embedder))[0] == FOOTBALL


def test_quotations_about_something_else_do_not_answer(session: Session, embedder: Embedder) -> None:
    assert words(ask(session, "what did Venn say about quantum computing", embedder=embedder)) == []


def test_only_the_speaker_asked_for_answers(session: Session, embedder: Embedder) -> None:
    answer = ask(session, "what did Tadeo Brisk say about boats", embedder=embedder)
    assert words(answer) == [BOATS]


def test_among_very_many_sightings_meaning_ranks_only_those_of_full_text(
    session: Session, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = words(ask(session, "quotes about ships", embedder=embedder, today=TODAY))
    monkeypatch.setattr(ranking, "MOST_SCANNED", 1)
    assert few and words(ask(session, "quotes about ships", embedder=embedder, today=TODAY)) == []
    assert words(ask(session, "quotes about the ferry", embedder=embedder, today=TODAY))[0] == FERRY


def test_function_words_of_the_topic_find_nothing(session: Session) -> None:
    assert words(ask(session, "what was said about the zeppelin that will be in the sky")) == []


def test_without_a_topic_the_newest_comes_first(session: Session) -> None:
    answer = ask(session, "what did Venn say")
    assert words(answer) == [FOOTBALL, FERRY, PIER]
    assert [found.score for found in answer.utterances] == [0, 0, 0]


def test_the_window_the_outlet_and_the_limit_narrow(session: Session) -> None:
    assert words(ask(session, "what did Venn say in 2030")) == [PIER]
    assert words(ask(session, "what did Venn say", given=Given(outlet="harbourpost"))) == [FOOTBALL, FERRY]
    assert words(ask(session, "what did Venn say until 1 April 2031", limit=1)) == [FERRY]
    published = Given(published_since=date(2031, 1, 1), published_until=date(2031, 4, 1))
    assert words(ask(session, "what did Venn say", given=published)) == [FERRY]


def test_pages_follow_one_another_and_count_all(session: Session) -> None:
    pages = [ask(session, "what did Venn say", limit=2, page=page) for page in (1, 2, 3)]
    assert [words(page) for page in pages] == [[FOOTBALL, FERRY], [PIER], []]
    assert {page.total for page in pages} == {3}
    assert pages[0].months == (("2030-11", 1), ("2031-03", 1), ("2031-05", 1))


def test_newest_first_orders_the_best_utterances(session: Session, embedder: Embedder) -> None:
    answer = ask(session, "what was said about boats and the ferry", embedder=embedder, newest=True)
    days = [found.utterance.said.last for found in answer.utterances]
    assert days == sorted(days, reverse=True) and len(days) > 2


def test_an_office_means_the_speaker_who_is_quoted_around_its_words(tmp_path: Path) -> None:
    opened = open_store(f"sqlite:///{tmp_path / 'news.db'}")
    text = "The harbour master, Orla Venn, spoke on the quay.\n\n“The ferry will sail again,” she said."
    with opened.begin() as session:
        filed(session, ferry(text), [quoted(text, "The ferry will sail again,", speaker="Orla Venn")])
    resolve_speakers.run(opened)
    link.run(opened)
    with opened() as session:
        understood = understand(session, "what has the harbour master said about the ferry", today=TODAY)
        nobody = understand(session, "what has the bishop said about the ferry", today=TODAY)
    close_store(opened)
    assert understood_text(understood) == "Speaker: Orla Venn (as “the harbour master”). Topic: the ferry."
    assert nobody.is_unknown
    assert list(speaker_hint_lines(understood)) == [
        "“the harbour master” is taken for Orla Venn: “harbour master” stands beside the name in harbourpost, "
        "“Venn leaves the harbour”, 9 Mar 2031."
    ]


@pytest.mark.parametrize(
    ("topic", "text", "marked"),
    [
        ("the ferry", "Ferries and a ferry.", ["Ferries", "ferry"]),
        ("repairs", "They repaired it; repairing took days.", ["repaired", "repairing"]),
        ("café", "The Cafe was shut.", ["Cafe"]),
        ("the", "The end of the pier", ["The", "the"]),
        ("submarines", "Nothing of the kind.", []),
    ],
)
def test_words_of_the_topic_are_marked_whatever_their_endings(topic: str, text: str, marked: list[str]) -> None:
    assert [span.of(text) for span in matches(topic, text)] == marked


def test_an_answer_says_in_which_field_the_topic_stands(session: Session, embedder: Embedder) -> None:
    by_words = ask(session, "what did Venn say about the ferry", embedder=embedder)
    by_meaning = ask(session, "what did Venn say about sports", embedder=embedder)
    assert by_words.utterances[0].hits == ("words",)
    assert by_meaning.utterances[0].hits == ("meaning",)


def test_an_answer_has_rows(session: Session) -> None:
    answer = ask(session, "what did Venn say about the ferry")
    (row,) = answer.rows()
    assert list(row) == ["rank", "score", "certain", *COLUMNS]
    assert (row["rank"], row["speaker"], row["words"], row["published"]) == (1, "Orla Venn", FERRY, date(2031, 3, 10))


def day(first: int | None, last: int | None, basis: DateBasis) -> SaidOn:
    return SaidOn(date(2031, 3, first) if first else None, date(2031, 3, last) if last else None, basis)


# Words, when each outlet says they were said, and whether they were said from 3 to 9 March: None, if not.
IN_MARCH = (
    ("Dredging begins at the northern quay.", [day(4, 4, DateBasis.STATED_HERE)], True),
    ("No cook has been hired for the winter.", [day(6, 9, DateBasis.IMPLIED)], True),
    ("Eleven lifeboats are without an engine.", [day(7, 10, DateBasis.IMPLIED)], False),
    ("My brother sold both of his boats.", [day(None, 9, DateBasis.UNKNOWN)], False),
    ("Nobody paints a lighthouse in the rain.", [UNKNOWN_DAY], False),
    ("Salt has eaten through the railing.", [day(4, None, DateBasis.DECIDED)], True),  # published on 9 March
    ("Captains used to bring their own coal.", [day(1, 2, DateBasis.PAST)], None),
    ("Tickets will cost four crowns.", [day(7, 10, DateBasis.IMPLIED), day(8, 8, DateBasis.STATED_HERE)], True),
    ("Every timetable is a promise.", [day(6, 9, DateBasis.IMPLIED), day(2, 2, DateBasis.STATED_NEARBY)], None),
)


@pytest.fixture(scope="module")
def march(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sessions]:
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('march') / 'news.db'}")
    with opened.begin() as session:
        for words, days, _ in IN_MARCH:
            text = f"“{words}” said Orla Venn of the ferry."
            for number, said in enumerate(days):
                article = ferry(text, url=f"https://{number}.example/{words}", outlet=f"outlet{number}")
                filed(session, article, [quoted(text, words, speaker="Orla Venn", said=said)])
    resolve_speakers.run(opened)
    link.run(opened)
    yield opened
    close_store(opened)


@pytest.mark.parametrize("question", ["what did Venn say", "what did Venn say about the ferry"])
@pytest.mark.parametrize("newest", [True, False])
def test_what_was_said_in_the_days_is_told_from_what_may_have_been(
    march: Sessions, question: str, newest: bool
) -> None:
    given = Given(since=date(2031, 3, 3), until=date(2031, 3, 9))
    with march() as session:
        answer = ask(session, question, given=given, limit=None, newest=newest)
        certain = ask(session, question, given=given, limit=None, newest=newest, certain=True)
        first = ask(session, question, given=given, limit=2, newest=newest)
    found = {ranked.utterance.words: ranked.certain for ranked in answer.utterances}
    assert found == {words: is_certain for words, _, is_certain in IN_MARCH if is_certain is not None}
    assert (answer.total, answer.uncertain) == (7, 3)
    assert {r.utterance.words for r in certain.utterances} == {words for words in found if found[words]}
    assert (certain.total, certain.uncertain, sum(number for _, number in certain.months)) == (4, 0, 4)
    assert (len(first.utterances), first.total, first.uncertain) == (2, 7, 3)


@pytest.mark.parametrize(
    ("since", "until", "certain", "uncertain"),
    [
        (date(2031, 3, 3), None, 5, 2),  # whose days are unknown may have been said long before
        (None, date(2031, 3, 9), 8, 1),  # nobody is quoted later than on the day of publication
        (None, date(2031, 3, 8), 4, 3),
        (None, None, 0, 0),
        (date(2031, 3, 9), date(2031, 3, 3), 0, 0),
    ],
)
def test_an_open_end_of_the_days_is_certain_too(
    march: Sessions, since: date | None, until: date | None, certain: int, uncertain: int
) -> None:
    with march() as session:
        answer = ask(session, "what did Venn say", given=Given(since=since, until=until), limit=None)
    assert sum(ranked.certain is True for ranked in answer.utterances) == certain
    assert sum(ranked.certain is False for ranked in answer.utterances) == answer.uncertain == uncertain


def test_scores_descend_and_no_utterance_comes_twice(session: Session, embedder: Embedder) -> None:
    answer = ask(session, "boats and the sea", embedder=embedder)
    scores = [found.score for found in answer.utterances]
    assert scores == sorted(scores, reverse=True)
    assert len({found.utterance.id for found in answer.utterances}) == len(scores) > 1


def test_many_copies_of_one_utterance_take_one_place(tmp_path: Path) -> None:
    opened = open_store(f"sqlite:///{tmp_path / 'news.db'}")
    with opened.begin() as session:
        for number in range(30):
            text = f"“{FERRY}”"
            article = ferry(text, url=f"https://copy{number}.example/", outlet=f"copy{number}", title=None)
            filed(session, article, [quoted(text, FERRY, speaker="Orla Venn")])
        rare = "“We talked of the ferry and of many other things besides, and of kings.”"
        filed(session, ferry(rare, url="https://rare.example/"), [quoted(rare, rare[1:-1], speaker="Orla Venn")])
    resolve_speakers.run(opened)
    link.run(opened)
    with opened() as session:
        answer = ask(session, "what did Venn say about the ferry", limit=2)
    close_store(opened)
    assert [len(found.utterance.sightings) for found in answer.utterances] == [30, 1]
    assert answer.total == 2
