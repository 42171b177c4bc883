"""Questions are read: twenty of each form, about invented people, places and outlets."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.asked_by_form import BY_FORM, questions

from quotetrack.lang.en import question_forms
from quotetrack.search.forms import Form
from quotetrack.search.question import ParsedQuestion, Window, days_of, read_question

TODAY = date(2031, 6, 15)  # a Sunday
OUTLETS = {
    "harbour post": "harbourpost",
    "harbourpost": "harbourpost",
    "island echo": "islandecho",
    "kurin independent": "kurin",
}
PEOPLE = {"venn", "orla venn", "brisk", "tadeo brisk", "the harbour board", "dürr", "sélène dürr", "roth", "mayor roth"}

SINCE_NOVEMBER = Window(date(2030, 11, 1), None)
IN_2030 = Window(date(2030, 1, 1), date(2030, 12, 31))
IN_MAY = Window(date(2031, 5, 1), date(2031, 5, 31))


def asked(question: str) -> ParsedQuestion:
    return read_question(question, TODAY, lambda name: name.casefold() in PEOPLE, OUTLETS)


Parts = tuple[str | None, str | None, Window, str | None]


def reads(speaker: str | None, about: str | None, window: Window = Window(), outlet: str | None = None) -> Parts:
    """Return the speaker, topic or quoted words, window and outlet of a question, whatever its form."""
    return speaker, about, window, outlet


def parts_of(read: ParsedQuestion) -> Parts:
    return "; ".join(read.speakers) or None, read.about or read.quoted, read.window, read.outlet


# Each speaker, topic and outlet below is printed as in the question.
WHAT_DID_X_SAY = [
    ("what did Venn say about the ferry", reads("Venn", "the ferry")),
    ("What did Orla Venn say about the ferry?", reads("Orla Venn", "the ferry")),
    ("what did Venn say on tolls", reads("Venn", "tolls")),
    ("what did Venn say regarding the north pier", reads("Venn", "the north pier")),
    ("what did Venn say?", reads("Venn", None)),
    ("what did mayor Roth say concerning “Operation Tide”?", reads("mayor Roth", "Operation Tide")),
    ("what did the harbour board say about dredging", reads("the harbour board", "dredging")),
    ("what did Venn tell the islanders about tolls", reads("Venn", "tolls")),
    ("what does Venn think of the new mayor", reads("Venn", "the new mayor")),
    ("what did Venn actually say about the ferry", reads("Venn", "the ferry")),
    ("what did Wilma Tell say about the storm", reads("Wilma Tell", "the storm")),
    ("what did Venn say about the ferry in 2030", reads("Venn", "the ferry", IN_2030)),
    ("what did Venn say in May about the ferry", reads("Venn", "the ferry", IN_MAY)),
    ("what did Venn say about the ferry in the Harbour Post", reads("Venn", "the ferry", outlet="harbourpost")),
    ("what did Venn say in the Harbour Post about tolls", reads("Venn", "tolls", outlet="harbourpost")),
    ("what did Venn say when asked about the storm", reads("Venn", "the storm")),
    ("what did Venn say about the quay in Kurin", reads("Venn", "the quay in Kurin")),
    ("What Venn said about the ferry", reads("Venn", "the ferry")),
    ("what did people say about dredging", reads(None, "dredging")),
    ("what was said about dredging since November", reads(None, "dredging", SINCE_NOVEMBER)),
]
WHAT_HAS_X_SAID = [
    ("what has the harbour master said on Kurin since November", reads("the harbour master", "Kurin", SINCE_NOVEMBER)),
    ("what has Venn said about tolls since 2030", reads("Venn", "tolls", Window(date(2030, 1, 1), None))),
    ("what has Venn said about tolls since March", reads("Venn", "tolls", Window(date(2031, 3, 1), None))),
    ("what has Venn said since Monday about tolls", reads("Venn", "tolls", Window(date(2031, 6, 9), None))),
    ("what has Venn said about tolls this year", reads("Venn", "tolls", Window(date(2031, 1, 1), date(2031, 12, 31)))),
    ("what has Venn said about tolls this week", reads("Venn", "tolls", Window(date(2031, 6, 9), date(2031, 6, 15)))),
    ("what has Venn said about tolls in the last 3 months", reads("Venn", "tolls", Window(date(2031, 3, 17), None))),
    ("what has Venn said over the past two weeks", reads("Venn", None, Window(date(2031, 6, 1), None))),
    ("what has Venn said about tolls since last year", reads("Venn", "tolls", Window(date(2030, 1, 1), None))),
    ("what has Venn said about tolls after 2 May 2031", reads("Venn", "tolls", Window(date(2031, 5, 3), None))),
    ("what has Venn said about tolls since 2 May", reads("Venn", "tolls", Window(date(2031, 5, 2), None))),
    ("what has Venn said about tolls since Sept. 3", reads("Venn", "tolls", Window(date(2030, 9, 3), None))),
    ("what has Venn said about tolls until December 2030", reads("Venn", "tolls", Window(None, date(2030, 12, 31)))),
    ("what has Venn said about tolls before May", reads("Venn", "tolls", Window(None, date(2031, 4, 30)))),
    ("since November, what has Venn said about tolls?", reads("Venn", "tolls", SINCE_NOVEMBER)),
    ("what has Venn recently said about tolls", reads("Venn", "tolls")),
    ("what has Venn ever said about tolls", reads("Venn", "tolls")),
    ("what have the dockers said about tolls", reads("the dockers", "tolls")),
    ("what had Venn said about tolls", reads("Venn", "tolls")),
    ("what has been said about tolls", reads(None, "tolls")),
]
X_ON_Y = [
    ("Venn on tolls", reads("Venn", "tolls")),
    ("Orla Venn on the ferry", reads("Orla Venn", "the ferry")),
    ("venn on TOLLS", reads("venn", "TOLLS")),
    ("Venn about tolls", reads("Venn", "tolls")),
    ("Venn: tolls", reads("Venn", "tolls")),
    ("Venn tolls", reads("Venn", "tolls")),
    ("Orla Venn north pier", reads("Orla Venn", "north pier")),
    ("Orla Venn", reads("Orla Venn", None)),
    ("Venn on tolls since November", reads("Venn", "tolls", SINCE_NOVEMBER)),
    ("Venn on tolls in 2030", reads("Venn", "tolls", IN_2030)),
    ("Venn on tolls in the Island Echo", reads("Venn", "tolls", outlet="islandecho")),
    ("Venn on tolls, yesterday", reads("Venn", "tolls", Window(date(2031, 6, 14), date(2031, 6, 14)))),
    ("mayor Roth on rumours?", reads("mayor Roth", "rumours")),
    ("the harbour board on dredging", reads("the harbour board", "dredging")),
    ("Sélène Dürr on the sea", reads("Sélène Dürr", "the sea")),
    ("Venn re tolls", reads("Venn", "tolls")),
    ("a fire on the pier", reads(None, "a fire on the pier")),
    ("the debate on tolls", reads(None, "the debate on tolls")),
    ("dredging", reads(None, "dredging")),
    ("Venn's view on tolls", reads("Venn", "tolls")),
]
WHO_SAID = [
    ("who said 'we have to row together'", reads(None, "we have to row together")),
    ("who said “boats do not”?", reads(None, "boats do not")),
    ('who said "promises float"', reads(None, "promises float")),
    ("who said: “promises float”", reads(None, "promises float")),
    ("who said that promises float", reads(None, "promises float")),
    ("who said promises float", reads(None, "promises float")),
    ("Who first said “promises float”?", reads(None, "promises float")),
    ("who was it that said “promises float”", reads(None, "promises float")),
    ("who has said “promises float”", reads(None, "promises float")),
    ("who said “we met in 2030”", reads(None, "we met in 2030")),
    ("who said “I read it in the Harbour Post”", reads(None, "I read it in the Harbour Post")),
    ("who said “promises float” in 2030", reads(None, "promises float", IN_2030)),
    ("who said “promises float” in the Harbour Post", reads(None, "promises float", outlet="harbourpost")),
    ("who talked about dredging?", reads(None, "dredging")),
    ("who spoke about dredging since November", reads(None, "dredging", SINCE_NOVEMBER)),
    ("who said anything about dredging", reads(None, "dredging")),
    ("who has commented on dredging", reads(None, "dredging")),
    ("who mentioned dredging", reads(None, "dredging")),
    ("who claimed that the pier is safe", reads(None, "the pier is safe")),
    ("which ministers spoke about tolls", reads(None, "tolls")),
]
QUOTES_BY = [
    ("quotes by Venn in 2030 about Brisk in the Kurin Independent", reads("Venn", "Brisk", IN_2030, "kurin")),
    ("quotes by Venn about the pier", reads("Venn", "the pier")),
    ("quotes by Venn", reads("Venn", None)),
    ("quotations of Venn", reads("Venn", None)),
    ("quotes from Orla Venn on tolls", reads("Orla Venn", "tolls")),
    ("all quotes by Venn about tolls", reads("Venn", "tolls")),
    ("show me quotes by Venn about tolls", reads("Venn", "tolls")),
    ("find all the quotes by Venn about tolls", reads("Venn", "tolls")),
    ("statements by the harbour board on dredging", reads("the harbour board", "dredging")),
    ("remarks by Venn about tolls since November", reads("Venn", "tolls", SINCE_NOVEMBER)),
    ("comments by Venn on tolls in the Harbour Post", reads("Venn", "tolls", outlet="harbourpost")),
    ("quotes about the pier", reads(None, "the pier")),
    ("quotes on the pier", reads(None, "the pier")),
    ("quotes about Brisk by Venn", reads("Venn", "Brisk")),
    ("quotes about tolls in 2030", reads(None, "tolls", IN_2030)),
    ("Venn's remarks on tolls", reads("Venn", "tolls")),
    ("Venn’s position on tolls", reads("Venn", "tolls")),
    ("what is Venn's opinion on tolls?", reads("Venn", "tolls")),
    (
        "quotes by Venn between March 2030 and May 2031",
        reads("Venn", None, Window(date(2030, 3, 1), date(2031, 5, 31))),
    ),
    ("quotes by Venn from 2029 to 2030-05-02", reads("Venn", None, Window(date(2029, 1, 1), date(2030, 5, 2)))),
]
DID_X_EVER_MENTION = [
    ("did Venn ever mention eel fishers", reads("Venn", "eel fishers")),
    ("did Venn mention eel fishers?", reads("Venn", "eel fishers")),
    ("has Venn ever mentioned eel fishers", reads("Venn", "eel fishers")),
    ("has Venn mentioned eel fishers since November", reads("Venn", "eel fishers", SINCE_NOVEMBER)),
    ("did Venn say anything about the pier?", reads("Venn", "the pier")),
    ("did Venn ever say anything on the pier", reads("Venn", "the pier")),
    ("did Venn say something about the pier", reads("Venn", "the pier")),
    ("has Venn said anything about the pier in the Island Echo", reads("Venn", "the pier", outlet="islandecho")),
    ("did Venn say that the pier is safe", reads("Venn", "the pier is safe")),
    ("did Venn talk about the pier in May", reads("Venn", "the pier", IN_MAY)),
    ("did Venn speak about the pier", reads("Venn", "the pier")),
    ("has Venn spoken about the pier", reads("Venn", "the pier")),
    ("did Venn comment on the pier", reads("Venn", "the pier")),
    (
        "has Venn commented on the pier this year",
        reads("Venn", "the pier", Window(date(2031, 1, 1), date(2031, 12, 31))),
    ),
    ("did Venn promise a new pier", reads("Venn", "a new pier")),
    ("did Venn respond to the strike", reads("Venn", "the strike")),
    ("did the harbour board ever discuss dredging", reads("the harbour board", "dredging")),
    ("did anyone mention eel fishers", reads(None, "eel fishers")),
    ("did Venn deny the rumours", reads("Venn", "the rumours")),
    ("when did Venn say that the pier is safe", reads("Venn", "the pier is safe")),
]
FORMS = (WHAT_DID_X_SAY, WHAT_HAS_X_SAID, X_ON_Y, WHO_SAID, QUOTES_BY, DID_X_EVER_MENTION)


@pytest.mark.parametrize(("question", "expected"), [case for form in FORMS for case in form])
def test_a_question_is_read_as_speaker_topic_window_and_outlet(question: str, expected: Parts) -> None:
    assert parts_of(asked(question)) == expected


def test_there_are_twenty_of_each_form() -> None:
    assert [len(form) for form in FORMS] == [20] * 6


@pytest.mark.parametrize(
    ("printed", "first", "last"),
    [
        ("10 March 2031", date(2031, 3, 10), date(2031, 3, 10)),
        ("March 10, 2031", date(2031, 3, 10), date(2031, 3, 10)),
        ("the 10th of March 2031", date(2031, 3, 10), date(2031, 3, 10)),
        ("2031-03-10", date(2031, 3, 10), date(2031, 3, 10)),
        ("2031-03", date(2031, 3, 1), date(2031, 3, 31)),
        ("February 2032", date(2032, 2, 1), date(2032, 2, 29)),
        ("November", date(2030, 11, 1), date(2030, 11, 30)),
        ("June", date(2031, 6, 1), date(2031, 6, 30)),
        ("16 June", date(2030, 6, 16), date(2030, 6, 16)),
        ("2030", date(2030, 1, 1), date(2030, 12, 31)),
        ("2020s", date(2020, 1, 1), date(2029, 12, 31)),
        ("yesterday", date(2031, 6, 14), date(2031, 6, 14)),
        ("Sunday", date(2031, 6, 15), date(2031, 6, 15)),
        ("last Friday", date(2031, 6, 13), date(2031, 6, 13)),
        ("last week", date(2031, 6, 2), date(2031, 6, 8)),
        ("last month", date(2031, 5, 1), date(2031, 5, 31)),
        ("this month", date(2031, 6, 1), date(2031, 6, 30)),
        ("two weeks ago", date(2031, 6, 1), date(2031, 6, 1)),
    ],
)
def test_printed_days_are_resolved_against_today(printed: str, first: date, last: date) -> None:
    assert days_of(printed, TODAY) == (first, last)


@pytest.mark.parametrize("printed", ["30 February 2031", "31 June", "2031-13-01", "soon"])
def test_a_day_that_does_not_exist_is_none(printed: str) -> None:
    assert days_of(printed, TODAY) is None


@given(st.text(max_size=120))
def test_any_text_is_a_question(text: str) -> None:
    assert isinstance(asked(text), ParsedQuestion)


BORN_IN_SPRING = {"june hart", "april o'neil", "april o’neil", "ansel may", "theo march", "may wilson"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("quotes by June Hart", reads("June Hart", None)),
        ("quotes by June Hart about the light", reads("June Hart", "the light")),
        ("statements from April O’Neil on flour", reads("April O’Neil", "flour")),
        ("show me quotes from April O'Neil", reads("April O'Neil", None)),
        ("quotes by june hart about the light", reads("june hart", "the light")),
        ("quotes by June Nobody about the light", reads("June Nobody", "the light")),
        ("what did June Hart say in May about the light", reads("June Hart", "the light", IN_MAY)),
        ("quotes by June Hart since May", reads("June Hart", None, Window(date(2031, 5, 1), None))),
        ("what did Ansel May say about the ferry", reads("Ansel May", "the ferry")),
        ("quotes by Theo March about the flood", reads("Theo March", "the flood")),
        ("quotes by Venn from May", reads("Venn", None, Window(date(2031, 5, 1), None))),
        ("quotes by Venn by May 2031", reads("Venn", None, Window(None, date(2031, 5, 31)))),
        ("what did Venn say from April to May", reads("Venn", None, Window(date(2031, 4, 1), date(2031, 5, 31)))),
    ],
)
def test_a_month_in_a_name_is_no_day(question, expected):
    def is_speaker(name: str) -> bool:
        return name.casefold() in PEOPLE | BORN_IN_SPRING

    assert parts_of(read_question(question, TODAY, is_speaker, OUTLETS)) == expected


def test_a_month_is_a_month_although_an_outlet_has_its_name():
    read = read_question("what did Venn say in May", TODAY, lambda name: name == "Venn", OUTLETS | {"may": "may"})
    assert parts_of(read) == reads("Venn", None, IN_MAY)


@pytest.mark.parametrize(("question", "form", "speakers", "about", "quoted"), questions())
def test_a_question_is_of_its_form(
    question: str, form: str, speakers: tuple[str, ...], about: str | None, quoted: str | None
) -> None:
    read = asked(question)
    assert (read.form, read.speakers, read.quoted) == (form, speakers, quoted)
    if about is not None or form not in ("not_understood", "statements"):
        assert read.about == about


def test_every_form_of_words_has_examples() -> None:
    of_the_store = {Form.GROUP, Form.UNKNOWN_SPEAKER, Form.UNKNOWN_ROLE}  # told by the names of the store alone
    assert {Form(form) for form in BY_FORM} == set(Form) - of_the_store
    assert min(len(lines.strip().splitlines()) for lines in BY_FORM.values()) >= 10


@pytest.mark.parametrize(
    ("question", "year", "window"),
    [
        ("and in April?", None, Window()),
        ("and in April?", 2029, Window(date(2029, 4, 1), date(2029, 4, 30))),
        ("and in April 2030?", None, Window(date(2030, 4, 1), date(2030, 4, 30))),
        ("and since yesterday?", None, Window(date(2031, 6, 14), None)),
    ],
)
def test_a_month_of_a_follow_up_is_of_the_year_before(question: str, year: int | None, window: Window) -> None:
    read = read_question(question, TODAY, lambda _: False, OUTLETS, year)
    assert (read.form, read.window) == (Form.FOLLOW_UP, window)


def test_a_very_long_question_is_a_topic() -> None:
    read = asked("who said " * 100)
    assert (read.form, read.speakers) == (Form.STATEMENTS, ())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_question_of_a_form_has_its_cue(data):
    kind = data.draw(st.sampled_from(question_forms.FORMS))
    pattern = data.draw(st.sampled_from(list(kind.patterns())))
    question = " ".join(data.draw(st.from_regex(pattern, fullmatch=True)).split())
    assert not pattern.fullmatch(question) or kind.cue.search(question)
