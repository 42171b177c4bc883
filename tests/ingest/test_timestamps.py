from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from quotetrack.ingest.timestamps import is_ambiguous, later_than, read_date_line, read_moment


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("2031-03-04", date(2031, 3, 4)),
        ("2031-03-04T20:13:00Z", datetime(2031, 3, 4, 20, 13, tzinfo=UTC)),
        ("2031-03-04 20:13:00-04:00", datetime(2031, 3, 4, 20, 13, tzinfo=timezone(timedelta(hours=-4)))),
        ("2031-03-04T20:13:00+0000", datetime(2031, 3, 4, 20, 13, tzinfo=UTC)),
        ("2031-03-04 20:13", datetime(2031, 3, 4, 20, 13)),
        ("Tue, 04 Mar 2031 20:13:00 GMT", datetime(2031, 3, 4, 20, 13, tzinfo=UTC)),
        ("March 4, 2031", date(2031, 3, 4)),
        ("4 March 2031, 8 pm", datetime(2031, 3, 4, 20, 0)),
        ("13/03/2031", date(2031, 3, 13)),
        ("07/11/2031", None),  # July in Boston, November in Leeds
        ("March 2031", None),  # a missing day is not filled in from the clock
        ("5", None),
        ("yesterday", None),
        ("2031-13-45", None),
        ("", None),
        ("5.3.2031", date(2031, 3, 5)),  # with dots the day comes first everywhere
        ("20310305", date(2031, 3, 5)),
        ("20310305142000", datetime(2031, 3, 5, 14, 20)),
        ("2031:03:05 14:20:00", datetime(2031, 3, 5, 14, 20)),
        ("Wed Mar 05 14:20:00 UTC 2031", datetime(2031, 3, 5, 14, 20, tzinfo=UTC)),
        ("2031-03-05T24:00:00Z", date(2031, 3, 5)),
        ("5th of March 2031", date(2031, 3, 5)),
        ("25-03-2031", date(2031, 3, 25)),
        ("05-03-2031", None),
        ("05/03/31", None),
        ("05.03.31", None),
        ("5/3/2031 14:20", None),
        ("Last updated on 05/03/2031", None),
        ("2031.03", None),  # a month's issue
        ("Vol. 12, 2031.03", None),
        ("2031/3", None),
        ("2031-W10", None),
        ("2031 14:20", None),
        ("14:20:00", None),
        ("11.20 Uhr", None),
        ("PT5M", None),
        ("1712011200", None),  # seconds since 1970
        ("1712011200000", None),
        ("1970-01-01T00:00:00Z", None),
        ("1969-12-31T19:00:00-05:00", None),
        ("0001-01-01T00:00:00", None),
        ("1900-01-01", None),
        ("2062-03-10", None),
    ],
)
def test_a_printed_date_is_read_without_filling_in(printed, moment):
    assert read_moment(printed) == moment


@pytest.mark.parametrize(
    ("printed", "day_first", "moment"),
    [
        ("05/03/2031", True, date(2031, 3, 5)),
        ("05/03/2031", False, date(2031, 5, 3)),
        ("05-03-31 14:20", True, datetime(2031, 3, 5, 14, 20)),
        ("5/3/31", False, date(2031, 5, 3)),
        ("25/03/2031", False, date(2031, 3, 25)),  # there is no 25th month
        ("5.3.2031", False, date(2031, 3, 5)),
    ],
)
def test_the_country_tells_which_number_is_the_day(printed, day_first, moment):
    assert read_moment(printed, day_first) == moment


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("05/03/2031", True), ("05-03-31", True), ("05/05/2031", False), ("25/03/2031", False), ("2031.03", False)],
)
def test_a_date_that_may_be_two_days_is_recognized(printed, expected):
    assert is_ambiguous(printed) is expected


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("March 4, 2031 8:13 PM", datetime(2031, 3, 4, 20, 13)),
        ("Published: Tue, 4 Mar 2031 at 10:05 GMT", datetime(2031, 3, 4, 10, 5, tzinfo=UTC)),
        ("Updated Mar. 4, 2031 3.15pm", datetime(2031, 3, 4, 15, 15)),
        ("17:41, March 4, 2031", datetime(2031, 3, 4, 17, 41)),
        ("2 min read | 4th March 2031", date(2031, 3, 4)),
        ("The bridge closed on March 4, 2031 for repairs", None),
        ("March", None),
    ],
)
def test_a_line_with_a_date_and_labels_only_is_a_date(line, moment):
    assert read_date_line(line) == moment


NOON = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)
IN_BOSTON = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("published", "modified", "changed"),
    [
        (NOON, NOON + timedelta(hours=1), True),
        (NOON, datetime(2031, 3, 4, 6, 30, tzinfo=IN_BOSTON), False),  # 11:30 in UTC
        (NOON, NOON, False),
        (NOON, date(2031, 3, 4), False),  # on the same day: nothing tells whether it was later
        (NOON, datetime(2031, 3, 4, 23, 0), False),  # no zone
        (date(2031, 3, 4), NOON + timedelta(days=1), True),
        (date(2031, 3, 4), date(2031, 3, 3), False),
        (None, NOON, True),
        (NOON, None, False),
    ],
)
def test_a_page_was_modified_only_after_it_was_published(published, modified, changed):
    assert later_than(published, modified) == (modified if changed else None)
