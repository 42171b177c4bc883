from datetime import date

import pytest

from quotetrack.core.editions import Edition, Relation, relate

FIRST = "The bridge was closed to all traffic on Friday night after engineers had found cracks in two of its pillars."
SAID = "“We will not wait for it to fall,” said Mayor Ada Quill, who had ordered the closure in the afternoon."
LAST = "The ferry will be free until the bridge opens again, and it will run through the night, the town said."
WHOLE = Edition("Bridge closes", f"{FIRST}\n\n{SAID}\n\n{LAST}", date(2031, 3, 4))
FERRY = (
    "Ferry crews walked off the landing at noon after managers published a new timetable without an evening boat.\n\n"
    "“Take away that boat and you take away every job on this island,” said Isolde Perrin, who speaks for the crews."
)
ROBOT = "This process is automatic and your browser will be sent on in a few seconds, so please wait while we check it."


@pytest.mark.parametrize(
    ("now", "relation"),
    [
        (Edition("Bridge closes", f"{FIRST} It is a hundred years old.\n\n{SAID}", date(2031, 3, 4)), Relation.EDITION),
        (Edition("Town loses its bridge", WHOLE.text, date(2031, 3, 5)), Relation.EDITION),
        (Edition("Bridge closes for a year", f"{LAST} It leaves at six.\n\n{SAID}", None), Relation.EDITION),
        (Edition("Bridge closes", FERRY, None), Relation.EDITION),  # rewritten under its title
        (Edition("Bridge closes", FIRST, date(2031, 3, 4)), Relation.STUB),
        (Edition("Bridge closes", f"{FIRST[:60]}", None), Relation.STUB),
        (Edition("Bridge closes", LAST, None), Relation.EDITION),  # an editor kept the end
        (Edition("Ferry crews walk off", FERRY, date(2031, 3, 4)), Relation.OTHER),
        (Edition("Ferry crews walk off", FERRY, None), Relation.OTHER),
        (Edition("Ferry crews walk off", LAST.replace("bridge", "pier")[20:], date(2031, 3, 4)), Relation.EDITION),
        (Edition("Checking your browser", ROBOT, None), Relation.NO_ARTICLE),
        (Edition(None, ROBOT, None), Relation.NO_ARTICLE),
    ],
)
def test_how_a_text_stands_to_the_one_before_it(now, relation):
    assert relate(WHOLE, now) == relation


def test_a_column_with_new_quotations_on_another_day_is_another_article():
    def column(words, day):
        return Edition(
            "Fish prices", f"{FIRST}\n\n“{words},” said Wenna Croft on the quay.\n\n{LAST}", date(2031, 3, day)
        )

    monday = column("Today the herring came early and the price fell", 3)
    assert relate(monday, column("Nobody in this port has seen fog like it", 4)) == Relation.OTHER
    assert relate(monday, column("Nobody in this port has seen fog like it", 3)) == Relation.EDITION  # an edit
    assert relate(monday, column("Today the herring came early and the price fell", 4)) == Relation.EDITION


def test_a_page_that_calls_itself_a_stub_may_show_most_of_the_text():
    most = f"{FIRST}\n\n{SAID}"
    assert relate(WHOLE, Edition("Bridge closes", most, None)) == Relation.EDITION
    assert relate(WHOLE, Edition("Bridge closes", most, None, is_marked_stub=True)) == Relation.STUB
