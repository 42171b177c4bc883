"""The days that a phrase of the reporter means, counted from the day of publication."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.extract.dating.expressions import find_dates

SUNDAY = date(2031, 3, 16)


@pytest.mark.parametrize(
    ("phrase", "published", "first", "last"),
    [
        ("on Friday", SUNDAY, date(2031, 3, 14), date(2031, 3, 14)),
        ("on Sunday", SUNDAY, SUNDAY, SUNDAY),
        ("last Sunday", SUNDAY, date(2031, 3, 9), date(2031, 3, 9)),
        ("last Monday", SUNDAY, date(2031, 3, 10), date(2031, 3, 10)),
        ("Monday night", SUNDAY, date(2031, 3, 10), date(2031, 3, 10)),
        ("on Monday", date(2031, 1, 2), date(2030, 12, 30), date(2030, 12, 30)),
        ("today", SUNDAY, SUNDAY, SUNDAY),
        ("this morning", SUNDAY, SUNDAY, SUNDAY),
        ("yesterday", SUNDAY, date(2031, 3, 15), date(2031, 3, 15)),
        ("yesterday", date(2032, 3, 1), date(2032, 2, 29), date(2032, 2, 29)),
        ("yesterday", date(2031, 1, 1), date(2030, 12, 31), date(2030, 12, 31)),
        ("last night", SUNDAY, date(2031, 3, 15), date(2031, 3, 15)),
        ("two days ago", SUNDAY, date(2031, 3, 14), date(2031, 3, 14)),
        ("on Nov 7", SUNDAY, date(2030, 11, 7), date(2030, 11, 7)),
        ("in a Friday interview", SUNDAY, date(2031, 3, 14), date(2031, 3, 14)),
        ("on the 3rd that", SUNDAY, date(2031, 3, 3), date(2031, 3, 3)),
        ("on the morning of the 31st, she", SUNDAY, date(2031, 1, 31), date(2031, 1, 31)),
        ("on Nov. 7", date(2031, 11, 23), date(2031, 11, 7), date(2031, 11, 7)),
        ("on Nov. 7", date(2031, 11, 7), date(2031, 11, 7), date(2031, 11, 7)),
        ("on November 7, 2029", SUNDAY, date(2029, 11, 7), date(2029, 11, 7)),
        ("on 7 November", SUNDAY, date(2030, 11, 7), date(2030, 11, 7)),
        ("on the 7th of November 2029", SUNDAY, date(2029, 11, 7), date(2029, 11, 7)),
        ("on Dec. 31", date(2031, 1, 1), date(2030, 12, 31), date(2030, 12, 31)),
        ("on February 29", SUNDAY, date(2028, 2, 29), date(2028, 2, 29)),
        ("on 2031-03-02", SUNDAY, date(2031, 3, 2), date(2031, 3, 2)),
        ("in April", SUNDAY, date(2030, 4, 1), date(2030, 4, 30)),
        ("in February", date(2032, 4, 1), date(2032, 2, 1), date(2032, 2, 29)),
        ("in March", SUNDAY, date(2031, 3, 1), SUNDAY),
        ("in May 2029", SUNDAY, date(2029, 5, 1), date(2029, 5, 31)),
        ("in 2029", SUNDAY, date(2029, 1, 1), date(2029, 12, 31)),
        ("last week", SUNDAY, date(2031, 3, 3), date(2031, 3, 9)),
        ("this week", SUNDAY, date(2031, 3, 10), SUNDAY),
        ("earlier this week", SUNDAY, date(2031, 3, 10), SUNDAY),
        ("last weekend", date(2031, 3, 18), date(2031, 3, 15), SUNDAY),
        ("last month", SUNDAY, date(2031, 2, 1), date(2031, 2, 28)),
        ("last month", date(2031, 1, 5), date(2030, 12, 1), date(2030, 12, 31)),
        ("earlier this month", SUNDAY, date(2031, 3, 1), SUNDAY),
        ("last year", SUNDAY, date(2030, 1, 1), date(2030, 12, 31)),
        ("earlier this year", SUNDAY, date(2031, 1, 1), SUNDAY),
        ("three months ago", date(2031, 2, 3), date(2030, 11, 1), date(2030, 11, 30)),
        ("two years ago", SUNDAY, date(2029, 1, 1), date(2029, 12, 31)),
        ("over the weekend", date(2031, 3, 18), date(2031, 3, 15), SUNDAY),
        ("at the weekend", date(2031, 3, 18), date(2031, 3, 15), SUNDAY),
        ("a decade ago", SUNDAY, date(2020, 1, 1), date(2022, 12, 31)),
        ("on Christmas Eve", SUNDAY, date(2030, 12, 24), date(2030, 12, 24)),
        ("on New Year’s Day", SUNDAY, date(2031, 1, 1), date(2031, 1, 1)),
        ("on New Year's Day 2029", SUNDAY, date(2029, 1, 1), date(2029, 1, 1)),
        ("on Good Friday", date(2031, 4, 14), date(2031, 4, 11), date(2031, 4, 11)),
        ("on Easter Monday", date(2031, 4, 14), date(2031, 4, 14), date(2031, 4, 14)),
        ("on Thanksgiving", date(2031, 12, 1), date(2031, 11, 27), date(2031, 11, 27)),
        ("on Labor Day", SUNDAY, date(2030, 9, 2), date(2030, 9, 2)),
        ("on Memorial Day", SUNDAY, date(2030, 5, 27), date(2030, 5, 27)),
        ("on Remembrance Sunday", SUNDAY, date(2030, 11, 10), date(2030, 11, 10)),
        ("in 1871", SUNDAY, date(1871, 1, 1), date(1871, 12, 31)),
        ("on 3 May 1871", SUNDAY, date(1871, 5, 3), date(1871, 5, 3)),
        ("this winter", SUNDAY, date(2030, 12, 1), date(2031, 2, 28)),
        ("this spring", SUNDAY, date(2031, 3, 1), SUNDAY),
        ("a week ago today", SUNDAY, date(2031, 3, 9), date(2031, 3, 9)),
        ("a fortnight ago tonight", SUNDAY, date(2031, 3, 2), date(2031, 3, 2)),
        ("three weeks ago yesterday", SUNDAY, date(2031, 2, 22), date(2031, 2, 22)),
        ("two days ago this morning", SUNDAY, date(2031, 3, 14), date(2031, 3, 14)),
        ("a month ago today", date(2031, 3, 31), date(2031, 2, 28), date(2031, 2, 28)),
        ("two years ago today", SUNDAY, date(2029, 3, 16), date(2029, 3, 16)),
        ("a decade ago today", SUNDAY, date(2021, 3, 16), date(2021, 3, 16)),
        ("a fortnight ago", SUNDAY, date(2031, 2, 27), date(2031, 3, 5)),
        ("last summer", SUNDAY, date(2030, 6, 1), date(2030, 8, 31)),
        ("last winter", date(2032, 5, 1), date(2031, 12, 1), date(2032, 2, 29)),
        ("last winter", date(2033, 2, 10), date(2031, 12, 1), date(2032, 2, 29)),
    ],
)
def test_a_phrase_means_these_days(phrase, published, first, last):
    text = f"The mayor spoke {phrase} in the square."
    (written,) = find_dates(text, published)
    assert (written.first, written.last) == (first, last)
    assert written.span.of(text) in phrase


@pytest.mark.parametrize(
    "text",
    [
        "The mill may open again.",
        "We march on the square.",
        "The fee is $2030.",
        "About 2030 people came.",
        "The plan runs until 2040.",
        "The fair is on April 2, 2031.",
        "The fair is on April 2.",
        "The vote of Sept. 9 comes too soon.",
        "The mill ground 1871 sacks.",
        "They met again the next day.",
        "The road has 30 February signs, and February 30 is no day.",
        "He sat down for a second.",
        "The vote is next Tuesday.",
        "They meet this coming Friday.",
        "He won most towns on Super Tuesday.",
        "She talks to The Sunday Quarter here.",
        "She told the Mail on Sunday that the pier was safe, and told Scotland on Sunday so too.",
        "He sang on Saturday Night Live and wrote for the Sunday Mirror.",
        "She is a member of the Monday Garden Club.",
        "She was a guest of the programme “This Week” twice, and of Harbour This Week once.",
    ],
)
def test_other_numbers_and_days_to_come_are_no_dates(text):
    assert find_dates(text, SUNDAY) == []


@pytest.mark.parametrize(
    ("text", "of_event"),
    [
        ("After Thursday's rally he went home.", True),
        ("He remembered the 2028 convention.", True),
        ("She was a 2028 council candidate.", True),
        ("On Thursday he went home.", False),
    ],
)
def test_a_date_of_an_event_is_marked(text, of_event):
    assert [written.of_event for written in find_dates(text, SUNDAY)] == [of_event]


@pytest.mark.parametrize(
    ("phrase", "manner"),
    [
        ("on Friday", "weekday"),
        ("today", "today"),
        ("last night", "yesterday"),
        ("two days ago", "ago"),
        ("last week", "relative"),
        ("last summer", "season"),
        ("on March 12", "day"),
        ("on 2031-03-02", "day"),
        ("in May 2029", "month"),
        ("in April", "month"),
        ("in 2029", "year"),
    ],
)
def test_a_date_has_the_manner_in_which_it_is_written(phrase, manner):
    assert [written.manner for written in find_dates(f"The mayor spoke {phrase} in the square.", SUNDAY)] == [manner]


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("the next day", date(2031, 3, 13)),
        ("the following morning", date(2031, 3, 13)),
        ("a day later", date(2031, 3, 13)),
        ("later that day", date(2031, 3, 12)),
        ("that night", date(2031, 3, 12)),
        ("the day before,", date(2031, 3, 11)),
        ("the previous evening", date(2031, 3, 11)),
        ("two days later", date(2031, 3, 14)),
        ("three days earlier", date(2031, 3, 9)),
    ],
)
def test_a_day_counted_from_another_is_found(phrase, day):
    _, counted = find_dates(f"The council met on March 12. It met {phrase} in the square.", SUNDAY)
    assert counted.first == counted.last == day


def test_a_day_is_not_counted_from_one_in_quoted_words():
    text = "The council met on March 12. “Bids open Friday.” A day earlier it met in the square."
    is_quoted = range(text.index("Bids"), text.index("Friday") + 6).__contains__
    assert [written.first for written in find_dates(text, SUNDAY)][-1] == date(2031, 3, 13)
    assert [written.first for written in find_dates(text, SUNDAY, is_quoted)][-1] == date(2031, 3, 11)


def test_that_night_is_of_the_date_before_it():
    text = "Vale was jailed on Monday. He was arrested last April, and had called a friend that night."
    *_, night = find_dates(text, SUNDAY)
    assert (night.first, night.last) == (date(2030, 4, 1), date(2030, 4, 30))


def test_that_night_is_the_night_of_no_year():
    text = "Ward had been drinking since 2029. He had told officers that night."
    assert [written.span.of(text) for written in find_dates(text, SUNDAY)] == ["2029"]


def test_a_week_later_is_not_counted_to_the_day():
    _, counted = find_dates("The council met on March 2. A week later it met again.", SUNDAY)
    assert (counted.first, counted.last) == (date(2031, 3, 6), date(2031, 3, 12))


def test_a_day_is_not_counted_from_one_far_away():
    text = f"The council met on March 12. {'The river rose. ' * 60}It met the next day."
    assert [written.span.of(text) for written in find_dates(text, SUNDAY)] == ["March 12"]


def test_dates_come_in_the_order_of_the_text():
    text = "On Friday she spoke of the flood of May 2029 and of what was said last week."
    assert [written.span.of(text) for written in find_dates(text, SUNDAY)] == ["Friday", "May 2029", "last week"]


WORDS = (
    "Monday last May 31 30 February 29 Dec. 7, 2031 in a "
    "two years days weeks months ago earlier summer this yesterday 99999999 the next day that night before,"
).split()


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_no_phrase_ends_before_it_begins_or_after_publication(text, published):
    for written in find_dates(text, published):
        assert written.first <= written.last <= published


@pytest.mark.parametrize(
    "text",
    [
        "an eagle on the 13th and a par",
        "on the 13th floor",
        "two days earlier",
        "one Friday",
        "a Friday, too",
        "a boss, Monday Okpako,",
    ],
)
def test_a_hole_a_floor_some_friday_and_days_before_nothing_are_no_dates(text):
    assert find_dates(f"She had {text}.", SUNDAY) == []
