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
        (Edition("Bridge closes", FERRY, date(2031, 3, 4)), Relation.EDITION),  # rewritten under its title
        (Edition("Bridge closes", FERRY, None), Relation.OTHER),  # or another one: nobody can tell
        (Edition("Bridge closes", FIRST, date(2031, 3, 4)), Relation.STUB),
        (Edition("Bridge closes", f"{FIRST[:60]}", None), Relation.STUB),
        (Edition("Bridge closes", LAST, None), Relation.EDITION),  # an editor kept the end
        (Edition("Ferry crews walk off", FERRY, date(2031, 3, 4)), Relation.OTHER),
        (Edition("Ferry crews walk off", FERRY, None), Relation.OTHER),
        (Edition("Ferry crews walk off", LAST.replace("bridge", "pier")[20:], date(2031, 3, 4)), Relation.OTHER),
        (Edition("Bridge closes", ROBOT, None), Relation.OTHER),
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


# Two texts at one address: the title, the text and the day of either.
MILL = (
    "Three people died when a fire swept through a mill in Dunmere on Monday, the fire service said.\n\n"
    "Crews from four towns fought the flames until dawn.\n\n"
    "“We heard the roof go and then nothing at all,” said Corin Tasker, who lives across the lane.\n\n"
    "The cause is not known. An inquiry will begin on Thursday."
)
PRICES = (
    "Wheat rose by {} crowns to {} in Dunmere on {}.\n\nBarley closed {} crowns {} after {} lots had changed hands.\n\n"
    "“{},” said Wenna Croft, who trades on the floor."
)
MARKETS = PRICES.format(3, 118, "Monday", 2, "higher", 410, "There was little to buy and nobody to sell it")
NEXT_MARKETS = PRICES.format(5, 123, "Tuesday", 1, "lower", 377, "The mills came back and took what they could get")
FORECAST = (
    "{} in the north with a high of {}.\n\n{} in the south with a high of {}.\n\nWinds from the {}, {} miles an hour."
)
SUNNY, RAINY = FORECAST.format("Sun", 21, "Haze", 24, "west", 9), FORECAST.format("Rain", 14, "Showers", 17, "east", 30)
VOTE = (
    "The council of {0} met on Monday to talk about the {1}, and more than forty residents came to the hall.\n\n"
    "“We have waited nine years for a decent {1} and we will not wait a tenth,” said {2}, a councillor in {0}.\n\n"
    "The vote was closer than expected."
)
FOOTER = "Sign the petition of this newspaper for safer lanes."


def numbered(number):
    return (
        f"Crews at shed {number} worked through the night while the rest of the town slept behind its shutters.\n\n"
        f"“Line {number} will carry {number + 7} crates before the frost,” said Hale Brannock, who runs the shed.\n\n"
        f"The work on line {number} is expected to last until the end of the month, the port office said."
    )


