"""The day of a quotation: stated here or nearby, implied by fresh news, past, or unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotetrack.core.domain import UNKNOWN_DAY, Article, DateBasis, SaidOn, Span
from quotetrack.extract.dating.confidence import Chances
from quotetrack.extract.dating.features import NO_ANSWER, DateFeatures
from quotetrack.extract.dating.ranker import (
    NO_SCORE,
    Answer,
    Candidates,
    DateCandidate,
    WeighedAnswers,
    claim_day,
    day_at_home,
    read_answers,
    shares,
    shortlist,
)
from quotetrack.extract.extractor import attribute_text, extract, make_dating, name_speakers

SUNDAY = date(2031, 3, 16)
NOT_TOLD = SaidOn(None, SUNDAY, DateBasis.UNKNOWN)
HERE, NEARBY, PAST = DateBasis.STATED_HERE, DateBasis.STATED_NEARBY, DateBasis.PAST


def article(text: str, published: datetime | date | None = SUNDAY) -> Article:
    return Article(url="https://tarn.example/mill", outlet="Tarn Post", text=text, published_at=published)


@pytest.mark.parametrize(
    ("text", "day", "basis", "evidence"),
    [
        ("“It will open in May,” Ingrid Vale said on Friday.", date(2031, 3, 14), HERE, "Friday"),
        ("On Friday, Ingrid Vale said: “It will open in May.”", date(2031, 3, 14), HERE, "Friday"),
        ("“It will open in May,” Ingrid Vale said on Tuesday night.", date(2031, 3, 11), HERE, "Tuesday night"),
        ("“It will open in May,” Ingrid Vale said yesterday.", date(2031, 3, 15), HERE, "yesterday"),
        ("“It will open in May,” Ingrid Vale said on Sunday.", SUNDAY, HERE, "Sunday"),
        ("“It will open in May,” Ingrid Vale told the council on March 12.", date(2031, 3, 12), HERE, "March 12"),
        ("“It will never open,” Ingrid Vale said on Nov. 7, 2029.", date(2029, 11, 7), PAST, "Nov. 7, 2029"),
    ],
)
def test_a_day_in_the_sentence_is_the_day_of_the_words(nlp, text, day, basis, evidence):
    (quotation,) = extract(article(text), nlp)
    assert (quotation.said.first, quotation.said.last, quotation.said.basis) == (day, day, basis)
    assert quotation.said_evidence.of(text) == evidence


@pytest.mark.parametrize(
    "text",
    [
        "“It will open in May,” Ingrid Vale said on Friday. “We are ready,” she added.",
        "“It will open in May,” Ingrid Vale said on Friday.\n\n“We are ready for the winter,” she said.",
        "Ingrid Vale spoke to the farmers on Friday.\n\n“It will open in May,” she said.\n\n“We are ready,” she added.",
    ],
)
def test_a_speaker_who_continues_keeps_the_day(nlp, text):
    last = extract(article(text), nlp)[-1]
    assert (last.said.first, last.said.basis) == (date(2031, 3, 14), NEARBY)
    assert last.said_evidence.of(text) == "Friday"


def test_fresh_news_without_a_day_was_said_in_the_days_up_to_publication(nlp):
    (quotation,) = extract(article("“The mill will open in May,” Ingrid Vale said."), nlp)
    assert (quotation.said.first, quotation.said.last) == (date(2031, 3, 13), SUNDAY)
    assert quotation.said.basis is DateBasis.IMPLIED and quotation.said_evidence is None


@pytest.mark.parametrize(
    ("modified", "last"),
    [
        (None, SUNDAY),
        (date(2031, 3, 17), SUNDAY),  # corrected on the next day
        (date(2031, 3, 18), date(2031, 3, 18)),
        (datetime(2032, 1, 4, 9, 0, tzinfo=UTC), date(2032, 1, 4)),
    ],
)
def test_fresh_words_of_a_living_page_may_be_as_late_as_its_last_change(nlp, modified, last):
    (fresh,) = extract(replace(article("“The mill will open in May,” Ingrid Vale said."), modified_at=modified), nlp)
    assert (fresh.said.first, fresh.said.last, fresh.said.basis) == (date(2031, 3, 13), last, DateBasis.IMPLIED)
    stated = replace(article("“It will open in May,” Ingrid Vale said on Friday."), modified_at=modified)
    assert extract(stated, nlp)[0].said == SaidOn(date(2031, 3, 14), date(2031, 3, 14), HERE)


def test_a_past_occasion_has_the_days_of_its_month(nlp):
    (quotation,) = extract(article("“The mill will never open,” Ingrid Vale said in April 2029."), nlp)
    assert (quotation.said.first, quotation.said.last) == (date(2029, 4, 1), date(2029, 4, 30))
    assert quotation.said.basis is PAST


@pytest.mark.parametrize(
    "text",
    [
        "Ingrid Vale recently said that the mill was “a ruin and a disgrace to the town”.",
        "Ingrid Vale said recently that the mill was “a ruin and a disgrace to the town”.",
        "Ingrid Vale once called the mill “a ruin and a disgrace to the town”.",
        "Ingrid Vale has often called the mill “a ruin and a disgrace to the town”.",
    ],
)
def test_recently_and_once_leave_the_day_unknown(nlp, text):
    assert [quotation.said for quotation in extract(article(text), nlp)] == [NOT_TOLD]


@pytest.mark.parametrize("words", ["said then", "told them at the time"])
def test_words_of_another_time_are_not_fresh(nlp, words):
    text = f"The mill is shut. “It is the best mill of the valley,” Ingrid Vale {words}."
    assert [quotation.said for quotation in extract(article(text), nlp)] == [NOT_TOLD]


def test_words_said_at_the_time_have_no_day_of_the_news(nlp):
    text = (
        "Ingrid Vale left the mill on Tuesday. She took the job when it was shut. "
        "“I am not going anywhere this year,” Vale said at the time."
    )
    assert [quotation.said for quotation in extract(article(text), nlp)] == [NOT_TOLD]


@pytest.mark.parametrize(
    "evidence",
    [
        "“I heard a noise behind the mill,” Ingrid Vale told police.",
        "In a recording played to the jury Ingrid Vale says: “I heard a noise behind the mill.”",
        "The court heard that Ingrid Vale had sent a friend a text: “I heard a noise behind the mill.”",
        "“I heard a noise behind the mill,” Ingrid Vale wrote, according to records shown on a screen in court.",
        "A jury heard on Tuesday that Ingrid Vale told police: “I heard a noise behind the mill.”",
        "According to the witness, Ingrid Vale then said: “I heard a noise behind the mill.”",
        "Tomas Berg told the court that when he met Ingrid Vale she said: “I heard a noise behind the mill.”",
        "According to Berg, Ingrid Vale told him: “I heard a noise behind the mill.”",
        "Then Tomas Berg put a message to Ingrid Vale: “I heard a noise behind the mill.”",
        "A recording of a call was played. Ingrid Vale answered: “I heard a noise behind the mill.”",
    ],
)
def test_words_in_evidence_have_no_day_of_the_hearing(nlp, evidence):
    text = f"The trial of the miller began on Tuesday. The court sat until five.\n\n{evidence}"
    assert [quotation.said for quotation in extract(article(text), nlp)] == [NOT_TOLD]


def test_a_letter_to_the_news_is_no_evidence(nlp):
    text = "The mill is shut. “It is the best mill of the valley,” Ingrid Vale wrote in a letter to its workers."
    assert [quotation.said.basis for quotation in extract(article(text), nlp)] == [DateBasis.IMPLIED]


def test_a_day_told_by_an_event_is_none_of_the_news(nlp):
    text = (
        "Ingrid Vale told the Post the morning after the fire that she heard a truck. “It was loud and old,” Vale said."
        "\n\nOn Tuesday police said that a man had been held. “He came out at once,” said Tomas Berg, their chief."
    )
    vale, berg = extract(article(text), nlp)
    assert vale.said == NOT_TOLD
    assert berg.said.first == date(2031, 3, 11)


def test_the_day_of_an_interview_is_that_of_who_gave_it(nlp):
    text = (
        "The board met about the mill.\n\n“Half of us need the Friday,” said Ingrid Vale, a miller.\n\n"
        "Tomas Berg said in an interview on Tuesday that he would open it. “I will make it work,” he said."
    )
    vale, berg = extract(article(text), nlp)
    assert vale.said.first != date(2031, 3, 11)
    assert berg.said.first == date(2031, 3, 11)


def test_words_said_then_have_the_last_day_of_their_paragraph(nlp):
    text = (
        "“It is the best mill of the valley,” Ingrid Vale said on Tuesday night.\n\n"
        "It was kinder than what she had used on Saturday at the fair, when reporters asked about the mill. "
        "“It is an old and tired mill,” Vale said then."
    )
    best, old = extract(article(text), nlp)
    assert best.said.first == date(2031, 3, 11)
    assert old.said.first == date(2031, 3, 15)


@pytest.mark.parametrize("then", ["then to a roar", "at that meeting"])
def test_another_occasion_has_the_day_of_the_sentence_before(nlp, then):
    text = (
        "“It is the best mill of the valley,” Ingrid Vale said on Tuesday night.\n\n"
        f"She met her rivals in the hall on Saturday.\n\n“It is an old and tired mill,” Vale said {then}."
    )
    _, old = extract(article(text), nlp)
    assert old.said.first == date(2031, 3, 15)


def test_the_day_on_which_somebody_tells_it_is_not_that_of_anothers_words(nlp):
    text = "A baker testified on Tuesday that he shut it because Ingrid Vale told him to “get that thing off the map”."
    (order,) = extract(article(text), nlp)
    assert order.attribution.name == "Ingrid Vale"
    assert order.said.first is None or order.said.first != order.said.last


@pytest.mark.parametrize(
    ("below", "weighed"),
    [
        ("The inquest heard on Tuesday that the alarm of the mill was broken.", []),
        ("The baker heard on Tuesday that the alarm of the mill was broken.", ["Tuesday"]),
        ("Tomas Berg wrote on Tuesday that the alarm of the mill was broken.", []),
        ("Tomas Berg said on Tuesday that the alarm of the mill was broken.", ["Tuesday"]),
    ],
)
def test_the_day_of_a_hearing_or_a_post_below_is_that_of_who_speaks_there(nlp, below, weighed):
    text = f"“We jumped into the weir,” said Ingrid Vale.\n\n{below}"
    attributed = attribute_text(text, nlp)
    dating = make_dating(article(text), attributed, nlp)
    (candidates,) = dating.candidates(name_speakers(article(text), attributed))
    assert [date.evidence.of(text) for date in candidates.dates] == weighed


def test_the_day_of_a_paper_is_that_of_who_speaks_in_it(nlp):
    text = (
        "In guidance published on Tuesday, the Mill Board said the weir was “a ruin and a disgrace to the town”.\n\n"
        "“It is the best mill of the valley,” Ingrid Vale said. “I will not sell it to the board.”"
    )
    ruin, *best = extract(article(text), nlp)
    assert ruin.said.first == ruin.said.last == date(2031, 3, 11)
    assert {quotation.said.basis for quotation in best} == {DateBasis.IMPLIED}


@pytest.mark.parametrize(
    "record",
    [
        "Emails released on Tuesday show doubts about the mill. “It will never grind grain,” Ingrid Vale wrote.",
        "On Tuesday, prosecutors released text messages. “It will never grind grain,” Ingrid Vale wrote.",
        "In a recording leaked on Tuesday Ingrid Vale is heard laughing. “It will never grind grain,” Vale says on it.",
        "Police released body-camera footage on Tuesday. “It will never grind grain,” Ingrid Vale is heard saying.",
        "A letter that was sold at auction on Tuesday is angry. “It will never grind grain,” Ingrid Vale wrote.",
        "The mill shut on Tuesday. Emails released then show doubts. “It will never grind grain,” Ingrid Vale wrote.",
        "The trial went on on Tuesday. In a statement read to the jury Ingrid Vale said: “It will never grind grain.”",
        "A video released on Tuesday by the family shows the mill.\n\n“It will never grind grain,” Ingrid Vale says.",
        "A post from 2019 that resurfaced on Tuesday was old. “It will never grind grain,” Ingrid Vale wrote.",
        "A clerk read a letter from Ingrid Vale on Tuesday. “It will never grind grain,” Vale wrote.",
        "He played one of the recordings on Tuesday. “It will never grind grain,” Ingrid Vale is heard saying.",
        "In a statement to the board, which was tendered on Tuesday, Ingrid Vale said: “It will never grind grain.”",
        "A second tape followed on Tuesday. “It will never grind grain,” Ingrid Vale says on the tape.",
    ],
)
def test_the_day_on_which_a_record_came_out_is_not_that_of_its_words(nlp, record):
    (grain,) = extract(article(record), nlp)
    assert grain.said == NOT_TOLD


@pytest.mark.parametrize(
    "text",
    [
        "Ingrid Vale, who died on Tuesday, ran the mill. “It will never grind grain,” Vale said in her last interview.",
        "Ingrid Vale was jailed on Tuesday. “It will never grind grain,” she had told a friend.",
        "Ingrid Vale was jailed on Tuesday. In her first interview with police Vale said: “It will never grind grain.”",
        "The mill opened on Tuesday. A sign above the door promises: “It will never grind grain.”",
        "The mill opened on Tuesday. A notice taped to the door said: “It will never grind grain.”",
        "A study of mills came out on Tuesday. “It will never grind grain,” Ingrid Vale told the researchers.",
        "Ingrid Vale left. “It will never grind grain,” she said then, on a page that was taken down on Tuesday.",
    ],
)
def test_words_of_before_do_not_have_the_day_of_the_news(nlp, text):
    (grain,) = extract(article(text), nlp)
    assert grain.said == NOT_TOLD


@pytest.mark.parametrize(
    "text",
    [
        "Ingrid Vale, who took office on Tuesday, works late. “I will sleep in the mill,” Vale says over tea.",
        "Ingrid Vale will say on Tuesday: “I will sleep in the mill.” Her office sent out the text.",
        "The board of the mill resigned on Tuesday. “I will sleep in the mill,” Ingrid Vale says.",
        "This article was last updated on Tuesday at noon, and has been read by many of our readers since.\n\n"
        "“I will sleep in the mill,” Ingrid Vale said.",
        "UPDATE, 9:40 a.m. Tuesday: This report has been changed.\n\n“I will sleep in the mill,” Ingrid Vale said.",
        "The mill is open.\n\nIt is old.\n\nOn Tuesday Owen Tate had stood on the same spot, and left.\n\n"
        "“I will sleep in the mill,” Ingrid Vale said.",
    ],
)
def test_the_day_of_what_the_speaker_did_or_will_say_is_not_that_of_the_words(nlp, text):
    (sleep,) = extract(article(text), nlp)
    assert sleep.said.basis == DateBasis.IMPLIED


def test_what_was_said_before_a_death_keeps_a_day_of_its_own_sentence(nlp):
    text = "Ingrid Vale died on Tuesday. In a letter of 7 March 2029 Ingrid Vale wrote: “It will never grind grain.”"
    (grain,) = extract(article(text), nlp)
    assert grain.said.first == grain.said.last == date(2029, 3, 7)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("In a statement released on Tuesday, Ingrid Vale was brief. “It will grind no grain,” Vale said.", 11),
        ("Ingrid Vale wrote a letter to the board on Tuesday. “It will grind no grain,” Vale wrote.", 11),
        ("Emails leaked on Monday show doubts. “It will grind no grain,” Ingrid Vale said on Tuesday.", 11),
        ("Emails leaked on Monday show doubts. In one of Tuesday, Ingrid Vale wrote: “It will grind no grain.”", 11),
    ],
)
def test_words_that_are_new_or_have_a_day_of_their_own_keep_it(nlp, text, day):
    (grain,) = extract(article(text), nlp)
    assert grain.said.first == grain.said.last == date(2031, 3, day)


def test_words_that_are_recalled_have_only_a_day_of_their_own_sentence(nlp):
    text = (
        "The council met on Friday. Ingrid Vale once called the mill “a ruin and a disgrace to the town”.\n\n"
        "Ingrid Vale once called the weir “a ruin and a disgrace to the river” in May 2029.\n\n"
        "“It is the best mill of the valley,” Ingrid Vale said on Thursday."
    )
    ruin, weir, best = extract(article(text), nlp)
    assert ruin.said == NOT_TOLD
    assert (weir.said.first, weir.said.last) == (date(2029, 5, 1), date(2029, 5, 31))
    assert best.said.first == best.said.last == date(2031, 3, 13)


def test_without_a_day_of_publication_every_day_is_unknown(nlp):
    found = extract(article("“The mill will open in May,” Ingrid Vale said on Friday.", None), nlp)
    assert [quotation.said for quotation in found] == [UNKNOWN_DAY]


@pytest.mark.parametrize(
    "text",
    [
        "“On Friday we opened the mill,” Ingrid Vale said.",
        "“The mill will open on Friday,” Ingrid Vale said.",
    ],
)
def test_a_day_inside_quotation_marks_is_not_the_reporters(nlp, text):
    (quotation,) = extract(article(text), nlp)
    assert quotation.said_evidence is None and not quotation.said.is_stated()


@pytest.mark.parametrize(
    "dateline", ["ORM, March 12 — ", "ST. ORM, March 12 (Tarn News) — ", "TARN, Orl., March 12 -- "]
)
def test_the_day_of_a_dateline_is_that_of_the_report(nlp, dateline):
    text = f"{dateline}The mill of Ingrid Vale is for sale.\n\n“It will open in May,” Vale said."
    (quotation,) = extract(article(text), nlp)
    assert quotation.said_evidence is None


def test_the_hour_of_publication_does_not_move_the_day(nlp):
    late = datetime(2031, 3, 16, 23, 59)
    (quotation,) = extract(article("“The mill will open in May,” Ingrid Vale said on Sunday.", late), nlp)
    assert quotation.said.first == quotation.said.last == SUNDAY


@pytest.mark.parametrize(
    ("published", "zone", "day"),
    [
        (datetime(2031, 3, 17, 2, 30, tzinfo=UTC), "America/New_York", SUNDAY),
        (datetime(2031, 3, 15, 16, 0, tzinfo=UTC), "Asia/Tokyo", SUNDAY),
        (datetime(2031, 3, 16, 23, 30), "Asia/Tokyo", SUNDAY),  # an hour without a zone is the outlet's
        (SUNDAY, "Asia/Tokyo", SUNDAY),
        (datetime(2031, 3, 16, 12, 0, tzinfo=UTC), None, SUNDAY),
        (datetime(2031, 3, 16, 12, 0, tzinfo=UTC), "Nowhere/At_All", SUNDAY),
        (None, "Asia/Tokyo", None),
    ],
)
def test_the_day_of_publication_is_that_of_the_outlets_own_clock(published, zone, day):
    assert day_at_home(replace(article("", published), timezone=zone)) == day


def test_sunday_in_new_york_is_not_monday_in_greenwich(nlp):
    night = datetime(2031, 3, 17, 2, 30, tzinfo=UTC)
    there = replace(article("“The mill will open in May,” Ingrid Vale said today.", night), timezone="America/New_York")
    (quotation,) = extract(there, nlp)
    assert quotation.said.first == quotation.said.last == SUNDAY


@pytest.mark.parametrize(
    ("text", "occasion"),
    [
        ("“It will open,” Ingrid Vale said in an interview with Radio Tarn.", "an interview with Radio Tarn"),
        ("“It will open,” Ingrid Vale said in a statement.", "a statement"),
        ("“It will open,” Ingrid Vale said.", None),
        (
            "Ingrid Vale spoke at a rally in St. Orm on Friday.\n\n“It will open,” she said.",
            "a rally in St. Orm",
        ),
    ],
)
def test_the_occasion_is_kept_as_printed(nlp, text, occasion):
    (quotation,) = extract(article(text), nlp)
    assert quotation.occasion == occasion


PIECES = [
    "“We sold the boat,” Ingrid Vale said", "“We kept the oars.”", "she said", "on Friday", "in April", "yesterday",
    "next Monday", "on Feb. 29", "in 2029", "recently", "last winter", "On Dec. 31, 2031,", ".", "\n\n", ", ",
]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join),
    st.dates(date(1990, 1, 1), date(2040, 12, 31)),
)
def test_no_day_is_after_publication_and_no_first_day_after_the_last(nlp, text, published):
    for quotation in extract(article(text, published), nlp):
        said = quotation.said
        if said.basis is DateBasis.UNKNOWN:
            assert said == SaidOn(None, published, DateBasis.UNKNOWN)
        else:
            assert said.first <= said.last <= published + timedelta(days=1)
        assert (quotation.said_evidence is not None) == said.is_stated()


NO_DATE = DateFeatures._make([0.0] * len(DateFeatures._fields))
UNKNOWN = Answer(UNKNOWN_DAY, None, NO_ANSWER._replace(is_unknown=1.0))


def candidate_on(day: int, start: int, features: DateFeatures = NO_DATE) -> DateCandidate:
    said = date(2031, 3, day)
    return DateCandidate(SaidOn(said, said, DateBasis.STATED_NEARBY), Span(start, start + 6), features)


def test_shares_sum_to_one_in_the_order_given():
    found = shares([2.0, -1.0, 0.0])
    assert sum(found) == pytest.approx(1) and sorted(found) == [found[1], found[2], found[0]]


def test_shares_of_far_apart_log_odds_are_numbers():
    assert shares([2000.0, -2000.0]) == [1.0, 0.0]


def test_the_shortlist_has_the_likeliest_dates_once_and_the_answers_without_a_date():
    dates = [candidate_on(day, start) for day, start in ((10, 0), (11, 20), (12, 40), (13, 60), (11, 80))]
    kept = shortlist(Candidates(dates, [UNKNOWN]), [0.0, 2.0, 1.0, -5.0, 3.0])
    assert [answer.said.first and answer.said.first.day for answer in kept] == [11, 12, 10, None]
    assert kept[0].evidence == Span(80, 86)
    assert kept[0].features.belief == kept[-1].features.belief == pytest.approx(0.88, abs=0.01)
    assert kept[0].features.score == kept[-1].features.score == 3.0


def test_an_answer_without_a_date_knows_the_likeliest_date():
    dates = [candidate_on(11, 20, NO_DATE._replace(age=3.0, here=1.0)), candidate_on(12, 40, NO_DATE._replace(age=2.0))]
    unknown = shortlist(Candidates(dates, [UNKNOWN]), [2.0, 1.0])[-1].features
    assert (unknown.best_age, unknown.best_here, unknown.age, unknown.here) == (3.0, 1.0, 0.0, 0.0)


def test_without_a_date_the_shortlist_is_the_answers_without_one():
    (only,) = shortlist(Candidates([], [UNKNOWN]), [])
    assert only.said == UNKNOWN_DAY and only.features.score == NO_SCORE


# --- what is claimed -----------------------------------------------------------------------------------------

FRESH = Answer(SaidOn(date(2031, 3, 13), SUNDAY, DateBasis.IMPLIED), None, NO_ANSWER._replace(is_implied=1.0))


def dated(first: date, last: date, age: float) -> Answer:
    features = NO_ANSWER._replace(is_phrase=1.0, age=age, width=float((last - first).days))
    return Answer(SaidOn(first, last, DateBasis.STATED_NEARBY), Span(3, 9), features)


TUESDAY = dated(date(2031, 3, 11), date(2031, 3, 11), 5.0)
WEEK = dated(date(2031, 3, 3), date(2031, 3, 9), 7.0)
OLD_DAY = dated(date(2029, 1, 2), date(2029, 1, 2), 400.0)


@pytest.mark.parametrize(
    ("likeliest", "chances", "first", "last", "confidence"),
    [
        (TUESDAY, Chances(0.9, 0.5), date(2031, 3, 11), date(2031, 3, 11), 0.9),
        (WEEK, Chances(0.6, 0.5), date(2031, 3, 3), date(2031, 3, 9), 0.6),  # a week may be less sure than a day
        (TUESDAY, Chances(0.6, 0.8), date(2031, 3, 11), SUNDAY, 0.92),  # widened to fresh news and that day
        (TUESDAY, Chances(0.2, 0.8), date(2031, 3, 13), SUNDAY, 0.64),
        (OLD_DAY, Chances(0.6, 0.8), date(2031, 3, 13), SUNDAY, 0.32),
        (TUESDAY, Chances(0.6, 0.2), None, SUNDAY, None),  # nobody is quoted after publication
    ],
)
def test_a_day_is_claimed_where_it_is_sure_and_widened_below(likeliest, chances, first, last, confidence):
    claim = claim_day(WeighedAnswers([likeliest, FRESH, UNKNOWN], [1.0, 0.0, 0.0], None), chances, SUNDAY)
    assert (claim.said.first, claim.said.last, claim.confidence) == (first, last, confidence)


def test_recalled_words_are_never_fresh():
    claim = claim_day(WeighedAnswers([TUESDAY, UNKNOWN], [1.0, 0.0], None), Chances(0.6, 0.9), SUNDAY)
    assert claim.said == SaidOn(None, SUNDAY, DateBasis.UNKNOWN)


def test_the_phrases_of_one_date_share_what_the_reading_model_thinks():
    dates = [candidate_on(day, start) for day, start in ((11, 0), (12, 20), (11, 40))]
    answers = [Answer(dates[0].said, dates[0].evidence, NO_ANSWER), FRESH, UNKNOWN]
    read = np.log(np.array([0.2, 0.1, 0.3, 0.25, 0.15], dtype=np.float32))
    assert np.exp(read_answers(Candidates(dates, []), answers, read)) == pytest.approx([0.5, 0.25, 0.15])


# --- the grammar ---------------------------------------------------------------------------------------------


YEAR_2029, DECEMBER = ("2029-01-01", "2029-12-31"), ("2030-12-01", "2030-12-31")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("In 2029 Lars Holm told Fish Monthly that the firm was “one bad winter from the wall”.", YEAR_2029),
        ("“I shall never sell the pool,” Lena Fors said in December. On Tuesday she sold it.", DECEMBER),
        ("“Nobody ever asked us,” Fors said in the 2029 campaign. On Monday she was absent.", YEAR_2029),
        ("“We lost it,” Jim Lowe said on Friday, after the river broke on Tuesday.", ("2031-03-14", "2031-03-14")),
        ("It cracked on 24 February. Two days later, Fors told us: “I shall swim.”", ("2031-02-26", "2031-02-26")),
        ("“He is risen,” Bishop Lund told worshippers on New Year’s Day.", ("2031-01-01", "2031-01-01")),
        ("“The roof will be mended,” Fors said at the weekend.", ("2031-03-08", "2031-03-09")),
    ],
)
def test_the_date_at_the_reporting_verb_is_the_day(nlp, text, days):
    (quotation,) = extract(article(text), nlp)
    assert (str(quotation.said.first), str(quotation.said.last)) == days


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("“We have the money,” said Lena Fors, who will face the council on Monday.", "Monday"),
        ("“I am sorry to go,” said Paul Holm, the chairman, who will step down in September.", "September"),
        ("“We have the money,” said Lena Fors, who was sacked in January.", "January"),
        ("“We have the money,” said Lena Fors, whose house burned down on Tuesday.", "Tuesday"),
        ("“We have the money,” said Lena Fors, author of the 2029 report on the pool.", "2029"),
        ("Nora Friday, a nurse, saw the roof come down.\n\n“I thought that it was thunder,” Friday said.", "Friday"),
        ("Parliament is due to vote on Monday.\n\n“We have the money,” Lena Fors said.", "Monday"),
        ("A hearing is scheduled for Monday.\n\n“We have the money,” Lena Fors said.", "Monday"),
    ],
)
def test_the_date_of_something_else_is_not_the_day(nlp, text, phrase):
    (quotation,) = extract(article(text), nlp)
    assert quotation.said_evidence is None or phrase not in quotation.said_evidence.of(text)