EDITS = [
    ("a number is corrected", ("Mill burns", MILL, 3), ("Mill burns", MILL.replace("Three", "Four"), 3)),
    (
        "the same, of an article without a day",
        ("Mill burns", MILL, None),
        ("Mill burns", MILL.replace("Three", "Four"), None),
    ),
    (
        "the toll rises in the title as well",
        ("Mill fire kills 3", MILL, 3),
        ("Mill fire kills 4", MILL.replace("Three", "Four"), 3),
    ),
    (
        "a correction is added",
        ("Mill burns", MILL, 3),
        ("Mill burns", f"{MILL}\n\nCorrection: the mill stands in Dunmere.", 3),
    ),
    ("a name is corrected", ("Mill burns", MILL, 3), ("Mill burns", MILL.replace("Corin Tasker", "Corin Tasket"), 4)),
    ("the end is cut", ("Mill burns", MILL, 3), ("Mill burns", MILL.rpartition("\n\n")[0], 3)),
    (
        "the quotation is cut, the day is new",
        ("Mill burns", MILL, 3),
        ("Mill burns", MILL.replace(MILL.split("\n\n")[2], ""), 4),
    ),
    ("it has another title", ("Mill burns", MILL, 3), ("Dunmere loses its mill", MILL, 3)),
    (
        "it has another title on another day",
        ("Mill burns", MILL, 3),
        ("A town without a mill", f"{FIRST}\n\n{MILL}", 5),
    ),
    ("more is told above it", ("Mill burns", MILL, 3), ("Five dead in mill fire", f"{FIRST} {LAST}\n\n{MILL}", 3)),
    (
        "a flash becomes an article",
        ("Mill burns", "A mill burns in Dunmere. More follows.", 3),
        ("Mill burns", MILL, 3),
    ),
    ("it is written anew on its day", ("Mill burns", MILL, 3), ("Mill burns", FERRY, 3)),
    (
        "half of it is written anew",
        ("Mill burns", MILL, None),
        ("Mill fire", "\n\n".join(MILL.split("\n\n")[:2]) + f"\n\n{FERRY}", None),
    ),
    ("paragraphs change places", ("Mill burns", MILL, 3), ("Mill burns", "\n\n".join(reversed(MILL.split("\n\n"))), 4)),
    ("an article without a title", (None, MILL, None), (None, MILL.replace("Three", "Four"), None)),
    (
        "every sentence but the quotation is touched",
        ("Mill burns", MILL, None),
        (
            "Mill fire",
            MILL.replace("Dunmere", "Old Dunmere")
            .replace("dawn", "six")
            .replace("said Corin", "told us Corin")
            .replace("not known", "unclear")
            .replace("Thursday", "Friday"),
            None,
        ),
    ),
    (
        "marks and dashes are set anew",
        ("Mill burns", MILL, 3),
        ("Mill burns", MILL.replace("“", '"').replace("”", '"'), 4),
    ),
]
OTHERS = [
    ("the markets of two days", ("Markets today", MARKETS, 3), ("Markets today", NEXT_MARKETS, 4)),
    (
        "the markets of two days that are not printed",
        ("Markets today", MARKETS, None),
        ("Markets today", NEXT_MARKETS, None),
    ),
    ("the day of one is not printed", ("Markets today", MARKETS, 3), ("Markets today", NEXT_MARKETS, None)),
    ("the weather of two days", ("Weather", SUNNY, 3), ("Weather", RAINY, 4)),
    ("the weather of two days that are not printed", ("Weather", SUNNY, None), ("Weather", RAINY, None)),
    ("the weather without a title", (None, SUNNY, None), (None, RAINY, None)),
    (
        "two councils in one form of words",
        ("Dunmere votes", VOTE.format("Dunmere", "library", "Hale Brannock"), 3),
        ("Penhallow votes", VOTE.format("Penhallow", "school kitchen", "Corin Tasker"), 3),
    ),
    (
        "two results in one form of words",
        ("Dunmere 3 Penhallow 1", "Dunmere beat Penhallow by three goals to one in the rain on Saturday.", 3),
        ("Dunmere 0 Wexcombe 2", "Dunmere lost to Wexcombe by two goals to none in the rain on Saturday.", 3),
    ),
    (
        "winning numbers",
        ("Lottery results", "The numbers drawn on Monday were 3, 9, 14, 22 and 31.", None),
        ("Lottery results", "The numbers drawn on Monday were 1, 8, 17, 25 and 40.", None),
    ),
    ("a column with other words under its title", ("From the harbour", FERRY, 3), ("From the harbour", MILL, 10)),
    ("the same, of days that are not printed", ("From the harbour", FERRY, None), ("From the harbour", MILL, None)),
    (
        "two stories over one footer",
        ("Ferry crews walk off", f"{FERRY}\n\n{FOOTER}", 3),
        ("Mill burns", f"{MILL}\n\n{FOOTER}", 3),
    ),
    (
        "two stories over one footer, without days",
        ("News", f"{FERRY}\n\n{FOOTER}", None),
        ("News", f"{MILL}\n\n{FOOTER}", None),
    ),
    (
        "a page with the news of another day",
        ("Latest", f"{MILL}\n\n{FERRY}", 3),
        ("Latest", f"{MARKETS}\n\n{FERRY.splitlines()[0]}", 5),
    ),
    ("numbered stories", ("Shed 101 works on", numbered(101), 3), ("Shed 102 works on", numbered(102), 3)),
    ("two short texts", ("Tides", "High water at six.", None), ("Tides", "High water at seven.", None)),
]


def edition(title, text, day):
    return Edition(title, text, date(2031, 3, day) if day else None)


@pytest.mark.parametrize(("one", "other"), [pytest.param(*pair, id=name) for name, *pair in EDITS])
def test_an_edit_leaves_an_article_the_same(one, other):
    assert relate(edition(*one), edition(*other)) == relate(edition(*other), edition(*one)) == Relation.EDITION


@pytest.mark.parametrize(("one", "other"), [pytest.param(*pair, id=name) for name, *pair in OTHERS])
def test_two_articles_at_one_address_stay_two(one, other):
    assert relate(edition(*one), edition(*other)) == relate(edition(*other), edition(*one)) == Relation.OTHER
